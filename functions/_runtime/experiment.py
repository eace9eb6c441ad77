"""The declaration of an experiment: a function whose work is analysis and figures."""

import functools
import operator
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import msgspec
from starlette.responses import Response

from functions._lab.fields import Readings
from functions._lab.figure import Figure
from functions._lab.notation.experiment import Experiment as Declaration
from functions._lab.notation.ledger import Ledger
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.function import Access, Call, Endpoint, Function, Resources

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


CHAPTERS = ("力学与热学", "电磁学", "光学", "近代物理", "数据处理工具")


class AppliedRules(msgspec.Struct, frozen=True):
    """Which rule made the uncertainties and the lines of the report."""

    name: str
    title: str
    version: str


class Findings(msgspec.Struct, frozen=True):
    """The part of a result that goes on the wire and into the run's row."""

    results: list[Measurand]
    fits: list[Fit]
    warnings: list[Caution]
    rules: AppliedRules | msgspec.UnsetType = msgspec.UNSET
    """Left out where it is that of the GUM."""


class Plots(msgspec.Struct, frozen=True):
    """Answer of an experiment: what the deployed client reads, and the numbers beside it."""

    images: list[str]
    images_data: list[str] | None
    message: str
    run_id: str
    results: list[Measurand]
    fits: list[Fit]
    warnings: list[Caution]
    rules: AppliedRules | msgspec.UnsetType = msgspec.UNSET


class Started(msgspec.Struct, frozen=True):
    """Answer of ``/start``: poll ``/api/plots/status/{task_id}``."""

    task_id: str
    status: str
    run_id: str
    warnings: list[Caution]
    """About the request itself; those about the readings come with the result."""


@dataclass(frozen=True, eq=False)
class Experiment(Function):
    """A function that analyses readings; ``/start`` and the script are made from this."""

    input: Any = field(kw_only=True)
    analyse: Callable[[Any], Result] = field(kw_only=True)
    figures: Callable[[Any, Any], dict[str, Figure]] = field(kw_only=True)
    ledger: Callable[..., Ledger] = field(kw_only=True)
    chapter: str = field(kw_only=True)
    keywords: str = field(kw_only=True)
    kinds: Mapping[Any, type[Declaration]] = field(kw_only=True)
    """What declares an input, by its Struct; nothing where the analysis is written out."""

    @property
    def order(self) -> tuple[int, str]:
        """Place in a list: chapter by chapter."""
        return CHAPTERS.index(self.chapter), self.name

    @property
    def wire_name(self) -> str:
        """Name in routes and rows, ``frank-hertz``."""
        return self.name.replace("_", "-")

    @property
    def route(self) -> str:
        """Route of the analysis."""
        return self.endpoints[0].route

    @property
    def sample_paths(self) -> list[Path]:
        """The committed samples: ``name.json``, then ``name-….json``.

        Those of an experiment whose name begins with this one's, ``thermal_conductivity`` beside
        ``thermal``, are its own.
        """
        longer = [
            module.stem.replace("_", "-")
            for module in Path(self.file).parent.glob(f"{self.name}_*.py")
        ]
        further = sorted(SAMPLES.glob(f"{self.wire_name}-*.json"))
        own = [p for p in further if not any(f"{p.stem}-".startswith(f"{o}-") for o in longer)]
        return [SAMPLES / f"{self.wire_name}.json", *own]

    def sample(self) -> bytes:
        """The first sample, as a request body."""
        return self.sample_paths[0].read_bytes()

    def fault(self) -> str:
        """What its declaration lacks: readings of the right kind, a sample that is JSON."""
        kinds = get_args(self.input) or (self.input,)
        if self.chapter not in CHAPTERS:
            return f"的 chapter 应为 {'、'.join(CHAPTERS)} 之一"
        if not all(isinstance(kind, type) and issubclass(kind, Readings) for kind in kinds):
            return "的 input 应继承 functions._lab.fields.Readings"
        shown = f"data/samples/{self.sample_paths[0].name}"
        try:
            msgspec.json.decode(self.sample(), type=dict[str, msgspec.Raw])
        except FileNotFoundError:
            return f"缺少样例读数 {shown}"
        except (msgspec.DecodeError, UnicodeDecodeError) as reason:
            return f"的样例读数 {shown} 不是 JSON 对象：{reason}"
        return ""

    def main(self, arguments: list[str]) -> None:
        """Analyse files: ``python -m functions millikan data/samples/millikan.json``."""
        from functions._runtime.script import main

        main(self, arguments)


def _ledger(readings: Any, result: Result, sent: Mapping[str, Any] | None = None) -> Ledger:
    from functions._lab.notation.steps import general

    return general.ledger(readings, result, sent)


def experiment(
    file: str,
    *,
    title: str,
    input: Any,
    analyse: Callable[[Any], Result],
    figures: Callable[[Any, Any], dict[str, Figure]],
    chapter: str,
    keywords: str = "",
    ledger: Callable[..., Ledger] = _ledger,
    route: str = "",
    resources: Resources | None = None,
    kinds: Mapping[Any, type[Declaration]] = MappingProxyType({}),
) -> Experiment:
    """Declare an experiment.

    Parameters
    ----------
    file : ``__file__`` of the module.
    title : Chinese title.
    input : Struct of the readings, or a tagged union of such.
    analyse, figures : the two pure functions of the module.
    chapter : one of :data:`CHAPTERS`.
    keywords : other names under which a student may look for it, with blanks between.
    ledger : the worked steps; those that follow from any result unless given.
    route : ``/api/plots/<name>`` unless given.
    kinds : what declares the inputs, where classes do.
    """
    name = Path(file).stem.replace("_", "-")
    base = route or f"/api/plots/{name}"
    sample = SAMPLES / f"{name}.json"
    example = sample.read_bytes() if sample.exists() else None
    endpoints = [
        _endpoint(base, f"{title}：分析读数并作图", _analyse_now, Plots, input, example),
        _endpoint(f"{base}/start", f"{title}：提交读数，稍后查询", _start, Started, input, example),
        _endpoint(f"{base}/check", f"{title}：只检查，不保存", _check, Findings, input, example),
    ]
    return Experiment(
        file,
        title,
        endpoints,
        needs=("plot_status",),
        resources=resources or Resources(memory_mb=512, cpu=0.5, concurrency=20),
        input=input,
        analyse=analyse,
        figures=figures,
        ledger=ledger,
        chapter=chapter,
        keywords=keywords,
        kinds=kinds,
    )


def declared(
    file: str,
    *kinds: type[Declaration],
    chapter: str,
    keywords: str = "",
    title: str = "",
) -> Experiment:
    """An experiment whose class declares it; several classes are its methods, told by their tag.

    Parameters
    ----------
    chapter, keywords : as for :func:`experiment`.
    title : of the whole where there are several.
    """
    by_input = {kind.input: kind for kind in kinds}

    def analyse(readings: Any) -> Result:
        from functions._lab.notation import analysis

        return analysis.analyse(by_input[type(readings)], readings)

    def figures(readings: Any, result: Result) -> dict[str, Figure]:
        from functions._lab.notation import analysis

        return analysis.figures(by_input[type(readings)], readings, result)

    def ledger(readings: Any, result: Result, sent: Mapping[str, Any] | None = None) -> Ledger:
        from functions._lab.notation.evaluation import evaluate
        from functions._lab.notation.steps import writing

        return writing.ledger(evaluate(by_input[type(readings)], readings, sent), result)

    return experiment(
        file,
        title=title or kinds[0].title,
        input=functools.reduce(operator.or_, by_input),
        analyse=analyse,
        figures=figures,
        ledger=ledger,
        chapter=chapter,
        keywords=keywords,
        kinds=by_input,
    )


def _endpoint(
    route: str,
    summary: str,
    handle: Callable[[Call[Any]], Awaitable[Any]],
    output: type,
    readings: Any,
    example: bytes | None,
) -> Endpoint:
    return Endpoint(
        route,
        "POST",
        summary,
        handle,
        output=output,
        input=readings,
        access=Access.USER,
        example=example,
        refusals=(429, 503),
    )


async def _check(call: Call[Any]) -> Response:
    return Response(await call.services.runs.check(call), media_type="application/json")


async def _start(call: Call[Any]) -> Started:
    run, cautions = await call.services.runs.submit(call)
    return Started(run.id, "pending", run.id, cautions)


async def _analyse_now(call: Call[Any]) -> Plots:
    return await call.services.runs.answer(call)
