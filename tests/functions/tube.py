"""Simulated Franck–Hertz curves whose truth needs no analysis, and the committed sample.

Two ways in which such a curve may come about, both with maxima that belong to V₀ + n·U₀:

* ``product``: an envelope c·V^p times a periodic shape whose crests lie at V₀ + n·U₀;
* ``humps``: Gaussian humps centred at V₀ + n·U₀, of growing height, on a rising background.

Readings carry noise of 1 % of the reading (or of the largest one) and are rounded as on the meter,
which makes flat tops.  ``python -m tests.functions.tube`` prints the sample
``data/samples/frank-hertz.json``: the argon tube ``Tube()`` read with seed 1914.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SEED = 1914
LABEL = "VG1=2.3V, VG2A=1.5V, VG2P=9V"


@dataclass(frozen=True)
class Tube:
    """A tube and the way it is read; voltages in V."""

    spacing: float = 11.6
    offset: float = 6.2
    readings: int = 82
    step: float = 1.0
    kind: Literal["product", "humps"] = "product"
    power: float = 1.3
    depth: float = 0.75
    sharpness: float = 1.0
    width: float = 0.25
    """Standard deviation of a hump in spacings."""
    background: float = 0.1
    noise: float = 0.01
    of_largest: bool = False
    """Whether the noise is a share of the largest reading instead of each one."""
    decimals: int = 3

    def peaks(self, count: int) -> "Tube":
        """The same tube read just beyond ``count`` maxima."""
        end = self.offset + self.spacing * (count + 0.55)
        return replace(self, readings=int(end / self.step))

    def voltages(self) -> Array:
        """VG2K, one step after the other."""
        return np.round(self.step * np.arange(1, self.readings + 1), 6)

    def clean(self, v: Array) -> Array:
        """Current in μA without noise."""
        scale = v / 82
        if self.kind == "humps":
            current = self.background * scale**1.5
            for n in range(1, 40):
                centre = self.offset + n * self.spacing
                hump = np.exp(-((v - centre) ** 2) / (2 * (self.width * self.spacing) ** 2))
                current = current + (centre / 82) ** self.power * hump
            return np.asarray(10 * current)
        wave = 0.5 + 0.5 * np.cos(2 * np.pi * (v - self.offset) / self.spacing)
        wave = np.where(v < self.offset + self.spacing / 2, 0, wave**self.sharpness)
        return np.asarray(10 * scale**self.power * (1 - self.depth + self.depth * wave))

    def read(self, random: np.random.Generator) -> dict[str, Any]:
        """A request."""
        v = self.voltages()
        clean = self.clean(v)
        size = np.full_like(v, clean.max()) if self.of_largest else np.abs(clean)
        currents = np.round(clean + self.noise * size * random.standard_normal(v.size), 3)
        rounded = np.round(currents, self.decimals)
        return {"VG2K": v.tolist(), "groups": [{"currents": rounded.tolist(), "label": LABEL}]}


ARGON = Tube()
HUMPS = Tube(kind="humps", power=1.0)
OTHER_KINDS = {
    "flat tops": replace(ARGON, decimals=1),
    "equal noise": replace(ARGON, of_largest=True, power=1.0),
    "shallow": replace(ARGON, depth=0.5),
    "sharp": replace(ARGON, sharpness=1.5, power=1.0),
    "steep": replace(ARGON, spacing=11.5, power=1.8),
}
MERCURY = Tube(spacing=4.89, offset=2.0, step=0.5, readings=90)


def drawn_at_random(tube: Tube, seed: int, peaks: int) -> tuple[Tube, dict[str, Any]]:
    """A tube with an offset of its own, read beyond ``peaks`` maxima."""
    random = np.random.default_rng(seed)
    moved = replace(tube, offset=tube.offset + tube.spacing * random.uniform(-0.15, 0.15))
    moved = moved.peaks(peaks)
    return moved, moved.read(random)


if __name__ == "__main__":
    print(json.dumps(Tube().read(np.random.default_rng(SEED)), ensure_ascii=False))
