"""Any function as a command: ``python -m functions NAME …``.

An experiment analyses files, the self-check checks a deployment, anything else is served alone.
"""

import sys

from functions._runtime.discovery import DiscoveryError, function_names, load

USAGE = "用法：python -m functions 名字 [参数…]（-h 在名字之后，查看说明）"


def main(words: list[str]) -> None:
    """Run the function of that name; exit status 2 where there is none."""
    name = words[0].replace("-", "_") if words else ""
    if name not in function_names():
        known = "、".join(function_names())
        print(f"没有函数 {words[0]}，可选：{known}" if words else USAGE, file=sys.stderr)
        sys.exit(2)
    try:
        found = load(name)
    except DiscoveryError as reason:
        print(reason, file=sys.stderr)
        sys.exit(1)
    found.main(words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
