"""How rows find their leaves: all rows take one step down all trees at a time.

Notation: n rows, d features, t trees, b rows of a block · X (n, d) features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.structure import LEAF, Tree


def leaves(tree: Tree, X: FloatArray) -> IntArray:
    """Return the leaf (n,) of one tree each row of X (n, d) falls into; O(n * depth)."""
    return Descent.through([tree]).leaves(X)[:, 0]


@dataclass(frozen=True)
class Descent:
    """Several trees laid end to end, ready for many rows to walk down all of them at once.

    Leaves point at themselves, with an infinite threshold, so a row that has arrived stays.
    """

    root: IntArray  # (t,) where each tree begins
    left: IntArray  # (nodes of all trees,)
    feature: IntArray
    threshold: FloatArray
    value: FloatArray  # (nodes of all trees, k)

    @classmethod
    def through(cls, trees: list[Tree]) -> Descent:
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
            np.concatenate([tree.value for tree in trees]),
        )

    def blocks(self, n: int) -> list[slice]:
        """Return slices of n rows, small enough for the work on one to stay in the cache."""
        rows = max(1, 2**15 // len(self.root))
        return [slice(start, start + rows) for start in range(0, n, rows)]

    def leaves(self, X: FloatArray) -> IntArray:
        """Return each row's leaf in each tree, numbered within its tree, (n, t)."""
        found = np.empty((len(X), len(self.root)), dtype=np.int64)
        for block in self.blocks(len(X)):
            found[block] = self._walk(X[block])
        return found - self.root

    def mean_value(self, X: FloatArray) -> FloatArray:
        """Return the mean over the trees of the value (k,) of each row's leaf, (n, k)."""
        mean = np.empty((len(X), self.value.shape[1]))
        for block in self.blocks(len(X)):
            mean[block] = self.value[self._walk(X[block])].mean(axis=1)
        return mean

    def _walk(self, X: FloatArray) -> IntArray:
        """Return the leaf (b, t) of each row of one block X (b, d), numbered over all trees.

        All pairs of row and tree take one step down at a time; those that have arrived are
        dropped every few steps. Cost: O(b * t * depth).
        """
        (b, d), t = X.shape, len(self.root)
        cells, node = X.ravel(), np.tile(self.root, b)
        walking = np.arange(b * t)
        first_cell, at, step = np.repeat(np.arange(b) * d, t), node.copy(), 0
        while len(walking):
            x = cells.take(first_cell + self.feature.take(at))
            at = self.left.take(at) + (x > self.threshold.take(at))
            step += 1
            if step % 4 == 0:
                node[walking] = at
                moving = np.flatnonzero(self.left.take(at) != at)
                walking, at = walking.take(moving), at.take(moving)
                first_cell = first_cell.take(moving)
        return node.reshape(b, t)
