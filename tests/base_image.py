"""Part of ``make lock``: write the digest of the base image into the Dockerfile.

Asks the registry as Docker does (OCI Distribution Specification 1.1, "Pulling manifests"; the
token of an anonymous pull from Docker Hub's own service).
"""

import re
import sys
from pathlib import Path
from typing import Any

import urllib3

ROOT = Path(__file__).resolve().parents[1]
REGISTRY, AUTH = "https://registry-1.docker.io", "https://auth.docker.io"
_DEFAULT = re.compile(
    r"^ARG BASE_IMAGE=(?P<name>[a-z]+):(?P<tag>[\w.-]+)(?:@sha256:[0-9a-f]{64})?$", re.M
)
_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


def digest(name: str, tag: str, registry: str = REGISTRY, auth: str = AUTH) -> str:
    """``sha256:…`` of the index of ``library/{name}:{tag}``, which covers all architectures.

    Raises urllib3's HTTPError, and ValueError where the answer holds none.
    """
    http = urllib3.PoolManager(timeout=10.0, retries=False)
    scope = {"service": "registry.docker.io", "scope": f"repository:library/{name}:pull"}
    given: Any = http.request("GET", f"{auth}/token", fields=scope).json()
    answer = http.request(
        "HEAD",
        f"{registry}/v2/library/{name}/manifests/{tag}",
        headers={"Authorization": f"Bearer {given['token']}", "Accept": ", ".join(_KINDS)},
    )
    found = answer.headers.get("Docker-Content-Digest", "")
    if answer.status != 200 or not re.fullmatch(r"sha256:[0-9a-f]{64}", found):
        raise ValueError(f"HTTP {answer.status} without a digest")
    return found


def pinned(dockerfile: str, found: str) -> str:
    """The Dockerfile with this digest in its default base image."""
    text, count = _DEFAULT.subn(rf"ARG BASE_IMAGE=\g<name>:\g<tag>@{found}", dockerfile)
    assert count == 1, "no default base image"
    return text


def main() -> int:
    """Pin the digest, or say that the registry cannot be reached and leave the file as it is."""
    path = ROOT / "Dockerfile"
    text = path.read_text()
    default = _DEFAULT.search(text)
    assert default, "no default base image"
    try:
        found = digest(default["name"], default["tag"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError) as reason:
        print(
            f"the registry cannot be asked ({type(reason).__name__}): the base image stays as it is"
        )
        return 0
    path.write_text(pinned(text, found))
    print(f"{default['name']}:{default['tag']}@{found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
