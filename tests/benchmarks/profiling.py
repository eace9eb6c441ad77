"""``python -m tests.benchmarks.profiling [experiment …]``: where the time of an experiment goes.

Writes ``profiles/<experiment>.txt``: the stages of one request in a warm worker, in milliseconds of
processor time without the profiler, then what cProfile sees in analysis and drawing.  "paint,
encode" is the floor: what rasterising and compressing the finished layout cost by themselves.
"""

import cProfile
import importlib
import io
import pstats
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from functions._lab.figure import Figure
from functions._runtime import work
from functions._runtime.experiment import Experiment
from functions._runtime.forking import TEMPLATE
from tests.benchmarks import readings

PROFILES = Path(__file__).parent / "profiles"
RUNS = 15
_ROOT = Path(__file__).parents[2]
_PATHS = re.compile(rf"\S*/(?:site-packages|python3\.\d+)/|{re.escape(str(_ROOT))}/")


def main() -> None:
    """Profile the experiments named, or all that have a sample."""
    chosen = sys.argv[1:] or readings.EXPERIMENTS
    PROFILES.mkdir(exist_ok=True)
    importlib.import_module(TEMPLATE)  # as in a worker: one thread, a small heap, all loaded
    for name in chosen:
        taken = stages(name)
        text = f"{name}\n\n{taken}\n{profile(name)}"
        (PROFILES / f"{name}.txt").write_text(text, encoding="utf-8")
        print(taken)


def request(name: str, number: int) -> None:
    """What workers do for one request."""
    outcome = work.analyse(name.replace("-", "_"), readings.fresh(name, number))
    for figure in outcome.figures.values():
        work.draw_packed(figure, "png")


def stages(name: str) -> str:
    """Milliseconds of each stage, medians, all figures of a request together."""
    from functions._lab.drafting import png, raster
    from functions._lab.drafting.compose import compose
    from functions._lab.drafting.style import EXACT
    from functions._lab.figure import WIDTH_PX

    experiment = importlib.import_module(f"functions.{name.replace('-', '_')}").function
    assert isinstance(experiment, Experiment)
    watch = Watch()
    for number in range(RUNS + 3):
        body = readings.fresh(name, number)
        given = watch("decode", lambda b=body: msgspec.json.decode(b, type=experiment.input))
        result = watch("analyse", lambda g=given: experiment.analyse(g))
        figures: dict[str, Figure] = watch(
            "figures", lambda g=given, r=result: experiment.figures(g, r)
        )
        watch("results as JSON", lambda r=result, g=given: msgspec.json.encode(work.findings(r, g)))
        every = list(figures.values())
        sheets = watch("lay out", lambda f=every: [compose(one, WIDTH_PX) for one in f])
        watch("paint, encode", lambda s=sheets: [png.join(raster.strips(o), EXACT) for o in s])
    return f"{name}: {len(figures)} figures\n{watch}"


class Watch:
    """Processor time of named stages."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = {}

    def __call__(self, stage: str, action: Callable[..., Any]) -> Any:
        """Result of the action, whose time is noted."""
        begun = time.process_time()
        value = action()
        self._seconds.setdefault(stage, []).append(time.process_time() - begun)
        return value

    def __str__(self) -> str:
        medians = {s: statistics.median(taken[3:]) * 1000 for s, taken in self._seconds.items()}
        medians["sum"] = sum(medians.values())
        return "".join(f"  {stage:<16} {ms:8.2f} ms\n" for stage, ms in medians.items())


def profile(name: str) -> str:
    """The most expensive calls by their own time and with what they call."""
    for number in range(3):
        request(name, number)
    recorder = cProfile.Profile()
    recorder.enable()
    for number in range(RUNS):
        request(name, 100 + number)
    recorder.disable()
    text = io.StringIO()
    seen = pstats.Stats(recorder, stream=text)
    text.write(f"cProfile of {RUNS} requests (the profiler's own cost included)\n")
    for order in ("tottime", "cumulative"):
        seen.sort_stats(order).print_stats(28)
    lines = (_PATHS.sub("", line).rstrip() for line in text.getvalue().splitlines())
    return "\n".join(line for line in lines if line) + "\n"


if __name__ == "__main__":
    main()
