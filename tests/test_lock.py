"""What is installed is what was tested: every package pinned, with the hashes of its files."""

import importlib.metadata
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import audit, base_image

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
SOME_DIGEST = "sha256:" + "5e" * 32


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package, of the entries for this version of Python."""
    found: dict[str, tuple[str, int]] = {}
    for entry in re.split(r"\n(?=[^\s#])", (ROOT / name).read_text()):
        if entry.startswith("#"):
            continue
        wanted = Requirement(entry.partition(" \\\n")[0])
        hashes = entry.count("--hash=sha256:")
        assert hashes, entry
        if wanted.marker is None or wanted.marker.evaluate():
            (pin,) = wanted.specifier
            assert pin.operator == "=="
            found[canonicalize_name(wanted.name)] = pin.version, hashes
    return found


def asked(name: str) -> dict[str, str]:
    """Version by package in a file that a person edits."""
    text = (ROOT / name).read_text()
    pairs = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)$", text, re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pairs}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes(name: str) -> None:
    packages = locked(name)
    assert len(packages) > 20
    assert min(hashes for _, hashes in packages.values()) > 0


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_that_of_what_is_asked_for(name: str) -> None:
    """Else ``make lock`` was forgotten."""
    wanted = asked("requirements.txt")
    if name == "requirements-dev.lock":
        wanted |= asked("requirements-dev.txt")
    packages = locked(name)
    assert {package: packages.get(package, ("", 0))[0] for package in wanted} == wanted


def test_the_tests_run_on_the_packages_of_the_lock() -> None:
    packages = locked("requirements-dev.lock")
    assert packages.items() >= locked("requirements.lock").items()
    here: dict[str, str] = {
        canonicalize_name(one.name): one.version for one in importlib.metadata.distributions()
    }
    differing = {
        package: (version, here[package])
        for package, (version, _) in packages.items()
        if package in here and here[package] != version
    }
    assert differing == {}
    assert set(here) - set(packages) <= {"pip", "setuptools"}


def test_no_address_of_a_mirror_is_in_a_lock() -> None:
    for name in LOCKS:
        assert "://" not in (ROOT / name).read_text()
        assert "--index" not in (ROOT / name).read_text()


class _Registry(BaseHTTPRequestHandler):
    """The two answers that the specification gives to an anonymous pull."""

    def do_GET(self) -> None:
        self._answer(200, {}, b'{"token": "t"}')

    def do_HEAD(self) -> None:
        known = self.path == "/v2/library/python/manifests/3.12-slim-bookworm"
        allowed = self.headers["Authorization"] == "Bearer t"
        listed = "manifest.list" in self.headers["Accept"]
        found = {"Docker-Content-Digest": SOME_DIGEST} if known and allowed and listed else {}
        self._answer(200 if found else 404, found, b"")

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def registry() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_digest_of_the_base_image_is_asked_for_and_written(registry: str) -> None:
    found = base_image.digest("python", "3.12-slim-bookworm", registry, registry)
    assert found == SOME_DIGEST
    text = (ROOT / "Dockerfile").read_text()
    once = base_image.pinned(text, found)
    assert f"ARG BASE_IMAGE=python:3.12-slim-bookworm@{SOME_DIGEST}\n" in once
    assert base_image.pinned(once, "sha256:" + "0" * 64).count("@sha256:") == 1
    with pytest.raises(ValueError, match="404"):
        base_image.digest("python", "none", registry, registry)


def test_the_audit_says_what_it_found_and_when_it_could_not_look() -> None:
    safe = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
    unknown = {"name": "c", "skip_reason": "not found"}
    assert audit.verdict({"dependencies": [safe]}) == (0, ["1 packages checked"])
    status, lines = audit.verdict({"dependencies": [safe, bad, unknown]})
    assert (status, lines[0]) == (1, "b 2: PYSEC-1 (fixed in 3)")
    assert lines[1] == "2 packages checked, 1 not in the database"
    status, (line,) = audit.verdict({"dependencies": [unknown]})
    assert status == 1
    assert "cannot be reached" in line
