"""What a student worked out by hand, compared with the same by the rule in force.

A claim is a text: the mean of repeats, their s, u_A, u_B or u; a measurand's estimate, u, U, or the
line of the report.  It is right within the last digit that it has, and half a per cent for an
uncertainty, as one that was worked out from rounded numbers is.  A wrong one is compared with what
the usual slips make of the same readings, and named after the first that agrees.
"""

import math
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from functions._lab.claim_kinds import Kind
from functions._lab.reporting import round_pair, significant
from functions._lab.result import Measurand
from functions._lab.rules import in_force
from functions._lab.rules.factors import of_limit, of_repeats

_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−－", "-+0123456789--")
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_POWER = r"(?:\s*[×x*·]\s*10\s*\^?\s*\{?\(?([-+]?\d+)\)?\}?|[eE]([-+]?\d+))?"
_PLAIN = re.compile(rf"\s*({_NUMBER}){_POWER}\s*")
_PAIR = re.compile(rf"\(?\s*({_NUMBER})\s*(?:±|\+/-|\+-)\s*({_NUMBER})\s*\)?{_POWER}\s*(.*)")
_HAND = 0.005
"""Relative; what rounded intermediate values do to an uncertainty."""
_LAST = Decimal("0.6")
"""Steps of the last digit that a claim may be off."""
_SLIPS_AGREE = 0.004


@dataclass(frozen=True, slots=True)
class Repeated:
    """A quantity that was read several times: readings, limit of error, and what they make of u."""

    readings: Sequence[float]
    limit: float | None
    type_a: float
    type_b: float
    combined: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim is right, what it should be, and the likely slip, Chinese."""

    right: bool
    expected: str
    message: str


Slips: TypeAlias = Iterator[tuple[float, str]]


def judge_repeated(kind: Kind, text: str, of: Repeated) -> Verdict:
    """A claim about repeats.  ``kind`` is one of mean, s, u_A, u_B, u."""
    mean, s = statistics.fmean(of.readings), statistics.stdev(of.readings)
    expected, slips = {
        "mean": (mean, _of_mean(of.readings)),
        "s": (s, _of_s(of.readings, s)),
        "u_A": (of.type_a, _of_type_a(of.readings, s)),
        "u_B": (of.type_b, _of_type_b(of.limit, len(of.readings))),
        "u": (of.combined, _of_combined(of)),
    }[kind]
    tolerance = of.type_a / 20 if kind == "mean" else _HAND * expected
    return _judged(kind, text, expected, tolerance, slips)


def judge(kind: Kind, text: str, of: Measurand) -> Verdict:
    """A claim about a measurand.  ``kind`` is one of value, u, U, line."""
    if kind == "line":
        return _line(text, of)
    u, expanded = of.standard_uncertainty, of.expanded_uncertainty
    expected = {"value": of.value, "u": u, "U": expanded}[kind]
    slips = {"value": _of_value, "u": _of_u, "U": _of_expanded}[kind](of)
    tolerance = max(u / 10, 1e-6 * abs(of.value)) if kind == "value" else 2 * _HAND * expected
    return _judged(kind, text, expected, tolerance, slips)


def _judged(kind: Kind, text: str, expected: float, tolerance: float, slips: Slips) -> Verdict:
    shown = significant(expected, 6 if kind in ("mean", "value") else 3)
    claimed = _number(text)
    if claimed is None:
        return Verdict(False, shown, f"看不懂“{text[:30]}”，请只填一个数，如 0.0123 或 1.23×10^-4")
    number, step = claimed
    if abs(number - expected) <= max(tolerance, float(_LAST) * _rounded_at(expected, step)):
        return Verdict(True, shown, "")
    for wrong, cause in slips:
        near = abs(number - wrong) <= max(_SLIPS_AGREE * abs(wrong), float(_LAST * step))
        if wrong and near:
            return Verdict(False, shown, cause)
    return Verdict(False, shown, _size(number, expected))


def _rounded_at(expected: float, step: Decimal) -> float:
    """The step of a claim's last digit, no coarser than that of the first digit it should have."""
    first = 10.0 ** math.floor(math.log10(abs(expected))) if expected else math.inf
    return min(float(step), first)


def _number(text: str) -> tuple[float, Decimal] | None:
    """A number and the step of its last digit."""
    found = _PLAIN.fullmatch(text.translate(_RAISED))
    if not found:
        return None
    return _scaled(found[1], found[2] or found[3])


def _scaled(digits: str, power: str | None) -> tuple[float, Decimal] | None:
    try:
        number = Decimal(digits).scaleb(int(power or 0))
    except (InvalidOperation, ValueError):
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(number.adjusted()) > 300:
        return None
    return float(number), Decimal(1).scaleb(exponent)


def _size(number: float, expected: float) -> str:
    """What the ratio of a claim to the right number says."""
    ratio = number / expected if expected else 0.0
    if not ratio or not math.isfinite(ratio):
        return "与按读数算得的不符，请重新计算"
    power = round(math.log10(abs(ratio)))
    if power and abs(abs(ratio) / 10.0**power - 1) < 0.02:
        return f"差 10^{power} 倍：检查单位换算或小数点"
    if abs(ratio + 1) < 0.02:
        return "符号相反"
    return "与按读数算得的不符，请重新计算"


def _of_mean(readings: Sequence[float]) -> Slips:
    total, n = sum(readings), len(readings)
    yield total, "这是各次之和，忘了除以次数"
    for place, reading in enumerate(readings, 1):
        yield (total - reading) / (n - 1), f"漏了第 {place} 个读数"
        yield (total - reading) / n, f"求和时漏了第 {place} 个读数"
    yield statistics.median(readings), "这是中位数，不是平均值"


def _of_s(readings: Sequence[float], s: float) -> Slips:
    n = len(readings)
    yield statistics.pstdev(readings), "除以了 n，应除以 n − 1（贝塞尔公式）"
    yield s / math.sqrt(n), "这是平均值的标准偏差 s/√n"
    yield s * s, "忘了开平方"
    yield s * math.sqrt(n - 1), "忘了除以 n − 1"


def _of_type_a(readings: Sequence[float], s: float) -> Slips:
    n, factor = len(readings), of_repeats(in_force(), len(readings))
    yield s, "忘了除以 √n"
    if factor != 1:
        yield s / math.sqrt(n), "按所选规则还要乘以 t 因子"
        yield factor * s, "忘了除以 √n"
    yield s / n, "除以了 n，应除以 √n"
    yield statistics.pstdev(readings) / math.sqrt(n), "s 里除以了 n，应除以 n − 1"
    yield s * s / n, "忘了开平方"


def _of_type_b(limit: float | None, n: int) -> Slips:
    if limit is None:
        return
    multiplier, divisor = of_limit(in_force())
    if divisor != 1:
        yield limit, "仪器误差限没有除以 " + {3.0: "3"}.get(divisor, "√3")
    yield limit / math.sqrt(3), "所选规则的 B 类不是 Δ/√3"
    yield multiplier * limit / divisor / math.sqrt(n), "B 类不确定度不除以 √n"
    yield limit / 3, "误差限除以了 3，应除以 √3"
    yield limit / 2, "误差限除以了 2，应除以 √3"


def _of_combined(of: Repeated) -> Slips:
    by_a, by_b = of.type_a, of.type_b
    yield by_a + by_b, "应取平方和的平方根，不是直接相加"
    yield by_a**2 + by_b**2, "忘了开平方"
    if by_b:
        yield by_a, "漏了 B 类不确定度"
    yield by_b, "漏了 A 类不确定度"
    if of.limit is not None:
        yield math.hypot(by_a, of.limit), "B 类的仪器误差限没有除以 √3"


def _of_value(of: Measurand) -> Slips:
    for factor, cause in (
        (2, "差 2 倍：直径与半径，或半程与全程"),
        (4, "差 4 倍：直径与半径的平方"),
        (8, "差 8 倍：直径与半径的立方"),
        (math.pi, "差 π 倍"),
        (math.pi**2, "差 π² 倍"),
        (math.pi / 180, "角度没有换成弧度"),
    ):
        yield of.value * factor, cause
        yield of.value / factor, cause


def _of_u(of: Measurand) -> Slips:
    u = of.standard_uncertainty
    yield of.expanded_uncertainty, "这是扩展不确定度 U，u 不乘包含因子"
    yield u / abs(of.value) if of.value else 0.0, "这是相对不确定度，还要乘以结果"
    yield 100 * u / abs(of.value) if of.value else 0.0, "这是相对不确定度（%），还要乘以结果"
    yield u * u, "忘了开平方"
    parts = [(abs(line.contribution), line.name) for line in of.budget]
    yield sum(part for part, _ in parts), "各分量应取平方和的平方根，不是直接相加"
    for place, (_, name) in enumerate(parts):
        others = [part for other, (part, _) in enumerate(parts) if other != place]
        if others:
            yield math.hypot(*others), f"漏了“{name}”的分量"
    yield math.degrees(u), "角度的不确定度在传播公式里应以弧度计"


def _of_expanded(of: Measurand) -> Slips:
    u = of.standard_uncertainty
    yield u, "这是标准不确定度 u，还要乘以包含因子"
    k = of.coverage_factor
    for other in (2.0, 1.96, 3.0):
        if abs(other - k) > 0.02:
            yield other * u, f"包含因子用了 {other:g}，按所选规则应为 {k:.3g}"


def _line(text: str, of: Measurand) -> Verdict:
    """``(9.82 ± 0.21) m/s²``: value, U, digits, alignment, unit, in this order."""
    written = text.partition("=")[2] if "=" in text.partition("±")[0] else text
    found = _PAIR.search(written.translate(_RAISED))
    power = (found[3] or found[4]) if found else None
    value = _scaled(found[1], power) if found else None
    u = _scaled(found[2], power) if found else None
    if found is None or value is None or u is None:
        return Verdict(False, of.display, "看不懂，请写成 (9.82 ± 0.21) m/s² 的样子")
    unit = re.split(r"[(（,，;；]|[kP]\s*=", found[5])[0]
    return Verdict(*_first_fault(of, value, u, unit.strip(" )）。")))


def _first_fault(
    of: Measurand, value: tuple[float, Decimal], u: tuple[float, Decimal], unit: str
) -> tuple[bool, str, str]:
    exact, rounded = round_pair(of.value, of.expanded_uncertainty)
    own = _judged("value", str(value[0]), of.value, _tolerance(of, value[1]), _of_value(of))
    if not own.right:
        return False, of.display, own.message
    if not rounded:
        return True, of.display, ""
    if abs(Decimal(repr(u[0])) - rounded) > max(u[1], Decimal(1).scaleb(_place(rounded))):
        slips = _judged("U", f"{u[0]:.12g}", of.expanded_uncertainty, 0.0, _of_expanded(of))
        return False, of.display, slips.message or "不确定度不符"
    if value[1] != u[1]:
        return False, of.display, "结果与不确定度的末位没有对齐"
    if u[1] != Decimal(1).scaleb(_place(rounded)):
        digits = len(rounded.as_tuple().digits)
        return False, of.display, f"按所选规则不确定度取 {digits} 位有效数字"
    if Decimal(repr(u[0])) != rounded:
        return False, of.display, "不确定度的末位修约不符"
    if Decimal(repr(value[0])) != exact:
        return False, of.display, "结果的末位修约不符，检查是否两次修约"
    wanted = "" if of.unit in ("", "1") else of.unit
    if wanted and not unit:
        return False, of.display, "没有写单位"
    return True, of.display, ""


def _tolerance(of: Measurand, step: Decimal) -> float:
    return max(of.standard_uncertainty / 5, float(step))


def _place(rounded: Decimal) -> int:
    exponent = rounded.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent
