"""Slow, plain versions of what the library does fast: loops, fractions, every pair and every cut."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np


def gini(labels, weights):
    """Weight times Gini impurity of a node, exactly."""
    total = sum(weights, Fraction(0))
    squares = sum(
        sum((w for y, w in zip(labels, weights, strict=True) if y == c), Fraction(0)) ** 2
        for c in set(labels)
    )
    return total - squares / total if total else Fraction(0)


def squared_error(targets, weights):
    """Weighted sum of squares about the mean of a node, exactly."""
    total = sum(weights, Fraction(0))
    pairs = [(Fraction(y), w) for y, w in zip(targets, weights, strict=True)]
    sum_y = sum((w * y for y, w in pairs), Fraction(0))
    return sum((w * y * y for y, w in pairs), Fraction(0)) - (sum_y**2 / total if total else 0)


def class_shares(labels, weights):
    """Each label's share of a node's weight."""
    total = sum(weights, Fraction(0))
    pairs = list(zip(labels, weights, strict=True))
    return {c: float(sum(w for y, w in pairs if y == c) / total) for c in set(labels)}


def mean(targets, weights):
    """The mean target of a node, under the one name 0."""
    pairs = zip(targets, weights, strict=True)
    return {0: float(sum(Fraction(y) * w for y, w in pairs) / sum(weights, Fraction(0)))}


def best_split(X, y, w, min_leaf=1, cost_of=gini):
    """The best (cost, feature, threshold) by trying every cut of every feature, or None.

    Costs are fractions, so ties are ties: the lowest feature, then the lowest threshold.
    """
    best = None
    for feature in range(X.shape[1]):
        values = sorted(set(X[:, feature].tolist()))
        for low, high in pairwise(values):
            threshold = 0.5 * low + 0.5 * high
            left = X[:, feature] <= low
            if left.sum() < min_leaf or (~left).sum() < min_leaf:
                continue
            cost = sum(
                cost_of(y[side].tolist(), [w[i] for i in np.flatnonzero(side)])
                for side in (left, ~left)
            )
            if best is None or cost < best[0]:
                best = (cost, feature, threshold)
    return best


def readable_tree(
    X,
    y,
    w=None,
    depth=0,
    max_depth=np.inf,
    min_leaf=1,
    min_split=2,
    cost_of=gini,
    value=class_shares,
):
    """A tree by sorting, scanning, splitting and recursing: nested (feature, threshold, l, r)."""
    w = [Fraction(1)] * len(y) if w is None else w
    leaf = ("leaf", len(y), value(y.tolist(), w))
    if len(set(y.tolist())) == 1 or depth >= max_depth or len(y) < max(min_split, 2 * min_leaf):
        return leaf
    split = best_split(X, y, w, min_leaf, cost_of)
    if split is None:
        return leaf
    _, feature, threshold = split
    children = []
    for side in (X[:, feature] <= threshold, X[:, feature] > threshold):
        weights, limits = [w[i] for i in np.flatnonzero(side)], (max_depth, min_leaf, min_split)
        children.append(
            readable_tree(X[side], y[side], weights, depth + 1, *limits, cost_of, value)
        )
    return (feature, threshold, *children)


def nested(tree, classes, node=0):
    """A fitted Tree in the form of readable_tree; classes are [0] for numbers."""
    if tree.children_left[node] == -1:
        pairs = zip(classes, tree.value[node], strict=True)
        shares = {c: float(v) for c, v in pairs if v > 0 or len(classes) == 1}
        return ("leaf", int(tree.n_node_samples[node]), shares)
    return (
        int(tree.feature[node]),
        float(tree.threshold[node]),
        nested(tree, classes, tree.children_left[node]),
        nested(tree, classes, tree.children_right[node]),
    )


def same_tree(a, b):
    """Whether two nested trees are equal, thresholds exactly and shares to 1e-12."""
    if a[0] == "leaf" or b[0] == "leaf":
        return (
            a[:2] == b[:2]
            and a[2].keys() == b[2].keys()
            and all(abs(a[2][c] - b[2][c]) < 1e-12 * max(1, abs(a[2][c])) for c in a[2])
        )
    return a[:2] == b[:2] and same_tree(a[2], b[2]) and same_tree(a[3], b[3])


def auc_of_pairs(y, score, w=None):
    """The share of (positive, negative) pairs in the right order, ties counting half."""
    w = np.ones(len(y)) if w is None else w
    won = total = 0.0
    for i in np.flatnonzero(y == 1):
        for j in np.flatnonzero(y == 0):
            won += w[i] * w[j] * (score[i] > score[j]) + w[i] * w[j] * 0.5 * (score[i] == score[j])
            total += w[i] * w[j]
    return won / total


def newton_logistic(X, y, w=None, alpha=0.0, steps=60):
    """Coefficients, intercept first, of binary logistic regression by Newton's method."""
    A = np.column_stack([np.ones(len(X)), X])
    w = np.ones(len(X)) if w is None else w
    ridge = alpha * np.eye(A.shape[1])
    ridge[0, 0] = 0.0
    theta = np.zeros(A.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-A @ theta))
        gradient = A.T @ (w * (p - y)) / w.sum() + ridge @ theta
        hessian = (A * (w * p * (1 - p))[:, None]).T @ A / w.sum() + ridge
        theta = theta - np.linalg.solve(hessian, gradient)
    return theta
