"""Columns brought to one scale, by the mean and deviation or by the range of the training rows.

New rows are always scaled by what the training rows had, never by their own mean or range. A
missing value (NaN) is left out of every sum and stays missing.

Notation: n rows, d features · X (n, d) · w (n,) weights · μ, σ² (d,) mean and variance.

Source: Chan, Golub & LeVeque (1983), Algorithms for computing the sample variance, The American
Statistician 37.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import BoolArray, FloatArray, check_flag, check_weights
from mlcore.preprocessing.inputs import TableTransformer


def weighted_moments(X: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return μ, σ² and the summed weight of the values that are there, (d,) each.

    μ = Σ w x / Σ w and σ² = Σ w (x − μ)² / Σ w, less the square of what rounding left in Σ w (x − μ).
    NaN for a column without values; two passes over X.

    >>> X = np.array([[1.0, np.nan], [3.0, 5.0]])
    >>> [part.tolist() for part in weighted_moments(X, np.array([1.0, 1.0]))]
    [[2.0, 5.0], [1.0, 0.0], [2.0, 1.0]]
    """
    gone = np.isnan(X)
    whole = not gone.any()

    def weighted_sum(A: FloatArray) -> FloatArray:  # (n, d) to (d,), of the values that are there
        return w @ (A if whole else np.where(gone, 0.0, A))

    total = np.full(X.shape[1], w.sum()) if whole else w @ ~gone
    with np.errstate(invalid="ignore"):  # 0 / 0: a column without values
        mean = weighted_sum(X) / total
        off = X - mean
        left = weighted_sum(off)
        off *= off
        variance = (weighted_sum(off) - left**2 / total) / total
    return mean, np.maximum(variance, 0.0), total  # rounding may leave less than 0


def is_constant(mean: FloatArray, variance: FloatArray, n: FloatArray) -> BoolArray:
    """Return which columns (d,) vary no more than rounding does in the two passes.

    The bound is n ε σ² + (n ε μ)², ε the spacing of float64 at 1 (Chan et al., table 1).
    """
    epsilon = np.finfo(np.float64).eps
    return variance <= n * epsilon * variance + (n * mean * epsilon) ** 2


class StandardScaler(TableTransformer):
    """Subtract each column's mean and divide by its standard deviation, both of the training rows.

    z = (x − μ) / σ with σ² = Σ w (x − μ)² / Σ w; a constant column is divided by 1.

    Parameters
    ----------
    with_mean : whether to subtract μ.
    with_std : whether to divide by σ.

    Attributes
    ----------
    mean_, var_, scale_ (d,) or None where not asked for; n_samples_seen_ rows, or summed weight, an
    array (d,) where columns differ in missing values.

    >>> scaler = StandardScaler().fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scaler.transform([[5.0, 6.0]]).tolist()
    [[3.0, 1.0]]
    """

    mean_: FloatArray | None
    var_: FloatArray | None
    scale_: FloatArray | None
    n_samples_seen_: np.generic | NDArray[np.generic]

    def __init__(self, *, with_mean: bool = True, with_std: bool = True) -> None:
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> StandardScaler:
        """Learn mean and deviation of the rows, which may be weighted; y is ignored. O(n d)."""
        check_flag("with_mean", self.with_mean)
        check_flag("with_std", self.with_std)
        array = self._check_fit_features(X)
        w = check_weights(sample_weight, len(array))
        kept = w > 0
        if not kept.all():  # no copy where nothing is left out
            array, w = array[kept], w[kept]
        mean, variance, seen = weighted_moments(array, w)
        self.mean_ = mean if self.with_mean or self.with_std else None
        self.var_ = variance if self.with_std else None
        self.scale_ = None
        if self.with_std:
            self.scale_ = np.where(is_constant(mean, variance, seen), 1.0, np.sqrt(variance))
        counted = seen.astype(np.int64) if sample_weight is None else seen
        self.n_samples_seen_ = counted[0] if (counted == counted[0]).all() else counted
        return self

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return (X − mean_) / scale_, (n, d)."""
        array = self._check_predict_features(X)
        shift = self.mean_ if self.with_mean and self.mean_ is not None else 0.0
        scaled = array - shift  # an array of its own, which may be changed
        if self.scale_ is not None:
            scaled /= self.scale_
        return scaled

    def inverse_transform(self, X: ArrayLike) -> FloatArray:
        """Return X · scale_ + mean_ (n, d): what transform was given."""
        array = self._check_width(X, getattr(self, "n_features_in_", 0))
        back = array * (1.0 if self.scale_ is None else self.scale_)
        if self.with_mean and self.mean_ is not None:
            back += self.mean_
        return back


class MinMaxScaler(TableTransformer):
    """Stretch each column so that the training rows fill the range [low, high].

    x · scale_ + min_ with scale_ = (high − low) / (max − min); the range of a constant column
    counts as 1.

    Parameters
    ----------
    feature_range : (low, high).
    clip : whether new rows are kept inside the range.

    Attributes
    ----------
    min_, scale_, data_min_, data_max_, data_range_ (d,), n_samples_seen_.

    >>> MinMaxScaler().fit([[2.0], [6.0]]).transform([[3.0], [8.0]]).tolist()
    [[0.25], [1.5]]
    """

    min_: FloatArray
    scale_: FloatArray
    data_min_: FloatArray
    data_max_: FloatArray
    data_range_: FloatArray

    def __init__(self, feature_range: tuple[float, float] = (0, 1), *, clip: bool = False) -> None:
        self.feature_range = feature_range
        self.clip = clip

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> MinMaxScaler:
        """Learn the range of each column; y is ignored. O(n d)."""
        low, high = self._range()
        check_flag("clip", self.clip)
        array = self._check_fit_features(X)
        # fmin and fmax pass over NaN, and say nothing of a column that is all NaN.
        self.data_min_, self.data_max_ = np.fmin.reduce(array), np.fmax.reduce(array)
        self.data_range_ = self.data_max_ - self.data_min_
        constant = self.data_range_ < 10 * np.finfo(np.float64).eps
        self.scale_ = (high - low) / np.where(constant, 1.0, self.data_range_)
        self.min_ = low - self.data_min_ * self.scale_
        self.n_samples_seen_ = len(array)
        return self

    def _range(self) -> tuple[float, float]:
        try:
            low, high = map(float, self.feature_range)
        except (TypeError, ValueError):
            low, high = np.nan, np.nan
        if not -np.inf < low < high < np.inf:
            raise ValueError(
                f"feature_range is {self.feature_range!r}, but two numbers, the smaller first, "
                "were expected. Try feature_range=(0, 1)."
            )
        return low, high

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return X · scale_ + min_, (n, d)."""
        array = self._check_predict_features(X) * self.scale_ + self.min_
        return np.clip(array, *self._range()) if self.clip else array

    def inverse_transform(self, X: ArrayLike) -> FloatArray:
        """Return (X − min_) / scale_ (n, d): what transform was given, but for what it clipped."""
        array = self._check_width(X, getattr(self, "n_features_in_", 0))
        return (array - self.min_) / self.scale_
