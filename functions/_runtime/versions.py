"""Which analysis made a result: a digest of the code that computes, had without loading it."""

import functools
import hashlib
from importlib import metadata
from pathlib import Path

_FUNCTIONS = Path(__file__).parents[1]
_PACKAGES = ("numpy", "scipy", "GTC", "pint")
LENGTH = 16


@functools.cache
def analysis_version(module: str) -> str:
    """Sixteen hexadecimal digits that change with the experiment's module, the laboratory with its
    rules, or the packages that reckon; the same on every machine with the same code."""
    code = (_FUNCTIONS / f"{module}.py").read_bytes() + _laboratory()
    return hashlib.sha256(code).hexdigest()[:LENGTH]


@functools.cache
def _laboratory() -> bytes:
    found = hashlib.sha256()
    code = (path for path in (_FUNCTIONS / "_lab").rglob("*") if path.suffix in (".py", ".json"))
    for path in sorted(code):
        found.update(path.relative_to(_FUNCTIONS).as_posix().encode())
        found.update(path.read_bytes())
    for package in _PACKAGES:
        found.update(f"{package} {metadata.version(package)}".encode())
    return found.digest()
