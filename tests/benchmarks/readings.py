"""The readings of the benchmark: the committed samples, varied so that no stored run answers."""

import copy
import json
from typing import Any

from tests.server import ROOT

SAMPLES = ROOT / "data" / "samples"
EXPERIMENTS = (
    "fiber",
    "frank-hertz",
    "millikan",
    "mechanics",
    "thermal",
    "photo-devices",
    "solar-cell",
    "ultrasound",
)
_CONTRACT = {"fiber": "fiber-iu"}
"""Experiments whose first sample is fuller than the example of the interface's description."""
_COUNTED = frozenset({"ni"})
"""Columns of whole numbers, which must stay so."""


def sample(experiment: str) -> dict[str, Any]:
    """The example of an experiment in the description of the interface."""
    name = _CONTRACT.get(experiment, experiment)
    readings: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    return readings


def fresh(experiment: str, number: int) -> bytes:
    """The sample with one column larger by ``number`` parts in ten million, as a request body.

    Another ``number`` makes other readings of the same amount of work.
    """
    readings = copy.deepcopy(sample(experiment))
    column = _columns(readings)[-1]
    column[:] = [round(value * (1 + number * 1e-7), 12) for value in column]
    return json.dumps({**readings, "return_data_uri": True}).encode()


def _columns(value: Any, name: str = "") -> list[list[float]]:
    """All columns of numbers in a request, those with decimals last."""
    found: list[list[float]] = []
    if isinstance(value, dict):
        found = [column for key, item in value.items() for column in _columns(item, key)]
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        found = [column for item in value for column in _columns(item)]
    elif isinstance(value, list) and name not in _COUNTED and any(value):
        found = [value]
    return sorted(found, key=lambda column: any(v != int(v) for v in column))
