"""English sentences of the decoder as Chinese ones that name the place and the reason."""

import pytest

from functions._lab.fields import Count, Positive, Readings
from functions._runtime.errors import BadInput
from functions._runtime.validation import decode, explain


class Counted(Readings, frozen=True):
    """Whole numbers beside others."""

    ni: list[Count]
    qi: list[Positive]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("Object missing required field `qi`", "缺少必填字段 qi"),
        (
            "Object missing required field `currents` - at `$.groups[1]`",
            "groups[1]：缺少必填字段 currents",
        ),
        ("Expected `float`, got `str` - at `$.qi[2]`", "qi[2]：应为数字，收到的是文本"),
        ("Expected `int | null`, got `float` - at `$.start`", "start：应为整数，收到的是小数"),
        ("Expected `float`, got `null` - at `$.qi[0]`", "qi[0]：空着"),
        ("Expected `array` of length >= 1 - at `$.qi`", "qi：不能为空"),
        ("Expected `array` of length <= 5000 - at `$.qi`", "qi：太长，最多 5000 项"),
        ("Expected `str` of length <= 200 - at `$.label`", "label：太长，最多 200 个字符"),
        ("Expected `float` >= 1e-30 - at `$.R[0]`", "R[0]：应大于 0"),
        ("Expected `float` > -273.15 - at `$.t[3]`", "t[3]：应大于 -273.15"),
        ("Number out of range - at `$.x[0]`", "x[0]：数字超出范围"),
        ("Invalid value 'x' - at `$.plot_type`", "plot_type：取值 'x' 不在允许的范围内"),
        (
            "Expected `float`, got `str` - at `$.instrument[...]`",
            "instrument：应为数字，收到的是文本",
        ),
        ("Something nobody foresaw - at `$.a.b[0].c`", "a.b[0].c：格式不符"),
    ],
)
def test_the_sentence(message: str, sentence: str) -> None:
    assert explain(message) == sentence


def test_a_number_without_a_fraction_is_an_integer_however_it_is_written() -> None:
    """JSON has one kind of number, and JSON Schema calls 2.0 an integer (draft 2020-12, 6.1.1)."""
    plain = decode(b'{"ni": [2, 5, 10], "qi": [3.2, 8, 16]}', Counted)
    written = decode(b'{"ni": [2.0, 5, 1e1], "qi": [3.2, 8.0, 16]}', Counted)
    assert written == plain
    assert [type(n) for n in written.ni] == [int] * 3
    assert [type(q) for q in written.qi] == [float] * 3


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("[2.0, 5.5]", "ni[1]：应为整数，收到的是小数"),
        ("[2.0, 1e300]", "ni[1]：应为整数，收到的是小数"),
        ("[2.0, 20000.0]", "ni[1]：应不大于 10000"),
        ('[2.0, "5"]', "ni[1]：应为整数，收到的是文本"),
        ("[5, 2.0, {}]", "ni[1]：应为整数，收到的是小数"),
    ],
)
def test_other_numbers_are_none(numbers: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        decode(f'{{"ni": {numbers}, "qi": [3.2, 8.0]}}'.encode(), Counted)
    assert str(caught.value) == sentence
