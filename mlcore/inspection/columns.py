"""Columns of a table as the user has it, exchanged for others: an array, rows, or a DataFrame.

A DataFrame is known by its ``iloc``, and keeps its names and types; pandas itself is not needed.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlcore.checks import IntArray, check_features, column_names


def as_table(X: Any) -> Any:
    """Return X itself if it is a DataFrame, else as an array (n, d); of objects if it has words."""
    if hasattr(X, "iloc"):
        return X
    array = X if hasattr(X, "dtype") else np.asarray(X)
    if array is not X and array.dtype.kind not in "fiub":
        array = np.array(X, dtype=object)  # beside words, numbers must stay numbers
    if array.ndim != 2 or array.size == 0 or hasattr(X, "toarray"):
        check_features(X)  # says what is wrong with it
    return array


def column_number(X: Any, column: Any) -> int:
    """Return the number of a column of a table, given by its name or number; ValueError if none."""
    names, d = column_names(X), X.shape[1]
    if isinstance(column, str) and names is not None and column in names:
        return names.index(column)
    if isinstance(column, numbers.Integral) and 0 <= int(column) < d:
        return int(column)
    known = f"one of {names}" if names else "a number"
    raise ValueError(
        f"{column!r} is no column of X: {known} was expected, or a whole number from 0 to {d - 1}."
    )


def take_rows(X: Any, rows: IntArray) -> Any:
    """Return some rows of a table, as a table of its own."""
    return X.iloc[rows] if hasattr(X, "iloc") else X[rows]


def column_of(X: Any, j: int) -> Any:
    """Return one column (n,), of the type that it has in the table."""
    return X.iloc[:, j].array if hasattr(X, "iloc") else X[:, j]


def with_columns(X: Any, columns: Sequence[int], values: Sequence[Any]) -> Any:
    """Return a copy of a table in which some columns hold other values (n,) each."""
    if hasattr(X, "iloc"):
        changed = X.copy()
        for j, column in zip(columns, values, strict=True):
            changed.isetitem(j, column)
        return changed
    # Whole numbers must not round what is put among them.
    changed = X.astype(np.result_type(X, *(np.asarray(column) for column in values)))
    for j, column in zip(columns, values, strict=True):
        changed[:, j] = column
    return changed
