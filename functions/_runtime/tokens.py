"""Login tokens: signed and timed with itsdangerous; opaque to the client.

Tokens of the older deployment, HS256 JWTs (RFC 7519) with the user's number in ``sub``, are
accepted until they expire, under the same key: the deployed client does not log in again before it
is restarted.  They name a number alone, so they hold only for users who were adopted with it.
"""

import hashlib
import re
import time
from typing import NamedTuple

import msgspec
from itsdangerous import BadData, URLSafeTimedSerializer

from config import SHORTEST_SECRET
from functions._runtime.errors import Unauthorized

_JWT = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]+\Z", re.ASCII)
"""Header (``{"`` in base64url), claims and signature; ours begin with ``[``."""
_SKEW_S = 60.0
"""How far the clocks of two instances may differ, and one of them be set back."""
_NUMBER = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


class Claim(NamedTuple):
    """What a valid token says: which row, and a fingerprint of the person it was made for.

    The fingerprint is None for a token of the older deployment.
    """

    user_id: int
    fingerprint: str | None


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
        self._secret = secret
        self._serializer = URLSafeTimedSerializer(secret, salt="physics-lab.login")
        self._life_seconds = life_minutes * 60

    def issue(self, user_id: int, openid: str) -> str:
        """A new token for a user."""
        token: str | bytes = self._serializer.dumps([user_id, fingerprint(openid)])
        return token if isinstance(token, str) else token.decode()

    def check(self, token: str) -> Claim:
        """What the token says.  Raises Unauthorized where it is expired, altered or not ours."""
        try:
            if _JWT.match(token):
                return Claim(_older(token, self._secret), None)
            said, issued = self._serializer.loads(token, return_timestamp=True)
            age = int(time.time()) - issued.timestamp()
            if not -_SKEW_S <= age <= self._life_seconds:
                raise ValueError("not of this time")
            return Claim(*msgspec.convert(said, tuple[int, str]))
        except (BadData, ValueError, msgspec.ValidationError):
            raise Unauthorized("登录已失效，请重新登录") from None


def _older(token: str, secret: str) -> int:
    """The user's number in a JWT of the older deployment.

    Raises ValueError where it is not valid, or the key too short for HS256 (RFC 7518, 3.2).
    """
    import jwt

    if len(secret.encode()) < SHORTEST_SECRET:
        raise ValueError("the key is too short")
    try:
        said = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            # `sub` should be a text, but is a number here and there.
            options={"require": ["sub", "exp"], "verify_sub": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise ValueError("not a valid JWT") from error
    number = str(said["sub"])
    if not _NUMBER.fullmatch(number):
        raise ValueError("sub is no number of a user")
    return int(number)
