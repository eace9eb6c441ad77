"""A student's own numbers: right ones are not accused, seeded slips are named for what they are.

Right and wrong numbers are worked out here from the samples with ``statistics`` alone.
"""

import json
import math
import statistics
from typing import Any

import pytest

from functions._lab.notation.printers.plain import plain
from functions._runtime import claiming, work
from functions._runtime.discovery import load
from functions._runtime.errors import BadInput
from functions._runtime.experiment import SAMPLES, Experiment
from tests.server import Server, running

REPEATS = [
    ("pendulum", "t", 0.01),
    ("density", "", 0.0),
    ("kelvin_bridge", "up", 0.36),
    ("trifilar", "", 0.0),
    ("viscosity", "", 0.0),
    ("young_dynamic", "", 0.0),
    ("shear_modulus", "", 0.0),
    ("potentiometer", "l_N", 0.1),
    ("rlc_transient", "T", 0.2),
]
"""Experiments with repeats; where the field is left empty the first one is taken."""


def told(name: str, body: Any, *claims: tuple[str, str, str]) -> Any:
    asked = [{"of": of, "kind": kind, "text": text} for of, kind, text in claims]
    return json.loads(claiming.judge(name, json.dumps(body).encode(), json.dumps(asked).encode()))


def repeats(name: str, field: str) -> tuple[Any, str]:
    """A sample with repeats, and their field."""
    experiment = load(name)
    assert isinstance(experiment, Experiment)
    for path in experiment.sample_paths:
        body = json.loads(path.read_bytes())
        for one in told(name, body)["claimable"]:
            if "s" in one["kinds"] and field in ("", one["of"]) and len(set(body[one["of"]])) > 1:
                return body, one["of"]
    raise AssertionError(f"no repeats in {name}")


def one(name: str, body: Any, of: str, kind: str, text: str) -> Any:
    (verdict,) = told(name, body, (of, kind, text))["verdicts"]
    return verdict


@pytest.mark.parametrize(("name", "field", "limit"), REPEATS, ids=[r[0] for r in REPEATS])
def test_right_numbers_are_right_and_slips_are_named(name: str, field: str, limit: float) -> None:
    body, of = repeats(name, field)
    readings = body[of]
    n, mean, s = len(readings), statistics.fmean(readings), statistics.stdev(readings)
    by_a = s / math.sqrt(n)
    for kind, number in (("mean", mean), ("s", s), ("u_A", by_a)):
        for digits in (2, 3, 5) if kind != "mean" else (5, 6, 8):
            verdict = one(name, body, of, kind, f"{number:.{digits}g}")
            assert verdict["right"], verdict
            assert verdict["message"] == ""
    slips = {
        ("s", statistics.pstdev(readings)): "n − 1",
        ("s", by_a): "平均值的标准偏差",
        ("u_A", s): "√n",
        ("u_A", statistics.pstdev(readings) / math.sqrt(n)): "n − 1",
        ("mean", sum(readings)): "忘了除以次数",
        ("u_A", by_a * 1000): "10^3 倍",
    }
    for (kind, number), said in slips.items():
        verdict = one(name, body, of, kind, f"{number:.5g}")
        assert not verdict["right"], (kind, number)
        assert said in verdict["message"], verdict
    if limit:
        by_b = limit / math.sqrt(3)
        u = math.hypot(by_a, by_b)
        given = body.get("instrument", {}).get(of, limit)
        assert given == limit
        assert one(name, body, of, "u_B", f"{by_b:.3g}")["right"]
        assert one(name, body, of, "u", f"{u:.3g}")["right"]
        assert "√3" in one(name, body, of, "u_B", f"{limit:.5g}")["message"]
        assert "平方和" in one(name, body, of, "u", f"{by_a + by_b:.5g}")["message"]


SAMPLES_OF = (
    *("pendulum", "kelvin_bridge", "young_modulus", "newton_rings", "wheatstone"),
    *("thermal", "millikan", "solar_cell", "grating", "thermistor"),
)


@pytest.mark.parametrize("name", SAMPLES_OF)
def test_results_and_their_lines(name: str) -> None:
    body = json.loads((SAMPLES / f"{name.replace('_', '-')}.json").read_bytes())
    experiment = load(name)
    assert isinstance(experiment, Experiment)
    found = json.loads(_checked(name, body))["results"]
    for measurand in found:
        if not measurand["expanded_uncertainty"]:
            continue
        of, u, U = (
            measurand["symbol"],
            measurand["standard_uncertainty"],
            measurand["expanded_uncertainty"],
        )
        line = one(name, body, of, "line", measurand["display"])
        assert line["right"], line
        for kind, number in (("value", measurand["value"]), ("u", u), ("U", U)):
            assert one(name, body, of, kind, f"{number:.6g}")["right"]
        if measurand["coverage_factor"] > 1.05:
            message = one(name, body, of, "U", f"{u:.5g}")["message"]
            assert "包含因子" in message
        twice = one(name, body, of, "value", f"{2 * measurand['value']:.8g}")
        if 2 * u < abs(measurand["value"]):
            assert "2 倍" in twice["message"], (of, twice)
        thousand = one(name, body, of, "value", f"{1000 * measurand['value']:.8g}")
        assert "10^3 倍" in thousand["message"], (of, thousand)


def _checked(name: str, body: Any) -> bytes:
    return work.check(name, json.dumps(body).encode())


def pendulum() -> Any:
    return json.loads((SAMPLES / "pendulum-mean.json").read_bytes())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("g = (9.82 ± 0.21) m/s²", ""),
        ("(9.82±0.21) m/s^2 (k = 2.09, P = 95 %)", ""),
        ("9.82 +/- 0.21 m/s2", ""),
        ("(9.82 ± 0.21)", "没有写单位"),
        ("(9.823 ± 0.21) m/s²", "末位没有对齐"),
        ("(9.8 ± 0.21) m/s²", "末位没有对齐"),
        ("(9.823 ± 0.212) m/s²", "有效数字"),
        ("(9.8 ± 0.2) m/s²", "有效数字"),
        ("(982 ± 21) m/s²", "10^2 倍"),
        ("(9.82 ± 0.10) m/s²", "包含因子"),
        ("9.82", "看不懂"),
        ("", "看不懂"),
        ("九点八", "看不懂"),
    ],
)
def test_a_line_is_judged_by_its_first_fault(text: str, said: str) -> None:
    """The sample's line is g = (9.82 ± 0.21) m/s² with k = 2.09."""
    verdict = one("pendulum", pendulum(), "g", "line", text)
    assert verdict["right"] == (not said), verdict
    assert said in verdict["message"]


def test_the_rule_of_the_school_decides() -> None:
    """t_P s/√n where the rule multiplies by t: s/√n alone is named."""
    body = {**pendulum(), "rules": "thu"}
    (found,) = [c for c in told("pendulum", body)["claimable"] if c["of"] == "t"]
    assert found["symbol"] == "t"
    readings = body["t"]
    plain = statistics.stdev(readings) / math.sqrt(len(readings))
    verdict = one("pendulum", body, "t", "u_A", f"{plain:.5g}")
    assert not verdict["right"]
    assert "t 因子" in verdict["message"]
    # t of 95 % for nine degrees of freedom: 2.262 (ISO/IEC Guide 98-3, table G.2)
    assert one("pendulum", body, "t", "u_A", f"{2.262 * plain:.4g}")["right"]


@pytest.mark.parametrize("text", ["1e300", "-1e300", "1e-300", "0", "1e99999", "±", "nan", "inf"])
def test_any_text_gets_a_verdict(text: str) -> None:
    """A result of 1e-19 beside a claim of 1e300: their ratio is no double."""
    body = json.loads((SAMPLES / "millikan.json").read_bytes())
    for kind in ("value", "u", "U", "line"):
        for written in (text, f"({text} ± {text}) C"):
            verdict = one("millikan", body, "e", kind, written)
            assert not verdict["right"]
            assert verdict["message"]


@pytest.mark.parametrize("rules", ["ustc", "nku", "pku", "buaa", "ecust", "hust", "zju"])
def test_what_the_rule_makes_of_repeats_is_right(rules: str) -> None:
    """The same that the worked steps print for the sample under that rule."""
    body = {**pendulum(), "rules": rules}
    experiment = load("pendulum")
    assert isinstance(experiment, Experiment)
    raw = json.dumps(body).encode()
    ledger = work.ledger(experiment, work.read("pendulum", raw)[1], raw)
    (section,) = [one for one in ledger.sections if one.title.endswith(" t")]
    lines = {step.words: plain(step.math) for step in section.steps if step.math}
    judged = 0
    for words, kind in (("A 类", "u_A"), ("B 类", "u_B")):
        (line,) = [text for title, text in lines.items() if title.startswith(words)] or [""]
        if line:
            printed = line.rpartition("=")[2].split("s")[0].strip()
            verdict = one("pendulum", body, "t", kind, printed)
            assert verdict["right"], (line, verdict)
            judged += 1
    assert judged


def test_what_is_not_there_is_refused() -> None:
    for claim in (("x", "mean", "1"), ("g", "mean", "1"), ("t", "U", "1")):
        with pytest.raises(BadInput):
            told("pendulum", pendulum(), claim)


def test_over_http_for_own_runs_alone(tmp_path: Any) -> None:
    server: Server
    with (
        running(tmp_path / "data") as server,
        server.client("owner") as owner,
        server.client("other") as other,
    ):
        run_id = owner.post("/api/plots/pendulum", json=pendulum()).json()["run_id"]
        asked = {"run_id": run_id, "claims": [{"of": "g", "kind": "value", "text": "9.82"}]}
        answer = owner.post("/api/check-report", json=asked)
        assert answer.status_code == 200, answer.text
        assert answer.json()["verdicts"][0]["right"]
        assert other.post("/api/check-report", json=asked).status_code == 404
        wrong = {"run_id": run_id, "claims": [{"of": "g", "kind": "nonsense", "text": "1"}]}
        assert owner.post("/api/check-report", json=wrong).status_code == 400
        strange = {"run_id": run_id, "claims": [{"of": "q", "kind": "u", "text": "1"}]}
        refused = owner.post("/api/check-report", json=strange)
        assert (refused.status_code, refused.json()["detail"]) == (400, "这条记录里没有 q")
