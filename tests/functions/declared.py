"""Run a declared experiment on a sample, or on readings of one's own."""

import json
from typing import Any

import msgspec

from functions._lab.result import Result
from functions._runtime.discovery import load
from functions._runtime.experiment import SAMPLES, Experiment


def sample(name: str) -> dict[str, Any]:
    """The readings of a committed sample."""
    readings: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    return readings


def analysed(function: str, readings: dict[str, Any]) -> Result:
    """The result of an experiment."""
    experiment = load(function)
    assert isinstance(experiment, Experiment)
    return experiment.analyse(msgspec.convert(readings, experiment.input))


def typed(number: float, digits: int) -> float:
    """A number as a report prints it, to so many significant digits."""
    return float(f"{number:.{digits}g}")
