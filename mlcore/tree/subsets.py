"""The best split of one node over its categorical columns: which categories go left.

A column of p categories has 2^(p-1) - 1 splits. With two classes, or a number to predict, the best
of them never parts categories that are neighbours in the order of their class shares or means more
than once (Fisher 1958; Breiman et al., theorem 4.5): p - 1 cuts of that order are enough, and the
result is exact, for Gini, entropy and squared error alike. With more classes all subsets are tried
while there are few categories, and for more of them the cuts of the order of their first principal
component, which is near the best but not always it (Coppersmith, Hong & Hosking 1999).

The theorem knows nothing of a least size of the children: with min_samples_leaf the split is the
best of those cuts that respect it, as in rpart, though another subset might do so too.

The left set is the one with the lower mean target, or the lower mean class number; if both are
equal, the one that holds the lowest code. Of equal splits the first tried is taken.

Where the direction of missing rows is learned, missing is one more category, after all others.

Notation: n rows of the node, f features tried, C most categories of a column, p of one column that
the node shows, k classes · sums (s, f, C + 1) statistics of each category, the missing one last.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.cuts import LEFT, RIGHT, Sample, Sides, Split, first_best, gains
from mlcore.tree.impurity import Criterion

EXHAUSTIVE = 10  # most categories for which all subsets are tried: 511


def best_subset(sample: Sample, rows: IntArray, features: IntArray, tie: float) -> Split | None:
    """Return the best split over the categorical features (f,), or None if there is none.

    rows (n,) are those of the node.
    """
    if len(features) == 0:
        return None
    counts, sums = tabulate(sample, rows, features)
    score = mean_scores(sample.criterion, counts, sums)
    all_subsets = np.zeros(len(features), dtype=bool)
    if sample.criterion.value(sums[:, 0].sum(axis=1)[:, None]).shape[1] > 2:
        all_subsets = (counts > 0).sum(axis=1) <= EXHAUSTIVE
        for j in np.flatnonzero(~all_subsets):
            shown = counts[j] > 0
            score[j, shown] = principal_scores(sums[:, j, shown])
    found = None
    for at, search in (
        (np.flatnonzero(~all_subsets), cut_in_order),
        (np.flatnonzero(all_subsets), best_of_all),
    ):
        if len(at) == 0:
            continue
        place = search(sample, counts[at], sums[:, at], score[at], tie)
        if place is not None:
            row, gain, members = place
            j = at[row]
            split = as_split(sample, int(features[j]), gain, members, counts[j], sums[:, j])
            found = better(found, split, tie)
    return found


def better(one: Split | None, other: Split | None, tie: float) -> Split | None:
    """Return the split of the larger gain; of equal ones that of the lower feature."""
    if one is None or other is None:
        return other if one is None else one
    if abs(one.gain - other.gain) <= tie:
        return one if one.feature < other.feature else other
    return one if one.gain > other.gain else other


def tabulate(sample: Sample, rows: IntArray, features: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the rows (f, C + 1) and the sums (s, f, C + 1) of each category.

    The last one is missing; it stays empty where missing rows are not sent along with a side.
    """
    width = int(sample.n_categories[features].max()) + 1
    codes = sample.columns[features[:, None], rows]  # (f, n)
    missing = np.isnan(codes)
    cells = np.where(missing, width - 1, codes).astype(np.int64)
    cells += np.arange(len(features))[:, None] * width
    stats = np.broadcast_to(sample.stats[:, None, rows], (len(sample.stats), *cells.shape))
    if missing.any() and not sample.learn_direction:
        cells, stats = cells[~missing], stats[:, ~missing]
    cells, size = cells.ravel(), len(features) * width
    counts: IntArray = np.bincount(cells, minlength=size)
    sums: FloatArray = np.stack(
        [np.bincount(cells, weights=s.ravel(), minlength=size) for s in stats]
    )
    return counts.reshape(-1, width), sums.reshape(len(sums), -1, width)


def mean_scores(criterion: Criterion, counts: IntArray, sums: FloatArray) -> FloatArray:
    """Return each category's mean target or mean class number (f, C + 1), inf for those not shown.

    Rounded to twelve digits of the range, so that equal means are equal.
    """
    score = np.full(counts.shape, np.inf)
    shown = counts > 0
    mean = means(criterion, sums[:, shown])
    low, high = mean.min(), mean.max()
    score[shown] = np.round((mean - low) / (high - low), 12) if high > low else 0.0
    return score


def means(criterion: Criterion, sums: FloatArray) -> FloatArray:
    """Return the mean target, or the mean number of the class, of sums (s, m): (m,)."""
    value = criterion.value(sums)
    k = value.shape[1]
    return value[:, -1] if k <= 2 else value @ np.arange(k)


def principal_scores(sums: FloatArray) -> FloatArray:
    """Return the first principal component (p,) of the class shares of counts (k, p).

    Categories count by their weight, as rows would.

    >>> scores = principal_scores(np.array([[4.0, 0, 2], [0, 4, 2], [0, 0, 0]]))
    >>> np.argsort(np.abs(scores - scores[0])).tolist()  # the third lies between the others
    [0, 2, 1]
    """
    weight = sums.sum(axis=0)
    shares = sums / weight
    centred = shares - (shares @ weight / weight.sum())[:, None]
    _, vectors = np.linalg.eigh((centred * weight) @ centred.T)
    return np.round(vectors[:, -1] @ centred, 12)


Place = tuple[int, float, IntArray]  # row among the features, gain, categories of one side


def cut_in_order(
    sample: Sample, counts: IntArray, sums: FloatArray, score: FloatArray, tie: float
) -> Place | None:
    """Return the best cut of the categories in the order of their scores (f, C + 1)."""
    order = np.argsort(score, axis=1, kind="stable")  # equal scores: the lower code first
    running = np.take_along_axis(sums, order[None], axis=2).cumsum(axis=2)
    n_left = np.take_along_axis(counts, order, axis=1).cumsum(axis=1)
    n_total, total = n_left[:, -1], running[:, :, -1]
    # Beyond the last category shown n_left is n_total: gains refuses an empty side.
    gain = gains(sample, running, n_left, total, n_total, np.ones(n_left.shape, dtype=bool))
    place = first_best(gain, tie)
    if place is None:
        return None
    row, cut = place
    return row, float(gain[place]), order[row, : cut + 1]


def best_of_all(
    sample: Sample, counts: IntArray, sums: FloatArray, score: FloatArray, tie: float
) -> Place | None:
    """Return the best of all subsets of the categories the node shows."""
    p = int((counts > 0).sum(axis=1).max())
    order = np.argsort(counts == 0, axis=1, kind="stable")[:, :p]  # those shown, by code
    table = np.take_along_axis(sums, order[None], axis=2)  # (s, f, p)
    sizes = np.take_along_axis(counts, order, axis=1)
    # Bit j of a subset says whether category j is in it; the last never is, as a subset and the
    # rest are the same split.
    subsets = np.arange(1, 2 ** (p - 1))
    member = (subsets[:, None] >> np.arange(p)) & 1  # (2^(p-1) - 1, p)
    left, n_left = table @ member.T, sizes @ member.T
    allowed = np.ones(n_left.shape, dtype=bool)
    gain = gains(sample, left, n_left, table.sum(axis=2), sizes.sum(axis=1), allowed)
    place = first_best(gain, tie)
    if place is None:
        return None
    row, subset = place
    return row, float(gain[place]), order[row, member[subset] == 1]


def as_split(
    sample: Sample,
    feature: int,
    gain: float,
    members: IntArray,
    counts: IntArray,
    sums: FloatArray,
) -> Split:
    """Return the split of one side's categories against the rest, the lower mean to the left."""
    inside = np.zeros(len(counts), dtype=bool)
    inside[members] = True
    outside = (counts > 0) & ~inside
    inside &= counts > 0
    both = np.stack([sums[:, inside].sum(axis=1), sums[:, outside].sum(axis=1)], axis=1)
    a, b = means(sample.criterion, both)
    close = abs(a - b) <= 1e-12 * max(abs(a), abs(b))
    if inside.argmax() > outside.argmax() if close else a > b:
        inside, outside = outside, inside
    sides: Sides = LEFT * inside.astype(np.int8) + RIGHT * outside.astype(np.int8)
    missing = bool(inside[-1]) if counts[-1] else None
    return Split(feature, gain, sides=sides[: sample.n_categories[feature]], missing_left=missing)
