"""Starting a run and polling it, as the deployed client does, through callContainer."""

import time
from typing import Any

from tests.platform.call_container import CallContainer


def finished(
    call: CallContainer, route: str, readings: dict[str, Any], seconds: float = 40.0
) -> dict[str, Any]:
    """The last answer of the status route after a start."""
    started = call("POST", f"{route}/start", readings)
    assert started.status_code == 200, started.text
    deadline = time.monotonic() + seconds
    while True:
        answer = call("GET", f"/api/plots/status/{started.json()['task_id']}")
        assert answer.status_code == 200, answer.text
        state: dict[str, Any] = answer.json()
        if state["status"] != "pending":
            assert state["status"] == "completed", state["message"]
            return state
        assert time.monotonic() < deadline, "still pending"
        time.sleep(0.05)
