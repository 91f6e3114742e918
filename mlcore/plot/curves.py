"""The curves of a risk model: ROC, precision-recall, calibration, and the worth of acting.

Notation: n rows · y_true (n,) labels · y_score (n,) scores or probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.checks import check_finite_vector, check_real
from mlcore.metrics import calibration_bins, precision_recall_curve, roc_curve, wilson_interval
from mlcore.metrics.ranking import cumulative_counts
from mlcore.plot.style import GUIDE


def plot_roc(
    ax: Axes,
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    **line: Any,
) -> Axes:
    """Draw the ROC curve and the diagonal a coin would give; ``line`` goes to the curve."""
    fpr, tpr, _ = roc_curve(y_true, y_score, pos_label=pos_label, sample_weight=sample_weight)
    ax.plot(fpr, tpr, **line)
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

    The area under the steps is the average precision.
    """
    given: dict[str, Any] = {"pos_label": pos_label, "sample_weight": sample_weight}
    precision, recall, _ = precision_recall_curve(y_true, y_score, **given)
    # Recall falls along the arrays, so each precision reaches back to the next lower recall.
    ax.step(recall, precision, where="post", **line)
    fps, tps, _ = cumulative_counts(y_true, y_score, pos_label, sample_weight)
    ax.axhline(float(tps[-1] / (tps[-1] + fps[-1])), **GUIDE)
    ax.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1), ylim=(0, 1.02))
    return ax


def plot_calibration(
    ax: Axes,
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    pos_label: Any = None,
    n_bins: int = 8,
    **line: Any,
) -> Axes:
    """Draw the share that is positive against the stated risk, in bins divided at quantiles.

    Bars are Wilson's 95 % intervals of each bin's share.
    """
    positives, size, stated = calibration_bins(
        y_true, y_prob, pos_label=pos_label, n_bins=n_bins, strategy="quantile"
    )
    share = positives / size
    low, high = np.array([wilson_interval(p, n) for p, n in zip(positives, size, strict=True)]).T
    reach = np.maximum([share - low, high - share], 0.0)  # rounding may leave -1e-17
    ax.errorbar(stated, share, yerr=reach, elinewidth=0.7, capsize=2, **line)
    ax.plot([0, 1], [0, 1], **GUIDE)
    ax.set(xlabel="Stated risk", ylabel="Share truly at risk", aspect="equal")
    return ax


def plot_decision_curve(
    ax: Axes,
    thresholds: ArrayLike,
    net_benefit: ArrayLike,
    *,
    base_rate: float | None = None,
    **line: Any,
) -> Axes:
    """Draw the net benefit of acting on a risk of at least each threshold, 0 < threshold < 1.

    With ``base_rate``, the share that is positive, the two plans that need no model are drawn as
    well: to act on none, worth 0, and on all, worth base_rate - (1 - base_rate) t / (1 - t); give
    it with one of several curves. What is far below 0 is cut off. Source: Vickers & Elkin (2006),
    Medical Decision Making 26.
    """
    t, worth = check_finite_vector(thresholds, "thresholds"), np.asarray(net_benefit, dtype=float)
    ax.plot(t, worth, **line)
    ax.axhline(0.0, **GUIDE)
    if base_rate is not None:
        check_real("base_rate", base_rate, 0.0, 1.0, advice="0.5")
        some = np.sort(t[t < 1])
        of_all = base_rate - (1 - base_rate) * some / (1 - some)
        ax.plot(some, of_all, **{**GUIDE, "linestyle": "--"})
        words: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small"}
        ax.annotate("act on all", (some[0], of_all[0]), (4, 3), color="0.35", **words)
        ax.annotate("act on none", (t.max(), 0.0), (-2, 3), color="0.35", ha="right", **words)
    top = max(float(np.nanmax(curve.get_ydata())) for curve in ax.lines) or 0.01
    ax.set(xlabel="Risk from which one acts", ylabel="Net benefit per row")
    ax.set_ylim(-0.25 * top, 1.15 * top)
    return ax
