"""``/static/plots/…``: figures and nothing else, made again where their files are gone."""

import hashlib

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from functions._runtime.errors import NotFound
from functions._runtime.services import Services
from functions._runtime.work import Format
from storage import files, runs
from storage.records import COMPLETED, RunRecord

FORMATS: dict[str, Format] = {"png": "png", "svg": "svg", "pdf": "pdf"}
MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_FOREVER = "public, max-age=31536000, immutable"


async def figure_file(request: Request) -> Response:
    """The figure at ``{user_id}/{experiment}/{file}``; 404 for anything else."""
    services: Services = request.app.state.services
    parts = request.path_params["path"].split("/")
    if len(parts) != 3 or not parts[0].isascii() or not parts[0].isdigit():
        raise NotFound
    user_id, experiment, file = int(parts[0]), parts[1], parts[2]
    format_ = FORMATS.get(file.rpartition(".")[2])
    if format_ is None:
        raise NotFound
    data_dir = services.settings.data_dir
    kept = await anyio.to_thread.run_sync(files.read, data_dir, user_id, experiment, file)
    if kept is None:
        run, name = await _run_of(services, user_id, experiment, file)
        kept = await services.runs.gallery.figure(run, name, format_)
    return _cached(request, kept, MEDIA_TYPES[format_])


async def _run_of(
    services: Services, user_id: int, experiment: str, file: str
) -> tuple[RunRecord, str]:
    """The run that the file belongs to, and the figure's name.  Raises NotFound."""
    run_id, _, name = file.rpartition(".")[0].partition("-")
    run = await anyio.to_thread.run_sync(runs.find, services.database, run_id)
    if (
        run is None
        or (run.user_id, run.experiment) != (user_id, experiment)
        or run.status != COMPLETED
        or name not in run.figures
        or experiment not in services.experiments
    ):
        raise NotFound
    return run, name


def _cached(request: Request, data: bytes, media_type: str) -> Response:
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": _FOREVER, "X-Content-Type-Options": "nosniff"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)
