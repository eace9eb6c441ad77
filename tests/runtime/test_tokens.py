"""Login tokens: signed, timed, and bound to one person and one key."""

import base64
import hashlib
import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from functions._runtime.errors import Unauthorized
from functions._runtime.tokens import Tokens, fingerprint

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
