"""The Rydberg constant against a public report (cmwalker2048/USTC-Phy-Experiments-Reports)."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_constant_of_a_published_set() -> None:
    """R_H = 1.09682e7 m⁻¹ there, 1.09544e7 from n = 3 alone; as wavelengths were read (n_a = 1).

    By hand: R = Σxy/Σx² with x = 1/4 - 1/n² and y = 1/λ.
    """
    given = sample("hydrogen-spectrum")
    x = [1 / 4 - 1 / n**2 for n in given["n"]]
    y = [1e9 / lam for lam in given["lam"]]
    r = sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x)
    found = analysed("hydrogen_spectrum", given).measurand("R_H")
    assert found.value == pytest.approx(r, rel=1e-9)
    assert found.value == pytest.approx(1.09682e7, rel=5e-4)


def test_lines_of_the_exact_constant() -> None:
    """λ = 656.4696, 486.2721, 434.1731, 410.2938 nm in vacuum (NIST ASD): R_H to 1e-5."""
    lines = [656.4696, 486.2721, 434.1731, 410.2938]
    readings = {"n": [3, 4, 5, 6], "lam": lines, "n_a": 1.0}
    found = analysed("hydrogen_spectrum", readings).measurand("R_H")
    assert found.value == pytest.approx(1.096775834e7, rel=1e-5)
