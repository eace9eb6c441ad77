"""The outcome as Markdown tables."""

import statistics
import struct
from collections.abc import Sequence

from tests.benchmarks.measures import Benchmark, Outcome, machine
from tests.benchmarks.sides import OURS, USUAL, Load


def report(benchmark: Benchmark) -> str:
    """All tables, with the machine they were made on."""
    ours, usual = (benchmark.outcomes[side.name] for side in (OURS, USUAL))
    parts = [
        f"{machine()}.  Medians; bundle / usual way (ratio).",
        _requests(ours, usual),
        _load(ours, usual),
        _starts(ours, usual),
        f"A quarter of a core: {benchmark.limit}.",
        _memory(ours, usual),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ratio(ours: float, usual: float, digits: int = 0) -> str:
    """Both with how many times smaller ours is."""
    times = usual / ours if ours else float("inf")
    return f"{ours:.{digits}f} / {usual:.{digits}f} (**{times:.1f}×**)"


def _requests(ours: Outcome, usual: Outcome) -> str:
    rows = []
    for experiment, mine in ours.requests.items():
        theirs = usual.requests[experiment]
        figures = f"{len(mine.images)} × {_width(mine.images[0])} px" if mine.images else "0"
        rows.append(
            [
                experiment,
                figures,
                _ratio(mine.wall_ms, theirs.wall_ms),
                _ratio(mine.processor_ms, theirs.processor_ms),
                _ratio(mine.size / 1024, theirs.size / 1024),
            ]
        )
    return _table(["one fresh request", "figures", "wall ms", "CPU ms", "answer KiB"], rows)


def _load(ours: Outcome, usual: Outcome) -> str:
    rows = []
    for name, mine, theirs in (
        ("fresh readings", ours.fresh, usual.fresh),
        ("the same readings again", ours.repeated, usual.repeated),
    ):
        assert mine is not None
        assert theirs is not None
        times = mine.rate / theirs.rate
        rate = f"{mine.rate:.1f} / {theirs.rate:.2f} (**{times:.0f}×**)"
        rows.append([name, rate, _pings(mine), _pings(theirs)])
    head = ["8 clients", "requests/s", "ping p50, p99 ms: bundle", "usual way"]
    return _table(head, rows)


def _pings(load: Load) -> str:
    return f"{load.ping(50):.1f}, {load.ping(99):.1f}"


def _starts(ours: Outcome, usual: Outcome) -> str:
    rows = []
    for place, mine in ours.starts.items():
        theirs = usual.starts[place]
        ping = [statistics.median(start.ping for start in side) for side in (mine, theirs)]
        done = [statistics.median(start.finished for start in side) for side in (mine, theirs)]
        rows.append([place, _ratio(ping[0], ping[1], 2), _ratio(done[0], done[1], 2)])
    head = ["cold start, s", "to the first ping", "to the first finished experiment"]
    return _table(head, rows)


def _memory(ours: Outcome, usual: Outcome) -> str:
    rows = [
        [name, str(one.requests), f"{one.serving:.0f}", f"{one.family:.0f}"]
        for name, side in (("bundle", ours), ("usual way", usual))
        for one in side.memory
    ]
    head = ["memory, MB", "after requests", "serving process (RSS)", "all processes (PSS)"]
    return _table(head, rows)


def _width(png: bytes) -> int:
    width: int = struct.unpack(">I", png[16:20])[0]
    return width
