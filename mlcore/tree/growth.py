"""Growing trees level by level: all nodes of a level are searched, split and parted together.

Several trees grow in one pass: the node number runs over all of them, and a row drawn by three
trees is three entries. mlcore.tree.orders keeps the entries in order, mlcore.tree.search finds each
node's best cut, and this file makes levels of nodes out of both. The nodes of a level are numbered
as their entries lie: first all left children of the level above, then all right ones.

Python loops run over levels, blocks of features and trees, never over rows or nodes.
Cost: O(d n log n) to sort the columns, then O(features tried * entries) a level.

Notation: n rows, d features · E entries, N of them still on their way · m nodes of the level, p of
them split · t trees · stats (s, m) as in mlcore.tree.impurity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.limits import Limits
from mlcore.tree.orders import GONE, AllFeatures, DrawnFeatures
from mlcore.tree.ranked import Columns, SortedColumns, midpoint
from mlcore.tree.search import Cuts, Nodes
from mlcore.tree.structure import LEAF, UNDEFINED, Tree
from mlcore.tree.target import Target

EPSILON = float(np.finfo(np.float64).eps)


def no_numbers() -> IntArray:
    """Return an empty array of whole numbers."""
    return np.zeros(0, dtype=np.int64)


@dataclass
class Level:
    """The nodes of one level (m,), leaves included, and how p of them are split."""

    tree: IntArray  # (m,)
    size: IntArray  # (m,)
    stats: FloatArray  # (s, m)
    searched: BoolArray  # (m,) neither pure nor too small
    place: IntArray  # (m,) the nodes from left to right
    parents: IntArray = field(default_factory=no_numbers)  # (p,)
    feature: IntArray = field(default_factory=no_numbers)  # (p,)
    threshold: FloatArray = field(default_factory=lambda: np.zeros(0))  # (p,)

    def children_place(self) -> IntArray:
        """Return the children's numbers from left to right: parent i has children i and p + i."""
        p = len(self.parents)
        number = np.full(len(self.tree), -1)
        number[self.parents] = np.arange(p)
        parents = number[self.place]
        parents = parents[parents >= 0]
        return np.stack([parents, p + parents], axis=1).ravel()


@dataclass
class Plan:
    """What the trees of a pass are to predict and when they stop, with bounds for each tree."""

    target: Target
    limits: Limits
    least_weight: FloatArray  # (t,) of a child, in the target's units
    least_gain: FloatArray  # (t,) of a split, in the target's units

    @classmethod
    def of(cls, target: Target, limits: Limits, root_stats: FloatArray) -> Plan:
        """Return the plan for trees whose roots have these stats (s, t)."""
        weight = target.weight_of(root_stats)
        scale = np.ones(len(weight)) if target.n_classes else target.cost(root_stats) / weight
        least_gain = (limits.min_impurity_decrease - EPSILON * scale) * weight
        share = limits.min_weight_fraction_leaf * (
            1 - 1e-12
        )  # a sum that is equal but for rounding
        return cls(
            target,
            limits,
            share * weight / target.weight_unit,
            least_gain / target.gain_unit,
        )


def grow(
    columns: Columns,
    target: Target,
    row: IntArray,
    tree: IntArray,
    limits: Limits,
    generators: Sequence[np.random.Generator] = (),
    *,
    once: bool = False,
) -> list[Tree]:
    """Return the trees grown from entries: ``row`` (E,) and ``tree`` (E,), in the order of trees.

    The target tells the kind of each entry. Every entry must have a weight above 0. Generators, one
    for each tree, are needed where nodes draw features, and shuffle equal cuts elsewhere. With ``once``
    sorted columns are used up, which saves a copy.
    """
    keep_freed_memory()
    t = int(tree[-1]) + 1
    order: AllFeatures | DrawnFeatures
    if isinstance(columns, SortedColumns):
        order = AllFeatures(columns, target, row, tree, generators, once)
    else:
        order = DrawnFeatures(columns, target, row, generators)
    plan = Plan.of(target, limits, target.stats(order.entry, tree, t))
    level = new_level(np.arange(t), np.arange(t), order.entry, tree, plan)
    order.part(order.entry, np.where(level.searched[tree], 0, GONE).astype(np.int8))
    levels = [level]
    with np.errstate(divide="ignore", invalid="ignore"):  # beyond a node's last row nothing is left
        while level.searched.any() and len(levels) <= limits.max_depth:
            nodes = searched_nodes(level, plan)
            cuts = order.search(nodes, limits)
            split = (cuts.gain >= 0) & (cuts.gain >= plan.least_gain[nodes.tree])
            if not split.any():
                break
            level = next_level(level, order, nodes, cuts, split, plan)
            levels.append(level)
    return unpack(levels, target, t)


def keep_freed_memory() -> None:
    """Make the C library keep the memory of arrays that are freed, for the next ones.

    glibc returns large blocks to the system at once and pays for their pages anew each time, which
    doubled the time of a fit. It stops doing so for sizes up to that of the largest block freed so
    far: this one, of 32 MB, is never touched and so costs nothing. Elsewhere it does no harm.
    """
    np.empty(2**22 - 2**10)


def new_level(
    tree: IntArray, place: IntArray, entry: IntArray, node: IntArray, plan: Plan
) -> Level:
    """Return the level of entries (N,) in nodes (N,), none of which is split yet."""
    m = len(tree)
    size, stats = np.bincount(node, minlength=m), plan.target.stats(entry, node, m)
    searched = plan.target.mixed(stats, entry, node) & (size >= plan.limits.min_samples_split)
    return Level(tree, size, stats, searched, place)


def searched_nodes(level: Level, plan: Plan) -> Nodes:
    """Return the nodes of the level that are searched, numbered among themselves."""
    which = level.searched.nonzero()[0]
    tree, stats = level.tree[which], level.stats[:, which]
    tie = plan.target.rounding(stats) / plan.target.gain_unit
    return Nodes.of(level.size[which], tree, plan.least_weight[tree], tie)


def next_level(
    level: Level,
    order: AllFeatures | DrawnFeatures,
    nodes: Nodes,
    cuts: Cuts,
    split: BoolArray,
    plan: Plan,
) -> Level:
    """Split the nodes chosen by the mask ``split``, send their entries on, return the children."""
    cuts, size, tree = cuts.only(split), nodes.size[split], nodes.tree[split]
    level.parents, level.feature = level.searched.nonzero()[0][split], cuts.feature
    low, high = order.values(cuts)
    level.threshold = midpoint(low, high)
    entry = order.entry if split.all() else order.entry.compress(nodes.spread(split))
    right = order.goes_right(entry, cuts, size, low)
    p = len(size)
    child = np.arange(p).repeat(size) + p * right  # (N,)
    below = new_level(np.concatenate([tree, tree]), level.children_place(), entry, child, plan)
    order.part(entry, np.where(below.searched[child], right, GONE).astype(np.int8))
    return below


def unpack(levels: list[Level], target: Target, t: int) -> list[Tree]:
    """Return one Tree for each tree of a pass, its nodes numbered from 0, level by level."""
    m = sum(len(level.tree) for level in levels)
    left, feature, threshold = (np.full(m, v) for v in (LEAF, UNDEFINED, float(UNDEFINED)))
    place, first = [], 0
    for level in levels:
        parents, below = first + level.parents, first + len(level.tree)
        left[parents] = below + np.arange(len(parents))
        feature[parents], threshold[parents] = level.feature, level.threshold
        place.append(first + level.place)
        first = below
    tree = np.concatenate([level.tree for level in levels])
    order = np.concatenate(place)
    order = order[np.argsort(tree[order], kind="stable")]  # tree by tree, parents before children
    count = np.bincount(tree, minlength=t)
    start = np.cumsum(count) - count
    number = np.empty(m, dtype=np.int64)  # node of the pass -> node of its tree
    number[order] = np.arange(m) - np.repeat(start, count)
    left = np.where(left == LEAF, LEAF, number[left])[order]
    stats = np.concatenate([level.stats for level in levels], axis=1)[:, order]
    weight = target.weight_of(stats)
    fields: tuple[Any, ...] = (
        left,
        np.where(left == LEAF, LEAF, left + 1),
        feature[order],
        threshold[order],
        np.maximum(target.cost(stats), 0.0) / weight,
        np.concatenate([level.size for level in levels])[order],
        weight,
        target.criterion.value(stats),
    )
    ends = start + count
    return [Tree(*(v[a:b] for v in fields)) for a, b in zip(start, ends, strict=True)]
