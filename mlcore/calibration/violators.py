"""Pooling adjacent violators, all over the rows at once: what isotonic regression computes.

Wherever y falls, the neighbours are pooled at their weighted mean, and this goes on until nothing
falls. That leads to the only minimum, in whatever order it is done; so each pass here pools all
that is sure to be one block, where the textbook's method takes one row after the other.

Notation: n rows, b blocks of rows that share a value · level (b,) the values · weight (b,) ·
r pools, runs of blocks that fall.

Source: Barlow, Bartholomew, Bremner & Brunk (1972), Statistical Inference under Order
Restrictions, chapter 1.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray


def pool_violators(y: FloatArray, w: FloatArray) -> FloatArray:
    """Return the nearest values (n,) to y that never fall; weights w (n,) above 0.

    Cost: a pass over all rows, then passes over the blocks that are left: about 10 for noise or a
    random walk, 1 for reversed order or one outlier after a long rise. The worst case is of about n
    passes: levels and weights made so that a pool runs into its left and its right by turns.

    >>> pool_violators(np.array([1.0, 3.0, 2.0]), np.array([1.0, 1.0, 3.0])).tolist()
    [1.0, 2.25, 2.25]
    """
    level, weight, size = y, w, np.ones(len(y), dtype=np.int64)
    while True:
        falls = level[1:] < level[:-1]
        if not falls.any():
            return np.repeat(level, size)
        joined = with_neighbours(falls, level, weight)
        first = np.flatnonzero(np.append(True, ~joined))  # of each new block
        alone = np.diff(np.append(first, len(level))) == 1
        total = np.add.reduceat(weight, first)
        mean = np.add.reduceat(weight * level, first) / total
        level = np.where(alone, level[first], mean)  # w y / w may not be y to the last bit
        weight, size = total, np.add.reduceat(size, first)


def with_neighbours(falls: BoolArray, level: FloatArray, weight: FloatArray) -> BoolArray:
    """Return which neighbours (b - 1,) are to be one block, given where the level falls (b - 1,).

    Each run of falls is one block in the end, and so is all that this block then runs into on
    either side. Claims from both sides of a block are both true, so overlaps are joined as well.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], falls, [False]])))
    first, last = edges[::2], edges[1::2]  # blocks at the ends of each run of falls
    b = len(level)
    left = reach(level, weight, first, last)
    right = b - 1 - reach(-level[::-1], weight[::-1], b - 1 - last[::-1], b - 1 - first[::-1])[::-1]
    claims = np.bincount(left, minlength=b) - np.bincount(right, minlength=b)
    return np.cumsum(claims)[:-1] > 0


def reach(level: FloatArray, weight: FloatArray, first: IntArray, last: IntArray) -> IntArray:
    """Return the leftmost block (r,) that the pools first..last (r,) run into, one after the other.

    Left of a pool the levels rise up to it. It takes in its neighbour while that lies above the
    pool's mean, which rises by it; whether block i is taken in is thus true near the pool and
    false from somewhere on, and the place is found by bisection on cumulative sums. A block counts
    as above only if it is so by more than these sums may be rounded: what is left out for it waits
    for the next pass.
    """
    centred = level - level.mean()  # keeps the sums small, and so their rounding
    W = np.append(0.0, np.cumsum(weight))
    S = np.append(0.0, np.cumsum(weight * centred))
    slack = 8 * np.finfo(np.float64).eps * sqrt(len(level)) * np.abs(S).max()
    low, high = np.append(0, last[:-1]), first.copy()
    while True:
        open_ = np.flatnonzero(low < high)
        if not len(open_):
            return high
        i, end = (low[open_] + high[open_]) // 2, last[open_] + 1
        taken = centred[i] * (W[end] - W[i + 1]) - (S[end] - S[i + 1]) > slack
        high[open_] = np.where(taken, i, high[open_])
        low[open_] = np.where(taken, low[open_], i + 1)
