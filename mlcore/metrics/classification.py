"""Scores of predicted labels, all read off the confusion matrix.

Notation: n rows, k classes · C (k, k) confusion matrix, rows the true class and columns the
predicted one · tp, fp, fn, tn its four cells for two classes · w (n,) weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import check_labels_pair, check_positive_class


def accuracy_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the (weighted) share of rows whose label is predicted.

    >>> accuracy_score([1, 0, 1, 1], [1, 0, 0, 1])
    0.75
    """
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    return float(np.average(t == p, weights=w))


def confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
) -> NDArray[Any]:
    """Return C (k, k), C[i, j] the rows of class i predicted as class j.

    Classes are in sorted order unless ``labels`` lists them; rows with a label not listed are
    left out. Counts are whole numbers unless weights are given.

    >>> confusion_matrix([1, 0, 1, 1], [1, 0, 0, 1])
    array([[1, 0],
           [1, 2]])
    """
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    classes = np.unique(np.concatenate([t, p])) if labels is None else np.asarray(labels)
    k = len(classes)
    if k == 0:
        raise ValueError(
            "labels is empty, but at least 1 label was expected. Leave it out for all."
        )
    order = np.argsort(classes, kind="stable")
    ranked = classes[order]

    def place(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = np.minimum(np.searchsorted(ranked, values), k - 1)
        return order[at], ranked[at] == values

    (i, known_i), (j, known_j) = place(t), place(p)
    known = known_i & known_j
    C = np.bincount(i[known] * k + j[known], weights=w[known], minlength=k * k).reshape(k, k)
    return C if sample_weight is not None else C.astype(np.int64)


def _four_cells(
    y_true: ArrayLike, y_pred: ArrayLike, pos_label: Any, sample_weight: ArrayLike | None
) -> tuple[float, float, float]:
    """Return tp, fp, fn for one positive label; ValueError if there are more than two labels."""
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    truly, said = check_positive_class(t, pos_label, p), check_positive_class(p, pos_label, t)
    return (
        float(w[truly & said].sum()),
        float(w[~truly & said].sum()),
        float(w[truly & ~said].sum()),
    )


def _ratio(part: float, whole: float, zero_division: float) -> float:
    return part / whole if whole > 0 else zero_division


def precision_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> float:
    """Return tp / (tp + fp): of those we flagged, the share that truly are positive.

    ``zero_division`` is returned when nobody is flagged.

    >>> precision_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    tp, fp, _ = _four_cells(y_true, y_pred, pos_label, sample_weight)
    return _ratio(tp, tp + fp, zero_division)


def recall_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> float:
    """Return tp / (tp + fn): of those who truly are positive, the share we flagged.

    >>> recall_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    tp, _, fn = _four_cells(y_true, y_pred, pos_label, sample_weight)
    return _ratio(tp, tp + fn, zero_division)


def f1_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> float:
    """Return 2 tp / (2 tp + fp + fn), the harmonic mean of precision and recall.

    >>> f1_score([1, 0, 1, 1], [1, 1, 0, 1])
    0.6666666666666666
    """
    tp, fp, fn = _four_cells(y_true, y_pred, pos_label, sample_weight)
    return _ratio(2 * tp, 2 * tp + fp + fn, zero_division)
