"""Losses against their definitions, slopes and curvatures against finite differences."""

import numpy as np
import pytest

from mlcore.linear.losses import (
    log_sigmoid,
    log_softmax,
    logistic_curvature,
    logistic_loss,
    logistic_slope,
    sigmoid,
    softmax,
    softmax_curvature,
    softmax_loss,
    softmax_slope,
)


def test_sigmoid_has_no_overflow_and_keeps_its_symmetry():
    z = np.array([-1e4, -745.0, -1.0, 0.0, 1.0, 745.0, 1e4])
    assert np.all(np.isfinite(sigmoid(z)))
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1.0, rtol=1e-15)
    assert sigmoid(np.array([1.0]))[0] == pytest.approx(0.7310585786300049, rel=1e-15)


def test_losses_are_finite_and_right_far_from_zero():
    z = np.array([[1e4], [-1e4], [1e4], [-1e4]])
    np.testing.assert_allclose(logistic_loss(z, np.array([1, 0, 0, 1])), [0, 0, 1e4, 1e4])
    two = np.column_stack([np.zeros(4), z[:, 0]])
    np.testing.assert_allclose(softmax_loss(two, np.array([1, 0, 0, 1])), [0, 0, 1e4, 1e4])


def test_softmax_of_two_scores_is_the_sigmoid_of_their_difference():
    rng = np.random.default_rng(0)
    Z = rng.normal(0, 3, (20, 2))
    np.testing.assert_allclose(softmax(Z)[:, 1], sigmoid(Z[:, 1] - Z[:, 0]), rtol=1e-13)


@pytest.mark.parametrize(
    ("loss", "slope", "r"), [(logistic_loss, logistic_slope, 1), (softmax_loss, softmax_slope, 4)]
)
def test_slopes_agree_with_finite_differences(loss, slope, r):
    rng = np.random.default_rng(1)
    Z, y = rng.normal(0, 2, (12, r)), rng.integers(0, max(2, r), 12)
    for j in range(r):
        up, down = Z.copy(), Z.copy()
        up[:, j] += 1e-6
        down[:, j] -= 1e-6
        numeric = (loss(up, y) - loss(down, y)) / 2e-6
        np.testing.assert_allclose(slope(Z, y)[:, j], numeric, atol=1e-8)


@pytest.mark.parametrize(
    ("slope", "curvature", "r"),
    [(logistic_slope, logistic_curvature, 1), (softmax_slope, softmax_curvature, 4)],
)
def test_curvatures_agree_with_finite_differences(slope, curvature, r):
    rng = np.random.default_rng(4)
    Z, y = rng.normal(0, 2, (12, r)), rng.integers(0, max(2, r), 12)
    for j in range(r):
        up, down = Z.copy(), Z.copy()
        up[:, j] += 1e-6
        down[:, j] -= 1e-6
        numeric = (slope(up, y) - slope(down, y)) / 2e-6
        np.testing.assert_allclose(curvature(Z)[:, :, j], numeric, atol=1e-8)


def test_curvature_is_exact_where_the_probability_rounds_to_one():
    Z = np.array([[40.0], [-40.0], [700.0]])
    np.testing.assert_allclose(logistic_curvature(Z)[:, 0, 0], np.exp(-np.abs(Z[:, 0])), rtol=1e-12)


# z, sigmoid(z), log sigmoid(z), computed with 40 digits (mpmath).
FAR = [
    (-1000.0, 0.0, -1000.0),
    (-40.0, 4.248354255291589e-18, -40.0),
    (-1.0, 0.2689414213699951, -1.3132616875182228),
    (1e-10, 0.500000000025, -0.6931471805099453),
    (40.0, 1.0, -4.248354255291589e-18),
    (1e300, 1.0, 0.0),
]


@pytest.mark.parametrize(("z", "p", "log_p"), FAR)
def test_sigmoid_and_its_logarithm_to_every_digit(z, p, log_p):
    assert sigmoid(np.array([z]))[0] == pytest.approx(p, rel=1e-14, abs=0)
    assert log_sigmoid(np.array([z]))[0] == pytest.approx(log_p, rel=1e-14, abs=0)


def test_log_softmax_far_from_zero():
    Z = np.array([[1000.0, 0.0, -1000.0], [-1e4, -10001.0, -10002.0]])
    expected = [
        [0.0, -1000.0, -2000.0],
        [-0.4076059644443804, -1.4076059644443804, -2.4076059644443804],
    ]
    np.testing.assert_allclose(log_softmax(Z), expected, rtol=1e-12)
