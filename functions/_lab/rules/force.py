"""The rule in force, and what it makes of the influences that were met under it.

One analysis runs at a time in a process; a rule is in force around it.
"""

import contextlib
from collections.abc import Hashable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from functions._lab.rules.declared import Rules
from functions._lab.rules.profiles import DEFAULT, profiles


@dataclass(frozen=True)
class Weight:
    """How an influence enters a quoted uncertainty."""

    factor: float
    """Its part of the quoted uncertainty over its standard uncertainty by the GUM."""
    quantity: Hashable = None
    """Influences of the same quantity, if any, add up linearly."""


@dataclass(frozen=True)
class _Force:
    rules: Rules
    weights: dict[Hashable, Weight] = field(default_factory=dict)


_force: ContextVar[_Force | None] = ContextVar("rules", default=None)


def in_force() -> Rules:
    """The rule in force; that of the GUM unless another was set."""
    force = _force.get()
    return profiles()[DEFAULT] if force is None else force.rules


@contextlib.contextmanager
def using(rules: Rules) -> Iterator[None]:
    """Put a rule in force until the block ends."""
    token = _force.set(_Force(rules))
    try:
        yield
    finally:
        _force.reset(token)


def note(influence: Hashable, weight: Weight) -> None:
    """Keep the weight of an influence for as long as the rule is in force."""
    force = _force.get()
    if force is not None:
        force.weights[influence] = weight


def noted(influence: Hashable) -> Weight | None:
    """The weight of an influence; None where none was noted."""
    force = _force.get()
    return None if force is None else force.weights.get(influence)
