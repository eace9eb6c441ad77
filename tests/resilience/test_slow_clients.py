"""Clients that take their time, or leave: none of them keeps the bundle from the others."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from functions._runtime.connections import MOST_WAITING
from tests.server import Server, running

RECEIVE_S = 2.0
HEAD = b"POST /api/plots/millikan HTTP/1.1\r\nHost: lab\r\n"
BODY = HEAD + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
UNFINISHED = {
    "nothing": b"",
    "half a head": HEAD,
    "half a body": BODY + b'{"ni": [2, 2',
    "a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    with running(folder, RECEIVE_SECONDS=str(RECEIVE_S), WORKERS="1") as started:
        yield started


Connect = Callable[[], socket.socket]


def connected(server: Server) -> socket.socket:
    address = urlsplit(server.base)
    return socket.create_connection((address.hostname or "", address.port or 0), 5)


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Opens connections to the server, and closes them in the end."""
    opened: list[socket.socket] = []

    def connect() -> socket.socket:
        opened.append(connected(server))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end has gone; what it said before is read on the way."""
    connection.settimeout(0)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def wait_until_closed(connections: list[socket.socket], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not all(is_closed(one) for one in connections):
        assert time.monotonic() < deadline, "a connection is open still"
        time.sleep(0.05)


def ping(server: Server) -> float:
    """Seconds to an answer over a new connection."""
    began = time.monotonic()
    assert httpx.get(f"{server.base}/api/ping", timeout=5, trust_env=False).status_code == 200
    return time.monotonic() - began


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED.keys())
def test_a_request_that_never_ends_is_given_up(connect: Connect, sent: bytes) -> None:
    connection = connect()
    connection.sendall(sent)
    wait_until_closed([connection], RECEIVE_S + 5)


def test_a_byte_now_and_then_does_not_put_it_off(connect: Connect) -> None:
    connection, began = connect(), time.monotonic()
    connection.sendall(BODY)
    with contextlib.suppress(OSError):
        while time.monotonic() - began < RECEIVE_S + 8 and not is_closed(connection):
            connection.settimeout(5)
            connection.sendall(b"1")
            time.sleep(0.1)
    assert time.monotonic() - began < RECEIVE_S + 5


def test_a_second_request_on_a_connection_has_its_own_time(connect: Connect) -> None:
    whole = b"GET /api/ping HTTP/1.1\r\nHost: lab\r\n\r\n"
    connection = connect()
    for _ in range(5):
        time.sleep(RECEIVE_S / 3)
        connection.settimeout(5)
        connection.sendall(whole)
        got = b""
        while b"pong" not in got:
            got += connection.recv(65536) or pytest.fail("closed too early")
    connection.sendall(whole[:-4])
    wait_until_closed([connection], RECEIVE_S + 5)


def test_a_thousand_slow_clients_shut_nobody_out(server: Server, connect: Connect) -> None:
    """As many as one process may hold by default, half of them in their heads."""
    lines = len(server.log.read_text().splitlines())
    crowd = []
    for number in range(2 * MOST_WAITING):
        connection = connect()
        connection.sendall(HEAD if number % 2 else BODY)
        crowd.append(connection)
        if number == MOST_WAITING:
            time.sleep(1.1)
    waits = sorted(ping(server) for _ in range(20))
    print(f"ping beside {len(crowd)} slow clients: {waits[-1] * 1000:.0f} ms at most")
    assert sum(not is_closed(one) for one in crowd) <= MOST_WAITING
    wait_until_closed(crowd, RECEIVE_S + 10)
    more = server.log.read_text().splitlines()[lines:]
    assert len(more) <= len(crowd) + len(waits)
    assert "Traceback" not in "".join(more)
    assert "ERROR" not in "".join(more)


def test_a_burst_of_connections_that_mean_it_is_served_whole(
    server: Server, connect: Connect
) -> None:
    """All open before the first asks, as many as would be too many slow ones."""
    crowd = [connect() for _ in range(MOST_WAITING + 200)]
    for connection in crowd:
        connection.sendall(b"GET /api/ping HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
    for connection in crowd:
        got = b""
        connection.settimeout(10)
        while part := connection.recv(4096):
            got += part
        assert got.startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves_is_one_quiet_line(tmp_path: Path) -> None:
    with running(tmp_path, FUNCTIONS="ping,me,wechat_auth") as started:
        with connected(started) as connection:
            connection.sendall(BODY.replace(b"plots/millikan", b"auth/wechat"))
            time.sleep(0.2)
        deadline = time.monotonic() + 5
        while '"status":499' not in started.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        logged = started.log.read_text()
    assert '"status":499' in logged
    assert "Traceback" not in logged
    assert '"level":"ERROR"' not in logged


def test_an_answer_that_nobody_reads_is_given_up(server: Server, connect: Connect) -> None:
    """As many answers as fill the system's buffers and the server's own."""
    asked = 40
    request = b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: lab\r\n\r\n"
    size = len(httpx.get(f"{server.base}/docs/swagger-ui-bundle.js", trust_env=False).content)
    connection = connect()
    connection.sendall(request * asked)
    time.sleep(RECEIVE_S + 1.5)
    connection.settimeout(5)
    got = 0
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(1 << 20):
            got += len(part)
    assert 0 < got < asked * size


def test_a_slow_reader_gets_all_of_it(connect: Connect) -> None:
    """Who reads on may take longer than the patience with one who does not."""
    connection = connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    asked = b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
    connection.sendall(asked)
    connection.settimeout(5)
    got, began = b"", time.monotonic()
    while part := connection.recv(65536):
        got += part
        time.sleep(0.2)
    assert time.monotonic() - began > RECEIVE_S
    head, _, body = got.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
