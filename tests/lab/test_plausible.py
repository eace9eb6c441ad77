"""Columns in a wrong unit are named with the unit they were typed in; sound ones are not."""

from typing import Any

import numpy as np
import pytest

from functions._lab.result import Result
from tests.slips.judge import analysed
from tests.slips.mistakes import samples


def warned(experiment: str, body: Any) -> list[tuple[str, str]]:
    """Field and sentence of each warning of a unit."""
    result = analysed(experiment, body)
    assert isinstance(result, Result), result
    return [(c.field, c.message) for c in result.warnings if c.code == "unit"]


def scaled(values: list[float], factor: float) -> list[float]:
    return [value * factor for value in values]


def test_power_in_microwatts_makes_an_impossible_slope() -> None:
    _, body = samples()["fiber-pi-full"]
    ((name, sentence),) = warned("fiber", body | {"P": scaled(body["P"], 1000)})
    assert name == "P"
    assert sentence.startswith("光功率 P 的读数普遍偏大约 1000 倍，像是以 μW 填写的，应为 mW")
    assert "斜率效率为 50 W/A，常见 0.006～1.2 W/A" in sentence


def test_temperatures_in_kelvin() -> None:
    _, body = samples()["thermal"]
    kelvin = [t + 273.15 for t in body["temperatures"]]
    found = warned("thermal", body | {"temperatures": kelvin})
    assert [name for name, _ in found] == ["temperatures"]
    assert found[0][1].startswith("温度 t 的读数像是以 K 填写的，应为 °C")


def test_one_run_of_four_in_centimetres_per_second() -> None:
    _, body = samples()["ultrasound-clean"]
    changed = body | {"v_free_fall_3": scaled(body["v_free_fall_3"], 100)}
    ((name, sentence),) = warned("ultrasound", changed)
    assert name == "v_free_fall_3"
    assert "像是以 cm/s 填写的，应为 m/s" in sentence


def test_two_masses_in_kilograms_are_both_named() -> None:
    _, body = samples()["mechanics"]
    part = body["t2m"]
    kilograms = {"m0_g": part["m0_g"] / 1000, "weights_g": scaled(part["weights_g"], 1e-3)}
    found = dict(warned("mechanics", {"t2m": part | kilograms}))
    assert found.keys() == {"t2m.m0_g", "t2m.weights_g"}
    assert all("像是以 kg 填写的，应为 g" in sentence for sentence in found.values())


def test_two_explanations_that_are_as_good_are_both_said() -> None:
    """One run alone does not tell whether its times or its speeds are ten times too large."""
    t = np.linspace(0.2, 1.3, 8)
    ((name, sentence),) = warned(
        "ultrasound", {"t_free_fall": t.tolist(), "v_free_fall_1": (0.1 + 0.98 * t).tolist()}
    )
    assert name in ("t_free_fall", "v_free_fall_1")
    assert "也请检查" in sentence


@pytest.mark.parametrize(
    ("experiment", "body"),
    [
        # a bare laser of 0.43 W/A, a public script
        (
            "fiber",
            {
                "plot_type": "pi",
                "I": [40.0, 45.0, 49.83, 55.03, 60.08, 65.05, 69.99, 75.09, 80.0],
                "P": [0.283, 0.411, 0.744, 1.717, 3.299, 5.119, 7.477, 9.827, 12.35],
            },
        ),
        # a spring without a pan, a public script
        (
            "mechanics",
            {
                "t2m": {
                    "m0_g": 0,
                    "weights_g": [150, 300, 450, 600, 750, 900],
                    "T10_avg_s": [4.395, 6.255, 7.585, 8.795, 9.765, 10.755],
                }
            },
        ),
        # a cell of BIT, dark and under light
        (
            "solar-cell",
            {
                "dark_voltage": [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
                "dark_current": [0.0793, 0.19, 0.342, 0.543, 0.826, 1.21, 1.795, 2.7, 4.2, 6.9],
                "light_voltage": [0.102, 1.102, 2.05, 2.89, 3.46, 3.9, 4.5, 4.83, 5.04],
                "light_current": [10.2, 10.2, 10, 9.7, 8.6, 7.6, 5.5, 3.2, 1.221],
            },
        ),
        ("thermal", {"temperatures": [-40, -20, 0, 20], "pt100_resistance": [84, 92, 100, 108]}),
    ],
)
def test_sound_readings_of_other_apparatus_are_left_alone(experiment: str, body: Any) -> None:
    assert warned(experiment, body) == []


def test_a_column_that_is_compared_with_itself_only_is_left_alone() -> None:
    """The collector current of a Franck-Hertz tube moves no maximum, in whatever unit."""
    _, body = samples()["frank-hertz"]
    groups = [group | {"currents": scaled(group["currents"], 1000)} for group in body["groups"]]
    assert warned("frank-hertz", body | {"groups": groups}) == []
