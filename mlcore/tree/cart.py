"""The decision tree classifier: what it is told, what it grew, and what it says of new rows.

Notation: n rows, d features, k classes, m nodes · X (n, d) · y (n,) labels · w (n,) weights ·
P (n, k) probabilities.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    IntArray,
    RandomState,
    check_choice,
    check_generator,
    check_integer,
    check_is_fitted,
    check_real,
)
from mlcore.estimator import Classifier
from mlcore.tree.growth import Entries, Limits, grow
from mlcore.tree.impurity import COSTS
from mlcore.tree.ranked import Ranked
from mlcore.tree.structure import Tree


def class_stats(y: IntArray, w: FloatArray, k: int) -> FloatArray:
    """Return (k, N): each entry's weight in the line of its class, zeros elsewhere."""
    stats = np.zeros((k, len(y)))
    stats[y, np.arange(len(y))] = w
    return stats


def count_features(max_features: Any, d: int) -> int | None:
    """Return how many features a node draws: from "sqrt", "log2", a count, a share or None."""
    if max_features is None:
        return None
    if max_features == "sqrt":
        return max(1, int(np.sqrt(d)))
    if max_features == "log2":
        return max(1, int(np.log2(d)))
    if isinstance(max_features, numbers.Integral) and not isinstance(max_features, bool):
        check_integer("max_features", max_features, 1)
        return min(int(max_features), d)
    if isinstance(max_features, float) and 0.0 < max_features <= 1.0:
        return max(1, int(max_features * d))
    raise ValueError(
        f"max_features is {max_features!r}, but None, 'sqrt', 'log2', a count from 1 or a share in "
        "(0, 1] was expected. Try max_features='sqrt'."
    )


def check_limits(model: Any, d: int) -> Limits:
    """Check the growth parameters of a tree or forest and return them as Limits."""
    check_choice("criterion", model.criterion, tuple(COSTS))
    check_integer("max_depth", model.max_depth, 1, none=True)
    check_integer("min_samples_split", model.min_samples_split, 2)
    check_integer("min_samples_leaf", model.min_samples_leaf, 1)
    check_real("min_impurity_decrease", model.min_impurity_decrease, 0.0)
    return Limits(
        max_depth=np.inf if model.max_depth is None else model.max_depth,
        min_samples_split=max(model.min_samples_split, 2 * model.min_samples_leaf),
        min_samples_leaf=model.min_samples_leaf,
        min_impurity_decrease=model.min_impurity_decrease,
        max_features=count_features(model.max_features, d),
    )


def impurity_importances(tree: Tree, d: int) -> FloatArray:
    """Return each feature's share (d,) of the impurity the tree removed; zeros for a lone leaf."""
    cost = tree.weighted_n_node_samples * tree.impurity
    parents = np.flatnonzero(~tree.is_leaf)
    children = cost[tree.children_left[parents]] + cost[tree.children_right[parents]]
    removed = np.bincount(tree.feature[parents], weights=cost[parents] - children, minlength=d)
    total = removed.sum()
    return np.asarray(removed / total if total > 0 else removed, dtype=np.float64)


class DecisionTreeClassifier(Classifier):
    """Split rows on one feature at a time, ``x <= threshold`` to the left, until nodes are pure.

    Each split is the one that lowers the summed impurity of the two children most; of equal ones
    the lowest feature, then the lowest threshold. Rows of weight 0 are left out.

    Parameters
    ----------
    criterion : "gini", or "entropy" (also called "log_loss").
    max_depth : most splits between the root and a leaf; None for no limit.
    min_samples_split, min_samples_leaf : least rows in a node that is split, and in a child.
    min_impurity_decrease : least decrease of impurity, weighted by the node's share of all rows.
    max_features : features drawn for each node: None (all), "sqrt", "log2", a count or a share.
    class_weight : None, "balanced", or a weight for each label.
    random_state : seed of the draws; without effect while max_features is None.

    Attributes
    ----------
    tree_ (flat arrays, see mlcore.tree.structure), classes_ (k,), feature_importances_ (d,).

    Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees.

    >>> model = DecisionTreeClassifier().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> model.predict([[0, 1], [1, 1]]).tolist(), model.get_depth()
    ([1, 0], 2)
    """

    def __init__(
        self,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int = 2,
        min_samples_leaf: int = 1,
        min_impurity_decrease: float = 0.0,
        max_features: Any = None,
        class_weight: Any = None,
        random_state: RandomState = None,
    ) -> None:
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_impurity_decrease = min_impurity_decrease
        self.max_features = max_features
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> DecisionTreeClassifier:
        """Grow the tree; O(depth * d * n (log n + k))."""
        array, index, w, _ = self._check_fit(X, y, sample_weight)
        limits = check_limits(self, array.shape[1])
        roots = np.zeros(len(array), dtype=np.int64)
        stats = class_stats(index, w, len(self.classes_))
        entries = Entries(np.arange(len(array)), roots, stats)
        generator = check_generator(self.random_state)
        (self.tree_,) = grow(Ranked.of(array), entries, COSTS[self.criterion], limits, [generator])
        return self

    def apply(self, X: ArrayLike) -> IntArray:
        """Return the number of the leaf (n,) each row falls into."""
        return self.tree_.apply(self._check_predict_features(X))

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the class shares of each row's leaf."""
        array = self._check_predict_features(X)
        return self.tree_.value[self.tree_.apply(array)]

    @property
    def feature_importances_(self) -> FloatArray:
        """Each feature's share (d,) of the impurity removed; it favours columns of many values."""
        check_is_fitted(self)
        return impurity_importances(self.tree_, self.n_features_in_)

    def get_depth(self) -> int:
        """Return the number of splits on the longest way from the root to a leaf."""
        check_is_fitted(self)
        return int(self.tree_.depths().max())

    def get_n_leaves(self) -> int:
        """Return the number of leaves."""
        check_is_fitted(self)
        return self.tree_.n_leaves
