"""The experiments of the bundle, and those that stand for all where a test is slow."""

from functions._runtime.discovery import discover
from functions._runtime.experiment import Experiment

EXPERIMENTS = [found for found in discover() if isinstance(found, Experiment)]
"""All of them."""

_STANDING = ("pendulum", "sound_speed", "young_modulus")

BY_DECLARATION = {one.name for one in EXPERIMENTS if "declared" in repr(one.ledger)}
"""Names of those that a class declares: they share all their code."""

REPRESENTATIVE = [
    one for one in EXPERIMENTS if one.name not in BY_DECLARATION or one.name in _STANDING
]
"""Every one with an analysis of its own, and three of the others."""
