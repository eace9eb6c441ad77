"""The caller's own runs: list, read, delete, take the readings away as CSV."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response, StreamingResponse

from functions._runtime.answers import addresses, applied
from functions._runtime.experiment import AppliedRules
from functions._runtime.function import Access, Call, Endpoint, Function
from functions._runtime.reports import MEDIA_TYPES, SANDBOX, Format, ReportQuery, wanted
from functions._runtime.table import table
from functions._runtime.worked import Worked


class RunsQuery(Struct, frozen=True):
    """Which page of the history."""

    experiment: Annotated[str, Meta(max_length=64, title="实验名")] = ""
    before: Annotated[str, Meta(max_length=200, title="上一页给出的 next")] = ""
    limit: Annotated[int, Meta(ge=1, le=100, title="每页条数")] = 20


class RunLine(Struct, frozen=True):
    """One run in the list."""

    id: str
    experiment: str
    status: str
    message: str
    images: list[str]
    created_at: datetime
    finished_at: datetime | None


class RunList(Struct, frozen=True):
    """A page, newest first; ``next`` goes into ``before`` for the following one."""

    items: list[RunLine]
    next: str | None


class RunDetail(Struct, frozen=True):
    """A run with its readings, each number as it was typed."""

    id: str
    experiment: str
    status: str
    message: str
    readings: msgspec.Raw
    results: msgspec.Raw
    fits: msgspec.Raw
    warnings: msgspec.Raw
    images: list[str]
    analysis: str
    """Which analysis made the results; empty for a run that is older than such notes."""
    created_at: datetime
    finished_at: datetime | None
    rules: AppliedRules | UnsetType = UNSET
    """Which rule made the uncertainties; left out where it is that of the GUM."""


class Deleted(Struct, frozen=True):
    """What was deleted."""

    id: str
    deleted: bool


def _state(status: str) -> str:
    return "pending" if status == "running" else status


async def list_runs(call: Call[RunsQuery]) -> RunList:
    """A page of the caller's own runs."""
    query = call.input
    page = await call.services.runs.page(
        call.user.user_id, query.experiment or None, query.before or None, query.limit
    )
    lines = [
        RunLine(
            run.id,
            run.experiment,
            _state(run.status),
            run.message,
            addresses(run, call.user.user_id),
            run.created_at,
            run.finished_at,
        )
        for run in page.runs
    ]
    return RunList(lines, page.next)


async def read_run(call: Call[Any]) -> RunDetail:
    """One own run: readings, results, warnings, figures."""
    run = await call.services.runs.own(call.path["run_id"], call.user.user_id)
    empty = msgspec.Raw(b"[]")
    found = msgspec.json.decode(run.results or "{}", type=dict[str, msgspec.Raw])
    return RunDetail(
        run.id,
        run.experiment,
        _state(run.status),
        run.message,
        msgspec.Raw(run.readings.encode()),
        found.get("results", empty),
        found.get("fits", empty),
        found.get("warnings", empty),
        addresses(run, run.user_id),
        run.analysis,
        run.created_at,
        run.finished_at,
        applied(found),
    )


async def delete_run(call: Call[Any]) -> Deleted:
    """Delete one own run: its row's content and its files."""
    run = await call.services.runs.own(call.path["run_id"], call.user.user_id)
    return Deleted(run.id, await call.services.runs.delete(run.id, run.user_id))


async def run_csv(call: Call[Any]) -> Response:
    """The readings of one own run as CSV, one column per field, with a mark for Excel."""
    run = await call.services.runs.own(call.path["run_id"], call.user.user_id)
    return StreamingResponse(
        await call.blocking(table, run.readings),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{run.experiment}-{run.id}.csv"'},
    )


async def run_steps(call: Call[Any]) -> Response:
    """The worked steps of one own run, as they belong in a report."""
    run = await call.services.runs.own(call.path["run_id"], call.user.user_id)
    return Response(await call.services.runs.steps(run, call), media_type="application/json")


def _reporting(format_: Format) -> Callable[[Call[ReportQuery]], Awaitable[Response]]:
    """A handler that answers the report of one own run in a format."""

    async def handle(call: Call[ReportQuery]) -> Response:
        run = await call.services.runs.own(call.path["run_id"], call.user.user_id)
        asked = wanted(call.input, format_)
        made = await call.services.runs.report(run, call, asked)
        name = f"{run.experiment}-{run.id}.{format_}"
        kind = "inline" if format_ in ("html", "pdf") else "attachment"
        headers = {"Content-Disposition": f'{kind}; filename="{name}"', **SANDBOX}
        return Response(made, media_type=MEDIA_TYPES[format_], headers=headers)

    return handle


_ONE = "/api/runs/{run_id}"
_OWN = Access.USER
_FORMATS: dict[Format, str] = {
    "html": "网页",
    "docx": "Word",
    "tex.zip": "LaTeX",
    "pdf": "PDF",
}

function = Function(
    __file__,
    "历史记录",
    [
        Endpoint(
            "/api/runs",
            "GET",
            "自己的记录，新的在前",
            list_runs,
            output=RunList,
            query=RunsQuery,
            access=_OWN,
        ),
        Endpoint(_ONE, "GET", "一条记录", read_run, output=RunDetail, access=_OWN, refusals=(404,)),
        Endpoint(
            _ONE, "DELETE", "删除一条记录", delete_run, output=Deleted, access=_OWN, refusals=(404,)
        ),
        Endpoint(
            f"{_ONE}/steps",
            "GET",
            "一条记录的计算步骤",
            run_steps,
            output=Worked,
            access=_OWN,
            refusals=(404, 429, 503),
        ),
        *(
            Endpoint(
                f"{_ONE}/report.{format_}",
                "GET",
                f"一条记录的实验报告（{title}）",
                _reporting(format_),
                query=ReportQuery,
                media_type=MEDIA_TYPES[format_].partition(";")[0],
                access=_OWN,
                refusals=(404, 429, 503),
            )
            for format_, title in _FORMATS.items()
        ),
        Endpoint(
            f"{_ONE}/data.csv",
            "GET",
            "一条记录的读数（CSV）",
            run_csv,
            media_type="text/csv",
            access=_OWN,
            refusals=(404,),
        ),
    ],
)
app = function.app
