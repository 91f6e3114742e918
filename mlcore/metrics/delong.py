"""How sure we are of an area under the ROC curve, and of the difference of two, by DeLong's method.

Each positive is worth the share of negatives below it, each negative the share of positives above
it. The mean worth of either is the area, and the scatter of the worths says how far the area may be
from that of many more rows.

Notation: m positives, n negatives · r scores of the same rows · V (r, m) worth of the positives,
U (r, n) of the negatives · S (r, r) covariance of the areas.

Sources: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44; Sun & Xu (2014), IEEE Signal
Processing Letters 21, for the worths by ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    UndefinedMetricWarning,
    check_finite_vector,
    check_paired,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.scores import check_positive_rows
from mlcore.metrics.intervals import normal_quantile
from mlcore.tails import normal_tail


def midranks(values: FloatArray) -> FloatArray:
    """Return the ranks from 1, equal values sharing the mean of theirs.

    >>> midranks(np.array([10.0, 20.0, 20.0, 30.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2.0)[index]


def worths(positive: BoolArray, s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each positive's share of negatives below it (m,), each negative's of those above (n,).

    Ties count one half. By ranks, so O(N log N) instead of all m n pairs.
    """
    m, n = int(positive.sum()), int((~positive).sum())
    rank = midranks(s)
    of_positives = (rank[positive] - midranks(s[positive])) / n
    return of_positives, 1.0 - (rank[~positive] - midranks(s[~positive])) / m


def _areas(
    y_true: ArrayLike, scores: list[tuple[str, ArrayLike]], pos_label: Any
) -> tuple[FloatArray, FloatArray]:
    """Return the areas (r,) of the named scores and their covariance S (r, r)."""
    V, U = [], []
    for name, score in scores:
        t, s, _ = check_paired(y_true, score, ("y_true", name), None)
        positive = check_positive_rows(t, pos_label, greater=True)
        m, n = int(positive.sum()), int((~positive).sum())
        if min(m, n) < 2:
            raise ValueError(
                f"y_true has {m} positives and {n} negatives, but at least 2 of each were "
                "expected. Score more rows together."
            )
        of_positives, of_negatives = worths(positive, check_finite_vector(s, name))
        V.append(of_positives)
        U.append(of_negatives)
    S = np.atleast_2d(np.cov(V)) / len(V[0]) + np.atleast_2d(np.cov(U)) / len(U[0])
    return np.mean(V, axis=1), S


def auc_interval(
    y_true: ArrayLike, y_score: ArrayLike, *, pos_label: Any = None, confidence: float = 0.95
) -> tuple[float, float]:
    """Return DeLong's interval of the area under the ROC curve, cut to [0, 1].

    area ± z sqrt(var(V) / m + var(U) / n). A perfect ranking has variance 0 and so an interval of
    no width, however few rows show it. ValueError with fewer than two rows of a class.

    >>> low, high = auc_interval([0, 0, 0, 1, 1, 1], [0.1, 0.4, 0.3, 0.35, 0.8, 0.7])
    >>> round(low, 3), round(high, 3)
    (0.581, 1.0)
    """
    area, S = _areas(y_true, [("y_score", y_score)], pos_label)
    half = normal_quantile(confidence) * np.sqrt(S[0, 0])
    return max(0.0, float(area[0] - half)), min(1.0, float(area[0] + half))


@dataclass(frozen=True)
class DeLongTest:
    """Two areas of the same rows and the test that they are equal; see delong_test."""

    auc_a: float
    auc_b: float
    covariance: FloatArray  # (2, 2) of the two areas
    interval: tuple[float, float]  # of the difference
    z: float
    p_value: float

    @property
    def difference(self) -> float:
        """Return auc_a - auc_b."""
        return self.auc_a - self.auc_b


def delong_test(
    y_true: ArrayLike,
    score_a: ArrayLike,
    score_b: ArrayLike,
    *,
    pos_label: Any = None,
    confidence: float = 0.95,
) -> DeLongTest:
    """Return the test that two scores of the same rows have equal areas under the ROC curve.

    z = (auc_a - auc_b) / sqrt(S_aa + S_bb - 2 S_ab), two-sided p from the normal distribution, and
    the interval of the difference. Scores that rank all rows alike have z = 0 and p = 1. Where the
    areas differ and the variance is 0 they are NaN, with an UndefinedMetricWarning. Not for nested
    models scored on the rows they were fitted on. ValueError with fewer than two rows of a class.

    >>> a, b = [0.1, 0.4, 0.3, 0.35, 0.8, 0.7], [0.5, 0.1, 0.4, 0.3, 0.6, 0.2]
    >>> test = delong_test([0, 0, 0, 1, 1, 1], a, b)
    >>> round(test.difference, 3), round(test.z, 3), round(test.p_value, 3)
    (0.333, 0.866, 0.386)
    """
    area, S = _areas(y_true, [("score_a", score_a), ("score_b", score_b)], pos_label)
    difference = float(area[0] - area[1])
    variance = max(0.0, float(S[0, 0] + S[1, 1] - 2.0 * S[0, 1]))
    error = float(np.sqrt(variance)) if variance > 1e-15 * np.trace(S) else 0.0  # else rounding
    if error > 0:
        z = difference / error
    elif abs(difference) < 1e-15:
        z = 0.0
    else:
        warn_caller(
            "The areas differ, but by these rows without any variance (as where both scores part "
            "the classes without an error), so z is undefined. Score more rows together.",
            UndefinedMetricWarning,
        )
        z = np.nan
    half = normal_quantile(confidence) * error
    return DeLongTest(
        auc_a=float(area[0]),
        auc_b=float(area[1]),
        covariance=S,
        interval=(difference - half, difference + half),
        z=z,
        p_value=2.0 * normal_tail(abs(z)),
    )
