"""Scores of a ranking: what happens as the threshold falls from the highest score to the lowest.

Notation: n rows · q distinct thresholds, falling · tps, fps (q,) weight of the positives and
negatives with a score of at least each threshold · w (n,) weights.

Source: Fawcett (2006), An introduction to ROC analysis, Pattern Recognition Letters 27.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_finite_vector, check_paired, check_positive_class


def cumulative_counts(
    y_true: ArrayLike, y_score: ArrayLike, pos_label: Any, sample_weight: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return fps, tps and the distinct scores, falling, (q,); one sort, O(n log n).

    Rows with the same score are counted together, so the order of the rows cannot matter.
    """
    t, s, w = check_paired(y_true, y_score, ("y_true", "y_score"), sample_weight)
    s = check_finite_vector(s, "y_score")
    positive = check_positive_class(t, pos_label)
    if not w.all():  # weight 0 equals no row: it must not leave a threshold behind
        s, positive, w = s[w > 0], positive[w > 0], w[w > 0]
    order = np.argsort(-s, kind="stable")
    s, positive, w = s[order], positive[order], w[order]
    last = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)  # last row of each run of ties
    return np.cumsum(w * ~positive)[last], np.cumsum(w * positive)[last], s[last]


def _check_both(positives: float, negatives: float, what: str) -> None:
    if positives <= 0 or negatives <= 0:
        only = "negative" if positives <= 0 else "positive"
        raise ValueError(
            f"y_true has only {only} rows, but {what} needs rows of both classes. "
            "Score more rows together."
        )


def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return false positive rate, true positive rate and thresholds, from (0, 0) to (1, 1).

    The first threshold is infinite: nobody is flagged. ``drop_intermediate`` leaves out points
    inside straight stretches, which changes neither the drawing nor the area.

    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr.tolist(), tpr.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    fps, tps, thresholds = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    _check_both(tps[-1], fps[-1], "a ROC curve")
    if drop_intermediate and len(fps) > 2:
        bends = np.logical_or(np.diff(fps, 2), np.diff(tps, 2))
        keep = np.flatnonzero(np.concatenate([[True], bends, [True]]))
        fps, tps, thresholds = fps[keep], tps[keep], thresholds[keep]
    fps, tps = np.append(0.0, fps), np.append(0.0, tps)
    return fps / fps[-1], tps / tps[-1], np.append(np.inf, thresholds)


def roc_auc_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the area under the ROC curve.

    It is the chance that a random positive row scores above a random negative one, ties counting
    one half. ValueError when one of the classes is missing.

    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    fpr, tpr, _ = roc_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight, drop_intermediate=False
    )
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1])) / 2.0)


def precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return precision and recall (q + 1,) by rising threshold, and the thresholds (q,).

    The last point, precision 1 and recall 0, belongs to no threshold.

    >>> precision, recall, thresholds = precision_recall_curve([0, 1, 1], [0.2, 0.6, 0.4])
    >>> precision.tolist(), recall.tolist()
    ([0.6666666666666666, 1.0, 1.0, 1.0], [1.0, 1.0, 0.5, 0.0])
    """
    fps, tps, thresholds = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    _check_both(tps[-1], 1.0, "a precision-recall curve")
    flagged = tps + fps
    precision = np.divide(tps, flagged, out=np.zeros_like(tps), where=flagged > 0)
    recall = tps / tps[-1]
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), thresholds[::-1]


def average_precision_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return sum over thresholds of (recall - recall before) * precision: no interpolation.

    A score without information gets the base rate.

    >>> average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.8333333333333333
    """
    precision, recall, _ = precision_recall_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    return float(-np.sum(np.diff(recall) * precision[:-1]))
