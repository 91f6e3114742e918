"""From each class's score to one: which classes are scored, and how their scores are averaged.

Notation: k classes · tp, fp, fn (k,) weight of each class's true positives, false positives and
false negatives, that class against the rest · support tp + fn.

Averages: "binary" the class pos_label alone; "macro" the mean over classes; "weighted" the mean
weighted by support; "micro" the score of the cells added up over classes; None one for each class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import FloatArray, UndefinedMetricWarning, check_choice, warn_caller
from mlcore.checks.metrics import check_binary_label
from mlcore.metrics.classification import chosen_cells, class_cells

Cells = tuple[FloatArray, FloatArray, FloatArray]
AVERAGES = ("binary", "micro", "macro", "weighted", None)


def scored_cells(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    labels: ArrayLike | None,
    pos_label: Any,
    average: str | None,
    sample_weight: ArrayLike | None,
) -> tuple[list[Any], Cells]:
    """Return the classes to score, none for "micro", and the cells to score, (k,) or (1,)."""
    check_choice("average", average, AVERAGES)
    classes, M = class_cells(y_true, y_pred, sample_weight)
    if average == "binary":
        labels = [check_binary_label(classes, pos_label)]
    elif pos_label is not None and pos_label != 1:
        warn_caller(
            f"pos_label is {pos_label!r}, which only average='binary' uses, and average is "
            f"{average!r}. Pass labels=[{pos_label!r}] to score that class alone.",
            UserWarning,
        )
    if labels is not None:
        M = chosen_cells(labels, classes, M)
    if average == "micro":
        return [], hits_and_misses(M.sum(axis=0, keepdims=True))
    return (classes if labels is None else np.asarray(labels)).tolist(), hits_and_misses(M)


def hits_and_misses(M: NDArray[Any]) -> Cells:
    """Return tp, fp and fn (k,) of M (k, 2, 2), whose tn no score of a class needs."""
    return M[:, 1, 1], M[:, 0, 1], M[:, 1, 0]


def mean_over_classes(values: FloatArray, weights: FloatArray | None) -> float:
    """Return the (weighted) mean of the values that are not nan; nan if none is.

    Weights that are 0 for all of them are not used.
    """
    defined = ~np.isnan(values)
    if not defined.any():
        return np.nan
    kept = None if weights is None or not weights[defined].any() else weights[defined]
    return float(np.average(values[defined], weights=kept))


WITHOUT = {
    "precision": "no row is predicted as such",
    "recall": "no row truly is one",
    "f-score": "no row truly is one or is predicted as such",
    "jaccard": "no row truly is one or is predicted as such",
}


def warn_of_nothing(name: str, whole: FloatArray, classes: list[Any]) -> None:
    """Warn of the classes whose score divides by 0; ``classes`` is empty for all of them added up."""
    if (whole > 0).all():
        return
    of = [label for label, size in zip(classes, whole, strict=False) if not size > 0]
    what = f"for {', '.join(map(repr, of))}" if of else "for the labels together"
    warn_caller(
        f"{name} is 0/0 {what}, for {WITHOUT[name]}, and counts as 0. "
        "Say what it should count as: zero_division=0, 1 or nan (left out of averages).",
        UndefinedMetricWarning,
    )
