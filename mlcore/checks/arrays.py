"""The first check of all: that what was given can be read as one array.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks.kinds import plural


def as_array(values: Any, name: str, dtype: Any = None) -> NDArray[Any]:
    """Return values as an array, not copied where they are one.

    TypeError for a text, such as the path of a file, and for a sparse matrix; ValueError for rows
    of different lengths and for masked values.

    >>> as_array([[1, 2], [3, 4]], "X").shape
    (2, 2)
    """
    if isinstance(values, (str, bytes, os.PathLike)):
        raise TypeError(
            f"{name} is a text, {_short(values)}, but the numbers or labels themselves were "
            "expected. Read the file first, with pandas.read_csv, or select the column: frame[name]."
        )
    if hasattr(values, "toarray"):
        raise TypeError(
            f"{name} is a sparse matrix, but dense rows were expected. Pass {name}.toarray()."
        )
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} has masked values, which would be read as if they were not masked. "
            f"Make them NaN: {name}.filled(np.nan)."
        )
    try:
        array = np.asarray(values, dtype=dtype)
    except ValueError:
        raise ValueError(_ragged(values, name)) from None
    # As objects, rows of different lengths make a list of lists.
    if (
        array.dtype.kind == "O"
        and array.ndim == 1
        and any(_length(row) is not None for row in array)
    ):
        raise ValueError(_ragged(values, name))
    return array


def as_table(X: Any, dtype: Any = None) -> NDArray[Any]:
    """Return X as an (n, d) array of any type but complex, with at least one row and column."""
    array = as_array(X, "X", dtype)
    if np.iscomplexobj(array):
        raise ValueError(COMPLEX)
    if array.ndim == 0:
        raise ValueError(
            f"X is {_short(X)}, but rows and columns were expected. "
            "Pass a list of rows, a two-dimensional array or a DataFrame."
        )
    if array.ndim != 2:
        raise ValueError(
            f"X has {plural(array.ndim, 'dimension')}, but 2 were expected (rows, columns). "
            "Reshape your data: one column with X.reshape(-1, 1), one row with X.reshape(1, -1)."
        )
    n, d = array.shape
    if d == 0:
        raise ValueError(
            f"X has 0 feature(s) (shape=({n}, 0)) while a minimum of 1 is required. "
            "Check how the columns were selected."
        )
    if n == 0:
        raise ValueError(
            f"X has 0 rows and {plural(d, 'column')}, but at least 1 of each was expected. "
            "Check how the rows were selected."
        )
    return array


COMPLEX = (
    "Complex data not supported: X holds complex numbers, but real ones were expected. Pass X.real."
)


def _length(row: Any) -> int | None:
    """Return how many values a row has; None for a single value."""
    rows = isinstance(row, (list, tuple)) or (isinstance(row, np.ndarray) and row.ndim > 0)
    return len(row) if rows else None


def _short(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _ragged(values: Any, name: str) -> str:
    """Say which row is the first of another length than row 0."""
    lengths = [_length(row) for row in values]
    odd = next((i for i, length in enumerate(lengths) if length != lengths[0]), None)
    if odd is None:
        return f"{name} is nested deeper than rows and columns. Make every value one number."
    seen, first = (
        "is a single value" if length is None else f"has {plural(length, 'value')}"
        for length in (lengths[odd], lengths[0])
    )
    return (
        f"Row {odd} of {name} {seen}, but row 0 {first}: all must be as long as each other. "
        "Check for a value too many or too few."
    )
