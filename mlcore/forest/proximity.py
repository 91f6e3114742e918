"""How alike a forest finds two rows, and which rows are unlike all others of their class.

Two rows are as alike as the share of trees in which they fall into the same leaf. Only features
that the trees chose count, in the places where they matter, so no units need be compared.

Notation: n rows, t trees · leaves (n, t) each row's leaf in each tree, numbered within the tree ·
bags (t, n) how often each tree drew each row, 0 if it is out of the bag.

Source: Breiman (2001), Random Forests, and Breiman & Cutler's manual of the same name; Liaw &
Wiener (2002), R's randomForest, for the measure of outliers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import FloatArray, IntArray, check_choice, check_labels
from mlcore.forest.out_of_bag import check_bags

CELLS_A_BLOCK = 2**17  # pairs of rows compared together, few enough to stay in the cache
MAD_TO_SD = 1.4826  # makes the median absolute deviation that of a normal's standard deviation


def proximities(
    leaves: IntArray, bags: ArrayLike | None = None, *, kind: str = "all"
) -> FloatArray:
    """Return the share of trees in which two rows share a leaf, (n, n), 1 on the diagonal.

    "all" counts every tree. "oob" counts the trees that left both rows out, so that no tree has
    seen either label; NaN for a pair that no tree left out together. (R's randomForest counts for
    oob.prox the trees that left out exactly one of the two.) Time O(n² t), memory O(n²).

    >>> proximities(np.array([[1, 3], [1, 4], [2, 4]])).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    check_choice("kind", kind, ("all", "oob"))
    n, t = leaves.shape
    if kind == "all":
        return shared_leaves(leaves, leaves) / t
    if bags is None:
        raise ValueError(
            "kind is 'oob' and bags is None, but which rows each tree drew must be known. "
            "Pass bags, or kind='all'."
        )
    out = check_bags(bags, t, n) == 0  # (t, n)
    # A row in the bag gets a number that no row of the other side has, so it meets nobody.
    one, other = np.where(out.T, leaves, -1), np.where(out.T, leaves, -2)
    together = out.T.astype(np.float64) @ out  # (n, n) trees that left out both
    share = np.full((n, n), np.nan)
    np.divide(shared_leaves(one, other), together, out=share, where=together > 0)
    np.fill_diagonal(share, 1.0)
    return share


def proximities_to(new_leaves: IntArray, leaves: IntArray) -> FloatArray:
    """Return the share of trees in which new rows share a leaf with known ones, (n_new, n).

    >>> proximities_to(np.array([[1, 4]]), np.array([[1, 3], [1, 4], [2, 3]])).tolist()
    [[0.5, 1.0, 0.0]]
    """
    if new_leaves.shape[1] != leaves.shape[1]:
        raise ValueError(
            f"new_leaves has {new_leaves.shape[1]} trees and leaves {leaves.shape[1]}, but the "
            "same were expected. Take both from one forest's apply."
        )
    return shared_leaves(new_leaves, leaves) / leaves.shape[1]


def shared_leaves(one: IntArray, other: IntArray) -> FloatArray:
    """Return in how many trees each row of one (a, t) has the leaf of a row of other (b, t): (a, b).

    >>> shared_leaves(np.array([[1, 3]]), np.array([[1, 4], [1, 3]]))
    array([[1., 2.]])
    """
    small = max(one.max(initial=0), other.max(initial=0)) < 2**15
    dtype = np.int16 if small else np.int64  # small numbers are compared four times as fast
    left, right = (np.ascontiguousarray(side.T, dtype=dtype) for side in (one, other))
    (t, a), b = left.shape, right.shape[1]
    shared, rows = np.zeros((a, b)), max(1, CELLS_A_BLOCK // max(1, b))
    for start in range(0, a, rows):
        block = slice(start, start + rows)
        for first in range(0, t, 255):  # a byte counts up to 255
            trees = slice(first, first + 255)
            shared[block] += _count_equal(left[trees, block], right[trees])
    return shared


def _count_equal(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.uint8]:
    """Return in how many of at most 255 lines left (t, a) equals right (t, b): (a, b)."""
    count = np.zeros((left.shape[1], right.shape[1]), dtype=np.uint8)
    for here, there in zip(left, right, strict=True):
        count += (here[:, None] == there).view(np.uint8)
    return count


def outlier_measure(proximity: ArrayLike, labels: ArrayLike | None = None) -> FloatArray:
    """Return how far each row is from the others of its class, (n,); above 10 is suspect.

    Raw: n / sum over the rows j of i's class, i among them, of proximity_ij². Then, within each
    class, (raw - median) / (1.4826 * median |raw - median|), as R's randomForest::outlier does. Where
    that scale is 0, because most rows of a class have one raw value, those are 0 and the others
    infinite. Without labels all rows are one class, as for a regression.

    >>> proximity = np.eye(5) + 0.5 * (1 - np.eye(5))
    >>> proximity[0, 1:] = proximity[1:, 0] = [0.1, 0.2, 0.2, 0.3]
    >>> outlier_measure(proximity).round(1).tolist()
    [20.5, 0.7, 0.0, 0.0, -1.1]
    """
    array = np.asarray(proximity, dtype=np.float64)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ValueError(
            f"proximity has the shape {array.shape}, but (n, n) was expected. Pass proximities(...)."
        )
    if np.isnan(array).any():
        raise ValueError(
            "proximity is NaN for rows that no tree left out together, but numbers were expected. "
            "Grow more trees, or use kind='all'."
        )
    n = len(array)
    classes, index = check_labels(np.zeros(n) if labels is None else labels, n, name="labels")
    measure = np.empty(n)
    for c in range(len(classes)):
        rows = np.flatnonzero(index == c)
        raw = n / (array[np.ix_(rows, rows)] ** 2).sum(axis=1)
        measure[rows] = _standardised(raw)
    return measure


def _standardised(raw: FloatArray) -> FloatArray:
    """Return the distance from the median in units of the scaled median absolute deviation."""
    centred = raw - np.median(raw)
    scale = MAD_TO_SD * np.median(np.abs(centred))
    if scale > 0:
        return centred / scale
    return np.where(centred == 0, 0.0, np.copysign(np.inf, centred))
