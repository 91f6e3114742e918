"""Shapley values of linear scores against their definition."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, LogisticRegression, NotFittedError
from mlcore.inspection import linear_shap
from tests.mlcore.inspection.shapley_oracles import shapley_values


def table(k, n=50, d=4):
    rng = np.random.default_rng(k)
    X = rng.normal(size=(n, d)) * [1, 10, 0.1, 1] + 3
    return X, rng.integers(0, k, n), rng.uniform(0, 2, n)


@pytest.mark.parametrize("k", [2, 3])
def test_shares_agree_with_the_definition(k):
    X, y, w = table(k)
    model = LogisticRegression(0.1).fit(X, y)
    found = linear_shap(model, X[:3], X, sample_weight=w)

    def game(x):
        def value(known):  # the mean score of the background with the known features put in
            rows = X.copy()
            rows[:, list(known)] = x[list(known)]
            return np.average(model.decision_function(rows).reshape(len(X), -1), axis=0, weights=w)

        return value

    expected = np.array([shapley_values(game(x), 4) for x in X[:3]])
    np.testing.assert_allclose(found.values.reshape(expected.shape), expected, atol=1e-12)
    np.testing.assert_allclose(
        found.expected_value, np.squeeze(game(X[0])(frozenset())), atol=1e-12
    )
    np.testing.assert_allclose(
        found.values.sum(axis=1) + found.expected_value, model.decision_function(X[:3]), atol=1e-12
    )
    assert found.values.shape == ((3, 4) if k == 2 else (3, 4, 3))


def test_any_model_with_coefficients_will_do():
    ridge = SimpleNamespace(coef_=np.array([2.0, 0.0]), intercept_=1.0)
    found = linear_shap(ridge, [[1.0, 5.0]], [[0.0, 0.0], [4.0, 2.0]])
    assert found.values.tolist() == [[-2.0, 0.0]]
    assert found.expected_value == 5.0


def test_what_makes_no_sense_is_said():
    X, y, _ = table(2)
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = LogisticRegression(0.1).fit(frame, y)
    with pytest.raises(ValueError, match="in the same order"):
        linear_shap(model, frame[list("abdc")], frame)
    with pytest.raises(ValueError, match="3 features"):
        linear_shap(model, X, X[:, :3])
    with pytest.raises(NotFittedError):
        linear_shap(LogisticRegression(), X, X)
    with pytest.raises(TypeError, match="DecisionTreeClassifier was given"):
        linear_shap(DecisionTreeClassifier().fit(X, y), X, X)
