"""``python -m tests.benchmarks [--quick] [experiment …]``: measure both sides, print the tables."""

import argparse
import dataclasses
import sys
import time

from tests.benchmarks import readings
from tests.benchmarks.measures import FULL, QUICK, Benchmark
from tests.benchmarks.table import report


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look in about a minute")
    args = parser.parse_args()
    plan = QUICK if args.quick else FULL
    present = tuple(n for n in readings.EXPERIMENTS if (readings.SAMPLES / f"{n}.json").exists())
    plan = dataclasses.replace(plan, experiments=present)
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:5.0f} s  {what}", file=sys.stderr, flush=True)

    benchmark = Benchmark(plan, say)
    benchmark.run()
    print(report(benchmark), end="")


if __name__ == "__main__":
    main()
