"""A grown tree as flat arrays, one entry a node, and how rows descend it.

Notation: m nodes, k classes, n rows, d features. Node 0 is the root; a parent comes before its
children, and siblings stand side by side, so the right child is always children_left + 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray

LEAF = -1  # stands in children_left and children_right of a leaf
UNDEFINED = -2  # stands in feature and threshold of a leaf


@dataclass
class Tree:
    """Flat arrays with scikit-learn's names; ``value`` (m, k) holds the class shares of a node."""

    children_left: IntArray  # (m,)
    children_right: IntArray  # (m,)
    feature: IntArray  # (m,)
    threshold: FloatArray  # (m,) rows with x <= threshold go left
    impurity: FloatArray  # (m,)
    n_node_samples: IntArray  # (m,) rows of weight above 0
    weighted_n_node_samples: FloatArray  # (m,)
    value: FloatArray  # (m, k)

    def __post_init__(self) -> None:
        """Refuse arrays that are no tree; children after their parent mean no walk is endless."""
        m = len(self.feature)
        lengths = {len(array) for array in vars(self).values()}
        parents = np.flatnonzero(self.children_left != LEAF)
        left, right = self.children_left[parents], self.children_right[parents]
        wrong = (left <= parents) | (right != left + 1) | (right >= m) | (self.feature[parents] < 0)
        if lengths != {m} or m == 0 or wrong.any():
            raise ValueError(
                "The arrays do not describe a tree: children must follow their parent."
            )

    @property
    def node_count(self) -> int:
        """Number of nodes, leaves included."""
        return len(self.feature)

    @property
    def is_leaf(self) -> np.ndarray:
        """Where a node is a leaf, (m,)."""
        return self.children_left == LEAF

    @property
    def n_leaves(self) -> int:
        """Number of leaves."""
        return int(self.is_leaf.sum())

    def depths(self) -> IntArray:
        """Return each node's distance from the root, (m,); one step a level."""
        depth = np.zeros(self.node_count, dtype=np.int64)
        level = np.array([0])
        while len(level):
            parents = level[~self.is_leaf[level]]
            children = np.concatenate([self.children_left[parents], self.children_right[parents]])
            depth[children] = np.tile(depth[parents], 2) + 1
            level = children
        return depth

    def apply(self, X: FloatArray) -> IntArray:
        """Return the leaf (n,) each row of X (n, d) falls into; O(n * depth)."""
        return Descent.through([self]).leaves(X)[:, 0]


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
