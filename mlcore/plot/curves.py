"""The three curves of a risk model: ROC, precision-recall and calibration.

Notation: n rows · y_true (n,) labels, 1 the positive class · y_score (n,) scores or probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.metrics import calibration_bins, precision_recall_curve, roc_curve, wilson_interval


def plot_roc(ax: Axes, y_true: ArrayLike, y_score: ArrayLike, **line: Any) -> Axes:
    """Draw the ROC curve and the diagonal a coin would give; ``line`` goes to the curve."""
    fpr, tpr, _ = roc_curve(y_true, y_score)
    ax.plot(fpr, tpr, **line)
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set(xlabel="False positive rate", ylabel="True positive rate (recall)", aspect="equal")
    return ax


def plot_precision_recall(ax: Axes, y_true: ArrayLike, y_score: ArrayLike, **line: Any) -> Axes:
    """Draw precision against recall, in steps, and the base rate as the line to beat.

    The area under the steps is the average precision.
    """
    precision, recall, _ = precision_recall_curve(y_true, y_score)
    # Recall falls along the arrays, so each precision reaches back to the next lower recall.
    ax.step(recall, precision, where="post", **line)
    base = float(np.mean(np.asarray(y_true) == 1))
    ax.axhline(base, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1), ylim=(0, 1.02))
    return ax


def plot_calibration(
    ax: Axes, y_true: ArrayLike, y_prob: ArrayLike, *, n_bins: int = 8, **line: Any
) -> Axes:
    """Draw the share that is positive against the stated risk, in bins divided at quantiles.

    Bars are Wilson's 95 % intervals of each bin's share.
    """
    positives, size, stated = calibration_bins(y_true, y_prob, n_bins=n_bins, strategy="quantile")
    share = positives / size
    low, high = np.array([wilson_interval(p, n) for p, n in zip(positives, size, strict=True)]).T
    reach = np.maximum([share - low, high - share], 0.0)  # rounding may leave -1e-17
    ax.errorbar(stated, share, yerr=reach, elinewidth=0.7, capsize=2, **line)
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set(xlabel="Stated risk", ylabel="Share truly at risk", aspect="equal")
    return ax
