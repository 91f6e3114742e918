"""Columns of a table as the user has it, exchanged for others: an array, rows, or a DataFrame.

A DataFrame is known by its ``iloc``, and keeps its names and types; pandas itself is not needed.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


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
