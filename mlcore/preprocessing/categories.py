"""The categories of columns: learned from the training rows, and found again in new ones.

The categories of a column are its distinct values in the training rows, sorted, then None and then
NaN where it has them: a missing value is a category of its own. A value that was not there in fit
is refused, or encoded as asked. pandas' NA is taken for NaN.

Notation: n rows, d features · X (n, d) · code (n, d) places among the categories, -1 if unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import (
    IntArray,
    describe_column,
    is_missing,
)
from mlcore.preprocessing.inputs import TableTransformer


def is_nan(value: Any) -> bool:
    """Return whether a value is missing but not None."""
    return value is not None and is_missing(value)


def distinct(column: NDArray[Any], where: str) -> NDArray[Any]:
    """Return the categories of a column (n,): sorted, then None, then NaN.

    >>> distinct(np.array(["b", None, "a", "b"], dtype=object), "column 0").tolist()
    ['a', 'b', None]
    """
    if column.dtype.kind != "O":
        return np.unique(column)  # it keeps one NaN, as the last
    try:
        different = set(column.tolist())  # few, so that only these are looked at one by one
        special = [value for value in different if is_missing(value)]
        values: list[Any] = sorted(value for value in different if not is_missing(value))
    except TypeError:
        kinds = sorted({type(v).__name__ for v in column.tolist() if not is_missing(v)})
        raise TypeError(
            f"X holds values of the types {kinds} in {where}, which cannot be sorted into "
            "categories: each argument must be a string, or each a number. Use str, for example."
        ) from None
    values += [None] if any(value is None for value in special) else []
    values += [np.nan] if any(value is not None for value in special) else []
    return as_objects(values)


def as_objects(values: Sequence[Any]) -> NDArray[np.object_]:
    """Return the values as they are in an array (k,) of objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def places(column: NDArray[Any], categories: NDArray[Any]) -> IntArray:
    """Return each value's place (n,) among the categories, -1 where it is none of them.

    >>> places(np.array([2.0, np.nan, 7.0]), np.array([1.0, 2.0, np.nan])).tolist()
    [1, 2, -1]
    """
    if column.dtype.kind in "fiub" and categories.dtype.kind in "fiub":
        # NumPy sorts NaN last and finds it there, but for NaN == NaN.
        at = np.minimum(np.searchsorted(categories, column), len(categories) - 1)
        same = (categories[at] == column) | (
            (categories[at] != categories[at]) & (column != column)
        )
        return np.where(same, at, -1)
    place = {value: i for i, value in enumerate(categories.tolist()) if not is_nan(value)}
    nan_at = next((i for i, v in enumerate(categories.tolist()) if is_nan(v)), -1)
    values = column.tolist()
    try:
        code = np.array([place.get(value, -1) for value in values], dtype=np.int64)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in values if not is_missing(value)})
        raise TypeError(
            f"X holds values of the types {kinds}, but each argument must be a string or a number. "
            "Use one category a cell."
        ) from None
    if nan_at >= 0:  # no NaN equals another, so none was found
        rows = [row for row in np.flatnonzero(code < 0).tolist() if is_nan(values[row])]
        code[rows] = nan_at
    return code


class Encoder(TableTransformer):
    """What both encoders share: the categories of each column, and values found among them."""

    categories: Any
    categories_: list[NDArray[Any]]

    def _learn(self, X: Any, *, refuse: bool) -> list[NDArray[Any]]:
        """Return the categories of each column of X, or those given; refuse values not in them."""
        columns = self._fit_columns(X)
        names = self._names()
        if isinstance(self.categories, str) and self.categories == "auto":
            return [distinct(column, describe_column(j, names)) for j, column in enumerate(columns)]
        given = list(self.categories)
        if len(given) != len(columns):
            raise ValueError(
                f"Shape mismatch: categories has {len(given)} lists, but X has {len(columns)} "
                "columns. Give one list of categories for each column, or categories='auto'."
            )
        learned = [
            self._given(values, column, describe_column(j, names))
            for j, (values, column) in enumerate(zip(given, columns, strict=True))
        ]
        if refuse:
            for j, (column, categories) in enumerate(zip(columns, learned, strict=True)):
                self._refuse_unknown(column, places(column, categories), j, "fit")
        return learned

    @staticmethod
    def _given(values: Any, column: NDArray[Any], where: str) -> NDArray[Any]:
        """Return the categories a caller gave for a column, numbers in their order only."""
        numeric = column.dtype.kind in "fiub"
        categories = np.asarray(values) if numeric else as_objects(list(values))
        listed = categories.tolist()
        if not listed:
            raise ValueError(f"categories is empty for {where}. List at least one, or use 'auto'.")
        if any(is_nan(value) for value in listed[:-1]):
            raise ValueError(
                f"categories has NaN before other values for {where}: Nan should be the last "
                "element. Put it there."
            )
        if len({"nan" if is_nan(value) else (value,) for value in listed}) < len(listed):
            raise ValueError(
                f"categories for {where} contain duplicate elements. List each value once."
            )
        if numeric and not np.array_equal(categories, np.sort(categories), equal_nan=True):
            raise ValueError(
                f"Unsorted categories are not supported for numerical categories, but {where} has "
                f"{listed}. Sort them."
            )
        return categories

    def _codes(self, X: Any, *, refuse: bool) -> IntArray:
        """Return each value's place among the categories of its column, (n, d)."""
        columns = self._same_columns(X)
        codes = []
        for j, (column, categories) in enumerate(zip(columns, self.categories_, strict=True)):
            codes.append(places(column, categories))
            if refuse:
                self._refuse_unknown(column, codes[-1], j, "transform")
        return np.stack(codes, axis=1)

    def _refuse_unknown(self, column: NDArray[Any], code: IntArray, j: int, when: str) -> None:
        if (code < 0).any():
            row = int(np.flatnonzero(code < 0)[0])
            raise ValueError(
                f"Found unknown categories {[column.tolist()[row]]} in "
                f"{describe_column(j, self._names())} during {when}, row {row}. "
                "Set handle_unknown, or list them in categories."
            )

    def _decoded(self, parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return the columns (n,) side by side (n, d): as one type if they can be, else objects."""
        if len({part.dtype.kind in "fiub" for part in parts}) > 1:
            parts = [part.astype(object) for part in parts]
        return np.stack(parts, axis=1)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        return tags
