"""The shear modulus against a public report (Dashu-Li/USTC-Physics-Experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_torsion_constant_and_the_modulus() -> None:
    """D = 7.920721e-3 N·m, G = 7.981128e10 Pa; 79.8 ± 0.3 by the rules there."""
    result = analysed("shear_modulus", sample("shear-modulus"))
    assert result.measurand("D").value == pytest.approx(7.920721e-3, rel=1e-6)
    assert result.measurand("G").value == pytest.approx(79.81128, rel=1e-6)


def test_the_diameter_counts_four_times() -> None:
    """d: s/√10 = 0.00072188 mm and 0.004/√3 mm on 0.7989 mm: alone 4·0.0024194/0.7989 of G."""
    found = analysed("shear_modulus", sample("shear-modulus")).measurand("G")
    shares = [line.contribution for line in found.budget if "钢丝直径" in line.name]
    together = sum(share**2 for share in shares) ** 0.5
    assert together == pytest.approx(4 * 0.0024194 / 0.7989 * found.value, rel=2e-3)
