"""What the tests of trees with holes and categories share: data, and a short way to grow."""

import numpy as np

from mlcore.tree.impurity import ENTROPY, GINI, SQUARED_ERROR, class_stats, target_stats
from mlcore.tree.limits import Limits
from mlcore.tree.nodewise import grow_by_nodes

CRITERIA = {"gini": GINI, "entropy": ENTROPY, "squared_error": SQUARED_ERROR}


def grow(X, y, w=None, *, criterion="gini", categories=None, missing=None, seed=0, **limits):
    """A tree of X (lists with None or NaN are welcome); y are class numbers, or numbers."""
    X = np.array(X, dtype=float)
    w = np.ones(len(X)) if w is None else np.asarray(w, dtype=float)
    if criterion == "squared_error":
        stats = target_stats(np.asarray(y, dtype=float), w)
    else:
        stats = class_stats(np.asarray(y), w, int(np.max(y)) + 1)
    return grow_by_nodes(
        X,
        stats,
        CRITERIA[criterion],
        Limits(**limits),
        n_categories=np.zeros(X.shape[1], int) if categories is None else np.array(categories),
        missing=missing,
        generator=np.random.default_rng(seed),
    )


def mixed_table(seed, n=None, k=3):
    """Two numeric columns and two categorical ones, a fifth of the values missing."""
    rng = np.random.default_rng(seed)
    n = n or int(rng.integers(5, 60))
    X = np.column_stack(
        [rng.integers(0, 9, n), rng.normal(size=n), rng.integers(0, 4, n), rng.integers(0, 6, n)]
    ).astype(float)
    y = (X[:, 0] + 2 * (X[:, 2] == 1) + rng.normal(size=n)) // 4 % k
    X[rng.random(X.shape) < 0.2] = np.nan
    return rng, X, y.astype(int), [0, 0, 4, 6]


def cost_of(tree, node=0):
    """The summed cost of a node's children."""
    cost = tree.weighted_n_node_samples * tree.impurity
    return cost[tree.children_left[node]] + cost[tree.children_right[node]]
