"""The weakest link: the split that saves least for each leaf it costs.

A tree is a dict as in exercise 16: {"counts": [zeros, ones]} for a leaf, and for a split also
"feature", "threshold", "left" and "right". With n pupils in the whole tree and n_t in node t:

    R(t)  = n_t / n * gini(t)                      what t would cost as a leaf
    R(T_t) = the sum of R over the leaves below t   what it costs as it is
    alpha = (R(t) - R(T_t)) / (leaves below t - 1)  what each leaf saves, for every split node t

The node of the least alpha is the weakest link. Return (alpha, tree): its alpha, and the tree in which
it is a leaf, a dict with "counts" alone. Of equal alphas (to 1e-12) take the node met first on a walk
that visits a node, then all of its left side, then its right side. The tree has at least one split
and must not be changed. Explained in tutorial 6.

>>> tree = {
...     "counts": [2, 2], "feature": 0, "threshold": 0.5,
...     "left": {"counts": [2, 0]}, "right": {"counts": [0, 2]},
... }
>>> prune(tree)
(0.5, {'counts': [2, 2]})
"""

import numpy as np


def prune(tree):
    """Return the alpha of the weakest link, and the tree without the splits below it."""
    # your turn
    n = sum(tree["counts"])

    def cost(node):
        counts = np.array(node["counts"])
        return float(counts.sum() - (counts**2).sum() / counts.sum()) / n  # n_t / n * gini

    def leaves(node):
        return leaves(node["left"]) + leaves(node["right"]) if "left" in node else [node]

    def weakest(node):
        """Return the least alpha in a branch, and the node it is of."""
        if "left" not in node:
            return np.inf, node
        below = leaves(node)
        best = (cost(node) - sum(map(cost, below))) / (len(below) - 1), node
        for side in ("left", "right"):
            other = weakest(node[side])
            if other[0] < best[0] - 1e-12:
                best = other
        return best

    def without(node, gone):
        """Return a copy of a branch in which the node that is gone is a leaf."""
        if node is gone:
            return {"counts": node["counts"]}
        if "left" not in node:
            return node
        sides = {side: without(node[side], gone) for side in ("left", "right")}
        return node | sides

    alpha, link = weakest(tree)
    return alpha, without(tree, link)
    # until here
