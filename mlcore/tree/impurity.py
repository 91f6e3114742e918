"""How mixed a node is, from sums over its rows that are kept as lines of statistics.

A node of a classification tree is known by its weighted class counts, one line a class. A node of a
regression tree is known by three sums: w, wy and wy². Such sums add up over rows, so a criterion is
three functions of them. ``cost`` is the node's weight times its impurity: costs of children add up,
so the best split is the one with the least sum.

Notation: m nodes, k classes · stats (s, m) lines of sums, lines first so that every operation runs
along a long row; s is k for classification and 3 for regression · w (m,) weights of nodes.

Source: Breiman, Friedman, Olshen & Stone, Classification and Regression Trees, chapters 4 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray


def gini_cost(counts: FloatArray) -> FloatArray:
    """Return w * (1 - sum p²) = w - sum counts² / w, (m,).

    >>> gini_cost(np.array([[2.0, 4.0], [2.0, 0.0]]))
    array([2., 0.])
    """
    w = counts.sum(axis=0)
    return w - (counts * counts).sum(axis=0) / w


def entropy_cost(counts: FloatArray) -> FloatArray:
    """Return w * (-sum p log2 p), in bits, (m,).

    >>> entropy_cost(np.array([[2.0, 4.0], [2.0, 0.0]]))
    array([4., 0.])
    """
    w = counts.sum(axis=0)
    p = counts / w
    # p log p is 0 at p = 0: the logarithm of 1 stands in for that of 0.
    return w * np.abs((p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=0))


def squared_error_cost(sums: FloatArray) -> FloatArray:
    """Return sum w (y - mean)² = wy² - (wy)² / w, (m,); y should be centred first.

    >>> squared_error_cost(np.array([[2.0], [4.0], [10.0]]))  # y = 1 and 3
    array([2.])
    """
    w, wy, wyy = sums
    return np.maximum(wyy - wy * wy / w, 0.0)


def squared_gain(
    left: list[FloatArray], w_left: FloatArray, totals: list[FloatArray], w: FloatArray
) -> FloatArray:
    """Return how much a cut lowers squared error: w / (w_left w_right) * sum of S² over the lines.

    S = left - w_left * total / w is what the left side has more than its share of a line. Squared
    error falls by this much; so does Gini, which is the squared error of the class indicators.

    >>> one = np.array([1.0])
    >>> squared_gain([0 * one], 2 * one, [2 * one], 4 * one)  # 0 0 | 1 1 had squared error 1
    array([1.])
    """
    squares, *others = (
        square(line - w_left * (total / w)) for line, total in zip(left, totals, strict=True)
    )
    for other in others:
        squares += other
    factor = w - w_left
    factor *= w_left
    squares *= np.divide(w, factor, out=factor)
    return squares


def square(x: FloatArray) -> FloatArray:
    """Square x in place: a fresh array would cost as much as the product."""
    x *= x
    return x


def entropy_gain(
    left: list[FloatArray], w_left: FloatArray, totals: list[FloatArray], w: FloatArray
) -> FloatArray:
    """Return how much a cut lowers w * entropy, in bits, from the left side's class counts."""
    rest = [whole - line for line, whole in zip(left, totals, strict=True)]
    return np.maximum(
        weighted_entropy(totals, w)
        - weighted_entropy(left, w_left)
        - weighted_entropy(rest, w - w_left),
        0.0,
    )


def weighted_entropy(counts: list[FloatArray], w: FloatArray) -> FloatArray:
    """Return w * (-sum p log2 p) = w log2 w - sum c log2 c."""
    total = times_log(w)
    for line in counts:
        total = total - times_log(line)
    return total


def times_log(x: FloatArray) -> FloatArray:
    """Return x log2 x, 0 at 0."""
    return x * np.log2(np.maximum(x, np.finfo(float).tiny))


def squared_error_rounding(w: FloatArray, total: FloatArray, cost: FloatArray) -> FloatArray:
    """Return by how much gains (m,) that are equal may differ, from a node's w, wy and cost.

    S = left - w_left * total / w is rounded in units of the total, which may be far larger.
    """
    eps = np.finfo(np.float64).eps
    return 1e-12 * cost + 8 * eps * np.abs(total) * np.sqrt(cost / w)


@dataclass(frozen=True)
class Criterion:
    """One criterion as functions of stats (s, m), and as the gain of cuts."""

    cost: Callable[[FloatArray], FloatArray]  # (m,) weight times impurity
    weight: Callable[[FloatArray], FloatArray]  # (m,)
    value: Callable[[FloatArray], FloatArray]  # (m, k) class shares, or (m, 1) means
    gain: Callable[..., FloatArray]  # cost of a node less that of its children, for every cut
    one_line_for_two_classes: bool = False


def class_shares(counts: FloatArray) -> FloatArray:
    """Return the share of each class in each node, (m, k)."""
    return (counts / counts.sum(axis=0)).T


def class_weight_sum(counts: FloatArray) -> FloatArray:
    """Return the weight of each node, (m,)."""
    return counts.sum(axis=0)


def target_weight(sums: FloatArray) -> FloatArray:
    """Return the weight of each node, (m,)."""
    return sums[0]


def target_mean(sums: FloatArray) -> FloatArray:
    """Return the mean target of each node, (m, 1)."""
    return (sums[1] / sums[0])[:, None]


GINI = Criterion(gini_cost, class_weight_sum, class_shares, squared_gain, True)
ENTROPY = Criterion(entropy_cost, class_weight_sum, class_shares, entropy_gain)
SQUARED_ERROR = Criterion(
    squared_error_cost,
    target_weight,
    target_mean,
    squared_gain,
)

CLASSIFICATION = {"gini": GINI, "entropy": ENTROPY, "log_loss": ENTROPY}
REGRESSION = {"squared_error": SQUARED_ERROR}


def class_stats(y: IntArray, w: FloatArray, k: int) -> FloatArray:
    """Return (k, n): each row's weight in the line of its class, zeros elsewhere."""
    stats = np.zeros((k, len(y)))
    stats[y, np.arange(len(y))] = w
    return stats


def target_stats(y: FloatArray, w: FloatArray) -> FloatArray:
    """Return (3, n): each row's w, wy and wy²."""
    return np.stack([w, w * y, w * y * y])
