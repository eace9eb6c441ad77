"""``make audit``: look every locked package up in the database of known vulnerabilities.

Exit status 1 where one is known or the database cannot be reached.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UNREACHED = "the database of vulnerabilities cannot be reached: nothing was checked"


def verdict(report: dict[str, Any]) -> tuple[int, list[str]]:
    """Exit status and lines for a report of pip-audit (``--format json``)."""
    packages = report["dependencies"]
    checked = [one for one in packages if "vulns" in one]
    lines = [
        f"{one['name']} {one['version']}: {found['id']}"
        f" (fixed in {', '.join(found['fix_versions']) or 'no version yet'})"
        for one in checked
        for found in one["vulns"]
    ]
    if not checked:
        return 1, [UNREACHED]
    left = len(packages) - len(checked)
    lines.append(
        f"{len(checked)} packages checked" + (f", {left} not in the database" * bool(left))
    )
    return int(len(lines) > 1), lines


def main() -> int:
    """Run pip-audit over the lock of everything, development included."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements-dev.lock"]
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    try:
        status, lines = verdict(json.loads(done.stdout))
    except json.JSONDecodeError:
        status, lines = 1, [UNREACHED]
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
