"""How far predicted numbers are from the true ones.

Notation: n rows · y (n,) targets · w (n,) weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import check_finite_vector, check_weights


def mean_squared_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return sum w (y - prediction)² / sum w.

    >>> mean_squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    y = check_finite_vector(y_true, "y_true")
    prediction = check_finite_vector(y_pred, "y_pred", len(y))
    w = check_weights(sample_weight, len(y))
    return float(np.average((y - prediction) ** 2, weights=w))


def r2_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return R² = 1 - sum w (y - prediction)² / sum w (y - mean)².

    Where y is constant it is 1 for a perfect prediction and 0 otherwise, as in scikit-learn.

    >>> r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    y = check_finite_vector(y_true, "y_true")
    error = mean_squared_error(y_true, y_pred, sample_weight=sample_weight)
    w = check_weights(sample_weight, len(y))
    spread = float(np.average((y - np.average(y, weights=w)) ** 2, weights=w))
    if spread == 0.0:
        return 1.0 if error == 0.0 else 0.0
    return 1.0 - error / spread
