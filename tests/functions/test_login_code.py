"""Six digits from where one is logged in let a browser in: once, for minutes, and not by guessing.

On both engines; what a code is worth is looked at through ``/api/me`` alone.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from config import Settings, read_settings
from storage import login_codes, users
from storage.engine import Connection, execute
from tests.conftest import Place
from tests.in_process import Client

KEY = "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"
APPID = "wx1234567890abcdef"

Open = Callable[..., Client]


def settings(place: Place, **variables: str) -> Settings:
    given = {
        "WECHAT_APPID": APPID,
        "WECHAT_TRUST_HEADERS": "1",
        "JWT_SECRET": KEY,
        "MYSQL_URL": place.mysql_url or "",
        "DATA_DIR": str(place.data_dir),
    }
    return read_settings(given | variables)


@pytest.fixture
def opened(place: Place) -> Iterator[Open]:
    made: list[Client] = []

    def client_of(**variables: str) -> Client:
        names = ["login_code", "me", "my_data"]
        made.append(Client(settings(place, **variables), names))
        return made[-1]

    yield client_of
    for client in made:
        client.close()


def asked(client: Client, openid: str) -> httpx.Response:
    """What the mini-program of a student is answered."""
    headers = {"X-WX-SOURCE": "wx_client", "X-WX-APPID": APPID, "X-WX-OPENID": openid}
    return client.post("/api/auth/code", headers=headers)


def code_of(client: Client, openid: str) -> str:
    answer = asked(client, openid)
    assert answer.status_code == 200, answer.text
    code: str = answer.json()["code"]
    assert re.fullmatch("[0-9]{6}", code)
    assert answer.json()["expires_in"] == 180
    return code


def typed(client: Client, code: str, address: str = "203.0.113.7") -> httpx.Response:
    """What a browser at an address is answered; the proxy notes the address behind forged ones."""
    forwarded = {"X-Forwarded-For": f"198.51.100.{len(code)}, {address}"}
    return client.post("/api/auth/browser", json={"code": code}, headers=forwarded)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_lets_its_person_in_and_once(opened: Open) -> None:
    client = opened()
    code = code_of(client, "o-li")
    answer = typed(client, code)
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    me = client.get("/api/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert me == answer.json()["user"]
    assert me["openid"] == "o-li"
    again = typed(client, code)
    assert again.status_code == 401
    assert again.json() == {"detail": "登录数字不对或已过期，请在小程序里重新获取"}


def test_a_newer_code_ends_the_older(opened: Open) -> None:
    client = opened()
    older, newer = code_of(client, "o-li"), code_of(client, "o-li")
    if older != newer:
        assert typed(client, older).status_code == 401
    assert typed(client, newer).json()["user"]["openid"] == "o-li"


def test_codes_of_two_are_told_apart_by_any_instance(opened: Open) -> None:
    first, second = opened(), opened()
    codes = {openid: code_of(first, openid) for openid in ("o-li", "o-wang")}
    for openid, code in codes.items():
        assert typed(second, code).json()["user"]["openid"] == openid


def test_a_code_is_over_after_its_time(opened: Open, place: Place) -> None:
    client = opened()
    code = code_of(client, "o-li")
    database = place.open()

    def age(connection: Connection) -> None:
        execute(connection, "UPDATE login_codes SET expires = expires - 179000000")

    database.perform(age)
    other = opened()
    assert typed(other, code).status_code == 200
    code = code_of(client, "o-li")
    database.perform(age)
    database.perform(
        lambda connection: execute(connection, "UPDATE login_codes SET expires = expires - 1000000")
    )
    assert typed(other, code).status_code == 401
    database.close()


def test_of_many_with_one_code_one_is_let_in(opened: Open, place: Place) -> None:
    opened()
    database = place.open(connections=8)
    person = users.find_or_create(database, "o-li")
    for turn in range(10):
        digest = f"{turn:064x}"
        assert login_codes.put(database, person.user_id, digest, 60)
        with ThreadPoolExecutor(8) as threads:
            given = list(threads.map(lambda _: login_codes.take(database, digest), range(8)))  # noqa: B023 - ends here
        assert [one for one in given if one] == [person]
    database.close()


def test_a_digest_in_use_is_not_given_twice(place: Place) -> None:
    database = place.open()
    li, wang = (users.find_or_create(database, openid) for openid in ("o-li", "o-wang"))
    assert login_codes.put(database, li.user_id, "a" * 64, 60)
    assert not login_codes.put(database, wang.user_id, "a" * 64, 60)
    assert login_codes.take(database, "a" * 64) == li
    assert login_codes.put(database, wang.user_id, "a" * 64, 60)
    database.close()


def test_guessing_ends_soon_and_keeps_out_nobody_else(opened: Open) -> None:
    client = opened()
    code = code_of(client, "o-li")
    statuses = [typed(client, another(code)).status_code for _ in range(40)]
    assert statuses == [401] * 20 + [429] * 20
    held = typed(client, code)
    assert held.status_code == 429
    assert int(held.headers["Retry-After"]) > 60
    assert held.json() == {"detail": "输错的次数过多，请稍后再试"}
    assert typed(client, code, "203.0.113.8").status_code == 200


def test_made_up_addresses_guess_no_faster_and_lock_nobody_out(opened: Open) -> None:
    """Each guess from an address of its own: 100 in all; then long codes are given, and let in."""
    client = opened()
    code = code_of(client, "o-li")
    tries = [typed(client, another(code), f"192.0.2.{n}").status_code for n in range(200)]
    assert tries == [401] * 100 + [429] * 100
    held = typed(client, code, "203.0.113.8")
    assert held.json() == {"detail": "输错的次数过多，请重新获取登录数字"}
    longer = asked(client, "o-li").json()["code"]
    assert re.fullmatch("[0-9]{9}", longer)
    assert typed(client, longer, "203.0.113.8").json()["user"]["openid"] == "o-li"


def test_guesses_at_once_find_no_more_room(opened: Open) -> None:
    client = opened()
    code = code_of(client, "o-li")
    with ThreadPoolExecutor(30) as threads:
        tries = list(threads.map(lambda _: typed(client, another(code)).status_code, range(90)))
    assert (tries.count(401), tries.count(429)) == (20, 70)


def test_asking_is_limited_by_person(opened: Open) -> None:
    client = opened()
    statuses = [asked(client, "o-li").status_code for _ in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    assert asked(client, "o-wang").status_code == 200


def test_nobody_gets_a_code_without_being_logged_in(opened: Open) -> None:
    answer = opened().post("/api/auth/code")
    assert (answer.status_code, answer.json()) == (401, {"detail": "请先登录"})


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "12 456", "12345\n"])
def test_what_is_no_code_is_refused(opened: Open, code: str) -> None:
    assert typed(opened(), code).status_code == 400


def test_erasing_ends_the_code(opened: Open) -> None:
    client = opened()
    code = code_of(client, "o-li")
    headers = {"X-WX-SOURCE": "wx_client", "X-WX-APPID": APPID, "X-WX-OPENID": "o-li"}
    assert client.request("DELETE", "/api/me", headers=headers).status_code == 200
    assert typed(client, code).status_code == 401


def test_the_operator_may_close_this_door(opened: Open) -> None:
    client = opened(LOGIN_CODES="0")
    assert asked(client, "o-li").status_code == 403
    closed = typed(client, "123456")
    assert (closed.status_code, closed.json()) == (403, {"detail": "没有开放用数字登录网页"})


def test_the_code_stands_in_no_table(opened: Open, place: Place) -> None:
    code = code_of(opened(), "o-li")
    database = place.open()
    rows = database.perform(lambda connection: execute(connection, "SELECT * FROM login_codes"))
    assert len(rows) == 1
    assert code not in repr(rows)
    database.close()
