"""The worked steps of a run on the wire: every formula in plain text, MathML and LaTeX."""

from msgspec import Struct

from functions._lab.notation.ledger import Ledger, Section, Step, Table
from functions._lab.notation.mathematics import Symbol
from functions._lab.notation.printers.latex import latex
from functions._lab.notation.printers.mathml import mathml
from functions._lab.notation.printers.plain import plain


class WorkedStep(Struct, frozen=True):
    """One line; the formulas are empty where it is words alone."""

    words: str
    plain: str
    mathml: str
    latex: str


class WorkedHead(Struct, frozen=True):
    """The head of a column."""

    title: str
    symbol: str
    mathml: str
    unit: str


class WorkedTable(Struct, frozen=True):
    """Columns side by side; numbers are texts, with the digits that they have."""

    title: str
    heads: list[WorkedHead]
    columns: list[list[str]]


class WorkedSection(Struct, frozen=True):
    """How one quantity was found."""

    title: str
    steps: list[WorkedStep]
    table: WorkedTable | None


class Worked(Struct, frozen=True):
    """Readings and steps in the order of a report."""

    readings: list[WorkedTable]
    sections: list[WorkedSection]


def worked(ledger: Ledger) -> Worked:
    """A ledger, printed."""
    tables = [_table(table) for table in ledger.readings]
    return Worked(tables, [_section(section) for section in ledger.sections])


def _section(section: Section) -> WorkedSection:
    table = None if section.table is None else _table(section.table)
    return WorkedSection(section.title, [_step(step) for step in section.steps], table)


def _step(step: Step) -> WorkedStep:
    if step.math is None:
        return WorkedStep(step.words, "", "", "")
    return WorkedStep(step.words, plain(step.math), mathml(step.math), latex(step.math))


def _table(table: Table) -> WorkedTable:
    heads = []
    for title, symbol, unit in table.heads:
        shown = mathml(Symbol(symbol)) if symbol else ""
        heads.append(WorkedHead(title, symbol, shown, "" if unit == "1" else unit))
    return WorkedTable(table.title, heads, [list(column) for column in table.columns])
