"""The best cut of one node over its numeric columns, missing values and all.

Every node keeps its rows in the order of every feature, missing values last. Running sums of the
statistics along these orders are then the left side of every cut of every feature at once.

A split is judged by its gain: the cost of the rows it can tell apart, less the cost of the two
children it makes of them. Where missing rows are sent along with one side, all rows count; where
they wait for surrogates, only those whose value is known: gains of features with many holes are
smaller for that.

Notation: n rows of the node, N of the table, d features, f of them tried, c cuts of a feature ·
stats (s, N) lines of statistics (see mlcore.tree.impurity) · w weights.

Source: Breiman, Friedman, Olshen & Stone, Classification and Regression Trees, sections 4.2, 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.impurity import Criterion
from mlcore.tree.ranked import midpoint
from mlcore.tree.structure import UNDEFINED

Sides = NDArray[np.int8]  # of each category: LEFT, RIGHT, or UNKNOWN where no row showed it
LEFT, UNKNOWN, RIGHT = 1, 0, -1


@dataclass(frozen=True)
class Sample:
    """The table a tree grows from, and what every split of it must respect."""

    columns: FloatArray  # (d, N), NaN where a value is missing
    stats: FloatArray  # (s, N)
    criterion: Criterion
    n_categories: IntArray  # (d,) 0 for a numeric column
    learn_direction: bool  # whether the missing rows of a node count on the side they are sent to
    min_leaf: int  # least rows on each side of a split
    min_weight: float  # least weight on each side


@dataclass(frozen=True)
class Split:
    """One split: below a threshold to the left, or a set of categories to the left."""

    feature: int
    gain: float
    threshold: float = UNDEFINED
    sides: Sides = field(default_factory=lambda: np.zeros(0, dtype=np.int8))  # empty if numeric
    missing_left: bool | None = None  # None where the node had no missing row to learn from

    def send(self, x: FloatArray) -> Sides:
        """Return the side of each value x (n,), UNKNOWN where it is missing or a new category."""
        return send(x, self.threshold, self.sides)


def send(x: FloatArray, threshold: float, sides: Sides, below: int = LEFT) -> Sides:
    """Return the side of each value x (n,); values up to the threshold go to the side ``below``.

    >>> send(np.array([1.0, 5.0, np.nan]), 3.0, np.zeros(0, dtype=np.int8))
    array([ 1, -1,  0], dtype=int8)
    """
    missing = np.isnan(x)
    if len(sides):
        code = np.where(missing, -1, x).astype(np.int64)
        return np.where(code < 0, np.int8(UNKNOWN), sides[code])
    side = np.where(x <= threshold, np.int8(below), np.int8(-below))
    side[missing] = UNKNOWN
    return side


def gains(
    sample: Sample,
    left: FloatArray,
    n_left: IntArray,
    total: FloatArray,
    n_total: IntArray,
    allowed: BoolArray,
) -> FloatArray:
    """Return the gain of each cut, (f, c), and minus infinity where it is not allowed.

    left (s, f, c) and n_left (f, c) are sums and numbers of rows on the left of each cut, total
    (s, f) and n_total (f,) those of both sides together.
    """
    cost, weight = sample.criterion.cost, sample.criterion.weight
    least = sample.min_leaf
    allowed = allowed & (n_left >= least) & (n_total[:, None] - n_left >= least)
    gain = np.full(allowed.size, -np.inf)
    at = np.flatnonzero(allowed)
    if len(at) == 0:
        return gain.reshape(allowed.shape)
    below = left.reshape(len(left), -1).take(at, axis=1)
    above = total.take(at // allowed.shape[1], axis=1) - below
    # Beside weights 1e16 times their own, rows can vanish from a sum: such cuts cannot be scored.
    lighter = np.minimum(weight(below), weight(above))
    scored = (lighter > 0) & (lighter >= sample.min_weight)
    if not scored.all():
        at, below, above = at[scored], below[:, scored], above[:, scored]
    own = cost(total).take(at // allowed.shape[1])
    gain[at] = own - cost(below) - cost(above)
    return gain.reshape(allowed.shape)


def first_best(gain: FloatArray, tie: float) -> tuple[int, int] | None:
    """Return the row and column of the largest gain (f, c), or None where none is finite.

    Gains within ``tie`` of each other are equal: of these the first row, then the first column.

    >>> first_best(np.array([[1.0, 2.0], [3.0, 3.0]]), tie=0.0)
    (1, 0)
    """
    if gain.size == 0:
        return None
    best = gain.max(axis=1)
    top = best.max()
    if top == -np.inf:
        return None
    row = int((best >= top - tie).argmax())
    return row, int((gain[row] >= best[row] - tie).argmax())


def best_cut(sample: Sample, order: IntArray, features: IntArray, tie: float) -> Split | None:
    """Return the best cut over the numeric features (f,), or None if there is none.

    order (d, n) holds the rows of the node in the order of each feature. Every feature must have
    a known value in the node.
    """
    if len(features) == 0:
        return None
    order = order if len(order) == len(features) else order[features]
    x = sample.columns[features[:, None], order]  # (f, n)
    running = sample.stats[:, order].cumsum(axis=2)  # (s, f, n)
    f, n = order.shape
    position = np.arange(1, n)
    between = x[:, 1:] > x[:, :-1]  # a cut falls between two values; never beside a missing one
    n_known = n - np.isnan(x).sum(axis=1)
    known = running[:, np.arange(f), n_known - 1]  # (s, f)
    left = running[:, :, :-1]
    n_left = np.broadcast_to(position, between.shape)
    if not sample.learn_direction or (n_known == n).all():
        gain = gains(sample, left, n_left, known, n_known, between)
    else:
        gain = gains_with_missing(
            sample, left, n_left, known, running[:, :, -1], n_known, n, between
        )
    place = first_best(gain, tie)
    if place is None:
        return None
    row, column = place
    cut = column % n  # gains of n - 1 cuts and one more, where missing rows are tried both ways
    threshold = np.inf if cut == n - 1 else float(midpoint(x[row, cut], x[row, cut + 1]))
    learned = sample.learn_direction and n_known[row] < n
    return Split(
        int(features[row]),
        float(gain[row, column]),
        threshold,
        missing_left=column >= n if learned else None,
    )


def gains_with_missing(
    sample: Sample,
    left: FloatArray,
    n_left: IntArray,
    known: FloatArray,
    total: FloatArray,
    n_known: IntArray,
    n: int,
    between: BoolArray,
) -> FloatArray:
    """Return the gains (f, 2n - 1) of the cuts, with missing rows on either side and alone.

    First the n - 1 cuts with the missing rows on the right; then the known rows against the
    missing ones; then the n - 1 cuts with the missing rows on the left.
    """
    holes = n_known < n
    all_rows = np.full(len(n_known), n)
    missing = np.where(holes, total - known, 0.0)
    right = gains(sample, left, n_left, total, all_rows, between)
    alone = gains(sample, known[:, :, None], n_known[:, None], total, all_rows, holes[:, None])
    with_left = gains(
        sample,
        left + missing[:, :, None],
        n_left + (n - n_known)[:, None],
        total,
        all_rows,
        between & holes[:, None],
    )
    return np.concatenate([right, alone, with_left], axis=1)
