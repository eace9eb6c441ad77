"""Formulas that students type."""

import math

import pytest
from GTC import ureal

from functions._lab.errors import ReadingError
from functions._lab.notation.formula import parse


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
        ("4π²l/T²", "第 4 个字符前缺少运算符"),
        ("(1 + 2", "第 1 个字符"),
        ("1 + * 2", "第 5 个字符"),
        ("x.real", "第 2 个字符“.”"),
        ("__import__('os')", "不认识 __import__"),
        ("__import__(x)", "不认识 __import__"),
        ("x if x else x", "缺少运算符"),
        ("[1)*]", "写法有误"),
        ("√", "后面要有括号"),
        ("|x", "写法有误"),
        ("f(x)", "不认识 f"),
        ("sin", "函数 sin 后面要有括号"),
        ("sin(1, 2)", "“,”"),
        ("sin(*x)", "写法有误"),
        ("1/2(3)", "用括号写清分母"),
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


DECLARED = {
    "l": 0.9987, "T": 2.005, "m": 0.25, "R1": 0.03, "R2": 0.04, "a": 3.0, "b": 4.0, "θ": 0.5,
    "λ": 5.4607e-7, "k": 2.0, "x": -2.5, "U": 1.2, "I": 0.3, "t": 7.0, "x′": 1.5, "e": 1.6e-19,
}  # fmt: skip
TEXTBOOK = [
    ("g = 4π²l/T²", "4*pi**2*l/T**2"),
    ("J = ½m(R1²+R2²)", "0.5*m*(R1**2+R2**2)"),
    ("J = m(R₁²+R₂²)/2", "m*(R1**2+R2**2)/2"),
    ("c = √(a²+b²)", "sqrt(a**2+b**2)"),
    ("√a·b", "sqrt(a)*b"),
    ("2√ａ", "2*sqrt(a)"),
    ("|x|+|x−a|", "abs(x)+abs(x-a)"),
    ("2|x|b", "2*abs(x)*b"),
    ("[a+b]{a-b}", "(a+b)*(a-b)"),
    ("【ａ＋ｂ】×（ａ－ｂ）", "(a+b)*(a-b)"),
    ("d = k lambda/sin(theta)", "k*lam/sin(theta)"),
    ("d = kλ/sin(θ)", "k*lam/sin(theta)"),
    ("lg(a) + ln(b)", "log10(a)+log(b)"),
    ("arcsin(a/5) + arctg(b) + arccos(0.5)", "asin(a/5)+atan(b)+acos(0.5)"),
    ("tg(θ) + ctg(θ)", "tan(theta)+1/tan(theta)"),
    ("R = U/I", "U/I"),
    ("UI\u200bt", "U*I*t"),
    ("a²b³", "a**2*b**3"),
    ("2a(3+b)", "2*a*(3+b)"),
    ("(a+b)(a−b)", "(a+b)*(a-b)"),
    ("x′ − x", "xp-x"),
    ("e·U", "e*U"),
    ("πab", "pi*a*b"),
    ("1.6×10^-19×a", "1.6*10**-19*a"),
]


@pytest.mark.parametrize(("text", "python"), TEXTBOOK)
def test_the_notation_of_a_textbook(text: str, python: str) -> None:
    """Values against Python's own arithmetic, uncertainties against finite differences."""
    spelt = {"θ": "theta", "λ": "lam", "x′": "xp"}

    def by_python(values: dict[str, float]) -> float:
        names = {spelt.get(name, name): value for name, value in values.items()}
        known = {**vars(math), "abs": abs, "pi": math.pi, **names}
        return float(eval(python, {"__builtins__": {}}, known))

    formula = parse(text, DECLARED)
    assert formula.evaluate(DECLARED) == pytest.approx(by_python(DECLARED), rel=1e-12)
    uncertain = {name: ureal(value, abs(value) * 1e-3) for name, value in DECLARED.items()}
    moved = []
    for name, value in DECLARED.items():
        ends = [by_python(DECLARED | {name: value * (1 + side * 1e-6)}) for side in (-1, 1)]
        moved.append((ends[1] - ends[0]) / 2e-6 * 1e-3)
    expected = math.sqrt(sum(step**2 for step in moved))
    found = formula.evaluate(uncertain)
    assert float(getattr(found, "u", 0.0)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a/2b", "用括号写清分母"),
        ("a/bθ", "用括号写清分母"),
        ("sin θ", "函数 sin 后面要有括号"),
        ("lg a", "函数 lg 后面要有括号"),
        ("√ab", "用括号括起来"),
        ("a 2", "乘号不能省略"),
        ("ac", "没有给出 ac"),
        ("f(a)", "不认识 f"),
    ],
)
def test_what_could_be_read_in_two_ways_is_asked_for(text: str, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        parse(text, DECLARED).evaluate(DECLARED)


def test_a_declared_symbol_comes_before_a_constant() -> None:
    assert parse("e*x", ("e", "x")).evaluate({"e": 2.0, "x": 3.0}) == 6.0
    assert parse("pi*x", ("pi", "x")).evaluate({"pi": 3.0, "x": 3.0}) == 9.0
    assert parse("e^x", ("x",)).bare_e is False
    assert parse("e*x", ("x",)).bare_e is True
    assert parse("e*x", ("x", "e")).bare_e is False
