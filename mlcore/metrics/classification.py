"""The confusion matrix, as a whole and class by class, and what is read off it at once.

Notation: n rows, k classes · C (k, k) confusion matrix, rows the true class and columns the
predicted one · M (k, 2, 2) for each class [[tn, fp], [fn, tp]], that class against the rest ·
w (n,) weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    FloatArray,
    IntArray,
    UndefinedMetricWarning,
    check_choice,
    check_flag,
    check_labels_pair,
    warn_caller,
)
from mlcore.checks.metrics import check_listed_labels


def accuracy_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the share of rows (of weight) whose label is predicted, or with normalize=False the
    number of those rows (their weight).

    >>> accuracy_score([1, 0, 1, 1], [1, 0, 0, 1])
    0.75
    """
    check_flag("normalize", normalize)
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    right = float(w[t == p].sum())
    return right / float(w.sum()) if normalize else right


def zero_one_loss(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the share of rows (of weight) whose label is not predicted, or with normalize=False
    the number of those rows (their weight).

    >>> zero_one_loss([1, 0, 1, 1], [1, 0, 0, 1])
    0.25
    """
    check_flag("normalize", normalize)
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    wrong = float(w[t != p].sum())
    return wrong / float(w.sum()) if normalize else wrong


def hamming_loss(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the share of labels that are wrong: with one label a row, the zero-one loss.

    >>> hamming_loss(["a", "b", "c"], ["a", "c", "c"])
    0.3333333333333333
    """
    return zero_one_loss(y_true, y_pred, sample_weight=sample_weight)


def distinct_labels(t: NDArray[Any], p: NDArray[Any]) -> tuple[NDArray[Any], IntArray, IntArray]:
    """Return the sorted labels (k,) that occur, and each row's true and predicted place in them."""
    classes, place = np.unique(np.concatenate([t, p]), return_inverse=True)
    return classes, place[: len(t)], place[len(t) :]


def label_places(labels: ArrayLike, classes: NDArray[Any]) -> IntArray:
    """Return where each listed label stands among the k classes; k for one that does not occur."""
    place = {label: i for i, label in enumerate(classes.tolist())}
    listed = check_listed_labels(labels, classes)
    return np.array([place.get(label, len(classes)) for label in listed], dtype=np.int64)


def class_pairs(
    t: NDArray[Any], p: NDArray[Any], w: FloatArray, labels: ArrayLike | None
) -> NDArray[Any]:
    """Return C (k, k) for checked labels; ValueError when no true label is among those listed."""
    classes, i, j = distinct_labels(t, p)
    k = len(classes)
    C = np.bincount(i * k + j, weights=w, minlength=k * k).reshape(k, k)
    if labels is None:
        return C
    chosen = label_places(labels, classes)
    if not np.isin(i, chosen).any():
        raise ValueError(
            f"labels is {np.asarray(labels).tolist()}, but none of these is in y_true, which has "
            f"{classes[np.unique(i)].tolist()}. List at least one of them."
        )
    with_absent = np.pad(C, (0, 1))  # row and column k stand for labels that do not occur
    return with_absent[np.ix_(chosen, chosen)]


def confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: str | None = None,
) -> NDArray[Any]:
    """Return C (k, k), C[i, j] the rows (their weight) of class i predicted as class j.

    Classes are in sorted order unless ``labels`` lists them; rows with a label not listed are
    left out. Counts are whole numbers unless weights are not. ``normalize`` divides by the sum of
    each row ("true"), of each column ("pred") or of all cells ("all"); 0/0 is 0. A single class
    gives C (1, 1) and a warning.

    >>> confusion_matrix([1, 0, 1, 1], [1, 0, 0, 1])
    array([[1, 0],
           [1, 2]])
    """
    check_choice("normalize", normalize, ("true", "pred", "all", None))
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    C = class_pairs(t, p, w, labels)
    if labels is None and len(C) == 1:
        warn_caller(
            f"y_true and y_pred have the one label {t[:1].tolist()[0]!r}, so the confusion matrix has "
            "one cell. List all labels there are, labels=[...], for a cell of each pair.",
            UserWarning,
        )
    if normalize is not None:
        axis = {"true": 1, "pred": 0, "all": None}[normalize]
        whole = np.broadcast_to(C.sum(axis=axis, keepdims=True), C.shape)
        return np.divide(C, whole, out=np.zeros_like(C), where=whole > 0)
    whole_numbers = sample_weight is None or np.asarray(sample_weight).dtype.kind in "iub"
    return C.astype(np.int64) if whole_numbers else C


def class_cells(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the classes (k,) that occur and M (k, 2, 2), whole numbers without weights.

    Cost O(n log n): C, with its k² cells, is not needed.
    """
    t, p, w = check_labels_pair(y_true, y_pred, sample_weight)
    classes, i, j = distinct_labels(t, p)
    k = len(classes)
    tp = np.bincount(i[i == j], weights=w[i == j], minlength=k)
    fp = np.bincount(j, weights=w, minlength=k) - tp
    fn = np.bincount(i, weights=w, minlength=k) - tp
    tn = np.maximum(w.sum() - tp - fp - fn, 0.0)  # rounding must not make it -1e-16
    M = np.stack([tn, fp, fn, tp], axis=1).reshape(k, 2, 2)
    return classes, M if sample_weight is not None else M.astype(np.int64)


def chosen_cells(labels: ArrayLike, classes: NDArray[Any], M: NDArray[Any]) -> NDArray[Any]:
    """Return M for the labels listed; one that does not occur has true negatives only."""
    absent = np.zeros_like(M[:1])
    absent[0, 0, 0] = M[0].sum()
    return np.concatenate([M, absent])[label_places(labels, classes)]


def multilabel_confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> NDArray[Any]:
    """Return M (k, 2, 2), for each class [[tn, fp], [fn, tp]] of that class against the rest.

    Classes are in sorted order unless ``labels`` lists them; no row is left out.

    >>> multilabel_confusion_matrix(["a", "b", "c"], ["a", "c", "c"], labels=["c", "b"]).tolist()
    [[[1, 1], [0, 1]], [[2, 0], [1, 0]]]
    """
    classes, M = class_cells(y_true, y_pred, sample_weight)
    return M if labels is None else chosen_cells(labels, classes, M)


def share(part: FloatArray, whole: FloatArray, undefined: float = 0.0) -> FloatArray:
    """Return part / whole, and ``undefined`` where whole is 0.

    >>> share(np.array([1.0, 0.0]), np.array([4.0, 0.0]), np.nan)
    array([0.25,  nan])
    """
    return np.divide(part, whole, out=np.full(len(whole), undefined), where=whole > 0)


def balanced_accuracy_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    """Return the mean recall of the classes that occur in y_true, so that each counts the same.

    A guess that ignores the row gets 1/k; ``adjusted`` maps that to 0 and leaves 1 at 1, which is
    undefined (nan or -inf, with a warning) for k = 1. Source: Brodersen et al. (2010), ICPR.

    >>> balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    check_flag("adjusted", adjusted)
    classes, M = class_cells(y_true, y_pred, sample_weight)
    fn, tp = M[:, 1, 0], M[:, 1, 1]
    occurs = tp + fn > 0
    if not occurs.all():
        warn_caller(
            f"y_pred has the labels {classes[~occurs].tolist()}, which y_true has not, so that "
            "their recall is 0/0. They are left out. Check that both come from the same rows.",
            UndefinedMetricWarning,
        )
    score = np.mean(share(tp[occurs], tp[occurs] + fn[occurs]))
    if not adjusted:
        return float(score)
    chance = 1.0 / occurs.sum()
    if chance == 1.0:
        warn_caller(
            f"y_true has the one class {classes[occurs].tolist()[0]!r}: chance is always right, and "
            "no score can be adjusted for it. Use adjusted=False, or rows of more classes.",
            UndefinedMetricWarning,
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return float((score - chance) / (1.0 - chance))
