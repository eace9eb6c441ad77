"""JSON Web Tokens as the older deployment issued them, made after RFC 7515 without a library."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any


def jwt_of(
    secret: str, user_id: Any, *, lives_s: float = 3600, algorithm: str = "HS256", **claims: Any
) -> str:
    """A signed token: header, claims ``sub`` and ``exp`` with ``claims``, HMAC-SHA256."""
    said = {"sub": user_id, "exp": int(time.time() + lives_s), **claims}
    kept = {name: value for name, value in said.items() if value is not None}
    parts = [_part(json.dumps(one).encode()) for one in ({"alg": algorithm, "typ": "JWT"}, kept)]
    signed = ".".join(parts)
    digest = {"HS512": hashlib.sha512}.get(algorithm, hashlib.sha256)
    seal = b"" if algorithm == "none" else hmac.digest(secret.encode(), signed.encode(), digest)
    return f"{signed}.{_part(seal)}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
