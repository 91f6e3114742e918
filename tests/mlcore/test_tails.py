"""Tails against values with 15 digits, and against each other."""

import math

import pytest

from mlcore.tails import chi_squared_tail, normal_tail

# Upper tails, from 40-digit arithmetic (mpmath: erfc and the regularised incomplete gamma).
NORMAL = [
    (0.0, 0.5),
    (1.0, 0.158655253931457051),
    (-1.0, 0.841344746068542949),
    (5.0, 2.86651571879193912e-07),
    (30.0, 4.90671392714819e-198),
]
CHI_SQUARED = [
    (1.0, 1, 0.317310507862914103),
    (10.0, 4, 0.0404276819945128),
    (21.826489208929786, 3, 7.08845617767e-05),
    (100.0, 1, 1.52397060483e-23),
    (90.0, 100, 0.7531979655998298),
]


@pytest.mark.parametrize(("z", "p"), NORMAL)
def test_normal(z, p):
    assert normal_tail(z) == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize(("x", "df", "p"), CHI_SQUARED)
def test_chi_squared(x, df, p):
    assert chi_squared_tail(x, df) == pytest.approx(p, rel=1e-10)


@pytest.mark.parametrize("x", [1e-6, 0.3, 4.0, 50.0, 600.0])
def test_known_cases_and_integration(x):
    assert chi_squared_tail(x, 1) == pytest.approx(2 * normal_tail(math.sqrt(x)), rel=1e-13)
    assert chi_squared_tail(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-13)
    # The tail of df + 2 exceeds that of df by twice the density of df + 2.
    for df in (3, 4, 9, 20):
        density = math.exp(df / 2 * math.log(x / 2) - x / 2 - math.lgamma(df / 2 + 1))
        difference = chi_squared_tail(x, df + 2) - chi_squared_tail(x, df)
        assert difference == pytest.approx(density, rel=1e-9, abs=1e-15)


def test_edges():
    assert chi_squared_tail(0.0, 7) == 1.0
    with pytest.raises(ValueError, match="df is 0"):
        chi_squared_tail(1.0, 0)
    with pytest.raises(ValueError, match="x is -1"):
        chi_squared_tail(-1.0, 1)
