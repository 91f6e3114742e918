"""The curves of a risk model: ROC, precision-recall, calibration, and the worth of acting.

Notation: n rows · y_true (n,) labels · y_score (n,) scores or probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_finite_vector, check_real
from mlcore.metrics import (
    DecisionCurve,
    calibration_bins,
    precision_recall_curve,
    roc_curve,
    wilson_interval,
)
from mlcore.metrics.ranking import cumulative_counts
from mlcore.plot.style import GUIDE, check_axes


def plot_roc(
    ax: Axes,
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    **line: Any,
) -> Axes:
    """Draw the ROC curve and the diagonal a coin would give; ``line`` goes to the curve.

    A ``label`` gets the area under the curve added: label="forest" reads "forest (AUC 0.83)".
    """
    check_axes(ax)
    fpr, tpr, _ = roc_curve(y_true, y_score, pos_label=pos_label, sample_weight=sample_weight)
    area = float(np.diff(fpr) @ (tpr[1:] + tpr[:-1])) / 2  # NaN where a class is missing
    ax.plot(fpr, tpr, **with_score(line, "AUC", area))
    ax.plot([0, 1], [0, 1], **GUIDE)
    ax.set(xlabel="False positive rate", ylabel="True positive rate (recall)", aspect="equal")
    return ax


def plot_precision_recall(
    ax: Axes,
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    **line: Any,
) -> Axes:
    """Draw precision against recall, in steps, and the base rate as the line to beat.

    The area under the steps is the average precision. A ``label`` gets it added: label="forest"
    reads "forest (AP 0.71)".
    """
    check_axes(ax)
    given: dict[str, Any] = {"pos_label": pos_label, "sample_weight": sample_weight}
    precision, recall, _ = precision_recall_curve(y_true, y_score, **given)
    # Recall falls along the arrays, so each precision reaches back to the next lower recall.
    area = -float(np.diff(recall) @ precision[:-1])
    ax.step(recall, precision, where="post", **with_score(line, "AP", area))
    fps, tps, _ = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    ax.axhline(float(tps[-1] / (tps[-1] + fps[-1])), **GUIDE)
    ax.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1), ylim=(0, 1.02))
    return ax


def with_score(line: dict[str, Any], name: str, score: float) -> dict[str, Any]:
    """Return what goes to a line, its label with the score added; a label that is hidden stays so.

    >>> with_score({"label": "forest"}, "AUC", 0.8312)
    {'label': 'forest (AUC 0.83)'}
    """
    label = line.get("label")
    if label is None or str(label).startswith("_") or not np.isfinite(score):
        return line
    return line | {"label": f"{label} ({name} {score:.2f})"}


def plot_calibration(
    ax: Axes,
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    n_bins: int = 8,
    strategy: str = "quantile",
    **line: Any,
) -> Axes:
    """Draw the share that is positive against the stated risk, in bins divided at quantiles.

    Bars are Wilson's 95 % intervals of each bin's share, where a weight counts as so many rows.
    Weights must be whole numbers unless ``strategy`` is "uniform", for bins of equal width.
    """
    check_axes(ax)
    positives, size, stated = calibration_bins(
        y_true, y_prob, pos_label=pos_label, sample_weight=sample_weight, n_bins=n_bins,
        strategy=strategy,
    )  # fmt: skip
    share = positives / size
    low, high = np.array([wilson_interval(p, n) for p, n in zip(positives, size, strict=True)]).T
    reach = np.maximum([share - low, high - share], 0.0)  # rounding may leave -1e-17
    ax.errorbar(stated, share, yerr=reach, elinewidth=0.7, capsize=2, **line)
    ax.plot([0, 1], [0, 1], **GUIDE)
    ax.set(xlabel="Stated risk", ylabel="Share truly at risk", aspect="equal")
    return ax


def plot_decision_curve(
    ax: Axes,
    thresholds: Any,
    net_benefit: ArrayLike | None = None,
    *,
    base_rate: float | None = None,
    **line: Any,
) -> Axes:
    """Draw the net benefit of acting on a risk of at least each threshold, 0 < threshold < 1.

    ``thresholds`` is what decision_curve returns, or these numbers (t,), with ``net_benefit`` (t,).
    The two plans that need no model are drawn once as well: to act on none, worth 0, and on all,
    worth base_rate - (1 - base_rate) t / (1 - t) for a share ``base_rate`` that is positive, which
    numbers need given. What is far below 0 is cut off. Source: Vickers & Elkin (2006),
    Medical Decision Making 26.
    """
    check_axes(ax)
    if isinstance(thresholds, DecisionCurve):
        # At t acting on all is worth (base_rate - t) / (1 - t).
        t0 = thresholds.thresholds[0]
        share = float(np.clip(thresholds.treat_all[0] * (1 - t0) + t0, 0.0, 1.0))
        base_rate = share if base_rate is None else base_rate
        thresholds, net_benefit = thresholds[:2]
    if net_benefit is None:
        raise ValueError(
            "net_benefit is missing. Pass what decision_curve returns as thresholds, or both."
        )
    t, worth = check_finite_vector(thresholds, "thresholds"), np.asarray(net_benefit, dtype=float)
    ax.plot(t, worth, **line)
    ax.axhline(0.0, **GUIDE)
    if base_rate is not None:
        _draw_plans(ax, t, float(base_rate))
    top = max(float(np.nanmax(curve.get_ydata())) for curve in ax.lines) or 0.01
    ax.set(xlabel="Risk from which one acts", ylabel="Net benefit per row")
    ax.set_ylim(-0.25 * top, 1.15 * top)
    return ax


def _draw_plans(ax: Axes, t: FloatArray, base_rate: float) -> None:
    """Draw what acting on all is worth, and name it and acting on none, unless that is there."""
    check_real("base_rate", base_rate, 0.0, 1.0, advice="0.5")
    some = np.sort(t[t < 1])
    of_all = base_rate - (1 - base_rate) * some / (1 - some)
    for curve in ax.lines:
        there = curve.get_gid() == "act-on-all" and np.array_equal(curve.get_xdata(), some)
        if there and np.allclose(curve.get_ydata(), of_all):
            return
    ax.plot(some, of_all, gid="act-on-all", **{**GUIDE, "linestyle": "--"})
    words: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small"}
    ax.annotate("act on all", (some[0], of_all[0]), (4, 3), color="0.35", **words)
    ax.annotate("act on none", (t.max(), 0.0), (-2, 3), color="0.35", ha="right", **words)
