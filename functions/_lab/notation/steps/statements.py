"""The end of a computation: degrees of freedom, expanded uncertainty, the result, the reference."""

from collections.abc import Iterator

from functions._lab.notation.ledger import Step, function, significant, uncertainty, unit_of
from functions._lab.notation.mathematics import (
    Digits,
    Fraction,
    Lowered,
    Raised,
    Symbol,
    Total,
    Word,
    row,
)
from functions._lab.notation.steps.chains import chain
from functions._lab.reporting import fixed
from functions._lab.result import Measurand
from functions._lab.rules import DEFAULT, in_force


def statement(measurand: Measurand) -> Iterator[Step]:
    """ν_eff and k, U, the result as on a report, and its distance from the reference."""
    unit, symbol, u = measurand.unit, measurand.symbol, measurand.standard_uncertainty
    if not u:
        yield Step(f"结果：{measurand.display}")
        return
    rules = in_force()
    if rules.coverage != 1:
        yield from _coverage(measurand)
        k = Digits(fixed(measurand.coverage_factor, 2))
        numbers = row(k, "×", uncertainty(u, unit))
        expanded = uncertainty(measurand.expanded_uncertainty, unit)
        product = row(Symbol("k_P"), function("u", symbol))
        yield Step("扩展不确定度", chain(function("U", symbol), product, numbers, expanded))
    by = "" if rules.name == DEFAULT else f"（按{rules.title}的规则）"
    yield Step(f"结果{by}：{measurand.display}")
    reference = measurand.reference
    if reference is not None:
        percent = significant(100 * reference.relative_deviation, 2)
        accepted = Lowered(Symbol(symbol), Word("参考"))
        above = row(Symbol(symbol), "−", accepted)
        yield Step(
            f"与参考值（{reference.source}）的相对偏差",
            chain(Fraction(above, accepted), row(percent, unit_of("%"))),
        )


def _coverage(measurand: Measurand) -> Iterator[Step]:
    """Effective degrees of freedom by Welch and Satterthwaite, and Student's t."""
    dof, u = measurand.degrees_of_freedom, measurand.standard_uncertainty
    k = Digits(fixed(measurand.coverage_factor, 2))
    if in_force().coverage != "t":
        yield Step("包含因子", chain(Symbol("k_P"), k))
        return
    if dof is None:
        yield Step("自由度为无穷，P = 95 % 的包含因子", chain(Symbol("k_P"), k))
        return
    finite = [line for line in measurand.budget if line.degrees_of_freedom is not None]
    nu = Symbol("ν_eff")
    if len(finite) == 1 and finite[0].contribution >= 0.999999 * u:
        yield Step("自由度", chain(Symbol("ν"), significant(dof, 3)))
    else:
        symbolic = Fraction(
            Raised(function("u", measurand.symbol), Digits("4")),
            Total(Fraction(Raised(Symbol("u_i"), Digits("4")), Symbol("ν_i"))),
        )
        yield Step("有效自由度（韦尔奇–萨特思韦特公式）", chain(nu, symbolic, significant(dof, 3)))
    yield Step("P = 95 % 时 t 分布的包含因子", chain(Symbol("k_P"), k))
