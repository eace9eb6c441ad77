"""Tencent SCF web functions: a folder for each function with ``scf_bootstrap`` and its code.

The platform starts ``scf_bootstrap`` and calls port 9000; only ``/tmp`` is writable.  The folder
holds the code of that function and no other; ``function.json`` holds the parameters of the
platform's CreateFunction.
"""

import json
import math
from pathlib import Path

from functions._runtime.discovery import discover
from functions._runtime.export.plan import Deployment, Plan

BOOTSTRAP = "scf_bootstrap"
PORT = 9000
_MEMORY_STEP_MB = 128
ROOT = Path(__file__).parents[3]
_FILES = ("config.py", "router.py", "requirements.lock", "docs/client.js")
_FOLDERS = ("storage", "data/samples")

_BOOTSTRAP = """\
#!/bin/bash
# {title}：腾讯云 Web 函数的启动文件。密钥在函数的环境变量里填写。
cd "$(dirname "$0")" || exit 1
export HOST=0.0.0.0
export PORT={port}
{variables}
# 只有 /tmp 可写
export DATA_DIR="${{DATA_DIR:-/tmp/lab}}"
export MPLCONFIGDIR="${{MPLCONFIGDIR:-/tmp/matplotlib}}"
export PYTHONDONTWRITEBYTECODE=1
# 依赖装在代码包的 packages 目录：pip install --require-hashes -r requirements.lock -t packages
export PYTHONPATH="$PWD/packages"
for python in "$PYTHON" /var/lang/python3*/bin/python3 /opt/lab/bin/python /usr/bin/python3; do
  if [ -x "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    exec "$python" -m router
  fi
done
echo "需要 Python 3.11 或更新版本：请用镜像部署，或在环境变量 PYTHON 里给出路径"
exit 1
"""


def files(plan: Plan) -> dict[str, str | Path]:
    """A folder for each deployment: ``scf_bootstrap``, ``function.json``, and the code."""
    made: dict[str, str | Path] = {}
    for deployment in plan.deployments:
        made[f"{deployment.name}/{BOOTSTRAP}"] = _bootstrap(deployment)
        made[f"{deployment.name}/function.json"] = _parameters(deployment, plan.image)
        made |= {f"{deployment.name}/{name}": path for name, path in _code(deployment).items()}
    return made


def _bootstrap(deployment: Deployment) -> str:
    variables = "\n".join(
        f'export {name}="${{{name}:-{value}}}"' for name, value in deployment.variables().items()
    )
    return _BOOTSTRAP.format(title=deployment.function.title, port=PORT, variables=variables)


def _parameters(deployment: Deployment, image: str) -> str:
    resources = deployment.resources
    variables = {"PORT": str(PORT), "DATA_DIR": "/tmp/lab", **deployment.variables()}  # noqa: S108
    parameters = {
        "FunctionName": deployment.service,
        "Description": deployment.function.title,
        "Type": "HTTP",
        "MemorySize": math.ceil(resources.memory_mb / _MEMORY_STEP_MB) * _MEMORY_STEP_MB,
        "Timeout": resources.timeout_s,
        "InstanceConcurrencyConfig": {
            "DynamicEnabled": "FALSE",
            "MaxConcurrency": resources.concurrency,
        },
        "Environment": {
            "Variables": [{"Key": key, "Value": value} for key, value in variables.items()]
        },
        "Code": {
            "ImageConfig": {"ImageType": "personal", "ImageUri": image, "ImagePort": PORT},
        },
    }
    return json.dumps(parameters, ensure_ascii=False, indent=2) + "\n"


def _code(deployment: Deployment) -> dict[str, Path]:
    """Where the code is that the function runs on: its own module, not those of the others."""
    sources = [ROOT / name for name in _FILES]
    for name in _FOLDERS:
        sources += _all_files(ROOT / name)
    for folder in (ROOT / "functions").iterdir():
        if folder.is_dir() and folder.name[0] == "_":
            sources += _all_files(folder)
    modules = ["__init__", *(function.name for function in discover(deployment.mounted))]
    sources += [ROOT / "functions" / f"{name}.py" for name in modules]
    return {str(path.relative_to(ROOT)): path for path in sorted(sources)}


def _all_files(folder: Path) -> list[Path]:
    """Files below a folder but compiled ones and settings."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyo") and path.name[:4] != ".env"
    ]
