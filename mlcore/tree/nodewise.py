"""Growing one tree node by node, for columns with missing values or categories.

The thorough way, beside the fast one of mlcore.tree.growth: a queue of nodes, each with its rows in
the order of every feature. A node finds its best split (mlcore.tree.cuts for numbers,
mlcore.tree.subsets for categories), its surrogates where they are asked for, and parts its orders
between its children, which keeps them sorted: nothing is sorted twice. First come, first served
makes the nodes appear level by level, siblings side by side.

On complete numbers the tree is the same as that of the fast way, node for node.

Missing values, two ways: "direction" tries the missing rows of a node on either side of every cut
and learns the better one, as well as a split of missing against known. "surrogate" finds the split
on the known rows and sends the others by the splits of other features that imitate it best.

Notation: n rows, d features, m nodes · stats (s, n) lines of statistics (see mlcore.tree.impurity).

Source: Breiman, Friedman, Olshen & Stone, Classification and Regression Trees, sections 4.2, 5.3.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.cuts import LEFT, RIGHT, UNKNOWN, Sample, Sides, Split, best_cut, send
from mlcore.tree.impurity import SQUARED_ERROR, Criterion, squared_error_rounding
from mlcore.tree.limits import Limits
from mlcore.tree.routes import Routes
from mlcore.tree.structure import LEAF, UNDEFINED, Tree
from mlcore.tree.subsets import best_subset, better
from mlcore.tree.surrogates import Primary, Surrogate, find_surrogates


@dataclass
class Nodes:
    """What is known of the nodes so far; a list entry each."""

    stats: list[FloatArray] = field(default_factory=list)  # (s,) each
    size: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    split: list[Split | None] = field(default_factory=list)
    missing_left: list[bool] = field(default_factory=list)
    unseen_left: list[bool] = field(default_factory=list)
    surrogates: list[list[Surrogate]] = field(default_factory=list)

    def add(self, stats: FloatArray, size: int) -> int:
        """Add a leaf and return its number."""
        self.stats.append(stats)
        self.size.append(size)
        self.left.append(LEAF)
        self.split.append(None)
        self.missing_left.append(False)
        self.unseen_left.append(False)
        self.surrogates.append([])
        return len(self.size) - 1

    def set_split(
        self, node: int, split: Split, heavier_left: bool, surrogates: list[Surrogate]
    ) -> None:
        """Give a node a split; its children are the next two nodes to be added."""
        self.left[node] = len(self.size)
        self.split[node] = split
        self.surrogates[node] = surrogates
        self.unseen_left[node] = heavier_left
        learned = split.missing_left
        self.missing_left[node] = heavier_left if learned is None else learned


def grow_by_nodes(
    X: FloatArray,
    stats: FloatArray,
    criterion: Criterion,
    limits: Limits,
    *,
    n_categories: IntArray,
    missing: str | None = None,
    max_surrogates: int = 5,
    generator: np.random.Generator,
) -> Tree:
    """Grow the tree of the rows X (n, d) with their stats (s, n), all of weight above 0.

    n_categories (d,) is 0 for a numeric column; a categorical one holds codes from 0. missing is
    None (X has no NaN among its numbers), "direction" or "surrogate".

    O(depth * d * n), after one sort of each column.

    >>> from mlcore.tree.impurity import GINI, class_stats
    >>> stats = class_stats(np.array([0, 0, 1, 1]), np.ones(4), 2)
    >>> X = np.array([[0.0, 1.0], [2.0, 1.0], [1.0, 1.0], [np.nan, 1.0]])
    >>> tree = grow_by_nodes(
    ...     X, stats, GINI, Limits(), n_categories=np.array([3, 0]), missing="direction",
    ...     generator=np.random.default_rng(0),
    ... )
    >>> tree.feature.tolist(), tree.routes.sides_of(0).tolist()
    ([0, -2, -2], [1, -1, 1])
    >>> tree.routes.missing_go_to_left.tolist()
    [False, False, False]
    """
    root_weight = float(criterion.weight(stats.sum(axis=1, keepdims=True))[0])
    sample = Sample(
        np.ascontiguousarray(X.T),
        stats,
        criterion,
        n_categories,
        learn_direction=missing == "direction",
        min_leaf=limits.min_samples_leaf,
        min_weight=limits.min_weight_fraction_leaf * root_weight * (1 - 1e-12),
    )
    root_cost = float(criterion.cost(stats.sum(axis=1, keepdims=True))[0])
    scale = root_cost / root_weight if criterion == SQUARED_ERROR else 1.0
    least_gain = root_weight * (limits.min_impurity_decrease - np.finfo(float).eps * scale)
    most_surrogates = max_surrogates if missing == "surrogate" else 0
    weight, nodes = criterion.weight(stats), Nodes()
    side: Sides = np.zeros(len(X), dtype=np.int8)  # of each row, at the node at hand
    nodes.add(stats.sum(axis=1), len(X))
    orders = np.argsort(sample.columns, axis=1, kind="stable")  # (d, n), missing values last
    queue = deque([(0, 0, orders)])
    while queue:
        node, depth, order = queue.popleft()
        if depth >= limits.max_depth or nodes.size[node] < max(limits.min_samples_split, 2):
            continue
        if not is_mixed(stats[:, order[0]], criterion):
            continue
        split = find_split(sample, order, nodes.stats[node], limits.max_features, generator)
        if split is None or split.gain < least_gain:
            continue
        rows = order[0]
        side[rows] = split.send(sample.columns[split.feature, rows])
        primary = Primary(
            side, weight, *(weight[rows[side[rows] == s]].sum() for s in (LEFT, RIGHT))
        )
        surrogates = find_surrogates(sample, order, split.feature, primary, most_surrogates)
        nodes.set_split(node, split, primary.w_left >= primary.w_right, surrogates)
        send_the_others(side, rows, sample.columns, surrogates, nodes.missing_left[node])
        sides = side[order]
        for chosen in (LEFT, RIGHT):
            part = order[sides == chosen].reshape(len(order), -1)
            child = nodes.add(stats[:, part[0]].sum(axis=1), part.shape[1])
            queue.append((child, depth + 1, part))
    return as_tree(nodes, criterion, missing is not None or bool((n_categories > 0).any()))


def is_mixed(stats: FloatArray, criterion: Criterion) -> bool:
    """Return whether rows with these stats (s, n) have different classes or targets."""
    if criterion != SQUARED_ERROR:
        return int((stats.sum(axis=1) > 0).sum()) > 1
    targets = stats[1] / stats[0]  # of equal ones the last digit may differ
    return bool(np.ptp(targets) > 2 * np.finfo(float).eps * np.abs(targets).max())


def rounding(criterion: Criterion, total: FloatArray) -> float:
    """Return by how much equal gains may differ in a node with these stats (s, 1)."""
    weight, cost = criterion.weight(total), criterion.cost(total)
    if criterion != SQUARED_ERROR:
        return 1e-12 * float(weight[0])
    return float(squared_error_rounding(weight, total[1], cost)[0])


def find_split(
    sample: Sample,
    order: IntArray,
    total: FloatArray,
    max_features: int | None,
    generator: np.random.Generator,
) -> Split | None:
    """Return the best split of a node over the features it tries, or None if there is none.

    Of splits that gain the same but for rounding, the one on the lowest feature is taken.
    """
    features = features_to_try(varying(sample, order), max_features, generator)
    tie = rounding(sample.criterion, total[:, None])
    categorical = sample.n_categories[features] > 0
    return better(
        best_cut(sample, order, features[~categorical], tie),
        best_subset(sample, order[0], features[categorical], tie),
        tie,
    )


def varying(sample: Sample, order: IntArray) -> BoolArray:
    """Return which features (d,) have two values in the node; missing is one if it has a side."""
    d, n = order.shape
    feature = np.arange(d)
    first, last = sample.columns[feature, order[:, 0]], sample.columns[feature, order[:, -1]]
    varies = last > first
    holes = np.flatnonzero(np.isnan(last))
    if len(holes):
        n_known = n - np.isnan(sample.columns[holes[:, None], order[holes]]).sum(axis=1)
        if sample.learn_direction:
            varies[holes] = n_known > 0
        else:
            last_known = sample.columns[holes, order[holes, n_known - 1]]
            varies[holes] = last_known > first[holes]  # of NaN, where all are missing: False
    return varies


def features_to_try(
    varies: BoolArray, max_features: int | None, generator: np.random.Generator
) -> IntArray:
    """Return the features a node tries, rising: all that vary, or those among the drawn.

    If none of the drawn ones varies, the draw goes on until one does, as in scikit-learn.
    """
    if max_features is None or max_features >= len(varies):
        return np.flatnonzero(varies)
    drawn = np.argsort(generator.random(len(varies)))
    tried = drawn[:max_features][varies[drawn[:max_features]]]
    if len(tried) == 0:
        tried = drawn[varies[drawn]][:1]
    return np.sort(tried)


def send_the_others(
    side: Sides,
    rows: IntArray,
    columns: FloatArray,
    surrogates: list[Surrogate],
    missing_left: bool,
) -> None:
    """Set the side of the rows the primary split left UNKNOWN: by surrogates, then by default."""
    waiting = rows[side[rows] == UNKNOWN]
    for s in surrogates:
        if len(waiting) == 0:
            return
        side[waiting] = send(columns[s.feature, waiting], s.threshold, s.sides, s.below)
        waiting = waiting[side[waiting] == UNKNOWN]
    side[waiting] = LEFT if missing_left else RIGHT


def as_tree(nodes: Nodes, criterion: Criterion, routed: bool) -> Tree:
    """Return the nodes as flat arrays, with routes unless all splits are of complete numbers."""
    stats = np.stack(nodes.stats, axis=1)
    weight, left = criterion.weight(stats), np.array(nodes.left)
    splits = nodes.split
    return Tree(
        left,
        np.where(left == LEAF, LEAF, left + 1),
        np.array([UNDEFINED if s is None else s.feature for s in splits]),
        np.array([float(UNDEFINED) if s is None else s.threshold for s in splits]),
        np.maximum(criterion.cost(stats), 0.0) / weight,
        np.array(nodes.size),
        weight,
        criterion.value(stats),
        as_routes(nodes) if routed else None,
    )


def as_routes(nodes: Nodes) -> Routes:
    """Return the routes of the nodes as flat arrays."""
    none = np.zeros(0, dtype=np.int8)
    sides = [none if s is None else s.sides for s in nodes.split]
    asked = [s for found in nodes.surrogates for s in found]
    return Routes(
        np.array(nodes.missing_left),
        np.array(nodes.unseen_left),
        np.array([len(s) for s in sides]),
        np.concatenate([none, *sides]),
        np.repeat(np.arange(len(sides)), [len(found) for found in nodes.surrogates]),
        np.array([s.feature for s in asked], dtype=np.int64),
        np.array([s.threshold for s in asked], dtype=np.float64),
        np.array([s.below == LEFT for s in asked], dtype=bool),
        np.array([len(s.sides) for s in asked], dtype=np.int64),
        np.concatenate([none, *(s.sides for s in asked)]),
        np.array([s.agree for s in asked], dtype=np.float64),
        np.array([s.adj for s in asked], dtype=np.float64),
    )
