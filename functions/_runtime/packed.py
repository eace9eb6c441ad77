"""Answers that stay the same while a process lives: compressed once, known by their digest."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer as it is sent: plain, compressed, and what tells its versions apart."""

    content: bytes
    compressed: bytes
    digest: str
    media_type: str

    def response(self, request: Request, headers: Mapping[str, str]) -> Response:
        """In the form that the browser takes, or 304 where it has this version."""
        compress = "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{self.digest}-gz"' if compress else f'"{self.digest}"'
        sent = {**headers, "ETag": etag, "Vary": "Accept-Encoding"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=sent)
        if compress:
            sent["Content-Encoding"] = "gzip"
        content = self.compressed if compress else self.content
        return Response(content, headers=sent, media_type=self.media_type)


def pack(content: bytes, media_type: str) -> Packed:
    """Compress the content."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Packed(content, gzip.compress(content, 9, mtime=0), digest, media_type)
