"""Figures of decision trees for each reference entry: whole trees, first splits, odd data.

``kinds`` says whose trees: mlcore's by default, scikit-learn's in references/tree_peers.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.nodes import described
from benchmarks.numbers.tables import Table, read_table
from mlcore import DecisionTreeClassifier, DecisionTreeRegressor

NEAR = 1e-6  # scikit-learn rounds X to float32, thresholds between its values with it
ROUNDED = ("adjacent_floats",)  # of one float32, but ours would tell the float64 apart


class Kinds(NamedTuple):
    """The two kinds of trees, for classes and for numbers, to be called with their parameters."""

    classifier: Any = DecisionTreeClassifier
    regressor: Any = DecisionTreeRegressor

    def of(self, criterion: str | None, **params: Any) -> Any:
        """Return the tree for a criterion, not fitted yet."""
        if criterion == "squared_error":
            return self.regressor(random_state=0, **params)
        return self.classifier(criterion=criterion or "gini", random_state=0, **params)


def structure(entry: Entry, kinds: Kinds = Kinds()) -> dict[str, Any]:  # noqa: B008 is immutable
    """Return every node of a tree."""
    table = read_table(entry)
    return described(kinds.of(**entry.params).fit(*table), *table)


def root_split(entry: Entry, kinds: Kinds = Kinds()) -> dict[str, Any]:  # noqa: B008
    """Return the gain of the first split, of the best one on each column, and whether it is best."""
    X, y, w = read_table(entry)

    def gain_of(columns: slice) -> float:
        stump = kinds.of(max_depth=1, **entry.params).fit(X[:, columns], y, w)
        return float(described(stump, X[:, columns], y, w)["weighted_impurity_decrease"].sum())

    tree = kinds.of(max_depth=1, **entry.params).fit(X, y, w).tree_
    split = int(tree.feature[0]), float(tree.threshold[0])
    return {
        "root_impurity": tree.impurity[0],
        "best_gain_normalised": gain_of(slice(None)),
        "best_gain_per_feature_normalised": [gain_of(slice(j, j + 1)) for j in range(X.shape[1])],
        "is_best": float(any(is_split(split, best) for best in entry.expected["tied_splits"])),
    }


def is_split(split: tuple[int, float], best: dict[str, Any]) -> bool:
    """Whether a split (feature, threshold) cuts where a reference does."""
    feature, threshold = split
    low, high = best["left_max"], best["right_min"]
    near = NEAR * max(1.0, abs(low), abs(high))
    return feature == best["feature"] and low - near <= threshold < high + near


def edge_cases(entry: Entry, kinds: Kinds = Kinds()) -> dict[str, Any]:  # noqa: B008
    """Return the nodes of a tree on odd data, and what else the entry asks."""
    if entry.id == "iris_root_tie":
        return _iris_root(entry, kinds)
    X, y, w = read_table(entry)
    if entry.id in ROUNDED:
        X = X.astype(np.float32).astype(np.float64)
    numbers = entry.id.endswith("regression")
    limits = {} if w is None else {"max_depth": 3}
    tree = kinds.of("squared_error" if numbers else "gini", **limits)
    figures = described(tree.fit(X, y, w), X, y, w)
    if w is not None:
        times = w.astype(np.int64)
        rows = Table(np.repeat(X, times, axis=0), np.repeat(y, times), None)
        repeated = described(tree.fit(*rows), *rows)
        same = all(
            np.shape(figures[name]) == np.shape(repeated[name])
            and np.allclose(figures[name], repeated[name], rtol=0.0, atol=1e-12)
            for name in ("feature", "threshold", "value")
        )
        figures["same_splits_and_values"] = float(same)
    return figures


def _iris_root(entry: Entry, kinds: Kinds) -> dict[str, Any]:
    X, y, _ = read_table(entry)
    tree = kinds.of("gini", max_depth=1).fit(X, y).tree_
    choices = [choice.strip("()").split(",") for choice in entry.expected["root_choices"]]
    right = [
        tree.feature[0] == int(feature) and abs(tree.threshold[0] - float(threshold)) <= NEAR
        for feature, threshold in choices
    ]
    return {"is_best": float(any(right))}
