"""The Michelson interferometer against two public reports."""

import pytest

from tests.functions.declared import analysed, sample


def test_the_wavelength_of_a_published_sheet() -> None:
    """laonuo2004/BIT_Physics_experiments: 637.088 nm; u_A of the five differences 1.659634e-3 mm.

    λ = 2·d̄/250: u_A(λ) = 2·1.659634e-3/250 mm = 13.277 nm; u_B by 0.1 µm is negligible.
    """
    found = analysed("michelson", sample("michelson")).measurand("λ")
    assert found.value == pytest.approx(637.088, abs=5e-4)
    assert found.standard_uncertainty == pytest.approx(13.277, rel=1e-3)


def test_the_index_of_air() -> None:
    """KillingVectorField/Physics-Experiments: 34.0 hPa a fringe, n - 1 = 2.697e-4 ± 0.08e-4.

    Half-split of nine readings: (1205 … 1276 less 1071 … ), by hand 34.0 hPa.
    """
    given = sample("michelson-air-index")
    early, late = given["p"][:4], given["p"][5:]
    step = sum(b - a for a, b in zip(early, late, strict=True)) / 4 / 5
    found = analysed("michelson", given).measurand("n−1")
    assert found.value == pytest.approx(632.8e-9 * 1023 / (2 * 0.0353 * step), rel=1e-9)
    assert found.value == pytest.approx(2.697e-4, rel=0.01)


def test_the_sodium_doublet_of_a_notebook() -> None:
    """RayZh-hs/SJPHY, four minima of visibility; their line gives 0.592 nm.

    Two differences of two steps, 0.58755 and 0.59330 mm: ΔL = 0.2952125 mm; s of them 0.0040659,
    u_A(ΔL) = 0.0040659/√2/2 mm; u_B by 0.1 µm is negligible.
    """
    found = analysed("michelson", sample("michelson-sodium")).measurand("δλ")
    assert found.value == pytest.approx(589.3**2 / (2 * 0.2952125e6), rel=1e-6)
    assert found.value == pytest.approx(0.5917, rel=0.01)
    relative = 0.0040659 / 2**0.5 / 2 / 0.2952125
    assert found.standard_uncertainty == pytest.approx(found.value * relative, rel=1e-3)
