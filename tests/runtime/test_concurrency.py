"""Many at once: every figure is the one that is made alone, and belongs to its own request."""

import asyncio
import random
import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from functions._runtime.experiment import Experiment
from tests.experiments import REPRESENTATIVE
from tests.server import Server, running

ROUNDS, STUDENTS = 10, 16


def shaken(value: Any, factor: float) -> Any:
    """The readings of a sample scaled a little, so that every student has other figures."""
    if isinstance(value, dict):
        return {k: shaken(v, factor) for k, v in value.items()}
    if isinstance(value, list):
        return [shaken(v, factor) for v in value]
    return round(value * factor, 6) if isinstance(value, float) else value


def readings(experiment: Experiment, student: int) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(experiment.sample())
    changed: dict[str, Any] = shaken(found, 1 + student / 1000)
    return changed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("concurrency") / "data"
    with running(folder, MAX_RUNS="1000", MAX_RUNS_PER_USER="1000") as server:
        yield server


class Student:
    """One student with an experiment of their own, and the figures that they should see."""

    def __init__(self, server: Server, number: int) -> None:
        self.experiment = REPRESENTATIVE[number % len(REPRESENTATIVE)]
        self.readings = readings(self.experiment, number)
        with server.client(f"student-{number}") as client:
            self.headers = dict(client.headers)
            self.user_id = client.get("/api/me").json()["user_id"]
            self.alone = self.figures(client)
            assert client.delete(f"/api/runs/{self.run_id}").status_code == 200

    def figures(self, client: httpx.Client) -> list[bytes]:
        answer = client.post(self.experiment.route, json=self.readings)
        assert answer.status_code == 200, answer.text
        self.run_id = answer.json()["run_id"]
        return [client.get(address).content for address in answer.json()["images"]]

    async def once(self, client: httpx.AsyncClient, by_start: bool) -> None:
        """Analyse, compare each figure with the one made alone, and delete the run again."""
        if by_start:
            answer = await self.started(client)
        else:
            answer = await client.post(
                self.experiment.route, json=self.readings, headers=self.headers
            )
        assert answer.status_code == 200, answer.text
        images = answer.json()["images"]
        owner = re.compile(f"/static/plots/{self.user_id}/{self.experiment.wire_name}/")
        assert len(images) == len(self.alone)
        for address, expected in zip(images, self.alone, strict=True):
            assert owner.match(address)
            assert (await client.get(address)).content == expected
        run_id = answer.json()["run_id"]
        gone = await client.delete(f"/api/runs/{run_id}", headers=self.headers)
        assert gone.status_code == 200

    async def started(self, client: httpx.AsyncClient) -> httpx.Response:
        begun = await client.post(
            f"{self.experiment.route}/start", json=self.readings, headers=self.headers
        )
        assert begun.status_code == 200, begun.text
        while True:
            address = f"/api/plots/status/{begun.json()['task_id']}"
            answer = await client.get(address, headers=self.headers)
            if answer.json()["status"] != "pending":
                assert answer.json()["status"] == "completed", answer.text
                return answer
            await asyncio.sleep(0.05)


@pytest.mark.slow
def test_sixteen_at_once_get_the_figures_they_would_get_alone(server: Server) -> None:
    students = [Student(server, number) for number in range(STUDENTS)]
    choice = random.Random(16)

    async def rounds() -> None:
        limits = httpx.Limits(max_connections=STUDENTS)
        async with httpx.AsyncClient(
            base_url=server.base, timeout=60, trust_env=False, limits=limits
        ) as client:
            for _ in range(ROUNDS):
                ways = [choice.random() < 0.5 for _ in students]
                await asyncio.gather(
                    *(s.once(client, way) for s, way in zip(students, ways, strict=True))
                )

    asyncio.run(rounds())
