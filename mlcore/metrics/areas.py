"""Areas under the curves of a ranking, of two classes or of more.

With k > 2 classes an area is taken for each class against the rest (ovr), or for each pair of
classes (ovo), and the areas are averaged.

Notation: n rows, k classes · P (n, k) scores, a column for each class · w (n,) weights · tps, fps
as in ``ranking``.

Sources: Hanley & McNeil (1982), Radiology 143; McClish (1989), Medical Decision Making 9, for the
area up to a false positive rate; Hand & Till (2001), Machine Learning 45, for pairs of classes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    BoolArray,
    FloatArray,
    check_choice,
    check_real,
    check_weights,
)
from mlcore.checks.scores import (
    check_class_columns,
    check_multi_class,
    check_score_table,
    check_sums_to_one,
)
from mlcore.metrics.ranking import Curve, auc, count_above, cumulative_counts, warn_undefined

Area = Callable[[Curve], float]


def roc_auc_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: str | None = "macro",
    sample_weight: ArrayLike | None = None,
    max_fpr: float | None = None,
    multi_class: str = "raise",
    labels: ArrayLike | None = None,
    pos_label: Any = None,
) -> Any:
    """Return the area under the ROC curve.

    For two classes it is the chance that a random positive row scores above a random negative one,
    ties counting one half; unless ``pos_label`` is given, the greater label is positive.
    ``max_fpr`` asks for the area A up to that false positive rate m, scaled by McClish's rule to
    (1 + (A - m² / 2) / (m - m² / 2)) / 2, so that chance gives 0.5 and the best 1. NaN, with an
    UndefinedMetricWarning, when a class is missing.

    For more, y_score is P (n, k), rows adding up to 1, columns in the order of ``labels`` (sorted;
    those of y_true if None). ``multi_class`` "ovr" scores each class against the rest; ``average``
    "macro" is their mean, "weighted" weighs by the rows of each class, "micro" pools all (row,
    class) pairs, None returns all k. "ovo" is Hand & Till's mean over pairs of classes a, b of
    (A(a | b) + A(b | a)) / 2, where A(a | b) is the area of the score of a among the rows of those
    two alone; without weights; "macro" or "weighted". "raise", the default, asks which. Cost:
    O(n log n) for each area.

    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> P = [[0.6, 0.2, 0.2], [0.2, 0.3, 0.5], [0.3, 0.4, 0.3], [0.7, 0.2, 0.1]]
    >>> roc_auc_score(["a", "b", "b", "c"], P, multi_class="ovr", average=None).round(3).tolist()
    [0.667, 1.0, 0.0]
    """
    if max_fpr is not None:
        check_real("max_fpr", max_fpr, np.finfo(float).tiny, 1.0, advice="0.1")
    shape = np.shape(y_score)
    if len(shape) == 2 and shape[1] > 2:
        if max_fpr not in (None, 1.0):
            raise ValueError(
                f"max_fpr is {max_fpr}, but it has a meaning for 2 classes only. Leave it out."
            )
        return _auc_of_classes(y_true, y_score, multi_class, average, labels, sample_weight)
    counts = cumulative_counts(y_true, y_score, pos_label, sample_weight, greater=True)
    return roc_area(counts) if max_fpr in (None, 1.0) else _area_up_to(counts, float(max_fpr))


def average_precision_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: str | None = "macro",
    pos_label: Any = 1,
    sample_weight: ArrayLike | None = None,
) -> Any:
    """Return sum over thresholds of (recall - recall before) * precision: no interpolation.

    A score without information gets the base rate; no positive rows get 0, with an
    UndefinedMetricWarning. With more than two classes y_score is P (n, k), columns in the order of
    the sorted labels; each class is scored against the rest and ``average`` is as in roc_auc_score.

    >>> average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.8333333333333333
    """
    shape = np.shape(y_score)
    if len(shape) == 2 and shape[1] > 2:
        check_choice("average", average, ("macro", "micro", "weighted", None))
        P = check_score_table(y_score, "y_score")
        own = check_class_columns(y_true, P.shape, None, "y_score")
        w = None if sample_weight is None else check_weights(sample_weight, len(P))
        return _average(_precision_area, _one_hot(own, P.shape[1]), P, w, average)
    return _precision_area(cumulative_counts(y_true, y_score, pos_label, sample_weight))


def roc_area(counts: Curve) -> float:
    """Return the area under the ROC curve from cumulative counts: NaN if a class is missing."""
    fps, tps = np.append(0.0, counts[0]), np.append(0.0, counts[1])
    if fps[-1] <= 0 or tps[-1] <= 0:
        missing = "negative" if fps[-1] <= 0 else "positive"
        warn_undefined("the area under the ROC curve", missing)
        return np.nan
    if not 1e-200 < float(fps[-1]) * float(tps[-1]) < 1e200:
        fps, tps = fps / fps[-1], tps / tps[-1]  # products of such weights may be 0 or infinite
    # Doubled trapezoids of counts are whole numbers, so without weights no step rounds.
    doubled = float(np.sum(np.diff(fps) * (tps[1:] + tps[:-1])))
    return doubled / (2.0 * float(fps[-1]) * float(tps[-1]))


def _area_up_to(counts: Curve, max_fpr: float) -> float:
    """Return the area up to max_fpr, scaled so that chance gives 0.5 and the best 1."""
    whole = roc_area(counts)
    if np.isnan(whole):
        return whole
    fpr, tpr = (np.append(0.0, c / c[-1]) for c in counts[:2])
    stop = int(np.searchsorted(fpr, max_fpr, side="right"))
    end = np.interp(max_fpr, fpr[stop - 1 : stop + 1], tpr[stop - 1 : stop + 1])
    area = auc(np.append(fpr[:stop], max_fpr), np.append(tpr[:stop], end))
    by_chance = 0.5 * max_fpr**2
    return 0.5 * (1.0 + (area - by_chance) / (max_fpr - by_chance))


def _precision_area(counts: Curve) -> float:
    fps, tps = counts[:2]
    if tps[-1] <= 0:
        warn_undefined("recall", "positive")
        return 0.0
    return float(np.sum(np.diff(tps, prepend=0.0) * (tps / (tps + fps)))) / float(tps[-1])


def _one_hot(own: NDArray[np.int64], k: int) -> BoolArray:
    return np.asarray(own[:, None] == np.arange(k), dtype=bool)


def _auc_of_classes(
    y_true: ArrayLike,
    y_score: ArrayLike,
    multi_class: str,
    average: str | None,
    labels: ArrayLike | None,
    sample_weight: ArrayLike | None,
) -> Any:
    of_classes = check_multi_class(multi_class, np.shape(y_score)[1]) == "ovr"
    choices = ("macro", "weighted", "micro", None) if of_classes else ("macro", "weighted")
    check_choice("average", average, choices)
    P = check_sums_to_one(check_score_table(y_score, "y_score"), "y_score")
    own = check_class_columns(y_true, P.shape, labels, "y_score")
    if of_classes:
        w = None if sample_weight is None else check_weights(sample_weight, len(own))
        return _average(roc_area, _one_hot(own, P.shape[1]), P, w, average)
    if sample_weight is not None:
        raise ValueError(
            "sample_weight is given, but pairs of classes are scored without weights. "
            "Leave it out, or use multi_class='ovr'."
        )
    return _auc_of_pairs(own, P, average == "weighted")


def _average(
    area: Area,
    truth: BoolArray,
    P: FloatArray,
    w: FloatArray | None,
    average: str | None,
) -> Any:
    """Return the average over classes of an area; ``truth`` (n, k) is where the class is the row's.

    A class of weight 0 does not count in the weighted average.
    """
    k = P.shape[1]
    if average == "micro":
        pairs = count_above(truth.ravel(), P.ravel(), None if w is None else w.repeat(k))
        return area(pairs)
    areas = np.empty(k)
    for c in range(k):
        areas[c] = area(count_above(truth[:, c], P[:, c], w))
    if average is None:
        return areas
    if average == "macro":
        return float(areas.mean())
    size = truth.sum(axis=0) if w is None else w @ truth
    return float(np.average(np.where(size > 0, areas, 0.0), weights=size))


def _auc_of_pairs(own: NDArray[np.int64], P: FloatArray, weighted: bool) -> float:
    """Return Hand & Till's mean over pairs of classes that both have rows."""
    areas, sizes = [], []
    for a, b in combinations(np.unique(own).tolist(), 2):
        among = (own == a) | (own == b)
        is_a, scores = own[among] == a, P[among]
        sides = [(is_a, scores[:, a]), (~is_a, scores[:, b])]
        areas.append(np.mean([roc_area(count_above(*side, None)) for side in sides]))
        sizes.append(int(among.sum()) if weighted else 1)
    if not areas:
        warn_undefined("the area under the ROC curve", "second class's")
        return np.nan
    return float(np.average(areas, weights=sizes))
