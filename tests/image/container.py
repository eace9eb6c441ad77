"""The container's command run in the built root: own mounts and process numbers, the image's user.

It sees what a container engine would show it: its root, /proc, /dev, and a data folder that is the
image's own or a volume.  Its root may be read-only.
"""

import contextlib
import itertools
import json
import os
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from tests.image.build import WORK, ImageError

DATA = "/app/data"
PATIENCE_S = 30.0


class Volume(Enum):
    """What is mounted on the data folder."""

    NONE = ""
    OWN = "mode=0755,uid={user},gid={user}"
    OF_ROOT = "mode=0755,uid=0,gid=0"


class Container:
    """The image's configuration and root, in which commands can be run.

    Parameters
    ----------
    root : where the image's root is mounted.
    config : the ``config`` part of the OCI image configuration.
    """

    def __init__(self, root: Path, config: Mapping[str, Any]) -> None:
        self._starts = itertools.count(1)
        self.root = root
        self.user = str(config["User"])
        self.command: list[str] = config["Cmd"]
        self.folder: str = config["WorkingDir"]
        self.environment = dict(pair.split("=", 1) for pair in config["Env"])

    def start(
        self,
        command: list[str],
        *,
        volume: Volume = Volume.NONE,
        read_only: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> "Running":
        """Start a command as the image's user."""
        environment = [f"{k}={v}" for k, v in (self.environment | dict(variables or {})).items()]
        inner = ["chroot", f"--userspec={self.user}:{self.user}", "--groups=", str(self.root)]
        inner += ["env", "-i", "-C", self.folder, *environment, *command]
        script = "\n".join([*self._mounts(volume, read_only), "exec " + shlex.join(inner)])
        log = WORK / f"container-{next(self._starts)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return Running(process, log)

    def output(self, *command: str) -> str:
        """What a command prints. Raises ImageError if it fails."""
        running = self.start(list(command))
        if running.process.wait(PATIENCE_S):
            raise ImageError(f"{shlex.join(command)}:\n{running.log.read_text()}")
        return running.log.read_text()

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Size and time of change of everything outside the data folder."""
        found = {}
        for folder, names, files in os.walk(self.root):
            at = "/" + str(Path(folder).relative_to(self.root)).removeprefix(".")
            names[:] = [name for name in names if f"{at}/{name}".replace("//", "/") != DATA]
            for name in [*names, *files]:
                status = (Path(folder) / name).lstat()
                found[f"{at}/{name}"] = (status.st_size, status.st_mtime_ns)
        return found

    def _mounts(self, volume: Volume, read_only: bool) -> Iterator[str]:
        root = shlex.quote(str(self.root))
        yield "mount --make-rprivate /"
        yield f"mount --bind {root} {root}"
        if read_only:
            yield f"mount -o remount,bind,ro {root}"
        yield f"mount -t proc proc {root}/proc"
        yield f"mount --rbind /dev {root}/dev"
        if volume is not Volume.NONE:
            options = volume.value.format(user=self.user)
            yield f"mount -t tmpfs -o {options} tmpfs {root}{DATA}"


class Running:
    """A command that was started in the container."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log
        self.since = time.monotonic()

    def first_process(self) -> int:
        """Number, seen from outside, of the container's first process."""
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return int(children[0])

    def memory_mb(self) -> float:
        """Resident memory of the serving process."""
        status = Path(f"/proc/{self.first_process()}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def stop(self) -> tuple[int, float]:
        """Send SIGTERM to the first process; exit status and the seconds until it ended."""
        begun = time.monotonic()
        os.kill(self.first_process(), signal.SIGTERM)
        return self.process.wait(PATIENCE_S), time.monotonic() - begun

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Client:
    """Requests to the server of a running container."""

    def __init__(self, running: Running, port: int) -> None:
        self.running = running
        self.base = f"http://127.0.0.1:{port}"
        self.token = ""

    def wait(self, path: str) -> float:
        """Seconds from the start of the process until ``GET path`` answers 200."""
        while self.running.process.poll() is None:
            with contextlib.suppress(OSError):
                self.get(path)
                return time.monotonic() - self.running.since
            if time.monotonic() - self.running.since > PATIENCE_S:
                break
            time.sleep(0.005)
        raise ImageError(f"GET {path} is not answered:\n{self.running.log.read_text()}")

    def get(self, path: str) -> bytes:
        """The body of a 200. Raises OSError (URLError, HTTPError) for anything else."""
        return self._send(urllib.request.Request(self.base + path))

    def post(self, path: str, body: object) -> Any:
        """The decoded body of a 200."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode()
        return json.loads(self._send(urllib.request.Request(self.base + path, data, headers)))

    def _send(self, request: urllib.request.Request) -> bytes:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            body: bytes = answer.read()
        return body
