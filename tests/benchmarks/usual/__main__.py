"""The server of the usual way: ``PORT=… DATA_DIR=… python -m tests.benchmarks.usual``."""

import base64
import os
import secrets
import sqlite3
import time
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.benchmarks.usual import light_and_charge, mechanics_and_heat

EXPERIMENTS = {
    "fiber": light_and_charge.fiber,
    "frank-hertz": light_and_charge.frank_hertz,
    "millikan": light_and_charge.millikan,
    "mechanics": mechanics_and_heat.mechanics,
    "thermal": mechanics_and_heat.thermal,
    "photo-devices": light_and_charge.photo_devices,
    "solar-cell": light_and_charge.solar_cell,
    "ultrasound": mechanics_and_heat.ultrasound,
}
DATA = Path(os.environ.get("DATA_DIR", "data"))
tokens: dict[str, str] = {}


def database() -> sqlite3.Connection:
    """A new connection, as for each request."""
    return sqlite3.connect(DATA / "usual.sqlite", timeout=30)


async def ping(request: Request) -> Response:
    """Answer of the probe."""
    return JSONResponse({"message": "pong"})


async def login(request: Request) -> Response:
    """A token for a name."""
    token = secrets.token_urlsafe(16)
    tokens[token] = (await request.json())["code"]
    return JSONResponse({"token": token, "user": {}})


async def plots(request: Request) -> Response:
    """Numbers and figures of an experiment."""
    user = tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if user is None:
        return JSONResponse({"detail": "请先登录"}, 401)
    answer = await run_in_threadpool(
        worked, request.path_params["experiment"], user, await request.json()
    )
    return JSONResponse(answer)


def worked(experiment: str, user: str, readings: dict[str, Any]) -> dict[str, Any]:
    """The answer to readings; files and rows are kept."""
    numbers, images = EXPERIMENTS[experiment](readings)
    folder = DATA / "plots" / user / experiment
    folder.mkdir(parents=True, exist_ok=True)
    urls = []
    with database() as connection:
        for name, image in images.items():
            file = f"{time.time_ns()}-{name}.png"
            (folder / file).write_bytes(image)
            urls.append(f"/static/plots/{user}/{experiment}/{file}")
            connection.execute(
                "INSERT INTO plot_records (owner, experiment, url) VALUES (?, ?, ?)",
                (user, experiment, urls[-1]),
            )
    connection.close()
    data = [
        f"data:image/png;base64,{base64.b64encode(image).decode()}" for image in images.values()
    ]
    return {
        "images": urls,
        "images_data": data if readings.get("return_data_uri") else None,
        "message": "ok",
        "results": {name: float(value) for name, value in numbers.items()},
    }


app = Starlette(
    routes=[
        Route("/", ping),
        Route("/api/ping", ping),
        Route("/api/auth/wechat", login, methods=["POST"]),
        Route("/api/plots/{experiment}", plots, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    with database() as opened:
        opened.execute(
            "CREATE TABLE IF NOT EXISTS plot_records"
            " (id INTEGER PRIMARY KEY, owner TEXT, experiment TEXT, url TEXT)"
        )
    opened.close()
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
