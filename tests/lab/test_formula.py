"""Formulas that students type."""

import math

import pytest
from GTC import ureal

from functions._lab.errors import ReadingError
from functions._lab.formula import parse


@pytest.mark.parametrize(
    "text",
    [
        "g = 4*pi**2*l/T**2",
        "g=4×π^2×l÷T^2",
        "g = 4·π²·l/T²",
        "g＝４＊pi^２*l*T⁻²",
        "4*π²*(l/(T*T))",
    ],
)
def test_pendulum(text: str) -> None:
    """g = 4π²·l/T² with l = 1.000(1) m, T = 2.000(2) s.

    By hand: g = π²·1 = 9.8696044; relative u = √(0.001² + (2·0.001)²) = √5·10⁻³, so
    u = 0.02206911.
    """
    formula = parse(text)
    g = formula.evaluate({"l": ureal(1.0, 0.001), "T": ureal(2.0, 0.002)})
    assert formula.variables == ("l", "T")
    assert g.x == pytest.approx(9.8696044, rel=1e-8)
    assert g.u == pytest.approx(0.02206911, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2**2", -4.0),
        ("2**3**2", 512.0),
        ("2**-3", 0.125),
        ("10/4/5", 0.5),
        ("2-3-4", -5.0),
        ("exp(1) - e", 0.0),
        ("ln(e) + log10(1000) + sqrt(16)", 8.0),
        ("sin(pi/6)*2", 1.0),
        ("abs(−3.5)", 3.5),
        ("atan(1)*4 - π", 0.0),
        ("1.5e-3*2E3", 3.0),
        ("(-2)^3", -8.0),
        (".5 + 1.", 1.5),
        ("x¹⁰", 1024.0),
    ],
)
def test_arithmetic(text: str, expected: float) -> None:
    """Precedence as in mathematics and Python; x = 2."""
    assert parse(text).evaluate({"x": 2}) == pytest.approx(expected, abs=1e-14)


def test_names() -> None:
    """Greek, Chinese and subscripted names; the same however they are encoded."""
    formula = parse("η = 长度*R₀ + μ")
    assert formula.symbol == "η"
    assert formula.variables == ("长度", "R0", "μ")
    assert formula.evaluate({"长度": 3.0, "R₀": 5.0, "\u00b5": 1.0}) == 16.0


def test_correlation_is_kept() -> None:
    """A name used twice is one quantity: x - x is exactly zero and x·x has 2·x·u."""
    x = ureal(3.0, 0.1, 4, label="x")
    assert parse("x - x").evaluate({"x": x}).u == 0
    assert parse("x*x").evaluate({"x": x}).u == pytest.approx(0.6)
    assert parse("abs(-x)").evaluate({"x": x}).df == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "公式是空的"),
        ("   ", "公式是空的"),
        ("y = ", "第 5 个字符"),
        ("a == b", "等号左边"),
        ("a = b = c", "等号左边"),
        ("2l", "第 2 个字符前缺少运算符"),
        ("4π²l/T²", "第 2 个字符前缺少运算符"),
        ("(1 + 2", "第 1 个字符"),
        ("1 + * 2", "第 5 个字符"),
        ("x.real", "第 2 个字符“.”"),
        ("__import__('os')", "第 12 个字符"),
        ("__import__(x)", "不认识 __import__"),
        ("x if x else x", "缺少运算符"),
        ("lambda", "写法有误"),
        ("[1]", "“[”"),
        ("f(x)", "不认识 f"),
        ("sin", "函数 sin 后面要有括号"),
        ("sin(1, 2)", "“,”"),
        ("sin(*x)", "写法有误"),
        ("2(3)", "写法有误"),
        ("7 // 2", "写法有误"),
        ("0x10", "缺少运算符"),
        ("1_000", "缺少运算符"),
        ("1e999", "写法有误"),
        ("-" * 200 + "1", "太复杂"),
        ("+".join("1" * 100), "太复杂"),
        ("x" * 301, "太长"),
        ("x\x00", "第 2 个字符"),
        ("(" * 290, "写法有误"),
    ],
)
def test_unreadable(text: str, says: str) -> None:
    """Whatever is not arithmetic is refused, with the place."""
    with pytest.raises(ReadingError) as caught:
        parse(text)
    assert caught.value.field == "formula"
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1/(x - x)", "除数为零"),
        ("sqrt(0 - x)", "定义域"),
        ("ln(x - 2)", "第 1 个字符处无法计算：超出函数的定义域"),
        ("1 + asin(x)", "第 5 个字符处"),
        ("exp(1000)", "太大"),
        ("9**9**9", "指数"),
        ("(((x**64)**64)**64)", "太大"),
        ("(0-x)**0.5", "非整数次幂"),
        ("0**(0-1)", "除数为零"),
        ("y + 1", "没有给出 y 的值"),
    ],
)
@pytest.mark.parametrize("u", [0.0, 0.1])
def test_impossible(text: str, says: str, u: float) -> None:
    """No complex numbers, no infinity; x = 2, with and without uncertainty."""
    with pytest.raises(ReadingError) as caught:
        parse(text).evaluate({"x": ureal(2.0, u) if u else 2.0})
    assert says in caught.value.message


def test_not_finite_input() -> None:
    """NaN does not come through."""
    with pytest.raises(ReadingError, match="没有有限的实数结果"):
        parse("x + 1").evaluate({"x": math.nan})
