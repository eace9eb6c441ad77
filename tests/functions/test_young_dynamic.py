"""The dynamic method against a public sheet (laonuo2004/BIT_Physics_experiments)."""

import pytest

from tests.functions.declared import analysed, sample


def test_steel() -> None:
    """E = 208.1152 GPa there, the micrometer's zero of -0.145 mm subtracted."""
    found = analysed("young_dynamic", sample("young-dynamic")).measurand("E")
    assert found.value == pytest.approx(208.1152, rel=2e-5)


def test_the_uncertainty_by_hand() -> None:
    """d = 4.9273 mm: s/√3 = 0.000882 and 0.004/√3 mm; f = 564.5 Hz: s/√4 = 0.6455, 2/√3 Hz.

    u/E = √((4·0.0024717/4.9273)² + (2·1.3229/564.5)² + (3·0.01155/200.02)² + (0.01155/29.84)²).
    """
    found = analysed("young_dynamic", sample("young-dynamic")).measurand("E")
    parts = [4 * 0.0024717 / 4.9273, 2 * 1.3229 / 564.5, 3 * 0.011547 / 200.02, 0.011547 / 29.84]
    relative = sum(part**2 for part in parts) ** 0.5
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-3)
