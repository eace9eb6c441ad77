"""From the steps, the result and the figures of a run to its report.

Nothing is invented: what only the student can write stands as an empty heading with a hint.  Long
tables are cut to what is computed; the last line tells by which program and rules, so that an old
report can be computed again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct

from functions._lab.notation.ledger import Ledger, Section, Table
from functions._lab.notation.mathematics import Math, Row, Sign
from functions._lab.notation.printers.plain import plain
from functions._lab.reporting import fixed, significant
from functions._lab.result import Caution, Measurand, Result
from functions._lab.rules import Rules
from functions._report.content import (
    Block,
    Formula,
    Grid,
    Head,
    Heading,
    Items,
    Lines,
    Paragraph,
    Picture,
    Report,
)

_OWN = (
    ("实验目的", "写明本实验要测什么、练习什么方法。"),
    ("实验原理", "用自己的话写出原理，画出光路或电路。"),
    ("实验步骤", "写明实际怎样做的，与讲义不同之处尤其要写。"),
)
_WIDEST = 75
"""Characters of plain text that a line of formulas has room for."""
_DISCUSSION = (
    ("误差分析与讨论", "结合上面不确定度的主要来源和检查中的提示来写。"),
    ("思考题", "在此作答。"),
)


class Details(Struct, frozen=True):
    """The title block; what is empty is left out."""

    student: str = ""
    number: str = ""
    group: str = ""
    partner: str = ""
    date: str = ""
    conditions: str = ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What was typed, with its names."""
        named = (
            ("姓名", self.student),
            ("学号", self.number),
            ("班级", self.group),
            ("同组", self.partner),
            ("日期", self.date),
            ("室温等", self.conditions),
        )
        return tuple((name, text) for name, text in named if text.strip())


@dataclass(frozen=True)
class Source:
    """What a report is made of."""

    title: str
    result: Result
    ledger: Ledger
    pictures: tuple[Picture, ...]
    warnings: tuple[Caution, ...]
    """In the words of the form."""
    rules: Rules
    version: str
    details: Details
    whole: bool
    """With the headings that only the student can fill."""


def compose(source: Source) -> Report:
    """The report of a run."""
    return Report(f"{source.title} 实验报告", tuple(_blocks(source)))


def _blocks(source: Source) -> Iterator[Block]:
    if source.details.pairs:
        yield Lines(source.details.pairs)
    if source.whole:
        yield from _empty(_OWN)
    yield Heading(1, "原始数据")
    for number, table in enumerate(source.ledger.readings, 1):
        yield _grid(table, f"表 {number}　{table.title or '读数'}")
    yield Heading(1, "数据处理")
    for section in source.ledger.sections:
        yield from _section(section)
    if source.pictures:
        yield Heading(1, "图")
        yield from source.pictures
    yield Heading(1, "结果")
    yield Items(tuple(_line(measurand) for measurand in source.result.measurands))
    yield from _advice(source.result)
    yield Heading(1, "检查")
    said = tuple(caution.message for caution in source.warnings)
    yield Items(said) if said else Paragraph("对读数的检查没有发现问题。")
    if source.whole:
        yield from _empty(_DISCUSSION)
    by = source.rules.source or "自定义"
    yield Paragraph(f"评定规则：{source.rules.title}（{by}）。程序版本 {source.version}。")


def _empty(sections: tuple[tuple[str, str], ...]) -> Iterator[Block]:
    for title, hint in sections:
        yield Heading(1, title)
        yield Paragraph(hint, hint=True)


def _grid(table: Table, caption: str) -> Grid:
    return Grid(caption, tuple(Head(*head) for head in table.heads), table.columns)


def _section(section: Section) -> Iterator[Block]:
    yield Heading(2, section.title)
    for step in section.steps:
        if step.words:
            yield Paragraph(f"{step.words}：" if step.math else step.words)
        if step.math:
            yield Formula(_broken(step.math))
    if section.table is not None:
        yield _grid(section.table, section.table.title)


def _broken(math: Math) -> tuple[Math, ...]:
    """A chain of equalities in lines that a page has room for; the later ones begin with =."""
    if not isinstance(math, Row) or len(plain(math)) <= _WIDEST:
        return (math,)
    places = [i for i, item in enumerate(math.items) if item == Sign("=")]
    starts = [0, *places[1:]]
    ends = [*starts[1:], len(math.items)]
    lines: list[Math] = []
    for start, end in zip(starts, ends, strict=True):
        part = math.items[start:end]
        joined = Row((*lines[-1].items, *part)) if lines and isinstance(lines[-1], Row) else None
        if joined is not None and len(plain(joined)) <= _WIDEST:
            lines[-1] = joined
        else:
            lines.append(Row(part))
    return tuple(lines)


def _line(measurand: Measurand) -> str:
    said = f"{measurand.name}：{measurand.display}"
    u, value = measurand.standard_uncertainty, measurand.value
    if u and value:
        said += f"，相对不确定度 {significant(100 * u / abs(value), 2)} %"
    reference = measurand.reference
    if reference is not None:
        deviation = significant(100 * reference.relative_deviation, 2)
        said += f"；与参考值（{reference.source}）的相对偏差为 {deviation} %"
    return said


def _advice(result: Result) -> Iterator[Block]:
    """What the uncertainty of each result comes from most."""
    texts = []
    for measurand in result.measurands:
        u = measurand.standard_uncertainty
        if u and measurand.budget:
            worst = measurand.budget[0]
            share = 100 * (worst.contribution / u) ** 2
            texts.append(
                f"{measurand.symbol} 的不确定度主要来自{worst.name}，"
                f"占 u² 的 {fixed(share, 0)} %；要减小它，先改进这一项。"
            )
    if texts:
        yield Items(tuple(texts))
