"""Shapley values of a linear score, in closed form.

If the columns are independent, or what does not vary with them is left as it was, what is known of
the features in S makes the expected score v(S) = b + sum over S of w_j x_j + sum over the others of
w_j mean_j. A feature then adds the same whatever is known already:

    phi_j = w_j (x_j - mean_j)

Notation: n rows, d features, k classes · X (n, d) · w (k, d) coefficients, b (k,) intercepts.

Source: Lundberg & Lee (2017), A unified approach to interpreting model predictions, corollary 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    check_features,
    check_is_fitted,
    check_same_columns,
    check_weights,
)
from mlcore.inspection.shapley import ShapleyValues


def linear_shap(
    model: Any, X: ArrayLike, background: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> ShapleyValues:
    """Return how much each feature moved each row's linear score off the background's, (n, d[, k]).

    The score is coef_ · x + intercept_: log-odds for logistic regression of two classes, a score
    for each class for more, the prediction for linear regression. ``background`` (any rows, those
    of fit for one) gives the means, ``sample_weight`` its weights. Columns that move together share
    what they do by their coefficients alone, as the model does, not by what they tell of each
    other. TypeError for a model without coefficients. O(n d k).

    >>> from mlcore import LogisticRegression
    >>> X, y = [[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0]], [0, 1, 0, 1]
    >>> model = LogisticRegression(0.1).fit(X, y)
    >>> found = linear_shap(model, X, X)
    >>> bool(np.allclose(found.values[:, 0] + found.expected_value, model.decision_function(X)))
    True
    >>> found.values[:, 1].tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    if hasattr(model, "fit"):
        check_is_fitted(model)
    if not hasattr(model, "coef_") or not hasattr(model, "intercept_"):
        raise TypeError(
            f"A {type(model).__name__} was given, but a linear model with coef_ and intercept_ was "
            "expected. For trees and forests there is tree_shap."
        )
    coef = np.atleast_2d(model.coef_)  # (k, d)
    rows, known = _features(model, X, coef.shape[1]), _features(model, background, coef.shape[1])
    mean = np.average(known, axis=0, weights=check_weights(sample_weight, len(known)))
    values = (rows - mean)[:, :, None] * coef.T  # (n, d, k)
    expected = coef @ mean + model.intercept_
    if len(coef) == 1:
        return ShapleyValues(values[:, :, 0], float(expected[0]))
    return ShapleyValues(values, expected, getattr(model, "classes_", None))


def _features(model: Any, X: ArrayLike, d: int) -> FloatArray:
    """Return X (n, d) as an array, once its columns are found to be those of fit."""
    names = getattr(model, "feature_names_in_", None)
    check_same_columns(X, d, None if names is None else list(names), what=type(model).__name__)
    return check_features(X)
