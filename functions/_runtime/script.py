"""Run an experiment from the command line, without a server and without a database."""

import argparse
import codecs
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from config import system_reason
from functions._lab.errors import ReadingError
from functions._runtime import reports, work
from functions._runtime.command import Parser
from functions._runtime.errors import BadInput
from functions._runtime.experiment import Findings
from functions._runtime.validation import check_readings, decode
from functions._runtime.worked import Worked, worked

if TYPE_CHECKING:
    from functions._lab.result import Measurand
    from functions._runtime.experiment import Experiment

BAD_INPUT = 2
_MAX_POINTS = 50_000


def main(experiment: "Experiment", arguments: list[str]) -> None:
    """Analyse the given files; exits with 0, or with 2 where an input is bad."""
    options = _parser(experiment).parse_args(arguments)
    from rich.progress import Progress

    status = 0
    with Progress(transient=True, disable=len(options.files) < 2) as progress:
        for name in progress.track(options.files, description=experiment.title):
            try:
                _analyse(experiment, name, options)
            except BrokenPipeError:  # the reader, ``head`` say, has enough
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                break
            except (BadInput, ReadingError, OSError) as error:
                print(f"{name}：{_sentence(error)}", file=sys.stderr)
                status = BAD_INPUT
    sys.exit(status)


def _parser(experiment: "Experiment") -> argparse.ArgumentParser:
    parser = Parser(
        prog=f"python -m functions {experiment.wire_name}", description=experiment.title
    )
    parser.add_argument("files", nargs="+", metavar="文件", help="读数文件（JSON）；- 为标准输入")
    parser.add_argument("--steps", action="store_true", help="输出计算步骤")
    parser.add_argument(
        "--report", type=Path, metavar="文件", help="写出实验报告：.pdf .docx .html 或 .tex.zip"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON 而不是表格")
    parser.add_argument("--out", type=Path, metavar="目录", help="把图片写入该目录")
    return parser


def _sentence(error: Exception) -> str:
    match error:
        case BadInput():
            return error.detail
        case ReadingError():
            return error.sentence
        case OSError():
            return system_reason(error)
    return str(error)


def _analyse(experiment: "Experiment", name: str, options: argparse.Namespace) -> None:
    body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    # Windows puts a byte-order mark before a text that it saves as UTF-8.
    body = body.removeprefix(codecs.BOM_UTF8)
    readings = decode(body, experiment.input)
    check_readings(readings, _MAX_POINTS)
    result, figures = work.run(experiment, readings)
    found = work.findings(result, readings, body)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _print_tables(name, found)
    if options.steps:
        _print_steps(worked(work.ledger(experiment, readings, body)))
    if options.report is not None:
        options.report.write_bytes(_report(experiment, readings, body, options.report.name))
    out: Path | None = options.out
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        stem = "stdin" if name == "-" else Path(name).stem
        for figure_name, figure in figures.items():
            path = out / f"{stem}-{figure_name}.png"
            path.write_bytes(work.draw(figure, "png"))
            print(path, file=sys.stderr)


def _report(experiment: "Experiment", readings: Any, body: bytes, name: str) -> bytes:
    """The report in the format that a file's name asks for.  Raises BadInput for another."""
    for format_ in reports.MEDIA_TYPES:
        if name.endswith(f".{format_}"):
            return reports.written(experiment, readings, body, format_)
    raise BadInput("报告的文件名应以 .pdf、.docx、.html 或 .tex.zip 结尾")


def _print_tables(name: str, result: Findings) -> None:
    """The measurands as an aligned table, then the warnings."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    for heading in ("被测量", "结果", "u", "ν", "参考值"):
        table.add_column(heading, overflow="fold")
    for measurand in result.results:
        table.add_row(
            measurand.name,
            measurand.display,
            f"{measurand.standard_uncertainty:.3g} {measurand.unit}".strip(),
            "∞" if measurand.degrees_of_freedom is None else f"{measurand.degrees_of_freedom:.3g}",
            _reference(measurand),
        )
    console.print(table)
    for caution in result.warnings:
        console.print(f"⚠ {caution.message}")


def _print_steps(steps: Worked) -> None:
    """Every section with its formulas on lines of their own."""
    for section in steps.sections:
        print(f"\n{section.title}")
        for step in section.steps:
            print(f"  {step.words}")
            if step.plain:
                print(f"      {step.plain}")


def _reference(measurand: "Measurand") -> str:
    reference = measurand.reference
    if reference is None:
        return ""
    return f"{reference.value:.6g} {measurand.unit}（相差 {reference.relative_deviation:+.2%}）"
