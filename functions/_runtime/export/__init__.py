"""``python -m router export TARGET [FUNCTION…]``: what a platform needs to run functions alone.

Everything is made from the declarations of the functions: which routes go where, memory, share of
a core, longest time, concurrency.  The same declarations give the same bytes.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from config import system_reason
from functions._runtime.command import BAD_COMMAND, Parser
from functions._runtime.discovery import DiscoveryError, discover
from functions._runtime.export import cloudrun, knative, nginx, scf
from functions._runtime.export.plan import ExportError, Plan, plan

TARGETS: dict[str, Callable[[Plan], dict[str, str | Path]]] = {
    "knative": knative.files,
    "scf": scf.files,
    "cloudrun": cloudrun.files,
    "nginx": nginx.files,
}
EXECUTABLE = {scf.BOOTSTRAP}
IMAGE = "lab-physics-backend:v1"


def files(target: str, chosen: Sequence[str] = (), image: str = IMAGE) -> dict[str, str | Path]:
    """Every file of a target by its path, as text or as the file to copy.

    ``chosen`` names functions; none means all that have routes.

    Raises ExportError for an unknown function or one without a route, DiscoveryError where the
    functions cannot be loaded.
    """
    return TARGETS[target](plan(discover(), chosen, image))


def run(arguments: Sequence[str]) -> int:
    """Write the files and print where they are; the exit status, 2 for a bad command line."""
    options = _parser().parse_args(arguments)
    out = options.out or Path("build") / "export" / options.target
    try:
        made = files(options.target, options.functions, options.image)
        for path, content in made.items():
            _write(out / path, content)
    except (ExportError, DiscoveryError) as error:
        print(f"无法导出：{error}", file=sys.stderr)  # noqa: T201 - a command line
        return BAD_COMMAND
    except OSError as error:
        print(f"无法写入 {out}：{system_reason(error)}", file=sys.stderr)  # noqa: T201
        return 1
    for path, content in made.items():
        if isinstance(content, str):
            print(out / path)  # noqa: T201
    return 0


def _write(path: Path, content: str | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content.read_bytes())
    path.chmod(0o755 if path.name in EXECUTABLE else 0o644)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m router export",
        usage=f"%(prog)s {{{','.join(TARGETS)}}} [函数…] [--out 目录] [--image 镜像]",
        description="导出逐个部署函数所需的文件",
    )
    parser.add_argument("target", metavar="目标", choices=TARGETS, help=" | ".join(TARGETS))
    parser.add_argument("functions", metavar="函数", nargs="*", help="不写为全部")
    parser.add_argument(
        "--out", type=Path, metavar="目录", help="写到哪个目录，默认 build/export/目标"
    )
    parser.add_argument("--image", default=IMAGE, metavar="镜像", help=f"镜像，默认 {IMAGE}")
    return parser
