"""The science of the bundle: numbers in, numbers and figures out.

Nothing here reads a clock or the environment, and no file but the package's own data, the profiles
of ``rules``.  The light modules (``errors``, ``fields``, ``result``, ``figure``, ``rules``) are
imported as usual.  The others need NumPy, SciPy, GTC or matplotlib and are imported at first use
through this package, so that a function module stays cheap to import::

    from functions import _lab as lab

    line = lab.line.fit_line(x, y)      # NumPy and GTC are loaded here, not before
"""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions._lab import (
        adequacy,
        annotated,
        atwood,
        budget_panels,
        cell_ends,
        checks,
        crest_panels,
        crests,
        curve,
        derived,
        diode,
        drawing,
        fitted_panels,
        laser,
        light_curve,
        limits,
        line,
        measurand,
        models,
        neighbours,
        panels,
        peaks,
        photo_parts,
        photovoltaic,
        polynomial,
        pooled,
        propagation,
        quantum,
        reckoning,
        reporting,
        resolution,
        response,
        runs,
        saturation,
        segments,
        sequence,
        spacing,
        spectral,
        strays,
        successive,
        typed,
        units,
        usual_light,
        usual_motion,
        verdict,
    )

__all__ = [
    "adequacy",
    "annotated",
    "atwood",
    "budget_panels",
    "cell_ends",
    "checks",
    "crest_panels",
    "crests",
    "curve",
    "derived",
    "diode",
    "drawing",
    "fitted_panels",
    "laser",
    "light_curve",
    "limits",
    "line",
    "measurand",
    "models",
    "neighbours",
    "panels",
    "peaks",
    "photo_parts",
    "photovoltaic",
    "polynomial",
    "pooled",
    "propagation",
    "quantum",
    "reckoning",
    "reporting",
    "resolution",
    "response",
    "runs",
    "saturation",
    "segments",
    "sequence",
    "spacing",
    "spectral",
    "strays",
    "successive",
    "typed",
    "units",
    "usual_light",
    "usual_motion",
    "verdict",
]


def __getattr__(name: str) -> ModuleType:
    """Import a heavy module of this package when it is first asked for."""
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
