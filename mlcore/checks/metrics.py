"""Checks of what metrics are given.

Notation: n rows · w (n,) weights.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks.kinds import BoolArray, FloatArray, plural
from mlcore.checks.names import plain
from mlcore.checks.targets import check_finite_vector, check_vector, check_weights, is_missing


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
    y_true: ArrayLike,
    y_pred: ArrayLike,
    sample_weight: ArrayLike | None,
    names: tuple[str, str] = ("y_true", "y_pred"),
) -> tuple[NDArray[Any], NDArray[Any], FloatArray]:
    """As check_paired, for labels; ValueError for missing or continuous ones, and text with numbers."""
    t, p, w = check_paired(y_true, y_pred, names, sample_weight)
    for labels, name in zip((t, p), names, strict=True):
        _check_discrete(labels, name)
    check_same_kind(t, p, names)
    return t, p, w


def _check_discrete(labels: NDArray[Any], name: str) -> None:
    """Raise ValueError for a label that is missing or lies between whole numbers."""
    if labels.dtype.kind == "O":
        missing = np.array([is_missing(value) for value in labels.tolist()], dtype=bool)
    else:
        missing = labels != labels  # only NaN differs from itself
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise ValueError(f"{name} is missing in row {row}. Leave out the rows without a label.")
    if labels.dtype.kind == "f" and (labels != np.round(labels)).any():
        row = int(np.flatnonzero(labels != np.round(labels))[0])
        raise ValueError(
            f"{name} is {labels[row]} in row {row}: a continuous value, but classes were expected. "
            f"Turn it into classes first, for example {name} >= 0.5."
        )


def _kinds(labels: NDArray[Any]) -> set[str]:
    """Return which of "text" and "numbers" the labels are, or what else they are by name."""
    if labels.dtype.kind in "UST":
        return {"text"}
    if labels.dtype.kind in "biuf":
        return {"numbers"}
    types = set(map(type, labels.tolist()))
    return {
        "text" if issubclass(t, str) else "numbers" if issubclass(t, numbers.Real) else t.__name__
        for t in types
    }


def check_same_kind(
    first: NDArray[Any], second: NDArray[Any], names: tuple[str, str] = ("y_true", "y_pred")
) -> None:
    """Raise ValueError when labels on two sides are of different kinds, so that none is equal."""
    kinds = _kinds(first), _kinds(second)
    if len(kinds[0] | kinds[1]) > 1:
        seen = [" and ".join(sorted(kind)) for kind in kinds]
        raise ValueError(
            f"{names[0]} holds {seen[0]} and {names[1]} {seen[1]}: text never equals a number. "
            "Use labels of one kind in both."
        )


def check_listed_labels(labels: ArrayLike, classes: NDArray[Any]) -> list[Any]:
    """Return the labels a caller lists; ValueError if none, one twice, or of another kind."""
    array = check_vector(labels, "labels")
    if len(array) == 0:
        raise ValueError(
            "labels is empty, but at least 1 label was expected. Leave it out for all."
        )
    check_same_kind(array, classes, ("labels", "y_true"))
    listed = array.tolist()
    if len(set(listed)) < len(listed):
        twice = next(label for label in listed if listed.count(label) > 1)
        raise ValueError(f"labels has {twice!r} more than once. List each label once.")
    return listed


def check_binary_label(classes: NDArray[Any], pos_label: Any) -> Any:
    """Return pos_label; ValueError for more than two classes, or where it cannot be one of them.

    It may be absent where only one class occurs: the other may be in other rows.
    """
    labels = classes.tolist()
    if len(labels) > 2:
        raise ValueError(
            f"y_true and y_pred have {len(labels)} classes, but average='binary' scores one of 2. "
            "Pass average='macro', 'micro' or 'weighted' for one figure (scoring='f1_macro' and the "
            "like), or None for one a class."
        )
    strange = _kinds(np.array([pos_label])) != _kinds(classes)
    if pos_label not in labels and (len(labels) == 2 or strange):
        raise ValueError(
            f"pos_label is {plain(pos_label)!r}, but the labels are {labels}. {which_is_positive(labels)}"
        )
    return pos_label


def which_is_positive(labels: list[Any]) -> str:
    """Return the advice to say which of two labels is meant, without a guess.

    >>> which_is_positive(["fail", "pass"])
    "Say which of them is positive: pos_label='fail' or pos_label='pass'."
    """
    choices = " or ".join(f"pos_label={label!r}" for label in labels)
    return f"Say which of them is positive: {choices}."


def check_zero_division(zero_division: Any) -> float:
    """Return what stands for 0/0: 0, 1 or nan, and 0 for "warn"."""
    if isinstance(zero_division, str) and zero_division == "warn":
        return 0.0
    number = isinstance(zero_division, numbers.Real)
    if number and (zero_division in (0, 1) or np.isnan(float(zero_division))):
        return float(zero_division)
    raise ValueError(
        f"zero_division is {zero_division!r}, but 'warn', 0, 1 or nan was expected. "
        "Try zero_division=0."
    )


def check_numbers_pair(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """As check_paired, for finite numbers."""
    y, prediction, w = check_paired(y_true, y_pred, ("y_true", "y_pred"), sample_weight)
    return check_finite_vector(y, "y_true"), check_finite_vector(prediction, "y_pred"), w


def check_logarithms(values: FloatArray, name: str) -> None:
    """Raise ValueError for a value that log(1 + value) has no answer for."""
    if (values <= -1).any():
        row = int(np.flatnonzero(values <= -1)[0])
        raise ValueError(
            f"{name} is {values[row]} in row {row}, but log(1 + value) needs more than -1. "
            "Use mean_squared_error for such values."
        )


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
                f"{which_is_positive(labels)}"
            )
        pos_label = 1
    elif pos_label not in labels and len(labels) == 2:
        raise ValueError(
            f"pos_label is {plain(pos_label)!r}, but the labels are {labels}. {which_is_positive(labels)}"
        )
    return y_true == pos_label
