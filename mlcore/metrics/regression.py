"""How far predicted numbers are from the true ones, and what share of their spread is predicted.

Notation: n rows · y (n,) targets · e (n,) errors, target minus prediction · w (n,) weights ·
mean the mean weighted by w.

Source: Koenker & Machado (1999), J. American Statistical Association 94, for the pinball scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, UndefinedMetricWarning, check_flag, check_real, warn_caller
from mlcore.checks.metrics import check_logarithms, check_numbers_pair


def mean_squared_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return mean e².

    >>> mean_squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    return float(np.average((y - prediction) ** 2, weights=w))


def root_mean_squared_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return sqrt(mean e²), in the unit of y.

    >>> root_mean_squared_error([1.0, 2.0], [4.0, 6.0])
    3.5355339059327378
    """
    return float(np.sqrt(mean_squared_error(y_true, y_pred, sample_weight=sample_weight)))


def mean_absolute_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return mean |e|.

    >>> mean_absolute_error([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    return float(np.average(np.abs(y - prediction), weights=w))


def median_absolute_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the weighted median of |e|; of two middle values their mean. O(n log n).

    >>> median_absolute_error([1.0, 2.0, 3.0], [1.0, 4.0, 13.0])
    2.0
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    return weighted_quantile(np.abs(y - prediction), w, 0.5)


def max_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Return the largest |e|.

    >>> max_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    y, prediction, _ = check_numbers_pair(y_true, y_pred, None)
    return float(np.abs(y - prediction).max())


def mean_absolute_percentage_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return mean |e| / |y|, as a share (1 is 100 %); |y| is taken to be at least 2.2e-16.

    >>> mean_absolute_percentage_error([1.0, 2.0], [1.0, 4.0])
    0.5
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    size = np.maximum(np.abs(y), np.finfo(np.float64).eps)
    return float(np.average(np.abs(y - prediction) / size, weights=w))


def mean_squared_log_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return mean (log(1 + y) - log(1 + prediction))²; ValueError for a value of -1 or less.

    >>> round(mean_squared_log_error([1.0, 3.0], [1.0, 7.0]), 6)
    0.240227
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    check_logarithms(y, "y_true")
    check_logarithms(prediction, "y_pred")
    return mean_squared_error(np.log1p(y), np.log1p(prediction), sample_weight=w)


def root_mean_squared_log_error(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the square root of mean_squared_log_error.

    >>> round(root_mean_squared_log_error([1.0, 3.0], [1.0, 7.0]), 6)
    0.490129
    """
    return float(np.sqrt(mean_squared_log_error(y_true, y_pred, sample_weight=sample_weight)))


def mean_pinball_loss(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    alpha: float = 0.5,
) -> float:
    """Return mean max(alpha e, (alpha - 1) e), smallest where y_pred is y's quantile alpha.

    >>> mean_pinball_loss([1.0, 2.0], [1.0, 4.0], alpha=0.9)
    0.09999999999999998
    """
    check_real("alpha", alpha, 0.0, 1.0, advice="0.5")
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    e = y - prediction
    return float(np.average(np.maximum(alpha * e, (alpha - 1.0) * e), weights=w))


def r2_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    force_finite: bool = True,
) -> float:
    """Return R² = 1 - mean e² / mean (y - mean y)².

    Where y is constant it is 1 for a perfect prediction and 0 otherwise, or nan and -inf with
    force_finite=False. Of a single row it is nan, with a warning.

    >>> r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    check_flag("force_finite", force_finite)
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    if _too_few(y, "R²"):
        return np.nan
    error = mean_squared_error(y, prediction, sample_weight=w)
    return _explained(error, _variance(y, w), force_finite)


def explained_variance_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    force_finite: bool = True,
) -> float:
    """Return 1 - var e / var y: R² where the same amount too much or too little is forgiven.

    Where y is constant, as r2_score.

    >>> explained_variance_score([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    1.0
    """
    check_flag("force_finite", force_finite)
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    return _explained(_variance(y - prediction, w), _variance(y, w), force_finite)


def d2_pinball_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    alpha: float = 0.5,
) -> float:
    """Return 1 - pinball loss / pinball loss of y's own quantile alpha for every row.

    Where y is constant it is 1 for a perfect prediction and 0 otherwise; of a single row nan, with
    a warning.

    >>> d2_pinball_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    y, prediction, w = check_numbers_pair(y_true, y_pred, sample_weight)
    loss = mean_pinball_loss(y, prediction, sample_weight=w, alpha=alpha)
    if _too_few(y, "D²"):
        return np.nan
    same_for_all = np.full(len(y), weighted_quantile(y, w, alpha))
    whole = mean_pinball_loss(y, same_for_all, sample_weight=w, alpha=alpha)
    return _explained(loss, whole, True)


def d2_absolute_error_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return 1 - mean |e| / mean |y - median y|: R² with absolute errors.

    >>> d2_absolute_error_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    return d2_pinball_score(y_true, y_pred, sample_weight=sample_weight, alpha=0.5)


def weighted_quantile(values: FloatArray, w: FloatArray, share: float) -> float:
    """Return the least value with ``share`` of the weight at or below it.

    Where exactly that share lies at or below it, the mean of it and the next value.

    >>> weighted_quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    2.5
    """
    kept = np.flatnonzero(w > 0)  # a row of weight 0 is no next value
    order = kept[np.argsort(values[kept], kind="stable")]
    below = np.cumsum(w[order])
    sought = share * below[-1]
    rounding = 1e-12 * below[-1]  # of the sums, which must not decide what is exactly that share
    first, after = np.searchsorted(below, [sought - rounding, sought + rounding])
    last = len(order) - 1
    return float(values[order[[min(first, last), min(after, last)]]].mean())


def _variance(values: FloatArray, w: FloatArray) -> float:
    """Return the weighted mean square about the mean: exactly 0 for equal values."""
    seen = values[w > 0]
    if (seen == seen[0]).all():  # their mean is not always the value itself
        return 0.0
    return float(np.average((values - np.average(values, weights=w)) ** 2, weights=w))


def _explained(error: float, whole: float, force_finite: bool) -> float:
    """Return 1 - error / whole, where 0/0 is 1 and x/0 is 0 if it must be finite."""
    if whole > 0:
        return 1.0 - error / whole
    if force_finite:
        return 1.0 if error == 0 else 0.0
    return np.nan if error == 0 else -np.inf


def _too_few(y: FloatArray, name: str) -> bool:
    if len(y) < 2:
        warn_caller(
            f"{name} compares with the spread of y, but there is only 1 row, which has none. It is "
            "nan. Score at least 2 rows together.",
            UndefinedMetricWarning,
        )
    return len(y) < 2
