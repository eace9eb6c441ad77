"""How an experiment declares its input: one annotation is validator, schema, label and unit.

An input is a Struct that inherits :class:`Readings`; each quantity is annotated with
:func:`column` (an array of readings) or :func:`scalar`, whose element type carries the bounds::

    class Thermal(Readings):
        temperatures: Annotated[list[Celsius], column("温度", "t", "°C")]
        pt100_resistance: Annotated[list[Positive], column("Pt100 电阻", "R", "Ω")]

``field(Thermal, "temperatures")`` gives the declaration back, and its ``axis`` is the axis label.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from functions._lab.errors import ReadingError
from functions._lab.rules import DEFAULT, Rules

MAX_POINTS = 5000
"""Most readings in one column."""

_HUGE = 1e30
_TINY = 1e-30

Real = Annotated[float, Meta(ge=-_HUGE, le=_HUGE)]
"""Any finite reading of a sensible size."""
NonNegative = Annotated[float, Meta(ge=0, le=_HUGE)]
Positive = Annotated[float, Meta(ge=_TINY, le=_HUGE)]
Celsius = Annotated[float, Meta(gt=-273.15, le=10000)]
"""A temperature above absolute zero."""
Count = Annotated[int, Meta(ge=1, le=10000)]
Label = Annotated[str, Meta(max_length=200)]


class Readings(Struct, kw_only=True, frozen=True):
    """Base of every experiment's input.

    ``instrument`` maps a field's name to its limit of error Δ in the field's unit; a rectangular
    distribution is assumed, u = Δ/√3 (JJF 1059.1-2012, 4.3.3).  ``rules`` says how a school makes
    uncertainties of readings and lines of a report of results, by name or parameter by parameter.
    """

    instrument: Annotated[
        dict[str, Positive],
        Meta(title="仪器误差限", description="字段名到误差限 Δ 的对照，单位与该字段相同，u = Δ/√3"),
    ] = {}
    rules: Annotated[
        Annotated[str, Meta(max_length=40)] | Rules,
        Meta(title="评定规则", description="学校规则的名字（见 /api/rules），或自定义规则的各参数"),
    ] = DEFAULT
    return_data_uri: Annotated[bool, Meta(title="在回答中直接附上图片")] = False

    def limit(self, name: str) -> float | None:
        """Limit of error given for the field ``name``, or None."""
        return self.instrument.get(name)


@dataclass(frozen=True)
class Field:
    """One declared quantity of an input."""

    name: str
    title: str
    symbol: str
    unit: str
    limited: bool = True
    """Whether it is read off an instrument whose limit of error acts on the result."""

    @property
    def axis(self) -> str:
        """Axis label, ``温度 t / °C`` or ``速度 v / (m/s)``; dimension one has no unit."""
        return axis_label(f"{self.title} {self.symbol}".strip(), self.unit)


def axis_label(named: str, unit: str) -> str:
    """``速度 v / (m/s)``, ``温度 t / °C``, and the name alone for dimension one."""
    if unit in ("", "1"):
        return named
    return f"{named} / ({unit})" if "/" in unit else f"{named} / {unit}"


def column(
    title: str,
    symbol: str,
    unit: str,
    *,
    table: str = "",
    max_length: int = MAX_POINTS,
    limited: bool = True,
) -> Meta:
    """Declare an array of readings: Chinese title, symbol in plain Unicode, unit ("1" for none).

    Columns with the same Chinese ``table`` name are typed side by side in a form.  ``limited``:
    an instrument's limit of error may be given for it.
    """
    extra = _extra(symbol, unit, limited) | ({"x-table": table} if table else {})
    return Meta(title=title, min_length=1, max_length=max_length, extra_json_schema=extra)


def scalar(title: str, symbol: str, unit: str, *, limited: bool = True) -> Meta:
    """Declare a single quantity: Chinese title, symbol in plain Unicode, unit ("1" for none)."""
    return Meta(title=title, extra_json_schema=_extra(symbol, unit, limited))


def _extra(symbol: str, unit: str, limited: bool) -> dict[str, Any]:
    return {"x-symbol": symbol, "x-unit": unit} | ({} if limited else {"x-limited": False})


@functools.cache
def fields(struct: type[Struct]) -> dict[str, Field]:
    """All quantities that ``struct`` declares with :func:`column` or :func:`scalar`, by name."""
    found = {}
    for name, hint in get_type_hints(struct, include_extras=True).items():
        for meta in metas(hint):
            extra = meta.extra_json_schema or {}
            if "x-unit" in extra:
                texts = meta.title or name, extra["x-symbol"], extra["x-unit"]
                found[name] = Field(name, *texts, extra.get("x-limited", True))
    return found


def field(struct: type[Struct], name: str) -> Field:
    """The declaration of one quantity.  Raises KeyError where there is none."""
    return fields(struct)[name]


def metas(hint: Any) -> Iterator[Meta]:
    """The metadata of ``hint`` and, for ``X | None``, of its parts."""
    yield from (m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Meta))
    for part in get_args(hint):
        if getattr(part, "__metadata__", None) and not isinstance(part, Meta):
            yield from (m for m in part.__metadata__ if isinstance(m, Meta))


def require_equal_lengths(**columns: Sequence[Any]) -> int:
    """Length of the columns of one table.

    Raises ReadingError naming two columns and their lengths where they differ.
    """
    (first, reference), *others = columns.items()
    for name, values in others:
        if len(values) != len(reference):
            raise ReadingError(
                f"有 {len(values)} 个读数，而 {first} 有 {len(reference)} 个，应当一样多", name
            )
    return len(reference)


def require_points(name: str, values: list[float], at_least: int, purpose: str) -> None:
    """Raise ReadingError where a column holds too few readings for ``purpose`` (Chinese)."""
    if len(values) < at_least:
        raise ReadingError(f"只有 {len(values)} 个读数，{purpose}至少需要 {at_least} 个", name)


def require_spread(name: str, values: list[float]) -> None:
    """Raise ReadingError where all readings of an abscissa are equal."""
    if len(set(values)) < 2:
        raise ReadingError("所有读数都相同，无法拟合", name)


def require_sizes(readings: Readings) -> None:
    """Raise ReadingError for a number nearer to zero than 10⁻³⁰ that is not zero.

    Squares of such numbers vanish, and no instrument shows them; msgspec can bound a number from
    one side only.
    """
    for field_name, value in msgspec.structs.asdict(readings).items():
        for place, index, number in _numbers(field_name, value):
            if number and abs(number) < _TINY:
                raise ReadingError("太接近零，请检查单位与小数点，或填 0", place, index)


def _numbers(place: str, value: Any) -> Iterator[tuple[str, int | None, float]]:
    """Every number with its place: field and index as a ReadingError has them."""
    if isinstance(value, Struct):
        for name, inner in msgspec.structs.asdict(value).items():
            yield from _numbers(f"{place}.{name}", inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, float):
                yield place, index, item
            elif isinstance(item, Struct):
                yield from _numbers(f"{place}[{index}]", item)
            else:
                yield from ((place, index, number) for _, _, number in _numbers(place, item))
    elif isinstance(value, float):
        yield place, None, value
