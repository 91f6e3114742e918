"""Shapley values of one tree, exactly, by one pass down and one pass up at a few points q.

What a tree is expected to predict when only the features in S are known: at a split on one of them
the row decides, at any other both sides count, by the weight of training rows that went there. So a
leaf of value g is worth g times one number for each feature on its path: 1 or 0 if the feature is
known (on: does the row meet all the path's conditions on it?), else r, the product of the shares of
weight that went the path's way at its splits. Averaging over orders is an integral over the moment
q in [0, 1] at which j becomes known: any other feature is known by then with chance q. Hence

    phi_j = sum over leaves of g * integral of (on_j - r_j) * product over i != j of f_i dq,
    f_i = q on_i + (1 - q) r_i

whose integrand is a polynomial of degree u - 1 for u features on the path, for which Gauss and
Legendre's rule is exact at u / 2 points. No f is 0 inside (0, 1), so the product may be taken over
all features and divided by f_j, and leaves can share their work. Going down, each node multiplies
its parent's product by its own f over the f of the node above it that was last reached by a split
on the same feature. Going up, S is the sum of product * g over the leaves below. With
h = (on - r) / f, every node other than the root adds to its feature

    integral of S * (h - h of that node above) dq

since along a path these differences leave the h of the last split on the feature, as wanted. For
one row the cost is O(m u): each node once for each q.

Notation: m nodes, s splits, d features, k values of a leaf, b rows of a block. Nodes are numbered
level by level, so that the children of split i are the nodes 2 i + 1 and 2 i + 2. A node's feature
is that of the split above it. The root stands for "no split on this feature above": on = r = 1.

Source: Lundberg, Erion & Lee (2018), Consistent individualized feature attribution for tree
ensembles, arXiv 1802.03888, for what is known in a tree; Yu, Xu, Bifet & Read (2022), Linear TreeShap,
NeurIPS 35, for one polynomial shared by the leaves; Owen (1972), Multilinear extensions of games,
for the integral.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.routes import route
from mlcore.tree.structure import LEAF, UNDEFINED, Tree

CELLS_TOGETHER = 2**17  # of a node and a row: arrays of 1 MB


@dataclass(frozen=True)
class Paths:
    """A tree with all that does not depend on the row, ready for blocks of rows."""

    tree: Tree
    node: IntArray  # (m,) the tree's own numbers of the nodes
    split: IntArray  # (s,) which of ours are split
    levels: list[slice]  # of split, one for each level
    feature: IntArray  # (m,) that of the split above
    above: IntArray  # (m,) last node on the way here with the same feature, else 0
    product: FloatArray  # (points, m * 3) what a node multiplies its parent's product by
    share: FloatArray  # (points, m * 3) what S is multiplied by

    @classmethod
    def of(cls, tree: Tree) -> Paths:
        """Renumber the nodes of a tree level by level, and prepare its tables."""
        rows = by_level(tree)
        node = np.concatenate(rows)
        split = np.flatnonzero(~tree.is_leaf[node])
        ends = np.cumsum([0] + [len(row) // 2 for row in rows[1:]])
        levels = [slice(*pair) for pair in pairwise(ends.tolist())]
        parent = np.append(0, np.repeat(split, 2))  # the root's is the root
        feature = np.append(UNDEFINED, np.repeat(tree.feature[node[split]], 2))
        above = last_above(parent, feature)
        weight = tree.weighted_n_node_samples[node]
        product, share = tables(weight / weight[parent], parent, above, levels)
        return cls(tree, node, split, levels, feature, above, product, share)

    def shapley_values(self, X: FloatArray, values: FloatArray) -> FloatArray:
        """Return phi (n, d, k) of the rows X (n, d), for leaves of the values (m, k).

        Blocks of rows keep the memory at O(m + CELLS_TOGETHER) beside the result.
        """
        phi = np.zeros((*X.shape, values.shape[1]))
        value = np.where(self.tree.is_leaf[:, None], values, 0.0)[self.node].T  # (k, m)
        order = np.argsort(self.feature[1:], kind="stable") + 1
        used, first = np.unique(self.feature[order], return_index=True)
        if len(used) == 0:
            return phi
        b = max(1, CELLS_TOGETHER // len(self.node))
        for start in range(0, len(X), b):
            block = X[start : start + b]
            added = self._added(self._case(block), value)  # (k, m, b)
            phi[start : start + b, used] = np.add.reduceat(added[:, order], first, axis=1).T
        return phi

    def _case(self, X: FloatArray) -> IntArray:
        """Return each node's place in the tables for each row, (m, b): 3 * node + 0, 1 or 2.

        2 if the row meets all conditions on the node's feature up to the node, 1 if all but the
        last split's, 0 if it failed before.
        """
        on = np.ones((len(self.node), len(X)), dtype=bool)
        left = goes_left(self.tree, self.node[self.split], X)
        for level in self.levels:
            before = on[self.above[2 * np.arange(level.start, level.stop) + 1]]
            pair = self._children(on, level)
            np.logical_and(before, left[level], out=pair[:, 0])
            np.logical_and(before, ~left[level], out=pair[:, 1])
        case = 3 * np.arange(len(on))[:, None] + on
        case += on[self.above]
        return case

    def _added(self, case: IntArray, value: FloatArray) -> FloatArray:
        """Return what each node adds to its feature's share, (k, m, b)."""
        added = np.zeros((len(value), *case.shape))
        for product, share in zip(self.product, self.share, strict=True):  # one point q
            reach = product.take(case)
            for level in self.levels:
                self._children(reach, level)[:] *= reach[self.split[level], None]
            weight = share.take(case)
            for g, total in zip(value, added, strict=True):
                below = reach * g[:, None]  # S, of the leaves so far
                for level in reversed(self.levels):
                    pair = self._children(below, level)
                    below[self.split[level]] = pair[:, 0] + pair[:, 1]
                below *= weight
                total += below
        return added

    @staticmethod
    def _children(array: NDArray, level: slice) -> NDArray:
        """Return a view (splits of the level, 2, b) of the children's part of an array (m, b)."""
        return array[2 * level.start + 1 : 2 * level.stop + 1].reshape(-1, 2, array.shape[1])


def by_level(tree: Tree) -> list[IntArray]:
    """Return the nodes of each level, children in the order of their parents."""
    rows = [np.array([0])]
    while True:
        split = rows[-1][~tree.is_leaf[rows[-1]]]
        if len(split) == 0:
            return rows
        rows.append((tree.children_left[split][:, None] + np.arange(2)).ravel())


def last_above(parent: IntArray, feature: IntArray) -> IntArray:
    """Return each node's nearest ancestor of the same feature, 0 where there is none, (m,).

    All nodes climb together: O(m * depth).
    """
    above = parent.copy()
    climbing = np.flatnonzero(above)
    while len(climbing):
        climbing = climbing[feature[above[climbing]] != feature[climbing]]
        above[climbing] = parent[above[climbing]]
        climbing = climbing[above[climbing] > 0]
    return above


def tables(
    went: FloatArray, parent: IntArray, above: IntArray, levels: list[slice]
) -> tuple[FloatArray, FloatArray]:
    """Return f / f above, and (h - h above) * the point's weight, both (points, m * 3).

    A node has one entry for each case of Paths._case. ``went`` (m,) is the share of the parent's
    weight that went to the node.
    """
    r, features = np.ones(len(parent)), np.zeros(len(parent), dtype=np.int64)
    for level in levels:
        v = np.arange(2 * level.start + 1, 2 * level.stop + 1)
        r[v] = r[above[v]] * went[v]
        features[v] = features[parent[v]] + (above[v] == 0)
    x, weight = np.polynomial.legendre.leggauss(max(1, (int(features.max()) + 1) // 2))
    q, weight = (x[:, None] + 1) / 2, weight[:, None] / 2  # from [-1, 1] to [0, 1]
    f_on, f_off = q + (1 - q) * r, (1 - q) * r
    h_on, h_off = (1 - r) / f_on, -1 / (1 - q)
    once_on = f_on[:, above], h_on[:, above]
    product = np.stack([went + 0 * q, f_off / once_on[0], f_on / once_on[0]], axis=2)
    share = np.stack([0 * f_on, h_off - once_on[1], h_on - once_on[1]], axis=2)
    return product.reshape(len(q), -1), (share * weight[:, None]).reshape(len(q), -1)


def goes_left(tree: Tree, splits: IntArray, X: FloatArray) -> BoolArray:
    """Return whether each row of X (b, d) goes left at each of some splits, (s, b), be it there or not.

    Where a split asks surrogates, their answer counts as that of the split's own feature.
    """
    if tree.routes is None:
        return X.T[tree.feature[splits]] <= tree.threshold[splits, None]
    stumps = (stump(tree, split) for split in splits)
    return np.array([route(one, X) == 1 for one in stumps]).reshape(len(splits), len(X))


def stump(tree: Tree, split: int) -> Tree:
    """Return the tree of one split of a tree, as node 0, and its children, as leaves."""
    left = int(tree.children_left[split])
    nodes, is_leaf = np.array([split, left, left + 1]), np.array([False, True, True])
    columns = {
        name: array[nodes]
        for name, array in vars(tree).items()
        if name not in ("children_left", "children_right", "routes")
    }
    routes = None if tree.routes is None else tree.routes.take(nodes, is_leaf)
    ends = np.array([[1, LEAF, LEAF], [2, LEAF, LEAF]])
    return Tree(children_left=ends[0], children_right=ends[1], **columns, routes=routes)
