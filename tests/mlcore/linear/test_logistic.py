"""Logistic regression against Newton's method, R's glm, and its own optimality."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import CollinearityWarning, ConvergenceWarning, LogisticRegression
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent
from tests.oracles import newton_logistic


def make(n=200, d=4, seed=0, k=2):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    Z = X @ rng.normal(size=(d, k)) + rng.gumbel(size=(n, k))
    return X, Z.argmax(axis=1)


def theta_of(model):
    return np.concatenate([model.intercept_, model.coef_[0]])


# Spector & Mazzeo (1980), 32 pupils: grade point average, test score, new teaching method, and
# whether the grade rose. Coefficients of R's glm and of Greene, Econometric Analysis, table 21.1.
SPECTOR = np.array(
    [
        [2.66, 20, 0, 0], [2.89, 22, 0, 0], [3.28, 24, 0, 0], [2.92, 12, 0, 0], [4.00, 21, 0, 1],
        [2.86, 17, 0, 0], [2.76, 17, 0, 0], [2.87, 21, 0, 0], [3.03, 25, 0, 0], [3.92, 29, 0, 1],
        [2.63, 20, 0, 0], [3.32, 23, 0, 0], [3.57, 23, 0, 0], [3.26, 25, 0, 1], [3.53, 26, 0, 0],
        [2.74, 19, 0, 0], [2.75, 25, 0, 0], [2.83, 19, 0, 0], [3.12, 23, 1, 0], [3.16, 25, 1, 1],
        [2.06, 22, 1, 0], [3.62, 28, 1, 1], [2.89, 14, 1, 0], [3.51, 26, 1, 0], [3.54, 24, 1, 1],
        [2.83, 27, 1, 1], [3.39, 17, 1, 1], [2.67, 24, 1, 0], [3.65, 21, 1, 1], [4.00, 23, 1, 1],
        [3.10, 21, 1, 0], [2.39, 19, 1, 1],
    ]
)  # fmt: skip


def test_spector_and_mazzeo_as_in_r():
    model = LogisticRegression().fit(SPECTOR[:, :3], SPECTOR[:, 3])
    np.testing.assert_allclose(model.intercept_, [-13.02134686], rtol=1e-7)
    np.testing.assert_allclose(model.coef_[0], [2.82611259, 0.09515766, 2.37868766], rtol=1e-7)
    assert 2 * 32 * model.loss_curve_[-1] == pytest.approx(25.7792684443, rel=1e-9)  # deviance


def awkward(n, d=6, seed=0):
    """Columns in bad units, correlated ones and a rare one; labels that overlap."""
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(n, d))
    base[:, 1] = 0.999 * base[:, 0] + 0.04 * base[:, 1]
    y = (base @ rng.normal(size=d) / 2 + rng.logistic(size=n) > 0).astype(int)
    return base * [1.0, 1.0, 100.0, 1e-6, 1.0, 1e5][:d] + [0.0, 0.0, 300.0, 0.0, -2.0, 1e6][:d], y


@pytest.mark.parametrize("n", [40, 300, 5000, 100_000])
def test_default_settings_reach_the_maximum_likelihood_within_1e_6(n):
    X, y = awkward(n)
    model = LogisticRegression().fit(X, y)
    mean, scale = X.mean(axis=0), X.std(axis=0)
    expected = newton_logistic((X - mean) / scale, y)
    coef = expected[1:] / scale
    np.testing.assert_allclose(model.coef_[0], coef, rtol=1e-6)
    np.testing.assert_allclose(model.intercept_, expected[0] - coef @ mean, rtol=1e-6)


@pytest.mark.parametrize("seed", [160, 1383, 3894])
def test_a_small_gradient_far_from_the_answer_is_not_taken_for_it(seed):
    """All but separated: hardly any curvature, so that 1e-12 of gradient is 1e-4 of coefficient."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=25), rng.random(25) < 0.15]).astype(float)
    y = (4 * X[:, 0] + rng.logistic(size=25) > 0).astype(int)
    theta = theta_of(LogisticRegression().fit(X, y))
    A = np.column_stack([np.ones(25), X]).astype(np.longdouble)
    step = np.zeros(3)
    for _ in range(6):
        p = 1 / (1 + np.exp(-A @ (theta + step)))
        H = ((A * (p * (1 - p))[:, None]).T @ A).astype(float)
        step = step + np.linalg.solve(H, (A.T @ (y - p)).astype(float))
    np.testing.assert_allclose(step / theta, 0.0, atol=1e-6)


@pytest.mark.parametrize("l1_ratio", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("alpha", [1e-4, 1e-2, 1.0])
@pytest.mark.parametrize("k", [2, 3])
def test_penalised_fits_meet_the_conditions_of_the_optimum(alpha, l1_ratio, k):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(120, 8)) * np.geomspace(0.01, 100, 8) + 5
    y = ((X - 5) / X.std(axis=0) @ rng.normal(size=(8, k)) + rng.gumbel(size=(120, k))).argmax(
        axis=1
    )
    w = rng.uniform(0.2, 2, 120)
    model = LogisticRegression(alpha, l1_ratio=l1_ratio).fit(X, y, w)
    residual = model.predict_proba(X) - np.eye(k)[y]
    residual = residual[:, 1:] if k == 2 else residual
    g = (w[:, None] * residual).T @ X / w.sum() + alpha * (1 - l1_ratio) * model.coef_
    lasso, used = alpha * l1_ratio, model.coef_ != 0
    units = X.std(axis=0)
    off = np.where(used, g + lasso * np.sign(model.coef_), np.maximum(np.abs(g) - lasso, 0))
    np.testing.assert_allclose(off / units, 0.0, atol=1e-9)
    np.testing.assert_allclose(w @ residual / w.sum(), 0.0, atol=1e-10)


@pytest.mark.parametrize("solver", ["momentum", "nesterov", "newton"])
def test_all_solvers_agree(solver):
    X, y = make(k=3)
    default = LogisticRegression(0.01).fit(X, y)
    other = LogisticRegression(0.01, solver=solver, max_iter=5000).fit(X, y)
    np.testing.assert_allclose(other.coef_, default.coef_, atol=1e-9)


def test_sgd_is_reproducible_and_near():
    X, y = make(n=400)
    with pytest.warns(ConvergenceWarning, match="settles slowly"):
        a = LogisticRegression(0.1, solver="sgd", max_iter=50, random_state=3).fit(X, y)
    with pytest.warns(ConvergenceWarning):
        b = LogisticRegression(0.1, solver="sgd", max_iter=50, random_state=3).fit(X, y)
    assert np.array_equal(a.coef_, b.coef_)
    np.testing.assert_allclose(a.coef_, LogisticRegression(0.1).fit(X, y).coef_, atol=0.03)


def test_a_learning_rate_is_the_textbooks_descent_on_the_columns_as_given():
    X, y = make()
    with pytest.warns(ConvergenceWarning, match="Raise max_iter, or the learning_rate"):
        model = LogisticRegression(0.1, learning_rate=0.3, max_iter=20).fit(X, y)
    b, beta = 0.0, np.zeros(4)
    for _ in range(20):
        r = (1 / (1 + np.exp(-(X @ beta + b))) - y) / len(y)
        b, beta = b - 0.3 * r.sum(), beta - 0.3 * (r @ X + 0.1 * beta)
    np.testing.assert_allclose(theta_of(model), [b, *beta], rtol=1e-12)


def test_what_slows_a_textbook_descent_is_named():
    X, y = make()
    frame = pd.DataFrame(X * [1, 1, 50, 1], columns=["a", "b", "income", "d"])
    with pytest.warns(ConvergenceWarning, match=r"column 'income' varies .* standardise"):
        LogisticRegression(0.01, learning_rate=1e-4, max_iter=50).fit(frame, y)
    with pytest.warns(ConvergenceWarning, match=r"may be too large: .* is safe here"):
        LogisticRegression(0.01, learning_rate=1e3, max_iter=50).fit(frame, y)


def test_warm_start_begins_with_the_last_answer():
    X, y = make(k=3)
    model = LogisticRegression(0.01, warm_start=True, solver="nesterov", max_iter=5000).fit(X, y)
    first, steps = model.coef_.copy(), model.n_iter_
    model.fit(X, y)
    assert model.n_iter_ <= 1 < steps
    np.testing.assert_allclose(model.coef_, first, atol=1e-10)
    model.fit(X[:, :2], y)  # other columns: begun anew
    assert model.coef_.shape == (3, 2)


def test_callback_sees_every_step_and_may_stop():
    X, y = make()
    losses = []
    model = LogisticRegression(callback=lambda point: losses.append(point.loss)).fit(X, y)
    assert np.array_equal(losses, model.loss_curve_)
    assert losses[0] == pytest.approx(np.log(2))
    # Stopping is the caller's wish and needs no warning; any true value will do.
    near = LogisticRegression(callback=lambda point: np.bool_(point.gradient_norm < 0.01))
    assert near.fit(X, y).n_iter_ < model.n_iter_
    assert not near.converged_


def test_scores_of_ten_thousand_do_not_overflow():
    X = np.array([[-1e4], [-1.0], [1.0], [1e4]])
    model = LogisticRegression().fit(np.tile(X, (2, 1)), [0, 1, 0, 1, 0, 0, 1, 1])
    model.coef_ = np.array([[1.0]])
    assert np.isfinite(model.predict_log_proba(X)).all()
    np.testing.assert_allclose(model.predict_log_proba(X)[[0, 3], [1, 0]], -1e4, rtol=1e-3)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("X", "y", "w", "message"),
    [
        ([[1.0, 2.0], [3.0, 4.0], [5.0, np.inf]], [0, 1, 0], None, "infinite value in column 1"),
        ([[1.0], [2.0]], [1, 1], None, "only 1 class"),
        ([[1.0], [2.0], [3.0]], [0, 1, 0], [1, -1, 1], "sample_weight is -1.0 in row 1"),
        ([[1.0], [2.0], [3.0]], [0, 1, 0], [0, 0, 0], "zero in every row"),
        ([[1.0], [2.0], [3.0]], [0, 1, 0], [1, 1], "2 values, but 3"),
        (np.ones((3, 4)), [0, 1, 0], None, "fewer rows than columns"),
        (np.ones((5, 4)), [0, 1, 0, 1, 0], [1, 1, 0, 0, 0], "2 rows of weight above 0"),
        ([1.0, 2.0], [0, 1], None, "2 were expected"),
    ],
)
def test_bad_data_is_said(X, y, w, message):
    with pytest.raises(ValueError, match=message):
        LogisticRegression().fit(X, y, w)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"alpha": -1.0}, "alpha is -1.0"),
        ({"l1_ratio": 1.5}, "l1_ratio is 1.5"),
        ({"solver": "lbfgs"}, "solver is 'lbfgs', but one of 'gradient_descent'"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"max_iter": 0}, "max_iter is 0"),
        ({"tol": -1.0}, "tol is -1.0"),
        ({"solver": "sgd", "random_state": "x"}, "random_state is 'x'"),
    ],
)
def test_bad_parameters_are_said(parameters, message):
    X, y = make()
    with pytest.raises(ValueError, match=message):
        LogisticRegression(**parameters).fit(X, y)


def test_scores_that_are_not_finite_are_said():
    X, y = make()
    model = LogisticRegression().fit(X, y)
    with pytest.raises(ValueError, match="score of row 1"):
        model.predict(np.array([np.zeros(4), 1.7e308 * np.sign(model.coef_[0])]))


def test_a_penalty_allows_fewer_rows_than_columns():
    X, y = make(n=5, d=9)
    y[0] = 1 - y[1]
    assert LogisticRegression(0.1).fit(X, y).converged_
    assert LogisticRegression(0.05, l1_ratio=1.0).fit(X, y).converged_


@pytest.mark.parametrize("alpha", [0.0, 0.01, 1.0])
def test_agrees_with_newton(alpha):
    X, y = make()
    w = np.random.default_rng(5).uniform(0, 3, len(y))
    model = LogisticRegression(alpha).fit(X, y, w)
    np.testing.assert_allclose(theta_of(model), newton_logistic(X, y, w, alpha), rtol=1e-6)


def test_units_of_the_columns_do_not_matter():
    X, y = make()
    scale, shift = np.array([100.0, 1e-6, 1.0, 1e4]), np.array([300.0, 0.0, 1.0, -5e6])
    plain = LogisticRegression().fit(X, y)
    other = LogisticRegression().fit(X * scale + shift, y)
    np.testing.assert_allclose(other.coef_ * scale, plain.coef_, rtol=1e-6)
    assert other.n_iter_ <= plain.n_iter_ + 3


def test_penalty_acts_on_the_columns_as_given_and_not_on_the_intercept():
    X, y = make(seed=3)
    X = X * [1.0, 10.0, 0.1, 1.0] + 7
    np.testing.assert_allclose(
        theta_of(LogisticRegression(0.1).fit(X, y)), newton_logistic(X, y, alpha=0.1), rtol=1e-6
    )
    heavy = LogisticRegression(1e6).fit(X, y)
    np.testing.assert_allclose(heavy.coef_, 0.0, atol=1e-5)
    base = np.log(y.mean() / (1 - y.mean()))
    assert heavy.predict_proba([[0.0] * 4])[0, 1] == pytest.approx(1 / (1 + np.exp(-base)), 1e-3)


def test_a_stronger_penalty_shrinks():
    X, y = make()
    sizes = [np.abs(LogisticRegression(a).fit(X, y).coef_).sum() for a in (0.0, 0.01, 0.1, 1.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_step_and_answer_do_not_depend_on_n():
    X, y = make()
    once = LogisticRegression(0.01).fit(X, y)
    thrice = LogisticRegression(0.01).fit(np.tile(X, (3, 1)), np.tile(y, 3))
    np.testing.assert_allclose(thrice.coef_, once.coef_, rtol=1e-7)
    assert thrice.n_iter_ == once.n_iter_


def test_loss_never_rises_and_the_gradient_decides_when_to_stop():
    X, y = make(n=60, d=8, seed=4)
    model = LogisticRegression().fit(X, y)
    assert np.all(np.diff(model.loss_curve_) <= 1e-12)
    assert model.converged_
    assert model.gradient_norm_curve_[-1] <= model.tol < model.gradient_norm_curve_[-2]
    assert len(model.loss_curve_) == model.n_iter_ + 1


def test_stopping_early_warns_with_the_gradient_and_the_remedy():
    X, y = make()
    with pytest.warns(ConvergenceWarning, match=r"gradient of .* max_iter"):
        model = LogisticRegression(max_iter=1).fit(X, y)
    assert not model.converged_


def test_separated_classes_are_named_as_such():
    with pytest.warns(ConvergenceWarning, match="separate"):
        LogisticRegression().fit([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LogisticRegression(0.01).fit([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1])


def test_softmax_is_at_its_optimum():
    X, y = make(k=4, n=300)
    model = LogisticRegression(0.01).fit(X, y)
    P = model.predict_proba(X)
    np.testing.assert_allclose(P.sum(axis=1), 1.0, rtol=1e-14)
    residual = P - np.eye(4)[y]
    np.testing.assert_allclose(residual.mean(axis=0), 0.0, atol=1e-7)
    np.testing.assert_allclose(residual.T @ X / len(y) + 0.01 * model.coef_, 0.0, atol=1e-7)


def test_softmax_of_two_classes_gives_the_probabilities_of_the_binary_model():
    X, y = make()
    theta = None
    A = np.column_stack([np.ones(len(X)), X])
    objective = Objective(A, y, np.ones(len(X)), np.zeros(5), np.zeros(5), n_scores=2)
    for step in gradient_descent(objective, np.zeros((2, 5))):
        theta = step.theta
        if step.gradient_norm < 1e-10:
            break
    np.testing.assert_allclose(
        theta[1] - theta[0], theta_of(LogisticRegression().fit(X, y)), rtol=1e-6
    )


def test_without_intercept():
    X, y = make()
    model = LogisticRegression(fit_intercept=False).fit(X + 1, y)
    assert model.intercept_.tolist() == [0.0]
    p = model.predict_proba(X + 1)[:, 1]
    np.testing.assert_allclose((X + 1).T @ (p - y) / len(y), 0.0, atol=1e-7)


def test_columns_that_repeat_or_do_not_vary():
    X, y = make()
    plain = LogisticRegression().fit(X, y)
    with pytest.warns(CollinearityWarning, match="the columns 4 and 5"):
        twice = LogisticRegression().fit(np.column_stack([X, X[:, 0], np.full(len(X), 7.3)]), y)
    np.testing.assert_allclose(twice.coef_[0, 0] + twice.coef_[0, 4], plain.coef_[0, 0], rtol=1e-6)
    assert twice.coef_[0, 5] == 0.0


def test_new_rows_are_not_scaled_by_themselves():
    X, y = make()
    model = LogisticRegression().fit(X, y)
    alone = np.concatenate([model.predict_proba(row[None]) for row in X[:10]])
    np.testing.assert_allclose(alone, model.predict_proba(X[:10]), rtol=1e-12)


def test_class_weight_balanced_equals_weights_by_hand():
    X, y = make(seed=9)
    y[:120] = 0
    w = np.where(y == 1, len(y) / (2 * y.sum()), len(y) / (2 * (1 - y).sum()))
    balanced = LogisticRegression(class_weight="balanced").fit(X, y)
    np.testing.assert_allclose(balanced.coef_, LogisticRegression().fit(X, y, w).coef_, rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_and_columns_does_not_matter(seed):
    X, y = make(n=80, seed=seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(80), rng.permutation(4)
    plain = LogisticRegression(0.05).fit(X, y)
    other = LogisticRegression(0.05).fit(X[np.ix_(rows, columns)], y[rows])
    np.testing.assert_allclose(other.coef_[0], plain.coef_[0][columns], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e200])
def test_columns_of_extreme_units(scale):
    X, y = make()
    plain = LogisticRegression().fit(X, y)
    other = LogisticRegression().fit(X * [scale, 1, 1, 1], y)
    np.testing.assert_allclose(other.coef_[0, 0] * scale, plain.coef_[0, 0], rtol=1e-6)


def test_weights_reach_the_standardising_and_the_separation_check():
    X, y = make(n=60)
    w = np.where(np.arange(60) < 30, 1.0, 1e-6)
    np.testing.assert_allclose(
        theta_of(LogisticRegression(0.1).fit(X * 50 + 9, y, w)),
        newton_logistic(X * 50 + 9, y, w, 0.1),
        rtol=1e-5,
    )
    with pytest.warns(ConvergenceWarning, match="separate"):
        LogisticRegression().fit(
            [[1.0], [2.0], [3.0], [4.0], [2.5]], [0, 0, 1, 1, 1], [1, 1, 1, 1, 0]
        )


def test_all_weight_on_one_class_is_one_class():
    with pytest.raises(ValueError, match="only 1 class"):
        LogisticRegression().fit([[1.0], [2.0], [3.0]], [0, 1, 1], [0, 1, 1])


def test_max_iter_counts_steps():
    X, y = make()
    with pytest.warns(ConvergenceWarning):
        assert LogisticRegression(max_iter=3).fit(X, y).n_iter_ == 3


def test_sgd_hears_seed_0_batch_size_and_rate():
    X, y = make()

    def coef(**options):
        model = LogisticRegression(0.1, solver="sgd", max_iter=2, random_state=0, **options)
        with pytest.warns(ConvergenceWarning):
            return model.fit(X, y).coef_

    assert np.array_equal(coef(), coef())
    assert not np.array_equal(coef(), coef(batch_size=50))
    assert not np.array_equal(coef(learning_rate=0.1), coef(learning_rate=0.01))


def test_without_warm_start_and_with_other_classes_it_begins_anew():
    X, y = make(k=3)
    model = LogisticRegression(0.01).fit(X, y)
    assert model.fit(X, y).loss_curve_[0] == pytest.approx(np.log(3))
    warm = LogisticRegression(0.01, warm_start=True).fit(X, y)
    assert warm.fit(X, y > 0).coef_.shape == (1, 4)


@pytest.mark.parametrize("options", [{}, {"solver": "newton"}, {"alpha": 0.01, "l1_ratio": 1.0}])
def test_a_warm_start_far_from_these_rows_is_not_used(options):
    X, y = make()
    model = LogisticRegression(warm_start=True, **options).fit(X * 1e-4, y)
    model.coef_ = model.coef_ + 1e4
    np.testing.assert_allclose(
        model.fit(X, y).coef_, LogisticRegression(**options).fit(X, y).coef_, atol=1e-8
    )


def test_repeated_columns_are_left_out_of_a_textbook_descent_too():
    X, y = make()
    twice = np.column_stack([X, X[:, 0] + X[:, 1], np.ones(len(X))])
    with pytest.warns(CollinearityWarning):
        model = LogisticRegression(learning_rate=0.5, max_iter=5000).fit(twice, y)
    assert model.converged_
    assert model.coef_[0, 4:].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(model.coef_[0, :4], LogisticRegression().fit(X, y).coef_[0], 1e-8)


def test_remedies_fit_the_reason():
    X, y = make()
    constant = np.column_stack([X * 0.01, np.ones(len(X))])
    with pytest.warns(ConvergenceWarning, match="Raise max_iter, or the learning_rate"):
        LogisticRegression(0.001, learning_rate=1.0, max_iter=50).fit(constant, y)
    with pytest.warns(ConvergenceWarning, match="set it to 1 or less"):
        LogisticRegression(solver="newton", learning_rate=3.0, max_iter=5).fit(X, y)
    with pytest.warns(ConvergenceWarning, match="Set a tol above 0"):
        LogisticRegression(tol=0.0, max_iter=3).fit(X, y)


def test_columns_that_all_but_repeat_each_other_end_where_rounding_does():
    rng = np.random.default_rng(0)
    for closeness in (1e-5, 1e-6):
        for _ in range(5):
            x = rng.normal(size=300)
            y = (x + rng.logistic(size=300) > 0).astype(int)
            X = np.column_stack([x, x + closeness * rng.normal(size=300)])
            model = LogisticRegression().fit(X, y)
            assert model.converged_
            assert model.n_iter_ < 200


@pytest.mark.parametrize("k", [2, 8])
def test_many_coefficients(k):
    X, y = make(n=150, d=600, k=k)
    model = LogisticRegression(0.05).fit(X, y)
    assert model.n_iter_ < 150
    residual = model.predict_proba(X) - np.eye(k)[y]
    residual = residual[:, 1:] if k == 2 else residual
    np.testing.assert_allclose(residual.T @ X / 150 + 0.05 * model.coef_, 0.0, atol=1e-10)


def test_small_probabilities_keep_their_digits():
    X, y = make()
    model = LogisticRegression().fit(X, y)
    model.coef_, model.intercept_ = np.array([[1.0, 0, 0, 0]]), np.zeros(1)
    p = model.predict_proba([[40.0, 0, 0, 0]])[0, 0]
    assert p == pytest.approx(4.248354255291589e-18, rel=1e-12, abs=0)


def test_nothing_to_fit_is_said():
    with pytest.raises(ValueError, match="nothing but zeros"), pytest.warns(CollinearityWarning):
        LogisticRegression(fit_intercept=False).fit(np.zeros((9, 1)), [0, 1, 1] * 3)
    with pytest.raises(ValueError, match="fit_intercept is 'no'"):
        LogisticRegression(fit_intercept="no").fit([[0.0], [1.0]], [0, 1])
    with pytest.raises(ValueError, match="callback is 5"):
        LogisticRegression(callback=5).fit([[0.0], [1.0]], [0, 1])


@pytest.mark.parametrize("solver", ["gradient_descent", "momentum", "nesterov"])
def test_a_column_in_tiny_units_is_not_taken_for_settled(solver):
    X, y = make()
    tiny = X * [1, 1e-7, 1, 1]  # its gradient is below 1e-6 wherever its coefficient is
    with pytest.warns(ConvergenceWarning, match="standardise the columns"):
        model = LogisticRegression(solver=solver, learning_rate=1.0, max_iter=3000).fit(tiny, y)
    assert not model.converged_
    assert model.n_iter_ == 3000
