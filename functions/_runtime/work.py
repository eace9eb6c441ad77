"""What runs in a worker process: analyse readings, draw a figure.  Pure; no database, no files."""

import importlib
import math
import pickle
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from functions import _lab as lab
from functions._lab.errors import ReadingError, ResultError
from functions._lab.figure import Figure
from functions._lab.result import Result
from functions._runtime.experiment import Experiment, Findings

Format: TypeAlias = Literal["png", "svg", "pdf"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Outcome of one analysis in a worker: findings as JSON, and the figures by name.

    The figures are packed: the serving process hands them on to be drawn without opening them, so
    the arrays in them never make it load NumPy.
    """

    findings: bytes
    figures: dict[str, bytes]


def analyse(experiment: str, body: bytes) -> Analysis:
    """Analyse the readings in ``body`` with the experiment of that module name.

    Raises ReadingError where they cannot be analysed, ResultError where a number is not finite.
    """
    declared = importlib.import_module(f"functions.{experiment}").function
    assert isinstance(declared, Experiment)
    readings = msgspec.json.decode(body, type=declared.input)
    result, figures = run(declared, readings)
    packed = {
        name: pickle.dumps(figure, pickle.HIGHEST_PROTOCOL) for name, figure in figures.items()
    }
    return Analysis(msgspec.json.encode(findings(result)), packed)


def run(experiment: Experiment, readings: Any) -> tuple[Result, dict[str, Figure]]:
    """Result and figures of an experiment.

    Raises ReadingError, also where the size of the readings makes the arithmetic fail.
    """
    try:
        result = experiment.analyse(readings)
        require_finite(msgspec.to_builtins(findings(result)))
        return result, experiment.figures(readings, result)
    except (ArithmeticError, ResultError) as reason:
        raise ReadingError("读数的大小相差悬殊，无法得到有限的结果，请检查单位与小数点") from reason


def findings(result: Result) -> Findings:
    """The three lists of a result that go on the wire."""
    return Findings(result.measurands, result.fits, result.warnings)


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
