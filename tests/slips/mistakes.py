"""Mistakes made on purpose in the committed samples: wrong units and slips of the pen."""

import copy
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from functions._runtime.discovery import load
from functions._runtime.experiment import Experiment
from tests.benchmarks.readings import EXPERIMENTS

FACTORS = (10, 0.1, 1000, 0.001)
UNIT, PLACE, EXCHANGED, REPLACED = "unit", "place", "exchanged", "replaced"
KINDS = (UNIT, PLACE, EXCHANGED, REPLACED)

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    """A sample with one thing wrong in it."""

    sample: str
    kind: str
    field: str
    """Path of the column as the warnings name it, ``groups[0].currents``."""
    index: int | None
    """Place of the reading; None for a whole column."""
    detail: str
    body: Any


def samples() -> dict[str, tuple[str, Any]]:
    """Stem of each sample of the eight experiments, with its experiment and its body."""
    found = {}
    for name in EXPERIMENTS:
        experiment = load(name.replace("-", "_"))
        assert isinstance(experiment, Experiment)
        for path in experiment.sample_paths:
            found[path.stem] = name, msgspec.json.decode(path.read_bytes())
    return found


def columns(body: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Paths of all lists of numbers in a request."""
    if isinstance(body, list) and body and all(isinstance(v, int | float) for v in body):
        yield keys
    elif isinstance(body, dict | list):
        items: Any = body.items() if isinstance(body, dict) else enumerate(body)
        for key, value in items:
            yield from columns(value, (*keys, key))


def field_of(keys: Keys) -> str:
    """The path as the warnings write it."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def wrong_units(sample: str, body: Any) -> Iterator[Mistake]:
    """Every column as it would be typed in another unit."""
    for keys in columns(body):
        for factor in FACTORS:
            changed, values = _copied(body, keys)
            values[:] = [float(f"{value * factor:.12g}") for value in values]
            yield Mistake(sample, UNIT, field_of(keys), None, f"×{factor:g}", changed)


def slips(sample: str, body: Any, seed: int) -> Iterator[Mistake]:
    """Every reading moved by a decimal place, with neighbouring digits exchanged, and one of its
    digits replaced by another at random."""
    rng = random.Random(f"{sample} {seed}")
    for keys in columns(body):
        for index, typed in enumerate(_at(body, keys)):
            for kind, text in _written(typed, rng):
                changed, values = _copied(body, keys)
                values[index] = type(typed)(float(text))
                detail = f"{typed} → {text}"
                yield Mistake(sample, kind, field_of(keys), index, detail, changed)


def _written(typed: float, rng: random.Random) -> Iterator[tuple[str, str]]:
    """What may be written instead of a number."""
    number = Decimal(str(typed))
    if number:
        shifts = (1,) if isinstance(typed, int) and typed % 10 else (1, -1)
        for shift in shifts:
            yield PLACE, f"{number.scaleb(shift):f}"
    digits = f"{number:f}"
    spots = [i for i, c in enumerate(digits) if c.isdigit()]
    for left, right in itertools.pairwise(spots):
        if digits[left] != digits[right]:
            swapped = list(digits)
            swapped[left], swapped[right] = digits[right], digits[left]
            yield EXCHANGED, "".join(swapped)
    for spot in spots:
        other = rng.choice([c for c in "0123456789" if c != digits[spot]])
        yield REPLACED, digits[:spot] + other + digits[spot + 1 :]


def _at(body: Any, keys: Keys) -> Any:
    for key in keys:
        body = body[key]
    return body


def _copied(body: Any, keys: Keys) -> tuple[Any, list[float]]:
    """A copy of the request, and the column in it."""
    changed = copy.deepcopy(body)
    return changed, _at(changed, keys)
