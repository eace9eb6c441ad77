"""The rules of a school in a request: every experiment takes them, every answer says which."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from config import read_settings
from functions._lab.rules import Rules, profiles, using
from functions._runtime import work
from functions._runtime.discovery import discover
from functions._runtime.errors import BadInput
from functions._runtime.experiment import Experiment
from functions._runtime.form import form
from functions._runtime.runs import digest
from functions._runtime.validation import check_readings, decode
from tests.functions.test_limits import CASES, bodies
from tests.functions.test_limits import EXPERIMENTS as BY_NAME
from tests.in_process import Client
from tests.server import ROOT

EXPERIMENTS = [f for f in discover() if isinstance(f, Experiment)]
each = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.name)
ROUTE = "/api/uncertainty"
PENDULUM = {
    "formula": "g = 4*pi**2*l/T**2",
    "result_unit": "m/s²",
    "quantities": [
        {"symbol": "l", "unit": "m", "readings": [1.001, 1.002, 1.003], "limit": 0.001},
        {"symbol": "T", "unit": "s", "readings": [2.004, 2.012, 2.008, 2.008], "limit": 0.01},
    ],
}


def findings(experiment: Experiment, **more: Any) -> dict[str, Any]:
    body = json.dumps({**json.loads(experiment.sample()), **more}).encode()
    found: dict[str, Any] = json.loads(work.check(experiment.name, body))
    return found


@each
def test_an_experiment_measures_the_same_under_every_rule(experiment: Experiment) -> None:
    plain = findings(experiment)
    assert findings(experiment, rules="gum") == plain
    assert "rules" not in plain
    assert all("gum" not in measurand for measurand in plain["results"])
    for name in ("thu", "buaa", "ecust", "gum-k2"):
        found = findings(experiment, rules=name)
        assert found["rules"] == {
            "name": name,
            "title": profiles()[name].title,
            "version": profiles()[name].version,
        }
        assert (found["fits"], found["warnings"]) == (plain["fits"], plain["warnings"])
        for measurand, by_gum in zip(found["results"], plain["results"], strict=True):
            assert measurand["value"] == by_gum["value"]
            assert measurand.get("reference") == by_gum.get("reference")
            kept = ("standard_uncertainty", "degrees_of_freedom", "expanded_uncertainty")
            assert measurand["gum"] == {key: by_gum[key] for key in kept}
            assert measurand["degrees_of_freedom"] is None
            factor = measurand["coverage_factor"]
            assert factor == (2 if name == "gum-k2" else 1)
            u = measurand["standard_uncertainty"]
            assert measurand["expanded_uncertainty"] == pytest.approx(factor * u)


LIMITED = list(dict.fromkeys((name, one.name) for name, _, one in CASES if one.limited))
LIMITED.remove(("mechanics", "mass_g"))  # acts on what a result is compared with, not on a result


@pytest.mark.parametrize(("name", "limited"), LIMITED, ids=[f"{n}-{one}" for n, one in LIMITED])
def test_a_limit_is_weighed_by_the_rule_wherever_it_acts(name: str, limited: str) -> None:
    """With Δ in place of Δ/√3 its lines in the budgets are √3 times as long, the others as long."""
    experiment, seen = BY_NAME[name], 0
    for body in bodies(experiment):
        if name == "fit" and {"u_x", "u_y"} & set(body):
            continue
        asked = {**body, "instrument": {limited: 0.01}}
        readings = decode(json.dumps(asked).encode(), experiment.input)
        plain = experiment.analyse(readings).measurands
        with using(Rules(divisor="1")):
            whole = experiment.analyse(readings).measurands
        for before, after in zip(plain, whole, strict=True):
            lines = {line.name: line.contribution for line in after.budget}
            for line in before.budget:
                of_limit = line.name.endswith("仪器误差限")
                factor = 3**0.5 if of_limit else 1.0
                assert lines[line.name] == pytest.approx(factor * line.contribution), line.name
                seen += of_limit
    assert seen


@each
def test_the_form_asks_for_no_parameter_of_a_rule(experiment: Experiment) -> None:
    for variant in form(experiment).variants:
        assert not [f.path for f in variant.fields if f.path.partition(".")[0] == "rules"]


def test_a_pendulum_by_three_rules() -> None:
    """By hand: s(l) = 1 mm, u_A = 0.57735 mm; s(T) = √(32/3) ms, u_A = 1.63299 ms; g = 9.81066.

    Tsinghua: Δ(l) = √((4.3027·0.57735)² + 1²) = 2.6779 mm, Δ(T) = √((3.1824·1.63299)² + 10²)
    = 11.2697 ms; Δ(g) = √((g/l·Δl)² + (2g/T·ΔT)²) = √(0.026219² + 0.110123²) = 0.113201.
    Beihang: u(l) = √(0.57735² + 1/3) = 0.816497 mm, u(T) = √(1.63299² + 100/3) = 6.00000 ms;
    u(g) = √(0.0079944² + 0.0586294²) = 0.0591719.
    """
    pendulum = next(e for e in EXPERIMENTS if e.name == "uncertainty")
    expected = {
        "thu": (0.113201, "g = (9.81 ± 0.11) m/s² (P = 0.95)"),
        "buaa": (0.0591719, "g = (9.81 ± 0.06) m/s²"),
        "bit": (0.0591719, "g = 9.81(0.06) m/s²"),
    }
    for name, (u, shown) in expected.items():
        found = json.loads(
            work.check(pendulum.name, json.dumps({**PENDULUM, "rules": name}).encode())
        )["results"][0]
        assert found["standard_uncertainty"] == pytest.approx(u, rel=2e-5)
        assert found["display"] == shown


def test_a_figure_says_by_which_rule() -> None:
    millikan = next(e for e in EXPERIMENTS if e.name == "millikan")
    for name, said in (("thu", "清华大学：P = 0.95"), ("buaa", "北京航空航天大学")):
        readings = decode(
            json.dumps({**json.loads(millikan.sample()), "rules": name}).encode(), millikan.input
        )
        _, figures = work.run(millikan, readings)
        notes = [line for panel in figures["q-n"].panels for line in panel.note]
        assert said in notes
        assert any(note.startswith("e = (1.59 ±") or "e = (1.586 ±" in note for note in notes)
        assert not any("k_P" in note or "(P =" in note for note in notes)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("mit", "没有名为 mit 的规则，可用的有 gum、gum-k2、national-p95"),
        (7, "应为文本或对象，收到的是整数"),
        ({"digits": 2}, "没有名为 digits 的参数"),
        ({"divisor": "2"}, "取值 '2' 不在允许的范围内"),
        ({"coverage": 0.5}, "应不小于 1"),
        ({"t_factor": True, "coverage": 1}, "用到 t 因子或 k_P 时须给出概率 P"),
        ({"input_probability": 0.95}, "包含因子不能再取 t"),
        ({"two_digits_to": 10}, "应不大于 9"),
        ("x" * 41, "太长，最多 40 个字符"),
    ],
)
def test_a_rule_that_is_none_is_refused_in_one_sentence(given: Any, sentence: str) -> None:
    millikan = next(e for e in EXPERIMENTS if e.name == "millikan")
    body = json.dumps({**json.loads(millikan.sample()), "rules": given}).encode()
    with pytest.raises(BadInput) as refused:
        check_readings(decode(body, millikan.input), 5000)
    assert sentence in refused.value.detail
    assert str(refused.value.field).startswith("rules")


def test_a_rule_of_ones_own() -> None:
    millikan = next(e for e in EXPERIMENTS if e.name == "millikan")
    own = {"title": "王老师", "coverage": 3, "stated": "k", "two_digits_to": 0}
    found = findings(millikan, rules=own)
    assert found["rules"] == {"name": "custom", "title": "王老师", "version": ""}
    plain = findings(millikan)["results"][0]
    assert found["results"][0]["expanded_uncertainty"] == 3 * plain["standard_uncertainty"]
    assert found["results"][0]["display"] == "e = (1.59 ± 0.07)×10⁻¹⁹ C (k = 3.00)"
    listed = msgspec.to_builtins(profiles()["thu"])
    assert findings(millikan, rules=listed)["rules"]["name"] == "thu"


def test_the_default_by_name_is_the_same_run() -> None:
    millikan = next(e for e in EXPERIMENTS if e.name == "millikan")

    def of(**more: Any) -> str:
        body = json.dumps({**json.loads(millikan.sample()), **more}).encode()
        return digest(decode(body, millikan.input), "a" * 16)

    assert of() == of(rules="gum")
    assert of() != of(rules="thu") != of(rules="buaa")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = read_settings({"WECHAT_MOCK": "1", "DATA_DIR": str(tmp_path), "WORKERS": "1"})
    names = ["rules", "uncertainty", "plot_status", "runs", "wechat_auth"]
    made = Client(settings, names)
    yield made
    made.close()


def test_the_list_of_rules(client: Client) -> None:
    answer = client.get("/api/rules")
    items = answer.json()["items"]
    assert [item["name"] for item in items] == list(profiles())
    assert items[0]["name"] == "gum"
    assert set(items[0]) == set(Rules.__struct_fields__)
    again = client.get("/api/rules", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_list_of_rules_needs_no_numpy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from config import read_settings\n"
        "from tests.in_process import Client\n"
        f"settings = read_settings({{'WECHAT_MOCK': '1', 'DATA_DIR': {str(tmp_path)!r}}})\n"
        "client = Client(settings, ['rules'])\n"
        "print(client.get('/api/rules').status_code)\n"
        "print(sorted({'numpy', 'scipy', 'GTC', 'matplotlib'} & set(sys.modules)))\n"
        "client.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split("\n")[:2] == ["200", "[]"], done.stderr


def test_every_answer_about_a_run_says_by_which_rule(client: Client) -> None:
    def post(path: str, **more: Any) -> httpx.Response:
        return client.post(path, json={**PENDULUM, **more}, headers=headers)

    token = client.post("/api/auth/wechat", json={"code": "one"}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    refused = post(f"{ROUTE}/start", rules="mit")
    assert (refused.status_code, refused.json()["field"]) == (400, "rules")
    by_rule = post(ROUTE, rules="ustc").json()
    applied = {"name": "ustc", "title": "中国科学技术大学", "version": "1"}
    assert by_rule["rules"] == applied
    status = client.get(f"/api/plots/status/{by_rule['run_id']}", headers=headers).json()
    detail = client.get(f"/api/runs/{by_rule['run_id']}", headers=headers).json()
    assert (status["rules"], detail["rules"]) == (applied, applied)
    assert detail["readings"]["rules"] == "ustc"
    own = post(ROUTE, rules={"title": "王老师", "coverage": 2, "stated": "k"}).json()
    assert own["rules"] == {"name": "custom", "title": "王老师", "version": ""}
    detail = client.get(f"/api/runs/{own['run_id']}", headers=headers).json()
    assert detail["readings"]["rules"] == {"title": "王老师", "coverage": 2, "stated": "k"}
    table = client.get(f"/api/runs/{own['run_id']}/data.csv", headers=headers)
    assert (table.status_code, "rules.title" in table.text) == (200, True)
    plain = post(ROUTE).json()
    assert plain["run_id"] != by_rule["run_id"]
    assert plain["results"][0]["display"].endswith("P = 95 %)")
    detail = client.get(f"/api/runs/{plain['run_id']}", headers=headers).json()
    assert "rules" not in plain
    assert "rules" not in detail
