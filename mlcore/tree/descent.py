"""How rows find their leaves: all rows take one step down several trees at a time.

Notation: n rows, d features, k values of a leaf, t trees, b rows of a block · X (n, d) features.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.routes import route
from mlcore.tree.structure import LEAF, Tree

TREES_TOGETHER = 8  # few enough for their nodes to stay in the cache
PAIRS_TOGETHER = 2**15  # of a row and a tree


def leaves(tree: Tree, X: FloatArray) -> IntArray:
    """Return the leaf (n,) of one tree each row of X (n, d) falls into; O(n * depth)."""
    return route(tree, X) if tree.routes is not None else forest_leaves([tree], X)[:, 0]


def forest_leaves(trees: Sequence[Tree], X: FloatArray) -> IntArray:
    """Return each row's leaf in each tree, (n, t); O(n * t * depth)."""
    if any(tree.routes is not None for tree in trees):
        return np.stack([leaves(tree, X) for tree in trees], axis=1)
    found = np.empty((len(X), len(trees)), dtype=np.int64)
    for first in range(0, len(trees), TREES_TOGETHER):
        descent = Descent.through(trees[first : first + TREES_TOGETHER])
        for block, leaf in descent.walk(X):
            found[block, first : first + len(leaf)] = (leaf - descent.root[:, None]).T
    return found


def mean_value(trees: Sequence[Tree], X: FloatArray) -> FloatArray:
    """Return the mean over the trees of the value of each row's leaf, (n, k)."""
    total = np.zeros((len(X), trees[0].value.shape[1]))
    if any(tree.routes is not None for tree in trees):
        for tree in trees:
            total += tree.value[leaves(tree, X)]
        return total / len(trees)
    for first in range(0, len(trees), TREES_TOGETHER):
        descent = Descent.through(trees[first : first + TREES_TOGETHER])
        for block, leaf in descent.walk(X):
            for c, value in enumerate(descent.value):
                total[block, c] += value.take(leaf).sum(axis=0)
    return total / len(trees)


@dataclass(frozen=True)
class Descent:
    """Several trees laid end to end, ready for many rows to walk down all of them at once.

    Leaves point at themselves, with an infinite threshold, so a row that has arrived stays.
    """

    root: IntArray  # (t,) where each tree begins
    left: IntArray  # (nodes of all trees,)
    feature: IntArray
    threshold: FloatArray
    value: FloatArray  # (k, nodes of all trees)

    @classmethod
    def through(cls, trees: Sequence[Tree]) -> Descent:
        """Lay the trees end to end."""
        sizes = np.array([tree.node_count for tree in trees])
        root = np.cumsum(sizes) - sizes
        left = np.concatenate([tree.children_left for tree in trees])
        feature = np.concatenate([tree.feature for tree in trees])
        threshold = np.concatenate([tree.threshold for tree in trees])
        leaf = left == LEAF
        left = np.where(leaf, np.arange(len(left)), left + np.repeat(root, sizes))
        return cls(
            root,
            left,
            np.where(leaf, 0, feature),
            np.where(leaf, np.inf, threshold),
            np.ascontiguousarray(np.concatenate([tree.value for tree in trees]).T),
        )

    def walk(self, X: FloatArray) -> Iterator[tuple[slice, IntArray]]:
        """Yield blocks of rows and their leaves (t, b), numbered over all trees."""
        rows = max(1, PAIRS_TOGETHER // len(self.root))
        for start in range(0, len(X), rows):
            yield slice(start, start + rows), self._walk_block(X[start : start + rows])

    def _walk_block(self, X: FloatArray) -> IntArray:
        """Return the leaf (t, b) of each row of one block X (b, d), numbered over all trees.

        All pairs of tree and row take one step down at a time; those that have arrived are
        dropped every few steps. Cost: O(b * t * depth).
        """
        (b, d), t = X.shape, len(self.root)
        cells, node = X.ravel(), np.repeat(self.root, b)
        walking = np.arange(t * b)
        first_cell, at, step = np.tile(np.arange(b) * d, t), node.copy(), 0
        while len(walking):
            x = cells.take(first_cell + self.feature.take(at))
            at = self.left.take(at) + (x > self.threshold.take(at))
            step += 1
            if step % 4 == 0:
                node[walking] = at
                moving = np.flatnonzero(self.left.take(at) != at)
                walking, at = walking.take(moving), at.take(moving)
                first_cell = first_cell.take(moving)
        return node.reshape(t, b)
