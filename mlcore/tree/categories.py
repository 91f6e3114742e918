"""Columns as a user has them, words among them, turned into the numbers a tree grows from.

A categorical column becomes codes: 0, 1, ... by its place among the column's sorted categories, NaN
where it is missing, -1 for a category that was not there in fit. All other columns go through the
library's own check, with missing values let through if asked.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    check_features,
    column_names,
    complaint,
    describe_column,
    plural,
)
from mlcore.tables import (
    Columns,
    as_columns,
    check_features_with_missing,
    column_number,
    missing_values,
)


@dataclass(frozen=True)
class Categories:
    """The categories of each column as seen in fit; None for a numeric column.

    >>> X = [["red", 1.5], ["blue", None], ["red", 2.0]]
    >>> known = Categories.learn(X, [0])
    >>> known.encode(X, allow_missing=True).tolist()
    [[1.0, 1.5], [0.0, nan], [1.0, 2.0]]
    >>> known.encode([["green", 0.0], [None, 0.0]], allow_missing=True)[:, 0].tolist()
    [-1.0, nan]
    """

    categories: list[NDArray[Any] | None]  # (d,) one sorted array for each categorical column

    @classmethod
    def learn(cls, X: Any, categorical_features: Any) -> Categories:
        """Return the categories in X's categorical columns: numbers, names or a mask of them.

        ValueError for columns that are not there, or whose values cannot be sorted.
        """
        columns, names = as_columns(X), column_names(X)
        chosen = categorical_columns(categorical_features, len(columns), names)
        return cls(
            [
                sorted_values(column, describe_column(j, names)) if chosen[j] else None
                for j, column in enumerate(columns)
            ]
        )

    @property
    def counts(self) -> IntArray:
        """Number of categories of each column (d,), 0 for a numeric one."""
        return np.array([0 if c is None else len(c) for c in self.categories], dtype=np.int64)

    def encode(self, X: Any, *, allow_missing: bool) -> FloatArray:
        """Return X (n, d) as float64, codes in the categorical columns.

        ValueError for another number of columns, for infinities and for what is no number in a
        numeric column; for missing values unless they are allowed.
        """
        columns, names = as_columns(X), column_names(X)
        if len(columns) != len(self.categories):
            raise ValueError(
                f"X has {plural(len(columns), 'column')}, but {len(self.categories)} were expected. "
                "Give the columns that fit was given."
            )
        codes = {
            j: encode_column(columns[j], categories, describe_column(j, names))
            for j, categories in enumerate(self.categories)
            if categories is not None
        }
        if not allow_missing:
            for j, code in codes.items():
                refuse_missing(code, describe_column(j, names))
        numeric = Columns([codes.get(j, column) for j, column in enumerate(columns)], names)
        return check_features_with_missing(numeric) if allow_missing else check_features(numeric)


def categorical_columns(categorical_features: Any, d: int, names: list[str] | None) -> BoolArray:
    """Return which columns (d,) are categorical, from their numbers, their names or a mask.

    >>> categorical_columns(["colour"], 2, ["size", "colour"]).tolist()
    [False, True]
    """
    chosen = np.zeros(d, dtype=bool)
    if categorical_features is None:
        return chosen
    if isinstance(categorical_features, str):
        categorical_features = [categorical_features]
    wanted = np.asarray(categorical_features).tolist()
    if not isinstance(wanted, list):
        wanted = [wanted]
    if wanted and all(isinstance(item, bool) for item in wanted):
        if len(wanted) != d:
            raise ValueError(
                f"categorical_features is a mask of {plural(len(wanted), 'value')}, but {d} were "
                "expected, one for each column of X. Or list the columns' numbers instead."
            )
        return np.array(wanted)
    for item in wanted:
        chosen[column_number(item, d, names, "categorical_features")] = True
    return chosen


def sorted_values(column: NDArray[Any], where: str) -> NDArray[Any]:
    """Return the distinct values of a column (n,), sorted, without the missing ones."""
    known = column[~missing_values(column)]
    if known.dtype.kind != "O":
        return np.unique(known)
    try:
        values = sorted(set(known.tolist()))
    except TypeError:
        for row, value in enumerate(column.tolist()):
            if isinstance(value, (list, dict, set)):
                raise complaint(value, f"{where}, row {row}") from None
        kinds = sorted({type(value).__name__ for value in known.tolist()})
        raise ValueError(
            f"X mixes values of the types {kinds} in {where}, which cannot be sorted into "
            "categories. Use one type, str for example."
        ) from None
    return np.array(values)


def encode_column(column: NDArray[Any], categories: NDArray[Any], where: str) -> FloatArray:
    """Return each value's place among the categories (n,), -1 if new, NaN if missing."""
    place = {value: float(code) for code, value in enumerate(categories.tolist())}
    missing = missing_values(column)
    cells = column.astype(object)
    cells[missing] = None  # pandas' NA cannot be looked up
    values = cells.tolist()
    try:
        codes = np.array([place.get(value, -1.0) for value in values], dtype=np.float64)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in values})
        raise ValueError(
            f"X has values of the types {kinds} in {where}, but single categories were expected. "
            "Use text or numbers."
        ) from None
    codes[missing] = np.nan
    known, given = (
        kinds_of(v) for v in (categories.tolist(), [v for v in values if v is not None])
    )
    if known and given and not known & given:
        raise ValueError(
            f"X has values such as {next(v for v in values if v is not None)!r} in {where}, "
            f"but categories such as {categories.tolist()[0]!r} were seen in fit. "
            "Give the column the type it had in fit."
        )
    return codes


def kinds_of(values: Sequence[Any]) -> set[str]:
    """Return which kinds of values there are: text, numbers (True and False among them), others.

    >>> sorted(kinds_of(["a", 1, 2.5]))
    ['number', 'text']
    """
    return {
        "text" if isinstance(v, str) else "number" if isinstance(v, numbers.Number) else "other"
        for v in values
    }


def refuse_missing(codes: FloatArray, where: str) -> None:
    """Raise ValueError if a code (n,) is missing."""
    if np.isnan(codes).any():
        row = int(np.flatnonzero(np.isnan(codes))[0])
        raise ValueError(
            f"X has a missing value in {where}, row {row}, but a category was expected. "
            "Leave the row out, give it a category of its own, or grow the tree with "
            "missing='surrogate' or 'direction'."
        )
