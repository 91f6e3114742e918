"""Checks that only logistic regression makes, of its columns and of its scores.

Notation: n rows, d features, k classes · Z (n,) or (n, k) scores.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks.kinds import FloatArray, plural


def check_enough_rows(n: int, d: int) -> None:
    """Raise ValueError when an unpenalised model would have fewer rows than columns."""
    if n < d:
        raise ValueError(
            f"X has {plural(n, 'row')} of weight above 0 and {plural(d, 'column')}: with fewer "
            "rows than columns any labels can be fitted, and no coefficient means anything. "
            "Set a penalty, alpha=0.01, or use fewer columns."
        )


def check_some_column(width: int) -> None:
    """Raise ValueError when nothing is left to fit: no intercept and no column but zeros."""
    if width == 0:
        raise ValueError(
            "X holds nothing but zeros and there is no intercept, so nothing can be fitted. "
            "Set fit_intercept=True, or check how the columns were selected."
        )


def check_scores(Z: FloatArray) -> FloatArray:
    """Return scores (n,) or (n, k) if all are finite, else raise ValueError with the row."""
    if not np.isfinite(Z).all():
        row = int(np.argwhere(~np.isfinite(Z))[0][0])
        raise ValueError(
            f"The score of row {row} is {np.ravel(Z[row])[0]}, but a finite number was expected: "
            "its values are too large for the coefficients. Check the units of its columns."
        )
    return Z
