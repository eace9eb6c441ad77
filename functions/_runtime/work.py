"""What runs in a worker process: analyse readings, draw a figure.  Pure; no database, no files."""

import contextlib
import dataclasses
import importlib
import json
import math
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET

from functions import _lab as lab
from functions._lab import rules
from functions._lab.alike import likenesses
from functions._lab.errors import ReadingError, ResultError
from functions._lab.figure import Figure
from functions._lab.notation.ledger import Ledger
from functions._lab.result import Result
from functions._lab.wording import Words, words
from functions._runtime.declared import ignored_fields, kept
from functions._runtime.experiment import AppliedRules, Experiment, Findings
from functions._runtime.validation import decode
from functions._runtime.worked import worked

_LARGE = 1e9
"""A reading beyond this, or below its inverse, may be too much for the arithmetic."""
_REDRAWN = "（按更新后的程序重画）"

Format: TypeAlias = Literal["png", "svg", "pdf"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Outcome of one analysis in a worker: findings as JSON, and the figures by name.

    The figures are packed: the serving process hands them on to be drawn without opening them, so
    the arrays in them never make it load NumPy.
    """

    findings: bytes
    figures: dict[str, bytes]


def analyse(experiment: str, body: bytes, stored: str | None = None) -> Analysis:
    """Analyse the readings in ``body`` with the experiment of that module name.

    Where the findings are others than those ``stored`` (JSON), which an earlier analysis made, the
    figures say that they are new.  Raises ReadingError where the readings cannot be analysed.
    """
    declared, readings = read(experiment, body)
    result, figures = run(declared, readings)
    found = msgspec.json.encode(findings(result, readings))
    if stored is not None and msgspec.json.decode(found) != msgspec.json.decode(stored):
        figures = {
            name: dataclasses.replace(figure, title=figure.title + _REDRAWN)
            for name, figure in figures.items()
        }
    packed = {
        name: pickle.dumps(figure, pickle.HIGHEST_PROTOCOL) for name, figure in figures.items()
    }
    return Analysis(found, packed)


def check(experiment: str, body: bytes) -> bytes:
    """Findings alone, as JSON, with a warning of fields that are not declared; no figure is made.

    Raises as :func:`analyse`.
    """
    declared, readings = read(experiment, body)
    with _blaming(readings), rules.using(rules.chosen(readings.rules)):
        return msgspec.json.encode(findings(_result(declared, readings), readings, body))


def alike(works: dict[str, dict[str, bytes]]) -> bytes:
    """By experiment, the pairs of requests whose readings agree beyond chance, as JSON."""
    decoder = msgspec.json.Decoder(float_hook=Decimal)
    found = {
        experiment: likenesses({owner: decoder.decode(body) for owner, body in bodies.items()})
        for experiment, bodies in works.items()
    }
    return msgspec.json.encode(found)


def steps(experiment: str, body: bytes) -> bytes:
    """The worked steps, as JSON.  Raises as :func:`analyse`."""
    declared, readings = read(experiment, body)
    return msgspec.json.encode(worked(ledger(declared, readings, body)))


def ledger(experiment: Experiment, readings: Any, body: bytes) -> Ledger:
    """The worked steps by the rule that the readings ask for; numbers as in the ``body``."""
    sent = json.loads(body, parse_float=str, parse_int=str)
    with _blaming(readings), rules.using(rules.chosen(readings.rules)):
        return experiment.ledger(readings, _result(experiment, readings), sent)


def read(experiment: str, body: bytes) -> tuple[Experiment, Any]:
    """The experiment of that module name, and its readings.  Raises BadInput."""
    declared = importlib.import_module(f"functions.{experiment}").function
    assert isinstance(declared, Experiment)
    return declared, decode(body, declared.input)


def run(experiment: Experiment, readings: Any) -> tuple[Result, dict[str, Figure]]:
    """Result and figures of an experiment, by the rule that the readings ask for.

    Raises ReadingError, also where the size of the readings makes the arithmetic fail.
    """
    with _blaming(readings), rules.using(rules.chosen(readings.rules)):
        result = _result(experiment, readings)
        figures = experiment.figures(readings, result)
        said = _words_of(readings)
        spoken = msgspec.structs.replace(result, warnings=list(map(said.caution, result.warnings)))
        return result, lab.annotated.annotated(figures, spoken, dict(_columns("", readings)))


def _result(experiment: Experiment, readings: Any) -> Result:
    result = experiment.analyse(readings)
    require_finite(msgspec.to_builtins([result.measurands, result.fits]))
    return result


@contextlib.contextmanager
def _blaming(readings: Any) -> Iterator[None]:
    """Make the failing of arithmetic the readings' fault where their sizes are; else it is ours.

    What is refused is said in the words of the form.
    """
    try:
        yield
    except ReadingError as error:
        error.words = _words_of(readings).refusal(error)
        raise
    except (ArithmeticError, ResultError) as reason:
        sizes = [abs(number) for number in _numbers(msgspec.to_builtins(readings)) if number]
        wide = sizes and (max(sizes) > _LARGE or min(sizes) < 1 / _LARGE)
        if not wide and not isinstance(reason, ResultError):
            raise
        raise ReadingError("读数的大小相差悬殊，无法得到有限的结果，请检查单位与小数点") from reason


def _columns(path: str, value: Any) -> Iterator[tuple[str, list[float]]]:
    """Every column of the readings by its path, as warnings name it."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _columns(f"{path}.{name}".removeprefix("."), getattr(value, name))
    elif isinstance(value, list) and all(isinstance(item, float | int) for item in value):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _columns(f"{path}[{index}]", item)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, float | int):
        yield float(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)


def findings(result: Result, readings: Any, body: bytes | None = None) -> Findings:
    """The three lists of a result that go on the wire, the warnings in the words of the form.

    ``body``: the request that the readings came in, where its undeclared fields are to be named.
    """
    said = _words_of(readings)
    ignored = [] if body is None else ignored_fields(kept(body, readings).ignored)
    warnings = [said.caution(caution) for caution in result.warnings] + ignored
    rule = rules.chosen(readings.rules)
    default = rule.name == rules.DEFAULT
    applied = UNSET if default else AppliedRules(rule.name, rule.title, rule.version)
    return Findings(result.measurands, result.fits, warnings, applied)


def _words_of(readings: Any) -> Words:
    kind: type[msgspec.Struct] = type(readings)
    return words(kind)


def require_finite(value: Any) -> None:
    """Raise ResultError where a number is NaN or infinite: JSON would make it null."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ResultError("a result is not finite")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            require_finite(item)


def draw(figure: Figure, format_: Format) -> bytes:
    """The figure as ``png``, ``svg`` or ``pdf``."""
    return lab.drawing.render(figure, format_)


def draw_packed(figure: bytes, format_: Format) -> bytes:
    """A figure of :class:`Analysis` as ``png``, ``svg`` or ``pdf``."""
    return draw(pickle.loads(figure), format_)  # noqa: S301 - packed by our own worker
