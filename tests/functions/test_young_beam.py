"""The bent beam against a public report (YiDingg/UCAS-BasicPhysicsExperiment)."""

import pytest

from tests.functions.declared import analysed, sample


def test_brass() -> None:
    """11.8395e10 Pa there by differences of four; the least-squares slope agrees within 1.5 %.

    By hand from the means d = 229.55, b = 23.4733, a = 0.97883 mm and the slope of Z over M.
    """
    given = sample("young-beam")
    m, z = given["M"], given["Z"]
    x, y = sum(m) / 8, sum(z) / 8
    up = sum((a - x) * (b - y) for a, b in zip(m, z, strict=True))
    c = up / sum((a - x) ** 2 for a in m)
    d, b, a = (sum(given[name]) / 6 for name in ("d", "b", "a"))
    found = analysed("young_beam", given).measurand("E")
    assert found.value == pytest.approx(d**3 * 9.8 / (4 * a**3 * b * c) / 1e6, rel=1e-4)
    assert found.value == pytest.approx(118.395, rel=0.015)


def test_the_thickness_counts_three_times() -> None:
    """a = 0.978833 mm: s/√6 = 0.0029599 mm, Δ/√3 = 0.0023094 mm."""
    found = analysed("young_beam", sample("young-beam")).measurand("E")
    shares = [line.contribution for line in found.budget if "厚度" in line.name]
    u = (0.0029599**2 + 0.0023094**2) ** 0.5
    together = sum(share**2 for share in shares) ** 0.5
    assert together == pytest.approx(3 * u / 0.978833 * found.value, rel=2e-3)
