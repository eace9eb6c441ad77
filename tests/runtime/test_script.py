"""Experiments as scripts: what a developer types in a shell."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions._runtime.experiment import Experiment
from tests.experiments import REPRESENTATIVE
from tests.server import ROOT


def script(name: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "functions", name, *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_table_and_the_figure(tmp_path: Path) -> None:
    done = script("millikan", "data/samples/millikan.json", "--out", str(tmp_path))
    assert done.returncode == 0
    assert "e = (1.586 ± 0.071)×10⁻¹⁹ C (k = 3.18, P = 95 %)" in done.stdout
    (figure,) = tmp_path.iterdir()
    assert figure.name == "millikan-q-n.png"
    assert figure.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("experiment", REPRESENTATIVE, ids=lambda e: e.name)
def test_every_sample_of_every_experiment_runs_as_json(
    experiment: Experiment, tmp_path: Path
) -> None:
    names = [str(path) for path in experiment.sample_paths]
    done = script(experiment.name, *names, "--json", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    decoder, text, count = json.JSONDecoder(), done.stdout.strip(), 0
    while text:
        found, end = decoder.raw_decode(text)
        assert set(found) == {"results", "fits", "warnings"}
        assert found["results"] or found["warnings"]
        text, count = text[end:].strip(), count + 1
    assert count == len(names)
    assert len(list(tmp_path.iterdir())) >= count


def test_standard_input_and_several_files(tmp_path: Path) -> None:
    sample = Path(ROOT / "data/samples/millikan.json").read_text()
    done = script("millikan", "-", "data/samples/millikan.json", text=sample)
    assert done.returncode == 0
    assert done.stdout.count("e = (1.586 ± 0.071)") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"ni": [1, 2], "qi": [1.6, -1e6]}', "第 2 个油滴电荷 q：应不小于 -10000"),
        ("nonsense", "请求体不是有效的 JSON"),
        ("", "请求体为空，应为 JSON"),
        ('{"ni": [1, 2], "qi": [1.6, 3.2], "instrument": {"x": 1}}', "没有名为 x 的量"),
    ],
)
def test_bad_input_is_status_2_with_the_sentence_of_http(text: str, said: str) -> None:
    done = script("millikan", "-", text=text)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_status_2() -> None:
    done = script("millikan", "no-such-file.json", "data")
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["no-such-file.json：路径不存在", "data：这是一个目录"]


@pytest.mark.parametrize("arguments", [(), ("--nonsense",)])
def test_a_wrong_command_line_is_status_2_and_told_in_one_chinese_line(
    arguments: tuple[str, ...],
) -> None:
    done = script("millikan", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("用法：python -m functions millikan ")


def test_a_file_as_windows_saves_it(tmp_path: Path) -> None:
    text = (ROOT / "data/samples/millikan.json").read_text().replace("\n", "\r\n")
    saved = tmp_path / "readings.json"
    saved.write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = script("millikan", str(saved))
    assert done.returncode == 0, done.stderr
    assert "e = (1.586 ± 0.071)" in done.stdout


def test_a_reader_that_has_enough_is_no_bad_input() -> None:
    command = [
        sys.executable,
        "-m",
        "functions",
        "millikan",
        "--json",
        "data/samples/millikan.json",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    done = script("millikan", str(bad), "data/samples/millikan.json")
    assert done.returncode == 2
    assert "e = (1.586 ± 0.071)" in done.stdout
