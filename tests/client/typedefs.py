"""The JSDoc types of ``docs/client.js``, made from the OpenAPI document.

``python -m tests.client.typedefs`` writes them into the file; a test fails where they differ.
"""

import re
from collections.abc import Iterator
from typing import Any

from functions._runtime.discovery import discover
from functions._runtime.openapi import document
from functions._runtime.swagger import CLIENT

ROOTS = (
    "User",
    "Experiments",
    "Started",
    "RunStatus",
    "Findings",
    "RunList",
    "RunDetail",
    "Deleted",
    "ExperimentForm",
    "Worked",
    "LoginCode",
)
"""What the methods of the client answer; the inputs of experiments come and go without it."""

_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
_BLOCK = re.compile(r"// <types>\n.*?// </types>\n", re.DOTALL)


def schemas() -> dict[str, Any]:
    """The schemas of the bundle's OpenAPI document by name."""
    found: dict[str, Any] = document(discover())["components"]["schemas"]
    return found


def block() -> str:
    """The types as they belong into the file, with their marks."""
    known = schemas()
    listed = "\n".join(typedef(name, known) for name in reachable(known))
    return f"// <types>\n{listed}\n// </types>\n"


def reachable(known: dict[str, Any]) -> list[str]:
    """Names of the schemas that the answers consist of, each before those that it refers to."""
    names = list(ROOTS)
    for name in names:
        names += [n for n in references(known[name]) if n not in names]
    return names


def references(schema: object) -> Iterator[str]:
    """Names of the schemas that one refers to."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[1]
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def typedef(name: str, known: dict[str, Any]) -> str:
    """One ``@typedef`` with its properties."""
    schema = known[name]
    needed = schema.get("required", [])
    lines = ["/**", f" * {schema.get('description', name).splitlines()[0]}", " *"]
    lines.append(f" * @typedef {{object}} {name}")
    for field, part in schema["properties"].items():
        # A run's row keeps its findings as they were encoded; their types are those of Findings.
        part = part or known["Findings"]["properties"].get(field, {})
        written = field if field in needed else f"[{field}]"
        lines.append(f" * @property {{{typed(part)}}} {written}")
    return "\n".join([*lines, " */"])


def typed(schema: dict[str, Any]) -> str:
    """JSDoc type of a JSON Schema."""
    if "$ref" in schema:
        name: str = schema["$ref"].rsplit("/", 1)[1]
        return name
    if "anyOf" in schema:
        return "|".join(typed(part) for part in schema["anyOf"])
    if "enum" in schema:
        return "|".join(f'"{word}"' for word in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        inside = typed(schema.get("items", {}))
        return f"Array<{inside}>"
    if kind == "object":
        return f"Object<string, {typed(schema.get('additionalProperties') or {})}>"
    return "null" if kind == "null" else _SIMPLE.get(str(kind), "*")


def replaced(text: str) -> str:
    """The file's text with its types made anew."""
    return _BLOCK.sub(lambda _: block(), text, count=1)


if __name__ == "__main__":
    CLIENT.write_text(replaced(CLIENT.read_text(encoding="utf-8")), encoding="utf-8")
