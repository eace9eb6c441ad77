"""The report of a run, made in a worker: the analysis anew, its steps and figures, one format."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from functions._lab import rules
from functions._report.composing import Details, Source, compose
from functions._report.content import Picture, Report
from functions._runtime import work
from functions._runtime.experiment import Experiment
from functions._runtime.versions import analysis_version

Format: TypeAlias = Literal["html", "docx", "tex.zip", "pdf"]

MEDIA_TYPES: dict[Format, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "tex.zip": "application/zip",
    "pdf": "application/pdf",
}
SANDBOX = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    ),
    "X-Content-Type-Options": "nosniff",
}
"""Headers of a report: whatever stands in it, it is shown and nothing more."""
_DRAWN: dict[Format, work.Format] = {"html": "png", "docx": "png", "tex.zip": "pdf", "pdf": "svg"}


class ReportQuery(msgspec.Struct, frozen=True):
    """The title block of a report, all of it optional, and whether it has empty headings."""

    student: Annotated[str, Meta(max_length=40, title="姓名")] = ""
    number: Annotated[str, Meta(max_length=40, title="学号")] = ""
    group: Annotated[str, Meta(max_length=60, title="班级")] = ""
    partner: Annotated[str, Meta(max_length=60, title="同组")] = ""
    date: Annotated[str, Meta(max_length=40, title="日期")] = ""
    conditions: Annotated[str, Meta(max_length=80, title="室温等")] = ""
    whole: Annotated[bool, Meta(title="留出学生自己写的标题")] = True


class Wanted(msgspec.Struct, frozen=True):
    """What a report is to be like."""

    format: Format
    details: Details
    whole: bool


def wanted(query: ReportQuery, format_: Format) -> Wanted:
    """What a query asks for."""
    details = msgspec.convert(query, Details, from_attributes=True)
    return Wanted(format_, details, query.whole)


def report(experiment: str, body: bytes, request: bytes) -> bytes:
    """The report of the readings in ``body``; ``request`` is a :class:`Wanted` as JSON.

    Raises as ``work.analyse``.
    """
    asked = msgspec.json.decode(request, type=Wanted)
    declared, readings = work.read(experiment, body)
    return _writer(asked.format)(compose(_source(declared, readings, body, asked)))


def written(experiment: Experiment, readings: Any, body: bytes, format_: Format) -> bytes:
    """The report of a script's readings, with the headings that a student fills."""
    asked = Wanted(format_, Details(), whole=True)
    return _writer(format_)(compose(_source(experiment, readings, body, asked)))


def _source(experiment: Experiment, readings: Any, body: bytes, asked: Wanted) -> Source:
    result, figures = work.run(experiment, readings)
    drawn = _DRAWN[asked.format]
    pictures = tuple(
        Picture(name, f"图 {number}　{figure.title}", work.draw(figure, drawn))
        for number, (name, figure) in enumerate(figures.items(), 1)
    )
    return Source(
        title=experiment.title,
        result=result,
        ledger=work.ledger(experiment, readings, body),
        pictures=pictures,
        warnings=tuple(work.findings(result, readings).warnings),
        rules=rules.chosen(readings.rules),
        version=analysis_version(experiment.name),
        details=asked.details,
        whole=asked.whole,
    )


def _writer(format_: Format) -> Callable[[Report], bytes]:
    """What writes a format; python-docx and Typst are loaded where they are needed."""
    if format_ == "html":
        from functions._report.html import html

        return html
    if format_ == "docx":
        from functions._report.word import docx

        return docx
    if format_ == "pdf":
        from functions._report.pdf import pdf

        return pdf
    from functions._report.tex import tex_zip

    return tex_zip
