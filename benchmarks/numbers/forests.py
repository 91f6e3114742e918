"""Figures of random forests for each reference entry, of one forest a seed.

``kinds`` says whose forests: mlcore's by default, scikit-learn's in references/tree_peers.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.tables import read_table
from mlcore import RandomForestClassifier, RandomForestRegressor
from mlcore.checks import FloatArray

SEEDS = 50


class Kinds(NamedTuple):
    """The two kinds of forests, and the name of the list of their trees."""

    classifier: Any = RandomForestClassifier
    regressor: Any = RandomForestRegressor
    trees: str = "trees_"


def forests(entry: Entry, kinds: Kinds = Kinds()) -> dict[str, Any]:  # noqa: B008 is immutable
    """Return the figures of a forest for each seed, (SEEDS,) each, importances (SEEDS, d)."""
    X, y, _ = read_table(entry)
    test = np.isin(np.arange(len(y)), entry.dataset["test_index0"])
    rows = [forest_figures(entry, kinds, X, y, test, seed) for seed in range(SEEDS)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def forest_figures(
    entry: Entry, kinds: Kinds, X: FloatArray, y: FloatArray, test: Any, seed: int
) -> dict[str, Any]:
    """Return the figures of the forest of one seed, trained on the rows that are not for the test."""
    params = entry.params
    numbers = "oob_mse" in entry.expected["sklearn"]["stats"]
    model = (kinds.regressor if numbers else kinds.classifier)(
        n_estimators=params["n_trees"],
        max_features=params["max_features"],
        min_samples_leaf=params["min_samples_leaf"],
        min_samples_split=params["nodesize"] + 1,  # as R means its nodesize
        oob_score=True,
        n_jobs=2,
        random_state=seed,
    ).fit(X[~test], y[~test])
    trees = [getattr(tree, "tree_", tree) for tree in getattr(model, kinds.trees)]
    figures = {
        "mean_leaves": np.mean([(tree.node_count + 1) / 2 for tree in trees]),
        "mean_depth": np.mean([depth(tree) for tree in trees]),
        "mdi_importance": model.feature_importances_,
    }
    if numbers:
        return figures | {
            "oob_mse": np.mean((model.oob_prediction_ - y[~test]) ** 2),
            "test_mse": np.mean((model.predict(X[test]) - y[test]) ** 2),
        }
    P, truth = model.predict_proba(X[test]), np.searchsorted(model.classes_, y)
    out = model.oob_decision_function_
    return figures | {
        "oob_error": np.mean(out.argmax(axis=1) != truth[~test]),
        "test_error": np.mean(P.argmax(axis=1) != truth[test]),
        "oob_true_class_share": np.mean(np.take_along_axis(out, truth[~test, None], axis=1)),
        "test_true_class_share": np.mean(np.take_along_axis(P, truth[test, None], axis=1)),
    }


def depth(tree: Any) -> int:
    """Return the number of splits above the deepest leaf; children have higher numbers."""
    below = np.zeros(tree.node_count, dtype=np.int64)
    for node in np.flatnonzero(tree.children_left >= 0)[::-1]:
        below[node] = 1 + max(below[tree.children_left[node]], below[tree.children_right[node]])
    return int(below[0])
