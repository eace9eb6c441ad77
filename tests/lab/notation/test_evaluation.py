"""Columns by formulas: where the formula has a value but no derivative."""

import pytest

from functions._lab.errors import ReadingError
from functions._lab.notation.analysis import analyse
from functions._lab.notation.evaluation import evaluate
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import column, derived, mean, result, single
from functions._lab.notation.printers.latex import latex
from functions._lab.notation.steps import writing
from functions._lab.plausible import Span
from tests.functions.declared import analysed, sample


def test_equal_positions_have_no_distance() -> None:
    """|b - a| has no derivative at b = a: the row is named, in place of an uncertainty of nan."""
    given = sample("thin-lens-autocollimation")
    objects = [*given["x_o"][:-1], given["x_l"][-1]]
    with pytest.raises(ReadingError) as refused:
        analysed("thin_lens", {**given, "x_o": objects})
    assert (refused.value.index, refused.value.field) == (len(objects) - 1, "x_o")
    assert "由此算不出每次的焦距" in refused.value.message


class _Charge(Experiment, title="以 e 为名的量"):
    """``e`` is declared, so it is no Euler's number in this formula."""

    e = single("电荷", "e", "C", limit=0.01)
    U = single("电压", "U", "V", limit=0.1)
    W = result("功", "W", "J", "e*U")


def test_a_quantity_named_e_is_a_variable_in_the_steps() -> None:
    """u(W)/W = √((0.01/2)² + (0.1/10)²)/√3 = 0.006455."""
    readings = _Charge.input(e=2.0, U=10.0)
    written = writing.ledger(evaluate(_Charge, readings), analyse(_Charge, readings))
    steps = [step for section in written.sections for step in section.steps]
    printed = "".join(latex(step.math) for step in steps if step.math)
    assert "0.00645" in printed


class _Short(Experiment, title="短而相等的读数"):
    """Rows that are equal, whose limits are known."""

    a = column("宽", "a", "mm", limit=0.02, count=2)
    h = derived("半宽", "h", "mm", "a/2")
    m = mean("平均半宽", "m", "mm", h)
    w = result("宽", "w", "mm", "2*m")


def test_equal_rows_with_known_limits_have_no_hidden_digit() -> None:
    """0.8 and 0.8 mm with 0.02 mm: u = 0.02/√3 and nothing of half a step of 0.1 mm."""
    found = analyse(_Short, _Short.input(a=[0.8, 0.8])).measurands[0]
    assert found.standard_uncertainty == pytest.approx(0.02 / 3**0.5)


def test_a_usual_range_may_begin_at_zero() -> None:
    assert Span(0.0, 90.0).beyond(45.0) == 0
    assert Span(0.0, 90.0).beyond(900.0) == pytest.approx(1)
