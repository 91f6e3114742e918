"""A whole tree by recursion: cut, and do the same with each side.

A tree is a dict. A leaf has one key, a node that is split has five:

    {"counts": [zeros, ones]}
    {"counts": [zeros, ones], "feature": j, "threshold": t, "left": a tree, "right": a tree}

``counts`` are how many of the node's pupils have y 0 and y 1. Rows with X[:, j] <= t go left.

``X`` is (n, d), ``y`` (n,) is 0 or 1, ``max_depth`` the most splits between the root and a leaf (0: the
root is a leaf). ``best_split(X, y)`` is given: it returns (feature, threshold, gain) as in exercise
15, and feature -1 where nothing can be cut.

Make a leaf where the depth is used up, where all y are the same, or where there is no cut. Do not
stop at a gain of 0: the next split may gain all (tutorial 6, the exclusive or).

>>> def best_split(X, y): return (0, 1.5, 0.5)
>>> grow(np.array([[1.0], [2.0]]), np.array([0, 1]), 1, best_split)["right"]
{'counts': [0, 1]}
"""

import numpy as np


def grow(X, y, max_depth, best_split):
    """Return the tree of the rows X (n, d) with labels y (n,) of 0 and 1."""
    # your turn
    ones = int(np.sum(y))
    node = {"counts": [len(y) - ones, ones]}
    if max_depth == 0 or ones in (0, len(y)):
        return node
    feature, threshold, _ = best_split(X, y)
    if feature < 0:
        return node
    left = X[:, feature] <= threshold
    return node | {
        "feature": feature,
        "threshold": threshold,
        "left": grow(X[left], y[left], max_depth - 1, best_split),
        "right": grow(X[~left], y[~left], max_depth - 1, best_split),
    }
    # until here
