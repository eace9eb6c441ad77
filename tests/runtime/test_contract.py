"""What holds for every function that is discovered, now and later."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from functions._lab.result import Measurand
from functions._runtime import work
from functions._runtime.experiment import Experiment
from functions._runtime.form import form
from tests.experiments import EXPERIMENTS, REPRESENTATIVE
from tests.server import ROOT, Server, running, start

CASES = [(e, path) for e in EXPERIMENTS for path in e.sample_paths]
each_sample = pytest.mark.parametrize(
    ("experiment", "path"), CASES, ids=[path.stem for _, path in CASES]
)
each = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.name)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("contract") / "data") as server:
        yield server


@each
def test_an_experiment_has_a_sample_a_test_and_says_what_it_measures(
    experiment: Experiment,
) -> None:
    assert experiment.sample_paths[0].exists()
    assert (ROOT / "tests/functions" / f"test_{experiment.name}.py").exists()
    text = Path(experiment.file).read_text().split('"""')[1]
    for part in ("Model", "Measurands", "Sources"):
        assert f"\n{part}\n" in text, f"the docstring needs a line “{part}” with what belongs to it"


@each
def test_every_field_has_a_title_and_a_unit(experiment: Experiment) -> None:
    for variant in form(experiment).variants:
        assert variant.fields
        for field in variant.fields:
            assert field.title != field.name, f"{field.path} needs a Chinese title"
            if field.kind in ("column", "scalar"):
                assert field.unit, f"{field.path} needs a unit, “1” for none"
                assert field.symbol, f"{field.path} needs a symbol"


@each_sample
def test_axes_have_units_and_results_are_complete(experiment: Experiment, path: Path) -> None:
    readings = msgspec.json.decode(path.read_bytes(), type=experiment.input)
    result, figures = work.run(experiment, readings)
    assert result.measurands or result.warnings
    for measurand in result.measurands:
        check_measurand(measurand)
    assert figures
    for name, figure in figures.items():
        assert re.fullmatch(r"[a-z0-9-]+", name)
        for panel in figure.panels:
            for label in filter(None, (panel.x_label, panel.y_label, panel.right_label)):
                assert " / " in label or label_has_no_unit(label), label


def label_has_no_unit(label: str) -> bool:
    """Counts, ratios and logarithms have dimension one."""
    return bool(re.search(r"(数|序号|比|相对|ln|lg|残差|级次|因子|贡献)", label))


def check_measurand(measurand: Measurand) -> None:
    """The parts of a measurand agree with one another."""
    u, k = measurand.standard_uncertainty, measurand.coverage_factor
    assert measurand.expanded_uncertainty == pytest.approx(k * u, rel=1e-9)
    assert measurand.coverage_probability == 0.95
    assert measurand.symbol in measurand.display
    assert "P = 95 %" in measurand.display
    total = sum(influence.contribution**2 for influence in measurand.budget)
    assert total**0.5 == pytest.approx(u, rel=1e-6, abs=1e-300)


@each_sample
def test_http_start_status_script_and_files_agree(
    bundle: Server, experiment: Experiment, path: Path
) -> None:
    readings = msgspec.json.decode(path.read_bytes())
    with bundle.client(f"agree-{path.stem}") as client:
        route = f"/api/plots/{experiment.wire_name}" if not experiment.route else experiment.route
        answer = client.post(route, json={**readings, "return_data_uri": True})
        assert answer.status_code == 200, answer.text
        assert len(answer.content) < 1000 * 1024
        plots = answer.json()
        decoded = msgspec.convert(readings, experiment.input)
        result, _ = work.run(experiment, decoded)
        alone = msgspec.json.decode(msgspec.json.encode(work.findings(result, decoded)))
        assert {k: plots[k] for k in alone} == alone
        started = client.post(f"{route}/start", json=readings).json()
        assert started["task_id"] == plots["run_id"]
        assert started["status"] == "pending"
        status = client.get(f"/api/plots/status/{started['task_id']}").json()
        assert status["status"] == "completed"
        assert status["images"] == plots["images"]
        assert status["images_data"] == plots["images_data"]
        for address in plots["images"]:
            image = client.get(address)
            assert image.headers["content-type"] == "image/png"
            assert struct.unpack(">I", image.content[16:20])[0] >= 1600


@pytest.mark.parametrize("experiment", REPRESENTATIVE, ids=lambda e: e.name)
def test_alone_it_answers_as_the_bundle_does(bundle: Server, experiment: Experiment) -> None:
    """Both on one data folder: what one stores the other finds, and the bytes are the same."""
    alone = start(
        bundle.log.parent,
        command=("-m", "uvicorn", f"functions.{experiment.name}:app", "--port", "{port}"),
    )
    try:
        with bundle.client(f"alone-{experiment.name}") as first:
            token = {"Authorization": first.headers["Authorization"]}
            with httpx.Client(base_url=alone.base, headers=token, trust_env=False) as second:
                second.timeout = httpx.Timeout(30)
                compare(experiment, first, second)
    finally:
        alone.stop()


def compare(experiment: Experiment, first: httpx.Client, second: httpx.Client) -> None:
    """The lone function answers, refuses, and is there, exactly as in the bundle."""
    sample = experiment.sample()
    for body in (sample, b"", b"{}", b"nonsense", b'{"instrument": 5}'):
        for suffix in ("", "/start", "/check"):
            mine = second.post(experiment.route + suffix, content=body)
            theirs = first.post(experiment.route + suffix, content=body)
            assert (mine.status_code, mine.content) == (theirs.status_code, theirs.content)
    task = second.post(f"{experiment.route}/start", content=sample).json()["task_id"]
    address = f"/api/plots/status/{task}"
    assert second.get(address).content == first.get(address).content
    for image in first.get(address).json()["images"]:
        assert second.get(image).content == first.get(image).content
    unnamed = {"Authorization": ""}
    refused = second.post(experiment.route, content=sample, headers=unnamed)
    assert refused.content == first.post(experiment.route, content=sample, headers=unnamed).content
    assert refused.status_code == 401
    assert second.get("/").status_code == 200
    assert second.get("/api/ping").status_code == 404
