"""Pictures of a penalty's work: coefficients as alpha falls, and the loss that chooses alpha."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from mlcore.checks import check_integer
from mlcore.linear.path import LogisticRegressionCV, Path


def plot_path(
    ax: Axes, path: Path, names: Sequence[str] | None = None, *, score: int = 0, **line: Any
) -> Axes:
    """Draw each coefficient against alpha, strong penalties on the left; name the largest ten.

    ``score`` chooses the class where there are more than two. Coefficients of columns in different
    units cannot be compared by height: standardise the columns first.
    """
    check_integer("score", score, 0)
    n_scores, d = path.coef.shape[1:]
    if score >= n_scores or (names is not None and len(names) != d):
        raise ValueError(
            f"score is {score} and names are {names!r}, but a score below {n_scores} and {d} names "
            "were expected. Give a name for each column."
        )
    coef = path.coef[:, score]  # (m, d)
    lines = ax.plot(path.alphas, coef, **line)
    ax.set(xscale="log", xlabel="alpha", ylabel="Coefficient")
    if len(path.alphas) > 1:  # to the edge, so that the names stand beside the frame
        ax.set_xlim(path.alphas[0], path.alphas[-1])
    ax.axhline(0.0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    if names is not None:
        for j in np.argsort(-np.abs(coef[-1]))[:10]:
            ax.annotate(
                str(names[j]), (path.alphas[-1], coef[-1, j]), (4, 0), textcoords="offset points",
                va="center", fontsize="small", color=lines[j].get_color(), annotation_clip=False,
            )  # fmt: skip
    return ax


def plot_cross_validation(ax: Axes, model: LogisticRegressionCV, **line: Any) -> Axes:
    """Draw the mean log loss of the folds against alpha, ± one standard error, and the choice."""
    ax.errorbar(
        model.alphas_, model.mean_loss_, yerr=model.loss_error_, elinewidth=0.7, capsize=2, **line
    )
    ax.axvline(model.alpha_, color="0.4", linewidth=0.8, linestyle="--", label="alpha_")
    ax.set(xscale="log", xlabel="alpha", ylabel="Log loss of rows not fitted")
    ax.xaxis.set_inverted(True)
    return ax
