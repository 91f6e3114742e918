"""What acting on a score costs or gains, when the two errors are not equally bad.

Notation: tps, fps (q,) weight of the positives and negatives at or above each threshold, as in
``ranking`` · N weight of all rows, P of the positives · fpr, fnr the two error rates.

Sources: Drummond & Holte (2006), Cost curves, Machine Learning 65; Vickers & Elkin (2006), Decision
curve analysis, Medical Decision Making 26.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_finite_vector, check_integer, check_real
from mlcore.checks.scores import check_probabilities
from mlcore.metrics.ranking import cumulative_counts, roc_curve


class CostCurve(NamedTuple):
    """Cost per row of each threshold, falling from infinity (nobody is flagged)."""

    thresholds: FloatArray  # (q + 1,)
    costs: FloatArray  # (q + 1,)

    @property
    def best(self) -> tuple[float, float]:
        """Return the cheapest threshold and its cost; of equals, the one that flags fewest."""
        i = int(np.argmin(self.costs))
        return float(self.thresholds[i]), float(self.costs[i])


def cost_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> CostCurve:
    """Return (cost_fp fps + cost_fn (P - tps)) / N for each threshold: the cost per row.

    The best threshold of the rows it was chosen on looks cheaper than it will be: choose it on
    some rows and state its cost on others.

    >>> curve = cost_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], cost_fn=5)
    >>> curve.costs.tolist(), curve.best
    ([2.5, 1.25, 1.5, 0.25, 0.5], (0.35, 0.25))
    """
    check_real("cost_fp", cost_fp, 0.0)
    check_real("cost_fn", cost_fn, 0.0)
    fps, tps, thresholds = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    fps, tps = np.append(0.0, fps), np.append(0.0, tps)
    costs = (cost_fp * fps + cost_fn * (tps[-1] - tps)) / (fps[-1] + tps[-1])
    return CostCurve(np.append(np.inf, thresholds), costs)


class NormalisedCostCurve(NamedTuple):
    """Least expected cost over thresholds, as a share of the worst, for each probability cost."""

    probability_cost: FloatArray  # (g,)
    costs: FloatArray  # (g,)
    thresholds: FloatArray  # (g,) that reach them


def normalised_cost_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    n_points: int = 101,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> NormalisedCostCurve:
    """Return Drummond & Holte's cost curve: the least of fnr x + fpr (1 - x) for x from 0 to 1.

    x is the probability cost, the positives' share of what errors could cost at worst:
    x = π c_fn / (π c_fn + (1 - π) c_fp), π the base rate where the score will be used. So one curve
    shows every base rate and every pair of costs. Flagging nobody or everybody costs min(x, 1 - x).
    NaN, with an UndefinedMetricWarning, when a class is missing. Cost: O(n log n + n_points n).

    >>> normalised_cost_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], n_points=5).costs.tolist()
    [0.0, 0.125, 0.25, 0.125, 0.0]
    """
    check_integer("n_points", n_points, 2)
    fpr, tpr, thresholds = roc_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    x = np.linspace(0.0, 1.0, n_points)
    lines = (fpr + (1.0 - tpr - fpr) * share for share in x)  # one at a time: all would be (g, q)
    best = [int(np.argmin(line)) for line in lines]
    costs = fpr[best] + (1.0 - tpr[best] - fpr[best]) * x
    return NormalisedCostCurve(x, costs, thresholds[best])


class DecisionCurve(NamedTuple):
    """Net benefit of acting on a model, on everybody and on nobody, at each threshold."""

    thresholds: FloatArray  # (g,)
    net_benefit: FloatArray  # (g,)
    treat_all: FloatArray  # (g,)
    treat_none: FloatArray  # (g,)


def net_benefit(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    thresholds: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> FloatArray:
    """Return tps / N - fps / N * t / (1 - t) for each threshold t on the probabilities, (g,).

    Whoever acts at a risk of t and above thereby says that a needless act is t / (1 - t) times as
    bad as a missed one. The unit is true positives per row. Thresholds lie in [0, 1).

    >>> net_benefit([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.2, 0.5]).tolist()
    [0.4375, 0.25]
    """
    fps, tps, scores = cumulative_counts(y_true, y_prob, pos_label, sample_weight)
    check_probabilities(scores, "y_prob")
    t = _check_thresholds(thresholds)
    flagged = np.searchsorted(-scores, -t, side="right")  # how many distinct scores are t or more
    hits, alarms = np.append(0.0, tps)[flagged], np.append(0.0, fps)[flagged]
    return (hits - alarms * t / (1.0 - t)) / (tps[-1] + fps[-1])


def decision_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    thresholds: ArrayLike | None = None,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> DecisionCurve:
    """Return the net benefit at each threshold (0.01 to 0.99 if None) beside acting without a model.

    A model helps where its line is above both that of acting on everybody, π - (1 - π) t / (1 - t),
    and that of acting on nobody, 0.

    >>> curve = decision_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], thresholds=[0.2, 0.5])
    >>> curve.net_benefit.tolist(), curve.treat_all.tolist(), curve.treat_none.tolist()
    ([0.4375, 0.25], [0.375, 0.0], [0.0, 0.0])
    """
    t = np.arange(1, 100) / 100.0 if thresholds is None else _check_thresholds(thresholds)
    how: dict[str, Any] = {"pos_label": pos_label, "sample_weight": sample_weight}
    everybody = net_benefit(y_true, np.ones(len(np.asarray(y_true))), t, **how)
    return DecisionCurve(t, net_benefit(y_true, y_prob, t, **how), everybody, np.zeros(len(t)))


def _check_thresholds(thresholds: ArrayLike) -> FloatArray:
    t = check_finite_vector(np.atleast_1d(np.asarray(thresholds)), "thresholds")
    if ((t < 0) | (t >= 1)).any():
        seen = t[(t < 0) | (t >= 1)][0]
        raise ValueError(
            f"thresholds holds {seen}, but probabilities from 0 to below 1 were expected. "
            "Leave it out."
        )
    return t
