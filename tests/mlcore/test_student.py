"""Student's t against its finite sums, its limit and published tables."""

import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.student import student_quantile, student_tail
from mlcore.tails import normal_tail


def finite_sum(t, df):
    """Return P(T > t) for even df in 60 digits, by the sum of Abramowitz & Stegun 26.7.4."""
    with localcontext() as context:
        context.prec = 60
        square = Decimal(t) ** 2
        cos2, term, total = df / (df + square), Decimal(1), Decimal(0)
        for i in range(df // 2):
            total += term
            term *= cos2 * (2 * i + 1) / (2 * i + 2)
        return float((1 - (square / (df + square)).sqrt() * total) / 2)


@pytest.mark.parametrize("df", [2, 4, 10, 38, 40, 42, 500, 3000])
@pytest.mark.parametrize("t", [1e-6, 0.1, 0.7, 1.0, 2.0, 3.5, 6.0, 30.0, 1e4])
def test_tail_is_the_finite_sum(df, t):
    if finite_sum(t, df) > 1e-45:  # else 60 digits are too few
        assert student_tail(t, df) == pytest.approx(finite_sum(t, df), rel=2e-13)


@pytest.mark.parametrize("t", [1e-3, 0.5, 2.0, 5.0])
def test_tail_of_three_degrees(t):
    angle = math.atan(t / math.sqrt(3))
    expected = 0.5 - (angle + math.sin(angle) * math.cos(angle)) / math.pi  # 26.7.3
    assert student_tail(t, 3) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("t", [1e-9, 0.5, 3.0, 1e3, 1e9, 1e100, 1e160, 1e300])
def test_far_tails_of_one_and_two_degrees_have_closed_forms(t):
    assert student_tail(t, 1) == pytest.approx(math.atan2(1, t) / math.pi, rel=1e-13)
    root = math.hypot(1.0, math.sqrt(2) / t)  # sqrt(t² + 2) / t
    expected = (1 / t) / (root * (root + 1)) / t if t > 1 else 0.5 - 0.5 / root
    assert student_tail(t, 2) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("z", [0.3, 1.96, 4.0, 8.0])
def test_tail_tends_to_the_normal_one(z):
    df = 1e9  # where the next term of Cornish and Fisher's expansion is all that is left
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    expected = normal_tail(z) + density * (z**3 + z) / (4 * df)
    assert student_tail(z, df) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("p", "df", "t"),
    [(0.975, 1, 12.7062), (0.95, 5, 2.0150), (0.995, 10, 3.1693), (0.9, 30, 1.3104)],
)
def test_quantiles_of_printed_tables(p, df, t):
    assert student_quantile(p, df) == pytest.approx(t, abs=5e-5)


@given(st.floats(1e-12, 0.499), st.floats(0.5, 1e6))
def test_quantile_undoes_the_tail(p, df):
    t = student_quantile(p, df)
    assert t == -student_quantile(1 - p, df) or 1 - (1 - p) != p
    assert student_tail(-t, df) == pytest.approx(p, rel=1e-12)
    assert student_tail(t, df) == pytest.approx(1 - p, rel=1e-15)


def test_ends_and_mistakes():
    assert student_tail(0.0, 3) == 0.5
    assert student_tail(math.inf, 3) == 0.0
    assert student_tail(-math.inf, 3) == 1.0
    assert [student_quantile(p, 3) for p in (0.0, 0.5, 1.0)] == [-math.inf, 0.0, math.inf]
    for df in (0, -1, math.nan, math.inf):
        with pytest.raises(ValueError, match="df is"):
            student_tail(1.0, df)
    with pytest.raises(ValueError, match="t is NaN"):
        student_tail(math.nan, 3)
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="p is"):
            student_quantile(p, 3)
