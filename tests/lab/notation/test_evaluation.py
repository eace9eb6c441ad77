"""Columns by formulas: where the formula has a value but no derivative."""

import pytest

from functions._lab.errors import ReadingError
from functions._lab.fields import Real
from functions._lab.notation.analysis import analyse, figures
from functions._lab.notation.evaluation import evaluate
from functions._lab.notation.experiment import Experiment
from functions._lab.notation.nodes import (
    column,
    derived,
    figure,
    mean,
    result,
    single,
    slope,
    successive,
)
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


class _Two(Experiment, title="两种算法"):
    """A line and successive differences of one table, and a root that may be of a negative."""

    i = column("次数", "i", "1", table="表", count=4, counted=True)
    y = column("位置", "y", "mm", table="表", limit=0.01, count=4, kind=Real)
    c = single("另一个量", "c", "mm", limit=0.01, kind=Real)
    b = slope("斜率", "b", "mm", x=i, y=y)
    s = successive("逐差", "s", "mm", x=i, y=y)
    B = result("最小二乘结果", "B", "mm", "b")
    S = result("逐差结果", "S", "mm", "s")
    R = result("根", "R", "mm", "sqrt(c*S)")
    plot = figure("位置与次数", s)
    other = figure("直线", b)


def test_what_cannot_be_computed_does_not_take_the_rest_along() -> None:
    """Rows 1, 2, 3, 5 have a line but no equal steps; c < 0 has no root."""
    sound = analyse(_Two, _Two.input(i=[1, 2, 3, 4], y=[1.0, 2.0, 3.0, 4.0], c=4.0))
    assert [m.symbol for m in sound.measurands] == ["B", "S", "R"]
    assert sound.measurand("R").value == pytest.approx(2)
    readings = _Two.input(i=[1, 2, 3, 5], y=[1.0, 2.0, 3.0, 5.0], c=4.0)
    found = analyse(_Two, readings)
    assert [m.symbol for m in found.measurands] == ["B"]
    assert found.measurand("B").value == pytest.approx(1)
    (said,) = [w for w in found.warnings if w.code == "not-computed"]
    assert "等间隔" in said.message
    assert list(figures(_Two, readings, found)) == ["other"]
    written = writing.ledger(evaluate(_Two, readings), found)
    assert [s.title for s in written.sections if "等间隔" in s.steps[0].words] == [
        "逐差 s",
        "逐差结果 S",
        "根 R",
    ]
    negative = analyse(_Two, _Two.input(i=[1, 2, 3, 4], y=[1.0, 2.0, 3.0, 4.0], c=-4.0))
    assert [m.symbol for m in negative.measurands] == ["B", "S"]
    assert any("算不出根" in w.message for w in negative.warnings)


def test_where_no_result_remains_the_readings_are_refused() -> None:
    with pytest.raises(ReadingError, match="算不出"):
        analyse(_Root, _Root.input(c=-1.0))


class _Root(Experiment, title="根"):
    """One result alone."""

    c = single("一个量", "c", "mm²", limit=0.01, kind=Real)
    R = result("根", "R", "mm", "sqrt(c)")
