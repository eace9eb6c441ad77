"""What is measured on each side."""

import base64
import json
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests import server
from tests.benchmarks import processes, readings, sides
from tests.benchmarks.client import Answer, Client
from tests.benchmarks.sides import OURS, USUAL, Load, Start

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is measured; ``quick`` is for a look, ``tiny`` only shows that all of it works.

    A number of starts may be 0: nothing is measured there.  ``warm`` sends requests that do not
    count before those that do.
    """

    rounds: int = 3
    requests: int = 12
    usual_requests: int = 2
    starts: int = 7
    confined_starts: int = 3
    quarter_starts: int = 3
    heavy_starts: int = 1
    usual_load: int = 500
    fresh_load: int = 2000
    repeated_load: int = 4000
    warm: bool = True
    experiments: tuple[str, ...] = readings.EXPERIMENTS


FULL = Plan()
QUICK = Plan(
    rounds=1,
    requests=8,
    usual_requests=1,
    starts=3,
    confined_starts=1,
    quarter_starts=1,
    usual_load=24,
    fresh_load=400,
    repeated_load=800,
)
TINY = Plan(
    rounds=1,
    requests=1,
    usual_requests=1,
    starts=1,
    confined_starts=1,
    quarter_starts=0,
    heavy_starts=0,
    usual_load=8,
    fresh_load=16,
    repeated_load=16,
    warm=False,
)


@dataclass
class Request:
    """One fresh request of an experiment: seconds of wall and processor, bytes, figures."""

    walls: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    size: int = 0
    images: list[bytes] = field(default_factory=list)

    @property
    def wall_ms(self) -> float:
        """Median over all requests."""
        return statistics.median(self.walls) * 1000

    @property
    def processor_ms(self) -> float:
        """Median over the rounds of the mean in a round."""
        return statistics.median(self.processor) * 1000


@dataclass
class Memory:
    """MB after so many requests: of the serving process, and of the family (PSS)."""

    requests: int
    serving: float
    family: float


@dataclass
class Outcome:
    """All that was measured on one side."""

    requests: dict[str, Request] = field(default_factory=dict)
    starts: dict[str, list[Start]] = field(default_factory=dict)
    fresh: Load | None = None
    repeated: Load | None = None
    memory: list[Memory] = field(default_factory=list)


class Benchmark:
    """Measures both sides by a plan, in turns where that can be.

    Parameters
    ----------
    plan : how much.
    say : told what is being measured.
    """

    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan = plan
        self.limit = ""
        self.outcomes = {OURS.name: Outcome(), USUAL.name: Outcome()}
        self._say = say
        self._number = 0

    def run(self) -> None:
        """Measure everything."""
        self._single_requests()
        self._starts()
        self._under_load()

    def _fresh(self, experiment: str) -> bytes:
        self._number += 1
        return readings.fresh(experiment, self._number)

    def _single_requests(self) -> None:
        """One client, one request after the other, the two sides in turns."""
        with sides.started(OURS) as ours, sides.started(USUAL) as usual:
            both = ((OURS, ours, self.plan.requests), (USUAL, usual, self.plan.usual_requests))
            clients = {side.name: Client(running.base) for side, running, _ in both}
            for experiment in self.plan.experiments:
                self._say(f"one request: {experiment}")
                for side, _, _ in both:
                    clients[side.name].renew()
                    if self.plan.warm:
                        clients[side.name].experiment(experiment, self._fresh(experiment))
                for _ in range(self.plan.rounds):
                    for side, running, count in both:
                        bodies = [self._fresh(experiment) for _ in range(count)]
                        found = self.outcomes[side.name].requests.setdefault(experiment, Request())
                        _measure(running, clients[side.name], experiment, bodies, found)
            for client in clients.values():
                client.close()

    def _starts(self) -> None:
        """Cold starts on two cores, on one, and on a quarter of one."""
        first, heavy = self.plan.experiments[2], "photo-devices"
        with processes.quarter_core() as (quarter, self.limit):
            cases: list[tuple[str, str, processes.Confine | None, int]] = [
                ("two cores", first, None, self.plan.starts),
                ("one core", first, processes.one_core, self.plan.confined_starts),
                ("a quarter of a core", first, quarter, self.plan.quarter_starts),
                ("a quarter of a core, ten panels", heavy, quarter, self.plan.heavy_starts),
            ]
            for place, experiment, confine, count in cases:
                for number in range(count):
                    self._say(f"start {number + 1} of {count}: {place}")
                    for side in (OURS, USUAL):
                        body = self._fresh(experiment)
                        start = sides.start_time(side, experiment, body, confine)
                        self.outcomes[side.name].starts.setdefault(place, []).append(start)

    def _under_load(self) -> None:
        """Eight clients with all experiments in turn, and the memory that it leaves."""
        plan = self.plan
        for side, count in ((OURS, plan.fresh_load), (USUAL, plan.usual_load)):
            outcome = self.outcomes[side.name]
            with sides.started(side) as running:
                self._say(f"eight clients, {count} fresh requests: {side.name}")
                if plan.warm:
                    self._warm(running)
                self._note_memory(outcome, running, 0)
                loads = self._in_quarters(outcome, running, count)
                outcome.fresh = _joined(loads)
                if side is OURS:
                    self._say("eight clients, repeated requests")
                    outcome.repeated = self._repeated(running)
        self.outcomes[USUAL.name].repeated = self.outcomes[USUAL.name].fresh

    def _warm(self, running: server.Server) -> None:
        """Have every process in use before the memory at rest is read."""
        bodies = [(name, self._fresh(name)) for name in self.plan.experiments[2:4] * 4]
        sides.load(running, bodies)

    def _in_quarters(self, outcome: Outcome, running: server.Server, count: int) -> list[Load]:
        loads = []
        for part in range(1, 5):
            names = [self._turn(number) for number in range(count // 4)]
            loads.append(sides.load(running, [(name, self._fresh(name)) for name in names]))
            self._note_memory(outcome, running, count * part // 4)
        return loads

    def _turn(self, number: int) -> str:
        """Experiment of a load's request: each client walks through all of them."""
        experiments = self.plan.experiments
        return experiments[(number + number // sides.CLIENTS) % len(experiments)]

    def _repeated(self, running: server.Server) -> Load:
        """The same readings again and again, eight experiments for each of the eight users."""
        bodies = {name: self._fresh(name) for name in self.plan.experiments}
        turns = [self._turn(number) for number in range(self.plan.repeated_load)]
        sent = [(name, bodies[name]) for name in turns]
        once = min(len(sent), len(bodies) * sides.CLIENTS)
        sides.load(running, sent[:once])
        return sides.load(running, sent)

    def _note_memory(self, outcome: Outcome, running: server.Server, requests: int) -> None:
        pid = running.process.pid
        outcome.memory.append(
            Memory(requests, processes.resident_mb(pid), processes.proportional_mb(pid))
        )


def _measure(
    running: server.Server, client: Client, experiment: str, bodies: Sequence[bytes], found: Request
) -> None:
    client.renew()
    before = processes.cpu_seconds(running.process.pid)
    answers = [client.experiment(experiment, body) for body in bodies]
    used = processes.cpu_seconds(running.process.pid) - before
    found.processor.append(used / len(bodies))
    found.walls += [answer.seconds for answer in answers]
    found.size = len(answers[-1].body)
    found.images = _images(answers[-1])


def _images(answer: Answer) -> list[bytes]:
    """The PNG files in an answer."""
    data = json.loads(answer.body)["images_data"]
    return [base64.b64decode(text.partition(",")[2]) for text in data]


def _joined(loads: Sequence[Load]) -> Load:
    pings = [ping for load in loads for ping in load.pings]
    return Load(sum(load.requests for load in loads), sum(load.seconds for load in loads), pings)


def machine() -> str:
    """Processor, cores and memory of this machine."""
    with open("/proc/cpuinfo") as lines:
        model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {model}, {memory:.0f} GiB, Linux {os.uname().release}"
