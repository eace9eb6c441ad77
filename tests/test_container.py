"""The files that make the image agree with each other and with the settings.

What the image does when it runs is tested by ``make image-test``.
"""

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from config import variables

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRETS = {"JWT_SECRET", "WECHAT_APP_SECRET", "MYSQL_URL"}


def admitted(path: str) -> bool:
    """Whether ``.dockerignore`` lets a file in, by Docker's rule: the last match wins."""
    verdict = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        keep = pattern.startswith("!")
        if _matches(pattern.removeprefix("!"), path):
            verdict = keep
    return verdict


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches the path or a folder that holds it; ``**/`` is any depth."""
    parts = path.split("/")
    held_by = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    if pattern.startswith("**/"):
        return any(fnmatchcase(part, pattern[3:]) for part in parts)
    same_depth = [p for p in held_by if p.count("/") == pattern.count("/")]
    return any(fnmatchcase(p, pattern) for p in same_depth)


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        ".env.production",
        "functions/.env",
        "storage/.env.local",
        "data/lab.sqlite",
        "data/lab.sqlite-wal",
        "data/jwt_secret",
        "data/plots/1/millikan/a.png",
        "tests/test_container.py",
        "build/image/base.tar",
        ".venv/bin/python",
        "functions/__pycache__/ping.cpython-311.pyc",
        "docs/deploy.zh-CN.md",
    ],
)
def test_what_must_stay_out_of_the_build(path: str) -> None:
    assert not admitted(path)


def test_what_the_image_is_made_of_is_let_in() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [word for line in copied for word in line.split()]
    assert {"requirements.lock", "config.py", "router.py", "functions", "storage"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists()
        inside = source if (ROOT / source).is_file() else f"{source}/any.json"
        assert admitted(inside), source


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    checked = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")


def test_no_secret_is_an_argument_or_a_variable_of_the_image() -> None:
    for name in SECRETS:
        assert name not in DOCKERFILE
    final_stage = DOCKERFILE.split("FROM ${BASE_IMAGE}\n")[1]
    assert "INDEX_URL" not in final_stage


def test_the_command_is_in_exec_form_and_requirements_come_before_the_code() -> None:
    command = re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)
    assert [json.loads(c) for c in command] == [["python", "-m", "router"]]
    assert DOCKERFILE.index("COPY requirements.lock") < DOCKERFILE.index("COPY functions")


@pytest.fixture(name="cloud_run")
def _cloud_run() -> dict[str, Any]:
    text = (ROOT / "container.config.json").read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
    parsed: dict[str, Any] = json.loads("\n".join(lines))
    return parsed


def test_container_config_has_the_fields_of_the_platform(cloud_run: dict[str, Any]) -> None:
    # The fields of the platform's template deployments.
    assert cloud_run.keys() == {
        "containerPort",
        "dockerfilePath",
        "buildDir",
        "minNum",
        "maxNum",
        "cpu",
        "mem",
        "policyType",
        "policyThreshold",
        "envParams",
        "customLogs",
        "initialDelaySeconds",
        "dataBaseName",
        "executeSQLs",
    }
    assert (ROOT / cloud_run["dockerfilePath"]).is_file()
    assert 0 <= cloud_run["minNum"] <= cloud_run["maxNum"] <= 50
    # Sizes are sold as 1 core to 2 GB.
    assert cloud_run["mem"] == 2 * cloud_run["cpu"]
    assert cloud_run["dataBaseName"] in cloud_run["executeSQLs"][0]


def test_the_port_is_one_everywhere(cloud_run: dict[str, Any]) -> None:
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == ["8000"]
    assert re.findall(r"\bPORT=(\d+)", DOCKERFILE) == ["8000"]
    assert cloud_run["containerPort"] == 8000
    assert cloud_run["envParams"]["PORT"] == "8000"
    assert variables()["PORT"][0] == "8000"


def test_variables_of_container_config_exist_and_are_no_secrets(cloud_run: dict[str, Any]) -> None:
    given = cloud_run["envParams"]
    assert given.keys() <= variables().keys()
    assert not given.keys() & SECRETS
    assert given["WECHAT_MOCK"] == "0"


def test_image_variables_of_ours_exist() -> None:
    ours = set(re.findall(r"\b(DATA_DIR|PORT|HOST|WORKERS|[A-Z]+_SECONDS)=", DOCKERFILE))
    assert ours == {"DATA_DIR", "PORT"}
    assert ours <= variables().keys()
