"""What trees and forests accept beyond complete numbers: missing values and categories.

Notation: n rows, d features · X (n, d).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import (
    FloatArray,
    IntArray,
    check_choice,
    check_integer,
    check_is_fitted,
    check_same_columns,
    column_names,
)
from mlcore.estimator import Estimator
from mlcore.tree.categories import Categories

MISSING = (None, "direction", "surrogate")


class TreeInput(Estimator):
    """Checks X as ``missing`` and ``categorical_features`` allow; categories become codes."""

    missing: str | None
    categorical_features: Any
    max_surrogates: int
    categories_: list[NDArray[Any] | None]

    @property
    def _plain(self) -> bool:
        """Whether X must be complete numbers, which the fast growth is for."""
        return self.missing is None and self.categorical_features is None

    def _n_categories(self) -> IntArray:
        return Categories(self.categories_).counts

    def _check_fit_features(self, X: Any) -> FloatArray:
        """Forget the last fit, check X, learn its categories, remember its columns."""
        check_choice("missing", self.missing, MISSING)
        check_integer("max_surrogates", self.max_surrogates, 0)
        if self._plain:
            try:
                return super()._check_fit_features(X)
            except ValueError as error:
                raise ValueError(advise(str(error))) from None
        self._forget()
        chosen = [] if self.categorical_features is None else self.categorical_features
        known = Categories.learn(X, chosen)
        array = known.encode(X, allow_missing=self.missing is not None)
        self.n_features_in_, self.categories_ = array.shape[1], known.categories
        names = column_names(X)
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        return array

    def _check_predict_features(self, X: Any) -> FloatArray:
        """Check that X has the columns of fit, and return it as an array, categories as codes."""
        if self._plain:
            return super()._check_predict_features(X)
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        wanted = None if names is None else list(names)
        check_same_columns(X, self.n_features_in_, wanted, what=type(self).__name__)
        return Categories(self.categories_).encode(X, allow_missing=self.missing is not None)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing is not None
        tags.input_tags.categorical = self.categorical_features is not None
        return tags


def advise(message: str) -> str:
    """Return a message about X with what a tree could do instead."""
    if "a missing value" in message:
        return message + (
            ' Or let the tree decide: missing="direction" learns a side for missing values, '
            'missing="surrogate" asks other columns.'
        )
    if "Encode categories as numbers" in message:
        return message + " Or name such columns in categorical_features."
    return message
