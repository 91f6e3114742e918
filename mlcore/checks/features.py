"""Checks of X: its shape, its numbers, its columns.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks.kinds import FloatArray, plural


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
