"""Platt's sigmoid, temperature, and whether calibration does what it is for."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    GridSearchCV,
    LogisticRegression,
    StratifiedKFold,
)
from mlcore.calibration import CalibratedClassifierCV, FrozenEstimator, sigmoid_calibration
from mlcore.calibration.curves import logits_of
from mlcore.calibration.sigmoid import mean_loss
from mlcore.calibration.temperature import temperature_scaling
from mlcore.estimator import Classifier, clone
from mlcore.linear.losses import log_softmax, sigmoid
from mlcore.metrics import log_loss, roc_auc_score


def smoothed(y, w):
    """Platt's labels, a row at a time."""
    up, down = sum(w[y == 1]), sum(w[y == 0])
    return np.array([(up + 1) / (up + 2) if v == 1 else 1 / (down + 2) for v in y])


@pytest.mark.parametrize("case", ["plain", "weights", "large", "far", "separated", "one class"])
def test_the_slopes_of_platts_loss_are_zero(case):
    rng = np.random.default_rng(0)
    f, w = rng.normal(size=200), np.ones(200)
    y = (f + rng.logistic(size=200) > 0.7).astype(int)
    if case == "weights":
        w = rng.integers(0, 4, 200) / 2.0
    elif case == "large":
        f = 1e200 * f
    elif case == "far":
        f = 5 + 1e-4 * f
    elif case == "separated":
        y = (f > 0.2).astype(int)
    elif case == "one class":
        y = np.ones(200, dtype=int)
    a, b = sigmoid_calibration(f, y, w)
    rest = w * (smoothed(y, w) - sigmoid(-(a * f + b))) / w.sum()
    assert abs(rest.sum()) < 1e-10
    assert abs(rest @ (f / np.abs(f).max())) < 1e-10


def test_platts_loss_is_the_log_loss_of_smoothed_labels():
    z, t, w = np.array([-3.0, 0.0, 40.0]), np.array([0.9, 0.5, 0.1]), np.array([0.5, 0.25, 0.25])
    p = 1 / (1 + np.exp(z))
    with np.errstate(divide="ignore"):
        expected = w @ -(t * np.log(p) + (1 - t) * np.log1p(-p))
    assert mean_loss(z, t, w) == pytest.approx(expected)
    assert mean_loss(np.array([-1e4]), np.array([0.9]), np.ones(1)) == pytest.approx(1000.0)


def test_platt_weights_and_labels():
    f, y = np.array([0.3, -1.0, 2.0, 0.5]), np.array([0, 0, 1, 1])
    twice = sigmoid_calibration(np.repeat(f, [1, 2, 1, 3]), np.repeat(y, [1, 2, 1, 3]))
    assert sigmoid_calibration(f, y, [1, 2, 1, 3]) == pytest.approx(twice, rel=1e-9)
    without = sigmoid_calibration(f[1:], y[1:])
    assert sigmoid_calibration(f, 2 * y - 1, [0, 1, 1, 1]) == pytest.approx(without, rel=1e-9)
    a, b = sigmoid_calibration(np.full(4, 7.0), [0, 1, 1, 1])
    assert a == 0.0  # t+ = 4/5 three times, t- = 1/3 once
    assert sigmoid(np.array([-b]))[0] == pytest.approx((3 * 4 / 5 + 1 / 3) / 4)
    with pytest.raises(ValueError, match="which one is positive"):
        sigmoid_calibration(f, [1, 2, 2, 1])


def test_temperature_is_the_least_log_loss():
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(300, 3))
    y = (Z + rng.gumbel(size=(300, 3))).argmax(axis=1)
    w = rng.random(300) / 150

    def loss(beta):
        return -float(w @ log_softmax(beta * 5 * Z)[np.arange(300), y])

    beta = temperature_scaling(5 * Z, y, w)
    assert 0.1 < beta < 0.4  # the labels were drawn at 1/5
    assert loss(beta) <= min(loss(beta * (1 + e)) for e in (-1e-4, 1e-4))
    assert temperature_scaling(Z, Z.argmax(axis=1), w) > 1000  # where all is right, boldly
    assert temperature_scaling(Z, Z.argmin(axis=1), w) == pytest.approx(np.exp(-10.0))


class Boastful(Classifier):
    """A model whose ranking is right and whose probabilities are far too sure."""

    def __init__(self, factor=4.0, scores=False):
        self.factor = factor
        self.scores = scores

    def fit(self, X, y, sample_weight=None):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        p = sigmoid(self.factor * X[:, 0])
        return np.column_stack([1 - p, p])


def truth(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 1))
    return X, (rng.random(n) < sigmoid(X[:, 0])).astype(int)


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("ensemble", [True, False])
def test_an_overconfident_model_becomes_honest(method, ensemble):
    X, y = truth(3000, 0)
    new, labels = truth(3000, 1)
    before = Boastful().fit(X, y).predict_proba(new)
    after = CalibratedClassifierCV(Boastful(), method=method, ensemble=ensemble, cv=3).fit(X, y)
    P = after.predict_proba(new)
    risk = sigmoid(new[:, 0])
    assert np.mean((before[:, 1] - risk) ** 2) > 0.04
    # A sigmoid of probabilities that sit at 0 and 1 cannot mend them wholly; a curve can.
    assert np.mean((P[:, 1] - risk) ** 2) < (0.005 if method == "sigmoid" else 0.002)
    if method != "isotonic":  # which may say 0 or 1 at the ends: one such error costs 36
        best = log_loss(labels, risk)
        assert log_loss(labels, before) > best + 0.15
        assert log_loss(labels, P) < best + 0.03
        assert roc_auc_score(labels, P[:, 1]) == pytest.approx(
            roc_auc_score(labels, before[:, 1]), abs=1e-12
        )


def data(k, n=150, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    return X, np.array(["a", "b", "c"])[(X[:, :k] + rng.normal(size=(n, k))).argmax(axis=1)]


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("base", [DecisionTreeClassifier(max_depth=3), LogisticRegression(0.1)])
def test_probabilities_and_labels(k, method, base):
    X, y = data(k)
    model = CalibratedClassifierCV(base, method=method, cv=3).fit(X, y)
    P = model.predict_proba(X)
    assert P.shape == (150, k)
    np.testing.assert_allclose(P.sum(axis=1), 1.0, rtol=1e-12)
    assert (P >= 0).all()
    assert model.classes_.tolist() == ["a", "b", "c"][:k]
    assert model.n_features_in_ == 3
    assert model.score(X, y) > 0.5
    assert len(model.calibrated_classifiers_) == 3


def test_the_curves_are_fitted_on_rows_the_model_did_not_see():
    X, y = data(2)
    rows = np.arange(150)
    (one,) = (
        CalibratedClassifierCV(DecisionTreeClassifier(), cv=[(rows[:100], rows[100:])])
        .fit(X, y)
        .calibrated_classifiers_
    )
    tree = DecisionTreeClassifier().fit(X[:100], y[:100])
    scores, truly = tree.predict_proba(X[100:])[:, 1], (y[100:] == "b").astype(int)
    assert (one.calibrators[0].a, one.calibrators[0].b) == sigmoid_calibration(scores, truly)


def test_one_model_on_all_rows_without_an_ensemble():
    X, y = data(2)
    folds = StratifiedKFold(3)
    model = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2), cv=folds, ensemble=False)
    (one,) = model.fit(X, y).calibrated_classifiers_
    whole = DecisionTreeClassifier(max_depth=2).fit(X, y)
    np.testing.assert_array_equal(one.estimator.predict_proba(X), whole.predict_proba(X))
    scores = np.empty(150)
    for train, test in folds.split(X, y):
        fold = DecisionTreeClassifier(max_depth=2).fit(X[train], y[train])
        scores[test] = fold.predict_proba(X[test])[:, 1]
    expected = sigmoid_calibration(scores, (y == "b").astype(int))
    assert (one.calibrators[0].a, one.calibrators[0].b) == pytest.approx(expected, rel=1e-9)


def test_weight_zero_equals_no_row():
    X, y = data(2)
    w = np.random.default_rng(1).integers(0, 3, 150)
    with_zeros = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2)).fit(X, y, w)
    kept = w > 0
    without = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2))
    without.fit(X[kept], y[kept], w[kept])
    np.testing.assert_array_equal(with_zeros.predict_proba(X), without.predict_proba(X))


def test_weights_reach_the_model_or_a_warning_says_that_they_do_not():
    class Plain(Boastful):
        def fit(self, X, y):
            return super().fit(X, y)

    X, y = truth(60, 0)
    with pytest.warns(UserWarning, match="Plain takes no sample_weight"):
        CalibratedClassifierCV(Plain()).fit(X, y, np.ones(60))


def test_a_frozen_model_stays_and_is_calibrated_on_all_rows():
    X, y = data(2)
    tree = DecisionTreeClassifier(max_depth=2).fit(X[:70], y[:70])
    frozen = FrozenEstimator(tree)
    assert clone(frozen) is frozen
    assert frozen.fit(X, y).estimator is tree
    assert frozen.get_params() == {"estimator": tree}
    with pytest.raises(ValueError, match="the model inside is frozen"):
        frozen.set_params(estimator__max_depth=3)
    for copied in (copy.deepcopy(frozen), pickle.loads(pickle.dumps(frozen))):
        np.testing.assert_array_equal(copied.predict(X), tree.predict(X))
    (one,) = CalibratedClassifierCV(frozen).fit(X[70:], y[70:]).calibrated_classifiers_
    truly = (y[70:] == "b").astype(int)
    expected = sigmoid_calibration(tree.predict_proba(X[70:])[:, 1], truly)
    assert (one.calibrators[0].a, one.calibrators[0].b) == pytest.approx(expected, rel=1e-9)


def test_dataframes_reach_the_model_with_their_names():
    X, y = data(2)
    table = pd.DataFrame(X, columns=["x", "y", "z"])
    model = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2)).fit(table, y)
    assert model.feature_names_in_.tolist() == ["x", "y", "z"]
    plain = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2)).fit(X.tolist(), y.tolist())
    np.testing.assert_array_equal(model.predict_proba(table), plain.predict_proba(X.tolist()))


def test_a_fold_that_knows_only_two_of_three_classes():
    X, y = data(3)
    rows, some = np.arange(150), np.flatnonzero(y != "b")
    model = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=2), cv=[(some, rows)] * 2)
    for method in ("sigmoid", "isotonic", "temperature"):
        P = model.set_params(method=method).fit(X, y).predict_proba(X)
        np.testing.assert_allclose(P.sum(axis=1), 1.0)
        assert (P[:, 1] == 0).all()
    with pytest.raises(ValueError, match=r"fold 0 knows only \['a', 'c'\]"):
        model.set_params(ensemble=False).fit(X, y)


def test_where_every_curve_says_no_all_classes_are_as_probable():
    class Three(Boastful):
        def predict_proba(self, X):
            return np.column_stack([X[:, 0], X[:, 0], 1 - 2 * X[:, 0]])

    X = np.array([[0.1], [0.1], [0.4], [0.4], [0.1], [0.4]])
    rows = np.arange(6)
    model = CalibratedClassifierCV(Three(), method="isotonic", cv=[(rows, rows)])
    P = model.fit(X, [0, 0, 0, 1, 2, 2]).predict_proba(X)
    np.testing.assert_allclose(P.sum(axis=1), 1.0)
    model.calibrated_classifiers_[0].calibrators[:] = [_Never()] * 3
    np.testing.assert_allclose(model.predict_proba(X), 1 / 3)


class _Never:
    def predict(self, scores):
        return np.zeros(len(scores))


def test_logits_of_scores_and_of_probabilities():
    S = np.array([[0.25]])
    np.testing.assert_allclose(logits_of(Boastful(), S), np.log([[0.75, 0.25]]), atol=1e-9)
    assert logits_of(LogisticRegression(), S).tolist() == [[-0.25, 0.25]]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"method": "platt"}, "method is 'platt', but one of 'sigmoid', 'isotonic'"),
        ({"cv": "prefit"}, r"cv is 'prefit'.*FrozenEstimator\(model\)"),
        ({"cv": 1}, "n_splits is 1"),
        ({"ensemble": "yes"}, "ensemble is 'yes'"),
    ],
)
def test_wrong_settings(setting, message):
    with pytest.raises(ValueError, match=message):
        CalibratedClassifierCV(LogisticRegression(0.1), **setting).fit(*data(2))


def test_a_search_inside_hears_the_weights():
    X, y = data(2)
    w = np.random.default_rng(0).integers(1, 4, len(y))
    tree = DecisionTreeClassifier(max_depth=2)
    search = GridSearchCV(tree, {"max_depth": [2]}, cv=2)
    inside = CalibratedClassifierCV(search).fit(X, y, w).predict_proba(X)
    np.testing.assert_array_equal(
        inside, CalibratedClassifierCV(tree).fit(X, y, w).predict_proba(X)
    )


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (DecisionTreeRegressor(), r"estimator is DecisionTreeRegressor\(\), but a classifier"),
        (
            LogisticRegression,
            r"estimator is the class LogisticRegression: pass LogisticRegression\(\)",
        ),
        ("tree", "estimator is 'tree', but a classifier"),
    ],
)
def test_what_has_no_scores_of_classes_is_refused(model, message):
    with pytest.raises(TypeError, match=message):
        CalibratedClassifierCV(model).fit(*data(2))


def test_wrong_rows():
    X, y = data(2)
    with pytest.raises(ValueError, match="X is None, but rows and columns"):
        CalibratedClassifierCV().fit(None, y)
    with pytest.raises(ValueError, match="only 1 class"):
        CalibratedClassifierCV(LogisticRegression(0.1)).fit(X, ["a"] * 150)
    with pytest.raises(ValueError, match="smallest class has 1 row[.] Use"):
        CalibratedClassifierCV(LogisticRegression(0.1)).fit(X, ["b"] + ["a"] * 149)
    with pytest.raises(ValueError, match="0 rows"):
        CalibratedClassifierCV(LogisticRegression(0.1)).fit(np.empty((0, 3)), [])
    frozen = FrozenEstimator(LogisticRegression(0.1).fit(*data(3)))
    with pytest.raises(ValueError, match=r"fitted on the classes \['a', 'b', 'c'\]"):
        CalibratedClassifierCV(frozen).fit(X, y)
