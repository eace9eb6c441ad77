"""What an answer can refuse, and the one place where it becomes a response.

::

    HttpError                 a refusal with status, Chinese ``detail`` and headers
    ├── BadInput       400    the request cannot be used as it is
    ├── Unauthorized   401    no token, or a bad one
    ├── Forbidden      403    not for this role
    ├── NotFound       404    unknown, or somebody else's
    ├── Conflict       409    not possible any more
    ├── TooLarge       413
    ├── Busy           429    limited; carries ``Retry-After``
    └── Unavailable    503    the database, the disk or a deadline; carries ``Retry-After``
"""


class HttpError(Exception):
    """A refusal that a client can read: status and one short Chinese sentence."""

    status = 500

    field = ""
    """Where in the request, ``groups[1].currents``."""
    index: int | None = None

    def __init__(self, detail: str, *, status: int | None = None, retry_after: int = 0) -> None:
        self.detail = detail
        self.status = status or type(self).status
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}
        super().__init__(detail)


class BadInput(HttpError):
    """The request cannot be used as it is."""

    status = 400

    @classmethod
    def at(cls, detail: str, field: str, index: int | None = None) -> "BadInput":
        """The refusal with its place in the request."""
        refusal = cls(detail)
        refusal.field, refusal.index = field, index
        return refusal


class Unauthorized(HttpError):
    """No token, or one that is expired, altered or not ours."""

    status = 401


class Forbidden(HttpError):
    """The caller's role does not allow this."""

    status = 403


class NotFound(HttpError):
    """Unknown, or somebody else's: the two cannot be told apart."""

    status = 404

    def __init__(self, detail: str = "没有找到") -> None:
        super().__init__(detail)


class Conflict(HttpError):
    """Not possible any more: it is over, due or marked."""

    status = 409


class TooLarge(HttpError):
    """The body is larger than allowed."""

    status = 413


class Busy(HttpError):
    """The caller, or the bundle, has too much in flight."""

    status = 429


class Unavailable(HttpError):
    """A part that is needed does not work at the moment."""

    status = 503
