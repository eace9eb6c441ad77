"""Which analysis made a run: corrections arrive, once, and are said; the old outcome stays."""

import dataclasses
import json
import pickle
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from functions import millikan
from functions._lab import panels
from functions._lab.errors import ReadingError, ResultError
from functions._lab.result import Result
from functions._runtime import gallery, versions, work
from functions._runtime import runs as callers
from functions._runtime.runs import digest
from functions._runtime.versions import LENGTH, analysis_version
from storage import runs
from storage.models import Run
from tests.conftest import Place
from tests.resilience.instances import READINGS, ROUTE, instance, logged_in, over

OLDER = "0" * LENGTH


def test_the_version_is_of_the_code_and_cheap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.perf_counter()
    versions._laboratory.cache_clear()
    first = analysis_version.__wrapped__("millikan")
    print(f"version of an analysis: {(time.perf_counter() - began) * 1000:.0f} ms")
    assert first != analysis_version.__wrapped__("fiber")
    copy = tmp_path / "functions"
    source = Path(versions.__file__).parents[1]
    shutil.copytree(source / "_lab", copy / "_lab")
    shutil.copy(source / "millikan.py", copy)
    monkeypatch.setattr(versions, "_FUNCTIONS", copy)
    versions._laboratory.cache_clear()
    assert analysis_version.__wrapped__("millikan") == first
    (copy / "_lab" / "quantum.py").write_text("# corrected\n")
    versions._laboratory.cache_clear()
    corrected = analysis_version.__wrapped__("millikan")
    assert corrected != first
    profile = copy / "_lab" / "rules" / "profiles" / "thu.json"
    profile.write_text(profile.read_text().replace('"version": "1"', '"version": "2"'))
    versions._laboratory.cache_clear()
    assert analysis_version.__wrapped__("millikan") != corrected
    monkeypatch.undo()
    versions._laboratory.cache_clear()


def test_readings_and_analysis_are_told_apart_in_a_digest() -> None:
    readings = msgspec.convert(READINGS, millikan.Millikan)
    one, other = digest(readings, "a" * LENGTH), digest(readings, "b" * LENGTH)
    assert len(one) == 64
    assert one != other
    assert one[:47] == other[:47]


def aged(database: Any, run_id: str, mark: str) -> None:
    """Make a run one of an older analysis, as if it were from before an update."""
    older = runs.get(database, run_id).digest[:47] + mark
    change = {Run.digest: older, Run.results: '{"results":[],"fits":[],"warnings":[]}'}
    database.perform(lambda c: Run.update(change).where(Run.id == run_id).execute(c))


@pytest.mark.parametrize("mark", [f"-{OLDER}", "0" * 17], ids=["noted", "before such notes"])
def test_after_an_update_the_same_readings_are_analysed_once_more(place: Place, mark: str) -> None:
    client = instance(place)
    headers = logged_in(client)
    first = client.post(ROUTE, json=READINGS, headers=headers).json()
    assert first["message"] == "已完成"
    database = client.app.state.services.database
    aged(database, first["run_id"], mark)
    renewed = client.post(ROUTE, json=READINGS, headers=headers).json()
    assert renewed["run_id"] != first["run_id"]
    assert renewed["results"] == first["results"]
    assert "分析程序已更新，已按新程序重新计算" in renewed["message"]
    task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
    assert task == renewed["run_id"], "computed anew once"
    assert "已按新程序重新计算" in over(client, task, headers)["message"]
    old = client.get(f"/api/runs/{first['run_id']}", headers=headers).json()
    assert (old["status"], old["results"]) == ("completed", [])
    assert old["analysis"] == ("" if mark[0] != "-" else OLDER)
    new = client.get(f"/api/runs/{task}", headers=headers).json()
    assert new["analysis"] == analysis_version("millikan")
    client.close()


def test_a_figure_of_an_old_run_that_is_drawn_again_says_so(tmp_path: Path) -> None:
    body = json.dumps(READINGS).encode()
    same = work.analyse("millikan", body)
    again = work.analyse("millikan", body, same.findings.decode())
    assert again.figures == same.figures
    other = work.analyse("millikan", body, '{"results":[],"fits":[],"warnings":[]}')
    assert other.figures != same.figures
    title = pickle.loads(other.figures["q-n"]).title
    assert title.endswith("（按更新后的程序重画）")


def test_a_check_makes_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(READINGS).encode()
    whole = work.analyse("millikan", body).findings

    def never(*_: Any) -> None:
        raise AssertionError("a figure was made")

    monkeypatch.setattr(panels, "line_panels", never)
    assert work.check("millikan", body) == whole


def test_a_fault_of_ours_is_a_500_on_every_way(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent directly, checked, and polled; :func:`fail` runs in the worker."""
    client = instance(sqlite_place)
    headers = logged_in(client)
    broken = SimpleNamespace(analyse=fail, check=fail, draw_packed=work.draw_packed)
    monkeypatch.setattr(gallery, "work", broken)
    monkeypatch.setattr(callers, "work", broken)
    for way in ("", "/check"):
        answer = client.post(f"{ROUTE}{way}", json=READINGS, headers=headers)
        assert answer.status_code == 500, way
        assert "读数" not in answer.json()["detail"] or "不是读数" in answer.json()["detail"]
    assert "ValueError: ours" in caplog.text
    task = client.post(f"{ROUTE}/start", json=READINGS, headers=headers).json()["task_id"]
    ended = over(client, task, headers)
    assert ended["status"] == "failed"
    assert ended["message"] == "服务器内部错误，不是读数的问题，请稍后重试"
    client.close()


def fail(*_: Any) -> None:
    """In place of the analysis, in a worker."""
    raise ValueError("ours")


@pytest.mark.parametrize(
    ("qi", "fault", "blamed"),
    [
        ([3.2, 4.8], ZeroDivisionError(), False),
        ([3.2, 4.8], OverflowError(), False),
        ([3.2, 4.8], ResultError("nan"), True),
        ([3.2, 1e-20], ZeroDivisionError(), True),
    ],
)
def test_arithmetic_blames_the_readings_only_for_their_size(
    qi: list[float], fault: Exception, blamed: bool
) -> None:
    readings = msgspec.convert({"ni": [2, 3], "qi": qi}, millikan.Millikan)

    def analyse(_: Any) -> Result:
        raise fault

    experiment = dataclasses.replace(millikan.function, analyse=analyse)
    expected = ReadingError if blamed else type(fault)
    with pytest.raises(expected):
        work.run(experiment, readings)
