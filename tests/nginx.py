"""A real nginx with one of the project's configurations, made to fit this machine."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.server import free_port

_SECONDS = 20.0


@contextlib.contextmanager
def nginx(configuration: str, folder: Path, changes: Mapping[str, str]) -> Iterator[str]:
    """Address of an nginx that runs for the length of the ``with`` block.

    Parameters
    ----------
    configuration : text with ``listen 8080`` and ``/tmp/nginx``, which become a free port and
        ``folder``.
    folder : for its files; what else it includes is looked for here.
    changes : what stands in the text, and what has to stand there on this machine.

    Raises RuntimeError with nginx's words where it does not listen in time.
    """
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "nginx is not installed: tests/install.sh tests"
    port = free_port()
    local = {"listen 8080": f"listen 127.0.0.1:{port}", "/tmp/nginx": f"{folder}/nginx"}
    for old, new in {**changes, **local}.items():
        assert old in configuration, old
        configuration = configuration.replace(old, new)
    place = folder / "nginx.conf"
    place.write_text(configuration)
    command = [program, "-e", "stderr", "-c", str(place), "-p", str(folder)]
    subprocess.run([*command, "-t", "-q"], check=True)
    log = folder / "nginx.log"
    with log.open("ab") as output:
        process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=output)
    try:
        _wait_until_up(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nginx does not listen:\n{log.read_text()}")
