"""What a check is given, and what it finds."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What a check came to; the value is what is printed."""

    PASSED = "通过"
    NOTED = "注意"
    SKIPPED = "跳过"
    FAILED = "失败"


@dataclass(frozen=True)
class Finding:
    """One line of the self-check."""

    title: str
    outcome: Outcome
    words: str


@dataclass(frozen=True)
class Given:
    """What the operator gave beside the address."""

    token: str = ""
    code: str = ""
    appid: str = ""
    origin: str = ""


Found = tuple[Outcome, str]
