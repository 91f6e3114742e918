"""Our inspection on scikit-learn's models, scikit-learn's inspection on ours, and both beside each other."""

import numpy as np
import pandas as pd
import pytest
import sklearn.inspection
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier as TheirForest
from sklearn.linear_model import LinearRegression
from sklearn.linear_model import LogisticRegression as TheirLogistic
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    RandomForestClassifier,
    RandomForestRegressor,
)
from mlcore.inspection import linear_shap, partial_dependence, permutation_importance


def table(k=2, n=150, d=4):
    rng = np.random.default_rng(k)
    X = rng.normal(size=(n, d))
    X[:, 1] = rng.integers(0, 5, n)
    score = X[:, 0] * X[:, 1] + X[:, 2]
    return X, np.digitize(score, np.quantile(score, np.arange(1, k) / k)), score


def brier(model, X, y):
    return -float(np.mean((model.predict_proba(X)[:, 1] - y) ** 2))


@pytest.mark.parametrize("kind", ["average", "individual", "both"])
@pytest.mark.parametrize("features", [[0], [1], [3, 1]])
@pytest.mark.parametrize(
    ("model", "k"),
    [
        (LogisticRegression(0.01), 2),
        (RandomForestClassifier(5, random_state=0), 3),
        (DecisionTreeRegressor(max_depth=4), None),
        (RandomForestRegressor(5, random_state=0), None),
        (make_pipeline(StandardScaler(), TheirLogistic()), 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_partial_dependence_is_scikit_learns(model, k, features, kind):
    X, y, score = table(k or 2)
    model.fit(X, y if k else score)
    w = np.random.default_rng(0).uniform(0.5, 2, len(X))
    options = {"kind": kind, "grid_resolution": 12, "percentiles": (0.1, 0.8), "sample_weight": w}
    theirs = sklearn.inspection.partial_dependence(model, X, features, method="brute", **options)
    ours = partial_dependence(model, X, features, **options)
    for mine, other in zip(ours["grid_values"], theirs["grid_values"], strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-13)
    for name in {"average", "individual"} & set(theirs):
        np.testing.assert_allclose(ours[name], theirs[name], atol=1e-12)


def test_decision_functions_are_shown_alike():
    X, y, _ = table()
    model = LogisticRegression(0.01).fit(X, y)
    options = {"response_method": "decision_function"}
    theirs = sklearn.inspection.partial_dependence(model, X, [0], method="brute", **options)
    ours = partial_dependence(model, X, 0, **options)
    np.testing.assert_allclose(ours.average, theirs["average"], atol=1e-12)


@pytest.mark.parametrize("scoring", [None, brier])
def test_permutation_importances_differ_by_the_draws_alone(scoring):
    X, y, _ = table()
    for model in (RandomForestClassifier(10, random_state=0), TheirForest(10, random_state=0)):
        model.fit(X, y)
        options = {"n_repeats": 60, "random_state": 0, "scoring": scoring}
        theirs = sklearn.inspection.permutation_importance(model, X, y, **options)
        ours = permutation_importance(model, X, y, **options)
        error = (theirs.importances_std + ours.importances_std) / np.sqrt(60)
        assert (np.abs(theirs.importances_mean - ours.importances_mean) <= 4 * error + 1e-12).all()
        assert ours.importances_mean[:2].min() > 4 * error[:2].max()


def test_a_pipeline_over_a_data_frame_is_shuffled_before_its_first_step():
    X, y, _ = table()
    frame = pd.DataFrame({"a": X[:, 0], "word": np.array(list("vwxyz"))[X[:, 1].astype(int)]})
    columns = make_column_transformer((OneHotEncoder(), ["word"]), remainder="passthrough")
    model = make_pipeline(columns, TheirForest(10, random_state=0)).fit(frame, y)
    found = permutation_importance(model, frame, y, random_state=0, n_repeats=20)
    assert found.importances.shape == (2, 20)
    assert found.importances_mean.min() > 0.02
    assert partial_dependence(model, frame, "word").average.shape == (1, 5)


def test_linear_shares_of_scikit_learns_models():
    X, y, score = table(3)
    for model, predict in (
        (LinearRegression().fit(X, score), "predict"),
        (TheirLogistic().fit(X, y == 0), "decision_function"),
        (TheirLogistic().fit(X, y), "decision_function"),
    ):
        found = linear_shap(model, X, X)
        np.testing.assert_allclose(
            found.values.sum(axis=1) + found.expected_value, getattr(model, predict)(X), atol=1e-12
        )


def test_our_trees_are_inspected_by_scikit_learn():
    X, y, _ = table()
    model = DecisionTreeClassifier(max_depth=4).fit(X, y)
    theirs = sklearn.inspection.permutation_importance(
        model, X, y, scoring="roc_auc", random_state=0
    )
    assert theirs.importances_mean[0] > 0.1
    display = sklearn.inspection.PartialDependenceDisplay.from_estimator(model, X, [0])
    ours = partial_dependence(model, X, 0)
    np.testing.assert_allclose(display.pd_results[0]["average"], ours.average, atol=1e-12)
