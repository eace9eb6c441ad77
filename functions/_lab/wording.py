"""Sentences in the words of the form: quantities by title and symbol, readings counted from 1.

Inside the laboratory a sentence names a reading by its place in the request, ``qi[2]`` or
``groups[1].currents[3]``, and a field by its name.  Here they become what a student sees.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

from functions._lab.errors import ReadingError
from functions._lab.fields import metas
from functions._lab.result import Caution

_PLACE = re.compile(
    r"(?:(?P<list>[A-Za-z_]\w*)\[(?P<group>\d+)\]\.)?(?:[A-Za-z_]\w*\.)*"
    r"(?P<name>[A-Za-z_]\w*)(?:\[(?P<index>\d+)\](?:\[(?P<repeat>\d+)\])?)?"
)
_HAN = "\u4e00-\u9fff"
_APART = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")


class Words:
    """The words of one kind of readings."""

    def __init__(self, readings: type[Struct]) -> None:
        self._titles = dict(_titles(readings))
        shared = Counter(said for said, _ in self._titles.values())
        self._tables = {n: t for n, (said, t) in self._titles.items() if t and shared[said] > 1}

    def quantity(self, name: str) -> str | None:
        """Title and symbol of a field, its table before it where others are called so too.

        None for what is no field.
        """
        if name not in self._titles:
            return None
        said, table = self._titles[name][0], self._tables.get(name)
        return f"{_spaced(table)}的{said}" if table else said

    def sentence(self, text: str) -> str:
        """The sentence with every place and every name of a field in words."""
        said = _PLACE.sub(self._replaced, text)
        return text if said == text else _APART.sub("", said)

    def place(self, field: str, index: int | None = None) -> str:
        """A place that an error or a warning carries, in words; "" where it names no quantity."""
        whole = field if index is None else f"{field}[{index}]"
        found = _PLACE.fullmatch(whole)
        if found is None or found["name"] not in self._titles:
            return ""
        return self._said(found)

    def caution(self, caution: Caution) -> Caution:
        """The warning in words; its place stays as it is in the request."""
        return msgspec.structs.replace(caution, message=self.sentence(caution.message))

    def refusal(self, error: ReadingError) -> str:
        """The whole sentence for readings that cannot be analysed."""
        place, message = self.place(error.field, error.index), self.sentence(error.message)
        return f"{place}：{message}" if place else message

    def _replaced(self, found: re.Match[str]) -> str:
        name = found["name"]
        bare = found["index"] is None and found["list"] is None
        if name not in self._titles or (bare and len(name) == 1):
            return found.group()
        return self._said(found)

    def _said(self, found: re.Match[str]) -> str:
        group = "" if found["group"] is None else f"第 {int(found['group']) + 1} 组"
        name = found["name"]
        if found["index"] is None:
            return f"{group}{self.quantity(name)}"
        title, table = self._titles[name][0], self._tables.get(name)
        row = _spaced(f"第 {int(found['index']) + 1} 个", title) + title
        within = f"{_spaced(table)}中" if table else ""
        if found["repeat"] is not None:
            row = f"{_spaced(row)}的第 {int(found['repeat']) + 1} 次"
        return f"{group}{within}{row}"


def _spaced(text: str, before: str = "") -> str:
    """The text, with a space where letters or digits stand beside Chinese characters."""
    beside = before[:1] or text[-1]
    return text if re.match(f"[{_HAN}]", beside) else f"{text} "


@functools.cache
def words(readings: type[Struct]) -> Words:
    """The words of a kind of readings."""
    return Words(readings)


def _titles(struct: type[Struct]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name, words and table of each field that has a title, of structs in it too."""
    for name, hint in get_type_hints(struct, include_extras=True).items():
        for inner in _structs(hint):
            yield from _titles(inner)
        for meta in metas(hint):
            if meta.title:
                extra = meta.extra_json_schema or {}
                symbol, title = extra.get("x-symbol", ""), meta.title.partition("（")[0]
                known = not symbol or symbol == name == title or symbol in title
                yield name, (title if known else f"{title} {symbol}", extra.get("x-table", ""))


def _structs(hint: Any) -> Iterator[type[Struct]]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for part in get_args(hint):
        yield from _structs(part)
