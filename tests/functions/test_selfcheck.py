"""The self-check: all right against a really started server, and it notices each thing broken."""

import base64
import json
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from functions._runtime.selfcheck import CHECKS, Given, Outcome, Site, callers, doors, experiments
from functions._runtime.selfcheck.site import CheckFailed
from functions.selfcheck import run
from tests.server import ROOT, Server, free_port, running

STRANGER = "https://lab.example.com"
PUBLIC = "http://203.0.113.7:1"
"""TEST-NET-3 of RFC 5737; see ``public``."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A bundle with simulated login, whose self-checking user is an admin."""
    folder = tmp_path_factory.mktemp("selfcheck")
    with running(folder, ADMIN_OPENIDS="mock_selfcheck_made_up", CORS_ORIGINS=STRANGER) as started:
        yield started


def lines_of(output: str) -> dict[str, tuple[str, str]]:
    """Outcome and words by title."""
    found = re.findall(r"^\[(..)\] (\S+?)　* (.*)$", output, re.MULTILINE)
    return {title: (outcome, words) for outcome, title, words in found}


def test_a_good_server_passes_from_the_command_line(server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "functions", "selfcheck", server.base, "--origin", STRANGER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    lines = lines_of(done.stdout)
    assert list(lines) == [title for title, _ in CHECKS]
    assert lines["微信登录"][0] == "注意"
    assert lines["数据库"] == ("通过", lines["数据库"][1])
    assert lines["数据库"][1].startswith("sqlite")
    assert lines["大小限制"] == ("通过", "2 MB 的请求体被拒绝（413）")
    skipped = {title for title, (outcome, _) in lines.items() if outcome == "跳过"}
    assert skipped <= {"伪造身份", "中文字体"}
    assert "0 项失败" in done.stdout.splitlines()[-1]


def test_nothing_is_left_behind(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([server.base]) == 0
    assert lines_of(capsys.readouterr().out)["清理"][0] == "通过"
    with server.client("selfcheck_made_up") as client:
        assert client.get("/api/runs").json()["items"] == []


def test_a_wrong_token_and_a_wrong_origin_fail(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [f"{server.base}/", "--token", "x.y.z", "--origin", "https://other.example.com/"]
    assert run(given) == 1
    lines = lines_of(capsys.readouterr().out)
    assert lines["身份"][0] == "失败"
    assert lines["跨域"] == ("失败", "不允许 https://other.example.com，请把它加入 CORS_ORIGINS")
    assert lines["存活"][0] == "通过"


def test_a_code_logs_in(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([server.base, "--code", "somebody"]) == 0
    lines = lines_of(capsys.readouterr().out)
    assert "normal" in lines["身份"][1]
    assert lines["数据库"][0] == "跳过"


def test_forged_headers_are_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables = {"FUNCTIONS": "ping,me,wechat_auth", "WECHAT_APPID": "wx1"}
    with running(tmp_path, WECHAT_TRUST_HEADERS="1", **variables) as trusting:
        assert run([trusting.base, "--appid", "wx2"]) == 0
        assert lines_of(capsys.readouterr().out)["伪造身份"][0] == "通过"
        assert run([trusting.base, "--appid", "wx1"]) == 1
        outcome, words = lines_of(capsys.readouterr().out)["伪造身份"]
    assert outcome == "失败"
    assert "WECHAT_TRUST_HEADERS" in words


def test_real_login_without_a_code_is_no_failure_but_a_missing_variable_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = {"WECHAT_MOCK": "0", "JWT_SECRET": "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"}
    with running(tmp_path, FUNCTIONS="ping,me,wechat_auth", **real) as unfinished:
        assert run([unfinished.base]) == 1
    outcome, words = lines_of(capsys.readouterr().out)["微信登录"]
    assert outcome == "失败"
    assert "WECHAT_APPID、WECHAT_APP_SECRET" in words


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([f"http://127.0.0.1:{free_port()}"]) == 1
    assert lines_of(capsys.readouterr().out) == {
        "存活": ("失败", "连接不上，请检查地址与端口，以及服务是否已启动")
    }


def test_https_where_there_is_http(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([server.base.replace("http:", "https:")]) == 1
    assert "HTTPS" in lines_of(capsys.readouterr().out)["存活"][1]


@pytest.mark.parametrize("address", ["example.com", "ftp://example.com", "https://a/b", ""])
def test_an_address_that_is_none(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run([address])
    assert left.value.code == 2
    assert "网址" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("base", "local"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.5:8000", True),
        ("http://10.0.0.7", True),
        ("https://lab.example.com", False),
        ("https://localhost.example.com", False),
        ("http://8.8.8.8", False),
    ],
)
def test_which_addresses_are_local(base: str, local: bool) -> None:
    assert Site(base).is_local is local


# What follows needs servers that are broken in one way each.

Answer = Callable[[str, str, dict[str, Any]], tuple[int, dict[str, str], bytes]]


class Stub:
    """A server that answers as one function says: (method, path, JSON) to status, headers, body."""

    def __init__(self, answer: Answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def respond(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size)
                given = json.loads(body) if body.strip() else {}
                given["_headers"] = {k.lower(): v for k, v in self.headers.items()}
                status, headers, content = answer(self.command, self.path, given)
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = do_OPTIONS = respond

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


Play = Callable[..., Site]


@pytest.fixture
def play() -> Iterator[Play]:
    """A Site in front of a stub that answers as the given function says."""
    opened: list[tuple[Stub, Site]] = []

    def start(answer: Answer, token: str = "t") -> Site:
        stub = Stub(answer)
        opened.append((stub, Site(stub.base, token)))
        return opened[-1][1]

    yield start
    for stub, site in opened:
        site.close()
        stub.close()


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stub's address counts as one of the internet."""
    monkeypatch.setattr(Site, "is_local", property(lambda self: False))


def answering(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """The same JSON whatever is asked."""
    return lambda method, path, given: (status, headers or {}, json.dumps(content).encode())


def words_of(check: Callable[[Site, Given], Any], site: Site, **given: str) -> str:
    with pytest.raises(CheckFailed) as failed:
        check(site, Given(**given))
    return failed.value.words


def test_mock_in_production_fails_with_a_warning(play: Play, public: None) -> None:
    site = play(answering({"token": "m", "user": {"openid": "mock_selfcheck_made_up"}}), token="")
    words = words_of(callers.wechat_login, site)
    assert "警告" in words
    assert "WECHAT_MOCK=0" in words
    assert site.token == "m"  # the other checks go on with it


def test_a_refused_made_up_code_shows_that_wechat_is_asked(play: Play, public: None) -> None:
    site = play(answering({"detail": "x"}, 401), token="")
    assert callers.wechat_login(site, Given())[0] is Outcome.PASSED
    assert callers.login(site, Given())[0] is Outcome.SKIPPED


@pytest.mark.parametrize("status", [500, 502, 503, 404])
def test_wechat_trouble_is_told_with_its_detail(play: Play, status: int) -> None:
    words = words_of(callers.wechat_login, play(answering({"detail": "原因"}, status), token=""))
    assert words.endswith(f"得到 HTTP {status}：原因")


def test_a_server_that_lets_everybody_in(play: Play) -> None:
    site = play(answering({"user_id": 1, "role": "admin", "openid": "x"}))
    assert "401" in words_of(callers.login, site)


def test_another_service_at_the_address(play: Play) -> None:
    assert "别的服务" in words_of(doors.alive, play(answering({"hello": 1})))
    html: Answer = lambda method, path, given: (200, {}, b"<html>")  # noqa: E731
    assert "不是 JSON" in words_of(doors.alive, play(html))


@pytest.mark.parametrize("offset", [-3600, -90, 90, 3600])
def test_a_wrong_clock(play: Play, offset: float) -> None:
    def answer(method: str, path: str, given: object) -> tuple[int, dict[str, str], bytes]:
        import time

        return 200, {"Date": formatdate(time.time() + offset, usegmt=True)}, b"{}"

    words = words_of(doors.clock, play(answer))
    seconds = int(re.findall(r"\d+", words)[0])
    assert abs(seconds - abs(offset)) <= 2


def test_plain_http_outside_is_noted(play: Play, public: None) -> None:
    assert doors.transport(play(answering({})), Given())[0] is Outcome.NOTED


def test_any_origin_is_noted(play: Play) -> None:
    site = play(answering({}, headers={"Access-Control-Allow-Origin": "*"}))
    outcome, words = doors.cross_origin(site, Given())
    assert outcome is Outcome.NOTED
    assert "任何网址" in words


def test_a_limit_that_does_not_hold_is_noted(play: Play) -> None:
    lax: Answer = lambda method, path, given: (400 if method == "POST" else 200, {}, b"{}")  # noqa: E731
    assert doors.limits(play(lax), Given())[0] is Outcome.NOTED


def picture(width: int = 1800, ink: bytes = b"") -> str:
    """The beginning of a PNG, as a data URI."""
    head = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", width, 900)
    return "data:image/png;base64," + base64.b64encode(head + ink).decode()


def laboratory(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Answer:
    """An experiment that answers rightly, but for ``change(answer, request)``."""

    def answer(method: str, path: str, given: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/static"):
            return 200, {}, base64.b64decode(picture().split(",")[1])
        top = sum(n * q for n, q in zip(given["ni"], given["qi"], strict=True))
        charge = top / sum(n * n for n in given["ni"]) * 1e-19
        body: dict[str, Any] = {
            "run_id": "r1",
            "results": [{"value": 0.0}, {"value": charge}],
            "images": ["/static/plots/1/millikan/r1-q-n.png"],
            "images_data": [picture()],
        }
        change(body, given)
        return 200, {}, json.dumps(body).encode()

    return answer


def test_a_right_experiment(play: Play) -> None:
    site = play(laboratory(lambda body, given: None))
    outcome, words = experiments.experiment(site, Given())
    assert outcome is Outcome.PASSED
    assert "1800×900" in words
    assert site.runs == ["r1"]


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("results", [{"value": 1.602176634e-19}], "没有 e"),
        ("images_data", ["/static/x.png"], "data URI"),
        ("images_data", ["data:image/png;base64,AAAA"], "不是 PNG"),
        ("images_data", [picture(400)], "400 像素"),
        ("images_data", [picture(ink=b"other")], "不同"),
        ("images_data", [picture(ink=b"x" * 800_000)], "1000 KB"),
    ],
)
def test_a_wrong_experiment(play: Play, part: str, value: object, words: str) -> None:
    site = play(laboratory(lambda body, given: body.update({part: value})))
    assert words in words_of(experiments.experiment, site)


def drawing(draw: Callable[[str], bytes]) -> Answer:
    """An experiment whose label is drawn by ``draw``, as /api/experiments declares it."""
    form = {
        "name": "frank-hertz",
        "title": "弗兰克-赫兹",
        "route": "/api/plots/frank-hertz",
        "fields": [
            {"path": "VG2K", "kind": "column"},
            {"path": "groups[].label", "kind": "text"},
        ],
        "sample": {"VG2K": [1, 2], "groups": [{"currents": [0, 1]}, {"currents": [1, 2]}]},
    }

    def answer(method: str, path: str, given: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if method == "GET":
            listed = path == "/api/experiments"
            return 200, {}, json.dumps({"items": [form]} if listed else form).encode()
        assert [set(group) for group in given["groups"]] == [{"currents", "label"}] * 2
        body = {"run_id": "r", "images_data": [picture(ink=draw(given["groups"][0]["label"]))]}
        return 200, {}, json.dumps(body).encode()

    return answer


def test_characters_that_are_drawn(play: Play) -> None:
    site = play(drawing(lambda label: label.encode()))
    assert experiments.glyphs(site, Given())[0] is Outcome.PASSED
    assert len(site.runs) == 2


def test_boxes_instead_of_characters(play: Play) -> None:
    boxes = play(drawing(lambda label: b"\xe2\x96\xa1" * len(label)))
    assert "字体" in words_of(experiments.glyphs, boxes)


def test_a_task_that_fails(play: Play) -> None:
    site = play(answering({"task_id": "r", "status": "failed", "message": "原因"}))
    assert words_of(experiments.task, site) == "任务失败：原因"


def test_a_task_that_never_ends(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiments, "_POLLS_S", 0.3)
    site = play(answering({"task_id": "r", "status": "pending"}))
    assert "没有完成" in words_of(experiments.task, site)


def test_sqlite_outside_is_noted(play: Play, public: None) -> None:
    info = {"backend": "sqlite", "database": "lab", "tables": ["runs"]}
    assert experiments.database(play(answering(info)), Given())[0] is Outcome.NOTED


def test_answers_of_another_form_are_failures_not_tracebacks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stub = Stub(
        lambda method, path, given: (
            200,
            {},
            json.dumps({"message": "pong"} if path == "/api/ping" else [1]).encode(),
        )
    )
    try:
        assert run([stub.base, "--token", "t"]) == 1
    finally:
        stub.close()
    lines = lines_of(capsys.readouterr().out)
    assert list(lines) == [title for title, _ in CHECKS]
    assert lines["文档"][0] == "失败"
