"""Places of a request become what the form calls them, counted from 1."""

from typing import Annotated

import pytest
from msgspec import Struct

from functions._lab.errors import ReadingError
from functions._lab.fields import Positive, Readings, column, scalar
from functions._lab.result import Caution
from functions._lab.wording import words


class Run(Struct, frozen=True):
    """One of several."""

    currents: Annotated[list[Positive], column("极板电流", "I", "μA", table="曲线")]


class Tables(Readings, frozen=True):
    """Two tables that call a column the same, a column of repeats, and groups."""

    dark_u: Annotated[list[Positive], column("电压", "U", "V", table="暗特性")]
    light_u: Annotated[list[Positive], column("电压", "U", "V", table="光照特性 2")]
    pt100: Annotated[list[Positive], column("Pt100 电阻", "R", "Ω", table="元件")]
    times: Annotated[list[list[Positive]], column("时间（每格五次）", "t", "s", table="元件")]
    groups: list[Run]
    m: Annotated[Positive, scalar("质量", "m", "kg")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dark_u[0] 打乱了顺序", "暗特性中第 1 个电压 U 打乱了顺序"),
        ("请核对 light_u", "请核对光照特性 2 的电压 U"),
        ("light_u[9]、pt100[2]", "光照特性 2 中第 10 个电压 U、第 3 个 Pt100 电阻 R"),
        ("从 groups[1].currents[3] 起", "从第 2 组第 4 个极板电流 I 起"),
        ("times[1][4] = 2.0", "第 2 个时间 t 的第 5 次 = 2.0"),
        ("T = 2π√(m/k)，m 取 0.2 kg", "T = 2π√(m/k)，m 取 0.2 kg"),
        ("n[3] 与 power 无关", "n[3] 与 power 无关"),
    ],
)
def test_a_sentence_names_quantities_as_the_form_does(text: str, said: str) -> None:
    assert words(Tables).sentence(text) == said


def test_a_warning_keeps_its_place_and_a_refusal_says_it() -> None:
    caution = Caution("outlier", "pt100[1] = 3 太大", "pt100", 1)
    said = words(Tables).caution(caution)
    assert (said.field, said.index) == ("pt100", 1)
    assert said.message == "第 2 个 Pt100 电阻 R = 3 太大"
    error = ReadingError("太大", "groups[0].currents", 4)
    assert words(Tables).refusal(error) == "第 1 组第 5 个极板电流 I：太大"
    assert words(Tables).refusal(ReadingError("没有读数")) == "没有读数"
