"""What of the mistakes in every sample is named: floors a little below what is reached.

``make slips`` prints the whole tables; here one mistake in twelve is tried.
"""

import pytest

from tests.slips.__main__ import main
from tests.slips.judge import tally
from tests.slips.mistakes import (
    EXCHANGED,
    PLACE,
    REPLACED,
    UNIT,
    Mistake,
    samples,
    slips,
    wrong_units,
)
from tests.slips.sound import MAKERS, alarms


def test_most_slips_are_named_at_their_cell() -> None:
    tried = [
        mistake for name, (_, body) in samples().items() for mistake in slips(name, body, seed=1)
    ][::12]
    found = tally(tried)
    shares = {kind: found.share(kind) for kind in (PLACE, EXCHANGED, REPLACED)}
    print({kind: f"{100 * share:.1f} %" for kind, share in shares.items()}, "of", len(tried))
    assert shares[PLACE] > 0.94
    assert shares[EXCHANGED] > 0.90
    assert shares[REPLACED] > 0.82


def test_columns_in_another_unit_are_named() -> None:
    mistakes = [m for name, (_, body) in samples().items() for m in wrong_units(name, body)]
    found = tally(mistakes)
    missed = [(mistake.sample, mistake.field, mistake.detail) for mistake, _ in found.missed]
    assert len(mistakes) == 380
    assert found.share(UNIT) >= 0.98, missed


@pytest.mark.parametrize("experiment", MAKERS)
def test_sound_tables_are_seldom_warned_of(experiment: str) -> None:
    """Where one table in a hundred is, more than six of 150 are seen once in a thousand draws."""
    assert len(alarms(experiment, 150, seed=7)) <= 6


def test_the_judge_tells_what_is_named_where() -> None:
    (name, body) = "thermal", samples()["thermal"][1]
    column = body["pt100_resistance"]

    def spoilt(index: int, value: float, blamed: int) -> str:
        values = [*column[:index], value, *column[index + 1 :]]
        changed = {**body, "pt100_resistance": values}
        mistake = Mistake(name, PLACE, "pt100_resistance", blamed, "", changed)
        counts = tally([mistake]).counts[PLACE, "thermal"]
        return next(iter(counts))

    assert spoilt(2, column[2] * 10, 2) == "here"
    assert spoilt(2, column[2] * 10, 3) == "elsewhere"
    assert spoilt(2, column[2], 2) == "unmoved"
    assert spoilt(2, 0.0, 2) == "here"


def test_the_command_prints_both_tables(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--only", "thermal", "--kinds", "place", "unit", "--share", "0.2", "--sound", "5"])
    printed = capsys.readouterr().out
    assert "| a decimal place: thermal | " in printed
    assert "| a column in another unit: all | " in printed
    assert "| thermal | " in printed.partition("sound tables")[2]
