"""A student's own numbers for a run, each compared with what the readings give."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from functions._lab import rules
from functions._lab.claim_kinds import OF_REPEATS, OF_RESULT, Kind
from functions._lab.notation.experiment import Experiment as Declaration
from functions._lab.notation.nodes import Repeats
from functions._lab.result import Result
from functions._runtime import work
from functions._runtime.errors import BadInput

if TYPE_CHECKING:
    from functions._lab.claims import Repeated

MOST_CLAIMS = 200


class Claim(Struct, frozen=True):
    """One number, or a line, that a student worked out: of what, which, and as written."""

    of: Annotated[str, Meta(title="量", min_length=1, max_length=40)]
    kind: Kind
    text: Annotated[str, Meta(title="自己算的", max_length=80)]


class Claimable(Struct, frozen=True):
    """A quantity that numbers may be claimed of, and which; repeats by field, results by symbol."""

    of: str
    title: str
    symbol: str
    unit: str
    kinds: list[Kind]


class Judged(Struct, frozen=True):
    """A claim with its verdict; ``message`` is the likely slip, empty where it is right."""

    of: str
    kind: Kind
    text: str
    right: bool
    expected: str
    message: str


class Claims(Struct, frozen=True):
    """What may be claimed of a run, and the verdicts in the order of the claims."""

    claimable: list[Claimable]
    verdicts: list[Judged]


def judge(experiment: str, body: bytes, asked: bytes) -> bytes:
    """Verdicts on ``asked`` (claims as JSON) for the readings in ``body``, as JSON; in a worker.

    Raises BadInput for a claim about what is not there, and as ``work.analyse``.
    """
    declared, readings = work.read(experiment, body)
    with rules.using(rules.chosen(readings.rules)):
        result = declared.analyse(readings)
        own = declared.kinds.get(type(readings))
        repeated = {} if own is None else _repeated(own, readings)
        known = [*_of_repeats(own, repeated), *_of_results(result)]
        claims = msgspec.json.decode(asked, type=list[Claim])
        verdicts = [_judged(*numbered, repeated, result) for numbered in enumerate(claims)]
    return msgspec.json.encode(Claims(known, verdicts))


def _repeated(kind: type[Declaration], readings: Any) -> dict[str, "Repeated"]:
    """The quantities that were read at least twice, by field."""
    from functions._lab.claims import Repeated
    from functions._lab.notation.evaluation import evaluate
    from functions._lab.notation.steps.quoted import parts_of, u_of

    done = evaluate(kind, readings)
    found = {}
    for name, node in kind.nodes.items():
        values = getattr(readings, name) if isinstance(node, Repeats) else []
        if len(values) > 1:
            estimate = done.estimates[name]
            parts = parts_of(estimate)
            found[name] = Repeated(values, done.limit(name), *parts, u_of(estimate))
    return found


def _of_repeats(kind: type[Declaration] | None, repeated: dict[str, Any]) -> Iterator[Claimable]:
    for name in repeated:
        assert kind is not None
        node = kind.nodes[name]
        kinds = [one for one in OF_REPEATS if one != "u_B" or repeated[name].limit is not None]
        yield Claimable(name, node.title, node.symbol, node.unit, kinds)


def _of_results(result: Result) -> Iterator[Claimable]:
    for one in result.measurands:
        yield Claimable(one.symbol, one.name, one.symbol, one.unit, list(OF_RESULT))


def _judged(place: int, claim: Claim, repeated: dict[str, Any], result: Result) -> Judged:
    from functions._lab import claims

    if claim.of in repeated and claim.kind in OF_REPEATS:
        verdict = claims.judge_repeated(claim.kind, claim.text, repeated[claim.of])
    else:
        try:
            measurand = result.measurand(claim.of)
        except KeyError:
            raise BadInput.at(f"这条记录里没有 {claim.of}", "claims", place) from None
        if claim.kind not in OF_RESULT:
            raise BadInput.at(f"{claim.of} 没有这一项可以核对", "claims", place)
        verdict = claims.judge(claim.kind, claim.text, measurand)
    return Judged(
        *(claim.of, claim.kind, claim.text),
        *(verdict.right, verdict.expected, verdict.message),
    )
