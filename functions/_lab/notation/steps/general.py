"""The ledger of an experiment with kernels of its own, from what every analysis gives.

Its fits with their parameters and their scatter; for each measurand the budget, the combination of
the contributions, and the result.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from functions._lab.fields import Field, fields
from functions._lab.notation.ledger import (
    Ledger,
    Section,
    Step,
    Table,
    as_sent,
    function,
    listed,
    significant,
    text_of,
    uncertainty,
    value,
)
from functions._lab.notation.mathematics import Lowered, Raised, Root, Symbol, Total
from functions._lab.notation.steps.chains import TWO, chain
from functions._lab.notation.steps.quoted import name_of_uncertainty
from functions._lab.notation.steps.statements import statement
from functions._lab.reporting import significant as shares
from functions._lab.result import Fit, Measurand, Result


def ledger(
    readings: msgspec.Struct, result: Result, sent: Mapping[str, Any] | None = None
) -> Ledger:
    """Readings, fits and measurands of any experiment.

    ``sent`` : the request with its numbers as texts, for the tables to show them as typed.
    """
    sections = [Section(f"拟合：{fit.model}", tuple(_fit(fit))) for fit in result.fits]
    for measurand in result.measurands:
        steps = (*_combination(measurand), *statement(measurand))
        title = f"{measurand.name} {measurand.symbol}"
        sections.append(Section(title, steps, _budget(measurand)))
    return Ledger(tuple(_tables(readings, "", sent or {})), tuple(sections))


def _fit(fit: Fit) -> Iterator[Step]:
    for one in fit.parameters:
        shown = value(one.value, one.unit, one.standard_uncertainty)
        yield Step(f"{one.name}", chain(Symbol(one.symbol), shown))
        if one.standard_uncertainty:
            u = uncertainty(one.standard_uncertainty, one.unit)
            yield Step(f"{one.name}的标准不确定度", chain(function("u", one.symbol), u))
    yield Step(f"{fit.n} 组数据，自由度 ν = {fit.degrees_of_freedom}")
    if fit.residual_standard_deviation is not None:
        s = significant(fit.residual_standard_deviation, 3)
        yield Step("残差的标准偏差（单位同纵坐标）", chain(Symbol("s"), s))
    if fit.r_squared is not None and fit.r_squared < 1:
        away = max(4, 2 - math.floor(math.log10(1 - fit.r_squared)))
        squared = significant(fit.r_squared, min(away, 9))
        yield Step("决定系数", chain(Raised(Symbol("r"), TWO), squared))


def _combination(measurand: Measurand) -> Iterator[Step]:
    """y, and u as the root of the sum of squares of its contributions."""
    unit, u = measurand.unit, measurand.standard_uncertainty
    yield Step("估计值", chain(Symbol(measurand.symbol), value(measurand.value, unit, u)))
    if u:
        share = Lowered(Symbol("u"), Symbol("i"))
        total = Root(Total(Raised(share, TWO)))
        left = function("u", measurand.symbol)
        words = f"合成{name_of_uncertainty()}（各分量见表）"
        yield Step(words, chain(left, total, uncertainty(u, unit)))


def _budget(measurand: Measurand) -> Table | None:
    """The budget: cause, type, degrees of freedom, contribution to u, its share."""
    lines, u = measurand.budget, measurand.standard_uncertainty
    if not lines or not u:
        return None
    heads = (
        ("影响量", "", "1"),
        ("类别", "", "1"),
        ("自由度", "ν_i", "1"),
        ("对 u 的贡献", "u_i", measurand.unit),
        ("占 u² 的份额", "", "%"),
    )
    columns = (
        tuple(line.name for line in lines),
        tuple(line.type for line in lines),
        tuple("∞" if (dof := line.degrees_of_freedom) is None else f"{dof:.3g}" for line in lines),
        tuple(text_of(significant(line.contribution, 3)) for line in lines),
        tuple(shares(100 * (line.contribution / u) ** 2, 2) for line in lines),
    )
    return Table("不确定度的来源", heads, columns)


def _tables(readings: Any, title: str, sent: Any) -> Iterator[Table]:
    """Typed columns and single readings, Struct by Struct; those of equal length side by side."""
    kind: type[msgspec.Struct] = type(readings)
    declared = fields(kind)
    sent = sent if isinstance(sent, Mapping) else {}
    together: dict[int, list[tuple[Field, tuple[str, ...]]]] = {}
    for name in readings.__struct_fields__:
        given = getattr(readings, name)
        if isinstance(given, msgspec.Struct):
            yield from _tables(given, title, sent.get(name))
        elif isinstance(given, list) and given and isinstance(given[0], msgspec.Struct):
            parts = sent.get(name) or [None] * len(given)
            for number, (part, own) in enumerate(zip(given, parts, strict=True), 1):
                yield from _tables(part, f"第 {number} 组", own)
        elif name in declared and given is not None:
            for row_title, texts in _rows(declared[name], given, sent.get(name)):
                if row_title:
                    yield Table(row_title, (_head(declared[name]),), (texts,))
                else:
                    together.setdefault(len(texts), []).append((declared[name], texts))
    for length, part in together.items():
        if length == 1:
            numbers = [texts[0] for _, texts in part]
            yield listed(title or "单次读数与常量", [_head(field) for field, _ in part], numbers)
            continue
        heads = tuple(_head(field) for field, _ in part)
        yield Table(title, heads, tuple(texts for _, texts in part))


def _rows(field: Field, given: Any, sent: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A column, a single reading as a column of one, or the repeats of each row by themselves."""
    if isinstance(given, int | float):
        yield "", as_sent([float(given)], sent)
    elif given and isinstance(given[0], list):
        rows = sent or [None] * len(given)
        for number, (repeats, own) in enumerate(zip(given, rows, strict=True), 1):
            yield f"{field.title} 第 {number} 行", as_sent(repeats, own)
    elif given:
        yield "", as_sent(given, sent)


def _head(field: Field) -> tuple[str, str, str]:
    return field.title, field.symbol, field.unit
