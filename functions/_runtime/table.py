"""Readings as a table that a spreadsheet opens, and that carries no formula into it.

A table is at most four times as long as the readings it is made of, whatever their shape: rows of
earlier versions hold fields that nobody declared.
"""

import csv
import io
from collections.abc import Iterator

import msgspec

MOST_TIMES = 4
"""A table is at most so many times as long as the JSON text, both in UTF-8."""

_MARK = b"\xef\xbb\xbf"
_DEEPEST = 8
_PIECE = 65536
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection)."""

_Columns = list[tuple[str, list[str]]]


def table(readings: str) -> Iterator[bytes]:
    """Readings (JSON text) as CSV in UTF-8 with a byte-order mark; numbers as they were typed.

    One column per field; where that would be mostly empty cells, one line per field instead; and
    where long names would be repeated for many values, one line per outermost field, whose inner
    ones stay JSON text.
    """
    room = MOST_TIMES * len(readings.encode()) - len(_MARK)
    part = msgspec.json.decode(readings, type=dict[str, msgspec.Raw])
    columns = _fitting(_columns("", part, _DEEPEST), room)
    if columns is None:
        columns = list(_columns("", part, 0))
    longest = max((len(values) for _, values in columns), default=0)
    used = sum(_size(column) for column in columns)
    if used + longest * (len(columns) + 1) <= room:
        return _pieces(_by_columns(columns, longest))
    return _pieces([defused(name), *values] for name, values in columns)


def _fitting(columns: Iterator[tuple[str, list[str]]], room: int) -> _Columns | None:
    """The columns, or None as soon as they need more than ``room`` bytes."""
    found = []
    for column in columns:
        room -= _size(column)
        if room < 0:
            return None
        found.append(column)
    return found


def _size(column: tuple[str, list[str]]) -> int:
    """Most bytes of a column in a table, with what parts its cells, quotes doubled."""
    name, values = column
    return sum(
        len(text.encode()) + (text.count('"') + 2 if _quoted(text) else 0) + 2
        for text in (defused(name), *values)
    )


def _quoted(text: str) -> bool:
    return any(sign in text for sign in '",\r\n')


def _by_columns(columns: _Columns, longest: int) -> Iterator[list[str]]:
    yield [defused(name) for name, _ in columns]
    for row in range(longest):
        yield [values[row] if row < len(values) else "" for _, values in columns]


def _pieces(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """The table, piece by piece."""
    text = io.StringIO()
    writer = csv.writer(text)
    yield _MARK
    for row in rows:
        writer.writerow(row)
        if text.tell() > _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


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
            if any(bytes(item).lstrip().startswith((b"{", b"[")) for item in items):
                if not depth:
                    yield path, [text.decode()]
                    continue
                parts = {f"[{index}]": item for index, item in enumerate(items)}
                yield from _columns(path, parts, depth - 1)
            else:
                yield path, [_cell(item) for item in items]
        else:
            yield path, [_cell(raw)]


def _cell(raw: msgspec.Raw) -> str:
    """A number as typed; a text that a spreadsheet would take for a formula is defused."""
    text = bytes(raw).decode().strip()
    return defused(msgspec.json.decode(text, type=str)) if text.startswith('"') else text


def defused(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
