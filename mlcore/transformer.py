"""What every step that turns columns into other columns has in common.

Notation: n rows, d features · X (n, d) features · d_out columns that come out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import check_is_fitted
from mlcore.estimator import Estimator


class Transformer(Estimator):
    """A step that turns columns into other columns: subclasses give ``fit`` and ``transform``."""

    n_features_in_: int

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import TransformerTags

        tags = super().__sklearn_tags__()
        tags.transformer_tags = TransformerTags()
        tags.target_tags.required = False
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Transformer:
        """Learn from the training rows what transform needs, and return the step itself."""
        raise TypeError(f"{type(self).__name__} does not say how to fit.")

    def transform(self, X: ArrayLike) -> Any:
        """Return the new columns of each row, (n, d_out)."""
        raise TypeError(f"{type(self).__name__} does not say how to transform.")

    def fit_transform(self, X: ArrayLike, y: ArrayLike | None = None, **fit_params: Any) -> Any:
        """Return transform(X) after fit(X, y)."""
        return self.fit(X, y, **fit_params).transform(X)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d_out,) of what transform returns: here those of the columns given."""
        return self._names_in(input_features)

    def _names_in(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d,) of the columns of fit, x0, x1, ... where they had none."""
        check_is_fitted(self)
        d, known = self.n_features_in_, getattr(self, "feature_names_in_", None)
        if input_features is None:
            return np.array([f"x{j}" for j in range(d)] if known is None else known, dtype=object)
        names = np.array(input_features, dtype=object)
        if known is not None and not np.array_equal(names, known):
            raise ValueError(
                f"input_features is not equal to feature_names_in_, {known.tolist()}. "
                "Leave it out, or give the names of fit."
            )
        if len(names) != d:
            raise ValueError(
                f"input_features should have length equal to number of features ({d}), got "
                f"{len(names)}. Give one name for each column."
            )
        return names
