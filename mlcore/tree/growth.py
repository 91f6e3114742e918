"""Growing trees level by level: one sort a feature finds the best cut of every node at once.

Each feature's values are replaced once by their ranks among its distinct values (exact: nothing is
binned). At a level, every row becomes one integer key (node, rank, position). Sorting the keys
groups the rows by node and orders them by value inside it, and the position comes back out of the
low bits. Running sums of the class counts are then the left side of every possible cut.

Several trees grow in one pass: the node number runs over all of them, and a row drawn by three
trees is three entries. Python loops run over levels, features, classes and trees, never over rows
or nodes. Cost: O(depth * features tried * N (log N + k)) for N entries.

Notation: n rows, d features, k classes · N entries, an entry being a row in a tree · m nodes of the
level · counts (k, m) weighted class counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.impurity import Criterion
from mlcore.tree.limits import Limits
from mlcore.tree.ranked import Ranked
from mlcore.tree.structure import LEAF, UNDEFINED, Tree


@dataclass
class Entries:
    """The rows still being sorted into nodes: a row number, a node and class weights for each."""

    row: IntArray  # (N,)
    node: IntArray  # (N,) 0..m-1
    stats: FloatArray  # (k, N) the entry's weight in the line of its class

    def where(self, keep: BoolArray) -> Entries:
        """Return the entries chosen by a mask (N,)."""
        at = np.flatnonzero(keep)
        return Entries(self.row.take(at), self.node.take(at), self.stats.take(at, axis=1))

    def counts(self, m: int) -> FloatArray:
        """Return the weighted class counts of each node, (k, m)."""
        return np.stack([np.bincount(self.node, weights=s, minlength=m) for s in self.stats])


@dataclass
class Cuts:
    """The best cut found so far for each node of a level."""

    cost: FloatArray  # (m,) cost of the two children, infinite where no cut is allowed
    feature: IntArray  # (m,)
    low: IntArray  # (m,) highest rank that goes left
    high: IntArray  # (m,) lowest rank that goes right

    @classmethod
    def none(cls, m: int) -> Cuts:
        """No cut yet for any of m nodes."""
        return cls(np.full(m, np.inf), *(np.full(m, UNDEFINED) for _ in range(3)))

    def improve(self, other: Cuts, tie: FloatArray) -> None:
        """Take the other's cut where it costs less, or the same with a lower feature number."""
        better = other.cost < self.cost - tie
        better |= (other.cost <= self.cost + tie) & (other.feature < self.feature)
        better &= np.isfinite(other.cost)
        for name in ("cost", "feature", "low", "high"):
            getattr(self, name)[better] = getattr(other, name)[better]


def sorted_keys(node: IntArray, rank: IntArray, n_ranks: int) -> tuple[IntArray, IntArray]:
    """Return the order (N,) that sorts entries by (node, rank), and those cells in that order.

    One integer sort of packed keys does both; it is several times faster than an indirect sort.
    """
    cell = node * n_ranks + rank
    bits = len(node).bit_length()
    if int(cell.max()).bit_length() + bits > 63:  # too large to pack: about four million rows
        order = np.argsort(cell, kind="stable")
        return order, cell[order]
    key = (cell << bits) | np.arange(len(node))
    key.sort()
    return key & ((1 << bits) - 1), key >> bits


def best_cuts(
    ranked: Ranked,
    entries: Entries,
    feature: IntArray,
    totals: FloatArray,
    criterion: Criterion,
    min_leaf: int,
    tie: FloatArray,
) -> tuple[Cuts, BoolArray]:
    """Return each node's best cut on its feature (m,), and whether that feature varies there (m,).

    Of equal cuts the one with the lowest threshold is taken.
    """
    m, n = totals.shape[1], ranked.ranks.shape[1]
    rank = ranked.ranks.ravel().take(feature.take(entries.node) * n + entries.row)
    n_ranks = int(rank.max()) + 1
    order, cell = sorted_keys(entries.node, rank, n_ranks)

    # A cut may fall after position i when the next entry has another rank in the same node.
    node = cell // n_ranks
    i = np.flatnonzero((cell[1:] != cell[:-1]) & (node[1:] == node[:-1]))
    at = node[i]
    varies = np.zeros(m, dtype=bool)
    varies[at] = True

    size = np.bincount(entries.node, minlength=m)
    start = np.cumsum(size) - size
    if min_leaf > 1:
        n_left = i + 1 - start[at]
        allowed = (n_left >= min_leaf) & (size[at] - n_left >= min_leaf)
        i, at = i[allowed], at[allowed]
    found = Cuts.none(m)
    if len(i) == 0:
        return found, varies

    running = np.zeros((len(totals), len(order) + 1))  # (k, N+1) counts before each position
    np.cumsum(entries.stats.take(order, axis=1), axis=1, out=running[:, 1:])
    before = running.take(start, axis=1)  # (k, m)
    left = running.take(i + 1, axis=1) - before.take(at, axis=1)  # (k, cuts)
    right = totals.take(at, axis=1) - left
    # Beside weights 1e16 times their own, rows can vanish from a sum: such cuts cannot be scored.
    scored = left.any(axis=0) & right.any(axis=0)
    if not scored.all():
        i, at, left, right = i[scored], at[scored], left[:, scored], right[:, scored]
        if len(i) == 0:
            return found, varies
    price = criterion.cost(left) + criterion.cost(right)  # (cuts,)

    nodes, found.cost[:], place = cheapest(price, at, tie)
    low = i[place]  # the position each chosen cut falls after
    found.feature[nodes] = feature[nodes]
    found.low[nodes], found.high[nodes] = cell[low] % n_ranks, cell[low + 1] % n_ranks
    return found, varies


def cheapest(
    price: FloatArray, node: IntArray, tie: FloatArray
) -> tuple[IntArray, FloatArray, IntArray]:
    """Return the nodes that have cuts, the least price in each node (m,), and where it first stands.

    Cuts come node by node, thresholds rising. Prices within ``tie`` (m,) of the least are equal to
    it, and of these the first is taken. A node without a cut has an infinite price.

    >>> nodes, least, place = cheapest(np.array([3.0, 1, 1, 2]), np.array([0, 0, 0, 2]), np.zeros(3))
    >>> nodes.tolist(), least.tolist(), place.tolist()
    ([0, 2], [1.0, inf, 2.0], [1, 3])
    """
    first = np.flatnonzero(np.diff(node, prepend=-1))
    nodes, least = node[first], np.full(len(tie), np.inf)
    least[nodes] = np.minimum.reduceat(price, first)
    # Assigned from last to first, so of those that tie the first one stays.
    tied = np.flatnonzero(price <= (least + tie).take(node))[::-1]
    place = np.zeros(len(tie), dtype=np.int64)
    place[node[tied]] = tied
    return nodes, least, place[nodes]


def feature_order(
    tree: IntArray, d: int, max_features: int | None, generators: Sequence[np.random.Generator]
) -> IntArray:
    """Return the features (m, d) in the order each node tries them.

    In number order when all are tried, else shuffled for each node anew, by its tree's generator,
    so that a tree does not depend on the trees it grows beside.
    """
    if max_features is None or max_features >= d:
        return np.broadcast_to(np.arange(d), (len(tree), d))
    drawn = np.empty((len(tree), d))
    for t in np.unique(tree):
        mine = tree == t
        drawn[mine] = generators[t].random((int(mine.sum()), d))
    return np.argsort(drawn, axis=1)


def search_level(
    ranked: Ranked,
    entries: Entries,
    order: IntArray,
    totals: FloatArray,
    criterion: Criterion,
    limits: Limits,
) -> Cuts:
    """Return the best cut of every node of a level over the features it tries.

    A node for which every feature it drew is constant goes on to the next in its order until one
    varies, as scikit-learn's trees do.
    """
    m, d = order.shape
    tries = d if limits.max_features is None else min(limits.max_features, d)
    tie = 1e-12 * criterion.weight(totals)  # costs this close are equal but for rounding
    best, varied = Cuts.none(m), np.zeros(m, dtype=bool)
    for j in range(d):
        if j >= tries:
            entries = entries.where(~varied[entries.node])
            if len(entries.row) == 0:
                break
        found, varies = best_cuts(
            ranked, entries, order[:, j], totals, criterion, limits.min_samples_leaf, tie
        )
        best.improve(found, tie)
        varied |= varies
    return best


def grow(
    ranked: Ranked,
    entries: Entries,
    criterion: Criterion,
    limits: Limits,
    generators: Sequence[np.random.Generator] = (),
) -> list[Tree]:
    """Grow the trees whose roots are the nodes 0..t-1 of the entries, and return them.

    Every entry must have a weight above 0.
    """
    n_trees = int(entries.node.max()) + 1
    tree, levels, depth, first_id = np.arange(n_trees), [], 0, 0
    root_weight = criterion.weight(entries.counts(n_trees))
    while len(tree):
        m = len(tree)
        counts = entries.counts(m)
        size = np.bincount(entries.node, minlength=m)
        own_cost = criterion.cost(counts)
        level = new_level(tree, counts, size, criterion)
        levels.append(level)

        mixed = level["impurity"] > 4 * np.finfo(float).eps
        open_ = np.flatnonzero(mixed & (size >= max(limits.min_samples_split, 2)))
        if depth >= limits.max_depth or len(open_) == 0:
            break
        entries = renumber(entries, open_, m)
        order = feature_order(tree[open_], len(ranked.ranks), limits.max_features, generators)
        best = search_level(ranked, entries, order, counts[:, open_], criterion, limits)

        decrease = (own_cost[open_] - best.cost) / root_weight[tree[open_]]
        split = np.flatnonzero(decrease >= limits.min_impurity_decrease - np.finfo(float).eps)
        parents = open_[split]
        level["feature"][parents] = best.feature[split]
        level["threshold"][parents] = ranked.midpoint(
            best.feature[split], best.low[split], best.high[split]
        )
        first_id += m
        level["left"][parents] = first_id + 2 * np.arange(len(split))

        entries = renumber(entries, split, len(open_))
        rank = ranked.ranks[best.feature[split][entries.node], entries.row]
        entries.node = 2 * entries.node + (rank > best.low[split][entries.node])
        tree, depth = np.repeat(tree[parents], 2), depth + 1
    return unpack(levels, n_trees)


def new_level(
    tree: IntArray, counts: FloatArray, size: IntArray, criterion: Criterion
) -> dict[str, NDArray]:
    """Return what is known of a level's nodes (m,) before any is split: all are leaves."""
    m, weight = len(tree), criterion.weight(counts)
    return {
        "tree": tree,
        "feature": np.full(m, UNDEFINED),
        "threshold": np.full(m, float(UNDEFINED)),
        "left": np.full(m, LEAF),
        "impurity": np.maximum(criterion.cost(counts), 0.0) / weight,
        "size": size,
        "weight": weight,
        "value": criterion.value(counts),
    }


def renumber(entries: Entries, kept: IntArray, m: int) -> Entries:
    """Return the entries of the kept nodes only, the nodes numbered by their place in kept."""
    if len(kept) == m:
        return entries
    place = np.full(m, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    node = place[entries.node]
    remaining = Entries(entries.row, node, entries.stats)
    return remaining.where(node >= 0)


def unpack(levels: list[dict[str, NDArray]], n_trees: int) -> list[Tree]:
    """Return one Tree for each tree of a pass, its nodes renumbered from 0."""
    joined = {name: np.concatenate([level[name] for level in levels]) for name in levels[0]}
    by_tree = np.argsort(joined["tree"], kind="stable")  # keeps parents before children
    sizes = np.bincount(joined["tree"], minlength=n_trees)
    start = np.cumsum(sizes) - sizes
    number = np.empty(len(by_tree), dtype=np.int64)  # node of the pass -> node of its tree
    number[by_tree] = np.arange(len(by_tree)) - np.repeat(start, sizes)
    leaf = joined["left"] == LEAF
    left = np.where(leaf, LEAF, number[joined["left"]])
    right = np.where(leaf, LEAF, left + 1)
    trees = []
    for nodes in np.split(by_tree, start[1:]):
        trees.append(
            Tree(
                left[nodes],
                right[nodes],
                joined["feature"][nodes],
                joined["threshold"][nodes],
                joined["impurity"][nodes],
                joined["size"][nodes],
                joined["weight"][nodes],
                joined["value"][nodes],
            )
        )
    return trees
