"""Isotonic regression, Platt scaling and CalibratedClassifierCV against scikit-learn, live."""

import numpy as np
import pytest
import sklearn.calibration
import sklearn.frozen
import sklearn.isotonic
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import check_estimator

import mlcore
from mlcore.calibration import (
    CalibratedClassifierCV,
    FrozenEstimator,
    IsotonicRegression,
    isotonic_regression,
    sigmoid_calibration,
)

# 1e-6 apart at least, as scikit-learn and we differ in long chains of values closer than 1e-15.
VALUES = st.floats(-1000, 1000).map(lambda v: round(v, 6))
ROWS = st.lists(
    st.tuples(st.integers(-4, 4).map(float), VALUES, st.floats(0.01, 10)), min_size=1, max_size=60
)


@settings(max_examples=300, deadline=None)
@given(ROWS, st.booleans(), st.booleans())
def test_isotonic_regression(rows, increasing, cut):
    _, y, w = np.array(rows).T
    ends = {"y_min": -5.0, "y_max": 7.0} if cut else {}
    theirs = sklearn.isotonic.isotonic_regression(y, sample_weight=w, increasing=increasing, **ends)
    ours = isotonic_regression(y, sample_weight=w, increasing=increasing, **ends)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12 * 1000)


@settings(max_examples=200, deadline=None)
@given(ROWS, st.booleans(), st.sampled_from(["nan", "clip"]))
def test_isotonic_estimator_with_ties_and_weights(rows, increasing, out_of_bounds):
    x, y, w = np.array(rows).T
    setting = {"increasing": increasing, "out_of_bounds": out_of_bounds}
    theirs = sklearn.isotonic.IsotonicRegression(**setting).fit(x, y, sample_weight=w)
    ours = IsotonicRegression(**setting).fit(x, y, sample_weight=w)
    at = np.linspace(-6, 6, 49)
    np.testing.assert_allclose(ours.predict(at), theirs.predict(at), rtol=1e-12, atol=1e-12 * 1000)
    assert (ours.X_min_, ours.X_max_) == (theirs.X_min_, theirs.X_max_)


def test_isotonic_on_many_rows_with_scores_that_differ_by_rounding():
    rng = np.random.default_rng(0)
    x = np.round(rng.random(20_000), 3) + rng.choice([0.0, 1.2e-16, 2.4e-16], 20_000)
    y = (rng.random(20_000) < x).astype(float)
    ours, theirs = (
        kind(out_of_bounds="clip").fit(x, y)
        for kind in (IsotonicRegression, sklearn.isotonic.IsotonicRegression)
    )
    np.testing.assert_allclose(ours.X_thresholds_, theirs.X_thresholds_, rtol=1e-15)
    np.testing.assert_allclose(ours.y_thresholds_, theirs.y_thresholds_, rtol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_auto_takes_the_same_way(sign):
    x = np.repeat(np.arange(30.0), 2)
    y = sign * x + np.random.default_rng(1).normal(0, 5, 60)
    ours, theirs = (
        kind(increasing="auto").fit(x, y)
        for kind in (IsotonicRegression, sklearn.isotonic.IsotonicRegression)
    )
    assert ours.increasing_ == theirs.increasing_ == (sign == 1)
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e6])
@pytest.mark.parametrize("weighted", [False, True])
def test_platt_scaling(scale, weighted):
    rng = np.random.default_rng(0)
    f = rng.normal(size=400)
    y = (f + rng.logistic(size=400) > 0.5).astype(int)
    w = 3 * rng.random(400) if weighted else None
    theirs = sklearn.calibration._SigmoidCalibration().fit(scale * f, y, w)
    a, b = sigmoid_calibration(scale * f, y, w)
    assert a == pytest.approx(theirs.a_, rel=1e-6)
    assert b == pytest.approx(theirs.b_, rel=1e-6)


BASES = {
    "scores": LogisticRegression(),
    "scores only": RidgeClassifier(),
    "probabilities": GaussianNB(),
    "steps": DecisionTreeClassifier(max_depth=4, random_state=0),
    "ours": mlcore.DecisionTreeClassifier(max_depth=4),
}
TOLERANCE = {"sigmoid": 1e-5, "isotonic": 1e-12, "temperature": 1e-5}


@pytest.mark.parametrize("method", TOLERANCE)
@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("base", BASES)
def test_calibrated_classifier_with_the_same_folds(base, k, ensemble, method):
    X, y = make_classification(500, 6, n_informative=4, n_classes=k, random_state=0)
    y = np.array(["a", "b", "c"])[y]
    w = np.random.default_rng(0).integers(1, 4, 500).astype(float)
    setting = {"method": method, "ensemble": ensemble}
    folds = list(mlcore.StratifiedKFold(3, shuffle=True, random_state=0).split(X, y))
    kind = sklearn.calibration.CalibratedClassifierCV
    theirs = kind(BASES[base], cv=folds, **setting).fit(X, y, w)
    ours = CalibratedClassifierCV(BASES[base], cv=folds, **setting).fit(X, y, w)
    np.testing.assert_allclose(
        ours.predict_proba(X), theirs.predict_proba(X), rtol=0, atol=TOLERANCE[method]
    )
    assert len(ours.calibrated_classifiers_) == len(theirs.calibrated_classifiers_)


@pytest.mark.parametrize("frozen", [FrozenEstimator, sklearn.frozen.FrozenEstimator])
def test_a_model_fitted_before_is_left_as_it_is(frozen):
    X, y = make_classification(600, 5, random_state=1)
    base = GaussianNB().fit(X[:200], y[:200])
    theirs = sklearn.calibration.CalibratedClassifierCV(sklearn.frozen.FrozenEstimator(base))
    theirs.fit(X[200:], y[200:])
    ours = CalibratedClassifierCV(frozen(base)).fit(X[200:], y[200:])
    assert len(ours.calibrated_classifiers_) == 1
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


def test_a_class_that_a_fold_never_saw_gets_nothing_from_it():
    # With two classes left scikit-learn fits the curve of the wrong one, so three are left here.
    X, y = make_classification(300, 6, n_informative=4, n_classes=4, random_state=0)
    some, all_ = np.flatnonzero(y < 3), np.arange(300)
    folds = [(some, all_), (all_, all_)]
    kind = sklearn.calibration.CalibratedClassifierCV
    for method, tolerance in [("isotonic", 1e-12), ("sigmoid", 1e-5)]:
        ours = CalibratedClassifierCV(GaussianNB(), cv=folds, method=method)
        theirs = kind(GaussianNB(), cv=folds, method=method).fit(X, y)
        P, expected = ours.fit(X, y).predict_proba(X), theirs.predict_proba(X)
        np.testing.assert_allclose(P, expected, rtol=0, atol=tolerance)
        assert (ours.calibrated_classifiers_[0].predict_proba(X)[:, 3] == 0).all()


def failed_checks(model):
    results = check_estimator(model, on_fail=None)
    return {r["check_name"]: r["exception"] for r in results if r["status"] == "failed"}


@pytest.mark.filterwarnings("ignore")
def test_check_estimator_finds_nothing_in_isotonic_regression():
    assert not failed_checks(IsotonicRegression(out_of_bounds="clip"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "base", [mlcore.DecisionTreeClassifier(max_depth=3), mlcore.LogisticRegression(0.01)]
)
def test_a_calibrated_model_fails_no_check_that_its_model_passes(base):
    failed = failed_checks(CalibratedClassifierCV(base, cv=3))
    assert not {name: e for name, e in failed.items() if name not in failed_checks(base)}
