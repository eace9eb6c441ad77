"""``/static/plots/…``: figures and nothing else, made again where their files are gone."""

import hashlib
import re

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from functions._runtime.errors import NotFound
from functions._runtime.services import Services
from functions._runtime.work import Format
from storage import files, runs
from storage.errors import StorageUnavailable
from storage.records import COMPLETED, RunRecord

FORMATS: dict[str, Format] = {"png": "png", "svg": "svg", "pdf": "pdf"}
MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_FOREVER = "private, max-age=31536000, immutable"
_INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:",
    "X-Robots-Tag": "noindex",
}
"""A figure of the older deployment may be an SVG with a script; none is for search engines."""
_NUMBER = re.compile(r"[0-9]{1,10}")
_CHECK_S = 1.0


async def figure_file(request: Request) -> Response:
    """The figure at ``{user_id}/{experiment}/{file}``; 404 for anything else.

    A figure of ours is served for as long as its run exists: the file alone may be left from a run
    that was deleted on another instance.  Only while the database is away is it good enough.
    """
    services: Services = request.app.state.services
    user_id, experiment, file = _parts(request.path_params["path"])
    format_ = FORMATS.get(file.rpartition(".")[2])
    if format_ is None:
        raise NotFound
    place = (services.settings.data_dir, user_id, experiment, file)
    kept = await anyio.to_thread.run_sync(files.read, *place)
    run_id = files.run_of(file)
    if run_id is not None:
        run = await _run_of(services, run_id, kept is not None)
        if run is not None and (run.user_id, run.experiment) != (user_id, experiment):
            raise NotFound
        if run is not None and kept is None:
            kept = await _drawn(services, run, file.rpartition(".")[0][len(run_id) + 1 :], format_)
    if kept is None:
        raise NotFound
    return _cached(request, kept, MEDIA_TYPES[format_])


def _parts(path: str) -> tuple[int, str, str]:
    """User, experiment and file of an address.  Raises NotFound where it has another form."""
    parts = path.split("/")
    if len(parts) != 3 or not _NUMBER.fullmatch(parts[0]):
        raise NotFound
    return int(parts[0]), parts[1], parts[2]


async def _run_of(services: Services, run_id: str, has_file: bool) -> RunRecord | None:
    """The run; None where the database is away but there is a file.  Raises NotFound."""
    database = services.database.within(_CHECK_S) if has_file else services.database
    try:
        run = await anyio.to_thread.run_sync(runs.find, database, run_id)
    except StorageUnavailable:
        if has_file:
            return None
        raise
    if run is None:
        raise NotFound
    return run


async def _drawn(services: Services, run: RunRecord, name: str, format_: Format) -> bytes:
    """A figure of a run, drawn again.  Raises NotFound where it has none of that name."""
    if (
        run.status != COMPLETED
        or name not in run.figures
        or run.experiment not in services.experiments
    ):
        raise NotFound
    return await services.runs.gallery.figure(run, name, format_)


def _cached(request: Request, data: bytes, media_type: str) -> Response:
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": _FOREVER, **_INERT}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)
