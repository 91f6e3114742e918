"""Two ways to put a level's entries in order for the search, and to send them on.

When every node tries every feature, a line for each feature is kept in order from level to level: a
stable partition of a line, the left-goers of all nodes first and then the right-goers, leaves each
new node's entries together and sorted, so nothing is sorted after the start. When every node draws
features of its own, keeping all lines would cost more than sorting the few that are drawn, and one
sort of packed keys (node, rank, kind) puts them in order.

Notation: n rows, d features · E entries of all, N entries of a level, an entry being a row in a
tree · m nodes of the level · b features looked at together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.limits import Limits
from mlcore.tree.ranked import (
    BLOCK,
    RankedColumns,
    SortedColumns,
    blocks,
    key_type,
    same_value,
)
from mlcore.tree.search import Cuts, Nodes, Scorer
from mlcore.tree.target import Target

LEFT, RIGHT, GONE = 0, 1, 2  # where an entry goes; those of finished nodes are dropped


class AllFeatures:
    """Every node tries every feature; keys (d, N) hold rank and entry.

    Of equal cuts the one in the lowest line is taken. A line is a feature; where trees have random
    generators, it is another feature for each tree, so that a forest favours no column.
    """

    def __init__(
        self,
        columns: SortedColumns,
        target: Target,
        row: IntArray,
        tree: IntArray,
        generators: Sequence[np.random.Generator],
        once: bool,
    ) -> None:
        """``row`` and ``tree`` (E,) say what the entries are, in the order of (tree, row).

        With ``once`` the keys may be used up, which saves a copy of them.
        """
        self.X, self.target, self.row = columns.X, target.by_entry(), row
        E, (n, self.d) = len(row), columns.X.shape
        t = int(tree[-1]) + 1
        self.feature = np.tile(np.arange(self.d), (t, 1))  # (t, d) the feature of each line
        if generators:
            self.feature = np.stack([generator.permutation(self.d) for generator in generators])
        self.go = np.empty(E, dtype=np.int8)
        self.bits = E.bit_length()
        if t == 1 and n == E and not generators:
            self.keys, self.bits = columns.keys if once else columns.keys.copy(), columns.bits
            return
        number = np.full((t, n), -1)  # of the entry of each tree and row
        number[tree, row] = np.arange(E)
        self.keys = np.empty((self.d, E), dtype=key_type(columns.n_ranks << self.bits))
        for line in range(self.d):
            keys = columns.keys[self.feature[:, line]].astype(np.int64)  # (t, n)
            rows = keys & (2**columns.bits - 1)
            entry = np.take_along_axis(number, rows, axis=1)
            keys = keys >> columns.bits << self.bits | entry
            self.keys[line] = keys[entry >= 0]

    @property
    def entry(self) -> IntArray:
        """The level's entries (N,), grouped by node."""
        return self.keys[0] & (2**self.bits - 1)

    def search(self, nodes: Nodes, limits: Limits) -> Cuts:
        """Return the best cut of every node, (m,)."""
        found, at = Cuts.none(len(nodes.size)), np.arange(len(nodes.size))
        scorer = Scorer(self.target, nodes, limits, self.entry, self.bits)
        features = self.feature[nodes.tree].T  # (d, m)
        for block in blocks(*self.keys.shape):
            keys = self.keys[block]  # (b, N)
            gain = scorer.gains(keys, same_value(keys >> self.bits))
            scorer.improve(found, at, keys, gain, features[block])
        return found

    def values(self, cuts: Cuts) -> tuple[FloatArray, FloatArray]:
        """Return the feature's values on both sides of each cut."""
        low, high = (self.row[key & (2**self.bits - 1)] for key in (cuts.low, cuts.high))
        return self.X[low, cuts.feature], self.X[high, cuts.feature]

    def goes_right(self, entry: IntArray, cuts: Cuts, size: IntArray, low: FloatArray) -> BoolArray:
        """Return which entries (N,), ``size`` of each node, are above the cut of their node.

        ``low`` (m,) is the greatest value that goes left.
        """
        x = self.row.take(entry) * self.d + cuts.feature.repeat(size)
        return self.X.ravel().take(x) > low.repeat(size)

    def part(self, entry: IntArray, go: NDArray[np.int8]) -> None:
        """Send the entries where they go, and drop all others."""
        self.go.fill(GONE)
        self.go[entry] = go
        n_left, n_right = np.count_nonzero(go == LEFT), np.count_nonzero(go == RIGHT)
        for block in blocks(*self.keys.shape):
            keys = self.keys[block]
            side = self.go.take(keys & (2**self.bits - 1)).ravel()
            keys = keys.ravel()
            left, right = keys.compress(side == LEFT), keys.compress(side == RIGHT)
            # Parted lines are no longer than they were, so they take their own place.
            lines = self.keys[block, : n_left + n_right]
            lines[:, :n_left] = left.reshape(len(lines), n_left)
            lines[:, n_left:] = right.reshape(len(lines), n_right)
        self.keys = self.keys[:, : n_left + n_right]


class DrawnFeatures:
    """Every node draws features of its own, and what it drew is sorted."""

    def __init__(
        self,
        columns: RankedColumns,
        target: Target,
        row: IntArray,
        generators: Sequence[np.random.Generator],
    ) -> None:
        self.columns, self.target, self.row = columns, target, row
        self.generators = generators
        self.entry = np.arange(len(row))
        self.bits = len(target.w).bit_length()
        self.n_ranks = columns.n_ranks

    def search(self, nodes: Nodes, limits: Limits) -> Cuts:
        """Return the best cut of every node over the features it draws.

        A node in which they are all constant goes on to its next features until one varies, as
        scikit-learn's trees do.
        """
        d, m = self.columns.X.shape[1], len(nodes.size)
        tries = limits.max_features or d
        drawn = draw_features(nodes.tree, d, self.generators).T  # (d, m)
        found, at, entry = Cuts.none(m), np.arange(m), self.entry
        varied = np.zeros(m, dtype=bool)
        step = min(tries, max(1, 2 * BLOCK // len(entry)))
        kind = self.target.kind.take(entry)
        scorer = Scorer(self.target, nodes, limits, kind, self.bits)
        for first in [*range(0, tries, step), *range(tries, d, step)]:
            last = min(first + step, tries if first < tries else d)
            features = drawn[first:last, at]  # (b, m)
            keys = self.sort_drawn(entry, kind, features, nodes)
            same = same_value(keys >> self.bits)
            gain = scorer.gains(keys, same)
            if first >= tries:  # only the first feature that varies counts
                line = varying(same, nodes).argmax(axis=0)
                gain[np.arange(len(keys))[:, None] != nodes.spread(line)] = -1.0
            scorer.improve(found, at, keys, gain, features)
            varied |= found.gain >= 0
            if scorer.bars_some:  # a feature without an allowed cut may vary all the same
                varied[at] |= varying(same, nodes).any(axis=0)
            if last >= tries:
                stuck = ~varied[at]
                if not stuck.any():
                    break
                entry, nodes, at = entry[nodes.spread(stuck)], nodes.only(stuck), at[stuck]
                kind = self.target.kind.take(entry)
                scorer = Scorer(self.target, nodes, limits, kind, self.bits)
        return found

    def sort_drawn(
        self, entry: IntArray, kind: IntArray, features: IntArray, nodes: Nodes
    ) -> NDArray[np.integer]:
        """Return keys (b, N) in order of each node's features (b, m)."""
        ranks, n = self.columns.ranks, len(self.columns.X)
        # First cell of each position's column, then the cell of its row, in the flat ranks.
        cell = np.repeat(features * n, nodes.size, axis=1)  # (b, N)
        cell += self.row.take(entry)
        last = len(nodes.size) * self.n_ranks << self.bits
        keys = ranks.ravel().take(cell).astype(key_type(last))
        keys += nodes.spread(np.arange(len(nodes.size)) * self.n_ranks).astype(keys.dtype)
        keys <<= self.bits
        keys |= kind.astype(keys.dtype)
        keys.sort(axis=1)
        return keys

    def _ranks(self, key: IntArray) -> IntArray:
        return (key >> self.bits) % self.n_ranks

    def values(self, cuts: Cuts) -> tuple[FloatArray, FloatArray]:
        """Return the feature's values on both sides of each cut."""
        X, rows, f = self.columns.X, self.columns.row_of_rank, cuts.feature
        return X[rows[f, self._ranks(cuts.low)], f], X[rows[f, self._ranks(cuts.high)], f]

    def goes_right(self, entry: IntArray, cuts: Cuts, size: IntArray, low: FloatArray) -> BoolArray:
        """Return which entries (N,), ``size`` of each node, are above the cut of their node.

        Ranks tell it as well as the value ``low`` does, and lie closer together in memory.
        """
        cell = (cuts.feature * len(self.columns.X)).repeat(size) + self.row.take(entry)
        low_rank = self._ranks(cuts.low).astype(self.columns.ranks.dtype)
        return self.columns.ranks.ravel().take(cell) > low_rank.repeat(size)

    def part(self, entry: IntArray, go: NDArray[np.int8]) -> None:
        """Send the entries where they go, and drop all others."""
        self.entry = np.concatenate([entry.compress(go == LEFT), entry.compress(go == RIGHT)])


def varying(same: BoolArray, nodes: Nodes) -> BoolArray:
    """Return where a line's feature varies in a node, (b, m), from ``same`` (b, N - 1)."""
    changes = np.ones((len(same), len(nodes.node)), dtype=bool)
    np.logical_not(same, out=changes[:, :-1])  # a node's last value is followed by another's
    return np.add.reduceat(changes, nodes.start, axis=1, dtype=np.int64) > 1


def draw_features(tree: IntArray, d: int, generators: Sequence[np.random.Generator]) -> IntArray:
    """Return all features (m, d) shuffled for each node anew, by the generator of its tree.

    A tree's draws do not depend on the trees it grows beside.
    """
    by_tree = tree.argsort(kind="stable")
    size = np.bincount(tree)
    drawn, last = np.empty((len(tree), d), dtype=np.float32), size.cumsum()
    for t in size.nonzero()[0].tolist():
        generators[t].random(dtype=np.float32, out=drawn[last[t] - size[t] : last[t]])
    shuffled = np.empty((len(tree), d), dtype=np.int64)
    shuffled[by_tree] = drawn.argsort(axis=1)
    return shuffled
