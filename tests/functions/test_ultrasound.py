"""Doppler speeds: worked values, the slips of the sample, Newton's second law, coverage."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest
from scipy import optimize

from functions import ultrasound
from functions._runtime import work
from functions._runtime.errors import BadInput
from functions._runtime.experiment import SAMPLES
from functions._runtime.validation import decode
from tests.functions.simulated import ACCUSING, simulate

SAMPLE: dict[str, Any] = json.loads((SAMPLES / "ultrasound.json").read_bytes())
CLEAN: dict[str, Any] = json.loads((SAMPLES / "ultrasound-clean.json").read_bytes())
"""The sample with its slips put right: v_free_fall_2[5] and [6], v2_3[1] and m[2]."""
TIMES = np.array(SAMPLE["t_free_fall"])
WEIGHTS = np.array([0.01999, 0.03219, 0.0440])


def analyse(**readings: Any) -> ultrasound.Motions:
    return ultrasound.analyse(msgspec.convert(readings, ultrasound.Ultrasound))


def accused(result: ultrasound.Motions) -> list[tuple[str, str, int | None]]:
    return [(c.code, c.field, c.index) for c in result.warnings if c.code in ACCUSING]


def part(times: str, speeds: str, runs: int = 4) -> dict[str, Any]:
    names = [times, *(f"{speeds}{i}" for i in range(1, runs + 1))]
    return {name: SAMPLE[name] for name in names}


def test_worked_values_of_free_fall() -> None:
    result = analyse(**SAMPLE)
    slope = result.fit("free-fall").parameters[1]
    assert slope.value == pytest.approx(9.5500, abs=5e-5)
    assert slope.standard_uncertainty == pytest.approx(0.1139, abs=5e-5)
    runs = [result.fit(f"free-fall {i}").parameters[1].value for i in (1, 2, 3, 4)]
    assert runs == pytest.approx([9.6595, 9.5286, 9.5048, 9.5071], abs=5e-5)
    g = result.measurands[0]
    assert (g.symbol, g.unit) == ("g", "m/s²")
    assert g.value == pytest.approx(9.5500, abs=5e-5)
    # the four runs agree better than their scatter about the line tells: u is that of the mean
    assert g.standard_uncertainty == pytest.approx(0.1139, abs=5e-5)
    assert g.degrees_of_freedom == pytest.approx(6)
    assert g.reference
    assert g.reference.value == 9.80


def test_uniform_accelerations_are_the_slopes_of_the_means() -> None:
    result = analyse(**SAMPLE)
    for i, symbol in enumerate(("a₁", "a₂", "a₃"), 1):
        runs = np.array([SAMPLE[f"v{i}_{j}"] for j in (1, 2, 3, 4)])
        slope = np.polyfit(SAMPLE[f"t{i}"], runs.mean(axis=0), 1)[0]
        assert result.measurand(symbol).value == pytest.approx(slope, rel=1e-9)


def test_the_slips_of_the_sample_are_named() -> None:
    result = analyse(**SAMPLE)
    assert accused(result) == [
        ("repeats", "v_free_fall_2", 5),
        ("repeats", "v_free_fall_2", 6),
        ("repeats", "v2_3", 1),
        ("decimal-slip", "m", 2),
    ]
    slip = next(c for c in result.warnings if c.field == "m")
    assert slip.message.startswith("m[2] = 0.44，若为 0.044 则与其余数据一致")


def test_clean_data_raise_no_warning_of_a_reading() -> None:
    result = analyse(**CLEAN)
    assert accused(result) == []
    # three accelerations are few, and that is all there is to say
    assert [c.code for c in result.warnings] == ["few-points"]


def test_a_time_that_all_runs_share_is_named() -> None:
    times = [0.05, 0.10, 0.15, 2.0, 0.25, 0.30, 0.35, 0.40]
    runs = {k: v for k, v in CLEAN.items() if k.startswith("v_free_fall")}
    assert ("decimal-slip", "t_free_fall", 3) in accused(analyse(t_free_fall=times, **runs))
    # all runs low at one time: no single reading is to blame
    low = {k: [*v[:4], round(v[4] - 0.4, 2), *v[5:]] for k, v in runs.items()}
    found = accused(analyse(t_free_fall=SAMPLE["t_free_fall"], **low))
    assert ("outlier", "t_free_fall", 4) in found


def test_receiver_mass_from_the_fit() -> None:
    result = analyse(m=CLEAN["m"], a_measured=CLEAN["a_measured"])
    a = np.array(CLEAN["a_measured"])

    def model(m: Any, held: float) -> Any:
        return 9.80 * (held - m) / (held + m + 0.014)

    (held,), cov = optimize.curve_fit(model, WEIGHTS, a, [0.1], xtol=1e-14, ftol=1e-14)
    mass = result.measurand("M")
    assert mass.value == pytest.approx(held / 0.93, rel=1e-6)
    assert mass.standard_uncertainty == pytest.approx(np.sqrt(cov[0, 0]) / 0.93, rel=1e-4)
    assert mass.degrees_of_freedom == 2


def test_weights_typed_in_grams_are_asked_about() -> None:
    result = analyse(m=[19.99, 32.19, 44.0], a_measured=CLEAN["a_measured"])
    assert ("unit", "m") in [(c.code, c.field) for c in result.warnings]
    assert "unit" not in [c.code for c in analyse(**CLEAN).warnings]


def test_times_typed_in_milliseconds_are_asked_about() -> None:
    runs = {k: v for k, v in CLEAN.items() if k.startswith("v_free_fall")}
    result = analyse(t_free_fall=[50, 100, 150, 200, 250, 300, 350, 400], **runs)
    (found,) = [c for c in result.warnings if c.code == "reference"]
    assert "单位与小数点（约差 1000 倍）" in found.message


def test_gravity_from_a_known_receiver_mass() -> None:
    a = np.array(CLEAN["a_measured"])
    result = analyse(m=CLEAN["m"], a_measured=CLEAN["a_measured"], receiver_mass_kg=0.1)
    x = (0.093 - WEIGHTS) / (0.093 + WEIGHTS + 0.014)
    g = float(x @ a / (x @ x))
    u = np.sqrt(np.sum((a - g * x) ** 2) / 2 / (x @ x))
    (found,) = result.measurands
    assert found.value == pytest.approx(g, rel=1e-12)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-9)
    assert found.degrees_of_freedom == 2
    assert found.reference
    slipped = analyse(m=SAMPLE["m"], a_measured=SAMPLE["a_measured"], receiver_mass_kg=0.1)
    assert ("decimal-slip", "m", 2) in accused(slipped)


def test_limits_of_the_apparatus_are_propagated() -> None:
    """Each contribution against the change of the estimate when its constant is moved."""
    a = np.array([5.69, 4.41, 3.35])

    def gravity(
        m: Any = WEIGHTS, c: float = 0.07, pulley: float = 0.014, mass: float = 0.1
    ) -> float:
        held = (1 - c) * mass
        x = (held - m) / (held + m + pulley)
        return float(x @ a / (x @ x))

    def mass_of(m: Any = WEIGHTS, c: float = 0.07, pulley: float = 0.014, g: float = 9.8) -> float:
        found = optimize.minimize_scalar(
            lambda held: float(np.sum((a - g * (held - m) / (held + m + pulley)) ** 2)),
            bounds=(0.05, 0.2),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return float(found.x) / (1 - c)

    limits = {"m": 1e-4, "friction_coefficient": 0.01, "pulley_inertia_kg": 1e-3}
    limits |= {"receiver_mass_kg": 1e-3, "local_g": 0.01, "a_measured": 0.05}
    given = {"m": WEIGHTS.tolist(), "a_measured": a.tolist(), "instrument": limits}

    def contributions(result: ultrasound.Motions) -> dict[str, float]:
        (found,) = result.measurands
        return {i.name.split()[0]: i.contribution for i in found.budget if i.type == "B"}

    def moved(estimate: Any, name: str, centre: float, delta: float) -> float:
        change = estimate(**{name: centre + delta / 2}) - estimate(**{name: centre - delta / 2})
        return float(abs(change) / np.sqrt(3))

    shifts = [WEIGHTS + d for d in np.diag([1e-4] * 3)]
    g = contributions(analyse(**given, receiver_mass_kg=0.1))
    assert g["摩擦系数"] == pytest.approx(moved(gravity, "c", 0.07, 0.01), rel=2e-2)
    assert g["滑轮折合质量"] == pytest.approx(moved(gravity, "pulley", 0.014, 1e-3), rel=2e-2)
    assert g["接收器质量"] == pytest.approx(moved(gravity, "mass", 0.1, 1e-3), rel=2e-2)
    by_m = np.linalg.norm([gravity(m=m) - gravity() for m in shifts]) / np.sqrt(3)
    assert g["砝码质量"] == pytest.approx(by_m, rel=2e-2)
    mass = contributions(analyse(**given))
    assert mass["摩擦系数"] == pytest.approx(moved(mass_of, "c", 0.07, 0.01), rel=2e-2)
    assert mass["滑轮折合质量"] == pytest.approx(moved(mass_of, "pulley", 0.014, 1e-3), rel=5e-2)
    assert mass["当地重力加速度"] == pytest.approx(moved(mass_of, "g", 9.8, 0.01), rel=5e-2)
    by_m = np.linalg.norm([mass_of(m=m) - mass_of() for m in shifts]) / np.sqrt(3)
    assert mass["砝码质量"] == pytest.approx(by_m, rel=5e-2)


@pytest.mark.parametrize("runs", [1, 2, 3, 4])
def test_parts_alone_with_one_to_four_runs(runs: int) -> None:
    readings = msgspec.convert(part("t3", "v3_", runs), ultrasound.Ultrasound)
    result, figures = work.run(ultrasound.function, readings)
    assert [m.symbol for m in result.measurands] == ["a₃"]
    assert list(figures) == ["uniform-3"]
    mean = np.mean([SAMPLE[f"v3_{i}"] for i in range(1, runs + 1)], axis=0)
    slope = np.polyfit(SAMPLE["t3"], mean, 1)[0]
    assert result.measurands[0].value == pytest.approx(slope, rel=1e-9)


def test_a_part_that_cannot_be_analysed_is_a_warning() -> None:
    readings = msgspec.convert(
        {"t1": [0.1, 0.1], "v1_1": [1, 2], **part("t2", "v2_")}, ultrasound.Ultrasound
    )
    result, figures = work.run(ultrasound.function, readings)
    assert [m.symbol for m in result.measurands] == ["a₂"]
    assert ("no-measurand", "t1") in [(c.code, c.field) for c in result.warnings]
    assert list(figures) == ["uniform-1", "uniform-2"]
    assert work.draw(figures["uniform-1"], "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("m", "a", "mass"),
    [
        ([0.01], [4.0], None),
        ([0.01], [4.0], 0.1),
        ([0.01, 0.02, 0.03], [-5.0, -6.0, -7.0], None),
        ([0.0, 0.0, 0.01], [12.0, 12.0, 15.0], None),
        ([0.093, 0.093], [0.0, 0.1], 0.1),
    ],
)
def test_newton_without_a_result(m: list[float], a: list[float], mass: float | None) -> None:
    readings = ultrasound.Ultrasound(m=m, a_measured=a, receiver_mass_kg=mass)
    result, figures = work.run(ultrasound.function, readings)
    assert result.measurands == []
    assert "no-measurand" in [c.code for c in result.warnings]
    assert work.draw(figures["newton-2"], "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("readings", "detail"),
    [
        ({}, "没有读数"),
        ({"t_free_fall": [1, 2]}, "缺少自由落体的第 1 次速度 v"),
        ({"v_free_fall_1": [1, 2]}, "缺少自由落体的时间 t"),
        ({"t1": [1, 2], "v1_2": [1, 2]}, "缺少匀加速 1 的第 1 次速度 v"),
        ({"t1": [1, 1], "v1_1": [1, 2]}, "匀加速 1 的时间 t：所有读数都相同"),
        ({"t1": [1], "v1_1": [1]}, "匀加速 1 的时间 t：只有 1 个读数"),
        (
            {"t1": [1, 2], "v1_1": [1, 2], "v1_2": [1]},
            "匀加速 1 的第 2 次速度 v：有 1 个读数，而匀加速 1 的时间 t 有 2 个",
        ),
        ({"m": [0.1, 0.2]}, "缺少加速度 a"),
        ({"m": [0.1, 0.2], "a_measured": [1]}, "加速度 a：有 1 个读数，而 m 有 2 个"),
        ({"m": [-0.1], "a_measured": [1]}, "第 1 个砝码质量 m：应不小于 0"),
    ],
)
def test_bad_input_is_refused(readings: dict[str, Any], detail: str) -> None:
    with pytest.raises(BadInput) as refused:
        decode(json.dumps(readings).encode(), ultrasound.Ultrasound)
    assert detail in refused.value.detail


def test_thousands_of_readings() -> None:
    rng = np.random.default_rng(8)
    times = np.linspace(0.01, 1, 1000)
    runs = (0.1 + 9.8 * times + rng.normal(0, 0.02, (4, 1000))).round(3)
    columns = {f"v_free_fall_{i}": run.tolist() for i, run in enumerate(runs, 1)}
    readings = ultrasound.Ultrasound(t_free_fall=times.tolist(), **columns)
    result, figures = work.run(ultrasound.function, readings)
    assert result.measurands[0].value == pytest.approx(9.8, abs=0.02)
    size = sum(len(work.draw(figure, "png")) for figure in figures.values())
    assert size * 4 / 3 < 900 * 1024


@pytest.mark.slow
def test_intervals_of_free_fall_cover_the_truth() -> None:
    def make(rng: np.random.Generator) -> ultrasound.Ultrasound:
        slopes = rng.normal(9.8, 0.05, (4, 1))
        runs = 0.16 + slopes * TIMES + rng.normal(0, 0.02, (4, 8))
        columns = {f"v_free_fall_{i}": run for i, run in enumerate(runs.round(2).tolist(), 1)}
        return ultrasound.Ultrasound(t_free_fall=TIMES.tolist(), **columns)

    truth = {"重力加速度（自由落体）": 9.8}
    covered, false = simulate(ultrasound.analyse, make, truth, seed=50)
    assert all(abs(share - 0.95) <= 0.015 for share in covered.values()), covered
    assert false <= 0.01


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mass", "name", "value"),
    [(None, "接收器质量", 0.1), (0.1, "重力加速度（牛顿第二定律）", 9.8)],
)
def test_intervals_of_newton_cover_the_truth(mass: float | None, name: str, value: float) -> None:
    def make(rng: np.random.Generator) -> ultrasound.Ultrasound:
        a = 9.8 * (0.093 - WEIGHTS) / (0.093 + WEIGHTS + 0.014) + rng.normal(0, 0.05, 3)
        return ultrasound.Ultrasound(
            m=WEIGHTS.tolist(), a_measured=a.round(4).tolist(), receiver_mass_kg=mass
        )

    covered, false = simulate(ultrasound.analyse, make, {name: value}, seed=60)
    assert abs(covered[name] - 0.95) <= 0.015, covered
    assert false <= 0.01
