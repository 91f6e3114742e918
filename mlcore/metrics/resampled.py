"""The interval of any metric, by drawing the rows again and again from themselves.

How a metric scatters over resamples of our rows is how it would scatter over other samples like
ours. The percentile interval takes that scatter as it is; BCa also allows for its being off centre
(bias) and wider on one side (acceleration).

Notation: n rows · B resamples · t the metric of all rows · z0 bias, a acceleration.

Sources: Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 14; Davison &
Hinkley, Bootstrap Methods and their Application (1997), section 5.3, for several strata.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    FloatArray,
    IntArray,
    RandomState,
    UndefinedMetricWarning,
    check_choice,
    check_flag,
    check_generator,
    check_integer,
    check_labels,
    check_vector,
    check_weights,
)
from mlcore.checks.kinds import kept_warnings
from mlcore.checks.scores import check_positive_rows
from mlcore.metrics.areas import roc_auc_score
from mlcore.metrics.delong import worths
from mlcore.metrics.intervals import normal_quantile

Metric = Callable[..., Any]
Measure = Callable[[IntArray], float]  # the metric of the rows with these numbers


def bootstrap_interval(
    metric: Metric,
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    method: str = "bca",
    n_resamples: int = 2000,
    confidence: float = 0.95,
    stratify: bool = True,
    sample_weight: ArrayLike | None = None,
    random_state: RandomState = None,
    **metric_params: Any,
) -> tuple[float, float]:
    """Return the interval of metric(y_true, y_score, **metric_params), "bca" or "percentile".

    ``stratify`` draws as many rows of each class as there are, so that no resample lacks one and
    the interval takes the base rate as known; use False for targets that are numbers. y_score is
    (n,) or (n, k). With weights the metric is called with sample_weight=, each row keeping its own.
    ValueError where the metric is NaN in a resample. The interval of a metric at its best value has
    no width, however few rows show it.

    Cost: B calls of the metric, and for "bca" one for each distinct row, as rows that are alike
    leave the same hole; none for roc_auc_score of unweighted rows, where the holes have a formula.

    >>> from mlcore.metrics import brier_score_loss
    >>> y, p = [0, 0, 1, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.2, 0.9]
    >>> low, high = bootstrap_interval(brier_score_loss, y, p, random_state=0)
    >>> round(low, 2), round(high, 2)
    (0.02, 0.27)
    """
    if not callable(metric):
        raise TypeError(
            f"metric is {metric!r}, but a function metric(y_true, y_score) was expected. Pass the "
            "function, such as roc_auc_score."
        )
    check_choice("method", method, ("bca", "percentile"))
    check_integer("n_resamples", n_resamples, 2)
    check_flag("stratify", stratify)
    z, rng = normal_quantile(confidence), check_generator(random_state)
    y, s, w = _rows(y_true, y_score, sample_weight)
    stratum = check_labels(y, name="y_true")[1] if stratify else np.zeros(len(y), dtype=np.int64)
    if stratify and len(y) > 1 and stratum.max() == len(y) - 1:
        raise ValueError(
            "y_true has no label twice, so every resample would be the same. Use stratify=False."
        )

    def measure(rows: IntArray) -> float:
        weights = {} if w is None else {"sample_weight": w[rows]}
        return float(metric(y[rows], s[rows], **weights, **metric_params))

    # A NaN is an error below; one warning for each says no more.
    with kept_warnings(UndefinedMetricWarning):
        estimate = measure(np.arange(len(y)))
        values = _resampled(measure, stratum, n_resamples, rng)
        if np.isnan(estimate) or np.isnan(values).any():
            raise ValueError(
                f"The metric is NaN for {int(np.isnan(values).sum())} of {n_resamples} resamples. "
                "Use stratify=True, or more rows of each class."
            )
        a = 0.0
        plain_auc = metric is roc_auc_score and s.ndim == 1 and w is None and stratify
        if method == "bca" and plain_auc and set(metric_params) <= {"pos_label"}:
            positive = check_positive_rows(y, metric_params.get("pos_label"), greater=True)
            a = acceleration(_holes_of_auc(positive, s), stratum)
        elif method == "bca":
            a = acceleration(_holes(measure, y, s, w, stratum), stratum)
    z0 = _bias(values, estimate) if method == "bca" else 0.0
    low, high = np.quantile(values, [_level(z0, a, -z), _level(z0, a, z)])
    return float(low), float(high)


def _rows(
    y_true: ArrayLike, y_score: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any], FloatArray | None]:
    """Return labels, scores and weights (None for none) of the rows of weight above 0."""
    y, s = check_vector(y_true, "y_true"), np.asarray(y_score)
    if s.ndim == 0 or len(s) != len(y) or len(y) == 0:
        raise ValueError(
            f"y_true has shape {y.shape} and y_score {s.shape}, but a score for each row was "
            "expected. Check that both come from the same rows."
        )
    if sample_weight is None:
        return y, s, None
    w = check_weights(sample_weight, len(y))
    return y[w > 0], s[w > 0], w[w > 0]


def _resampled(measure: Measure, stratum: IntArray, B: int, rng: np.random.Generator) -> FloatArray:
    """Return the metric of B resamples (B,), each with as many rows of each stratum as there are."""
    order = np.argsort(stratum, kind="stable")
    size = np.bincount(stratum)
    first = (np.cumsum(size) - size)[stratum[order]]  # where each row's stratum begins in order
    size = size[stratum[order]]
    draws = (order[first + (rng.random(len(order)) * size).astype(np.int64)] for _ in range(B))
    return np.array([measure(rows) for rows in draws])


def _holes(
    measure: Measure,
    y: NDArray[Any],
    s: NDArray[Any],
    w: FloatArray | None,
    stratum: IntArray,
) -> FloatArray:
    """Return the metric without each row (n,); NaN for the only row of its stratum."""
    values = [y, stratum, *s.reshape(len(y), -1).T, *([] if w is None else [w])]
    # By their places: rows of objects, such as predicted labels, cannot be compared as rows.
    alike = np.column_stack([np.unique(v, return_inverse=True)[1] for v in values])
    _, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    alone = np.bincount(stratum)[stratum[first]] == 1
    rows = np.arange(len(y))
    without = [
        np.nan if a else measure(np.delete(rows, i)) for i, a in zip(first, alone, strict=True)
    ]
    return np.array(without)[group.reshape(-1)]  # NumPy 2.0 gives group a second axis


def _holes_of_auc(positive: NDArray[np.bool_], s: NDArray[Any]) -> FloatArray:
    """Return the area under the ROC curve without each row (n,): it is the mean of their worths."""
    holes = np.empty(len(s))
    for side, worth in zip((positive, ~positive), worths(positive, s), strict=True):
        m = len(worth)
        holes[side] = (worth.sum() - worth) / (m - 1) if m > 1 else np.nan
    return holes


def acceleration(holes: FloatArray, stratum: IntArray) -> float:
    """Return a = sum(u³) / (6 sum(u²)^1.5), u a row's pull on the metric; 0 where nothing pulls.

    u = (n_h - 1) (mean of the holes of its stratum h - its own hole) / n_h.
    """
    size = np.bincount(stratum)
    known = np.isfinite(holes)  # the only row of a stratum cannot be left out
    mean = np.bincount(stratum[known], weights=holes[known], minlength=len(size)) / size
    n_h = size[stratum[known]]
    u = (n_h - 1) * (mean[stratum[known]] - holes[known]) / n_h
    spread = float(np.sum(u**2)) ** 1.5
    return float(np.sum(u**3)) / (6.0 * spread) if spread > 0 else 0.0


def _bias(values: FloatArray, estimate: float) -> float:
    """Return z0, the normal quantile of the share of resamples below the estimate, ties half.

    It is kept half a resample away from 0 and 1, where the quantile is infinite.
    """
    below = np.mean(values < estimate) + 0.5 * np.mean(values == estimate)
    edge = 0.5 / len(values)
    return NormalDist().inv_cdf(float(np.clip(below, edge, 1.0 - edge)))


def _level(z0: float, a: float, z: float) -> float:
    """Return which quantile of the resamples ends the interval: Φ(z0 + (z0 + z) / (1 - a (z0 + z)))."""
    stretch = 1.0 - a * (z0 + z)
    reach = (z0 + z) / stretch if stretch > 0 else math.copysign(math.inf, z)
    return NormalDist().cdf(z0 + reach) if math.isfinite(reach) else float(z > 0)
