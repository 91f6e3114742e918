"""Every check of X, y, weights and parameters, and every message they give.

A message says what was seen, what was expected and one way to mend it. Nothing here changes what
the caller gave.

Notation: n rows, d features, k classes · X (n, d) features · y (n,) labels · w (n,) weights.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
RandomState = int | np.random.Generator | None


class NotFittedError(ValueError, AttributeError):
    """A prediction was asked of a model that has not seen any data."""


class ConvergenceWarning(UserWarning):
    """An iterative method stopped before it reached its tolerance."""


class SeparationWarning(ConvergenceWarning):
    """Some columns separate the classes, so that the coefficients have no finite answer."""


class CollinearityWarning(UserWarning):
    """Some columns repeat others, so that the coefficients have more than one answer."""


def plural(count: int, noun: str) -> str:
    """Return the count with its noun.

    >>> plural(1, "row"), plural(3, "row")
    ('1 row', '3 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


# Features


def column_names(X: Any) -> list[str] | None:
    """Return the column names of a DataFrame-like X when all are strings, else None."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    if not names or not all(isinstance(name, str) for name in names):
        return None
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"X has the column name {twice!r} more than once, but each must be one column's own. "
            "Rename one of them."
        )
    return names


def describe_column(index: int, names: list[str] | None) -> str:
    """Name a column for a message: by its name if it has one, else by its number from 0."""
    return f"column {names[index]!r}" if names else f"column {index}"


def listed_columns(columns: Any, names: list[str] | None, most: int = 5) -> str:
    """Name several columns for a message, the first few and how many more.

    >>> listed_columns([0, 2], None)
    'the columns 0 and 2'
    """
    if len(columns) == 1:
        return describe_column(int(columns[0]), names)
    shown = [repr(names[j]) if names else str(j) for j in columns[:most]]
    if len(columns) > most:
        return f"the columns {', '.join(shown)} and {len(columns) - most} more"
    return f"the columns {', '.join(shown[:-1])} and {shown[-1]}"


def check_features(X: Any) -> FloatArray:
    """Return X as a finite (n, d) float64 array; a TypeError or ValueError says why it cannot be.

    >>> check_features([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    names = column_names(X)
    if hasattr(X, "toarray"):
        raise TypeError("X is a sparse matrix, but dense rows were expected. Pass X.toarray().")
    raw = np.asarray(X)
    if np.iscomplexobj(raw):
        raise ValueError("X holds complex numbers, but real ones were expected. Pass X.real.")
    if raw.ndim != 2:
        raise ValueError(
            f"X has {plural(raw.ndim, 'dimension')}, but 2 were expected (rows, columns). "
            "Reshape one column with X.reshape(-1, 1), one row with X.reshape(1, -1)."
        )
    n, d = raw.shape
    if n == 0 or d == 0:
        raise ValueError(
            f"X has {plural(n, 'row')} and {plural(d, 'column')}, but at least 1 of each was "
            "expected. Check how the rows were selected."
        )
    array = _to_float(raw, names)
    with np.errstate(over="ignore", invalid="ignore"):
        finite = bool(np.isfinite(array.sum()))  # one pass; the sum of finite values may overflow
    if not finite and not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        what = "a missing value (NaN)" if np.isnan(array[row, column]) else "an infinite value"
        raise ValueError(
            f"X has {what} in {describe_column(int(column), names)}, row {row}, but finite numbers "
            "were expected. Fill it (with the column's median, say) or leave the row out."
        )
    return array


def _to_float(raw: NDArray[Any], names: list[str] | None) -> FloatArray:
    if raw.dtype.kind in "fiub":
        return np.ascontiguousarray(raw, dtype=np.float64)
    if raw.dtype.kind in "mM":
        raise ValueError(
            "X holds dates or times, but numbers were expected. "
            "Turn them into a number first, such as days since a date."
        )
    converted = np.empty(raw.shape)
    for j in range(raw.shape[1]):
        try:
            converted[:, j] = raw[:, j].astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            row, seen = next((i, v) for i, v in enumerate(raw[:, j].tolist()) if not _is_number(v))
            raise ValueError(
                f"X has {seen!r} in {describe_column(j, names)}, row {row}, but numbers were "
                "expected. Encode categories as numbers first, one column for each category."
            ) from None
    return converted


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def check_same_columns(
    X: Any, n_features: int, names: list[str] | None, *, what: str = "this model"
) -> None:
    """Raise ValueError unless X has the number of columns, and their names, seen in fit."""
    seen = column_names(X)
    if names is not None and seen is not None and seen != names:
        missing = [name for name in names if name not in seen]
        extra = [name for name in seen if name not in names]
        detail = f"missing {missing}, unexpected {extra}" if missing or extra else "another order"
        raise ValueError(
            f"X has other columns than {what} was fitted on ({detail}). "
            "Select them in the order of feature_names_in_."
        )
    shape = np.shape(X)
    if len(shape) == 2 and shape[1] != n_features:
        raise ValueError(
            f"X has {shape[1]} features, but {what} is expecting {n_features} features as input. "
            "Give the columns that fit was given."
        )


# Labels and weights


def is_missing(value: Any) -> bool:
    """Return whether a single value stands for a missing one: None, NaN or pandas' NA."""
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas' NA refuses to say whether it equals itself
        return True


def check_vector(values: Any, name: str, n: int | None = None) -> NDArray[Any]:
    """Return values as a 1-D array, of length n if n is given."""
    array = np.asarray(values)
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


def check_finite_vector(values: Any, name: str, n: int | None = None) -> FloatArray:
    """Return values as a 1-D float64 array without NaN or infinities."""
    array = check_vector(values, name, n)
    try:
        array = array.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds values that are not numbers. Convert them first.") from None
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
    if y is None:
        raise ValueError(
            f"{name} is None, but one label for each row was expected. Pass the labels."
        )
    array = check_vector(y, name, n)
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
            f"least {least_classes} were expected. Check how the rows were selected."
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
    if not w.any():
        raise ValueError("sample_weight is 0 in every row. Give at least one row a weight above 0.")
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


# Parameters and state


def check_integer(name: str, value: Any, low: int, *, none: bool = False) -> None:
    """Raise unless value is a whole number of at least low (or None, where that is allowed)."""
    if none and value is None:
        return
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) >= low:
        return
    allowed = f"a whole number of at least {low}" + (" or None" if none else "")
    raise ValueError(f"{name} is {value!r}, but {allowed} was expected. Try {name}={low}.")


def check_real(
    name: str, value: Any, low: float, high: float = np.inf, *, advice: str | None = None
) -> None:
    """Raise unless value is a finite number in [low, high]; ``advice`` is a value to try."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if number and low <= float(value) <= high and np.isfinite(float(value)):
        return
    top = "" if high == np.inf else f" and at most {high:g}"
    bottom = "above 0" if low == np.finfo(float).tiny else f"of at least {low:g}"
    raise ValueError(
        f"{name} is {value!r}, but a number {bottom}{top} was expected. "
        f"Try {name}={advice or format(low, 'g')}."
    )


def check_flag(name: str, value: Any) -> None:
    """Raise unless value is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} is {value!r}, but True or False was expected.")


def check_choice(name: str, value: Any, choices: tuple[Any, ...]) -> None:
    """Raise unless value is one of the choices."""
    if not any(
        value is choice or (type(value) is type(choice) and value == choice) for choice in choices
    ):
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} is {value!r}, but one of {listed} was expected.")


def check_generator(random_state: RandomState) -> np.random.Generator:
    """Return a Generator: from an int seed (0 included), from None (fresh), or the one given."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if random_state is None:
        return np.random.default_rng()
    whole = isinstance(random_state, numbers.Integral) and not isinstance(random_state, bool)
    if whole and int(random_state) >= 0:
        return np.random.default_rng(int(random_state))
    raise ValueError(
        f"random_state is {random_state!r}, but None, a whole number of at least 0 or a "
        "numpy.random.Generator was expected. Try random_state=0."
    )


def check_is_fitted(estimator: Any) -> None:
    """Raise NotFittedError unless fit has left results (names that end in an underscore)."""
    seen = {"n_features_in_", "feature_names_in_"}  # these are set before fit can fail
    results = [name for name in vars(estimator) if name.endswith("_") and name[0] != "_"]
    if not set(results) - seen:
        name = type(estimator).__name__
        raise NotFittedError(
            f"This {name} instance is not fitted yet. Call fit(X, y) before asking it to predict."
        )


# What metrics are given


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


def check_enough_rows(n: int, d: int) -> None:
    """Raise ValueError when an unpenalised model would have fewer rows than columns."""
    if n < d:
        raise ValueError(
            f"X has {plural(n, 'row')} of weight above 0 and {plural(d, 'column')}: with fewer "
            "rows than columns any labels can be fitted, and no coefficient means anything. "
            "Set a penalty, alpha=0.01, or use fewer columns."
        )


def check_some_column(width: int) -> None:
    """Raise ValueError when nothing is left to fit: no intercept and no column but zeros."""
    if width == 0:
        raise ValueError(
            "X holds nothing but zeros and there is no intercept, so nothing can be fitted. "
            "Set fit_intercept=True, or check how the columns were selected."
        )


def check_scores(Z: FloatArray) -> FloatArray:
    """Return scores (n,) or (n, k) if all are finite, else raise ValueError with the row."""
    if not np.isfinite(Z).all():
        row = int(np.argwhere(~np.isfinite(Z))[0][0])
        raise ValueError(
            f"The score of row {row} is {np.ravel(Z[row])[0]}, but a finite number was expected: "
            "its values are too large for the coefficients. Check the units of its columns."
        )
    return Z


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
