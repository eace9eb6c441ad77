"""An experiment as a class of nodes: its form, its graph, and whether its formulas hold together.

::

    class Pendulum(Experiment, title="单摆", table="摆"):
        l = column("摆长", "l", "cm", limit=0.05)
        ...

A class that inherits another one has its nodes too, before its own.  The class is never made into
an object: it collects its nodes in their order, reads the formulas, and builds the Struct of its
readings, so that everything that serves hand-written experiments (form, checks, runs, scripts)
serves these.
"""

import math
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import msgspec

from functions._lab import fields
from functions._lab.errors import ReadingError
from functions._lab.fields import Readings
from functions._lab.notation.formula import Formula, canonical, parse
from functions._lab.notation.nodes import (
    Column,
    Derived,
    Intercept,
    Known,
    Mean,
    Node,
    Plot,
    Repeats,
    Single,
    Slope,
    Successive,
    Typed,
)
from functions._lab.units import quotient

_ANNOTATED: Any = Annotated
_LIST: Any = list
"""Types that are put together while the bundle runs, which a checker cannot follow."""


class DeclarationError(Exception):
    """A declaration that cannot be what its author meant; ends the start of the bundle."""


class Experiment:
    """Base of declared experiments."""

    title: ClassVar[str]
    nodes: ClassVar[dict[str, Node]]
    """By attribute, in the order of the class body."""
    plots: ClassVar[dict[str, Plot]]
    formulas: ClassVar[dict[str, Formula]]
    input: ClassVar[Any]
    """Struct of the readings."""
    units_agree: ClassVar[bool]
    """Whether :func:`require_units` has been through."""

    def __init_subclass__(cls, *, title: str, tag: str = "") -> None:
        cls.title, cls.units_agree = title, False
        bodies = [vars(base) for base in reversed(cls.__mro__)]
        body = {name: member for part in bodies for name, member in part.items()}
        cls.nodes = {name: node for name, node in body.items() if isinstance(node, Node)}
        cls.plots = {n.replace("_", "-"): p for n, p in body.items() if isinstance(p, Plot)}
        cls.formulas = {}
        known: list[str] = []
        for name, node in cls.nodes.items():
            if isinstance(node, Derived):
                cls.formulas[name] = _read(cls, name, node, known)
            elif missing := [s.symbol for s in node.sources if s not in cls.nodes.values()]:
                raise DeclarationError(f"{cls.__name__}.{name} 用到未声明的 {missing[0]}")
            known.append(name)
            if isinstance(node, Derived) and cls.is_column(name):
                _require_exact(cls, name)
        cls.input = _struct(cls, tag)

    @classmethod
    def name_of(cls, node: Node) -> str:
        """Attribute of a node."""
        return next(name for name, one in cls.nodes.items() if one is node)

    @classmethod
    def typed(cls) -> dict[str, Typed]:
        """What a student types."""
        return {name: node for name, node in cls.nodes.items() if isinstance(node, Typed)}

    @classmethod
    def is_column(cls, name: str) -> bool:
        """Whether a node has a value for each row."""
        node = cls.nodes[name]
        if isinstance(node, Derived):
            return any(cls.is_column(part) for part in cls.parts(name))
        return isinstance(node, Column)

    @classmethod
    def parts(cls, name: str) -> list[str]:
        """Attributes that the formula of a node names."""
        names = {canonical(attribute): attribute for attribute in cls.nodes}
        return [names[variable] for variable in cls.formulas[name].variables]


def _read(cls: type[Experiment], name: str, node: Derived, known: list[str]) -> Formula:
    """The formula of a node.  Raises DeclarationError where it names what is not above it."""
    try:
        formula = parse(node.formula, known)
    except ReadingError as reason:
        raise DeclarationError(f"{cls.__name__}.{name}：{reason.message}") from reason
    above = {canonical(attribute) for attribute in known}
    if missing := [variable for variable in formula.variables if variable not in above]:
        raise DeclarationError(f"{cls.__name__}.{name} 的公式用到未声明的 {missing[0]}")
    return formula


def _require_exact(cls: type[Experiment], name: str) -> None:
    """Raise DeclarationError where a column is made with a quantity that has an uncertainty.

    It would move all rows alike; it belongs into the formula of a result.
    """
    for part in cls.parts(name):
        node = cls.nodes[part]
        exact = isinstance(node, Known) or (isinstance(node, Single) and node.instrument is None)
        if not cls.is_column(part) and not exact:
            raise DeclarationError(f"{cls.__name__}.{name} 是一列，不能用有不确定度的 {part}")


def require_units(cls: type[Experiment]) -> None:
    """Raise DeclarationError where a formula does not have the unit of its node.

    Loads pint; made once, when an experiment is first evaluated, and by the tests.
    """
    if cls.units_agree:
        return
    from functions._lab import dimension

    known = {canonical(n): dimension.dimension(node.unit) for n, node in cls.nodes.items()}
    for name, node in cls.nodes.items():
        if dimension.dimension(node.unit) is None:
            raise DeclarationError(f"{cls.__name__}.{name} 的单位 {node.unit} 不认识")
    for name, formula in cls.formulas.items():
        try:
            own = dimension.of_formula(formula.tree, known, {})
        except dimension.Unlike as problem:
            parts = " 与 ".join(dimension.name(one) for one in problem.args)
            raise DeclarationError(f"{cls.__name__}.{name} 把 {parts} 相加减") from None
        wanted = dimension.dimension(cls.nodes[name].unit)
        if own != wanted:
            got, want = dimension.name(own), cls.nodes[name].unit
            raise DeclarationError(f"{cls.__name__}.{name} 的公式给出 {got}，而声明为 {want}")
    for name, node in cls.nodes.items():
        if isinstance(node, Slope | Successive | Intercept | Mean):
            _require_own_unit(cls, name, node)
    cls.units_agree = True


def _require_own_unit(
    cls: type[Experiment], name: str, node: "Slope | Successive | Intercept | Mean"
) -> None:
    """Raise DeclarationError where what a kernel gives is not in the unit of its node."""
    from functions._lab import dimension

    if isinstance(node, Slope | Successive):
        wanted = quotient(node.y.unit, node.x.unit)
    else:
        wanted = node.of.y.unit if isinstance(node, Intercept) else node.of.unit
    own, other = (dimension.size(unit) or math.nan for unit in (node.unit, wanted))
    same = dimension.dimension(node.unit) == dimension.dimension(wanted)
    if not (same and math.isclose(own, other, rel_tol=1e-9)):
        raise DeclarationError(f"{cls.__name__}.{name} 的单位应为 {wanted}，而声明为 {node.unit}")


def _struct(cls: type[Experiment], tag: str) -> Any:
    """Struct of the readings of an experiment."""
    members = [_member(name, node) for name, node in cls.typed().items()]

    def check(self: Any) -> None:
        _check(cls, self)

    options: dict[str, Any] = {"tag": tag, "tag_field": "method"} if tag else {}
    return msgspec.defstruct(
        cls.__name__,
        members,
        bases=(Readings,),
        frozen=True,
        kw_only=True,
        module=cls.__module__,
        namespace={"__post_init__": check, "__doc__": cls.__doc__, "variant_title": cls.title},
        **options,
    )


def _member(name: str, node: Typed) -> tuple[Any, ...]:
    limited = node.instrument is not None
    if isinstance(node, Column):
        meta = fields.column(
            node.title, node.symbol, node.unit, table=node.table, limited=not node.counted
        )
        return name, _ANNOTATED[_list_of(node), meta]
    if isinstance(node, Repeats):
        meta = fields.column(node.title, node.symbol, node.unit)
        return name, _ANNOTATED[_list_of(node), meta]
    assert isinstance(node, Single)
    meta = fields.scalar(node.title, node.symbol, node.unit, limited=limited)
    hint = _ANNOTATED[node.kind, meta]
    return (name, hint) if node.default is None else (name, hint, node.default)


def _list_of(node: Typed) -> Any:
    return _LIST[node.kind]


def _check(cls: type[Experiment], readings: Any) -> None:
    """Raise ReadingError for columns of one table that differ in length, and for too few."""
    tables: dict[str, dict[str, Any]] = {}
    for name, node in cls.typed().items():
        if isinstance(node, Column):
            tables.setdefault(node.table, {})[name] = getattr(readings, name)
    for columns in tables.values():
        fields.require_equal_lengths(**columns)
    for name, least, purpose in _fewest(cls):
        fields.require_points(name, getattr(readings, name), least, purpose)


def _fewest(cls: type[Experiment]) -> Iterator[tuple[str, int, str]]:
    """The typed columns and repeats, how many readings each needs, and for what."""
    for name, node in cls.typed().items():
        if isinstance(node, Column | Repeats):
            yield name, node.count, "计算"
