"""The worked steps: every printed number follows from the printed numbers before it."""

from collections.abc import Iterator

import msgspec
import pytest

from functions._lab.notation.ledger import Ledger, Section
from functions._lab.notation.printers.latex import latex
from functions._lab.notation.printers.plain import plain
from functions._lab.result import Result
from functions._lab.rules import chosen, profiles, using
from functions._runtime.experiment import Experiment
from tests.experiments import BY_DECLARATION, EXPERIMENTS
from tests.lab.notation.written import members

SAMPLES = [(one, path.stem) for one in EXPERIMENTS for path in one.sample_paths]
each_sample = pytest.mark.parametrize(
    ("experiment", "stem"), SAMPLES, ids=[stem for _, stem in SAMPLES]
)


def worked(experiment: Experiment, stem: str) -> tuple[Result, Ledger]:
    path = next(path for path in experiment.sample_paths if path.stem == stem)
    readings = msgspec.json.decode(path.read_bytes(), type=experiment.input)
    result = experiment.analyse(readings)
    return result, experiment.ledger(readings, result)


def lines(section: Section) -> Iterator[str]:
    for step in section.steps:
        yield step.words if step.math is None else plain(step.math)


@each_sample
def test_what_is_printed_follows_from_what_is_printed(experiment: Experiment, stem: str) -> None:
    """Members of one chain agree: values to 2e-4, what has three digits to 0.8 %."""
    compared = 0
    result, ledger = worked(experiment, stem)
    for section in ledger.sections:
        for step in section.steps:
            if step.math is None:
                continue
            first, *rest = members(latex(step.math)) or [None]
            for other in rest:
                ratio = (other / first).to("").magnitude if first.magnitude else 1.0
                close = 8e-3 if "不确定度" in step.words or "灵敏" in step.words else 3e-4
                assert ratio == pytest.approx(1, abs=close), (section.title, plain(step.math))
                compared += 1
    assert compared or not any(one.standard_uncertainty for one in result.measurands)


@each_sample
def test_nothing_is_drawn_raw(experiment: Experiment, stem: str) -> None:
    """Every section has a title and steps; no number has more than seven digits."""
    result, ledger = worked(experiment, stem)
    assert ledger.readings
    assert len(ledger.sections) >= len(result.measurands)
    for section in ledger.sections:
        assert section.title.strip()
        assert all(step.words or step.math for step in section.steps)
        assert "nan" not in " ".join(lines(section)).lower()


DECLARED = [pytest.param(one, stem, id=stem) for one, stem in SAMPLES if one.name in BY_DECLARATION]


@pytest.mark.parametrize("rule", profiles())
@pytest.mark.parametrize(("experiment", "stem"), DECLARED)
def test_the_steps_lead_to_what_the_rule_quotes(
    experiment: Experiment, stem: str, rule: str
) -> None:
    """Under every rule the last printed u of a measurand is what its result says, to 0.8 %."""
    with using(chosen(rule)):
        result, ledger = worked(experiment, stem)
    for measurand in result.measurands:
        title = f"{measurand.name} {measurand.symbol}"
        (section,) = [one for one in ledger.sections if one.title == title]
        printed = [
            members(latex(step.math))[-1]
            for step in section.steps
            if step.math and plain(step.math).startswith(f"u({measurand.symbol}) =")
        ]
        assert printed[-1].magnitude == pytest.approx(measurand.standard_uncertainty, rel=8e-3)
