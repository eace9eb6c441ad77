"""Check a deployed bundle from outside: ``python -m functions selfcheck https://…``.

It has no route of its own.  Exit status 0, 1 where a check fails, 2 for a bad command line.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from functions._runtime.command import Parser
from functions._runtime.function import Function


def run(arguments: Sequence[str] | None = None) -> int:
    """Print one line for each check, then how many of them passed; the exit status."""
    options = _parser().parse_args(arguments)
    from functions._runtime.selfcheck import Given, Outcome, Site, inspect

    site = Site(options.address)
    given = Given(options.token, options.code, options.appid, options.origin.rstrip("/"))
    print(f"自检 {site.base}")  # noqa: T201 - a command line
    found: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    try:
        for finding in inspect(site, given):
            found[finding.outcome].append(finding.title)
            title = finding.title.ljust(5, "　")
            print(f"[{finding.outcome.value}] {title} {finding.words}", flush=True)  # noqa: T201
    finally:
        site.close()
    if found[Outcome.SKIPPED]:
        print(f"没有检查：{'、'.join(found[Outcome.SKIPPED])}")  # noqa: T201
    print("结果：" + "，".join(f"{len(t)} 项{o.value}" for o, t in found.items()))  # noqa: T201
    return 1 if found[Outcome.FAILED] else 0


def _address(text: str) -> str:
    address = text.rstrip("/")
    if not address.startswith(("http://", "https://")) or address.count("/") != 2:
        raise argparse.ArgumentTypeError("应为 http:// 或 https:// 开头、不带路径的网址")
    return address


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m functions selfcheck", description="检查已部署的服务是否一切正常"
    )
    parser.add_argument("address", metavar="地址", type=_address, help="如 https://example.com")
    parser.add_argument("--token", default="", help="已有的登录令牌")
    parser.add_argument("--code", default="", help="小程序端刚取得的 wx.login code")
    parser.add_argument("--appid", default="", help="小程序 AppID，用来检查身份头能否伪造")
    parser.add_argument("--origin", default="", help="H5 页面的网址，用来检查跨域")
    return parser


@dataclass(frozen=True, eq=False)
class SelfCheck(Function):
    """A function for the command line alone."""

    def main(self, arguments: list[str]) -> None:
        """Run the checks: ``python -m functions selfcheck https://…``."""
        sys.exit(run(arguments))


function = SelfCheck(__file__, "自检", [])
app = function.app
