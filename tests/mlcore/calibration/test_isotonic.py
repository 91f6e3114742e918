"""Isotonic regression against the textbook's one-row-after-the-other method, and by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.calibration import IsotonicRegression, isotonic_regression
from mlcore.calibration.isotonic import without_ties
from mlcore.calibration.violators import with_neighbours


def one_after_the_other(y, w):
    """Pool adjacent violators on a stack of blocks, in exact arithmetic."""
    blocks = []
    for value, weight in zip(map(Fraction, y), map(Fraction, w), strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, u, m), (b, v, n) = blocks[-2:]
            blocks[-2:] = [((a * u + b * v) / (u + v), u + v, m + n)]
    return np.array([float(level) for level, _, size in blocks for _ in range(size)])


NUMBERS = st.lists(
    st.tuples(st.floats(-100, 100, width=32), st.integers(1, 1000).map(lambda w: w / 16)),
    min_size=1,
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(NUMBERS)
def test_pooling_at_once_is_pooling_one_after_the_other(rows):
    y, w = map(list, zip(*rows, strict=True))
    fitted = isotonic_regression(y, sample_weight=w)
    np.testing.assert_allclose(fitted, one_after_the_other(y, w), rtol=1e-12, atol=1e-12)
    assert (np.diff(fitted) >= 0).all()


@settings(max_examples=30, deadline=None)
@given(NUMBERS)
def test_falling_is_rising_upside_down(rows):
    y, w = map(np.array, zip(*rows, strict=True))
    down = isotonic_regression(y, sample_weight=w, increasing=False)
    np.testing.assert_allclose(down, -isotonic_regression(-y, sample_weight=w), atol=1e-11)


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_shapes_that_are_hard_for_one_way_or_the_other(n):
    i, rng = np.arange(n, dtype=float), np.random.default_rng(n)
    for y in (
        i,
        -i,
        i % 7,
        np.sin(i / 50),
        np.append(i[1:], -10.0 * n),  # one outlier runs into all the rows before it
        np.append(10.0 * n, i[1:]),
        np.where(i % 2, 1e-9 * i, -1e-9 * i),
        np.cumsum(rng.normal(size=n)),
        (rng.random(n) < i / n).astype(float),
        rng.standard_cauchy(n),
    ):
        w = rng.integers(1, 9, n) / 4.0
        expected = one_after_the_other(y, w)
        scale = max(1.0, np.abs(y).max())
        np.testing.assert_allclose(
            isotonic_regression(y, sample_weight=w), expected, rtol=1e-11, atol=1e-13 * scale
        )


def passes(y, w):
    """Count how often pooling looks at all blocks."""
    level, weight, count = y, w, 0
    while (falls := level[1:] < level[:-1]).any():
        first = np.flatnonzero(np.append(True, ~with_neighbours(falls, level, weight)))
        total = np.add.reduceat(weight, first)
        level, weight = np.add.reduceat(weight * level, first) / total, total
        count += 1
    return count


def test_long_runs_take_one_pass_and_noise_few():
    n, rng = 20_000, np.random.default_rng(0)
    i, ones = np.arange(n, dtype=float), np.ones(n)
    assert passes(-i, ones) == 1
    assert passes(np.append(i[1:], -1e9), ones) == 1
    assert passes(np.append(1e9, i[1:]), ones) == 1
    for y in (rng.normal(size=n), np.cumsum(rng.normal(size=n)), rng.standard_cauchy(n)):
        assert passes(y, ones) <= 15


def test_weight_two_is_the_row_twice_and_weight_zero_no_row():
    y = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    twice = isotonic_regression(np.repeat(y, [2, 1, 1, 1, 1]))
    np.testing.assert_allclose(isotonic_regression(y, sample_weight=[2, 1, 1, 1, 1]), twice[1:])
    fitted = isotonic_regression(y, sample_weight=[0, 1, 0, 1, 1])
    assert fitted.tolist() == [1.0, 1.0, 1.0, 4.5, 4.5]


def test_ends_cut_the_values():
    assert isotonic_regression([0, 3, 9], y_min=1, y_max=5).tolist() == [1, 3, 5]
    with pytest.raises(ValueError, match="y_min is 2 and y_max 1"):
        isotonic_regression([0, 1], y_min=2, y_max=1)


def test_ties_in_x_become_their_weighted_mean_before_pooling():
    x, y, w = [1, 1, 2, 3], [0.0, 8.0, 3.0, 9.0], [3, 1, 1, 1]
    model = IsotonicRegression().fit(x, y, sample_weight=w)
    assert model.predict([1, 2, 3]).tolist() == [2.0, 3.0, 9.0]
    order = [3, 1, 0, 2]
    again = IsotonicRegression().fit(*(np.array(v)[order] for v in (x, y, w)))
    assert again.y_thresholds_.tolist() == model.y_thresholds_.tolist()


def test_values_that_differ_by_rounding_are_one_and_long_chains_of_them_are_not():
    x, y, w = without_ties(np.array([0.3, 0.1 + 0.2, 1.0]), np.array([0.0, 1.0, 5.0]), np.ones(3))
    assert (x.tolist(), y.tolist(), w.tolist()) == ([0.3, 1.0], [0.5, 5.0], [2.0, 1.0])
    chain = np.arange(1000) * 1e-16
    assert 90 < len(without_ties(chain, chain, np.ones(1000))[0]) < 110


def test_corners_are_enough_to_draw_the_curve():
    x, y = np.arange(7.0), np.array([0, 0, 0, 2, 1, 5, 5.0])
    model = IsotonicRegression().fit(x, y)
    assert model.X_thresholds_.tolist() == [0, 2, 3, 4, 5, 6]
    np.testing.assert_array_equal(model.predict(x), isotonic_regression(y))
    assert model.predict([2.5, 4.25]).tolist() == [0.75, 2.375]
    assert model.transform(x[:, None]).tolist() == model.predict(x).tolist()


def test_out_of_bounds():
    x, y = [0.0, 1.0], [3.0, 4.0]
    nan = IsotonicRegression().fit(x, y).predict([-1.0, 0.5, 2.0])
    np.testing.assert_array_equal(nan, [np.nan, 3.5, np.nan])
    clip = IsotonicRegression(out_of_bounds="clip").fit(x, y)
    assert clip.predict([-1.0, 0.5, 2.0]).tolist() == [3.0, 3.5, 4.0]
    strict = IsotonicRegression(out_of_bounds="raise").fit(x, y)
    assert strict.predict([0.5]).tolist() == [3.5]
    with pytest.raises(ValueError, match="X is 2 in row 1, but a value from 0 to 1"):
        strict.predict([0.5, 2.0])
    assert IsotonicRegression().fit([7.0, 7.0], [1.0, 2.0]).predict([9.0]).tolist() == [1.5]


def test_auto_looks_at_the_sign_and_warns_when_it_is_not_sure():
    x = np.arange(20.0)
    assert IsotonicRegression(increasing="auto").fit(x, x**3).increasing_ is True
    assert IsotonicRegression(increasing="auto").fit(x, -x).increasing_ is False
    with pytest.warns(UserWarning, match="may be of either sign"):
        IsotonicRegression(increasing="auto").fit(x, x % 2)


def test_what_is_not_one_column_is_refused():
    with pytest.raises(ValueError, match="X has 2 columns, but 1 feature"):
        IsotonicRegression().fit([[1, 2], [3, 4]], [1, 2])
    with pytest.raises(ValueError, match="out_of_bounds is 'x'"):
        IsotonicRegression(out_of_bounds="x").fit([1], [1])
    with pytest.raises(ValueError, match="y is None"):
        IsotonicRegression().fit([1.0])
