"""Every descent goes where Newton's method by hand goes, and stops for the right reason."""

import itertools

import numpy as np
import pytest

import mlcore.linear.newton as newton_module
from mlcore.linear import scaled, solvers
from mlcore.linear.descent import descend
from mlcore.linear.metric import (
    backtrack,
    corrected,
    damped,
    limited_solve,
    more_or_less,
    sample,
)
from mlcore.linear.newton import working_columns
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent, momentum, nesterov, newton, sgd
from tests.oracles import newton_logistic


def make(n=200, lasso=0.0, ridge=0.0, r=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = ((X @ rng.normal(size=(3, max(2, r)))) + rng.gumbel(size=(n, max(2, r)))).argmax(axis=1)
    A = np.column_stack([np.ones(n), X])
    edge = np.array([0.0, 1.0, 1.0, 1.0])
    return Objective(A, y, rng.uniform(0.5, 2, n), ridge * edge, lasso * edge, r)


def zeros(J):
    return np.zeros((J.n_scores, J.A.shape[1]))


def slope_by_hand(J, theta):
    p = 1 / (1 + np.exp(-J.A @ theta[0]))
    return (J.w * (p - J.y)) @ J.A / J.w.sum() + J.ridge * theta


@pytest.mark.parametrize("solver", [gradient_descent, momentum, nesterov, newton])
@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_solvers_reach_the_optimum(solver, ridge):
    J = make(ridge=ridge)
    found = descend(solver(J, zeros(J)), 1e-11, 2000)
    assert found.converged
    expected = newton_logistic(J.A[:, 1:], J.y, J.w, ridge)
    np.testing.assert_allclose(found.last.theta[0], expected, rtol=1e-8)


@pytest.mark.parametrize("solver", [gradient_descent, momentum, nesterov, newton])
@pytest.mark.parametrize("r", [1, 3])
def test_solvers_find_the_same_exact_zeros(solver, r):
    J = make(lasso=0.08, ridge=0.02, r=r)
    found = descend(solver(J, zeros(J)), 1e-11, 5000).last
    best = descend(newton(J, zeros(J)), 1e-13, 100).last
    assert found.gradient_norm <= 1e-11
    assert np.array_equal(found.theta == 0, best.theta == 0)
    assert (best.theta == 0).any()
    np.testing.assert_allclose(found.theta, best.theta, atol=1e-8)


def test_a_given_step_is_the_textbook_descent():
    J = make(ridge=0.3)
    theta = zeros(J)
    for point in itertools.islice(gradient_descent(J, zeros(J), 0.4), 10):
        np.testing.assert_allclose(point.theta, theta, rtol=1e-13)
        theta = theta - 0.4 * slope_by_hand(J, theta)


def test_momentum_keeps_a_share_of_the_last_move():
    J = make(ridge=0.3)
    theta = before = zeros(J)
    for point in itertools.islice(momentum(J, zeros(J), 0.4, friction=0.7), 10):
        np.testing.assert_allclose(point.theta, theta, rtol=1e-12)
        moved = theta + 0.7 * (theta - before) - 0.4 * slope_by_hand(J, theta)
        before, theta = theta, moved


def test_nesterovs_steps_are_those_of_the_paper():
    """Beck & Teboulle's (4.1) to (4.3), begun anew after a step against the last move."""
    J = make(ridge=0.3)
    theta = ahead = zeros(J)
    t, restarts = 1.0, 0
    for point in itertools.islice(nesterov(J, zeros(J), 0.2), 30):
        np.testing.assert_allclose(point.theta, theta, rtol=1e-9)
        moved = ahead - 0.2 * slope_by_hand(J, ahead)
        if np.vdot(ahead - moved, moved - theta) > 0:
            t, restarts = 1.0, restarts + 1
        t, before = (1 + np.sqrt(1 + 4 * t**2)) / 2, t
        ahead = moved + (before - 1) / t * (moved - theta)
        theta = moved
    assert restarts > 0


def test_a_gradient_of_exactly_tol_is_small_enough():
    one = np.ones(2)
    J = Objective(one[:, None], np.array([0, 1]), one, np.zeros(1), np.zeros(1), 1)
    found = descend(gradient_descent(J, zeros(J)), 0.0, 5)
    assert found.converged and len(found.losses) == 1


def test_many_rows_are_begun_from_a_sample_and_end_exact(monkeypatch):
    monkeypatch.setattr(scaled, "LEAST_ROWS", 500)
    J = make(n=5000)
    found = descend(gradient_descent(J, zeros(J)), 1e-12, 50)
    assert found.converged
    # The sample's answer is near: a step that all rows measure gets half as far.
    assert found.gradient_norms[1] < 0.15 * found.gradient_norms[0]
    expected = newton_logistic(J.A[:, 1:], J.y, J.w)
    np.testing.assert_allclose(found.last.theta[0], expected, rtol=1e-9)


def test_a_misleading_sample_is_not_believed(monkeypatch):
    monkeypatch.setattr(scaled, "LEAST_ROWS", 100)
    J = make(n=5000)
    J.y[:] = 0
    J.y[[17, 1700, 4000]] = 1  # hardly any sample has these
    found = descend(gradient_descent(J, zeros(J)), 1e-12, 200)
    assert found.converged
    assert np.all(np.diff(found.losses) <= 1e-12)
    assert (1 / (1 + np.exp(-J.A @ found.last.theta[0]))) @ J.w == pytest.approx(
        J.w @ J.y, rel=1e-8
    )


def test_sample_is_the_same_every_time_and_all_rows_when_half_are_wanted():
    J = make(n=1000)
    assert np.array_equal(sample(J, 100).A, sample(J, 100).A)
    assert len(sample(J, 100).A) == 100
    assert sample(J, 600) is J


def test_too_many_coefficients_for_a_metric_still_converge(monkeypatch):
    for module in (solvers, scaled, newton_module):
        monkeypatch.setattr(module, "LARGEST_METRIC", 2)
    for J in (make(ridge=0.1), make(lasso=0.05, ridge=0.05)):
        found = descend(gradient_descent(J, zeros(J)), 1e-10, 3000)
        assert found.converged


def test_a_lasso_moves_few_columns_at_a_time():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 300))
    y = (X[:, 0] - X[:, 1] + rng.logistic(size=80) > 0).astype(int)
    A = np.column_stack([np.ones(80), X])
    lasso = np.append(0.0, np.full(300, 0.1))
    J = Objective(A, y, np.ones(80), np.zeros(301), lasso, 1)
    here = J.at(zeros(J))
    assert working_columns(J, here).sum() <= 12
    found = descend(newton(J, zeros(J)), 1e-12, 50)
    assert found.converged
    assert 0 < (found.last.theta != 0).sum() < 80


def test_sgd_gets_near_and_hears_its_seed():
    J = make(n=400, ridge=0.1)

    def run(seed, passes=60):
        points = sgd(J, zeros(J), batch_size=20, generator=np.random.default_rng(seed))
        return descend(points, 0.0, passes).last

    best = descend(newton(J, zeros(J)), 1e-13, 50).last
    assert run(0).loss - best.loss < 1e-3
    assert np.array_equal(run(0).theta, run(0).theta)
    assert not np.array_equal(run(0, 2).theta, run(1, 2).theta)


def test_correction_agrees_with_the_step_and_stays_definite():
    rng = np.random.default_rng(0)
    B, C = rng.normal(size=(2, 6, 4))
    M, H = B.T @ B, C.T @ C
    s = rng.normal(size=(1, 4))
    new = corrected(M, s, s @ H)
    np.testing.assert_allclose(new @ s[0], H @ s[0], rtol=1e-10)
    assert np.linalg.eigvalsh(new)[0] > 0
    assert corrected(M, s, -s) is M  # curvature below 0 can only be rounding


def test_descend_stops_by_the_gradient_the_count_the_callback_or_infinity():
    J = make()
    full = descend(newton(J, zeros(J)), 1e-12, 100)
    assert full.converged
    assert full.gradient_norms[-1] <= 1e-12 < full.gradient_norms[-2]
    assert len(descend(newton(J, zeros(J)), 0.0, 3).losses) == 4
    seen = []
    cut = descend(newton(J, zeros(J)), 0.0, 99, lambda p: seen.append(p.loss) or len(seen) == 2)
    assert len(cut.losses) == 2
    assert not cut.converged

    def rising():
        for loss in (1.0, 2.0, np.inf, 0.0):
            yield J.at(zeros(J))._replace(loss=loss)

    assert not descend(rising(), 1e-9, 100).converged  # a loss that rises is no sign of an end
    assert len(descend(rising(), 1e-9, 100).losses) == 3


def test_the_loss_never_rises_where_the_step_is_safe():
    J = make(n=60, seed=4)
    for solver in (gradient_descent, newton):
        assert np.all(np.diff(descend(solver(J, zeros(J)), 1e-12, 100).losses) <= 1e-13)
    plain = descend(gradient_descent(J, zeros(J), J.safe_step()), 1e-12, 300).losses
    assert np.all(np.diff(plain) <= 1e-15)
    assert plain[-1] < plain[0]


def test_passes_of_sgd_by_hand():
    J = make(n=50, ridge=0.1)
    points = sgd(J, zeros(J), 0.3, batch_size=20, generator=np.random.default_rng(7))
    theta, rng = zeros(J)[0], np.random.default_rng(7)
    next(points)
    for e in range(2):
        order = rng.permutation(50)
        for rows in (order[:20], order[20:40], order[40:]):
            A, w = J.A[rows], J.w[rows]
            r = w * (1 / (1 + np.exp(-A @ theta)) - J.y[rows]) / w.sum()
            step = 0.3 / (1 + e) * w.mean() / J.w.mean()
            theta = theta - step * (r @ A + J.ridge * theta)
        np.testing.assert_allclose(next(points).theta[0], theta, rtol=1e-10)


def test_backtrack_shortens_a_step_that_overshoots_and_says_when_none_helps():
    J = make()
    here = J.at(zeros(J))
    goal = here.theta - 1e4 * here.gradient
    assert backtrack(J, here, goal).loss < here.loss < J.at(goal).loss
    assert backtrack(J, here, here.theta + here.gradient) is here


def test_a_rate_shortens_newtons_step():
    J = make()
    whole, half = newton(J, zeros(J)), newton(J, zeros(J), 0.5)
    next(whole)
    next(half)
    np.testing.assert_allclose(next(half).theta, next(whole).theta / 2, rtol=1e-12)


@pytest.mark.parametrize("r", [1, 3])
def test_safe_step_is_just_below_one_over_the_largest_curvature(r):
    J = make(ridge=0.1, r=r)
    c = 0.25 if r == 1 else 0.5
    H = c * (J.A * J.w[:, None]).T @ J.A / J.w.sum() + np.diag(J.ridge)
    assert 0.97 < J.safe_step() * np.linalg.eigvalsh(H)[-1] <= 1


def test_the_last_corrections_stand_for_the_metric():
    rng = np.random.default_rng(0)
    diagonal, H = rng.uniform(0.5, 2, 5), np.diag(rng.uniform(0.5, 2, 5)) + 0.1
    met = [(s, H @ s) for s in rng.normal(size=(3, 5))]
    s, c = met[-1]
    M = np.diag(diagonal) * (c @ (c / diagonal)) / (s @ c)
    for s, c in met:
        M = corrected(M, s, c)
    g = rng.normal(size=5)
    np.testing.assert_allclose(limited_solve(met, diagonal, g), np.linalg.solve(M, g), rtol=1e-9)


def test_a_start_without_any_curvature_is_left_by_the_bound():
    J = make()
    for solver in (gradient_descent, newton):
        found = descend(solver(J, zeros(J) + 300.0), 1e-11, 3000)
        assert found.converged
        assert len(found.losses) < 200


def test_rounding_ends_a_descent_that_cannot_get_nearer():
    J = make()
    best = descend(newton(J, zeros(J)), 1e-13, 50).last
    still = descend(iter([best] * 100), 0.0, 1000)
    assert (still.end, len(still.losses)) == ("rounding", 31)
    rough = best._replace(gradient_norm=1e-3)
    assert descend(iter([rough] * 100), 0.0, 1000).end == "no way down"


def test_damping_grows_where_a_step_leads_nowhere_and_dies_out():
    J = make(ridge=0.1)
    theta = zeros(J)
    bound = J.curvature_bound()
    np.testing.assert_allclose(damped(J, theta, 0.5), J.curvature(theta) + 0.5 * bound, rtol=1e-12)
    np.testing.assert_array_equal(damped(J, theta, 0.0), J.curvature(theta))
    assert more_or_less(0.0, stuck=True) == 1e-3
    assert more_or_less(0.1, stuck=True) == 1.0
    assert more_or_less(1e-3, stuck=False) == pytest.approx(1e-4)
    assert more_or_less(1e-7, stuck=False) == 0.0
