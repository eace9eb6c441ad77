"""Who is calling: spoofing of every identity header, and of their combinations.

The rules are those of the platform's documentation of callContainer's headers and of 资源复用.
"""

import io
import itertools
import json
import logging
import zipfile
from collections.abc import Callable, Iterator

import pytest

from config import Settings, SettingsError, read_settings
from storage import users
from tests.conftest import Place
from tests.in_process import Client
from tests.jwt_of import jwt_of
from tests.mariadb import Mariadb
from tests.storage.test_migrations import ADMIN, STUDENT, deploy

APPID = "wx1234567890abcdef"
OTHER_APPID = "wxfedcba0987654321"
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
OWN = {"X-WX-SOURCE": "wx_client", "X-WX-APPID": APPID, "X-WX-OPENID": OPENID}
SHARING = {
    "X-WX-SOURCE": "wx_client",
    "X-WX-APPID": APPID,
    "X-WX-FROM-APPID": OTHER_APPID,
    "X-WX-FROM-OPENID": OPENID,
}
EVERYTHING = {**OWN, **SHARING, "X-WX-LOCAL-DEBUG": "1", "X-WX-UNIONID": "u", "X-WX-ENV": "e"}

Given = dict[str, str] | list[tuple[str, str]]
Open = Callable[..., Client]


def settings(place: Place, **variables: str) -> Settings:
    given = {
        "WECHAT_APPID": APPID,
        "JWT_SECRET": "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens",
        "WECHAT_TRUST_HEADERS": "1",
        "MYSQL_URL": place.mysql_url or "",
        "DATA_DIR": str(place.data_dir),
    }
    return read_settings(given | variables)


@pytest.fixture
def opened(sqlite_place: Place) -> Iterator[Open]:
    """Makes clients with the given variables over one and the same database."""
    made: list[Client] = []

    def open_with(**variables: str) -> Client:
        made.append(Client(settings(sqlite_place, **variables), ["me", "admin_users"]))
        return made[-1]

    yield open_with
    for client in made:
        client.close()


@pytest.fixture
def trusting(opened: Open) -> Client:
    return opened()


def openid_of(client: Client, headers: Given) -> str | None:
    """The openid as which a caller with these headers is known; None where refused with 401."""
    answer = client.get("/api/me", headers=headers)
    if answer.status_code == 401:
        assert answer.json()["detail"] in ("请先登录", "登录已失效，请重新登录")
        return None
    assert answer.status_code == 200, answer.text
    openid: str = answer.json()["openid"]
    return openid


def stored(client: Client) -> list[str]:
    return [user.openid for user in users.everyone(client.app.state.services.database)]


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def test_a_mini_program_needs_no_login_call(trusting: Client) -> None:
    assert stored(trusting) == []
    assert openid_of(trusting, OWN) == OPENID
    assert openid_of(trusting, OWN | {"X-WX-UNIONID": "u-1", "X-WX-ENV": "prod-1"}) == OPENID
    assert stored(trusting) == [OPENID]


def test_a_sharing_mini_program_is_a_person_of_its_own(trusting: Client) -> None:
    assert openid_of(trusting, SHARING) == f"{OTHER_APPID}:{OPENID}"
    assert openid_of(trusting, OWN) == OPENID
    assert len(stored(trusting)) == 2


def test_header_names_have_no_case_and_values_do(trusting: Client) -> None:
    assert openid_of(trusting, {k.lower(): v for k, v in OWN.items()}) == OPENID
    assert openid_of(trusting, OWN | {"X-WX-APPID": APPID.upper()}) is None
    assert openid_of(trusting, OWN | {"X-WX-OPENID": OPENID.swapcase()}) == OPENID.swapcase()
    assert len(stored(trusting)) == 2


@pytest.mark.parametrize("length", range(1, len(EVERYTHING) + 1))
def test_no_combination_is_believed_unless_switched_on(opened: Open, length: int) -> None:
    client = opened(WECHAT_TRUST_HEADERS="0")
    for names in itertools.combinations(EVERYTHING, length):
        assert openid_of(client, {name: EVERYTHING[name] for name in names}) is None
    assert stored(client) == []


def test_only_whole_combinations_are_believed(trusting: Client) -> None:
    """All 256 subsets of all headers: exactly two kinds of them name a person."""
    told = {"X-WX-UNIONID", "X-WX-ENV"}
    for length in range(len(EVERYTHING) + 1):
        for names in itertools.combinations(EVERYTHING, length):
            expected = {
                frozenset(OWN): OPENID,
                frozenset(SHARING): f"{OTHER_APPID}:{OPENID}",
            }.get(frozenset(names) - told)
            assert openid_of(trusting, {n: EVERYTHING[n] for n in names}) == expected, names
    assert sorted(stored(trusting)) == sorted([OPENID, f"{OTHER_APPID}:{OPENID}"])


@pytest.mark.parametrize("whole", [OWN, SHARING], ids=["own", "sharing"])
@pytest.mark.parametrize(
    "bad",
    ["", " ", "a b", "a,b", "a;b", "../x", "' OR 1=1", "a" * 65, "a" * 5000, "é", "a\x7f", "a:b"],
)
def test_each_header_malformed(trusting: Client, whole: dict[str, str], bad: str) -> None:
    for name in whole:
        headers = [(k, (bad if k == name else v)) for k, v in whole.items()]
        encoded = [(k.encode(), v.encode()) for k, v in headers]
        assert trusting.get("/api/me", headers=encoded).status_code == 401
    assert stored(trusting) == []


@pytest.mark.parametrize("whole", [OWN, SHARING], ids=["own", "sharing"])
def test_each_header_twice(trusting: Client, whole: dict[str, str]) -> None:
    for name, value in whole.items():
        for second in (value, "another", ""):
            for spelled in (name, name.lower(), name.title()):
                twice = [*whole.items(), (spelled, second)]
                assert openid_of(trusting, twice) is None
                assert openid_of(trusting, twice[::-1]) is None
    assert stored(trusting) == []


def test_look_alike_names_are_no_identity(trusting: Client) -> None:
    for name in OWN:
        for other in (name.replace("-", "_"), f"{name}-", f"X-{name}", name[2:]):
            headers = without(OWN, name) | {other: OWN[name]}
            assert openid_of(trusting, headers) is None
    assert stored(trusting) == []


@pytest.mark.parametrize("value", ["1", "0", "true", "no"])
def test_the_developers_proxy_is_refused_unless_mock(opened: Open, value: str) -> None:
    headers = OWN | {"X-WX-LOCAL-DEBUG": value}
    assert openid_of(opened(), headers) is None
    assert openid_of(opened(WECHAT_MOCK="1"), headers) == OPENID
    assert openid_of(opened(WECHAT_MOCK="1", WECHAT_TRUST_HEADERS="0"), headers) is None


def test_headers_are_not_trusted_without_our_own_appid(opened: Open) -> None:
    with pytest.raises(SettingsError, match="WECHAT_APPID"):
        opened(WECHAT_APPID="")


def test_the_longest_sharing_identity_that_fits(trusting: Client) -> None:
    room = 64 - len(OTHER_APPID) - 1
    fits = SHARING | {"X-WX-FROM-OPENID": "o" * room}
    assert openid_of(trusting, fits) == f"{OTHER_APPID}:{'o' * room}"
    assert openid_of(trusting, SHARING | {"X-WX-FROM-OPENID": "o" * (room + 1)}) is None


def test_refusals_are_logged_without_what_was_forged(
    trusting: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert openid_of(trusting, OWN | {"X-WX-APPID": "wx-forged"}) is None
    (line,) = [r.getMessage() for r in caplog.records if "identity headers" in r.getMessage()]
    assert "X-WX-APPID" in line
    assert "forged" not in line
    assert OPENID not in line


def test_a_valid_token_decides_over_headers(trusting: Client) -> None:
    services = trusting.app.state.services
    holder = users.find_or_create(services.database, "o-token-holder")
    token = services.tokens.issue(holder.user_id, holder.openid)
    bearer = {"Authorization": f"Bearer {token}"}
    assert openid_of(trusting, bearer) == holder.openid
    assert openid_of(trusting, OWN | bearer) == holder.openid
    assert openid_of(trusting, without(OWN, "X-WX-SOURCE") | bearer) == holder.openid
    assert stored(trusting) == [holder.openid]


@pytest.mark.parametrize(
    "authorization", ["Bearer x", "Bearer a.b.c", "Basic dTpw", "Token", "", "Bearer undefined"]
)
def test_a_bad_token_is_never_replaced_by_headers(trusting: Client, authorization: str) -> None:
    assert openid_of(trusting, OWN | {"Authorization": authorization}) is None
    assert stored(trusting) == []


def test_an_empty_token_is_no_token(trusting: Client) -> None:
    assert openid_of(trusting, OWN | {"Authorization": "Bearer "}) == OPENID


def test_two_tokens_are_refused(trusting: Client) -> None:
    services = trusting.app.state.services
    user = users.find_or_create(services.database, "o1")
    good = f"Bearer {services.tokens.issue(user.user_id, user.openid)}"
    assert openid_of(trusting, [("Authorization", good)]) == "o1"
    for pair in ([good, good], [good, "Bearer x"], ["Bearer x", good]):
        assert openid_of(trusting, [("Authorization", one) for one in pair]) is None


def test_a_token_for_an_erased_user_or_a_number_given_anew(trusting: Client) -> None:
    services = trusting.app.state.services
    user = users.find_or_create(services.database, "o1")
    erased = services.tokens.issue(user.user_id + 1, "o2")
    somebody_elses = services.tokens.issue(user.user_id, "o2")
    for token in (erased, somebody_elses):
        assert openid_of(trusting, {"Authorization": f"Bearer {token}"}) is None


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_has_no_case(trusting: Client, scheme: str) -> None:
    services = trusting.app.state.services
    user = users.find_or_create(services.database, "o1")
    token = services.tokens.issue(user.user_id, user.openid)
    assert openid_of(trusting, {"Authorization": f"{scheme} {token}"}) == "o1"


def test_admins_by_openid(opened: Open) -> None:
    client = opened(ADMIN_OPENIDS=f"{OPENID},{OTHER_APPID}:o-head")
    assert client.get("/api/admin/users", headers=OWN).status_code == 200
    assert client.get("/api/me", headers=OWN).json()["role"] == "admin"
    assert client.get("/api/admin/users", headers=SHARING).status_code == 403
    head = SHARING | {"X-WX-FROM-OPENID": "o-head"}
    assert client.get("/api/admin/users", headers=head).status_code == 200
    same_openid_here = OWN | {"X-WX-OPENID": "o-head"}
    assert client.get("/api/admin/users", headers=same_openid_here).status_code == 403


def test_nobody_is_asked_for_on_public_routes(trusting: Client) -> None:
    headers = OWN | {"X-WX-OPENID": "' OR 1=1", "Authorization": "Bearer x"}
    assert trusting.get("/", headers=headers).status_code == 200
    assert stored(trusting) == []


def test_identity_on_both_engines(place: Place) -> None:
    client = Client(settings(place), ["me"])
    try:
        openids = [OPENID, OPENID.lower(), OPENID.upper()]
        ids = {
            client.get("/api/me", headers=OWN | {"X-WX-OPENID": one}).json()["user_id"]
            for one in openids * 2
        }
    finally:
        client.close()
    assert len(ids) == 3


def test_a_token_of_the_older_deployment_opens_an_adopted_account_only(
    place: Place, mariadb: Mariadb
) -> None:
    """One made for the same number in a database that was lost opens nothing."""
    deploy(place, mariadb, "users", foreign_key=True)
    client = Client(settings(place), ["me", "my_data"])
    try:
        secret = client.app.state.services.settings.jwt_secret
        newcomer = client.get("/api/me", headers=OWN).json()["user_id"]
        known = {
            number: openid_of(client, {"Authorization": f"Bearer {jwt_of(secret, number)}"})
            for number in (str(STUDENT), ADMIN, newcomer, newcomer + 1)
        }
        older = {"Authorization": f"Bearer {jwt_of(secret, STUDENT)}"}
        exported = client.get("/api/me/export", headers=older)
        erased = client.request("DELETE", "/api/me", headers=older).json()
        after = client.get("/api/me", headers=older).status_code
    finally:
        client.close()
    assert known == {str(STUDENT): "o学生", ADMIN: "oAbC", newcomer: None, newcomer + 1: None}
    archive = zipfile.ZipFile(io.BytesIO(exported.content))
    (record,) = json.loads(archive.read("plot_records.json"))
    assert record["url"] == f"/static/plots/{STUDENT}/millikan/图1.png"
    assert erased == {"user_id": STUDENT, "erased": True}
    assert after == 401
