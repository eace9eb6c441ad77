"""Every experiment with misplaced zeros everywhere: a finding or a refusal, in bounded memory.

Each body is analysed in a forked process of its own, whose peak of resident memory is read from the
kernel (``VmHWM``, reset before).  ``pytest -s`` and the summary show the worst figures.
"""

import json
import math
import multiprocessing
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import MAX_POINTS
from functions._lab.model_names import METHOD_TITLES
from functions._runtime import work
from functions._runtime.discovery import discover
from functions._runtime.errors import BadInput
from functions._runtime.experiment import SAMPLES, Experiment
from functions._runtime.validation import decode
from functions.frank_hertz import FrankHertz
from functions.uncertainty import MOST_READINGS
from tests.experiments import REPRESENTATIVE

MOST_MB = 200
MOST_SECONDS = 10.0
"""Of processor time, some four times what the worst body takes on an idle core."""
FACTORS = (1e3, 1e4, 1e6, 1e12)
"""In turn of a reading in the middle and of the last one."""
MANY_COLUMNS = 4
"""Of more, only some are spoilt at their greatest length, and each in every third way."""
DENORMALS = (5e-324, 1e-310)

EXPERIMENTS = {found.name: found for found in discover() if isinstance(found, Experiment)}

STANDING = [one.name for one in REPRESENTATIVE]


@dataclass(frozen=True)
class Outcome:
    """How one analysis ended."""

    megabytes: float
    """Peak beyond what the process held before."""
    seconds: float
    """Processor time."""
    refusal: str
    """The sentence of a refusal; "" where there were findings."""
    fault: str
    """Any other exception."""


def analysed(name: str, body: dict[str, Any], drawn: bool = False) -> Outcome:
    """The body analysed, and its figures drawn where asked, in a process forked for it."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_in_child, args=(theirs, name, msgspec.json.encode(body), drawn)
    )
    process.start()
    theirs.close()
    outcome: Outcome = ours.recv()
    process.join()
    return outcome


def _in_child(answer: Connection, name: str, body: bytes, drawn: bool) -> None:
    warnings.simplefilter("ignore")
    Path("/proc/self/clear_refs").write_text("5")
    before, began = _resident("VmRSS"), time.process_time()
    refusal = fault = ""
    try:
        analysis = work.analyse(name, body)
        for figure in analysis.figures.values() if drawn else ():
            work.draw_packed(figure, "png")
    except (ReadingError, BadInput) as error:
        refusal = str(error)
    except BaseException as error:
        fault = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - began
    answer.send(Outcome(_resident("VmHWM") - before, seconds, refusal, fault))


def _resident(name: str) -> float:
    """MB of resident memory, now (VmRSS) or at its peak (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def samples(name: str) -> Iterator[dict[str, Any]]:
    """The bodies of an experiment; of the fit one with every model."""
    seen = set()
    for path in EXPERIMENTS[name].sample_paths:
        if path.stem != "ultrasound-clean":  # the same columns as its other sample
            body = json.loads(path.read_text())
            seen.add(body.get("model"))
            yield body
    if name == "fit":
        sample = json.loads((SAMPLES / "fit.json").read_text())
        positive = {"x": [1 + x for x in sample["x"]], "y": sample["y"], "title": ""}
        yield from (positive | {"model": model} for model in METHOD_TITLES if model not in seen)


def columns(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all arrays of numbers."""
    if isinstance(value, list) and value and all(type(item) in (int, float) for item in value):
        yield path
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from columns(item, (*path, key))


def changed(body: dict[str, Any], path: tuple[Any, ...], values: list[Any]) -> dict[str, Any]:
    """The body with another array at the path; what is beside the path is shared."""

    def replaced(value: Any, rest: tuple[Any, ...]) -> Any:
        if not rest:
            return values
        other = value.copy()
        other[rest[0]] = replaced(value[rest[0]], rest[1:])
        return other

    result: dict[str, Any] = replaced(body, path)
    return result


def column(body: dict[str, Any], path: tuple[Any, ...]) -> list[Any]:
    value: Any = body
    for key in path:
        value = value[key]
    return list(value)


def spoilt(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The body with one column spoilt, in each way in turn."""
    paths = list(columns(body))
    for turn, path in enumerate(paths):
        values = column(body, path)
        ways = list(enumerate((*FACTORS, *DENORMALS)))
        for number, factor in ways[turn % 3 :: 3] if len(paths) > MANY_COLUMNS else ways:
            place = len(values) - 1 if number % 2 else len(values) // 2
            other = values[place] * factor if factor > 1 else factor
            one = [*values[:place], other, *values[place + 1 :]]
            yield f"{path}[{place}] {factor:g}", changed(body, path, one)
        for other in (values[0], DENORMALS[0]):
            yield f"{path} all {other:g}", changed(body, path, [other] * len(values))


def stretched(body: dict[str, Any], length: int) -> dict[str, Any]:
    """The body with every column at its greatest length, as if read that much more densely."""
    rng, other = np.random.default_rng(1), body
    for path in columns(body):
        values = np.array(column(body, path), dtype=float)
        if values.size < 2:
            continue
        dense = np.interp(np.linspace(0, values.size - 1, length), range(values.size), values)
        whole = all(type(value) is int for value in column(body, path)) and path[-1] == "ni"
        dense = (
            np.round(dense) if whole else dense + rng.normal(0, 1e-4 * np.ptp(values), dense.size)
        )
        numbers = dense.round(6).tolist()
        other = changed(other, path, [int(number) for number in numbers] if whole else numbers)
    return other


def long(body: dict[str, Any], length: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Columns of the greatest length, sound and with one number spoilt."""
    dense = stretched(body, length)
    yield "sound", dense
    paths = [path for path in columns(dense) if len(column(dense, path)) == length]
    for number, path in enumerate(paths[:: 1 + len(paths) // MANY_COLUMNS]):
        values = column(dense, path)
        place, factor = (length // 2, 1e9) if number % 2 else (length - 1, 1e6)
        one = [*values[:place], values[place] * factor, *values[place + 1 :]]
        yield f"{path}[{place}] {factor:g}", changed(dense, path, one)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Load the laboratory before processes are forked, as the template of the workers does."""
    for name in lab.__all__:
        getattr(lab, name)
    lab.drawing.warm()


def judge(name: str, bodies: Iterator[tuple[str, dict[str, Any]]], drawn: bool = False) -> None:
    """Analyse the bodies and print the worst figures."""
    memory, seconds, refused, count = (0.0, ""), (0.0, ""), 0, 0
    for what, body in bodies:
        outcome = analysed(name, body, drawn)
        assert not outcome.fault, (what, outcome.fault)
        assert "计算失败" not in outcome.refusal, what
        assert not outcome.refusal or any("一" <= sign <= "鿿" for sign in outcome.refusal), what
        assert outcome.megabytes < MOST_MB, (what, outcome)
        assert outcome.seconds < MOST_SECONDS, (what, outcome)
        memory = max(memory, (outcome.megabytes, what))
        seconds = max(seconds, (outcome.seconds, what))
        refused += bool(outcome.refusal)
        count += 1
    assert refused < count
    print(
        f"{count} bodies, {refused} refused; at most {memory[0]:.0f} MB ({memory[1]}), "
        f"{seconds[0]:.2f} s ({seconds[1]})"
    )


@pytest.mark.parametrize("name", STANDING)
def test_misplaced_zeros_anywhere(name: str) -> None:
    judge(name, (spoilt_one for body in samples(name) for spoilt_one in spoilt(body)))


@pytest.mark.parametrize("name", STANDING)
def test_columns_of_the_greatest_length(name: str) -> None:
    bodies = list(samples(name))
    length = MOST_READINGS if name == "uncertainty" else MAX_POINTS
    chosen = bodies if name == "fit" else bodies[-1:]
    judge(name, (one for body in chosen for one in long(body, length)))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_figures_of_misplaced_zeros(name: str) -> None:
    body = next(samples(name)) if name == "fit" else list(samples(name))[-1]
    bodies = [("sound", body)]
    for path in list(columns(body))[-1:]:
        values = column(body, path)
        bodies += [
            (f"{path} {factor:g}", changed(body, path, [*values[:-1], values[-1] * factor]))
            for factor in FACTORS
        ]
    judge(name, iter(bodies), drawn=True)


@pytest.mark.parametrize("number", [5e-324, -1e-310, 9e-31])
def test_a_number_too_near_to_zero_is_refused_by_its_place(number: float) -> None:
    body = {"VG2K": [1.0, 2.0, 3.0], "groups": [{"currents": [0.0, 1.0, number]}]}
    with pytest.raises(BadInput) as caught:
        decode(msgspec.json.encode(body), FrankHertz)
    assert caught.value.detail.endswith("太接近零，请检查单位与小数点，或填 0")
    assert (caught.value.field, caught.value.index) == ("groups[0].currents", 2)
    body["groups"] = [{"currents": [0.0, 1.0, math.copysign(1e-30, number)]}]
    assert decode(msgspec.json.encode(body), FrankHertz).groups[0].currents is not None
