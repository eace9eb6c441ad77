"""The rules that are known by name, from the data files beside this module."""

import functools
from importlib import resources
from types import MappingProxyType

import msgspec

from functions._lab.errors import ReadingError
from functions._lab.rules.declared import Rules

DEFAULT = "gum"
"""Name of the rule that holds where none is chosen."""

_FIRST = (DEFAULT, "gum-k2", "national-p95", "national-p683")


@functools.cache
def profiles() -> MappingProxyType[str, Rules]:
    """All rules by name: that of the GUM, national ones, then those of schools by name."""
    folder = resources.files(__package__) / "profiles"
    texts = [path.read_bytes() for path in folder.iterdir() if path.name.endswith(".json")]
    found = {rules.name: rules for rules in map(_read, texts)}
    return MappingProxyType({name: found[name] for name in (*_FIRST, *sorted(found))})


def _read(text: bytes) -> Rules:
    return msgspec.json.decode(text, type=Rules)


def chosen(choice: str | Rules) -> Rules:
    """The rule of that name, or the one given; what is given is the caller's own, ``custom``.

    Raises ReadingError, with the known names, for a name that is none.
    """
    known = profiles()
    if isinstance(choice, str):
        if choice not in known:
            sentence = f"没有名为 {choice} 的规则，可用的有 {'、'.join(known)}"
            raise ReadingError(sentence, "rules")
        return known[choice]
    if choice in known.values():
        return choice
    titles = {rules.title for rules in known.values()}
    title = f"{choice.title}（自定义）" if choice.title in titles else choice.title
    return msgspec.structs.replace(choice, name="custom", title=title, status="unconfirmed")
