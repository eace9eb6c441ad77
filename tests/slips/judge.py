"""Whether a mistake is named where it is, elsewhere, or not at all."""

import importlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from functions._lab.errors import ReadingError
from functions._lab.result import Caution, Result
from functions._runtime.errors import BadInput
from functions._runtime.validation import decode
from tests.slips.mistakes import UNIT, Mistake, samples

Outcome = Literal["here", "elsewhere", "silent", "unmoved"]

QUIET = frozenset({"few-points", "extrapolation", "no-scatter", "quantum"})
"""Warnings that blame no reading."""
OF_UNITS = frozenset({"unit", "offset", "reference", "range"})


def analysed(experiment: str, body: Any) -> Result | str:
    """The result of a request, or the field for which it is refused."""
    function = importlib.import_module(f"functions.{experiment.replace('-', '_')}").function
    try:
        result: Result = function.analyse(decode(msgspec.json.encode(body), function.input))
    except (BadInput, ReadingError) as refusal:
        return refusal.field
    return result


def moved(before: Result, after: Result) -> bool:
    """Whether a result moves by more than its own standard uncertainty, comes or goes."""
    first, second = ({m.name: m for m in result.measurands} for result in (before, after))
    return first.keys() != second.keys() or any(
        abs(second[name].value - m.value) > m.standard_uncertainty for name, m in first.items()
    )


def judge(before: Result, experiment: str, mistake: Mistake) -> Outcome:
    """The outcome of one mistake; a refusal that names the column names it."""
    after = analysed(experiment, mistake.body)
    if isinstance(after, str):
        return "here" if mistake.field in after else "elsewhere"
    if not moved(before, after):
        return "unmoved"
    known = {(c.code, c.message) for c in before.warnings}
    new = [c for c in after.warnings if (c.code, c.message) not in known and c.code not in QUIET]
    if any(_names(caution, mistake) for caution in new):
        return "here"
    return "elsewhere" if new else "silent"


def _names(caution: Caution, mistake: Mistake) -> bool:
    if mistake.kind == UNIT:
        named = caution.field == mistake.field or mistake.field in caution.message
        return named and caution.code in OF_UNITS
    return (caution.field, caution.index) == (mistake.field, mistake.index)


@dataclass
class Tally:
    """Counts of outcomes by experiment, and what was not named."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    missed: list[tuple[Mistake, Outcome]] = field(default_factory=list)

    def add(self, experiment: str, mistake: Mistake, outcome: Outcome) -> None:
        """Count one mistake."""
        self.counts.setdefault((mistake.kind, experiment), Counter())[outcome] += 1
        if outcome in ("elsewhere", "silent"):
            self.missed.append((mistake, outcome))

    def total(self, kind: str) -> Counter[str]:
        """Outcomes of one kind over all experiments."""
        return sum((c for (k, _), c in self.counts.items() if k == kind), Counter())

    def share(self, kind: str) -> float:
        """Share named at their place among those that move a result."""
        total = self.total(kind)
        telling = total["here"] + total["elsewhere"] + total["silent"]
        return total["here"] / telling if telling else 1.0


def tally(mistakes: Iterable[Mistake]) -> Tally:
    """Judge them all."""
    known = samples()
    before: dict[str, Result] = {}
    found = Tally()
    for mistake in mistakes:
        experiment, body = known[mistake.sample]
        if mistake.sample not in before:
            result = analysed(experiment, body)
            assert isinstance(result, Result), mistake.sample
            before[mistake.sample] = result
        outcome = judge(before[mistake.sample], experiment, mistake)
        found.add(experiment, mistake, outcome)
    return found
