"""Pictures of a penalty's work: coefficients as alpha falls, and the loss that chooses alpha."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, font_scalings

from mlcore.checks import FloatArray, check_integer, column_names
from mlcore.linear.path import LogisticRegressionCV, Path
from mlcore.plot.room import make_room, settle
from mlcore.plot.style import check_axes
from mlcore.plot.tree_layout import LINE, shortened


def plot_path(
    ax: Axes, path: Path, names: Any = None, *, score: int = 0, most: int = 10, **line: Any
) -> Axes:
    """Draw each coefficient against alpha, strong penalties on the left, and name the largest.

    ``names`` (d,) may also be the DataFrame. At most ``most`` are written where the lines
    end, those of the largest coefficients; a name that would overlap one of these is left out.
    ``score`` chooses the class where there are more than two. Coefficients of columns in different
    units cannot be compared by height: standardise the columns first.
    """
    check_axes(ax)
    check_integer("score", score, 0)
    check_integer("most", most, 1)
    n_scores, d = path.coef.shape[1:]
    names = column_names(names) if hasattr(names, "columns") else names
    if score >= n_scores or (names is not None and len(names) != d):
        raise ValueError(
            f"score is {score} and names are {names!r}, but a score below {n_scores} and {d} names "
            "were expected. Give a name for each column."
        )
    coef = path.coef[:, score]  # (m, d)
    lines = ax.plot(path.alphas, coef, **line)
    ax.set(xscale="log", xlabel="alpha, falling", ylabel="Coefficient")
    if len(path.alphas) > 1:  # to the edge, so that the names stand beside the frame
        ax.set_xlim(path.alphas[0], path.alphas[-1])
    ax.axhline(0.0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    if names is not None:
        for j in apart(ax, coef[-1], most):
            ax.annotate(
                shortened(str(names[j])), (path.alphas[-1], coef[-1, j]), (4, 0),
                textcoords="offset points", va="center", fontsize="small", parse_math=False,
                color=lines[j].get_color(), annotation_clip=False,
            )  # fmt: skip
        make_room(ax)
    return ax


def apart(ax: Axes, heights: FloatArray, most: int) -> list[int]:
    """Return which of the heights (d,) to name: the farthest from 0 whose names do not overlap."""
    settle(ax)
    up = ax.transData.transform(np.column_stack([np.ones(len(heights)), heights]))[:, 1]
    line = LINE * font_scalings["small"] * FontProperties().get_size_in_points()
    needed = line * ax.figure.dpi / 72  # pixels
    named: list[int] = []
    for j in np.argsort(-np.abs(heights), kind="stable").tolist():
        if len(named) < most and all(abs(up[j] - up[i]) >= needed for i in named):
            named.append(j)
    return named


def plot_cross_validation(ax: Axes, model: LogisticRegressionCV, **line: Any) -> Axes:
    """Draw the mean log loss of the folds against alpha, ± one standard error, and the choice.

    Where the choice, or the least loss, is at an end of the alphas tried, the label says so: there
    may be a better one beyond.
    """
    check_axes(ax)
    ax.errorbar(
        model.alphas_, model.mean_loss_, yerr=model.loss_error_, elinewidth=0.7, capsize=2, **line
    )
    ax.axvline(model.alpha_, color="0.4", linewidth=0.8, linestyle="--", label="alpha_")
    note = at_an_end(model)
    ax.set(xscale="log", ylabel="Log loss of rows not fitted")
    ax.set_xlabel("alpha, falling" + (f"\n({note})" if note else ""))
    ax.xaxis.set_inverted(True)
    if note:
        make_room(ax)
    return ax


def at_an_end(model: LogisticRegressionCV) -> str:
    """Say that alpha_, or the alpha of least loss, has nothing tried beyond it; "" if it has."""
    alphas = model.alphas_
    for what, alpha in (
        ("the chosen alpha", model.alpha_),
        ("the alpha of least loss", alphas[int(model.mean_loss_.argmin())]),
    ):
        if len(alphas) > 1 and alpha in (alphas[0], alphas[-1]):
            end, beyond = ("smallest", "smaller") if alpha == alphas[-1] else ("largest", "larger")
            return f"{what} is the {end} tried: try {beyond} ones"
    return ""
