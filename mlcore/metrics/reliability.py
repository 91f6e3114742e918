"""Calibration: do the risks we state come true as often as we say?

Rows are put into bins by their stated probability, and in each bin the share that came true is held
against the mean that was stated.

Notation: n rows · p (n,) stated probabilities, y (n,) 1 where it came true · w (n,) weights · in
bin j: W_j its weight, p_j its mean probability, y_j its share that came true · y. the share of all.

Sources: Murphy & Winkler (1977), Applied Statistics 26; Murphy (1973), J. Applied Meteorology 12;
Stephenson, Coelho & Jolliffe (2008), Weather and Forecasting 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    IntArray,
    check_choice,
    check_finite_vector,
    check_integer,
    check_paired,
)
from mlcore.checks.scores import check_positive_rows, check_probabilities


class _Binned(NamedTuple):
    """Rows of weight above 0 with their bin, and the weight and means of each bin that has any."""

    y: FloatArray  # (n,)
    p: FloatArray  # (n,)
    w: FloatArray  # (n,)
    bin_of: IntArray  # (n,) into the bins below
    weight: FloatArray  # W (b,)
    share: FloatArray  # y_j (b,)
    stated: FloatArray  # p_j (b,)


def _binned(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    pos_label: Any,
    sample_weight: ArrayLike | None,
    n_bins: int,
    strategy: str,
) -> _Binned:
    t, p, w = check_paired(y_true, y_prob, ("y_true", "y_prob"), sample_weight)
    p = check_probabilities(check_finite_vector(p, "y_prob"), "y_prob")
    y = check_positive_rows(t, pos_label).astype(np.float64)
    check_integer("n_bins", n_bins, 1)
    check_choice("strategy", strategy, ("uniform", "quantile"))
    y, p, w = y[w > 0], p[w > 0], w[w > 0]
    edges = np.linspace(0.0, 1.0, n_bins + 1)
    if strategy == "quantile":
        edges = np.percentile(_repeated(p, w), 100.0 * edges)
    _, bin_of = np.unique(np.searchsorted(edges[1:-1], p), return_inverse=True)
    weight = np.asarray(np.bincount(bin_of, weights=w), dtype=np.float64)
    came, said = (np.bincount(bin_of, weights=w * values) for values in (y, p))
    return _Binned(y, p, w, bin_of, weight, came / weight, said / weight)


def _repeated(p: FloatArray, w: FloatArray) -> FloatArray:
    """Return each p as often as its weight says, since quantiles count rows."""
    if (w == 1).all():
        return p
    if (w != np.round(w)).any():
        raise ValueError(
            f"sample_weight holds {w[w != np.round(w)][0]}, but bins divided at quantiles count "
            "rows, and whole numbers were expected. Use strategy='uniform'."
        )
    return np.repeat(p, w.astype(np.int64))


def calibration_bins(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    n_bins: int = 5,
    strategy: str = "uniform",
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return, for each bin with rows in it, its positives, its rows and its mean probability.

    Bins are of equal width ("uniform"), or divided at quantiles ("quantile"), where ties may leave
    them unequal in rows and weights must be whole numbers. Bin j holds edges[j] < p <= edges[j + 1],
    the first also p = 0. With weights, positives and rows are sums of them.
    """
    b = _binned(y_true, y_prob, pos_label, sample_weight, n_bins, strategy)
    return np.asarray(np.bincount(b.bin_of, weights=b.w * b.y)), b.weight, b.stated


def calibration_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    n_bins: int = 5,
    strategy: str = "uniform",
    sample_weight: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return, for each bin with rows in it, the share that is positive and the mean probability.

    Bins as in calibration_bins.

    >>> share, mean = calibration_curve([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9], n_bins=2)
    >>> share.tolist(), mean.tolist()
    ([0.0, 1.0], [0.2, 0.8])
    """
    b = _binned(y_true, y_prob, pos_label, sample_weight, n_bins, strategy)
    return b.share, b.stated


def expected_calibration_error(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    n_bins: int = 10,
    strategy: str = "uniform",
    norm: str = "l1",
) -> float:
    """Return how far the bins' shares are from what was stated, by W_j / W.

    "l1" is the mean of |y_j - p_j|, "l2" the root of the mean square, "max" the largest. It is
    above 0 for a perfect model too, for shares of few rows scatter: compare models on the same rows
    and bins only. Bins as in calibration_bins. Source: Naeini, Cooper & Hauskrecht (2015), AAAI.

    >>> round(expected_calibration_error([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9], n_bins=2), 12)
    0.2
    """
    check_choice("norm", norm, ("l1", "l2", "max"))
    b = _binned(y_true, y_prob, pos_label, sample_weight, n_bins, strategy)
    gap = np.abs(b.share - b.stated)
    if norm == "max":
        return float(gap.max())
    if norm == "l1":
        return float(np.average(gap, weights=b.weight))
    return float(np.sqrt(np.average(gap**2, weights=b.weight)))


@dataclass(frozen=True)
class BrierDecomposition:
    """What a Brier score is made of; see brier_decomposition."""

    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float

    @property
    def brier(self) -> float:
        """Return the Brier score that the parts add up to."""
        within = self.within_variance - self.within_covariance
        return self.reliability - self.resolution + self.uncertainty + within


def brier_decomposition(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    n_bins: int = 10,
    strategy: str = "uniform",
) -> BrierDecomposition:
    """Return the parts of the Brier score: Brier = reliability - resolution + uncertainty + within.

    reliability = sum W_j (p_j - y_j)² / W, the cost of stating other risks than come true;
    resolution = sum W_j (y_j - y.)² / W, the gain from telling bins apart; uncertainty =
    y. (1 - y.), what the base rate alone costs. Murphy's three parts add up only if all rows of a
    bin have one probability. Stephenson's two mend that for any bins: within_variance =
    sum w (p - p_j)² / W, less within_covariance = 2 sum w (y - y_j) (p - p_j) / W.

    >>> parts = brier_decomposition([0, 1, 1, 0], [0.1, 0.8, 0.6, 0.3], n_bins=2)
    >>> round(parts.reliability, 12), parts.resolution, parts.uncertainty, round(parts.brier, 12)
    (0.065, 0.25, 0.25, 0.075)
    """
    b = _binned(y_true, y_prob, pos_label, sample_weight, n_bins, strategy)
    base = float(np.average(b.y, weights=b.w))
    off_y, off_p = b.y - b.share[b.bin_of], b.p - b.stated[b.bin_of]
    return BrierDecomposition(
        reliability=float(np.average((b.stated - b.share) ** 2, weights=b.weight)),
        resolution=float(np.average((b.share - base) ** 2, weights=b.weight)),
        uncertainty=base * (1.0 - base),
        within_variance=float(np.average(off_p**2, weights=b.w)),
        within_covariance=2.0 * float(np.average(off_y * off_p, weights=b.w)),
    )


class CalibrationSlope(NamedTuple):
    """Recalibrated log-odds = intercept + slope * stated log-odds."""

    slope: float
    intercept: float


def calibration_slope(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> CalibrationSlope:
    """Return slope and intercept of the logistic regression of y on the stated log-odds.

    1 and 0 if risks are right on average at all levels. A slope below 1: they are too extreme, as
    of an overfitted model; above 1: too timid; an intercept below 0: too high. Probabilities are
    kept 2.2e-16 away from 0 and 1. Where a threshold on p separates the classes the fit warns of
    it. ValueError for a single class. Source: Cox (1958), Biometrika 45.

    >>> slope, intercept = calibration_slope([0, 1, 0, 1], [0.1, 0.1, 0.9, 0.9])
    >>> abs(slope) < 1e-12, abs(intercept) < 1e-12  # it came true as often at 0.1 as at 0.9
    (True, True)
    """
    from mlcore.linear import LogisticRegression  # which itself imports metrics

    t, p, w = check_paired(y_true, y_prob, ("y_true", "y_prob"), sample_weight)
    p = check_probabilities(check_finite_vector(p, "y_prob"), "y_prob")
    y = check_positive_rows(t, pos_label)
    eps = np.finfo(np.float64).eps
    p = np.clip(p, eps, 1.0 - eps)
    model = LogisticRegression(solver="newton").fit((np.log(p) - np.log1p(-p))[:, None], y, w)
    return CalibrationSlope(float(model.coef_[0, 0]), float(model.intercept_[0]))
