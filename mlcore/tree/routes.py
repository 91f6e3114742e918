"""Where rows go whose value is missing, or a category: what a tree needs beside thresholds.

A row comes to a node that splits on a feature. If its value is a number, the threshold decides; if
it is a category the node has seen, the category's side. Otherwise the node's surrogates are asked,
best first; and if there are none, or the row lacks their values too, it goes where the node sends
such rows: missing ones to the side learned for them or to the heavier one, new categories to the
heavier one.

Notation: m nodes, n rows, d features · r surrogates of all nodes · sides of a category: 1 left, -1
right, 0 not seen by the node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.structure import Tree


@dataclass
class Routes:
    """Flat arrays, one entry a node; surrogates follow each other, by node and then best first.

    Sides of categories are kept end to end: those of node 0, then of node 1, and so on. A node
    with a numeric split has none.
    """

    missing_go_to_left: BoolArray  # (m,)
    unseen_go_to_left: BoolArray  # (m,)
    n_sides: IntArray  # (m,) categories of the feature of a categorical split, else 0
    sides: NDArray[np.int8]
    surrogate_node: IntArray  # (r,) rising
    surrogate_feature: IntArray  # (r,)
    surrogate_threshold: FloatArray  # (r,)
    surrogate_below_left: BoolArray  # (r,) whether x <= threshold goes left
    surrogate_n_sides: IntArray  # (r,)
    surrogate_sides: NDArray[np.int8]
    surrogate_agree: FloatArray  # (r,) share of the weight sent as the primary split does
    surrogate_adj: FloatArray  # (r,) share of the majority's errors mended

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other."""
        m, r = len(self.missing_go_to_left), len(self.surrogate_node)
        per_node = (self.unseen_go_to_left, self.n_sides)
        per_surrogate = [getattr(self, f"surrogate_{name}") for name in PER_SURROGATE]
        if (
            {len(array) for array in per_node} != {m}
            or {len(array) for array in per_surrogate} != {r}
            or (self.n_sides < 0).any()
            or (self.surrogate_n_sides < 0).any()
            or (self.surrogate_feature < 0).any()
            or self.n_sides.sum() != len(self.sides)
            or self.surrogate_n_sides.sum() != len(self.surrogate_sides)
            or (np.diff(self.surrogate_node) < 0).any()
            or (r and not 0 <= self.surrogate_node[0] <= self.surrogate_node[-1] < m)
        ):
            raise ValueError("The arrays do not describe routes: they do not fit each other.")

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.missing_go_to_left)

    def sides_of(self, node: int) -> NDArray[np.int8]:
        """Return the side of each category (c,) at a node; empty where its split is numeric."""
        start = int(self.n_sides[:node].sum())
        return self.sides[start : start + int(self.n_sides[node])]

    def surrogate_sides_of(self, s: int) -> NDArray[np.int8]:
        """Return the side of each category (c,) of a surrogate; empty where it is numeric."""
        start = int(self.surrogate_n_sides[:s].sum())
        return self.surrogate_sides[start : start + int(self.surrogate_n_sides[s])]

    def take(self, nodes: IntArray, is_leaf: BoolArray | None = None) -> Routes:
        """Return the routes of some nodes, node i of the result being nodes[i].

        Nodes that ``is_leaf`` (len(nodes),) marks have lost their split: their sides and
        surrogates are left out.
        """
        kept = np.ones(len(nodes), dtype=bool) if is_leaf is None else ~is_leaf
        place = np.full(self.node_count, -1)
        place[nodes[kept]] = np.flatnonzero(kept)
        owner = place[self.surrogate_node]
        chosen = np.flatnonzero(owner >= 0)
        chosen = chosen[np.argsort(owner[chosen], kind="stable")]
        n_sides = np.where(kept, self.n_sides[nodes], 0)
        surrogate_n_sides = self.surrogate_n_sides[chosen]
        return Routes(
            self.missing_go_to_left[nodes],
            self.unseen_go_to_left[nodes],
            n_sides,
            self.sides[runs(starts(self.n_sides)[nodes], n_sides)],
            owner[chosen],
            self.surrogate_feature[chosen],
            self.surrogate_threshold[chosen],
            self.surrogate_below_left[chosen],
            surrogate_n_sides,
            self.surrogate_sides[runs(starts(self.surrogate_n_sides)[chosen], surrogate_n_sides)],
            self.surrogate_agree[chosen],
            self.surrogate_adj[chosen],
        )


PER_SURROGATE = ("feature", "threshold", "below_left", "n_sides", "agree", "adj")


def starts(sizes: IntArray) -> IntArray:
    """Return where each run begins when runs of these sizes are laid end to end."""
    return np.cumsum(sizes) - sizes


def runs(start: IntArray, size: IntArray) -> IntArray:
    """Return the positions of several runs, one after another.

    >>> runs(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    return np.repeat(start - starts(size), size) + np.arange(size.sum())


def route(tree: Tree, X: FloatArray) -> IntArray:
    """Return the leaf (n,) of each row of X (n, d), NaN where missing, -1 for a new category.

    All rows take one step down at a time: O(n * depth), and as much again for each surrogate of
    the rows that need it.
    """
    routes = tree.routes
    if routes is None:
        raise ValueError("The tree has no routes: its rows descend by mlcore.tree.descent.leaves.")
    n_surrogates = np.bincount(routes.surrogate_node, minlength=tree.node_count)
    first, end = starts(n_surrogates), n_surrogates.cumsum()
    side_start, surrogate_start = starts(routes.n_sides), starts(routes.surrogate_n_sides)
    at = np.zeros(len(X), dtype=np.int64)
    row = np.flatnonzero(~tree.is_leaf[at])
    while len(row):
        node = at[row]
        x = X[row, tree.feature[node]]
        side = decide(x, tree.threshold[node], routes.n_sides[node], side_start[node], routes.sides)
        unknown = np.flatnonzero(side == 0)
        asked, s = unknown, first[node[unknown]]
        while len(asked):
            more = s < end[node[asked]]
            asked, s = asked[more], s[more]
            answer = decide(
                X[row[asked], routes.surrogate_feature[s]],
                routes.surrogate_threshold[s],
                routes.surrogate_n_sides[s],
                surrogate_start[s],
                routes.surrogate_sides,
            )
            turned = (routes.surrogate_n_sides[s] == 0) & ~routes.surrogate_below_left[s]
            side[asked] = np.where(turned, -answer, answer)
            asked, s = asked[answer == 0], s[answer == 0] + 1
        silent = unknown[side[unknown] == 0]
        to_left = np.where(
            np.isnan(x[silent]),
            routes.missing_go_to_left[node[silent]],
            routes.unseen_go_to_left[node[silent]],
        )
        side[silent] = np.where(to_left, 1, -1)
        at[row] = tree.children_left[node] + (side < 0)
        row = row[~tree.is_leaf[at[row]]]
    return at


def decide(
    x: FloatArray,
    threshold: FloatArray,
    n_sides: IntArray,
    start: IntArray,
    sides: NDArray[np.int8],
) -> NDArray[np.int8]:
    """Return each value's side (q,), every value by a split of its own; 0 if that does not know.

    A split is a threshold, or the n_sides sides from ``start`` on.
    """
    side = np.where(x <= threshold, 1, -1).astype(np.int8)
    side[np.isnan(x)] = 0
    category = np.flatnonzero(n_sides > 0)
    code = np.nan_to_num(x[category], nan=-1.0).astype(np.int64)
    seen = (code >= 0) & (code < n_sides[category])
    side[category] = 0
    side[category[seen]] = sides[start[category[seen]] + code[seen]]
    return side
