"""Find the functions of the bundle: a function is found by its place, there is no list to edit."""

import importlib
import pkgutil
import re
from collections.abc import Iterable

import functions
from functions._runtime.function import Function

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class DiscoveryError(Exception):
    """A module that is broken, is no function, or claims a route that is taken."""


def function_names() -> list[str]:
    """Names of all modules in ``functions/`` that have no leading underscore."""
    return sorted(m.name for m in pkgutil.iter_modules(functions.__path__) if m.name[0] != "_")


def load(name: str) -> Function:
    """The function declared in module ``name``.  Raises DiscoveryError in one line."""
    if not _NAME.fullmatch(name):
        raise DiscoveryError(f"functions/{name}.py 的名字只能由小写字母、数字和下划线组成")
    try:
        module = importlib.import_module(f"functions.{name}")
    except Exception as reason:  # whatever a broken module raises, in one clear line
        raise DiscoveryError(
            f"functions/{name}.py 无法装载：{type(reason).__name__}: {reason}"
        ) from reason
    declared = getattr(module, "function", None)
    if not isinstance(declared, Function):
        raise DiscoveryError(f"functions/{name}.py 没有声明 function")
    if fault := declared.fault():
        raise DiscoveryError(f"functions/{name}.py {fault}")
    return declared


def discover(chosen: Iterable[str] = ()) -> list[Function]:
    """All functions, or the chosen ones and those that they need.

    Raises DiscoveryError where a name is unknown, a module is broken, or a route is claimed twice.
    """
    present = function_names()
    names = [name.replace("-", "_") for name in chosen] or present
    for name in names:
        if name not in present:
            raise DiscoveryError(
                f"环境变量 FUNCTIONS 中的 {name} 不存在，可选：{', '.join(present)}"
            )
    found: dict[str, Function] = {}
    while names:
        name = names.pop(0)
        if name not in found:
            found[name] = load(name)
            names.extend(found[name].needs)
    ordered = [found[name] for name in sorted(found)]
    _require_distinct_routes(ordered)
    return ordered


def _require_distinct_routes(found: list[Function]) -> None:
    taken: dict[tuple[str, str], str] = {}
    for function in found:
        for endpoint in function.endpoints:
            key = (endpoint.method, endpoint.route)
            if key in taken:
                raise DiscoveryError(
                    f"functions/{function.name}.py 与 functions/{taken[key]}.py "
                    f"声明了同一条路由 {endpoint.method} {endpoint.route}"
                )
            taken[key] = function.name
