"""A grown tree as flat arrays, one entry a node.

Notation: m nodes, k classes, n rows, d features · value (m, k). Node 0 is the root; a parent comes before its
children, and siblings stand side by side, so the right child is always children_left + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlcore.checks import FloatArray, IntArray

if TYPE_CHECKING:
    from mlcore.tree.routes import Routes

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
    routes: Routes | None = None  # where missing values and categories go; None for plain trees

    def __post_init__(self) -> None:
        """Refuse arrays that are no tree; children after their parent mean no walk is endless.

        And one parent each, for two ways to a node at every level are 2^level ways to the last.
        """
        m = len(self.feature)
        lengths = {len(array) for name, array in vars(self).items() if name != "routes"}
        if self.routes is not None:
            lengths.add(self.routes.node_count)
        parents = np.flatnonzero(self.children_left != LEAF)
        left, right = self.children_left[parents], self.children_right[parents]
        wrong = (left <= parents) | (right != left + 1) | (right >= m) | (self.feature[parents] < 0)
        if lengths != {m} or m == 0 or wrong.any() or 2 * len(left) != m - 1:
            raise ValueError(
                "The arrays do not describe a tree: children must follow their parent."
            )
        if (np.bincount(np.concatenate([left, right]), minlength=m)[1:] != 1).any():
            raise ValueError("The arrays do not describe a tree: a node has more than one parent.")

    @property
    def node_count(self) -> int:
        """Number of nodes, leaves included."""
        return len(self.feature)

    @property
    def max_depth(self) -> int:
        """Number of splits on the longest way from the root to a leaf."""
        return int(self.depths().max())

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

    @property
    def parents(self) -> IntArray:
        """Each node's parent (m,), -1 for the root."""
        parent = np.full(self.node_count, -1, dtype=np.int64)
        inner = np.flatnonzero(~self.is_leaf)
        parent[self.children_left[inner]] = parent[self.children_right[inner]] = inner
        return parent
