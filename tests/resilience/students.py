"""Students as the deployed client behaves: submit, poll until it is over, look at the figures."""

import copy
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from tests.server import ROOT

SAMPLES = ROOT / "data" / "samples"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_LONGEST_S = 90.0


@dataclass
class Diary:
    """What all students saw together; each list entry is one fact to be looked at afterwards."""

    statuses: Counter[int] = field(default_factory=Counter)
    refused: list[tuple[float, int, str]] = field(default_factory=list)
    broken: list[tuple[float, str]] = field(default_factory=list)
    accepted: dict[tuple[int, str], str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    figures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, body: bytes) -> None:
        with self.lock:
            self.statuses[status] += 1
            if status >= 500:
                self.refused.append(
                    (time.monotonic(), status, body[:200].decode("utf-8", "replace"))
                )

    def complain(self, sentence: str) -> None:
        with self.lock:
            self.wrong.append(sentence)


def samples() -> dict[str, dict[str, Any]]:
    """The first sample of each experiment of the deployed client, by wire name."""
    names = ["fiber", "frank-hertz", "millikan", "mechanics", "thermal"]
    names += ["photo-devices", "solar-cell", "ultrasound"]
    paths = [SAMPLES / f"{name}.json" for name in names]
    return {path.stem: json.loads(path.read_text()) for path in paths if path.exists()}


def varied(readings: dict[str, Any], number: int) -> dict[str, Any]:
    """The same readings but for one, by a part in a million for each number: another run."""
    other = copy.deepcopy(readings)
    column = next(c for c in _columns(other) if any(isinstance(v, float) for v in c))
    place = next(i for i, v in enumerate(column) if isinstance(v, float) and v)
    column[place] = column[place] * (1 + number * 1e-6)
    return other


def _columns(part: Any) -> list[list[Any]]:
    if isinstance(part, dict):
        return list(itertools.chain.from_iterable(_columns(value) for value in part.values()))
    if isinstance(part, list) and part and isinstance(part[0], list | dict):
        return list(itertools.chain.from_iterable(_columns(value) for value in part))
    return [part] if isinstance(part, list) else []


class Student:
    """One logged-in student; all that is seen goes into the diary."""

    def __init__(self, base: str, name: str, diary: Diary) -> None:
        self._base = base
        self._diary = diary
        self._pool = urllib3.PoolManager(maxsize=2, timeout=30.0, retries=False)
        self._chance = random.Random(name)
        self._submitted: dict[str, float] = {}
        self._headers = {"Content-Type": "application/json"}
        user = self._insist("POST", "/api/auth/wechat", {"code": name})
        self._headers["Authorization"] = f"Bearer {user['token']}"
        self.user_id: int = user["user"]["user_id"]

    def ask(self, method: str, path: str, content: Any = None) -> tuple[int, bytes]:
        """One request; status 0 where the connection broke."""
        body = None if content is None else json.dumps(content)
        try:
            answer = self._pool.request(
                method, self._base + path, body=body, headers=self._headers, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            self._diary.broken.append((time.monotonic(), f"{method} {path}: {error!r}"))
            return 0, b""
        self._diary.note(answer.status, answer.data)
        return answer.status, answer.data

    def _insist(self, method: str, path: str, content: Any = None) -> Any:
        """Ask until it is answered 200, as a person would press again."""
        end = time.monotonic() + _LONGEST_S
        status, body = 0, b""
        while time.monotonic() < end:
            status, body = self.ask(method, path, content)
            if status == 200:
                return json.loads(body)
            if status not in (0, 429, 502, 503, 504):
                break
            time.sleep(0.3)
        self._diary.complain(f"{method} {path}: {status} {body[:200]!r}")
        raise AssertionError(f"{method} {path}: {status} {body[:200]!r}")

    def submit(self, experiment: str, readings: dict[str, Any]) -> str:
        """The task id of an accepted run."""
        path = f"/api/plots/{experiment}/start"
        task: str = self._insist("POST", path, readings)["task_id"]
        key = (self.user_id, json.dumps([experiment, readings]))
        with self._diary.lock:
            self._submitted.setdefault(task, time.monotonic())
            known = self._diary.accepted.setdefault(key, task)
        if known != task:
            self._diary.complain(f"the same readings are the runs {known} and {task}")
        return task

    def wait(self, experiment: str, task: str) -> dict[str, Any]:
        """Poll until the run is over; it must be completed, and ours."""
        began = time.monotonic()
        while time.monotonic() - began < _LONGEST_S:
            status, body = self.ask("GET", f"/api/plots/status/{task}")
            if status == 200:
                answer: dict[str, Any] = json.loads(body)
                if answer["status"] != "pending":
                    self._diary.waited.append(time.monotonic() - self._submitted[task])
                    self._judge(experiment, task, answer)
                    return answer
            elif status not in (0, 502, 503, 504):
                self._diary.complain(f"status of {task}: {status} {body!r}")
                return {}
            time.sleep(self._chance.uniform(0.6, 1.2))
        self._diary.complain(f"{task} was not over after {_LONGEST_S} s")
        return {}

    def _judge(self, experiment: str, task: str, answer: dict[str, Any]) -> None:
        start = f"/static/plots/{self.user_id}/{experiment}/{task}-"
        if answer["status"] != "completed" or not answer["images"] or answer["run_id"] != task:
            self._diary.complain(f"{task}: {answer['status']} {answer['message']}")
        if not all(address.startswith(start) for address in answer["images"]):
            self._diary.complain(f"{task}: {answer['images']}")

    def look(self, addresses: list[str]) -> None:
        """Fetch one figure; it must be whole."""
        address = self._chance.choice(addresses)
        status, body = self.ask("GET", address)
        if status == 200:
            with self._diary.lock:
                self._diary.figures += 1
            if not (body.startswith(PNG_START) and body.endswith(PNG_END)):
                self._diary.complain(f"{address} is not a whole PNG")
        elif status not in (0, 502, 503, 504):
            self._diary.complain(f"{address}: {status} {body[:200]!r}")

    def compare(self, task: str, readings: dict[str, Any]) -> None:
        """The stored readings must be those that were sent."""
        stored = self._insist("GET", f"/api/runs/{task}")["readings"]
        if stored != readings:
            self._diary.complain(f"{task} holds other readings")


def whole_png(path: Path) -> bool:
    """Whether a file is a PNG from its first byte to its last."""
    data = path.read_bytes()
    return data.startswith(PNG_START) and data.endswith(PNG_END)
