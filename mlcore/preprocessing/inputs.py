"""How transformers read a table: column by column, missing values and words among them.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import (
    FloatArray,
    check_is_fitted,
    check_same_columns,
    column_names,
    plural,
)
from mlcore.tables import as_columns, check_features_with_missing, frame_or_array
from mlcore.transformer import Transformer


class TableTransformer(Transformer):
    """A transformer that lets missing values in; it remembers the width and the names of fit."""

    def _fit_columns(self, X: Any) -> list[NDArray[Any]]:
        """Forget the last fit, remember the columns of X and return them, (n,) each."""
        self._forget()
        columns, names = as_columns(X), column_names(X)
        self.n_features_in_ = len(columns)
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        return columns

    def _same_columns(self, X: Any) -> list[NDArray[Any]]:
        """Return the columns (n,) of X, which must be those of fit."""
        check_is_fitted(self)
        table = frame_or_array(X)
        check_same_columns(table, self.n_features_in_, self._names(), what=type(self).__name__)
        return as_columns(table)

    def _names(self) -> list[str] | None:
        names = getattr(self, "feature_names_in_", None)
        return None if names is None else list(names)

    def _check_fit_features(self, X: Any) -> FloatArray:
        """Remember the columns of X and return it as numbers (n, d), NaN where one is missing."""
        self._fit_columns(X)
        return numbers_of(X)

    def _check_predict_features(self, X: Any) -> FloatArray:
        """Return X, which must have the columns of fit, as numbers (n, d)."""
        self._same_columns(X)
        return numbers_of(X)

    def _check_width(self, X: Any, width: int) -> FloatArray:
        """Return transformed columns (n, width) as numbers, to be turned back."""
        check_is_fitted(self)
        array = numbers_of(X)
        if array.shape[1] != width:
            raise ValueError(
                f"X has {plural(array.shape[1], 'column')}, but {width} were expected. "
                "Give the columns that transform returned."
            )
        return array

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def numbers_of(X: Any) -> FloatArray:
    """Return X (n, d) as float64, NaN where a value is missing; infinities are refused.

    X itself where it is such an array, so the result must not be changed.

    >>> numbers_of([[1, None], [2, 3]]).tolist()
    [[1.0, nan], [2.0, 3.0]]
    """
    table = frame_or_array(X)
    if isinstance(table, np.ndarray) and table.dtype.kind == "f" and table.ndim == 2 and table.size:
        array = np.asarray(table, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            finite = bool(np.isfinite(array.sum()))  # one pass, which settles most tables
        if finite or not np.isinf(array).any():
            return array
    return check_features_with_missing(table)
