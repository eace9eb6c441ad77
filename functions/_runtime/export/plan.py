"""Which functions are deployed alone, with what, and which routes go to them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from functions._runtime.experiment import Experiment
from functions._runtime.function import Function, Resources

READY, LIVE = "/health/ready", "/health/live"


class ExportError(Exception):
    """A function that is asked for cannot be deployed alone; one sentence in Chinese."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One function as its own service.

    Attributes
    ----------
    function : the function.
    mounted : value of ``FUNCTIONS``; empty where all are mounted.
    probes : whether the probes' routes are mounted with it.
    """

    function: Function
    mounted: tuple[str, ...]
    probes: bool

    @property
    def name(self) -> str:
        """Name in upstreams and folders, ``frank-hertz``."""
        return self.function.name.replace("_", "-")

    @property
    def service(self) -> str:
        """Name of the service on a platform."""
        return f"lab-{self.name}"

    @property
    def resources(self) -> Resources:
        """What it should be given."""
        return self.function.resources

    def variables(self) -> dict[str, str]:
        """Environment that is no secret: what is mounted, how many workers, how long a call."""
        found = {"FUNCTIONS": ",".join(self.mounted)} if self.mounted else {}
        return {
            **found,
            "REQUEST_SECONDS": str(self.resources.timeout_s - 1),
            "WECHAT_MOCK": "0",
            "WORKERS": str(max(1, math.ceil(self.resources.cpu))),
        }

    def methods(self, route: str) -> list[str]:
        """Methods of its endpoints at a route; GET answers HEAD too."""
        own = [e.method for e in self.function.endpoints if e.route == route]
        return [*own, "HEAD"] if "GET" in own else own

    def patterns(self) -> list[str]:
        """Its routes, exact or with ``{…}``, each once."""
        routes = dict.fromkeys(endpoint.route for endpoint in self.function.endpoints)
        if isinstance(self.function, Experiment):
            routes[f"/static/plots/{{user_id}}/{self.function.wire_name}/{{file:path}}"] = None
        return list(routes)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is deployed alone, and where all other requests go.

    Attributes
    ----------
    deployments : by name of the function.
    image : reference of the image that all of them run.
    rest : name of the upstream for everything else: the bundle, or, where every function is
        deployed alone, one that mounts all.
    shared : routes that several functions answer, told apart by method.
    """

    deployments: list[Deployment]
    image: str
    rest: str
    shared: frozenset[str]


BUNDLE = "bundle"


def plan(found: Sequence[Function], chosen: Sequence[str], image: str) -> Plan:
    """The deployments of the chosen functions, or of all that have routes.

    Raises ExportError.
    """
    present = {function.name: function for function in found}
    served = {name for name, function in present.items() if function.endpoints}
    names = sorted({name.replace("-", "_") for name in chosen}) or sorted(served)
    for name in names:
        if name not in present:
            raise ExportError(f"没有函数 {name}，可选：{', '.join(sorted(served))}")
        if name not in served:
            raise ExportError(f"函数 {name} 只在命令行使用，没有路由，不能单独部署")
    probe = next((f.name for f in found if any(e.route == READY for e in f.endpoints)), None)
    deployments = [_deployment(present[name], probe) for name in names]
    everything = set(names) >= served
    whole = next((d.name for d in deployments if d.function.mounts_all), BUNDLE)
    return Plan(deployments, image, whole if everything else BUNDLE, _shared(found))


def _deployment(function: Function, probe: str | None) -> Deployment:
    mounted = (function.name, *([probe] if probe and probe != function.name else []))
    return Deployment(function, () if function.mounts_all else mounted, probe is not None)


def _shared(found: Sequence[Function]) -> frozenset[str]:
    owners: dict[str, set[str]] = {}
    for function in found:
        for endpoint in function.endpoints:
            owners.setdefault(endpoint.route, set()).add(function.name)
    return frozenset(route for route, names in owners.items() if len(names) > 1)


def expression(route: str) -> str:
    """Regular expression (PCRE) of a route with variable parts, ``^/api/runs/[^/]+$``."""
    text = ""
    for part in re.split(r"({\w+(?::\w+)?})", route):
        if part.startswith("{"):
            text += ".*" if part.endswith(":path}") else "[^/]+"
        else:
            text += re.sub(r"([.+*?^$()\[\]|\\])", r"\\\1", part)
    return f"^{text}$"
