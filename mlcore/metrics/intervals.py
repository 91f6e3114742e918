"""How far a measured share or area may be from the one that many more rows would show.

Notation: z the normal quantile of the confidence · m positives, n negatives.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    check_finite_vector,
    check_paired,
    check_positive_class,
    check_real,
)


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies within ±z with this probability."""
    check_real("confidence", confidence, 0.0, 1.0, advice="0.95")
    if confidence in (0.0, 1.0):
        raise ValueError(
            f"confidence is {confidence}, but a number between 0 and 1 was expected. Try 0.95."
        )
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def wilson_interval(
    successes: float, trials: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the interval of a share, by Wilson's score method; (nan, nan) without trials.

    centre = (s + z²/2) / (n + z²), half-width = z sqrt(s (n - s) / n + z²/4) / (n + z²). Two of
    two is not "100 % for sure". Source: Wilson (1927), J. American Statistical Association 22.

    >>> low, high = wilson_interval(2, 2)
    >>> round(low, 3), round(high, 3)
    (0.342, 1.0)
    """
    check_real("trials", trials, 0.0)
    check_real("successes", successes, 0.0, float(trials))
    if trials == 0:
        return np.nan, np.nan
    z = normal_quantile(confidence)
    centre = (successes + z * z / 2) / (trials + z * z)
    inside = successes * (trials - successes) / trials + z * z / 4
    half = z * np.sqrt(inside) / (trials + z * z)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def midranks(values: FloatArray) -> FloatArray:
    """Return the ranks from 1, equal values sharing the mean of theirs.

    >>> midranks(np.array([10.0, 20.0, 20.0, 30.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2.0)[index]


def auc_interval(
    y_true: ArrayLike, y_score: ArrayLike, *, pos_label: Any = None, confidence: float = 0.95
) -> tuple[float, float]:
    """Return DeLong's interval of the area under the ROC curve, cut to [0, 1].

    Each positive is worth the share of negatives below it, each negative the share of positives
    above it; variance = var(worth of positives) / m + var(worth of negatives) / n. A perfect
    ranking has variance 0 and so an interval of no width, however few rows show it. ValueError
    with fewer than two rows of a class. Source: DeLong, DeLong & Clarke-Pearson (1988),
    Biometrics 44.

    >>> low, high = auc_interval([0, 0, 0, 1, 1, 1], [0.1, 0.4, 0.3, 0.35, 0.8, 0.7])
    >>> round(low, 3), round(high, 3)
    (0.581, 1.0)
    """
    t, s, _ = check_paired(y_true, y_score, ("y_true", "y_score"), None)
    s = check_finite_vector(s, "y_score")
    positive = check_positive_class(t, pos_label)
    m, n = int(positive.sum()), int((~positive).sum())
    if min(m, n) < 2:
        raise ValueError(
            f"y_true has {m} positives and {n} negatives, but at least 2 of each were expected. "
            "Score more rows together."
        )
    rank = midranks(s)
    of_positives = (rank[positive] - midranks(s[positive])) / n  # (m,)
    of_negatives = 1.0 - (rank[~positive] - midranks(s[~positive])) / m  # (n,)
    auc = of_positives.mean()
    error = np.sqrt(of_positives.var(ddof=1) / m + of_negatives.var(ddof=1) / n)
    half = normal_quantile(confidence) * error
    return max(0.0, float(auc - half)), min(1.0, float(auc + half))
