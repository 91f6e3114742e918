"""Losses against their definitions, gradients against finite differences."""

import numpy as np
import pytest

from mlcore.linear.losses import (
    Objective,
    logistic_loss,
    logistic_slope,
    sigmoid,
    softmax,
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


@pytest.mark.parametrize("r", [1, 3])
def test_objective_gradient_agrees_with_finite_differences(r):
    rng = np.random.default_rng(2)
    n, d = 30, 4
    A = np.column_stack([np.ones(n), rng.normal(size=(n, d))])
    y, w = rng.integers(0, max(2, r), n), rng.uniform(0, 3, n)
    ridge = np.array([0.0, 0.1, 2.0, 0.0, 0.5])
    objective = Objective(A, y, w, ridge, r)
    theta = rng.normal(size=(r, d + 1))
    _, gradient = objective.value_and_gradient(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[index] = 1e-6
        up, down = (objective.value_and_gradient(theta + s)[0] for s in (step, -step))
        assert gradient[index] == pytest.approx((up - down) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("r", [1, 3])
def test_bound_is_nowhere_less_curved_than_the_loss(r):
    rng = np.random.default_rng(3)
    A = np.column_stack([np.ones(40), rng.normal(size=(40, 3))])
    objective = Objective(A, rng.integers(0, max(2, r), 40), np.ones(40), np.zeros(4), r)
    M = objective.curvature_bound()
    for _ in range(50):
        theta, move = rng.normal(size=(r, 4)), rng.normal(size=(r, 4))
        value, gradient = objective.value_and_gradient(theta)
        bound = value + (gradient * move).sum() + 0.5 * np.einsum("ri,ij,rj->", move, M, move)
        assert objective.value_and_gradient(theta + move)[0] <= bound + 1e-12
