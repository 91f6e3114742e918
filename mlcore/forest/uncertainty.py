"""How sure a forest is: where y will lie, and how far its mean would move with other rows.

A forest predicts the mean of y; the rows in the leaves tell more. Weighted as the forest weighs
them, they give quantiles of y for a new row, and so an interval for it. Apart from that, the
prediction itself would differ had other rows been drawn from the population: how much is told by
how the trees' predictions vary with the number of times each row is in the bag.

Notation: n training rows, v new rows, t trees, q quantiles, b rows of a block · leaves (n, t) or
(v, t) each row's leaf in each tree, numbered within the tree · bags (t, n) how often each tree drew
each row (times the row's weight, if the forest was given any).

Source: Meinshausen (2006), Quantile regression forests, JMLR 7; Wager, Hastie & Efron (2014),
Confidence intervals for random forests: the jackknife and the infinitesimal jackknife, JMLR 15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, IntArray, check_finite_vector
from mlcore.forest.out_of_bag import check_bags

CELLS_A_BLOCK = 2**20  # cells of the (b, n) weights held at a time: 8 MB
ROUNDING = 1e-10  # by how much a sum of weights may miss the level it should reach


@dataclass(frozen=True)
class Members:
    """Which rows of its bag one tree has in each leaf: row[first[leaf]:first[leaf] + count[leaf]]."""

    first: IntArray  # (nodes,)
    count: IntArray  # (nodes,)
    row: IntArray  # (rows in the bag,) in order of their leaves
    share: FloatArray  # (rows in the bag,) bag / sum of bag in the leaf

    @classmethod
    def of(cls, leaf: IntArray, bag: FloatArray, nodes: int) -> Members:
        """Sort the rows in the bag (n,) by their leaf (n,)."""
        row = np.flatnonzero(bag)
        row = row[np.argsort(leaf[row], kind="stable")]
        count = np.bincount(leaf[row], minlength=nodes)
        weight = np.bincount(leaf[row], weights=bag[row], minlength=nodes)
        return cls(np.cumsum(count) - count, count, row, bag[row] / weight[leaf[row]])

    def add_to(self, weights: FloatArray, rows: IntArray, leaf: IntArray) -> None:
        """Add to weights (b, n), in each of the given rows, the shares of the row's leaf."""
        count = self.count[leaf]
        # Where each row's run of members begins, and then 0, 1, 2, ... within every run.
        begin = self.first[leaf] - (np.cumsum(count) - count)
        place = np.repeat(begin, count) + np.arange(count.sum())
        weights[np.repeat(rows, count), self.row[place]] += self.share[place]


def leaf_quantiles(
    leaves_new: IntArray,
    leaves_train: IntArray,
    bags: ArrayLike,
    y: ArrayLike,
    quantiles: ArrayLike,
) -> FloatArray:
    """Return quantiles of y for new rows, (v, q).

    A training row weighs, for a new row, the mean over the trees of [same leaf] * bag / (sum of bag
    in the leaf). The quantile is the smallest y at which the summed weight reaches the level. The
    weights are those by which the forest's mean is a mean of y. Time O(v (n q + t * rows a leaf));
    besides the answer, O(n t) memory. ValueError for a level outside 0 to 1.

    >>> leaves_train, bags = np.array([[1], [1], [1], [2]]), [[1, 1, 2, 1]]
    >>> leaf_quantiles(np.array([[1], [2]]), leaves_train, bags, [10, 20, 30, 40], [0.25, 0.5, 0.9])
    array([[10., 20., 30.],
           [40., 40., 40.]])
    """
    used = np.ones(leaves_new.shape, dtype=bool)
    return _quantiles(leaves_new, used, leaves_train, bags, y, quantiles)


def out_of_bag_quantiles(
    leaves: IntArray, bags: ArrayLike, y: ArrayLike, quantiles: ArrayLike
) -> FloatArray:
    """As leaf_quantiles, for the training rows by the trees that left them out, (n, q).

    A row's own y is never among those it is judged by, so the share of rows whose y lies between
    two quantiles shows what the interval is worth. NaN for a row that every tree drew.

    >>> leaves, bags = np.array([[1, 1], [1, 1], [1, 1]]), [[2, 1, 0], [0, 1, 2]]
    >>> out_of_bag_quantiles(leaves, bags, [1.0, 2.0, 3.0], [0.5])
    array([[ 3.],
           [nan],
           [ 1.]])
    """
    used = check_bags(bags, leaves.shape[1], len(leaves)).T == 0
    return _quantiles(leaves, used, leaves, bags, y, quantiles)


def _quantiles(
    leaves_new: IntArray,
    used: BoolArray,
    leaves_train: IntArray,
    bags: ArrayLike,
    y: ArrayLike,
    quantiles: ArrayLike,
) -> FloatArray:
    """Return the quantiles (v, q) by the trees that are used (v, t) for each new row."""
    n, t = leaves_train.shape
    target, levels = check_finite_vector(y, "y", n), _check_levels(quantiles)
    order = np.argsort(target, kind="stable")  # with rows in order of y, weights need only summing
    known, counts = leaves_train[order], check_bags(bags, t, n)[:, order]
    nodes = int(max(leaves_train.max(initial=0), leaves_new.max(initial=0))) + 1
    members = [Members.of(known[:, j], counts[j], nodes) for j in range(t)]
    found = np.empty((len(leaves_new), len(levels)))
    size = max(1, CELLS_A_BLOCK // n)
    for start in range(0, len(leaves_new), size):
        block = slice(start, start + size)
        weights = _forest_weights(members, leaves_new[block], used[block], n)
        found[block] = _weighted_quantiles(target[order], weights, levels)
    return found


def _forest_weights(
    members: list[Members], leaves: IntArray, used: BoolArray, n: int
) -> FloatArray:
    """Return the weight of each training row for each of a block's rows, (b, n); lines sum to 1."""
    weights = np.zeros((len(leaves), n))
    for j, tree in enumerate(members):
        rows = np.flatnonzero(used[:, j])
        tree.add_to(weights, rows, leaves[rows, j])
    return weights / np.maximum(used.sum(axis=1), 1)[:, None]


def _weighted_quantiles(y: FloatArray, weights: FloatArray, levels: FloatArray) -> FloatArray:
    """Return the smallest of the rising y (n,) where weights (b, n) sum to each level, (b, q)."""
    reached = np.cumsum(weights, axis=1)
    # Level 0 is the smallest y that weighs anything.
    least = np.maximum(levels - ROUNDING, ROUNDING)
    place = np.stack([(reached < level).sum(axis=1) for level in least], axis=1)
    return np.where(reached[:, -1:] > 0, y[np.minimum(place, len(y) - 1)], np.nan)


def _check_levels(quantiles: ArrayLike) -> FloatArray:
    levels = check_finite_vector(np.atleast_1d(quantiles), "quantiles")
    if ((levels < 0) | (levels > 1)).any():
        raise ValueError(
            f"quantiles is {levels.tolist()}, but levels between 0 and 1 were expected. "
            "Divide percentages by 100."
        )
    return levels


def infinitesimal_jackknife(bags: ArrayLike, predictions: FloatArray) -> FloatArray:
    """Return the standard error (v,) of a forest's mean prediction, from its trees' (t, v).

    V = sum over rows i of cov(N_i, T)², the covariances over the trees of how often row i was drawn
    and of the prediction T; less n / t * var(T), what V comes to by chance alone in a forest of t
    trees. Below 0 it is set to 0, which tells that the trees are too few: t of about n is the least.
    Call it for each class with that class's shares. It holds for n rows drawn n times with
    replacement, of weight 1, and it is the error of the whole forest, not the spread of y. It sees
    what each row does by itself, not what they do together, and so errs low for deep trees: for 100
    rows it came to 0.85 of the spread from sample to sample with leaves of 10 rows, and to 0.66 with
    leaves of 1. Time O(v n t).

    >>> rng = np.random.default_rng(0)
    >>> y = rng.normal(size=50)  # each "tree" is the mean of its bag, whose error is known
    >>> bags = np.stack([np.bincount(rng.integers(0, 50, 50), minlength=50) for _ in range(20000)])
    >>> error = infinitesimal_jackknife(bags, (bags @ y / 50)[:, None])
    >>> print(error.round(2), (y.std() / np.sqrt(50)).round(2))
    [0.13] 0.13
    """
    t, v = predictions.shape
    bags = np.asarray(bags, dtype=np.float64)
    counts = check_bags(bags, t, bags.shape[-1])
    n = counts.shape[1]
    if not (counts.sum(axis=1) == n).all():
        raise ValueError(
            f"A bag holds {counts.sum(axis=1).min():g} draws, but {n} were expected, one for each "
            "row. Pass the counts of a full bootstrap, bootstrap=True and no max_samples."
        )
    centred = predictions - predictions.mean(axis=0)
    variance, size = np.empty(v), max(1, CELLS_A_BLOCK // n)
    for start in range(0, v, size):
        block = slice(start, start + size)
        covariance = counts.T @ centred[:, block] / t  # (n, b); centring one side is enough
        variance[block] = (covariance**2).sum(axis=0)
    variance -= n / t * (centred**2).mean(axis=0)
    return np.sqrt(np.maximum(variance, 0.0))
