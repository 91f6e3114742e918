"""The path of penalties, and the alpha that cross-validation chooses."""

import warnings

import numpy as np
import pytest

from mlcore import ConvergenceWarning, LogisticRegression, LogisticRegressionCV, logistic_path
from mlcore.model_selection import StratifiedKFold, cross_validate

# Few alphas are quick; that a smaller one were better is no matter here, but where it is tested.
pytestmark = pytest.mark.filterwarnings("ignore:The best alpha")


def make(n=150, d=6, k=2, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * np.geomspace(1, 10, d) + 3
    Z = (X - 3) @ (rng.normal(size=(d, k)) / np.geomspace(1, 10, d)[:, None])
    return X, (Z + rng.gumbel(size=(n, k))).argmax(axis=1)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
def test_each_fit_of_the_path_is_the_fit_alone(k, l1_ratio):
    X, y = make(k=k)
    path = logistic_path(X, y, l1_ratio=l1_ratio, n_alphas=8)
    for alpha, coef, intercept in zip(path.alphas, path.coef, path.intercept, strict=True):
        alone = LogisticRegression(alpha, l1_ratio=l1_ratio).fit(X, y)
        np.testing.assert_allclose(coef, alone.coef_, atol=2e-7)
        np.testing.assert_allclose(intercept, alone.intercept_, atol=1e-6)
        assert np.array_equal(coef == 0, alone.coef_ == 0)


@pytest.mark.parametrize("k", [2, 3])
def test_the_path_begins_where_the_first_column_comes_in(k):
    X, y = make(k=k)
    path = logistic_path(X, y, n_alphas=10)
    assert path.alphas[-1] == pytest.approx(path.alphas[0] / 1000)
    assert not path.coef[0].any()
    just_below = LogisticRegression(path.alphas[0] * 0.999, l1_ratio=1.0).fit(X, y)
    assert (just_below.coef_ != 0).any()
    sizes = np.abs(path.coef * X.std(axis=0)).sum(axis=(1, 2))
    assert np.all(np.diff(sizes) >= -1e-9)


def test_the_grid_of_a_ridge_reaches_as_far_down_as_that_of_a_lasso():
    X, y = make()
    lasso, ridge, both = (logistic_path(X, y, l1_ratio=r, n_alphas=4).alphas for r in (1, 0, 0.5))
    assert ridge[-1] == pytest.approx(lasso[-1]) == pytest.approx(both[-1])
    assert ridge[0] == pytest.approx(1000 * lasso[0])
    # Nothing is best far from both ends where the columns tell much, as here.
    model = LogisticRegressionCV(cv=3, random_state=0).fit(X, y)
    assert model.alphas_[-1] < model.alpha_ < model.alphas_[0]


def test_a_best_alpha_at_the_lower_end_is_said_if_the_loss_still_falls():
    X, y = make()
    with pytest.warns(UserWarning, match="The best alpha, 1, is the smallest tried") as caught:
        LogisticRegressionCV([10.0, 1.0], cv=3, random_state=0).fit(X, y)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LogisticRegressionCV([1e-12, 1e-13], cv=3, random_state=0).fit(X, y)  # the same for both


def test_bad_alphas_and_too_few_steps_are_said():
    X, y = make()
    with pytest.raises(ValueError, match="above 0"):
        logistic_path(X, y, alphas=[0.1, 0.0])
    with pytest.raises(ValueError, match="n_alphas is 1"):
        logistic_path(X, y, n_alphas=1)
    with pytest.warns(ConvergenceWarning, match="for 2 of 2 alphas"):
        logistic_path(X, y, alphas=[0.1, 0.01], l1_ratio=0.0, max_iter=1)


def test_cross_validation_by_hand():
    X, y = make(n=90)
    alphas, w = [0.3, 0.03, 0.003], np.random.default_rng(1).uniform(0.5, 2, 90)
    model = LogisticRegressionCV(alphas, cv=3, random_state=5).fit(X, y, w)
    folds = StratifiedKFold(3, shuffle=True, random_state=5)
    for i, (train, test) in enumerate(folds.split(X, y)):
        for j, alpha in enumerate(alphas):
            part = LogisticRegression(alpha).fit(X[train], y[train], w[train])
            own = part.predict_log_proba(X[test])[np.arange(len(test)), y[test]]
            expected = -np.average(own, weights=w[test])
            assert model.cv_loss_[i, j] == pytest.approx(expected, rel=1e-6)
    best = int(model.cv_loss_.mean(axis=0).argmin())
    assert model.alpha_ == alphas[best]
    alone = LogisticRegression(model.alpha_).fit(X, y, w)
    np.testing.assert_allclose(model.coef_, alone.coef_, atol=1e-7)


def test_one_standard_error_takes_a_stronger_penalty_within_it():
    X, y = make(n=120, d=6, seed=3)
    least = LogisticRegressionCV(l1_ratio=1.0, random_state=0).fit(X, y)
    simpler = LogisticRegressionCV(l1_ratio=1.0, rule="1se", random_state=0).fit(X, y)
    assert simpler.alpha_ > least.alpha_
    i, j = (list(least.alphas_).index(m.alpha_) for m in (simpler, least))
    limit = least.mean_loss_[j] + least.loss_error_[j]
    assert least.mean_loss_[i] <= limit < least.mean_loss_[i - 1]
    assert (simpler.coef_ == 0).sum() >= (least.coef_ == 0).sum()


def test_rows_that_are_tested_do_not_choose_the_fit():
    X, y = make(n=60)
    model = LogisticRegressionCV([0.1], cv=3, random_state=0).fit(X, y)
    test = next(iter(StratifiedKFold(3, shuffle=True, random_state=0).split(X, y)))[1]
    changed = X.copy()
    changed[test] = changed[test] + 1000.0
    other = LogisticRegressionCV([0.1], cv=3, random_state=0).fit(changed, y)
    assert other.cv_loss_[0, 0] != model.cv_loss_[0, 0]
    part = LogisticRegression(0.1).fit(np.delete(X, test, axis=0), np.delete(y, test))
    own = part.predict_log_proba(changed[test])[np.arange(len(test)), y[test]]
    assert other.cv_loss_[0, 0] == pytest.approx(-own.mean(), rel=1e-6)


def test_loss_error_is_the_standard_error_of_the_folds():
    X, y = make(n=90)
    model = LogisticRegressionCV([0.3, 0.03], cv=3, random_state=5).fit(X, y)
    off = model.cv_loss_ - model.cv_loss_.sum(axis=0) / 3
    expected = np.sqrt((off**2).sum(axis=0) / 2 / 3)
    np.testing.assert_allclose(model.loss_error_, expected, rtol=1e-12)


@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
def test_alpha_max_by_hand(l1_ratio):
    X, y = make()
    top = logistic_path(X, y, l1_ratio=l1_ratio, n_alphas=2).alphas[0]
    slope = np.abs((y - y.mean()) @ X / len(y)).max()
    assert top == pytest.approx(slope / max(l1_ratio, 0.001), rel=1e-9)


def test_cross_validation_hands_its_parameters_on():
    X, y = make()
    bare = LogisticRegressionCV(n_alphas=4, fit_intercept=False, cv=3, random_state=0).fit(X, y)
    assert len(bare.alphas_) == 4
    assert bare.intercept_.tolist() == [0.0]
    with pytest.warns(ConvergenceWarning, match="Of all rows or in a fold") as caught:
        model = LogisticRegressionCV([0.01], max_iter=1, cv=3, random_state=0).fit(X, y)
    assert len(caught) == 1
    assert not model.converged_
    lax = LogisticRegressionCV([0.01], tol=10.0, cv=3, random_state=0).fit(X, y)
    assert not lax.coef_.any()  # satisfied where it began


def test_folds_are_fitted_on_the_alphas_of_all_rows():
    X, y = make()
    free = LogisticRegressionCV(n_alphas=4, cv=3, random_state=0).fit(X, y)
    told = LogisticRegressionCV(free.alphas_, cv=3, random_state=0).fit(X, y)
    np.testing.assert_allclose(told.cv_loss_, free.cv_loss_, rtol=1e-9)


def test_the_path_hears_class_weights():
    X, y = make()
    path = logistic_path(X, y, alphas=[0.1], class_weight={1: 5.0})
    alone = LogisticRegression(0.1, l1_ratio=1.0, class_weight={1: 5.0}).fit(X, y)
    np.testing.assert_allclose(path.coef[0], alone.coef_, atol=1e-7)


def test_what_a_path_cannot_use_is_said():
    X, y = make()
    with pytest.raises(ValueError, match="max_iter is 'a'"):
        logistic_path(X, y, max_iter="a")
    with pytest.raises(ValueError, match="tol is -1"):
        LogisticRegressionCV(tol=-1).fit(X, y)
    with pytest.raises(ValueError, match="cv is 1"):
        LogisticRegressionCV(cv=1).fit(X, y)
    with pytest.raises(ValueError, match="No column of X tells"):
        logistic_path(np.ones((len(y), 2)), y)
    assert logistic_path(X, y, alphas=0.1).alphas.tolist() == [0.1]


def test_folds_may_be_split_by_the_caller():
    X, y = make(n=60)
    splitter = StratifiedKFold(3, shuffle=True, random_state=5)
    dealt = LogisticRegressionCV([0.3, 0.03], cv=3, random_state=5).fit(X, y)
    for cv in (splitter, list(splitter.split(X, y))):
        told = LogisticRegressionCV([0.3, 0.03], cv=cv).fit(X, y)
        np.testing.assert_array_equal(told.cv_loss_, dealt.cv_loss_)
    w = np.ones(60)
    w[::7] = 0
    pairs = [(np.flatnonzero(np.arange(60) % 2 == odd), np.arange(60) % 2 != odd) for odd in (0, 1)]
    weighted = LogisticRegressionCV([0.3], cv=pairs).fit(X, y, w)
    for loss, (train, test) in zip(weighted.cv_loss_[:, 0], pairs, strict=True):
        part = LogisticRegression(0.3).fit(X[train], y[train], w[train])
        own = part.predict_log_proba(X[test])[np.arange(30), y[test]]
        assert loss == pytest.approx(-np.average(own, weights=w[test]), rel=1e-6)


def test_folds_that_cannot_judge_are_said():
    X, y = make(n=60)
    rows = np.arange(60)
    for cv, message in [
        ([(rows[:30], rows[30:])], "cv has 1 folds"),
        ([(rows[y == 0], rows[y == 1])] * 2, "Fold 0 of cv has no class number 1 to train on"),
        ([(rows, rows[:0])] * 2, "Fold 0 of cv has no rows to test"),
        ("three", "cv is 'three'"),
        (None, "cv is None"),
    ]:
        with pytest.raises(ValueError, match=message):
            LogisticRegressionCV([0.1], cv=cv).fit(X, y)


def test_steps_are_counted():
    X, y = make(n=60)
    path = logistic_path(X, y, alphas=[10.0, 0.01])
    assert path.n_iter[0] == 0  # the null model is the answer already
    assert path.n_iter[1] > 1
    model = LogisticRegressionCV([10.0, 0.01], l1_ratio=1.0, cv=3, random_state=0).fit(X, y)
    assert model.n_iter_ == path.n_iter.sum()


def test_threads_leave_the_warnings_of_the_process_as_they_were():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), rng.integers(0, 2, 60)
    before = list(warnings.filters), warnings._showwarnmsg_impl
    for _ in range(5):
        models = cross_validate(
            LogisticRegressionCV(cv=3, n_alphas=5), X, y, cv=4, n_jobs=4, return_estimator=True
        )["estimator"]
        assert all(model.converged_ for model in models)
    assert (list(warnings.filters), warnings._showwarnmsg_impl) == before
