"""Steps and slopes of the elastic net against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.linear.penalties import least_of_model, least_subgradient, soft_threshold, solve


@pytest.mark.parametrize("theta", [-2.0, -0.3, 0.0, 0.4, 5.0])
@pytest.mark.parametrize("amount", [0.0, 0.4, 1.0])
def test_soft_threshold_is_the_least_point(theta, amount):
    grid = np.linspace(-6, 6, 120_001)
    best = grid[(0.5 * (grid - theta) ** 2 + amount * np.abs(grid)).argmin()]
    found = soft_threshold(np.array([theta]), np.array([amount]))[0]
    assert found == pytest.approx(best, abs=1e-4)
    assert found == 0.0 or abs(theta) > amount


def test_least_subgradient_is_the_steepest_slope_down():
    lasso, rng = np.array([0.0, 0.5, 2.0, 0.5]), np.random.default_rng(0)
    M = np.diag([1.0, 2.0, 3.0, 4.0])
    for theta in ([1.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]):
        theta, g0 = np.array(theta), rng.normal(size=4)

        def J(x, theta=theta, g0=g0):
            return g0 @ (x - theta) + 0.5 * (x - theta) @ M @ (x - theta) + lasso @ np.abs(x)

        slope = least_subgradient(g0, theta, lasso)
        down = (J(theta - 1e-7 * slope) - J(theta)) / 1e-7
        assert down == pytest.approx(-(slope @ slope), abs=1e-5)
    assert np.array_equal(least_subgradient(g0, theta, np.zeros(4)), g0)


def slow_least_of_model(M, g, theta, lasso):
    """Many soft-threshold steps of a safe length, until one of them changes nothing."""
    x, step = theta.copy(), 1 / np.linalg.eigvalsh(M)[-1]
    for _ in range(20_000):
        before = x
        x = soft_threshold(x - step * (g + M @ (x - theta)), step * lasso)
        if np.allclose(x, before, rtol=0.0, atol=1e-15):
            break
    return x


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.sampled_from([0.02, 0.3, 3.0]))
def test_least_of_model_agrees_with_many_small_steps(seed, p, strength):
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(2 * p, p))
    M, g = B.T @ B / p + 0.05 * np.eye(p), rng.normal(size=p)
    theta = np.where(rng.random(p) < 0.5, 0.0, rng.normal(size=p))
    lasso = strength * rng.choice([0.0, 1.0, 2.0], p)
    found = least_of_model(M, g[None], theta[None], lasso)[0]
    np.testing.assert_allclose(found, slow_least_of_model(M, g, theta, lasso), atol=1e-7)
    slope = least_subgradient(g + M @ (found - theta), found, lasso)
    np.testing.assert_allclose(slope, 0.0, atol=1e-11)


def test_least_of_model_of_many_entries_begins_with_a_guess_and_ends_exact():
    rng = np.random.default_rng(1)
    B = rng.normal(size=(90, 120))  # fewer rows than columns: M is nearly singular
    M, g = B.T @ B / 90 + 1e-6 * np.eye(120), rng.normal(size=120)
    lasso = np.full(120, 0.5)
    x = least_of_model(M, g[None], np.zeros((1, 120)), lasso)[0]
    assert 0 < (x == 0).sum() < 120
    np.testing.assert_allclose(least_subgradient(g + M @ x, x, lasso), 0.0, atol=1e-9)


def test_solve_is_not_fooled_by_units_nor_stopped_by_a_singular_matrix():
    M = np.array([[1e-20, 1e-11], [1e-11, 1.0]])
    np.testing.assert_allclose(M @ solve(M, np.array([1e-10, 2.0])), [1e-10, 2.0], rtol=1e-12)
    M = np.ones((2, 2))
    np.testing.assert_allclose(solve(M, np.array([2.0, 2.0])), [1.0, 1.0], rtol=1e-12)
