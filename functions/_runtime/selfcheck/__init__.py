"""The self-check of a deployed bundle: each check asks it one thing, and says what it found.

A check returns its outcome and a Chinese sentence, or raises :class:`site.CheckFailed`.  They run
in the order of ``CHECKS``; what a login gives is used by those after it.  Runs made here are
deleted at the end.
"""

from collections.abc import Callable, Iterator

from functions._runtime.selfcheck import callers, doors, experiments
from functions._runtime.selfcheck.finding import Finding, Found, Given, Outcome
from functions._runtime.selfcheck.site import CheckFailed, Site

__all__ = ["CHECKS", "Finding", "Given", "Outcome", "Site", "inspect"]

CHECKS: tuple[tuple[str, Callable[[Site, Given], Found]], ...] = (
    ("存活", doors.alive),
    ("传输", doors.transport),
    ("文档", doors.documents),
    ("时钟", doors.clock),
    ("跨域", doors.cross_origin),
    ("大小限制", doors.limits),
    ("微信登录", callers.wechat_login),
    ("身份", callers.login),
    ("伪造身份", callers.forged_headers),
    ("实验与图片", experiments.experiment),
    ("中文字体", experiments.glyphs),
    ("任务", experiments.task),
    ("数据库", experiments.database),
    ("清理", experiments.clean),
)


def inspect(site: Site, given: Given) -> Iterator[Finding]:
    """All findings, one after the other; nothing more where the bundle is not even alive."""
    for number, (title, check) in enumerate(CHECKS):
        try:
            outcome, words = check(site, given)
        except CheckFailed as reason:
            outcome, words = Outcome.FAILED, reason.words
        except (KeyError, TypeError, IndexError, ValueError) as reason:
            outcome, words = Outcome.FAILED, f"回答的格式不对（{type(reason).__name__}: {reason}）"
        yield Finding(title, outcome, words)
        if number == 0 and outcome is Outcome.FAILED:
            return
