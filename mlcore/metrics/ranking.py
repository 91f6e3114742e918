"""Curves of a ranking: what happens as the threshold falls from the highest score to the lowest.

Notation: n rows · q distinct thresholds, falling · tps, fps (q,) weight of the positives and
negatives with a score of at least each threshold · w (n,) weights.

Source: Fawcett (2006), An introduction to ROC analysis, Pattern Recognition Letters 27.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    UndefinedMetricWarning,
    check_finite_vector,
    check_paired,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.scores import check_positive_rows

Curve = tuple[FloatArray, FloatArray, FloatArray]


def cumulative_counts(
    y_true: ArrayLike,
    y_score: ArrayLike,
    pos_label: Any,
    sample_weight: ArrayLike | None,
    *,
    greater: bool = False,
    rest: bool = False,
) -> Curve:
    """Return fps, tps and the distinct scores, falling, (q,); O(n log n), the sorting.

    Rows with the same score are counted together, so the order of the rows cannot matter.
    ``greater`` and ``rest``: see check_positive_rows.
    """
    t, s, w = check_paired(y_true, y_score, ("y_true", "y_score"), sample_weight)
    s = check_finite_vector(s, "y_score")
    positive = check_positive_rows(t, pos_label, greater=greater, rest=rest)
    return count_above(positive, s, None if sample_weight is None else w)


def count_above(positive: BoolArray, s: FloatArray, w: FloatArray | None) -> Curve:
    """Return what cumulative_counts does, of checked rows; w is None where all weigh 1.

    Without weights only the scores of each class matter, and NumPy sorts numbers several times
    faster than it finds the order of rows: so the classes are sorted apart and merged.
    """
    if w is not None:
        return _weights_above(positive, s, w)
    n, m = len(s), int(np.count_nonzero(positive))
    rising, others = np.sort(s[positive]), np.sort(s[~positive])
    from_positives = np.zeros(n, dtype=bool)
    from_positives[np.searchsorted(others, rising) + np.arange(m)] = True
    merged = np.empty(n)
    merged[from_positives], merged[~from_positives] = rising, others
    first = np.flatnonzero(np.append(True, merged[1:] != merged[:-1]))  # of each run of ties
    below = np.append(0, np.cumsum(from_positives))[first]
    tps, flagged = (m - below)[::-1], (n - first)[::-1]
    return (flagged - tps).astype(np.float64), tps.astype(np.float64), merged[first][::-1]


def _weights_above(positive: BoolArray, s: FloatArray, w: FloatArray) -> Curve:
    if not w.all():  # weight 0 equals no row: it must not leave a threshold behind
        s, positive, w = s[w > 0], positive[w > 0], w[w > 0]
    order = np.argsort(-s)
    s, positive, w = s[order], positive[order], w[order]
    last = np.append(np.flatnonzero(s[1:] != s[:-1]), len(s) - 1)  # of each run of ties
    return np.cumsum(w * ~positive)[last], np.cumsum(w * positive)[last], s[last]


def warn_undefined(what: str, missing: str) -> None:
    """Warn that a score has no value since y_true lacks a class."""
    warn_caller(
        f"y_true has no {missing} rows of weight above 0, so {what} is undefined. "
        "Score more rows together.",
        UndefinedMetricWarning,
    )


def _rate(counts: FloatArray, what: str, missing: str) -> FloatArray:
    """Return counts / their total; all NaN, with a warning, where the total is 0."""
    if counts[-1] > 0:
        return counts / counts[-1]
    warn_undefined(what, missing)
    return np.full(len(counts), np.nan)


def _kept(curve: Curve, inside: BoolArray) -> Curve:
    """Return the ends of a curve and those points between them that ``inside`` keeps."""
    keep = np.concatenate([[True], inside, [True]])
    return curve[0][keep], curve[1][keep], curve[2][keep]


def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> Curve:
    """Return false positive rate, true positive rate and thresholds, from (0, 0) to (1, 1).

    The first threshold is infinite: nobody is flagged. ``drop_intermediate`` leaves out points
    inside straight stretches, which changes neither the drawing nor the area. A rate is NaN, with
    an UndefinedMetricWarning, when its class has no rows.

    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr.tolist(), tpr.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    curve = cumulative_counts(y_true, y_score, pos_label, sample_weight, rest=True)
    if drop_intermediate and len(curve[0]) > 2:
        curve = _kept(curve, np.logical_or(np.diff(curve[0], 2), np.diff(curve[1], 2)))
    fps, tps, thresholds = curve
    fpr = _rate(np.append(0.0, fps), "the false positive rate", "negative")
    tpr = _rate(np.append(0.0, tps), "the true positive rate", "positive")
    return fpr, tpr, np.append(np.inf, thresholds)


def _where_recall_moves(tps: FloatArray) -> BoolArray:
    """Return which inner points (q - 2,) are the first or the last of their recall."""
    return np.logical_or(np.diff(tps[:-1]), np.diff(tps[1:]))


def precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> Curve:
    """Return precision and recall (q + 1,) by rising threshold, and the thresholds (q,).

    The last point, precision 1 and recall 0, belongs to no threshold. ``drop_intermediate`` keeps
    the first and the last point of each recall. Without positive rows recall is 1 throughout, as in
    scikit-learn, with an UndefinedMetricWarning.

    >>> precision, recall, thresholds = precision_recall_curve([0, 1, 1], [0.2, 0.6, 0.4])
    >>> precision.tolist(), recall.tolist()
    ([0.6666666666666666, 1.0, 1.0, 1.0], [1.0, 1.0, 0.5, 0.0])
    """
    curve = cumulative_counts(y_true, y_score, pos_label, sample_weight, rest=True)
    if drop_intermediate and len(curve[0]) > 2:
        curve = _kept(curve, _where_recall_moves(curve[1]))
    fps, tps, thresholds = curve
    precision = tps / (tps + fps)  # each threshold is some row's score, so somebody is flagged
    if tps[-1] > 0:
        recall = tps / tps[-1]
    else:
        warn_undefined("recall", "positive")
        recall = np.ones(len(tps))
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), thresholds[::-1]


def det_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> Curve:
    """Return false positive rate, false negative rate and thresholds, by rising threshold.

    The detection error tradeoff: both errors, usually drawn on normal quantiles. It begins at the
    last threshold that misses nobody and ends at the first without a false alarm, infinity where no
    score is so high. ValueError when a class is missing. Source: Martin et al. (1997), Eurospeech.

    >>> fpr, fnr, thresholds = det_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr.tolist(), fnr.tolist(), thresholds.tolist()
    ([0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.35, 0.4, 0.8])
    """
    fps, tps, thresholds = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    if tps[-1] <= 0 or fps[-1] <= 0:
        only = "negative" if tps[-1] <= 0 else "positive"
        raise ValueError(
            f"y_true has only {only} rows, but both errors need rows of both classes. "
            "Score more rows together."
        )
    curve = np.append(0.0, fps), np.append(0.0, tps), np.append(np.inf, thresholds)
    if drop_intermediate:
        curve = _kept(curve, _where_recall_moves(curve[1]))
    fps, tps, thresholds = curve
    start = int(np.searchsorted(fps, 0.0, side="right")) - 1
    stop = int(np.searchsorted(tps, tps[-1])) + 1
    fpr, fnr = fps / fps[-1], (tps[-1] - tps) / tps[-1]
    return fpr[start:stop][::-1], fnr[start:stop][::-1], thresholds[start:stop][::-1]


def auc(x: ArrayLike, y: ArrayLike) -> float:
    """Return the area under the line through the points (x, y), by trapezoids.

    x must not turn around; a falling one gives the same area as a rising one.

    >>> auc([0.0, 0.5, 1.0], [0.0, 1.0, 1.0])
    0.75
    """
    across, up, _ = check_paired(x, y, ("x", "y"), None)
    if len(across) < 2:
        raise ValueError(
            f"x has {len(across)} point, but at least 2 were expected. Pass a whole curve."
        )
    across, up = check_finite_vector(across, "x"), check_finite_vector(up, "y")
    step = np.diff(across)
    if (step < 0).any() and (step > 0).any():
        raise ValueError("x rises and falls, but one direction was expected. Sort the points by x.")
    area = float(np.sum(step * (up[1:] + up[:-1])) / 2.0)
    return -area if (step < 0).any() else area
