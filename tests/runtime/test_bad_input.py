"""Nonsense of every kind to a really running bundle: the right 4xx, in Chinese, nothing stored."""

import json
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import Server, running

ROUTE = "/api/plots/millikan"
CHINESE = re.compile("[\u4e00-\u9fff]")
GOOD = {"ni": [2, 2, 5, 6], "qi": [3.214, 3.191, 8.167, 9.302]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("bad") / "data", WORKERS="1") as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        client.post(ROUTE, json=GOOD).raise_for_status()
        yield client


def rows(server: Server) -> int:
    """Runs stored so far."""
    with sqlite3.connect(server.log.parent / "lab.sqlite") as database:
        (count,) = database.execute("SELECT COUNT(*) FROM runs").fetchone()
        return int(count)


def resident_kb(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1])


def raw(text: str) -> bytes:
    return text.encode()


BODIES: list[tuple[bytes, str]] = [
    (b"", "请求体为空"),
    (b"   ", "请求体为空"),
    (b"{", "JSON"),
    (b"nonsense", "JSON"),
    (b"[]", "对象"),
    (b"null", "对象"),
    (b'"text"', "对象"),
    (b"{}", "油滴电荷 q"),
    (b'{"ni": [1, 2], "qi": [1.6, \xff]}', "UTF-8"),
    (b'{"ni": [1, 2], "qi": [1.6, 3.2], "note": "\xff"}', "UTF-8"),
    (b'{"ni": [1, 2], "qi": [1.6, 3.2], "\xff": 1}', "UTF-8"),
    (b'{"ni": [1, 2], "qi": [1.6, 3.2], "note": "\xed\xa0\x80"}', "UTF-8"),
    (raw('{"ni": [1, 2], "qi": ["1.6", 3.2]}'), "第 1 个油滴电荷 q：应为数字，收到的是文本"),
    (raw('{"ni": [1, 2], "qi": [true, 3.2]}'), "第 1 个油滴电荷 q：应为数字"),
    (raw('{"ni": [1, 2], "qi": [1.6, null]}'), "第 2 个油滴电荷 q：空着"),
    (raw('{"ni": [1, 2], "qi": [NaN, 3.2]}'), "JSON"),
    (raw('{"ni": [1, 2], "qi": [Infinity, 3.2]}'), "JSON"),
    (raw('{"ni": [1, 2], "qi": [1e400, 3.2]}'), "第 1 个油滴电荷 q：数字超出范围"),
    (raw('{"ni": [1, 2], "qi": [1e308, 3.2]}'), "第 1 个油滴电荷 q：应不大于"),
    (raw('{"ni": [1, 2], "qi": [-1e6, 3.2]}'), "第 1 个油滴电荷 q：应不小于"),
    (raw('{"ni": [1, 2], "qi": []}'), "油滴电荷 q：不能为空"),
    (raw('{"ni": [1, 2, 3], "qi": [1.6, 3.2]}'), "3"),
    (raw('{"ni": [1], "qi": [1.6]}'), "至少需要 2"),
    (raw('{"ni": [1, -1e5], "qi": [1.6, 3.2]}'), "第 2 个电荷数 n：应不小于"),
    (raw('{"ni": {"a": 1}, "qi": [1.6, 3.2]}'), "电荷数 n：应为数组"),
    (raw('{"qi": [1.6, 3.2]}'), "缺少电荷数 n"),
    (raw('{"ni": [1, 2], "qi": [1.6, 3.2], "voltages": [200, 200]}'), "二者取一"),
    (raw('{"ni": [1, 2], "qi": [1.6, 3.2], "instrument": {"qx": 0.1}}'), "没有名为 qx 的量"),
    (raw('{"ni": [1, 2], "qi": [1.6, 3.2], "instrument": {"qi": -1}}'), "仪器误差限：应大于 0"),
    (
        raw('{"ni": [1, 2], "qi": [1.6, 3.2], "return_data_uri": "yes"}'),
        "在回答中直接附上图片：应为 true 或 false",
    ),
    (raw('{"ni": ' + "[" * 5000 + "]" * 5000 + ', "qi": [1.6]}'), ""),
    (raw('{"a": ' + "[" * 100000 + "]" * 100000 + "}"), "嵌套过深"),
    (
        json.dumps({"ni": [1] * 100_000, "qi": [1.6] * 100_000}).encode(),
        "太长，最多 5000 项",
    ),
]


@pytest.mark.parametrize("way", ["", "/start", "/check"])
@pytest.mark.parametrize(("body", "said"), BODIES, ids=lambda v: repr(v)[:40])
def test_a_bad_body_is_refused_and_not_stored(
    server: Server, client: httpx.Client, way: str, body: bytes, said: str
) -> None:
    before = rows(server)
    answer = client.post(ROUTE + way, content=body)
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert CHINESE.search(detail)
    assert len(detail) < 120
    assert said in detail
    assert rows(server) == before


def test_a_body_over_the_limit_is_413_without_being_kept(
    server: Server, client: httpx.Client
) -> None:
    before = resident_kb(server)
    for _ in range(5):
        try:
            answer = client.post(ROUTE, content=b"[" + b"1," * 10_000_000 + b"1]")
        except httpx.TransportError:  # closed while we were still sending
            continue
        assert answer.status_code == 413
        assert CHINESE.search(answer.json()["detail"])
    assert resident_kb(server) < before + 20_000


def test_a_chunked_body_over_the_limit_is_413(client: httpx.Client) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b"1" * 65536

    answer = client.post(ROUTE, content=parts())
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api/plots/nothing", 404),
        ("POST", "/api/plots/%00/start", 404),
        ("GET", "/api/plots/status/%00", 404),
        ("GET", "/api/plots/status/' OR 1=1 --", 404),
        ("GET", "/api/plots/status/%ff%fe", 404),
        ("GET", "/api/plots/status/" + "9" * 3000, 404),
        ("GET", "/api/runs/..%2f..%2flab.sqlite", 404),
        ("GET", "/api/runs/%F0%9F%92%A3", 404),
        ("GET", ROUTE, 405),
        ("DELETE", "/api/ping", 405),
        ("PATCH", ROUTE, 405),
        ("GET", "/static/plots/../lab.sqlite", 404),
        ("GET", "/static/plots/1/millikan/..%2f..%2f..%2flab.sqlite", 404),
        ("GET", "/static/plots/1/../../lab.sqlite", 404),
        ("GET", "/static/plots/%2e%2e/lab.sqlite/x.png", 404),
        ("GET", "/static/plots/1/millikan/%00.png", 404),
        ("GET", "/static/lab.sqlite", 404),
        ("GET", "/static/plots/1/millikan/" + "a" * 400 + ".png", 404),
        ("GET", "/static/plots/99999999999999999999999/millikan/a-b.png", 404),
        ("GET", "/docs/../config.py", 404),
        ("GET", "/docs/%2e%2e%2fconfig.py", 404),
        ("GET", "/api/runs?limit=0", 400),
        ("GET", "/api/runs?limit=abc", 400),
        ("GET", "/api/runs?before=nonsense", 400),
        ("GET", "/api/runs?experiment=" + "x" * 100, 400),
    ],
)
def test_a_wrong_address_or_method_is_refused(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status, answer.text
    assert CHINESE.search(answer.json()["detail"])


@pytest.mark.parametrize(
    "line",
    [
        b"GET /api/plots/status/\xff\xfe HTTP/1.1",
        b"GET /%zz HTTP/1.1",
        b"GET //etc/passwd HTTP/1.1",
        b"BREW /api/ping HTTP/1.1",
    ],
)
def test_a_raw_request_line_gets_a_4xx(server: Server, line: bytes) -> None:
    host, port = server.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = connection.recv(200)
    assert re.match(rb"HTTP/1\.1 4\d\d ", answer), answer


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer a.b.c", "x" * 5000])
def test_a_bad_token_is_401(server: Server, header: str) -> None:
    answer = httpx.post(
        server.base + ROUTE, json=GOOD, headers={"Authorization": header}, trust_env=False
    )
    assert answer.status_code == 401
    assert CHINESE.search(answer.json()["detail"])


def test_ping_is_as_fast_after_all_of_this(client: httpx.Client) -> None:
    took = []
    for _ in range(50):
        began = time.perf_counter()
        assert client.get("/api/ping").json() == {"message": "pong"}
        took.append(time.perf_counter() - began)
    print(f"ping after the bad input: median {sorted(took)[25] * 1000:.1f} ms")
