"""Print what of the mistakes in every sample is named, and what is said of sound tables."""

import argparse
import random
from collections.abc import Sequence

from tests.benchmarks.readings import EXPERIMENTS
from tests.slips.judge import Tally, tally
from tests.slips.mistakes import KINDS, samples, slips, wrong_units
from tests.slips.sound import alarms

TITLES = {
    "unit": "a column in another unit",
    "place": "a decimal place",
    "exchanged": "digits exchanged",
    "replaced": "a digit replaced",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Sweep, and print two tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.slips", description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(EXPERIMENTS), choices=EXPERIMENTS)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--share", type=float, default=1.0, help="share of the slips to try")
    parser.add_argument("--sound", type=int, default=1000, help="sound tables of each experiment")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="list what is not named")
    chosen = parser.parse_args(arguments)
    rng = random.Random(chosen.seed)
    mistakes = [
        mistake
        for name, (experiment, body) in samples().items()
        if experiment in chosen.only
        for mistake in (*wrong_units(name, body), *slips(name, body, chosen.seed))
        if mistake.kind in chosen.kinds and (mistake.index is None or rng.random() < chosen.share)
    ]
    found = tally(mistakes)
    print(table(found, chosen.kinds))
    if chosen.missed:
        for mistake, outcome in found.missed:
            place = mistake.field if mistake.index is None else f"{mistake.field}[{mistake.index}]"
            print(f"{mistake.kind:9} {outcome:9} {mistake.sample} {place}: {mistake.detail}")
    if chosen.sound:
        print("| sound tables | warned of |\n| --- | ---: |")
        for experiment in chosen.only:
            wrong = alarms(experiment, chosen.sound, chosen.seed)
            print(f"| {experiment} | {100 * len(wrong) / chosen.sound:.1f} % |")
            if chosen.missed:
                print("\n".join(sentence for _, sentence in wrong[:5]))


def table(found: Tally, kinds: Sequence[str]) -> str:
    """Counts by kind and experiment, in Markdown."""
    lines = ["| mistake | named | elsewhere | not at all | moves no result | share named |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind in kinds:
        rows = {e: c for (k, e), c in found.counts.items() if k == kind}
        for name, count in {**rows, "all": found.total(kind)}.items():
            cells = [count[o] for o in ("here", "elsewhere", "silent", "unmoved")]
            telling = sum(cells[:3])
            share = f"{100 * cells[0] / telling:.1f} %" if telling else "–"
            texts = [f"{TITLES[kind]}: {name}", *map(str, cells), share]
            lines.append(f"| {' | '.join(texts)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
