"""Tails against values with 15 digits, and against each other."""

import math
from fractions import Fraction

import pytest

from mlcore.tails import (
    beta_quantile,
    chi_squared_tail,
    incomplete_beta,
    normal_tail,
)

# Upper tails, from 40-digit arithmetic (mpmath: erfc, regularised incomplete gamma and beta).
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
BETA = [  # x, a, b
    (0.25, 2.5, 0.5, 0.011724811003954637785),
    (0.75, 200.0, 80.0, 0.9098003862308180651),
    (1e-5, 0.5, 3.0, 0.0059292310844635447975),
    (0.5, 3000.0, 3100.0, 0.89981268253487260931),
    (0.1, 30.0, 20.0, 2.7314997305471488873e-18),
    (0.999999999999, 0.24064220899374744, 0.06202130106440961, 0.8538068599653553),
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((1.5, 1, 1), "x is 1.5"), ((0.5, 0, 1), "a is 0"), ((0.5, 1, 0), "b is 0")],
)
def test_incomplete_betas_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        incomplete_beta(*arguments)


@pytest.mark.parametrize(("x", "a", "b", "p"), BETA)
def test_incomplete_beta(x, a, b, p):
    assert incomplete_beta(x, a, b) == pytest.approx(p, rel=1e-12)
    assert incomplete_beta(1 - x, b, a) == pytest.approx(1 - p, rel=1e-10)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 150])
@pytest.mark.parametrize("x", [Fraction(1, 64), Fraction(5, 16), Fraction(1, 2), Fraction(15, 16)])
def test_incomplete_beta_is_a_sum_of_binomial_chances(n, x):
    chances = [math.comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(n + 1)]
    for a in {1, (n + 1) // 2, n}:
        exact = float(sum(chances[a:]))
        assert incomplete_beta(float(x), a, n - a + 1) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("p", [1e-12, 0.001, 0.025, 0.4, 0.5, 0.6, 0.975, 0.9999])
@pytest.mark.parametrize(("a", "b"), [(1, 1), (0.3, 2.5), (1, 400), (37, 2), (5000, 7000)])
def test_beta_quantile_undoes_incomplete_beta(p, a, b):
    assert incomplete_beta(beta_quantile(p, a, b), a, b) == pytest.approx(p, rel=1e-11)
    assert beta_quantile(p, 1, 1) == pytest.approx(p, rel=1e-14)
    assert beta_quantile(p, 1, 400) == pytest.approx(-math.expm1(math.log1p(-p) / 400), rel=1e-11)


def test_quantiles_that_are_next_to_nothing_or_to_one():
    """I_x(a, b) is about x^a / (a B(a, b)) for small x, so x may be below the least number."""
    assert beta_quantile(0.025, 1e-3, 5.0) == 0.0
    assert beta_quantile(0.4, 2665.0, 0.01) == 1.0
    exact = (0.1 * 0.01 * math.gamma(0.01) * math.gamma(2.0) / math.gamma(2.01)) ** 100.0
    assert beta_quantile(0.1, 0.01, 2.0) == pytest.approx(exact, rel=1e-9)
