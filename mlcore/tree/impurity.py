"""How mixed a node is, from the weighted class counts of its rows.

Each function returns the cost of a node, which is its weight times its impurity: costs of children
add up, so the best split is the one with the least sum.

Notation: m nodes, k classes · counts (k, m) weighted class counts, classes first so that every
operation runs along a long row · w (m,) = counts summed over the classes.

Source: Breiman, Friedman, Olshen & Stone, Classification and Regression Trees, chapter 4.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray


def gini_cost(counts: FloatArray) -> FloatArray:
    """Return w * (1 - sum p²) = w - sum counts² / w, (m,).

    >>> gini_cost(np.array([[2.0, 4.0], [2.0, 0.0]]))
    array([2., 0.])
    """
    w = counts.sum(axis=0)
    return w - (counts * counts).sum(axis=0) / w


def entropy_cost(counts: FloatArray) -> FloatArray:
    """Return w * (-sum p log2 p), in bits, (m,).

    >>> entropy_cost(np.array([[2.0, 4.0], [2.0, 0.0]]))
    array([4., 0.])
    """
    w = counts.sum(axis=0)
    p = counts / w
    # p log p is 0 at p = 0: the logarithm of 1 stands in for that of 0.
    return w * np.abs((p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=0))


COSTS = {"gini": gini_cost, "entropy": entropy_cost, "log_loss": entropy_cost}
