"""Login: WeChat's whole error table against a local server that plays WeChat.

Expected statuses are those of WeChat's reference of code2Session and of the wire contract.
"""

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Settings, read_settings
from functions._runtime import wechat
from functions._runtime.logs import JsonLines
from functions._runtime.rates import Rates
from tests import wechat_server as play
from tests.conftest import Place
from tests.in_process import Client
from tests.server import ROOT, free_port

APPID = "wx1234567890abcdef"
CODE = "0a3bQ2100GnG4L1aUX000mRJlr1bQ21l"
"""Of the form that wx.login gives."""
SECRET = "5ecre7-0f-the-app-5ecre7-0f-the-app"
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
KEY = "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"

Open = Callable[[Settings], Client]


@pytest.fixture
def wechat_server() -> Iterator[play.WeChat]:
    with play.WeChat() as server:
        server.script = [play.session(OPENID)]
        yield server


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every log line as it would be printed, at the lowest level; none may hold a secret."""
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []
    yield lines
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    lines += [JsonLines().format(record) for record in records]
    lines += [repr(vars(record)) for record in records]
    for line in lines:
        assert SECRET not in line
        assert play.SESSION_KEY not in line


def settings(place: Place, base: str, **variables: str) -> Settings:
    """Settings of real login against ``base``."""
    given = {
        "WECHAT_APPID": APPID,
        "WECHAT_APP_SECRET": SECRET,
        "WECHAT_API_BASE": base,
        "JWT_SECRET": KEY,
        "MYSQL_URL": place.mysql_url or "",
        "DATA_DIR": str(place.data_dir),
    }
    return read_settings(given | variables)


@pytest.fixture
def opened() -> Iterator[Open]:
    """Makes clients of login and what needs it, in this process."""
    made: list[Client] = []

    def client_of(chosen: Settings) -> Client:
        made.append(Client(chosen, ["wechat_auth", "me", "admin_users"]))
        return made[-1]

    yield client_of
    for client in made:
        client.close()


@pytest.fixture
def client(
    opened: Open, sqlite_place: Place, wechat_server: play.WeChat, log_lines: list[str]
) -> Client:
    return opened(settings(sqlite_place, wechat_server.base))


def refused(client: Client, status: int, code: str = CODE) -> str:
    """The sentence of a login that is refused with ``status``; no secret in the answer."""
    answer = client.post("/api/auth/wechat", json={"code": code})
    assert answer.status_code == status, answer.text
    assert SECRET not in answer.text
    assert play.SESSION_KEY not in answer.text
    detail: str = answer.json()["detail"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in detail)
    return detail


def test_login_asks_wechat_and_gives_token_and_user(
    client: Client, wechat_server: play.WeChat
) -> None:
    answer = client.post("/api/auth/wechat", json={"code": CODE})
    assert answer.status_code == 200
    assert wechat_server.paths == ["/sns/jscode2session"]
    assert wechat_server.calls == [
        {
            "appid": APPID,
            "secret": SECRET,
            "js_code": CODE,
            "grant_type": "authorization_code",
        }
    ]
    body = answer.json()
    assert set(body) == {"token", "user"}
    assert set(body["user"]) == {"user_id", "openid", "role", "created_at"}
    assert body["user"]["openid"] == OPENID
    assert body["user"]["role"] == "normal"
    created = datetime.fromisoformat(body["user"]["created_at"])
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)
    assert play.SESSION_KEY not in answer.text
    me = client.get("/api/me", headers={"Authorization": f"Bearer {body['token']}"})
    assert me.json() == body["user"]


def test_success_with_errcode_zero_and_unionid(client: Client, wechat_server: play.WeChat) -> None:
    wechat_server.script = [play.session(OPENID, errcode=0, errmsg="ok", unionid="u-1")]
    answer = client.post("/api/auth/wechat", json={"code": CODE + "a"})
    assert answer.json()["user"]["openid"] == OPENID


def test_the_same_person_is_the_same_user(client: Client, wechat_server: play.WeChat) -> None:
    first = client.post("/api/auth/wechat", json={"code": CODE + "a"}).json()
    again = client.post("/api/auth/wechat", json={"code": CODE + "b"}).json()
    assert again["user"] == first["user"]
    wechat_server.script = [play.session(OPENID.swapcase())]
    other = client.post("/api/auth/wechat", json={"code": CODE + "c"}).json()
    assert other["user"]["user_id"] != first["user"]["user_id"]


@pytest.mark.parametrize(
    ("errcode", "status", "retry_after"),
    [
        (40029, 401, None),
        (40163, 401, None),
        (45009, 503, "600"),
        (45011, 429, "60"),
        (40226, 403, None),
        (50002, 403, None),
        (40013, 500, None),
        (40125, 500, None),
        (41002, 500, None),
        (41004, 500, None),
        (41008, 500, None),
        (40164, 500, None),
        (40001, 502, None),
        (48001, 502, None),
        (-2, 502, None),
        (10**12, 502, None),
    ],
)
def test_each_errcode_is_answered_once(
    client: Client,
    wechat_server: play.WeChat,
    errcode: int,
    status: int,
    retry_after: str | None,
) -> None:
    wechat_server.script = [play.refusal(errcode)]
    answer = client.post("/api/auth/wechat", json={"code": CODE})
    assert answer.status_code == status
    assert answer.headers.get("retry-after") == retry_after
    assert SECRET not in answer.text
    assert play.SESSION_KEY not in answer.text
    assert len(wechat_server.calls) == 1


@pytest.mark.parametrize(
    ("errcode", "variable"), [(40013, "WECHAT_APPID"), (40125, "WECHAT_APP_SECRET")]
)
def test_the_operators_fault_is_logged_as_theirs(
    client: Client,
    wechat_server: play.WeChat,
    caplog: pytest.LogCaptureFixture,
    errcode: int,
    variable: str,
) -> None:
    wechat_server.script = [play.refusal(errcode)]
    detail = refused(client, 500)
    assert "管理员" in detail
    (line,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert variable in line.getMessage()
    assert str(errcode) in line.getMessage()


def test_busy_wechat_is_asked_again(client: Client, wechat_server: play.WeChat) -> None:
    wechat_server.script = [play.refusal(-1), play.refusal(-1), play.session(OPENID)]
    assert client.post("/api/auth/wechat", json={"code": CODE + "a"}).status_code == 200
    assert [call["js_code"] for call in wechat_server.calls] == [CODE + "a"] * 3


def test_wechat_that_stays_busy_is_given_up_after_two_repetitions(
    client: Client, wechat_server: play.WeChat
) -> None:
    wechat_server.script = [play.refusal(-1)]
    began = time.monotonic()
    answer = client.post("/api/auth/wechat", json={"code": CODE + "a"})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert len(wechat_server.calls) == 3
    assert 0.4 <= time.monotonic() - began < wechat.TOTAL_S


def test_busy_then_silent_is_still_busy(
    client: Client, wechat_server: play.WeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "TOTAL_S", 0.8)
    wechat_server.script = [play.refusal(-1), play.late(2, play.session(OPENID))]
    refused(client, 503)
    assert len(wechat_server.calls) == 2


@pytest.mark.parametrize(
    "reply",
    [
        play.text(b""),
        play.text(b"<html>502 Bad Gateway</html>"),
        play.text(b"null"),
        play.text(b"[]"),
        play.text(b"{}"),
        play.text(b'{"openid": ""}'),
        play.text(b'{"openid": 7}'),
        play.text(b'{"openid": "two words"}'),
        play.text(b'{"openid": "' + b"o" * 65 + b'"}'),
        play.text(b'{"openid": "o1", "errcode": "40029"}'),
        play.text(b'{"openid": "\xff\xfe"}'),
        play.text(b'{"openid": "o1"'),
        play.text(b"[" * 60_000),
        play.text(b'{"openid": "o1", "x": "' + b"x" * 200_000 + b'"}'),
        play.text(b'{"openid": "o1"}', 500),
        play.text(b'{"openid": "o1"}', 404),
        play.redirect("http://127.0.0.1:9/elsewhere"),
        play.raw(b""),
        play.raw(b"\x00\x01\x02 not http\r\n\r\n"),
        play.raw(b"HTTP/1.1 200 OK\r\n"),
        play.raw(b"HTTP/1.1 200 OK\r\nbad header line\r\n: none\r\n\r\n{}"),
        play.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"openid": "o1"}'),
        play.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        play.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
        play.raw(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n{}"),
    ],
)
def test_a_broken_answer_is_wechats_fault_and_not_repeated(
    client: Client, wechat_server: play.WeChat, reply: play.Reply
) -> None:
    wechat_server.script = [reply]
    refused(client, 502)
    assert len(wechat_server.calls) == 1


@pytest.mark.parametrize(
    "reply",
    [
        play.late(1.5, play.session(OPENID)),
        play.dripping(b'{"openid": "o1", "session_key": "x"}', 0.1),
    ],
    ids=["late", "dripping"],
)
def test_a_slow_answer_is_given_up_and_the_code_not_spent_twice(
    client: Client,
    wechat_server: play.WeChat,
    monkeypatch: pytest.MonkeyPatch,
    reply: play.Reply,
) -> None:
    monkeypatch.setattr(wechat, "TOTAL_S", 0.6)
    monkeypatch.setattr(wechat, "READ_S", 0.4)
    wechat_server.script = [reply]
    began = time.monotonic()
    refused(client, 502)
    assert time.monotonic() - began < 1.2
    assert len(wechat_server.calls) == 1


def test_time_for_wechat_and_for_the_database_fits_into_a_request(sqlite_place: Place) -> None:
    from storage.database import PATIENCE_S

    chosen = settings(sqlite_place, "http://127.0.0.1:1")
    assert chosen.request_seconds >= wechat.TOTAL_S + PATIENCE_S


def test_no_connection_is_tried_again_and_then_wechats_fault(
    opened: Open, sqlite_place: Place, log_lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    connect = socket.socket.connect

    def counted(self: socket.socket, address: object) -> None:
        tried.append(address)
        connect(self, address)  # type: ignore[arg-type]

    port = free_port()
    monkeypatch.setattr(socket.socket, "connect", counted)
    refused(opened(settings(sqlite_place, f"http://127.0.0.1:{port}")), 502)
    assert tried.count(("127.0.0.1", port)) == 3


def test_unknown_host(opened: Open, sqlite_place: Place, log_lines: list[str]) -> None:
    refused(opened(settings(sqlite_place, "http://nowhere.invalid")), 502)


def test_a_self_signed_certificate_is_refused_and_explained(
    opened: Open,
    sqlite_place: Place,
    tmp_path: Path,
    log_lines: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with play.WeChat(certificate(tmp_path)) as sidecar:
        sidecar.script = [play.session(OPENID)]
        detail = refused(opened(settings(sqlite_place, sidecar.base)), 502)
        assert sidecar.calls == []
    assert "开放接口服务" not in detail
    assert any("开放接口服务" in record.getMessage() for record in caplog.records)


def certificate(folder: Path) -> str:
    """A self-signed certificate with its key for 127.0.0.1."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "sidecar.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)


@pytest.mark.parametrize(
    ("given", "named", "not_named"),
    [
        ({"WECHAT_APPID": ""}, "WECHAT_APPID", "WECHAT_APP_SECRET"),
        ({"WECHAT_APP_SECRET": ""}, "WECHAT_APP_SECRET", "WECHAT_APPID"),
        ({"WECHAT_APPID": "", "WECHAT_APP_SECRET": " "}, "WECHAT_APPID、WECHAT_APP_SECRET", "JWT"),
    ],
)
def test_what_is_not_set_is_named_and_nothing_is_simulated(
    opened: Open,
    sqlite_place: Place,
    wechat_server: play.WeChat,
    log_lines: list[str],
    given: dict[str, str],
    named: str,
    not_named: str,
) -> None:
    client = opened(settings(sqlite_place, wechat_server.base, **given))
    detail = refused(client, 503)
    assert named in detail
    assert not_named not in detail
    assert wechat_server.calls == []


@pytest.fixture
def mock(opened: Open, place: Place) -> Client:
    """Simulated login, on each database engine in turn."""
    return opened(settings(place, "http://127.0.0.1:1", WECHAT_MOCK="1"))


def login(client: Client, code: str) -> dict[str, object]:
    answer = client.post("/api/auth/wechat", json={"code": code})
    assert answer.status_code == 200, answer.text
    user: dict[str, object] = answer.json()["user"]
    return user


def test_mock_login_tells_all_codes_apart(mock: Client) -> None:
    codes = ["DEV_CODE", "dev_code", "Dev_Code", "dev-code", "dev.code", "dev code", "the code is"]
    codes += ["a" * 59, "A" * 59]
    found = [login(mock, code) for code in codes]
    assert [user["openid"] for user in found] == [f"mock_{code}" for code in codes]
    assert len({user["user_id"] for user in found}) == len(codes)
    assert [login(mock, code) for code in codes] == found


@pytest.mark.parametrize(
    "code",
    [
        "a" * 60,
        "a ",
        " a",
        " ",
        "a\n",
        "a\x00",
        "é",
        "張三",
        "ａ",
        "a\u200b",
        "' OR 1=1 --",
        "../../etc/passwd",
        "<script>",
        "a\\",
    ],
)
def test_mock_login_refuses_what_a_database_could_confuse(
    opened: Open, sqlite_place: Place, code: str
) -> None:
    client = opened(settings(sqlite_place, "http://127.0.0.1:1", WECHAT_MOCK="1"))
    refused(client, 400, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"code"',
        b"{",
        b'{"code": ""}',
        b'{"code": null}',
        b'{"code": 7}',
        b'{"code": ["a"]}',
        b'{"code": "' + b"a" * 1025 + b'"}',
        b'{"code": "' + b"a" * 100_000 + b'"}',
        b'{"code": "\xff"}',
        b'{"code": "\\ud800"}',
        b'{"code": "a\\u0000b"}',
        b'{"code": "' + CODE.encode() + b'\\n"}',
        '{"code": "登录"}'.encode(),
    ],
)
def test_a_bad_body_is_refused_before_wechat_is_asked(
    client: Client, wechat_server: play.WeChat, body: bytes
) -> None:
    answer = client.post("/api/auth/wechat", content=body)
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in detail)
    assert len(detail) < 100
    assert wechat_server.calls == []


@pytest.mark.parametrize("code", ["a", "a" * 15, "a" * 129, CODE[:-1] + "/", CODE + " ", "=" * 32])
def test_what_cannot_be_a_code_is_not_sent(
    client: Client, wechat_server: play.WeChat, code: str
) -> None:
    assert refused(client, 401, code) == "登录凭证无效或已过期，请重新登录"
    assert wechat_server.calls == []


def test_made_up_codes_do_not_use_up_the_quota(
    client: Client, wechat_server: play.WeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused ones are counted, all together; codes that log in are not."""
    most = 5
    monkeypatch.setattr(client.app.state.services, "failed_logins", Rates(most, "太多"))
    wechat_server.script = [play.session(OPENID)]
    for n in range(2 * most):
        assert client.post("/api/auth/wechat", json={"code": f"{n:032d}"}).status_code == 200
    wechat_server.script = [play.refusal(40029)]
    answers = [client.post("/api/auth/wechat", json={"code": f"{n:032x}"}) for n in range(20)]
    assert [answer.status_code for answer in answers] == [401] * most + [429] * (20 - most)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert len(wechat_server.calls) == 3 * most


def test_a_listed_openid_is_an_admin_from_the_first_login(opened: Open, place: Place) -> None:
    chosen = settings(
        place, "http://127.0.0.1:1", WECHAT_MOCK="1", ADMIN_OPENIDS="mock_head, mock_other"
    )
    client = opened(chosen)
    for code, role, status in [("head", "admin", 200), ("Head", "normal", 403)]:
        body = client.post("/api/auth/wechat", json={"code": code}).json()
        assert body["user"]["role"] == role
        answer = client.get(
            "/api/admin/users", headers={"Authorization": f"Bearer {body['token']}"}
        )
        assert answer.status_code == status


def test_forty_logins_at_once_and_a_slow_wechat_leave_others_unharmed(
    client: Client, wechat_server: play.WeChat
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    wechat_server.script = [play.late(0.3, play.session(OPENID))]
    with ThreadPoolExecutor(41) as threads:
        logins = [
            threads.submit(client.post, "/api/auth/wechat", json={"code": f"{n:032d}"})
            for n in range(40)
        ]
        time.sleep(0.15)
        began = time.monotonic()
        token = client.app.state.services.tokens.issue(1, OPENID)
        answer = client.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        waited = time.monotonic() - began
        assert {one.result().status_code for one in logins} == {200}
    assert answer.status_code in (200, 401)  # the first login may not have made the user yet
    assert waited < 1.0
    assert sorted(int(call["js_code"]) for call in wechat_server.calls) == list(range(40))


def test_importing_the_function_loads_no_http_client() -> None:
    code = (
        "import sys, functions.wechat_auth; "
        "print([m for m in ('urllib3', 'ssl', 'http.client', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "urllib3" not in done.stdout
    assert "numpy" not in done.stdout
