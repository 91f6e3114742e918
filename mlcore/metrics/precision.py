"""Precision, recall, F and Jaccard, of one class, of each, or averaged over classes.

Notation: k classes · tp, fp, fn (k,) weight of each class's true positives, false positives and
false negatives, that class against the rest · support tp + fn · b beta.

A score is one number, or an array (k,) for average=None. Every function takes ``labels``, the
classes to score (all by default), ``average`` (see averages.py), and ``zero_division``, what 0/0
counts as: 0, 1, nan, or "warn" for 0 and a warning. ValueError for average="binary" with more than
two classes, or where pos_label is none of them.

Source: van Rijsbergen (1979), Information Retrieval, chapter 7; Jaccard (1912), New Phytologist 11.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_real
from mlcore.checks.metrics import check_zero_division
from mlcore.metrics.averages import Cells, mean_over_classes, scored_cells, warn_of_nothing
from mlcore.metrics.classification import share


def precision_recall_f(
    cells: Cells, beta: float, undefined: float
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return, by name, precision, recall and F of each class (k,), and what each divides by (k,).

    F = tp / (a (tp + fp) + (1 - a) (tp + fn)) with a = 1 / (1 + b²), so that an infinite b is
    recall and b = 0 is precision.
    """
    tp, fp, fn = cells
    said, truly = tp + fp, tp + fn
    a = 1.0 / (1.0 + beta * beta)
    wholes = {"precision": said, "recall": truly, "f-score": a * said + (1.0 - a) * truly}
    return {name: (share(tp, whole, undefined), whole) for name, whole in wholes.items()}


def precision_recall_fscore_support(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = None,
    warn_for: tuple[str, ...] = ("precision", "recall", "f-score"),
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> tuple[Any, Any, Any, Any]:
    """Return precision, recall, F and support: numbers and None for an average, else (k,) arrays.

    Scores of 0/0 count as ``zero_division``; "warn" means 0, with a warning for those of
    ``warn_for``. ValueError for average="binary" with more than two classes.

    >>> precision_recall_fscore_support([0, 1, 1, 2], [0, 1, 2, 2])[3].tolist()
    [1, 2, 1]
    >>> precision_recall_fscore_support([0, 1, 1, 2], [0, 1, 2, 2], average="macro")[:2]
    (0.8333333333333334, 0.8333333333333334)
    """
    undefined = check_zero_division(zero_division)
    if beta != np.inf:
        check_real("beta", beta, 0.0, advice="1")
    classes, cells = scored_cells(y_true, y_pred, labels, pos_label, average, sample_weight)
    scores = precision_recall_f(cells, beta, undefined)
    for name, (_, whole) in scores.items():
        if isinstance(zero_division, str) and name in warn_for:
            warn_of_nothing(name, whole, classes)
    precision, recall, f = (values for values, _ in scores.values())
    support = cells[0] + cells[2]
    if average is None:
        return precision, recall, f, support
    weights = support if average == "weighted" else None
    means = [mean_over_classes(values, weights) for values in (precision, recall, f)]
    return means[0], means[1], means[2], None


def precision_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> Any:
    """Return tp / (tp + fp): of those we flagged, the share that truly are positive.

    >>> precision_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    return precision_recall_fscore_support(
        y_true,
        y_pred,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("precision",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )[0]


def recall_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> Any:
    """Return tp / (tp + fn): of those who truly are positive, the share we flagged.

    >>> recall_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    return precision_recall_fscore_support(
        y_true,
        y_pred,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("recall",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )[1]


def fbeta_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    beta: float,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> Any:
    """Return (1 + b²) tp / ((1 + b²) tp + b² fn + fp): recall counts b times as much as precision.

    >>> fbeta_score([1, 0, 1, 1], [1, 0, 0, 0], beta=2)
    0.3846153846153845
    """
    return precision_recall_fscore_support(
        y_true,
        y_pred,
        beta=beta,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("f-score",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )[2]


def f1_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> Any:
    """Return 2 tp / (2 tp + fp + fn), the harmonic mean of precision and recall.

    >>> f1_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    return fbeta_score(
        y_true,
        y_pred,
        beta=1.0,
        labels=labels,
        pos_label=pos_label,
        average=average,
        sample_weight=sample_weight,
        zero_division=zero_division,
    )


def jaccard_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: Any = "warn",
) -> Any:
    """Return tp / (tp + fp + fn): of those who are positive or were flagged, the share that is both.

    >>> jaccard_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.5
    """
    undefined = check_zero_division(zero_division)
    classes, cells = scored_cells(y_true, y_pred, labels, pos_label, average, sample_weight)
    tp, fp, fn = cells
    values = share(tp, tp + fp + fn, undefined)
    if isinstance(zero_division, str):
        warn_of_nothing("jaccard", tp + fp + fn, classes)
    if average is None:
        return values
    return mean_over_classes(values, tp + fn if average == "weighted" else None)
