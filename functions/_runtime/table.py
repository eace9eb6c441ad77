"""Readings as a table that a spreadsheet opens, and that carries no formula into it."""

import csv
import io
from collections.abc import Iterator

import msgspec

_MOST_CELLS = 2_000_000
_DEEPEST = 8
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection)."""


def table(readings: str) -> bytes:
    """Readings (JSON text) as CSV in UTF-8 with a byte-order mark; numbers as they were typed.

    One column per field; where that would be mostly empty cells, one line per value instead.
    """
    part = msgspec.json.decode(readings, type=dict[str, msgspec.Raw])
    columns = dict(_columns("", part, _DEEPEST))
    longest = max((len(values) for values in columns.values()), default=0)
    text = io.StringIO()
    writer = csv.writer(text)
    if longest * len(columns) <= _MOST_CELLS:
        writer.writerow([_defused(name) for name in columns])
        for row in range(longest):
            writer.writerow(v[row] if row < len(v) else "" for v in columns.values())
    else:
        writer.writerow(["字段", "序号", "值"])
        for name, values in columns.items():
            writer.writerows([_defused(name), row, value] for row, value in enumerate(values))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _columns(
    prefix: str, part: dict[str, msgspec.Raw], depth: int
) -> Iterator[tuple[str, list[str]]]:
    """Columns of an object and of the objects in it, by path; below ``depth`` as JSON text."""
    for name, raw in part.items():
        path, text = prefix + name, bytes(raw).strip()
        if text.startswith(b"{") and depth:
            inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            yield from _columns(f"{path}.", inner, depth - 1)
        elif text.startswith(b"["):
            items = msgspec.json.decode(text, type=list[msgspec.Raw])
            if depth and any(bytes(item).lstrip().startswith((b"{", b"[")) for item in items):
                parts = {f"[{index}]": item for index, item in enumerate(items)}
                yield from _columns(path, parts, depth - 1)
            else:
                yield path, [_cell(item) for item in items]
        else:
            yield path, [_cell(raw)]


def _cell(raw: msgspec.Raw) -> str:
    """A number as typed; a text that a spreadsheet would take for a formula is defused."""
    text = bytes(raw).decode().strip()
    return _defused(msgspec.json.decode(text, type=str)) if text.startswith('"') else text


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
