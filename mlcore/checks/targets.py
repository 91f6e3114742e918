"""Checks of y and of the weights of rows.

Notation: n rows, k classes · y (n,) labels or targets · w (n,) weights.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks.arrays import as_array
from mlcore.checks.cells import is_missing, is_number
from mlcore.checks.kinds import (
    DataConversionWarning,
    FloatArray,
    IntArray,
    also_of_scikit_learn,
    plural,
    warn_caller,
)
from mlcore.checks.parameters import check_real


def check_vector(values: Any, name: str, n: int | None = None) -> NDArray[Any]:
    """Return values as a 1-D array, of length n if n is given."""
    if values is None:
        raise ValueError(
            f"This requires {name} to be passed, but the target {name} is None. "
            "Pass one value for each row."
        )
    array = as_array(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(
            f"{name} has shape {array.shape}, but one value for each row was expected. "
            f"Pass {name} as a flat list or array."
        )
    if n is not None and len(array) != n:
        raise ValueError(
            f"{name} has {plural(len(array), 'value')}, but {n} were expected, one for each row. "
            f"Check that X and {name} were selected alike."
        )
    return array


def check_target_vector(y: Any) -> NDArray[Any]:
    """Return y of a fit as an array (n,), with a warning if it was a column (n, 1)."""
    given = None if y is None else as_array(y, "y")
    array = check_vector(given, "y")
    if given is not None and given.ndim > 1:
        warn_caller(
            f"A column-vector y was passed when a 1d array was expected: its shape is {given.shape}. "
            "It is read as a flat array; pass y.ravel(), or one column of a frame, frame[name].",
            also_of_scikit_learn(DataConversionWarning),
        )
    return array


def check_finite_vector(values: Any, name: str, n: int | None = None) -> FloatArray:
    """Return values as a 1-D float64 array without NaN or infinities."""
    array = check_vector(values, name, n)
    if np.iscomplexobj(array) or array.dtype.kind in "mM":
        what = "complex numbers" if np.iscomplexobj(array) else "dates or times"
        raise ValueError(
            f"{name} holds {what}, but real numbers were expected. Convert them first."
        )
    try:
        array = array.astype(np.float64)
    except (TypeError, ValueError):
        row, value = next((i, v) for i, v in enumerate(array.tolist()) if not is_number(v))
        raise ValueError(
            f"{name} holds values that are not numbers, such as {value!r} in row {row}. Convert them "
            "first" + (", or use a classifier if they are classes." if name == "y" else ".")
        ) from None
    if not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} is {array[row]} in row {row}, but finite numbers were expected. "
            "Leave the row out or mend the value."
        )
    return array


def check_labels(
    y: Any, n: int | None = None, *, least_classes: int = 1, name: str = "y"
) -> tuple[NDArray[Any], IntArray]:
    """Return the sorted distinct labels (k,) and each row's index among them (n,).

    >>> check_labels(["no", "yes", "no"])
    (array(['no', 'yes'], dtype='<U3'), array([0, 1, 0]))
    """
    array = check_vector(y, name, n)
    if not len(array):
        raise ValueError(
            f"{name} has 0 values, but at least 1 was expected. Check how the rows were selected."
        )
    missing = array != array  # only NaN differs from itself
    if array.dtype.kind == "O":
        missing = np.array([is_missing(value) for value in array.tolist()], dtype=bool)
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise ValueError(f"{name} is missing in row {row}. Leave out the rows without a label.")
    if (
        name == "y"
        and array.dtype.kind in "fc"
        and not (np.isfinite(array) & (array == np.round(array))).all()
    ):
        row = int(np.flatnonzero(~(np.isfinite(array) & (array == np.round(array))))[0])
        raise ValueError(
            f"{name} is {array[row]} in row {row}: a continuous target, but classes were expected. "
            "Turn it into classes first, for example y >= 10."
        )
    try:
        classes, index = np.unique(array, return_inverse=True)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in array.tolist()})
        raise ValueError(
            f"{name} mixes labels of the types {kinds}, which cannot be sorted. Use one type."
        ) from None
    if len(classes) < least_classes:
        raise ValueError(
            f"{name} has only 1 class ({classes.tolist()[0]!r}) in the rows of weight above 0, but at "
            f"least {least_classes} were expected. Check the choice of rows, and sample_weight if "
            "it is given."
        )
    return classes, index.astype(np.int64)


def check_known_labels(y: Any, classes: NDArray[Any], n: int) -> IntArray:
    """Return each row's place (n,) in the sorted classes; ValueError for a label not among them."""
    labels, index = check_labels(y, n)
    unknown = [label for label in labels.tolist() if label not in classes.tolist()]
    if unknown:
        raise ValueError(
            f"y has the labels {unknown}, but the model knows {classes.tolist()}. "
            "Pass the rows it was fitted on."
        )
    return np.searchsorted(classes, labels)[index].astype(np.int64)


def check_weights(sample_weight: Any, n: int) -> FloatArray:
    """Return the weights (n,), ones when sample_weight is None; ValueError if negative or all 0."""
    if sample_weight is None:
        return np.ones(n)
    if isinstance(sample_weight, numbers.Real):
        sample_weight = np.full(n, sample_weight)
    w = check_finite_vector(sample_weight, "sample_weight", n)
    if (w < 0).any():
        row = int(np.flatnonzero(w < 0)[0])
        raise ValueError(
            f"sample_weight is {w[row]} in row {row}, but weights of 0 or more were expected. "
            "Give weight 0 to leave a row out."
        )
    with np.errstate(over="ignore"):
        total = w.sum()
    if np.isinf(total):
        raise ValueError(
            f"sample_weight adds up to infinity, the largest being {w.max():g}. "
            "Divide the weights by the largest."
        )
    if not w.any():
        raise ValueError(
            "sample_weight is zero in every row. Give at least one row a weight above 0."
        )
    return w


def class_weights(
    class_weight: Any, classes: NDArray[Any], y: NDArray[Any], w: FloatArray
) -> FloatArray:
    """Return w (n,) times the weight of each row's label y (n,).

    "balanced" weighs class c by sum(w) / (k * sum of w in c), so that all classes weigh the same.
    A dict gives the weight of each label; a label that is left out weighs 1.
    """
    if class_weight is None:
        return w
    factor = np.ones(len(w))
    if isinstance(class_weight, str) and class_weight == "balanced":
        for label in classes:
            factor[y == label] = w.sum() / (len(classes) * w[y == label].sum())
    elif isinstance(class_weight, dict):
        unknown = [label for label in class_weight if label not in classes]
        if unknown:
            raise ValueError(
                f"class_weight names {unknown}, but the classes are {classes.tolist()}. "
                "Use the labels of y as keys."
            )
        for label, weight in class_weight.items():
            check_real(f"class_weight of {label!r}", weight, 0.0)
            factor[y == label] = weight
    else:
        raise ValueError(
            f"class_weight is {class_weight!r}, but None, 'balanced' or a dict was expected."
        )
    return w * factor
