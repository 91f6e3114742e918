"""The best cut of every node of a level at once, by running sums along sorted columns.

The entries of a level lie in order: grouped by node, and within a node by the value of a feature.
A running sum along this order, less the sum where the node begins, is the left side of every
possible cut, and a few passes over the array score all of them. An order is a line of keys: in the
low bits what to look up in the target's tables, above them a number that changes where the value
does.

Notation: N entries, an entry being a row in a tree · m nodes of the level · b features looked at
together · keys (b, N).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.limits import Limits
from mlcore.tree.target import Target

BARRED = 1e300  # taken from the gain of a cut that is not allowed


@dataclass
class Nodes:
    """The nodes of a level and where their entries lie in every order of it."""

    size: IntArray  # (m,)
    start: IntArray  # (m,) first position
    node: IntArray  # (N,) the node of each position
    tree: IntArray  # (m,)
    least_weight: FloatArray  # (m,) least weight of a child
    tie: FloatArray  # (m,) gains this close are equal but for rounding

    @classmethod
    def of(cls, size: IntArray, tree: IntArray, least_weight: FloatArray, tie: FloatArray) -> Nodes:
        """Lay out nodes of the given sizes one after another."""
        node = np.arange(len(size)).repeat(size)
        return cls(size, size.cumsum() - size, node, tree, least_weight, tie)

    def spread(self, of_node: np.ndarray) -> np.ndarray:
        """Return a value of each node (m,) at each of its positions (N,)."""
        return of_node.repeat(self.size)

    def only(self, kept: BoolArray) -> Nodes:
        """Return the kept nodes (m,) alone."""
        return Nodes.of(self.size[kept], self.tree[kept], self.least_weight[kept], self.tie[kept])


@dataclass
class Cuts:
    """The best cut found so far for each node of a level."""

    gain: FloatArray  # (m,) below 0 where no cut is allowed
    feature: IntArray  # (m,)
    low: IntArray  # (m,) key of the last entry that goes left
    high: IntArray  # (m,) key of the first entry that goes right

    @classmethod
    def none(cls, m: int) -> Cuts:
        """No cut yet for any of m nodes."""
        return cls(np.full(m, -1.0), *np.zeros((3, m), dtype=np.int64))

    def only(self, kept: BoolArray) -> Cuts:
        """Return the cuts of the kept nodes alone."""
        return Cuts(self.gain[kept], self.feature[kept], self.low[kept], self.high[kept])


class Scorer:
    """Scores every cut of a level; what all features have in common is worked out once."""

    def __init__(
        self, target: Target, nodes: Nodes, limits: Limits, kind: IntArray, bits: int
    ) -> None:
        """``kind`` (N,) is of the level's entries, grouped by node; keys have ``bits`` low bits."""
        self.target, self.nodes, self.bits = target, nodes, bits
        n_left = np.arange(1, len(kind) + 1) - nodes.spread(nodes.start)  # (N,)
        n_right = nodes.spread(nodes.size) - n_left
        least = limits.min_samples_leaf
        self.barred = (n_left < least) | (n_right < least)  # (N,), a node's last position too
        # Sums before a node and of a node are the same in every feature's order.
        sums = [self._sums(line, kind) for line in target.lines]
        self.before, self.totals = [s[0] for s in sums], [s[1] for s in sums]
        if target.weight is None:
            self.w_left, self.w = n_left.astype(np.float64), n_left + n_right.astype(np.float64)
        else:
            self.weight_before, self.w = self._sums(target.weight, kind)
        self.least_weight = nodes.spread(nodes.least_weight) if nodes.least_weight.any() else None
        self.bars_some = least > 1 or self.least_weight is not None

    def _sums(self, line: np.ndarray, kind: IntArray) -> tuple[IntArray, FloatArray]:
        """Return the line's sum before each position's node, and over the node, both (N,)."""
        own = np.add.reduceat(line.take(kind), self.nodes.start, dtype=np.int64)
        before = own.cumsum() - own
        return self.nodes.spread(before), self.nodes.spread(own.astype(np.float64))

    def _left(self, line: np.ndarray, kind: IntArray, before: IntArray) -> FloatArray:
        """Return the line's sum left of a cut after each position, (b, N).

        A sum past 2**63 wraps around, and the difference wraps back.
        """
        running = line.take(kind).cumsum(axis=1, dtype=np.int64)
        running -= before
        return running.astype(np.float64)

    def gains(self, keys: NDArray[np.integer], same: BoolArray) -> FloatArray:
        """Return the gain (b, N) of a cut after each position, below 0 where none is allowed.

        ``same`` (b, N - 1) says where the next position has the same value.
        """
        kind = keys & (2**self.bits - 1)
        lines = zip(self.target.lines, self.before, strict=True)
        left = [self._left(line, kind, before) for line, before in lines]
        if self.target.weight is None:
            w_left = self.w_left  # (N,): where all weights are 1 it does not depend on the feature
        else:
            w_left = self._left(self.target.weight, kind, self.weight_before)  # (b, N)
        gain = self.target.criterion.gain(left, w_left, self.totals, self.w)
        gain[:, :-1] -= same * BARRED  # twice as fast as writing -1 where a mask is set
        np.copyto(gain, -1.0, where=self.barred)
        if self.least_weight is not None:
            w_right = self.w - w_left
            gain -= BARRED * ((w_left < self.least_weight) | (w_right < self.least_weight))
        return gain

    def improve(
        self,
        found: Cuts,
        at: IntArray,
        keys: NDArray[np.integer],
        gain: FloatArray,
        feature: IntArray,
    ) -> None:
        """Note the best cuts by gain (b, N) where they beat what was found for the nodes ``at``.

        ``feature`` (b, m) says which feature a line of keys is for each node. Of equal gains the
        lowest line is taken, and in it the lowest position.
        """
        nodes, N = self.nodes, gain.shape[1]
        best = np.maximum.reduceat(gain.max(axis=0), nodes.start)  # (m,)
        enough = np.maximum(best - nodes.tie, 0.0)
        hits = (gain >= nodes.spread(enough)).ravel().nonzero()[0][::-1]
        # Assigned from last to first, so of those that tie the first one stays.
        chosen = np.zeros(len(best), dtype=np.int64)
        chosen[nodes.node[hits % N]] = hits
        so_far = found.gain[at]
        more = (best >= 0) & (best > so_far + np.where(so_far < 0, 0.0, nodes.tie))
        better = more.nonzero()[0]
        line, position = np.divmod(chosen[better], N)
        at = at[better]
        found.gain[at], found.feature[at] = best[better], feature[line, better]
        found.low[at], found.high[at] = keys[line, position], keys[line, position + 1]
