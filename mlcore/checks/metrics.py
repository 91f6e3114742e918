"""Checks of what metrics are given.

Notation: n rows · w (n,) weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks.kinds import BoolArray, FloatArray, plural
from mlcore.checks.targets import check_vector, check_weights


def check_paired(
    first: ArrayLike, second: ArrayLike, names: tuple[str, str], sample_weight: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any], FloatArray]:
    """Return two vectors of one length and their weights; ValueError if empty or unequal."""
    a = check_vector(first, names[0])
    if len(a) == 0:
        raise ValueError(f"{names[0]} is empty, but at least 1 value was expected.")
    b = check_vector(second, names[1])
    if len(a) != len(b):
        raise ValueError(
            f"{names[0]} has {plural(len(a), 'value')} and {names[1]} {len(b)}, but one of each "
            "for every row was expected. Check that both come from the same rows."
        )
    return a, b, check_weights(sample_weight, len(a))


def check_labels_pair(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any], FloatArray]:
    """As check_paired, for labels; ValueError when one side is text and the other numbers."""
    t, p, w = check_paired(y_true, y_pred, ("y_true", "y_pred"), sample_weight)
    kinds = {"text" if a.dtype.kind in "US" else "numbers" for a in (t, p) if a.dtype.kind != "O"}
    if len(kinds) == 2:
        raise ValueError(
            f"y_true holds {t.dtype} and y_pred {p.dtype}: text never equals a number. "
            "Use the same labels in both."
        )
    return t, p, w


def check_positive_class(
    y_true: NDArray[Any], pos_label: Any, others: NDArray[Any] | None = None
) -> BoolArray:
    """Return where y_true is the positive class: pos_label, or 1 where labels are 0/1 or -1/1.

    ``others`` are further labels that may occur, those predicted. ValueError for more than two
    classes, or when the positive one cannot be told.
    """
    labels = np.unique(y_true if others is None else np.concatenate([y_true, others])).tolist()
    if len(labels) > 2:
        raise ValueError(
            f"y_true has {len(labels)} classes, but 2 were expected. "
            "Compare one class with the rest: y_true == label."
        )
    if pos_label is None:
        if not set(labels) <= {0, 1} and not set(labels) <= {-1, 1}:
            raise ValueError(
                f"y_true has the labels {labels}, and which one is positive is not said. "
                f"Pass pos_label={labels[-1]!r}."
            )
        pos_label = 1
    elif pos_label not in labels and len(labels) == 2:
        raise ValueError(
            f"pos_label is {pos_label!r}, but the labels are {labels}. "
            f"Pass one of them, such as pos_label={labels[-1]!r}."
        )
    return y_true == pos_label
