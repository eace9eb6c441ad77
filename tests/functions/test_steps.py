"""The worked steps of a run over HTTP: of the own runs alone, by any experiment."""

import json
from collections.abc import Iterator

import pytest

from tests.functions.declared import sample
from tests.server import Server, running


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("steps") / "data") as server:
        yield server


def test_the_steps_of_an_own_run(bundle: Server) -> None:
    with bundle.client("steps") as client:
        run = client.post("/api/plots/pendulum", json=sample("pendulum-mean")).json()["run_id"]
        steps = client.get(f"/api/runs/{run}/steps").json()
    assert [table["title"] for table in steps["readings"]] == ["n 个周期的时间", "单次读数与常量"]
    last = steps["sections"][-1]
    assert last["title"] == "重力加速度 g"
    assert last["steps"][0]["plain"].startswith("g = 4π²l/T² = (4×π²×121.50")
    assert last["steps"][0]["mathml"].startswith("<math ")
    assert r"\frac{4{\pi }^{2}l}{{T}^{2}}" in last["steps"][0]["latex"]
    with bundle.client("another") as other:
        assert other.get(f"/api/runs/{run}/steps").status_code == 404


def test_the_steps_of_an_experiment_with_kernels_of_its_own(bundle: Server) -> None:
    with bundle.client("steps") as client:
        run = client.post("/api/plots/millikan", json=sample("millikan")).json()["run_id"]
        steps = client.get(f"/api/runs/{run}/steps").json()
    text = json.dumps(steps, ensure_ascii=False)
    assert "e = (1.586 ± 0.071)×10⁻¹⁹ C" in text
    assert "q = e·n" in text
