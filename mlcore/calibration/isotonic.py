"""Isotonic regression: the steps that fit y best and never fall.

Minimise the sum of w_i (f_i - y_i)² subject to f_1 <= f_2 <= ... <= f_n. How is in violators.py.

Notation: n rows · x (n,) the feature · y (n,) targets · w (n,) sample weights.

Source: Barlow, Bartholomew, Bremner & Brunk (1972), Statistical Inference under Order
Restrictions, chapter 1; Zadrozny & Elkan (2002), Transforming classifier scores into accurate
multiclass probability estimates, for its use on probabilities.
"""

from __future__ import annotations

from math import atanh, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.calibration.violators import pool_violators
from mlcore.checks import (
    FloatArray,
    check_choice,
    check_features,
    check_finite_vector,
    check_flag,
    check_is_fitted,
    check_real,
    check_weights,
)
from mlcore.checks.kinds import warn_caller
from mlcore.estimator import Regressor
from mlcore.metrics.delong import midranks
from mlcore.transformer import Transformer

NEAR = 1e-15  # values of X closer than this are one, for they differ by rounding


def isotonic_regression(
    y: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    y_min: float | None = None,
    y_max: float | None = None,
    increasing: bool = True,
) -> FloatArray:
    """Return the values (n,) that never fall (or never rise) and are nearest to y.

    They are cut to [y_min, y_max]. A row of weight 0 takes the value of the row before
    it, the first ones that of the next.
    Cost: a few passes over the blocks that are left (see pool_violators).

    >>> isotonic_regression([1, 3, 2, 4]).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    target = check_finite_vector(y, "y")
    w = check_weights(sample_weight, len(target))
    check_flag("increasing", increasing)
    low, high = check_range(y_min, y_max)
    way = slice(None, None, 1 if increasing else -1)
    kept = w > 0
    fitted = pool_violators(target[kept][way], w[kept][way])[way]
    before = np.maximum(np.cumsum(kept) - 1, 0)  # (n,) the last row of weight above 0
    return np.clip(fitted[before], low, high)


def check_range(y_min: float | None, y_max: float | None) -> tuple[float, float]:
    """Return both ends, infinite where None; ValueError when they are crossed."""
    low, high = -np.inf, np.inf
    if y_min is not None:
        check_real("y_min", y_min, -np.inf, advice="0.0")
        low = float(y_min)
    if y_max is not None:
        check_real("y_max", y_max, -np.inf, advice="1.0")
        high = float(y_max)
    if low > high:
        raise ValueError(f"y_min is {y_min} and y_max {y_max}, but y_min <= y_max was expected.")
    return low, high


class IsotonicRegression(Regressor, Transformer):
    """The best curve of one feature that never falls (or never rises), straight between its corners.

    Parameters
    ----------
    y_min, y_max : the curve is cut to this range; None for no end.
    increasing : True, False, or "auto": the sign of Spearman's rank correlation.
    out_of_bounds : what is predicted outside the X of fit: "nan", "clip" (the value at the nearest
        end), or "raise" a ValueError.

    Attributes
    ----------
    X_thresholds_, y_thresholds_ : corners of the curve; rows inside level stretches are left out.
    X_min_, X_max_ : the ends of X; increasing_ : which way the curve goes.

    X is (n,) or (n, 1). Rows with equal X, or closer than 1e-15, first become one row with their
    weighted mean.

    >>> model = IsotonicRegression(out_of_bounds="clip").fit([1, 2, 3, 4], [1, 3, 2, 4])
    >>> model.predict([0, 2.5, 3.5]).tolist()
    [1.0, 2.5, 3.25]
    """

    def __init__(
        self,
        *,
        y_min: float | None = None,
        y_max: float | None = None,
        increasing: bool | str = True,
        out_of_bounds: str = "nan",
    ) -> None:
        self.y_min = y_min
        self.y_max = y_max
        self.increasing = increasing
        self.out_of_bounds = out_of_bounds

    def fit(
        self, X: ArrayLike, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> IsotonicRegression:
        """Find the corners of the curve. O(n log n) for the sort of X."""
        check_choice("increasing", self.increasing, (True, False, "auto"))
        check_choice("out_of_bounds", self.out_of_bounds, ("nan", "clip", "raise"))
        if y is None:
            raise ValueError("y is None, but one target for each row was expected. Pass them.")
        array, target, w, _ = self._check_fit(_as_column(X), y, sample_weight)
        x = array[:, 0]
        self.increasing_ = rises(x, target) if self.increasing == "auto" else bool(self.increasing)
        x, target, w = without_ties(x, target, w)
        fitted = isotonic_regression(
            target, sample_weight=w, y_min=self.y_min, y_max=self.y_max,
            increasing=self.increasing_,
        )  # fmt: skip
        moves = np.diff(fitted) != 0
        corner = np.append(True, moves) | np.append(moves, True)
        corner[[0, -1]] = True
        self.X_min_, self.X_max_ = float(x[0]), float(x[-1])
        self.X_thresholds_, self.y_thresholds_ = x[corner], fitted[corner]
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the height of the curve (n,) at each X, (n,) or (n, 1)."""
        check_is_fitted(self)
        x = self._check_predict_features(_as_column(X))[:, 0]
        if len(self.X_thresholds_) == 1:  # a single value of X shows no end of its range
            return np.full(len(x), self.y_thresholds_[0])
        outside = (x < self.X_min_) | (x > self.X_max_)
        if self.out_of_bounds == "raise" and outside.any():
            row = int(np.flatnonzero(outside)[0])
            raise ValueError(
                f"X is {x[row]:g} in row {row}, but a value from {self.X_min_:g} to "
                f"{self.X_max_:g}, as in fit, was expected. Set out_of_bounds='clip'."
            )
        fitted = np.interp(x, self.X_thresholds_, self.y_thresholds_)
        if self.out_of_bounds == "nan":
            fitted[outside] = np.nan
        return fitted

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return predict(X)."""
        return self.predict(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the one name of the new column; the given names are ignored."""
        check_is_fitted(self)
        return np.array([f"{type(self).__name__.lower()}0"], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def _as_column(X: Any) -> Any:
    """Return X as (n, 1); ValueError for more than one column."""
    if np.ndim(X) == 1:
        return np.asarray(X).reshape(-1, 1)
    width = check_features(X).shape[1]
    if width != 1:
        raise ValueError(
            f"X has {width} columns, but 1 feature was expected: isotonic regression input X "
            "should be a 1d array or a column. Choose one column."
        )
    return X


def rises(x: FloatArray, y: FloatArray) -> bool:
    """Return whether Spearman's correlation of x and y is 0 or more; warn when that is not sure.

    Not sure is: Fisher's 95 % interval of the correlation, tanh(atanh(r) ± 1.96 / sqrt(n - 3)),
    has 0 inside.
    """
    a, b = midranks(x) - (len(x) + 1) / 2, midranks(y) - (len(y) + 1) / 2
    spread = sqrt(float(a @ a) * float(b @ b))
    r = float(a @ b) / spread if spread > 0 else 0.0
    if len(x) > 3 and abs(r) < 1 and abs(atanh(r)) < 1.96 / sqrt(len(x) - 3):
        warn_caller(
            f"Spearman's correlation of X and y is {r:.2g} and may be of either sign. "
            "Set increasing=True or False if you know which.",
        )
    return r >= 0


def without_ties(
    x: FloatArray, y: FloatArray, w: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the distinct x, rising, with the weighted mean of y and the sum of w at each."""
    order = np.argsort(x, kind="stable")
    x, y, w = x[order], y[order], w[order]
    new = np.append(True, np.diff(x) >= NEAR)
    start = x[np.flatnonzero(new)][np.cumsum(new) - 1]  # (n,) where the row's chain begins
    part = np.floor((x - start) / NEAR)  # a long chain of close values is cut every NEAR
    first = np.flatnonzero(new | np.append(False, np.diff(part) != 0))
    total = np.add.reduceat(w, first)
    return x[first], np.add.reduceat(w * y, first) / total, total
