"""Checks of what the metrics of scores and of probabilities are given.

Notation: n rows, k classes · y (n,) labels · P (n, k) a score or a probability for each class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks.kinds import BoolArray, FloatArray, IntArray, plural
from mlcore.checks.metrics import check_positive_class
from mlcore.checks.parameters import check_choice
from mlcore.checks.targets import check_labels, check_vector


def check_multi_class(multi_class: Any, k: int) -> str:
    """Return how the areas of k > 2 classes are averaged, "ovr" or "ovo", else raise ValueError."""
    check_choice("multi_class", multi_class, ("raise", "ovr", "ovo"))
    if multi_class == "raise":
        raise ValueError(
            f"The scores are of {k} classes, and how to average their areas is not said. Pass "
            "multi_class='ovr' (each class against the rest) or 'ovo' (pairs of classes); in a "
            "search or cross-validation, scoring='roc_auc_ovr' or 'roc_auc_ovo'."
        )
    return str(multi_class)


def check_positive_rows(
    y_true: NDArray[Any], pos_label: Any, *, greater: bool = False, rest: bool = False
) -> BoolArray:
    """Return where y_true is the positive class, else raise ValueError, as check_positive_class.

    ``greater``: where no label is named and the labels are neither 0/1 nor -1/1, the greater one is
    positive. ``rest``: where one is named, there may be any number of other classes.
    """
    if pos_label is None and greater:
        labels = np.unique(y_true).tolist()
        if len(labels) <= 2 and not (set(labels) <= {0, 1} or set(labels) <= {-1, 1}):
            pos_label = labels[-1]
    if pos_label is not None and rest and len(np.unique(y_true)) > 2:
        return np.asarray(y_true == pos_label, dtype=bool)
    return check_positive_class(y_true, pos_label)


def check_probabilities(p: FloatArray, name: str) -> FloatArray:
    """Return p if all of it lies in [0, 1], else raise ValueError."""
    inside = (p >= 0) & (p <= 1)  # false for NaN as well
    if not inside.all():
        seen = float(p[~inside].flat[0])
        raise ValueError(
            f"{name} holds {seen}, but probabilities from 0 to 1 were expected. "
            "Pass predict_proba's result, not scores."
        )
    return p


def check_sums_to_one(P: FloatArray, name: str) -> FloatArray:
    """Return P (n, k) if each row adds up to 1 within 1e-5, else raise ValueError with the row."""
    total = P.sum(axis=1)
    wrong = ~(np.abs(total - 1.0) <= 1e-5)  # wide enough for float32, and true for NaN
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"{name} adds up to {total[row]:g} in row {row}, but to 1 was expected. "
            "Pass predict_proba's result."
        )
    return P


def check_score_table(P: ArrayLike, name: str) -> FloatArray:
    """Return P as a finite (n, k) float64 array, else raise ValueError."""
    table = np.asarray(P, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(
            f"{name} has shape {table.shape}, but a row for each label and a column for each class "
            "was expected. Pass all of predict_proba's result."
        )
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0].tolist()
        raise ValueError(
            f"{name} is {table[row, column]} in row {row}, column {column}, but finite numbers "
            "were expected. Leave the row out or mend the value."
        )
    return table


def check_class_columns(
    y_true: ArrayLike,
    shape: tuple[int, ...],
    labels: ArrayLike | None,
    name: str,
    given: tuple[int, ...] | None = None,
) -> IntArray:
    """Return the column (n,) of each row's class, given the shape (n, k) of the scores.

    Columns are in the order of ``labels``, which must be sorted, or of the sorted labels of y_true.
    ``given`` is the shape that the caller's scores had where columns were added to them.
    """
    present, index = check_labels(y_true, name="y_true")
    listed = present.tolist() if labels is None else check_vector(labels, "labels").tolist()
    if labels is not None and listed != sorted(set(listed)):
        raise ValueError(
            f"labels is {listed}, but each label once and in sorted order was expected. "
            "Sort them, and the columns of the scores alike."
        )
    unknown = [label for label in present.tolist() if label not in listed]
    if unknown:
        raise ValueError(
            f"y_true has the labels {unknown}, but labels lists {listed}. List all of them."
        )
    if shape != (len(index), len(listed)):
        source = "y_true has" if labels is None else "labels lists"
        if given not in (None, shape) and shape[0] == len(index):
            raise ValueError(
                f"{name} has shape {given}, read as the probability of the larger of 2 classes, but "
                f"{source} {listed}. Name both classes, such as labels=[0, 1]."
            )
        if given not in (None, shape):
            raise ValueError(
                f"{name} has shape {given}, but {plural(len(index), 'value')} were expected, one for "
                "each label of y_true. Check that both come from the same rows."
            )
        raise ValueError(
            f"{name} has shape {shape}, but {(len(index), len(listed))} was expected: a row for "
            f"each label and a column for each class ({source} {listed}). "
            "Name all classes with labels=."
        )
    place = {label: column for column, label in enumerate(listed)}
    return np.array([place[label] for label in present.tolist()], dtype=np.int64)[index]
