"""Scores of probabilities: do the risks we state come true as often as we say?

Notation: n rows, k classes · P (n, k) or p (n,) predicted probabilities · w (n,) weights.

Source: Murphy & Winkler (1977), Reliability of subjective probability forecasts, Applied Statistics
26; Brier (1950), Monthly Weather Review 78.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    check_choice,
    check_finite_vector,
    check_integer,
    check_labels,
    check_paired,
    check_positive_class,
    check_weights,
)


def _check_probabilities(p: FloatArray, name: str) -> FloatArray:
    inside = (p >= 0) & (p <= 1)  # false for NaN as well
    if not inside.all():
        seen = float(p[~inside].flat[0])
        raise ValueError(
            f"{name} holds {seen}, but probabilities from 0 to 1 were expected. "
            "Pass predict_proba's result, not scores."
        )
    return p


def log_loss(
    y_true: ArrayLike, y_proba: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return the mean of -log(probability given to the true class), in nats.

    ``y_proba`` is P (n, k) with columns in sorted order of the labels, or p (n,) of the larger of
    two labels. Probabilities are kept 2.2e-16 away from 0 and 1, so a sure error costs 36, not
    infinity.

    >>> round(log_loss([0, 1], [0.1, 0.8]), 4)
    0.1643
    """
    classes, index = check_labels(y_true)
    P = np.asarray(y_proba, dtype=np.float64)
    if P.ndim == 1:
        P = np.column_stack([1.0 - P, P])
    if len(classes) == 1:
        raise ValueError("y_true has only 1 class, but log_loss needs to know both.")
    if P.shape != (len(index), len(classes)):
        raise ValueError(
            f"y_proba has shape {P.shape}, but {(len(index), len(classes))} was expected: a row "
            "for each label and a column for each class."
        )
    _check_probabilities(P, "y_proba")
    if (np.abs(P.sum(axis=1) - 1.0) > 1e-6).any():
        row = int(np.flatnonzero(np.abs(P.sum(axis=1) - 1.0) > 1e-6)[0])
        raise ValueError(
            f"y_proba adds up to {P[row].sum():g} in row {row}, but to 1 was expected. "
            "Pass predict_proba's result."
        )
    eps = np.finfo(np.float64).eps
    own = np.clip(P[np.arange(len(index)), index], eps, 1.0 - eps)
    return float(np.average(-np.log(own), weights=check_weights(sample_weight, len(index))))


def brier_score_loss(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Return the mean of (p - y)², y = 1 for the positive class and 0 otherwise.

    >>> round(brier_score_loss([0, 1], [0.1, 0.8]), 4)
    0.025
    """
    t, p, w = check_paired(y_true, y_proba, ("y_true", "y_proba"), sample_weight)
    p = _check_probabilities(check_finite_vector(p, "y_proba"), "y_proba")
    return float(np.average((p - check_positive_class(t, pos_label)) ** 2, weights=w))


def calibration_bins(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    n_bins: int = 5,
    strategy: str = "uniform",
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return, for each bin with rows in it, its positives, its rows and its mean probability.

    Bins are of equal width ("uniform"), or divided at quantiles ("quantile"), where ties may leave
    them unequal in rows. Bin j holds edges[j] < p <= edges[j + 1].
    """
    t, p, _ = check_paired(y_true, y_prob, ("y_true", "y_prob"), None)
    p = _check_probabilities(check_finite_vector(p, "y_prob"), "y_prob")
    check_integer("n_bins", n_bins, 1)
    check_choice("strategy", strategy, ("uniform", "quantile"))
    edges = np.linspace(0.0, 1.0, n_bins + 1)
    if strategy == "quantile":
        edges = np.quantile(p, edges)
    bin_of = np.searchsorted(edges[1:-1], p)
    size = np.bincount(bin_of, minlength=n_bins)
    used = size > 0
    positives = np.bincount(bin_of, weights=check_positive_class(t, pos_label), minlength=n_bins)
    summed = np.bincount(bin_of, weights=p, minlength=n_bins)
    counts = size[used].astype(np.float64)
    return np.asarray(positives[used], dtype=np.float64), counts, summed[used] / counts


def calibration_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    n_bins: int = 5,
    strategy: str = "uniform",
) -> tuple[FloatArray, FloatArray]:
    """Return, for each bin with rows in it, the share that is positive and the mean probability.

    Bins as in calibration_bins.

    >>> share, mean = calibration_curve([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9], n_bins=2)
    >>> share.tolist(), mean.tolist()
    ([0.0, 1.0], [0.2, 0.8])
    """
    positives, size, stated = calibration_bins(
        y_true, y_prob, pos_label=pos_label, n_bins=n_bins, strategy=strategy
    )
    return positives / size, stated
