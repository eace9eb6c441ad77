"""Building the image with buildah over a locally made base."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WORK = REPOSITORY / "build" / "image"
BASE = "localhost/lab-stand-in"
IMAGE = "localhost/lab-image-test"
CERTIFICATES = Path("/etc/ssl/certs")
# Debian's Python plays the official image: `python` by that name, and pip free to install.
STAND_IN_PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
STAND_IN_HOOK = (
    'rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED && ln -s python3 "$1"/usr/bin/python'
)


class ImageError(Exception):
    """The image could not be built, or is not what it should be."""


@dataclass(frozen=True)
class Layer:
    """One layer: its compressed size in bytes and the names of its files."""

    path: Path
    size: int

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every regular file of the layer with its content."""
        with tarfile.open(self.path) as archive:
            for member in archive:
                if member.isfile() and (content := archive.extractfile(member)) is not None:
                    yield member.name, content.read()


def run(command: Sequence[str | Path], *, quiet: bool = True) -> str:
    """Standard output of a command. Raises ImageError with the end of its output if it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if quiet else subprocess.PIPE,
        text=True,
        env={**os.environ, "BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"},
        stdin=subprocess.DEVNULL,
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode:
        tail = (done.stdout + (done.stderr or "")).splitlines()[-25:]
        raise ImageError("\n".join([f"{command[0]} {command[1]} failed:", *tail]))
    return done.stdout


def buildah(*arguments: str | Path) -> str:
    """Standard output of buildah, with its storage under build/."""
    storage: list[str | Path] = [
        "--root",
        WORK / "storage",
        "--runroot",
        WORK / "run",
        "--storage-driver",
        "vfs",
    ]
    return run(["buildah", *storage, *arguments], quiet=False)


def make_base() -> None:
    """Import the stand-in base image, made of this machine's Debian release, unless it is there."""
    if _has(BASE):
        return
    archive = WORK / "base.tar"
    release = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    suite = release["VERSION_CODENAME"] if release["ID"] == "debian" else "bookworm"
    sources = _apt_sources() if release["ID"] == "debian" else []
    options = ["--variant=minbase", f"--include={STAND_IN_PACKAGES}"]
    run(["mmdebstrap", *options, f"--customize-hook={STAND_IN_HOOK}", suite, archive, *sources])
    container = buildah("from", "scratch").strip()
    buildah("add", container, archive, "/")
    buildah("commit", "--rm", container, BASE)
    archive.unlink()


def build_image(context: Path) -> None:
    """Build the Dockerfile of the given context with this machine's pip configuration.

    The configuration is mounted, not copied, so no address or password of it gets into a layer.
    """
    buildah("rm", "--all")
    if _has(IMAGE):
        buildah("rmi", "--force", IMAGE)
    volumes = [f"{CERTIFICATES}:{CERTIFICATES}:ro"] if CERTIFICATES.is_dir() else []
    volumes += _pip_volumes()
    mounts = [word for volume in volumes for word in ("-v", volume)]
    buildah(
        "bud",
        "--network",
        "host",
        "--build-arg",
        f"BASE_IMAGE={BASE}",
        *mounts,
        "-t",
        IMAGE,
        context,
    )


def copy_context(target: Path) -> None:
    """Copy what git knows or would take of this work tree, as a clone would have it."""
    listed = run(
        ["git", "-C", REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    )
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)


def image_config() -> dict[str, object]:
    """The image's configuration: user, command, environment, port, history."""
    inspected = json.loads(buildah("inspect", "--type", "image", IMAGE))
    config: dict[str, object] = inspected["OCIv1"]
    return config


def own_layers() -> list[Layer]:
    """The layers that the Dockerfile adds to its base."""
    exported = WORK / "layers"
    shutil.rmtree(exported, ignore_errors=True)
    buildah("push", IMAGE, f"dir:{exported}")
    base = WORK / "base-layers"
    if not base.exists():
        buildah("push", BASE, f"dir:{base}")
    inherited = len(_manifest(base))
    return [
        Layer(exported / entry["digest"].removeprefix("sha256:"), int(entry["size"]))
        for entry in _manifest(exported)[inherited:]
    ]


def mount_image() -> tuple[str, Path]:
    """A container of the image and where its root is mounted."""
    container = buildah("from", IMAGE).strip()
    return container, Path(buildah("mount", container).strip())


def _has(image: str) -> bool:
    return f"{image}:" in buildah("images", "--format", "{{.Name}}:")


def _manifest(folder: Path) -> list[dict[str, str]]:
    layers: list[dict[str, str]] = json.loads((folder / "manifest.json").read_text())["layers"]
    return layers


def _apt_sources() -> list[str]:
    """This machine's own sources, so that a mirror set up here is used."""
    parts = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("debian.sources")]
    return [str(part) for part in parts if part.is_file() and part.read_text().strip()]


def _pip_volumes() -> list[str]:
    """Mounts that give the build this machine's pip configuration and the folders it names."""
    listed = run([sys.executable, "-m", "pip", "config", "list"])
    settings: dict[str, str] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        option = key.rpartition(".")[2]
        if option in ("index-url", "extra-index-url", "find-links", "trusted-host", "cert"):
            settings[option] = value.strip("'\"").replace("\\n", " ")
    if not settings:
        return []
    copied = WORK / "pip.conf"
    lines = [f"{option} = {value}" for option, value in settings.items()]
    copied.write_text("\n".join(["[global]", *lines, ""]))
    words = " ".join(settings.values()).replace("file://", "").split()
    folders = {str(_root_of(Path(word))) for word in words if word.startswith("/")}
    return [f"{copied}:/etc/pip.conf:ro", *(f"{f}:{f}:ro" for f in sorted(folders) if f)]


def _root_of(path: Path) -> str:
    """The folder to mount so that a local index's links to its neighbours resolve."""
    if path.is_relative_to(CERTIFICATES) or not path.is_dir():
        return ""
    return str(path.parent if path.name == "simple" else path)
