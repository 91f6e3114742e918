"""What a tree predicts, as whole numbers that can be summed exactly and fast.

To find the best cut, the growth of a tree adds up weights and targets along each sorted column.
Whole numbers are added without rounding and without waiting for each other (a running sum of int64
takes a tenth of the time of one of float64), so weights and targets that are no whole numbers are
scaled by a power of two and rounded: a fixed point, with 56 bits for the sum of all rows. Two cuts
that part the rows alike then have equal sums, bit for bit, in whatever order the rows come.

Entries of the same class and the same weight are of one kind: nothing in the growth tells them
apart. Where kinds are few, a sort key can hold the kind in a few bits, and sums are looked up in a
tiny table. Numbers to predict make every entry a kind of its own.

Notation: n rows, k classes, m nodes, K kinds · y labels or targets · w weights · stats (s, m).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.impurity import Criterion, class_stats, squared_error_rounding, target_stats

BITS = 56
FEW = 256  # kinds


def fixed_point(values: FloatArray) -> tuple[IntArray, float]:
    """Return whole numbers and the size of their unit: values ≈ whole * unit.

    Whole values are kept exactly, with unit 1; others are rounded to a multiple of a power of two
    that is about 2**-56 of their sum.

    >>> fixed_point(np.array([3.0, 1.0]))
    (array([3, 1]), 1.0)
    """
    total = float(np.abs(values).sum())
    if total < 2.0**53 and (values == np.round(values)).all():
        return values.astype(np.int64), 1.0
    unit = max(float(np.ldexp(1.0, int(np.frexp(total)[1]) - BITS)), float(np.nextafter(0.0, 1.0)))
    return np.round(values / unit).astype(np.int64), unit


@dataclass
class Target:
    """The weight and the target of each kind of entry, in floats and in whole numbers.

    An entry is a row in a tree: a row drawn by three trees is three entries.
    """

    criterion: Criterion
    n_classes: int  # 0 for regression
    kind: IntArray  # (N,) the kind of each entry
    w: FloatArray  # (K,)
    y: FloatArray | IntArray  # (K,) class numbers, or targets about their mean
    lines: list[IntArray]  # whole numbers (K,) that the search adds up
    unit: float  # value of 1 in a line
    weight: IntArray | None  # whole weights (K,); None when all are 1
    weight_unit: float

    @classmethod
    def of_classes(cls, criterion: Criterion, y: IntArray, w: FloatArray, k: int) -> Target:
        """One line a class, of its weights; of two classes the second says everything."""
        whole, unit = fixed_point(w)
        whole = np.maximum(whole, 1)  # beside weights 1e17 times its own a row still counts
        distinct, which = np.unique(w, return_inverse=True)
        if len(distinct) * k <= FEW:
            kind = y * len(distinct) + which
            some = np.zeros(k * len(distinct), dtype=np.int64)
            some[kind] = np.arange(len(y))  # some row of each kind stands for all
            y, w, whole = y[some], w[some], whole[some]
            y[:] = np.repeat(np.arange(k), len(distinct))
        else:
            kind = np.arange(len(y))
        second_only = k == 2 and criterion.one_line_for_two_classes
        lines = [np.where(y == c, whole, 0) for c in range(1 if second_only else 0, k)]
        weight = None if (distinct == 1.0).all() else whole
        return cls(criterion, k, kind, w, y, lines, unit, weight, unit)

    @classmethod
    def of_numbers(cls, criterion: Criterion, y: FloatArray, w: FloatArray) -> Target:
        """One line, of w * y."""
        line, unit = fixed_point(w * y)
        whole, weight_unit = fixed_point(w)
        weight = None if (w == 1.0).all() else np.maximum(whole, 1)
        return cls(criterion, 0, np.arange(len(y)), w, y, [line], unit, weight, weight_unit)

    def drawn(self, row: IntArray, count: IntArray) -> Target:
        """Return the target of entries (N,): rows, each ``count`` times as heavy."""
        K, times = len(self.w), int(count.max()) + 1
        if self.unit != 1.0:
            # Sums of broken weights round by how many kinds there are, which then must not depend
            # on the trees that happen to grow together. Nobody draws a row 16 times.
            times = max(times, 16)
        if K * times <= FEW:  # a kind for each kind of row and each count
            kind = self.kind.take(row) * times + count
            of, count = np.divmod(np.arange(K * times), times)
        else:
            kind, of = np.arange(len(row)), self.kind.take(row)
        weight = count if self.weight is None else self.weight[of] * count
        lines = [line[of] * count for line in self.lines]
        w = self.w[of] * count
        return Target(
            self.criterion, self.n_classes, kind, w, self.y[of], lines, self.unit, weight,
            self.weight_unit,
        )  # fmt: skip

    def by_entry(self) -> Target:
        """Return the same target with every entry a kind of its own."""
        of = self.kind
        weight = None if self.weight is None else self.weight[of]
        lines = [line[of] for line in self.lines]
        if weight is None and self.n_classes:
            lines = [line.astype(np.int8) for line in lines]  # smaller, so nearer in the cache
        return Target(
            self.criterion, self.n_classes, np.arange(len(of)), self.w[of], self.y[of], lines,
            self.unit, weight, self.weight_unit,
        )  # fmt: skip

    @cached_property
    def class_table(self) -> FloatArray:
        """The weight of each kind in the line of its class, (k, K)."""
        return np.where(self.y == np.arange(self.n_classes)[:, None], self.w, 0.0)

    @property
    def gain_unit(self) -> float:
        """The value of 1 in a gain computed from whole numbers."""
        both = 2.0 if self.n_classes == 2 and len(self.lines) == 1 else 1.0
        return max(both * self.unit * (self.unit / self.weight_unit), np.finfo(float).tiny)

    def stats(self, entry: IntArray, node: IntArray, m: int) -> FloatArray:
        """Return the stats (s, m) of nodes from their entries (N,) and the nodes these are in.

        For classes they are the class weights; for numbers w, wy and the sum of w (y - mean)²
        about the node's own mean, which loses fewer digits than that of wy².
        """
        K, kind = len(self.w), self.kind.take(entry)
        if K <= FEW and self.n_classes:
            count = np.bincount(node * K + kind, minlength=m * K).reshape(m, K)
            return np.einsum("mK,kK->km", count, self.class_table)
        w, y = self.w.take(kind), self.y.take(kind)
        if self.n_classes:
            cell = node * self.n_classes + y
            count = np.bincount(cell, weights=w, minlength=m * self.n_classes)
            return np.ascontiguousarray(count.reshape(m, self.n_classes).T)
        weight = np.bincount(node, weights=w, minlength=m)
        total = np.bincount(node, weights=w * y, minlength=m)
        off = y - (total / weight).take(node)
        return np.stack([weight, total, np.bincount(node, weights=w * off * off, minlength=m)])

    def cost(self, stats: FloatArray) -> FloatArray:
        """Return each node's weight times its impurity, (m,)."""
        return self.criterion.cost(stats) if self.n_classes else stats[2]

    def weight_of(self, stats: FloatArray) -> FloatArray:
        """Return the weight of each node, (m,)."""
        return self.criterion.weight(stats)

    def rounding(self, stats: FloatArray) -> FloatArray:
        """Return by how much the gains (m,) of equal cuts of a node may differ."""
        if self.n_classes:
            return 1e-12 * self.weight_of(stats)
        return squared_error_rounding(*stats)

    def mixed(self, stats: FloatArray, entry: IntArray, node: IntArray) -> BoolArray:
        """Return which nodes (m,) hold entries of different targets."""
        if self.n_classes:
            return (stats > 0).sum(axis=0) > 1
        m, y = stats.shape[1], self.y.take(self.kind.take(entry))
        one = np.empty(m)
        one[node] = y  # the target of some entry of each node
        return np.bincount(node.compress(y != one.take(node)), minlength=m) > 0


@dataclass(frozen=True)
class Sample:
    """What a tree is grown from; it can be sent to another process or machine."""

    X: FloatArray  # (n, d)
    y: NDArray[Any]  # (n,) class numbers, or targets about their mean
    w: FloatArray  # (n,)
    n_classes: int  # 0 for regression
    criterion: Criterion

    def target(self) -> Target:
        """Return weights and targets for the fast growth."""
        if self.n_classes:
            return Target.of_classes(self.criterion, self.y, self.w, self.n_classes)
        return Target.of_numbers(self.criterion, self.y, self.w)

    def stats(self) -> FloatArray:
        """Return the rows' stats (s, n) for the growth node by node."""
        if self.n_classes:
            return class_stats(self.y, self.w, self.n_classes)
        return target_stats(self.y, self.w)

    def rows(self, which: IntArray, w: FloatArray) -> Sample:
        """Return some rows, with other weights."""
        return replace(self, X=self.X[which], y=self.y[which], w=w)
