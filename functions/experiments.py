"""All experiments: a list to choose from, and of each one what a client needs to build its form."""

import functools
from typing import Any

import msgspec
from starlette.responses import Response

from functions._runtime.errors import NotFound
from functions._runtime.experiment import Experiment
from functions._runtime.form import ExperimentForm, form
from functions._runtime.function import Call, Endpoint, Function, Resources
from functions._runtime.packed import Packed, pack

MOST_SYMBOLS = 5


class ExperimentLine(msgspec.Struct, frozen=True):
    """An experiment in the list."""

    name: str
    title: str
    route: str
    chapter: str
    keywords: list[str]
    initials: str
    """Of the title in pinyin, to search by, ``ljsf`` for 拉伸法."""
    symbols: list[str]
    """Of the columns that are typed, the first few."""


class Experiments(msgspec.Struct, frozen=True):
    """Every experiment that is mounted, chapter by chapter."""

    items: list[ExperimentLine]


@functools.cache
def listing(mounted: tuple[Experiment, ...]) -> Packed:
    """The list of these experiments as JSON."""
    lines = Experiments([_line(one) for one in sorted(mounted, key=lambda one: one.order)])
    return pack(msgspec.json.encode(lines), "application/json")


@functools.cache
def declaration(experiment: Experiment) -> Packed:
    """The form of one experiment as JSON."""
    return pack(msgspec.json.encode(form(experiment)), "application/json")


def _line(experiment: Experiment) -> ExperimentLine:
    from pypinyin import Style, lazy_pinyin

    fields = [field for variant in form(experiment).variants for field in variant.fields]
    typed = [field.symbol for field in fields if field.kind in ("column", "repeats")]
    symbols = list(dict.fromkeys(filter(None, typed)))[:MOST_SYMBOLS]
    initials = "".join(lazy_pinyin(experiment.title, style=Style.FIRST_LETTER, errors="ignore"))
    return ExperimentLine(
        experiment.wire_name,
        experiment.title,
        experiment.route,
        experiment.chapter,
        experiment.keywords.split(),
        initials,
        symbols,
    )


async def handle(call: Call[Any]) -> Response:
    """Name, title, route, chapter and words to search by of every experiment."""
    mounted = tuple(call.services.experiments.values())
    packed = await call.blocking(listing, mounted)
    return packed.response(call.request, {"Cache-Control": "no-cache"})


async def one(call: Call[Any]) -> Response:
    """Fields, samples and JSON Schema of one experiment."""
    experiment = call.services.experiments.get(call.path["name"])
    if experiment is None:
        raise NotFound("没有这个实验")
    packed = await call.blocking(declaration, experiment)
    return packed.response(call.request, {"Cache-Control": "no-cache"})


_LIST = "/api/experiments"

function = Function(
    __file__,
    "实验列表",
    [
        Endpoint(_LIST, "GET", "实验列表", handle, output=Experiments),
        Endpoint(
            f"{_LIST}/{{name}}",
            "GET",
            "一个实验的表单字段与样例",
            one,
            output=ExperimentForm,
            refusals=(404,),
        ),
    ],
    resources=Resources(memory_mb=512, cpu=0.5),
    mounts_all=True,
)
app = function.app
