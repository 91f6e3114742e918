"""Columns of a table as the user has it, exchanged for others: an array, rows, or a DataFrame.

A DataFrame is known by its ``iloc``, and keeps its names and types; pandas itself is not needed.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlcore.checks import column_names


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
