"""Shapley values of decision trees and random forests, exact at any depth.

Notation: n rows, d features, k classes, t trees, m nodes · X (n, d).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_is_fitted
from mlcore.forest import RandomForestClassifier, RandomForestRegressor
from mlcore.inspection.shapley import ShapleyValues
from mlcore.inspection.tree_paths import Paths
from mlcore.tree.cart import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree.structure import Tree

Model = (
    DecisionTreeClassifier | DecisionTreeRegressor | RandomForestClassifier | RandomForestRegressor
)


def tree_shap(model: Model, X: ArrayLike) -> ShapleyValues:
    """Return how much each feature moved each row's prediction away from the average, (n, d[, k]).

    The prediction is the probability of each class (k,), or the target. What a tree is expected to
    predict when only some features are known is found on its paths: at a split on another feature,
    both sides count by their weight of training rows. So ``expected_value`` is the average over
    the rows each tree grew on, and unused features have exactly 0. Where a value is missing, what
    the split does with such rows counts for the split's own feature.

    O(n m u) for u features on a path, see mlcore.inspection.tree_paths; memory as for the result.
    TypeError for other models.

    Source: Lundberg et al. (2020), From local explanations to global understanding with
    explainable AI for trees, Nature Machine Intelligence 2.

    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 0.0, 0.0, 8.0]
    >>> found = tree_shap(DecisionTreeRegressor().fit(X, y), X)
    >>> found.expected_value, found.values[[1, 3]].round(12).tolist()
    (2.0, [[-3.0, 1.0], [3.0, 3.0]])
    """
    if not isinstance(model, Model):
        raise TypeError(
            f"A {type(model).__name__} was given, but one of mlcore's decision trees or random "
            f"forests was expected. {_way_in(model)}"
        )
    check_is_fitted(model)
    array = model._check_predict_features(X)
    trees = model.trees_ if hasattr(model, "trees_") else [model.tree_]
    if not hasattr(model, "classes_"):
        values, expected = forest_shapley_values(trees, array)
        return ShapleyValues(values[:, :, 0], float(expected[0]))
    values, expected = forest_shapley_values(trees, array, last_by_sum=True)
    return ShapleyValues(values, expected, getattr(model, "classes_", None))


def _way_in(model: Any) -> str:
    """Say how to get at the trees of a model that is not made of trees alone."""
    if isinstance(getattr(model, "steps", None), list):
        return (
            "Pass its last step, and what the steps before make of X: "
            "tree_shap(pipe[-1], pipe[:-1].transform(X))."
        )
    if hasattr(model, "best_estimator_"):
        return "Pass its best_estimator_."
    return "For linear scores there is linear_shap."


def forest_shapley_values(
    trees: Sequence[Tree], X: FloatArray, *, last_by_sum: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return phi (n, d, k) and the expected value (k,) of the mean of some trees.

    With ``last_by_sum`` the values of a node sum to 1, so that a feature's shares sum to 0 over the
    classes, and those of the last class need not be computed.
    """
    k = trees[0].value.shape[1]
    phi = np.zeros((*X.shape, k))
    computed = phi[:, :, : k - 1] if last_by_sum else phi
    for tree in trees:
        computed += Paths.of(tree).shapley_values(X, tree.value[:, : computed.shape[2]])
    phi /= len(trees)
    if last_by_sum:
        phi[:, :, -1] = 0.0 - computed.sum(axis=2)
    return phi, np.mean([mean_of_leaves(tree) for tree in trees], axis=0)


def mean_of_leaves(tree: Tree) -> FloatArray:
    """Return the mean value of the leaves (k,), each as often as it has weight."""
    weight = tree.weighted_n_node_samples * tree.is_leaf
    return weight @ tree.value / weight.sum()
