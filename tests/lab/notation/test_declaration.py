"""What a declaration must hold, each fault with a sentence that names it."""

import pytest

from functions._lab.notation.experiment import DeclarationError, Experiment, require_units
from functions._lab.notation.nodes import column, constant, derived, mean, result, single, slope
from tests.experiments import BY_DECLARATION, EXPERIMENTS


def test_a_formula_names_what_stands_above_it() -> None:
    with pytest.raises(DeclarationError, match="x"):

        class Early(Experiment, title="t"):
            y = derived("量", "y", "1", "2*x")


def test_a_result_has_the_declared_unit() -> None:
    class Wrong(Experiment, title="t"):
        a = single("长", "a", "cm", limit=0.1)
        b = result("面积", "b", "m", "a**2")

    with pytest.raises(DeclarationError, match="给出 m²，而声明为 m"):
        require_units(Wrong)


def test_a_sum_adds_what_can_be_added() -> None:
    class Unlike(Experiment, title="t"):
        a = single("长", "a", "cm", limit=0.1)
        m = single("质量", "m", "g", limit=0.1)
        b = result("和", "b", "m", "a + m")

    with pytest.raises(DeclarationError, match="相加减"):
        require_units(Unlike)


def test_a_slope_has_the_unit_of_its_columns() -> None:
    class Tenfold(Experiment, title="t"):
        x = column("长", "x", "cm", table="表", limit=0.1)
        y = column("时间", "y", "s", table="表", limit=0.1)
        b = slope("斜率", "b", "s/m", x=x, y=y)

    with pytest.raises(DeclarationError, match="单位应为 s/cm"):
        require_units(Tenfold)


def test_a_column_is_not_made_with_an_uncertain_quantity() -> None:
    with pytest.raises(DeclarationError, match="不确定度"):

        class Common(Experiment, title="t"):
            k = single("倍数", "k", "1", limit=0.1)
            x = column("长", "x", "cm", table="表", limit=0.1)
            y = derived("量", "y", "cm", "k*x")


def test_a_unit_is_known() -> None:
    class Strange(Experiment, title="t"):
        a = constant("量", "a", "furlongish", 1.0)

    with pytest.raises(DeclarationError, match="furlongish"):
        require_units(Strange)


def test_a_node_is_made_of_nodes_of_the_same_class() -> None:
    foreign = column("长", "x", "cm", table="表")
    with pytest.raises(DeclarationError):

        class Borrowing(Experiment, title="t"):
            m = mean("平均", "m", "cm", foreign)


def test_every_declared_experiment_of_the_bundle_holds_together() -> None:
    """By evaluating its samples, which checks its units first."""
    assert len(BY_DECLARATION) >= 22
    assert {one.chapter for one in EXPERIMENTS if one.name in BY_DECLARATION} == {
        *("力学与热学", "电磁学", "光学", "近代物理")
    }
