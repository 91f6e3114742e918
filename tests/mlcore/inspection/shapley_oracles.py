"""Shapley values from their definition: every subset of features, and a tree walked recursively."""

from itertools import combinations
from math import factorial

import numpy as np


def shapley_values(v, d):
    """The shares (d, k) of a game v, which maps a frozenset of features to a value (k,)."""
    known = {frozenset(s): v(frozenset(s)) for r in range(d + 1) for s in combinations(range(d), r)}
    phi = []
    for j in range(d):
        phi.append(
            sum(
                factorial(len(s))
                * factorial(d - len(s) - 1)
                / factorial(d)
                * (known[s | {j}] - v_s)
                for s, v_s in known.items()
                if j not in s
            )
        )
    return np.array(phi)


def expected_value(tree, x, known, node=0):
    """EXPVALUE of Lundberg, Erion & Lee: the row decides at known features, the weights elsewhere."""
    left, right = tree.children_left[node], tree.children_right[node]
    if left < 0:
        return tree.value[node]
    feature = int(tree.feature[node])
    if feature in known:
        goes_left = decision(tree, node, x[feature])
        return expected_value(tree, x, known, left if goes_left else right)
    weight = tree.weighted_n_node_samples
    return sum(
        weight[child] / weight[node] * expected_value(tree, x, known, child)
        for child in (left, right)
    )


def decision(tree, node, value):
    """Whether a value goes left, missing ones to their learned side, categories to theirs."""
    if tree.routes is None:
        return value <= tree.threshold[node]
    if np.isnan(value):
        return tree.routes.missing_go_to_left[node]
    if tree.routes.n_sides[node] == 0:
        return value <= tree.threshold[node]
    sides, code = tree.routes.sides_of(node), int(value)
    if not 0 <= code < len(sides) or sides[code] == 0:
        return tree.routes.unseen_go_to_left[node]
    return sides[code] == 1


def tree_shapley_values(tree, X):
    """The shares (n, d, k) of each row."""
    return np.array(
        [shapley_values(lambda s, x=x: expected_value(tree, x, s), len(x)) for x in np.asarray(X)]
    )
