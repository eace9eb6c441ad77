"""Login tokens: signed and timed with itsdangerous; opaque to the client."""

import hashlib
from typing import NamedTuple

import msgspec
from itsdangerous import BadData, URLSafeTimedSerializer

from functions._runtime.errors import Unauthorized


class Claim(NamedTuple):
    """What a valid token says: which row, and a fingerprint of the person it was made for."""

    user_id: int
    fingerprint: str


def fingerprint(openid: str) -> str:
    """Short digest that ties a token to a person.

    A database that was lost numbers its users anew; without this, an old token would open
    another student's account.
    """
    return hashlib.sha256(openid.encode()).hexdigest()[:16]


class Tokens:
    """Issues and checks tokens under one key.

    Parameters
    ----------
    secret : the key, ``JWT_SECRET``.
    life_minutes : how long a token is accepted.
    """

    def __init__(self, secret: str, life_minutes: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="physics-lab.login")
        self._life_seconds = life_minutes * 60

    def issue(self, user_id: int, openid: str) -> str:
        """A new token for a user."""
        token: str | bytes = self._serializer.dumps([user_id, fingerprint(openid)])
        return token if isinstance(token, str) else token.decode()

    def check(self, token: str) -> Claim:
        """What the token says.  Raises Unauthorized where it is expired, altered or not ours."""
        try:
            said = self._serializer.loads(token, max_age=self._life_seconds)
            return msgspec.convert(said, Claim)
        except (BadData, ValueError, msgspec.ValidationError):
            raise Unauthorized("登录已失效，请重新登录") from None
