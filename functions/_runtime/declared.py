"""What is kept of a request: the declared fields, compactly, with every number as it was typed."""

from typing import Any

import msgspec
from msgspec import Struct

from functions._lab.result import Caution

_LONGEST_NUMBER = 40
"""Signs of a number that is kept as typed; a double needs 24, and nobody reads a longer one off."""
_MOST_NAMED = 3
_LONGEST_NAME = 40


class Kept(Struct, frozen=True):
    """Declared fields as JSON text, and the names of what was left out."""

    text: str
    ignored: list[str]


def kept(body: bytes, readings: Struct) -> Kept:
    """What is worth keeping of a body that was decoded into ``readings``.

    Blanks go, escapes in texts become the signs that they stand for, and of a key that comes twice
    the last one counts, as it did for the readings.  A number of more than 40 signs is written as
    the shortest text of the same double.
    """
    ignored: list[str] = []
    return Kept(_struct(body, readings, "", ignored).decode(), ignored)


def ignored_fields(names: list[str]) -> list[Caution]:
    """The warning about what was left out; none where nothing was."""
    if not names:
        return []
    shown = "、".join(_short(name) for name in names[:_MOST_NAMED])
    more = f"等 {len(names)} 个" if len(names) > _MOST_NAMED else ""
    return [Caution("ignored", f"没有用到不认识的字段 {shown}{more}，请检查字段名")]


def _short(name: str) -> str:
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _struct(raw: bytes, struct: Struct, path: str, ignored: list[str]) -> bytes:
    """An object without the fields that its Struct does not declare."""
    names = dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))
    tag = struct.__struct_config__.tag_field
    parts = {}
    for key, part in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items():
        if key in names:
            value = getattr(struct, names[key])
            parts[key] = _value(bytes(part), value, f"{path}{key}", ignored)
        elif key == tag:
            parts[key] = _plain(bytes(part))
        else:
            ignored.append(f"{path}{key}")
    return _object(parts)


def _value(raw: bytes, value: Any, path: str, ignored: list[str]) -> bytes:
    if isinstance(value, Struct):
        return _struct(raw, value, f"{path}.", ignored)
    if isinstance(value, list) and any(isinstance(item, Struct) for item in value):
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
        pairs = enumerate(zip(items, value, strict=True))
        inner = (_value(bytes(r), v, f"{path}[{i}]", ignored) for i, (r, v) in pairs)
        return b"[" + b",".join(inner) + b"]"
    return _plain(raw)


def _plain(raw: bytes) -> bytes:
    """Any JSON, compactly."""
    raw = raw.strip()
    if raw.startswith(b"{"):
        inner = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        return _object({key: _plain(bytes(part)) for key, part in inner.items()})
    if raw.startswith(b"["):
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
        return b"[" + b",".join([_plain(bytes(item)) for item in items]) + b"]"
    if raw.startswith(b'"') or len(raw) > _LONGEST_NUMBER:
        return msgspec.json.encode(msgspec.json.decode(raw))
    return raw


def _object(parts: dict[str, bytes]) -> bytes:
    return b"{" + b",".join(msgspec.json.encode(k) + b":" + v for k, v in parts.items()) + b"}"
