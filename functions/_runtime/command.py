"""Command lines whose mistakes are told in Chinese."""

import argparse
import re
import sys
from typing import NoReturn

BAD_COMMAND = 2


class Parser(argparse.ArgumentParser):
    """A parser that answers every mistake with its usage; exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how the command is written, and end the process."""
        ours = re.fullmatch("argument .+?: (?P<reason>[\u4e00-\u9fff].+)", message)
        if ours:  # argparse's own words are English
            print(ours["reason"], file=sys.stderr)  # noqa: T201 - a command line
        print(self.usage_line(), file=sys.stderr)  # noqa: T201
        sys.exit(BAD_COMMAND)

    def usage_line(self) -> str:
        """The usage in one line, with where to read more."""
        words = " ".join(self.format_usage().split()[1:])
        return f"用法：{words}（-h 查看说明）"
