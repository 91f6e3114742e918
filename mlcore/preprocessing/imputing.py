"""Missing values filled in by what the training rows of the column had, and marked if asked.

Columns of numbers become float64. Where a column holds words, the whole table stays as it is, an
array of objects.

Notation: n rows, d features · X (n, d) · missing (n, d) where X has no value.
"""

from __future__ import annotations

import numbers
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    BoolArray,
    check_choice,
    check_features,
    check_flag,
    describe_column,
    is_missing,
    listed_columns,
)
from mlcore.checks.kinds import warn_caller
from mlcore.preprocessing.inputs import TableTransformer
from mlcore.tables import Columns, missing_values

STRATEGIES = ("mean", "median", "most_frequent", "constant")


def holes(columns: list[NDArray[Any]], marker: Any) -> BoolArray:
    """Return where the columns have no value (n, d): the marker, or None, NaN, NA if it is one.

    >>> holes([np.array([1.0, np.nan]), np.array(["?", None], dtype=object)], np.nan).tolist()
    [[False, False], [True, True]]
    """
    if is_missing(marker):
        return np.stack([missing_values(column) for column in columns], axis=1)
    found = []
    for column in columns:
        same = column == marker  # a word never equals a number: NumPy may say so with one False
        found.append(np.broadcast_to(np.asarray(same, dtype=bool), column.shape))
    return np.stack(found, axis=1)


def is_numeric(columns: list[NDArray[Any]], missing: BoolArray) -> bool:
    """Return whether every value that is there is a number."""
    return all(
        column.dtype.kind in "fiub"
        or (
            column.dtype.kind == "O"
            and all(isinstance(v, numbers.Real) for v in column[~gone].tolist())
        )
        for column, gone in zip(columns, missing.T, strict=True)
    )


def most_frequent(values: NDArray[Any]) -> Any:
    """Return the commonest of some values (n,), of equally common ones the smallest.

    >>> most_frequent(np.array(["b", "a", "b", "a"], dtype=object))
    'a'
    """
    counts = Counter(values.tolist())
    top = max(counts.values())
    return min(value for value, count in counts.items() if count == top)


class MissingIndicator(TableTransformer):
    """Columns of True and False that say where a value is missing.

    Parameters
    ----------
    missing_values : what stands for a missing value; NaN stands for None and pandas' NA as well.
    features : "missing-only" for the columns that had missing values in fit, or "all".
    error_on_new : whether a value missing in another column is refused, with "missing-only".

    Attributes
    ----------
    features_ (d_out,) numbers of the columns that are told about.

    >>> MissingIndicator().fit_transform([[1.0, None], [2.0, 3.0]]).tolist()
    [[True], [False]]
    """

    features_: NDArray[np.int64]

    def __init__(
        self,
        *,
        missing_values: Any = np.nan,
        features: str = "missing-only",
        error_on_new: bool = True,
    ) -> None:
        self.missing_values = missing_values
        self.features = features
        self.error_on_new = error_on_new

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> MissingIndicator:
        """Learn which columns have missing values; y is ignored."""
        check_choice("features", self.features, ("missing-only", "all"))
        check_flag("error_on_new", self.error_on_new)
        missing = holes(self._fit_columns(X), self.missing_values)
        some = missing.any(axis=0) | (self.features == "all")
        self.features_ = np.flatnonzero(some)
        return self

    def transform(self, X: ArrayLike) -> BoolArray:
        """Return where values are missing, (n, d_out)."""
        missing = holes(self._same_columns(X), self.missing_values)
        new = np.setdiff1d(np.flatnonzero(missing.any(axis=0)), self.features_)
        if self.error_on_new and len(new):
            raise ValueError(
                f"X has missing values in {listed_columns(new, self._names())}, where fit saw none. "
                "Set error_on_new=False, or features='all'."
            )
        return missing[:, self.features_]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d_out,): missingindicator_ and the column's name."""
        names = self._names_in(input_features)[self.features_]
        return np.array([f"missingindicator_{name}" for name in names], dtype=object)


class SimpleImputer(TableTransformer):
    """Fill what is missing with one value a column, learned from the training rows.

    Parameters
    ----------
    missing_values : what stands for a missing value; NaN stands for None and pandas' NA as well.
    strategy : "mean" or "median" (numbers only), "most_frequent" (of equals, the smallest), or
        "constant".
    fill_value : the constant; None for 0 among numbers and "missing_value" among words.
    add_indicator : whether columns that had missing values in fit get a second one, 1 where they
        have none.
    keep_empty_features : whether a column without any value in fit is kept, filled with 0 or the
        constant; else it is left out, with a UserWarning.

    Attributes
    ----------
    statistics_ (d,) the values filled in, NaN for a column that is left out; indicator_, a fitted
    MissingIndicator or None.

    >>> SimpleImputer().fit([[1.0], [5.0]]).transform([[np.nan], [4.0]]).tolist()
    [[3.0], [4.0]]
    >>> SimpleImputer(strategy="most_frequent").fit_transform([["a"], [None], ["a"]]).tolist()
    [['a'], ['a'], ['a']]
    """

    statistics_: NDArray[Any]
    indicator_: MissingIndicator | None

    def __init__(
        self,
        *,
        missing_values: Any = np.nan,
        strategy: str = "mean",
        fill_value: Any = None,
        add_indicator: bool = False,
        keep_empty_features: bool = False,
    ) -> None:
        self.missing_values = missing_values
        self.strategy = strategy
        self.fill_value = fill_value
        self.add_indicator = add_indicator
        self.keep_empty_features = keep_empty_features

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> SimpleImputer:
        """Learn the value for each column; y is ignored. O(n d)."""
        check_choice("strategy", self.strategy, STRATEGIES)
        check_flag("add_indicator", self.add_indicator)
        check_flag("keep_empty_features", self.keep_empty_features)
        columns = self._fit_columns(X)
        missing = holes(columns, self.missing_values)
        table = self._table(columns, missing)
        filling = [
            self._fill(column[~gone], j)
            for j, (column, gone) in enumerate(zip(table.T, missing.T, strict=True))
        ]
        self.indicator_ = None
        if self.add_indicator:
            marks = MissingIndicator(missing_values=self.missing_values, error_on_new=False)
            self.indicator_ = marks.fit(X)
        self.statistics_ = np.empty(len(filling), dtype=table.dtype)
        self.statistics_[:] = filling
        return self

    def _table(self, columns: list[NDArray[Any]], missing: BoolArray) -> NDArray[Any]:
        """Return the columns as one array (n, d): of numbers if they are, else of objects."""
        names = self._names()
        if not is_missing(self.missing_values):
            self._refuse_other_holes(columns, names)
        fitted = getattr(self, "statistics_", None)
        words = fitted.dtype.kind == "O" if fitted is not None else not is_numeric(columns, missing)
        if words and self.strategy in ("most_frequent", "constant"):
            return np.stack([column.astype(object) for column in columns], axis=1)
        # A zero stands in for what is missing, so that any marker may stand among numbers.
        filled = [
            np.where(gone, 0, c) if gone.any() else c
            for c, gone in zip(columns, missing.T, strict=True)
        ]
        return check_features(Columns(filled, names))

    def _refuse_other_holes(self, columns: list[NDArray[Any]], names: list[str] | None) -> None:
        missing = np.stack([missing_values(column) for column in columns], axis=1)
        if missing.any():
            row, j = np.argwhere(missing)[0]
            raise ValueError(
                f"X has a missing value (NaN) in {describe_column(int(j), names)}, row {row}, but "
                f"missing_values is {self.missing_values!r}. Use that alone, or "
                "missing_values=np.nan."
            )

    def _fill(self, values: NDArray[Any], j: int) -> Any:
        """Return what fills column j, whose values (n,) are there in fit; NaN to leave it out."""
        words = values.dtype.kind == "O"
        constant = self._constant(words) if self.strategy == "constant" else 0
        if len(values) == 0:
            return constant if self.keep_empty_features else np.nan
        if self.strategy == "constant":
            return constant
        if self.strategy == "most_frequent":
            try:
                return most_frequent(values)
            except TypeError:
                where = describe_column(j, self._names())
                raise ValueError(
                    f"X mixes values of several types in {where}, and the smallest of the commonest "
                    "cannot be told. Use one type, str for example."
                ) from None
        return np.mean(values) if self.strategy == "mean" else np.median(values)

    def _constant(self, words: bool) -> Any:
        if self.fill_value is None:
            return "missing_value" if words else 0
        if not words and not isinstance(self.fill_value, numbers.Real):
            raise ValueError(
                f"fill_value is {self.fill_value!r}, but the columns hold numbers, so a number was "
                "expected. Try fill_value=0."
            )
        return self.fill_value

    def _kept(self) -> BoolArray:
        """Return which columns (d,) are not left out."""
        empty = missing_values(self.statistics_)
        return ~empty | self.keep_empty_features

    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return X without missing values, the indicator's columns last, (n, d_out)."""
        columns = self._same_columns(X)
        missing = holes(columns, self.missing_values)
        kept = self._kept()
        # A column that is left out need not be numbers: fit saw nothing in it.
        read = [c if k else np.zeros(len(c)) for c, k in zip(columns, kept, strict=True)]
        table = self._table(read, missing)
        if not kept.all():
            gone = listed_columns(np.flatnonzero(~kept), self._names())
            warn_caller(
                f"Skipping features without any observed values: {gone} had none in fit. "
                "Set keep_empty_features=True to keep them.",
            )
        filled = np.where(missing, self.statistics_, table)[:, kept]
        if self.indicator_ is None:
            return filled
        return np.hstack([filled, missing[:, self.indicator_.features_].astype(filled.dtype)])

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d_out,) of the columns kept, then missingindicator_ names."""
        names = self._names_in(input_features)
        kept = names[self._kept()]
        if self.indicator_ is None:
            return kept
        return np.concatenate([kept, self.indicator_.get_feature_names_out(names)])
