"""Tables as users have them, arrays, lists of rows or DataFrames: their columns and their rows.

A DataFrame is known by its ``columns`` and ``iloc``, and keeps its names and types; pandas itself
is not needed.

Notation: n rows, d features · X (n, d) · rows (q,) the numbers of some rows.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    as_array,
    as_table,
    check_features,
    column_names,
    is_missing,
)
from mlcore.checks.names import did_you_mean, listed, plain

NUMBERS: dict[str, type] = {"i": np.int64, "u": np.uint64, "f": np.float64, "b": np.bool_}


def is_frame(X: Any) -> bool:
    """Return whether X is a DataFrame."""
    return hasattr(X, "iloc") and hasattr(X, "columns")


def frame_or_array(X: Any) -> Any:
    """Return X itself if it is a DataFrame, else as an array (n, d): of objects if it has words.

    A TypeError or ValueError says why it is no table.

    >>> frame_or_array([[1, "a"], [2, "b"]]).dtype.kind, frame_or_array([[1, 2.5]]).dtype.kind
    ('O', 'f')
    """
    if is_frame(X):
        as_table(np.broadcast_to(0.0, X.shape))  # says what is wrong with the shape
        return X
    array = as_array(X, "X")
    if not hasattr(X, "dtype") and array.dtype.kind not in "fiubc":
        array = as_array(X, "X", object)  # beside words, numbers must stay numbers
    return as_table(array if array.ndim else X)  # a single value is shown as it was given


def column_number(item: Any, d: int, names: list[str] | None, what: str) -> int:
    """Return the number of one of d columns, given by name or number, negative from the end.

    ValueError where there is no such column, which ``what`` asks for.

    >>> column_number("size", 2, ["colour", "size"], "columns"), column_number(-2, 2, None, "columns")
    (1, 0)
    """
    if isinstance(item, str):
        if names is None:
            raise ValueError(
                f"{what} names the column {item!r}, but X has no column names. "
                "Pass a DataFrame, or the numbers of the columns from 0."
            )
        if item not in names:
            raise ValueError(
                f"{what} names the column {item!r}, but the columns of X are {listed(names)}. "
                + (did_you_mean(item, names).rstrip() or "Choose among them.")
            )
        return names.index(item)
    whole = isinstance(item, numbers.Integral) and not isinstance(item, (bool, np.bool_))
    if whole and -d <= int(item) < d:
        return int(item) % d
    raise ValueError(
        f"{what} holds {plain(item)!r}, but a column name or a number from 0 to {d - 1} was expected, "
        f"for X has {d} feature(s). Number the columns from 0."
    )


def take_rows(data: Any, rows: Sequence[int] | IntArray) -> Any:
    """Return some rows of data, in the order given and in the kind of thing it is.

    >>> take_rows(["a", "b", "c"], [2, 0])
    ['c', 'a']
    """
    if data is None:
        return None
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    if hasattr(data, "tocsr"):  # a sparse matrix, of which this kind has rows
        return data.tocsr()[rows]
    if hasattr(data, "shape"):
        return data[rows]
    if hasattr(data, "__array__"):
        return np.asarray(data)[rows]
    return [data[row] for row in rows]


class Columns:
    """A small table: separate columns (n,) with names, that NumPy can read as one array."""

    def __init__(self, columns: Sequence[NDArray[Any]], names: list[str] | None) -> None:
        self.arrays = columns
        if names is not None:
            self.columns = names

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        kinds = {column.dtype.kind for column in self.arrays}
        common = np.float64 if kinds <= set("fiub") else object
        return np.stack([c.astype(common) for c in self.arrays], axis=1).astype(dtype or common)


def as_columns(X: Any) -> list[NDArray[Any]]:
    """Return the columns (n,) of a DataFrame, array or list of rows, each of its own type."""
    if isinstance(X, Columns):
        return list(X.arrays)
    table = frame_or_array(X)
    if is_frame(table):
        return [_values(table.iloc[:, j]) for j in range(table.shape[1])]
    return list(table.T)


def _values(series: Any) -> NDArray[Any]:
    """Return a DataFrame's column (n,): older pandas gives numbers that may be missing as objects."""
    values = np.asarray(series)
    kind = NUMBERS.get(getattr(series.dtype, "kind", "O"))
    if values.dtype.kind == "O" and kind is not None and not missing_values(values).any():
        return values.astype(kind)
    return values


def missing_values(column: NDArray[Any]) -> BoolArray:
    """Return where a column (n,) has no value: None, NaN or pandas' NA."""
    if column.dtype.kind == "O":
        return np.array([is_missing(value) for value in column.tolist()], dtype=bool)
    return np.asarray(column != column, dtype=bool)


def check_features_with_missing(X: Any) -> FloatArray:
    """Return X as an (n, d) float64 array, NaN where a value is missing (None, NaN, pandas' NA).

    Infinities and what is no number are refused, with the messages of mlcore.checks.

    >>> check_features_with_missing([[1, None], [2, 3]]).tolist()
    [[1.0, nan], [2.0, 3.0]]
    """
    columns = as_columns(X)
    holes = [missing_values(column) for column in columns]
    # A zero stands in for a missing value while all others are checked.
    filled = [
        np.where(hole, 0, column) if hole.any() else column
        for hole, column in zip(holes, columns, strict=True)
    ]
    array = check_features(Columns(filled, column_names(X))).copy()
    array[np.stack(holes, axis=1)] = np.nan
    return array
