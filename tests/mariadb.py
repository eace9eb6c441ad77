"""A real MariaDB (or MySQL) for the tests: own folder, own port, gone at the end.

Needs the server's programs only: Debian's ``mariadb-server`` or ``mysql-server``.  Works as root
and as an ordinary user.  The settings trade safety for speed; the data live as long as the tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import pymysql  # type: ignore[import-untyped]

USER = "lab"
PASSWORD = "p@ss:/w%rd #?实验"
"""Holds every sign that must be percent-encoded in a URL, and two that are not ASCII."""

_START_S = 40.0
_STOP_S = 30.0
_PLACES = "/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/mysql/bin:/opt/homebrew/bin"
_QUICK = (
    "--skip-name-resolve",
    "--skip-log-bin",
    "--skip-external-locking",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=16M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--max-connections=200",
    "--character-set-server=utf8mb4",
)


class MariadbMissing(Exception):
    """No server program is installed; says what to install."""


def _program(*names: str) -> str | None:
    path = os.environ.get("PATH", os.defpath) + os.pathsep + _PLACES
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


class Mariadb:
    """One server; a context manager that starts it and takes everything away at the end.

    Attributes
    ----------
    folder : data directory, socket and log.
    port : on 127.0.0.1; the same over :meth:`stop` and :meth:`start`.
    """

    def __init__(self) -> None:
        server = _program("mariadbd", "mysqld")
        if server is None:
            raise MariadbMissing(
                "these tests need a MariaDB server: apt-get install mariadb-server"
            )
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="lab-db-", dir="/tmp"))
        self.port = _free_port()

    def __enter__(self) -> "Mariadb":
        try:
            self._install()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.remove()

    def _install(self) -> None:
        data = self.folder / "data"
        installer = _program("mariadb-install-db", "mysql_install_db")
        if installer:
            command = [installer, "--no-defaults", f"--datadir={data}", "--skip-test-db"]
            command += ["--auth-root-authentication-method=normal", *_as_root()]
        else:
            command = [self._server, "--no-defaults", "--initialize-insecure"]
            command += [f"--datadir={data}", *_as_root()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stdout[-800:]}{done.stderr[-800:]}")
        secret = PASSWORD.replace("\\", "\\\\").replace("'", "''")
        (self.folder / "users.sql").write_text(
            f"CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{secret}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n",
            encoding="utf-8",
        )

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *options: str) -> None:
        """Start and wait until a login succeeds; ``options`` go to the server."""
        if self.is_running():
            return
        command = [self._server, "--no-defaults", f"--datadir={self.folder / 'data'}"]
        command += [f"--socket={self.folder / 's.sock'}", f"--pid-file={self.folder / 'pid'}"]
        command += ["--bind-address=127.0.0.1", f"--port={self.port}", *_QUICK, *_as_root()]
        command += [f"--init-file={self.folder / 'users.sql'}", *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.execute("SELECT 1")
            except pymysql.err.OperationalError as exception:
                if not self.is_running() or time.monotonic() > deadline:
                    tail = (self.folder / "log").read_text(errors="replace")[-1500:]
                    raise RuntimeError(f"MariaDB did not start: {tail}") from exception
                time.sleep(0.05)
            else:
                return

    def stop(self, *, hard: bool = False) -> None:
        """Stop the server; ``hard`` as by a power cut of the process."""
        if self._process is None:
            return
        if self.is_running():
            self._process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.stop(hard=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str, *, user: str = USER, password: str = PASSWORD) -> str:
        """Give ``MYSQL_URL`` of a database on this server, whether it exists or not."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"mysql+pymysql://{login}@127.0.0.1:{self.port}/{name}?charset=utf8mb4"

    def execute(self, *statements: str, name: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements as the administrator; give the rows of the last."""
        connection = pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD.encode(),
            database=name,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=5,
        )
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall())
        finally:
            connection.close()


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
