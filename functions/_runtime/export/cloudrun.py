"""WeChat Cloud Run: one service for each function, and which service a route belongs to.

There is no gateway of ours: ``callContainer`` names the service, so the client is given
``services.json``.  An experiment's own service answers the status of its runs too.
"""

import json
import math
from pathlib import Path

from functions._runtime.export.plan import Deployment, Plan

SIZES = ((0.25, 0.5), (0.5, 1), (1, 2), (2, 4), (4, 8), (8, 16))
"""Cores and GiB that the platform sells."""

_CONFIG = """\
{{
  // {title}：服务名 {service}；构建时放到仓库根目录，或照着在控制台填写
  "containerPort": 8000,
  "dockerfilePath": "Dockerfile",
  "buildDir": "",
  "minNum": 0,
  "maxNum": 5,
  "cpu": {cpu},
  "mem": {memory},
  "policyType": "cpu",
  "policyThreshold": 60,
  // 密钥（JWT_SECRET、WECHAT_APPID、WECHAT_APP_SECRET、MYSQL_URL）在控制台填写，各服务必须相同
  "envParams": {variables},
  "customLogs": "stdout",
  "initialDelaySeconds": 2,
  "dataBaseName": "lab_physics",
  "executeSQLs": [
    "CREATE DATABASE IF NOT EXISTS lab_physics DEFAULT CHARACTER SET utf8mb4"
  ]
}}
"""


def files(plan: Plan) -> dict[str, str | Path]:
    """``<function>/container.config.json`` for each deployment, and ``services.json``."""
    made: dict[str, str | Path] = {
        f"{d.name}/container.config.json": _config(d) for d in plan.deployments
    }
    made["services.json"] = json.dumps(services(plan), ensure_ascii=False, indent=2) + "\n"
    return made


def services(plan: Plan) -> dict[str, str]:
    """Service by the fixed beginning of its routes, as ``connect({services})`` takes it.

    ``*`` is the service for everything else, where the bundle is not deployed any more.
    """
    found = {
        route.partition("{")[0].rstrip("/") or "/": deployment.service
        for deployment in plan.deployments
        for route in deployment.patterns()
        if route not in plan.shared and not route.startswith("/static/")
    }
    found.update(("*", d.service) for d in plan.deployments if d.name == plan.rest)
    return dict(sorted(found.items()))


def _config(deployment: Deployment) -> str:
    resources = deployment.resources
    cpu, memory = next(
        size for size in SIZES if size[0] >= resources.cpu and size[1] * 1024 >= resources.memory_mb
    )
    variables = {"PORT": "8000", **deployment.variables()}
    variables["WORKERS"] = str(max(1, math.ceil(cpu)))
    text = json.dumps(variables, indent=2).replace("\n", "\n  ")
    title = deployment.function.title
    return _CONFIG.format(
        title=title, service=deployment.service, cpu=cpu, memory=memory, variables=text
    )
