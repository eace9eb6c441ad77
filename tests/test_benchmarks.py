"""The benchmarks work: both sides answer every experiment with whole figures.  Nothing is timed."""

import json
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from tests.benchmarks import processes, readings, sides
from tests.benchmarks.client import Client
from tests.benchmarks.measures import TINY, Benchmark
from tests.benchmarks.profiling import PROFILES
from tests.benchmarks.table import report


@pytest.fixture(scope="module")
def benchmark_done() -> Benchmark:
    benchmark = Benchmark(TINY, lambda _: None)
    benchmark.run()
    return benchmark


@pytest.mark.slow
@pytest.mark.parametrize("side", [sides.OURS.name, sides.USUAL.name])
def test_every_experiment_is_answered_with_whole_figures(
    benchmark_done: Benchmark, side: str
) -> None:
    requests = benchmark_done.outcomes[side].requests
    assert tuple(requests) == readings.EXPERIMENTS
    for experiment, request in requests.items():
        assert request.images, experiment
        for image in request.images:
            width, height = size_of_whole_png(image)
            assert width >= 1600, experiment
            assert height > 500, experiment


@pytest.mark.slow
def test_both_sides_draw_the_same_number_of_figures(benchmark_done: Benchmark) -> None:
    ours, usual = (
        benchmark_done.outcomes[side.name].requests for side in (sides.OURS, sides.USUAL)
    )
    assert {name: len(request.images) for name, request in ours.items()} == {
        name: len(request.images) for name, request in usual.items()
    }


@pytest.mark.slow
def test_the_report_has_a_line_for_all_that_was_measured(benchmark_done: Benchmark) -> None:
    text = report(benchmark_done)
    for words in (*readings.EXPERIMENTS, "same readings again", "one core", "memory, MB"):
        assert words in text


@pytest.mark.parametrize("experiment", readings.EXPERIMENTS)
def test_fresh_readings_differ_in_one_column_and_little(experiment: str) -> None:
    sample = readings.sample(experiment)
    first, second = (json.loads(readings.fresh(experiment, number)) for number in (1, 2))
    assert first != second
    assert first["return_data_uri"]
    assert set(first) == set(sample) | {"return_data_uri"}
    changed = [name for name in sample if first[name] != sample[name]]
    assert len(changed) == 1


@pytest.mark.parametrize("experiment", readings.EXPERIMENTS)
def test_each_profile_names_files_by_their_place_in_the_project(experiment: str) -> None:
    text = (PROFILES / f"{experiment}.txt").read_text(encoding="utf-8")
    assert "functions/_runtime/work.py" in text
    assert " /" not in text


def test_the_processor_time_of_children_is_counted(tmp_path: Path) -> None:
    with sides.started(sides.OURS, workers=1) as running:
        client = Client(running.base)
        client.experiment("millikan", readings.fresh("millikan", 1))
        client.close()
        pid = running.process.pid
        family = processes.family(pid)
        assert len(family) > 2
        own = [processes.proportional_mb(member) for member in family[1:]]
        assert processes.proportional_mb(pid) > max(own)
        assert processes.cpu_seconds(pid) > 0


def test_a_quarter_of_a_core_is_all_that_a_process_gets() -> None:
    with processes.quarter_core() as (confine, name):
        assert name
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as spinning:
            confine(spinning.pid)
            before, begun = processes.cpu_seconds(spinning.pid), time.monotonic()
            time.sleep(1)
            used = processes.cpu_seconds(spinning.pid) - before
            elapsed = time.monotonic() - begun
            spinning.kill()
    assert 0 < used < 0.4 * elapsed


def size_of_whole_png(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG whose chunks are all there with right checksums."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, kinds, pixels = 8, [], b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        kinds.append(kind)
        pixels += body if kind == b"IDAT" else b""
        place += 12 + length
    assert kinds[0] == b"IHDR"
    assert kinds[-1] == b"IEND"
    assert zlib.decompress(pixels)
    width, height = struct.unpack(">II", data[16:24])
    return width, height
