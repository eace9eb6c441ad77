"""Login tokens: signed, timed, and bound to one person and one key."""

import base64
import hashlib
import hmac
import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from functions._runtime.errors import Unauthorized
from functions._runtime.tokens import Tokens, fingerprint
from tests.jwt_of import jwt_of

KEY = "k3y-f0r-tokens-aB9xQ7-k3y-f0r-tokens"
MONTH = 43200
"""The default life in minutes, 30 days."""


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(KEY, MONTH)


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """Set the clock that itsdangerous reads."""
    monkeypatch.setattr(time, "time", lambda: moment)


def test_a_token_says_whose_it_is(tokens: Tokens) -> None:
    claim = tokens.check(tokens.issue(7, "mock_a"))
    assert claim.user_id == 7
    assert claim.fingerprint == hashlib.sha256(b"mock_a").hexdigest()[:16]
    assert fingerprint("mock_a") != fingerprint("mock_A")


def test_the_openid_is_not_in_the_token(tokens: Tokens) -> None:
    token = tokens.issue(7, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M")
    payload = base64.urlsafe_b64decode(token.split(".")[0] + "==")
    assert b"bmjrPTlm6" not in payload
    assert token.isascii()
    assert " " not in token


def test_a_token_lives_as_long_as_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    began = 1_800_000_000
    at(monkeypatch, began)
    tokens = Tokens(KEY, 2)
    token = tokens.issue(1, "a")
    at(monkeypatch, began + 120)
    assert tokens.check(token).user_id == 1
    at(monkeypatch, began + 121)
    with pytest.raises(Unauthorized, match="重新登录"):
        tokens.check(token)


def test_a_clock_set_back_by_a_minute_keeps_everybody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    began = 1_800_000_000
    at(monkeypatch, began)
    tokens = Tokens(KEY, 2)
    token = tokens.issue(1, "a")
    at(monkeypatch, began - 60)
    assert tokens.check(token).user_id == 1
    at(monkeypatch, began - 61)
    with pytest.raises(Unauthorized):
        tokens.check(token)


def test_thirty_days_by_default(monkeypatch: pytest.MonkeyPatch, tokens: Tokens) -> None:
    began = 1_800_000_000
    at(monkeypatch, began)
    token = tokens.issue(1, "a")
    at(monkeypatch, began + 30 * 86400)
    assert tokens.check(token).user_id == 1
    at(monkeypatch, began + 30 * 86400 + 1)
    with pytest.raises(Unauthorized):
        tokens.check(token)


def test_a_token_from_the_future_is_refused(
    monkeypatch: pytest.MonkeyPatch, tokens: Tokens
) -> None:
    now = time.time()
    at(monkeypatch, now + 3600)
    token = tokens.issue(1, "a")
    at(monkeypatch, now)
    with pytest.raises(Unauthorized):
        tokens.check(token)


def test_every_altered_byte_is_noticed(tokens: Tokens) -> None:
    token = tokens.issue(1, "a")
    last = len(token) - 1
    for place in range(len(token)):
        for sign in "Ax_.":
            altered = token[:place] + sign + token[place + 1 :]
            # The last character of base64 carries bits that are not part of the signature.
            if altered != token and place != last:
                with pytest.raises(Unauthorized):
                    tokens.check(altered)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "null", "é.é.é", "\ud800", "a" * 100_000, "." * 10_000, "\x00"],
)
def test_what_is_no_token(tokens: Tokens, token: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.check(token)


def test_another_key_is_refused(tokens: Tokens) -> None:
    token = Tokens(KEY[::-1], MONTH).issue(1, "a")
    with pytest.raises(Unauthorized):
        tokens.check(token)
    with pytest.raises(Unauthorized):
        tokens.check(Tokens(KEY + " ", MONTH).issue(1, "a"))


SHAPES = [None, 1, "ab", [1], [1, "a", 2], {"user_id": 1}, ["1", "a"], [1, None], [True, "a"]]


@pytest.mark.parametrize("claim", SHAPES, ids=repr)
def test_a_signed_token_of_another_shape_is_refused(tokens: Tokens, claim: object) -> None:
    """As an older release, with the same key, could have issued it."""
    for salt in ("physics-lab.login", "itsdangerous"):
        token = URLSafeTimedSerializer(KEY, salt=salt).dumps(claim)
        with pytest.raises(Unauthorized):
            tokens.check(str(token))


def test_the_jwt_of_rfc_7515_is_made_as_there() -> None:
    """Our maker of test tokens against a token that PyJWT did not make: RFC 7515, A.1's parts."""
    header, claims, seal = jwt_of(KEY, 7, lives_s=60).split(".")
    assert base64.urlsafe_b64decode(header + "==") == b'{"alg": "HS256", "typ": "JWT"}'
    key = hmac.new(KEY.encode(), f"{header}.{claims}".encode(), "sha256").digest()
    assert base64.urlsafe_b64decode(seal + "==") == key


@pytest.mark.parametrize("number", [7, "7"])
def test_a_token_of_the_older_deployment_names_a_number(tokens: Tokens, number: object) -> None:
    claim = tokens.check(jwt_of(KEY, number, iat=1_700_000_000, openid="o"))
    assert claim == (7, None)


@pytest.mark.parametrize(
    "token",
    [
        jwt_of(KEY, 7, lives_s=-5),
        jwt_of(KEY, 7, exp=None),
        jwt_of(KEY, None),
        jwt_of(KEY[::-1], 7),
        jwt_of(KEY, 7, algorithm="none"),
        jwt_of(KEY, 7, algorithm="HS512"),
        jwt_of(KEY, "o6_bm"),
        jwt_of(KEY, "７"),
        jwt_of(KEY, -7),
        jwt_of(KEY, 0),
        jwt_of(KEY, 10**30),
        jwt_of(KEY, [7]),
        jwt_of(KEY, True),
        jwt_of(KEY, 7.5),
        jwt_of(KEY, 7)[:-2],
        jwt_of(KEY, 7).rpartition(".")[0] + ".",
        jwt_of(KEY, 7) + "\n",
        "eyJ.eyJ.x",
        "eyJhbGciOiJIUzI1NiJ9.x.y",
    ],
    ids=lambda _: "jwt",  # they hold the time, and two processes must collect the same tests
)
def test_other_jwts_are_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(Unauthorized, match="重新登录"):
        tokens.check(token)


def test_a_short_key_signs_no_jwt() -> None:
    short = Tokens("k3y-for-tests", MONTH)
    assert short.check(short.issue(7, "a")).user_id == 7
    with pytest.raises(Unauthorized):
        short.check(jwt_of("k3y-for-tests", 7))
