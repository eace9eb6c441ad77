"""Build the image, run its container, and check what a deployment relies on.

Exit status 0 when all is well, 1 when a check fails, 77 when this machine cannot do it, said in one
line.  ``--possible`` only asks that.
"""

import base64
import contextlib
import io
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from tests.image import build
from tests.image.build import REPOSITORY, WORK, ImageError
from tests.image.container import Client, Container, Volume
from tests.server import free_port

IMPOSSIBLE = 77
CHINESE = "密立根油滴电荷不确定度"


def main() -> int:
    """Run all checks; the exit status."""
    if reason := _obstacle():
        print(f"image-test: 此机器上不能进行：{reason}")
        return IMPOSSIBLE
    if "--possible" in sys.argv:
        return 0
    WORK.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(24)
    try:
        begun = time.monotonic()
        build.make_base()
        _say("stand-in base made or found", f"{time.monotonic() - begun:.0f} s")
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            build.copy_context(Path(folder))
            _plant(Path(folder), mark)
            build.build_image(Path(folder))
        _say("image built from the Dockerfile", f"{time.monotonic() - begun:.0f} s")
        _check_layers(mark)
        _check_container()
    except ImageError as failure:
        print(f"image-test: FAILED: {failure}", file=sys.stderr)
        return 1
    print("image-test: all checks passed")
    return 0


def _obstacle() -> str:
    """Why the test cannot be done on this machine, or nothing."""
    missing = [tool for tool in ("buildah", "mmdebstrap", "unshare") if not shutil.which(tool)]
    if missing:
        return f"缺少 {'、'.join(missing)}（apt-get install buildah mmdebstrap）"
    if os.geteuid() != 0:
        return "需要 root（buildah 的 chroot 隔离与只读挂载）"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode:
        return "不允许建立命名空间（unshare）"
    return ""


def _say(check: str, figure: str = "") -> None:
    print(f"  ok  {check}" + (f": {figure}" if figure else ""), flush=True)


def _require(condition: bool, complaint: str) -> None:
    if not condition:
        raise ImageError(complaint)


def _mock(port: int) -> dict[str, str]:
    """Variables of a container without secrets, on a port of its own."""
    return {"WECHAT_MOCK": "1", "HOST": "127.0.0.1", "PORT": str(port)}


def _plant(context: Path, mark: str) -> None:
    """Put into the build context what must not reach the image."""
    for name in (
        ".env", ".env.production", "functions/.env", "storage/.env.local", "data/lab.sqlite",
        "data/jwt_secret", "data/plots/1/millikan/a.png", ".git/config", "tests/planted.py",
    ):  # fmt: skip
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(f"JWT_SECRET={mark}\n")


def _check_layers(mark: str) -> None:
    """No secret, no data but samples, no test in what the Dockerfile adds; print the size."""
    layers = build.own_layers()
    unpacked = 0
    for layer in layers:
        for name, content in layer.files():
            unpacked += len(content)
            _require(mark.encode() not in content, f"a secret is in the image: /{name}")
            inside = name.removeprefix("srv/lab/")
            alien = inside.startswith((".git", ".env", "tests/", "build/", "docs/"))
            alien = alien and inside != "docs/client.js"  # served to developers
            data = inside.startswith("data/") and not inside.startswith("data/samples/")
            _require(not alien and not data, f"this does not belong into the image: /{name}")
            _require(not name.startswith("app/data/"), f"the data folder is not empty: /{name}")
    described = json.dumps(build.image_config())
    _require(mark not in described, "a secret is in the image's configuration")
    for variable in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        _require(variable not in described, f"{variable} is in the image's history")
    _say("no secret, no data but samples, no test in the layers")
    packed = sum(layer.size for layer in layers)
    _say("size without its base", f"{packed / 1e6:.0f} MB to send, {unpacked / 1e6:.0f} MB on disk")


def _check_container() -> None:
    config: Any = build.image_config()["config"]
    container, root = build.mount_image()
    try:
        image = Container(root, config)
        _check_user(image)
        _check_bytecode(image)
        _check_as_it_is(image)
        _check_read_only(image)
        _check_volume_of_root(image)
    finally:
        build.buildah("rm", container)


def _check_user(image: Container) -> None:
    _require(image.user.isdigit() and image.user != "0", f"the image's user is {image.user!r}")
    shown = image.output("id", "-u").strip()
    _require(shown == image.user, f"the command runs as {shown}")
    writable = image.output(
        "sh",
        "-c",
        "find / -xdev -type d -writable ! -path '/proc*' ! -path '/dev*' 2>/dev/null; true",
    ).split()
    expected = {"/app/data", "/tmp", "/var/tmp", "/run/lock", "/opt/matplotlib"}
    _require(set(writable) <= expected, f"the user may write to {sorted(set(writable) - expected)}")
    _say("not root, and owns nothing but the data folder", f"uid {shown}")


def _check_bytecode(image: Container) -> None:
    """Every module of ours and of the packages has its bytecode."""
    places = [
        image.root / "srv/lab",
        *image.root.glob("opt/lab/lib/python3*/site-packages/starlette"),
    ]
    sources = [path for place in places for path in place.rglob("*.py")]
    bare = [s for s in sources if not list((s.parent / "__pycache__").glob(f"{s.stem}.*.pyc"))]
    _require(len(sources) > 20 and not bare, f"without bytecode: {bare[:3]}")
    _say("bytecode is baked in", f"{len(sources)} modules looked at")


def _check_as_it_is(image: Container) -> None:
    """The image's own data folder, a writable root: nothing else is written to."""
    before = image.snapshot()
    port = free_port()
    with image.start(image.command, variables=_mock(port)) as running:
        client = Client(running, port)
        _say("start to first GET /api/ping", f"{client.wait('/api/ping') * 1000:.0f} ms")
        _require(bool(client.get("/")), "GET / has no body")
        _say("GET / answers 200 without a token")
        _check_figure(image, client)
        _say("memory of the serving process", f"{running.memory_mb():.0f} MB")
        _check_stop(client)
    after = image.snapshot()
    changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    _require(not changed, f"written outside the data folder: {changed[:5]}")
    _say("nothing was written outside the data folder")


def _check_read_only(image: Container) -> None:
    port = free_port()
    started = image.start(image.command, volume=Volume.OWN, read_only=True, variables=_mock(port))
    with started as running:
        client = Client(running, port)
        client.wait("/api/ping")
        _check_figure(image, client)
        _check_stop(client)
    _say("a read-only root with a fresh volume works, samples included")


def _check_volume_of_root(image: Container) -> None:
    """A volume that may not be written: the server does not start, and names the folder."""
    production = {"JWT_SECRET": secrets.token_urlsafe(48), "PORT": str(free_port())}
    for variables in (_mock(free_port()), production):
        started = image.start(image.command, volume=Volume.OF_ROOT, variables=variables)
        with started as running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(10)
            status, said = running.process.poll(), running.log.read_text().strip()
        _require(status is not None, f"an unwritable data folder is not noticed:\n{said}")
        _require(status != 0 and "DATA_DIR" in said, f"status {status}, says {said[-500:]!r}")
        _require("Traceback" not in said, f"a traceback instead of a sentence:\n{said}")
    _say("a volume that may not be written stops the start", said.splitlines()[-1])


def _check_figure(image: Container, client: Client) -> None:
    """The Millikan sample over HTTP is, pixel by pixel, what this checkout draws."""
    begun = time.monotonic()
    client.token = client.post("/api/auth/wechat", {"code": "image-test"})["token"]
    sample = json.loads((REPOSITORY / "data/samples/millikan.json").read_bytes())
    answer = client.post("/api/plots/millikan", {**sample, "return_data_uri": True})
    took = time.monotonic() - begun
    sent = [_picture(base64.b64decode(uri.partition(",")[2])) for uri in answer["images_data"]]
    stored = [_picture(client.get(url)) for url in answer["images"]]
    drawn = _drawn_here()
    _require(len(sent) == len(drawn) == len(stored) > 0, "the number of figures differs")
    for one, two, three in zip(sent, drawn, stored, strict=True):
        _require(one.size == two.size, f"sizes differ: {one.size}, {two.size}")
        _require(ImageChops.difference(one, two).getbbox() is None, "the figure differs")
        _require(ImageChops.difference(one, three).getbbox() is None, "the stored figure differs")
        colours = one.getcolors(1 << 24) or []
        _require(len(colours) > 8, "the figure is empty")
    _say("login and the Millikan figure, drawn as in this checkout", f"{took:.2f} s")
    code = (
        "from functions._lab.drafting.fonts import glyph\n"
        f"print([c for c in {CHINESE!r} if glyph(c).face is None])"
    )
    lacking = image.output("python", "-c", code).strip().splitlines()[-1]
    _require(lacking == "[]", f"no glyph for {lacking}")
    _say("Chinese glyphs are in the image")


def _drawn_here() -> list[Image.Image]:
    """The figures of the Millikan sample as the script of this checkout writes them."""
    with tempfile.TemporaryDirectory() as folder:
        script = [sys.executable, "-m", "functions", "millikan", "data/samples/millikan.json"]
        written = build.run([*script, "--out", folder])
        names = re.findall(rf"^{re.escape(folder)}/.*\.png$", written, re.MULTILINE)
        return [_picture(Path(name).read_bytes()) for name in names]


def _picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def _check_stop(client: Client) -> None:
    """SIGTERM ends the server soon, with a good status, leaving no process behind."""
    status, seconds = client.running.stop()
    said = client.running.log.read_text()
    _require(status == 0, f"SIGTERM ended with status {status}:\n{said[-2000:]}")
    _require("Traceback" not in said and '"ERROR"' not in said, f"errors were logged:\n{said}")
    with contextlib.suppress(OSError):
        client.get("/")
        raise ImageError("the port still answers after SIGTERM")
    _say("SIGTERM ends it with status 0", f"{seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
