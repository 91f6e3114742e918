"""J against its definition; its gradient and curvature against finite differences."""

import numpy as np
import pytest

from mlcore.linear import objective as module
from mlcore.linear.objective import Objective


def make(r, lasso=0.0, n=30, seed=2):
    rng = np.random.default_rng(seed)
    A = np.column_stack([np.ones(n), rng.normal(size=(n, 4))])
    y, w = rng.integers(0, max(2, r), n), rng.uniform(0, 3, n)
    ridge = np.array([0.0, 0.1, 2.0, 0.0, 0.5])
    theta = rng.normal(size=(r, 5))
    return Objective(A, y, w, ridge, lasso * np.array([0.0, 1.0, 2.0, 0.5, 1.0]), r), theta


@pytest.mark.parametrize("r", [1, 3])
def test_value_is_the_mean_loss_plus_the_whole_penalty(r):
    J, theta = make(r, lasso=0.3)
    total = 0.0
    for a, y, w in zip(J.A, J.y, J.w, strict=True):
        z = theta @ a if r > 1 else np.array([0.0, (theta @ a)[0]])
        total += w * (np.log(np.exp(z).sum()) - z[y])
    penalty = 0.5 * (J.ridge * theta**2).sum() + (J.lasso * np.abs(theta)).sum()
    assert J.at(theta).loss == pytest.approx(total / J.w.sum() + penalty, rel=1e-12)


@pytest.mark.parametrize("r", [1, 3])
def test_gradient_and_curvature_agree_with_finite_differences(r):
    J, theta = make(r)
    H = J.curvature(theta)
    gradient = J.at(theta).gradient
    for i, index in enumerate(np.ndindex(theta.shape)):
        step = np.zeros_like(theta)
        step[index] = 1e-6
        up, down = J.at(theta + step), J.at(theta - step)
        assert gradient[index] == pytest.approx((up.loss - down.loss) / 2e-6, abs=1e-8)
        numeric = (up.gradient - down.gradient).ravel() / 2e-6
        np.testing.assert_allclose(H[:, i], numeric, atol=1e-8)


@pytest.mark.parametrize("r", [1, 3])
def test_blocks_change_nothing_but_rounding(r, monkeypatch):
    J, theta = make(r, n=700)
    whole, H = J.at(theta), J.curvature(theta)
    monkeypatch.setattr(module, "BLOCK", 1)  # 256 rows a block, the last one short
    np.testing.assert_allclose(J.at(theta).gradient, whole.gradient, rtol=1e-12, atol=1e-15)
    assert J.at(theta).loss == pytest.approx(whole.loss, rel=1e-13)
    np.testing.assert_allclose(J.curvature(theta), H, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("r", [1, 3])
def test_bound_is_nowhere_less_curved_than_the_loss(r):
    J, _ = make(r, n=40)
    M = J.curvature_bound()
    rng = np.random.default_rng(3)
    for _ in range(50):
        theta, move = rng.normal(size=(r, 5)), rng.normal(size=(r, 5))
        here = J.at(theta)
        bound = here.loss + (here.gradient * move).sum()
        bound += 0.5 * np.einsum("ri,ij,rj->", move, M, move)
        assert J.at(theta + move).loss <= bound + 1e-12


def test_gradient_norm_is_that_of_the_shortest_subgradient():
    J, theta = make(1, lasso=10.0)
    theta[0, 1:] = 0.0
    here = J.at(theta)
    # At 0 a lasso of 10 outweighs any slope, so that only the intercept's is left.
    assert here.gradient_norm == pytest.approx(abs(here.gradient[0, 0]))


def test_the_softmax_bound_holds_where_it_is_tight():
    J = Objective(np.ones((2, 1)), np.array([0, 1]), np.ones(2), np.zeros(1), np.zeros(1), 3)
    H = J.curvature(np.array([[0.0], [0.0], [-50.0]]))
    assert np.linalg.eigvalsh(H)[-1] == pytest.approx(J.curvature_bound()[0, 0], rel=1e-12)
