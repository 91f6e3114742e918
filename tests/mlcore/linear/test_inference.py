"""Standard errors, intervals and tests against R's figures and against slow, plain versions."""

import math

import numpy as np
import pandas as pd
import pytest

from mlcore import CollinearityWarning, LogisticRegression, infer, likelihood_ratio_test
from mlcore.linear.inference import Inference
from tests.mlcore.linear.test_logistic import SPECTOR, make

X, Y = SPECTOR[:, :3], SPECTOR[:, 3].astype(int)


@pytest.fixture(scope="module")
def spector():
    return infer(LogisticRegression().fit(X, Y), X, Y)


def test_spector_and_mazzeo_as_in_r(spector):
    """glm(GRADE ~ GPA + TUCE + PSI, binomial), R 4.2.2 with epsilon=1e-15."""
    np.testing.assert_allclose(
        spector.standard_errors,
        [4.931324212989611, 1.2629410755278847, 0.14155420566544136, 1.0645642544095684],
        rtol=1e-8,
    )
    np.testing.assert_allclose(
        spector.p_values,
        [0.008277461427468023, 0.025239108790863003, 0.5014342380569741, 0.025455204349197017],
        rtol=1e-7,
    )
    assert spector.deviance == pytest.approx(25.77926844426283, rel=1e-12)
    assert spector.null_deviance == pytest.approx(41.18345939323458, rel=1e-12)
    assert spector.aic == pytest.approx(33.779268444262826, rel=1e-12)
    assert spector.bic == pytest.approx(25.77926844426283 + 4 * np.log(32), rel=1e-12)
    assert (spector.df_null, spector.df_resid, spector.n_parameters) == (31, 28, 4)
    # Greene, Econometric Analysis, table 21.1: McFadden's R² is 0.374.
    assert spector.pseudo_r_squared == pytest.approx(0.37403834, abs=1e-7)


def log_likelihood(beta, A, y):
    z = A @ beta
    return float(y @ z - np.logaddexp(0, z).sum())


def slow_profile(A, y, j, value, start):
    """The largest log-likelihood with coefficient j at value, by Newton's method on the others."""
    rest = np.delete(np.arange(A.shape[1]), j)
    beta = start.copy()
    beta[j] = value
    for _ in range(200):
        p = 0.5 + 0.5 * np.tanh(A @ beta / 2)
        H = (A[:, rest] * (p * (1 - p))[:, None]).T @ A[:, rest]
        step = np.linalg.solve(H, A[:, rest].T @ (y - p))
        beta[rest] += step / max(1.0, 2 * np.abs(step).max())
    return log_likelihood(beta, A, y)


def test_profile_ends_lie_where_the_likelihood_ratio_test_rejects():
    rng = np.random.default_rng(0)
    data = rng.normal([3.0, -1.0], size=(60, 2))
    y = (data[:, 0] - 3 + rng.logistic(size=60) > 0).astype(int)
    result = infer(LogisticRegression().fit(data, y), data, y)
    interval = result.conf_int(0.9, method="profile")
    A = np.column_stack([np.ones(60), data])
    for j, ends in enumerate(interval):
        for end in ends:
            fall = 2 * (result.log_likelihood - slow_profile(A, y, j, end, result.coefficients))
            assert fall == pytest.approx(2.705543454095404, rel=1e-6)  # chi-squared, 90 %
        assert ends[0] < result.coefficients[j] < ends[1]


def test_profile_is_lopsided_where_wald_cannot_be(spector):
    wald, profile = spector.conf_int(), spector.conf_int(method="profile")
    np.testing.assert_allclose(wald.mean(axis=1), spector.coefficients, rtol=1e-12)
    z = 1.959963984540054
    np.testing.assert_allclose(wald[:, 1] - wald[:, 0], 2 * z * spector.standard_errors, rtol=1e-12)
    # confint(glm(...)) of R's MASS, which interpolates a spline: four digits.
    np.testing.assert_allclose(profile[1], [0.6391582, 5.7567314], rtol=1e-4)
    ratios = spector.odds_ratios(method="profile")
    np.testing.assert_allclose(ratios[1], np.exp([2.8261126, 0.6391582, 5.7567314]), rtol=1e-4)


def test_ends_far_from_the_estimate_are_found():
    x = np.array([0.0, 0, 0, 0, 1, 1, 1, 1])[:, None]
    y = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    result = infer(LogisticRegression().fit(x, y), x, y)
    low, high = result.conf_int(1 - 1e-12, method="profile")[1]
    A = np.column_stack([np.ones(8), x])
    for end in (low, high):
        fall = 2 * (result.log_likelihood - slow_profile(A, y, 1, end, result.coefficients))
        assert fall == pytest.approx(50.84, abs=0.01)  # the square of the normal quantile
    assert low < -9
    assert high > 20


def test_groups_give_the_sandwich_by_hand():
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(15), 8)
    data = rng.normal(size=(120, 2))
    y = (data[:, 0] + rng.normal(size=15)[groups] + rng.logistic(size=120) > 0).astype(int)
    w = rng.integers(1, 4, 120).astype(float)
    model = LogisticRegression().fit(data, y, w)
    result = infer(model, data, y, w, groups=[f"class {g}" for g in groups])
    A = np.column_stack([np.ones(120), data])
    p = model.predict_proba(data)[:, 1]
    bread = np.linalg.inv((A * (w * p * (1 - p))[:, None]).T @ A)
    meat = np.zeros((3, 3))
    for g in range(15):
        score = sum(w[i] * (y[i] - p[i]) * A[i] for i in np.flatnonzero(groups == g))
        meat += np.outer(score, score)
    np.testing.assert_allclose(result.covariance, 15 / 14 * bread @ meat @ bread, rtol=1e-7)
    assert "sandwich" in result.summary()
    with pytest.raises(ValueError, match="rows as independent"):
        result.conf_int(method="profile")
    with pytest.raises(ValueError, match="groups has 1 group"):
        infer(model, data, y, w, groups=np.zeros(120))


def test_weights_are_rows_seen_more_than_once():
    rng = np.random.default_rng(2)
    data = rng.normal(size=(80, 2))
    y = (data[:, 0] + rng.logistic(size=80) > 0).astype(int)
    w = rng.integers(0, 4, 80)
    weighted = infer(LogisticRegression().fit(data, y, w), data, y, w)
    rows, labels = np.repeat(data, w, axis=0), np.repeat(y, w)
    repeated = infer(LogisticRegression().fit(rows, labels), rows, labels)
    np.testing.assert_allclose(weighted.covariance, repeated.covariance, rtol=1e-7)
    assert weighted.deviance == pytest.approx(repeated.deviance, rel=1e-12)
    assert weighted.null_deviance == pytest.approx(repeated.null_deviance, rel=1e-12)
    assert weighted.df_resid == int((w > 0).sum()) - 3  # rows of weight 0 are none, as in R


def test_softmax_coefficients_are_relative_to_the_first_class():
    rng = np.random.default_rng(3)
    data = rng.normal(size=(300, 2)) + 2
    y = ((data @ rng.normal(size=(2, 3))) + rng.gumbel(size=(300, 3))).argmax(axis=1)
    result = infer(LogisticRegression().fit(data, y), data, y)
    # The information of class 1 and 2 against 0: blocks A' diag(p_a (1[a=b] - p_b)) A.
    A = np.column_stack([np.ones(300), data])
    B = result.coefficients.reshape(2, 3)
    E = np.exp(np.column_stack([np.zeros(300), A @ B.T]))
    P = E / E.sum(axis=1, keepdims=True)
    information = np.block(
        [[(A * (P[:, a] * ((a == b) - P[:, b]))[:, None]).T @ A for b in (1, 2)] for a in (1, 2)]
    )
    np.testing.assert_allclose(result.covariance, np.linalg.inv(information), rtol=1e-6)
    assert result.names == ["1: (Intercept)", "1: x0", "1: x1", "2: (Intercept)", "2: x0", "2: x1"]
    assert result.log_likelihood == pytest.approx(np.log(P[np.arange(300), y]).sum(), rel=1e-12)
    ends = result.conf_int(method="profile")
    assert ((ends[:, 0] < result.coefficients) & (result.coefficients < ends[:, 1])).all()


def test_nested_models(spector):
    small = infer(LogisticRegression().fit(X[:, :2], Y), X[:, :2], Y)
    test = likelihood_ratio_test(small, spector)
    assert test.df == 1
    assert test.statistic == pytest.approx(small.deviance - spector.deviance)
    assert test.p_value == pytest.approx(math.erfc(math.sqrt(test.statistic / 2)), rel=1e-12)
    with pytest.raises(ValueError, match="smaller model first"):
        likelihood_ratio_test(spector, small)
    other = infer(LogisticRegression().fit(X[:30, :2], Y[:30]), X[:30, :2], Y[:30])
    with pytest.raises(ValueError, match="labels or weights differ"):
        likelihood_ratio_test(other, spector)


def test_summary_is_a_table_like_rs(spector):
    lines = spector.summary().splitlines()
    assert lines[0].split() == ["Estimate", "Std.", "Error", "z", "value", "Pr(>|z|)"]
    assert lines[1].split() == ["(Intercept)", "-13.021", "4.931", "-2.641", "0.00828"]
    assert "Residual deviance: 25.78 on 28 degrees of freedom" in spector.summary()


def test_a_column_that_repeats_others_has_no_estimate():
    twice = np.column_stack([X, X[:, 0]])
    with pytest.warns(CollinearityWarning):
        model = LogisticRegression().fit(twice, Y)
    result = infer(model, twice, Y)
    assert np.isnan(result.coefficients).tolist() == [False, False, False, False, True]
    assert np.isnan(result.conf_int(method="profile")[4]).all()
    assert result.df_resid == 28
    assert isinstance(result, Inference)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_no_largest_likelihood_is_refused_with_the_reason():
    fit = LogisticRegression
    for model, reason in [
        (fit(alpha=0.1), "penalty biases"),
        (fit(class_weight="balanced"), "class_weight"),
        (fit(max_iter=1), "did not converge"),
    ]:
        with pytest.raises(ValueError, match=reason):
            infer(model.fit(X, Y), X, Y)
    with pytest.raises(ValueError, match="did not converge"):
        infer(fit().fit([[0.0], [1.0], [2.0]], [0, 0, 1]), [[0.0], [1.0], [2.0]], [0, 0, 1])
    model = fit().fit(X, Y)
    with pytest.raises(ValueError, match="not at the largest likelihood of these rows"):
        infer(model, X[:20], Y[:20])
    with pytest.raises(ValueError, match=r"labels \[2\]"):
        infer(model, X, Y + 1)
    with pytest.raises(ValueError, match="not fitted"):
        infer(fit(), X, Y)


def test_groups_of_a_softmax_by_hand():
    data, y = make(k=3)
    groups, model = np.arange(200) % 20, LogisticRegression().fit(data, y)
    bread = infer(model, data, y).covariance
    r = (np.eye(3)[y] - model.predict_proba(data))[:, 1:]
    A = np.column_stack([np.ones(200), data])
    s = np.einsum("nk,np->nkp", r, A).reshape(200, -1)
    S = np.array([s[groups == g].sum(axis=0) for g in range(20)])
    found = infer(model, data, y, groups=groups).covariance
    np.testing.assert_allclose(found, 20 / 19 * bread @ S.T @ S @ bread, rtol=1e-6, atol=1e-12)


def test_groups_of_rows_of_weight_zero_are_left_out():
    data, y = make(n=120)
    groups, w = np.arange(120) % 15 + 0.5, np.where(np.arange(120) % 7 == 0, 0.0, 1.0)
    model, used = LogisticRegression().fit(data, y, w), w > 0
    np.testing.assert_allclose(
        infer(model, data, y, w, groups).covariance,
        infer(model, data[used], y[used], groups=groups[used]).covariance,
        rtol=1e-9,
    )


@pytest.mark.parametrize("intercept", [True, False])
def test_degrees_of_freedom_of_a_softmax(intercept):
    data, y = make(k=3)
    result = infer(LogisticRegression(fit_intercept=intercept).fit(data, y), data, y)
    assert (result.df_null, result.df_resid) == (200 - 2 * intercept, 200 - 2 * (4 + intercept))


def test_a_repeated_column_of_a_softmax_has_no_estimate_in_any_class():
    data, y = make(k=3)
    twice = np.column_stack([data, data[:, 0]])
    with pytest.warns(CollinearityWarning):
        model = LogisticRegression().fit(twice, y)
    nan = np.isnan(infer(model, twice, y).coefficients)
    assert nan.reshape(2, 6).tolist() == [[False] * 5 + [True]] * 2


def test_bic_counts_rows_not_weights_and_names_need_an_intercept():
    data, y = make()
    w = np.full(200, 3.0)
    result = infer(LogisticRegression().fit(data, y, w), data, y, w)
    assert result.bic == pytest.approx(result.deviance + 5 * np.log(200), rel=1e-12)
    bare = infer(LogisticRegression(fit_intercept=False).fit(data, y), data, y)
    assert bare.names == ["x0", "x1", "x2", "x3"]


def test_models_that_cannot_be_compared_are_refused():
    data, y = make()

    def fit(X, y, w=None, groups=None):
        return infer(LogisticRegression().fit(X, y, w), X, y, w, groups)

    large = fit(data, y)
    with pytest.raises(ValueError, match="expected among those of the second"):
        likelihood_ratio_test(fit(data[:, [1]], y), fit(data[:, [0, 2]], y))
    other = np.random.default_rng(0).integers(0, 2, 200)
    with pytest.raises(ValueError, match="labels or weights differ"):
        likelihood_ratio_test(fit(data[:, :1], other), large)
    with pytest.raises(ValueError, match="labels or weights differ"):
        likelihood_ratio_test(fit(data[:, :1], y, np.full(200, 2.0)), large)
    with pytest.raises(ValueError, match="groups were given"):
        likelihood_ratio_test(fit(data[:, :1], y, groups=np.arange(200) % 9), large)
    with pytest.raises(TypeError, match="Pass infer"):
        likelihood_ratio_test(LogisticRegression(), large)
    moved = fit(data[:, :2] * [10, 0.1] + 7, y)  # the same columns in other units
    assert likelihood_ratio_test(moved, large).df == 2


def test_columns_below_zero_are_found_in_the_larger_model():
    data, y = make()
    below = data - data.max(axis=0) - 1
    small, large = (
        infer(LogisticRegression(fit_intercept=False).fit(X, y), X, y)
        for X in (below[:, :1], below)
    )
    assert likelihood_ratio_test(small, large).df == 3


def test_what_is_no_model_of_ours_is_said():
    with pytest.raises(TypeError, match="model is a str"):
        infer("model", X, Y)
    with pytest.raises(ValueError, match=r"Try confidence=0\.95"):
        infer(LogisticRegression().fit(X, Y), X, Y).conf_int(95)


def test_wide_numbers_do_not_run_into_the_names():
    frame = pd.DataFrame(X * [1, 1e-5, 1], columns=["a", "a_very_long_name_indeed", "c"])
    lines = infer(LogisticRegression().fit(frame, Y), frame, Y).summary().splitlines()
    assert lines[3].split()[:2] == ["a_very_long_name_indeed", "9515.8"]
