"""Whether a fitted line can give a measurand with an uncertainty, and what to say where not."""

from functions._lab import checks
from functions._lab.line import Line
from functions._lab.result import Caution


def has_uncertainty(line: Line) -> bool:
    """Whether slope and intercept carry an uncertainty that means something.

    Two points without instrument limits determine the line and nothing about its scatter.
    """
    return line.type_a_known or bool(line.components)


def scatter_checks(line: Line, what: str, field: str = "") -> list[Caution]:
    """Warn of too few readings for the uncertainty of ``what`` (Chinese), or for any at all."""
    if not line.degrees_of_freedom and line.chi_squared is None:
        return [
            unfit(
                f"{what}：{line.n} 个读数刚好定出直线，无法由离散评定不确定度，请增加测量点", field
            )
        ]
    return checks.few_points(line.degrees_of_freedom, what, field)


def unfit(sentence: str, field: str = "") -> Caution:
    """The warning that stands in place of a measurand."""
    return Caution("no-measurand", sentence, field)
