"""Scores against what is varied: the number of rows, or a parameter of the model.

Notation: s settings, f folds · scores (s, f).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray
from mlcore.plot.style import COLOURS, check_axes


def plot_learning_curve(
    ax: Axes,
    train_sizes: Any,
    train_scores: ArrayLike | None = None,
    test_scores: ArrayLike | None = None,
) -> Axes:
    """Draw the scores (s, f) of training rows and of others against the rows trained on (s,).

    Pass the three, or all that learning_curve returns as one: plot_learning_curve(ax,
    learning_curve(model, X, y)). Lines are means over the folds, bands one standard deviation to
    either side, NaN left out. Two lines that meet call for another model, two that stay apart for
    more rows.
    """
    check_axes(ax)
    if train_scores is None and isinstance(train_sizes, tuple) and len(train_sizes) >= 3:
        train_sizes, train_scores, test_scores = train_sizes[:3]
    _draw_scores(ax, np.asarray(train_sizes, dtype=np.float64), train_scores, test_scores)
    ax.set(xlabel="Rows trained on", ylabel="Score")
    return ax


def plot_validation_curve(
    ax: Axes,
    param_range: ArrayLike,
    train_scores: Any,
    test_scores: ArrayLike | None = None,
    *,
    name: str = "Parameter",
) -> Axes:
    """Draw the scores (s, f) of training rows and of others against a parameter's values (s,).

    The scores may be the pair that validation_curve returns: plot_validation_curve(ax, values,
    validation_curve(model, X, y, param_name=..., param_range=values)). Lines and bands are as
    in plot_learning_curve. Values that are no numbers stand side by side; numbers above 0
    that span a factor of 100 or more get a logarithmic scale.
    """
    check_axes(ax)
    if test_scores is None and isinstance(train_scores, tuple) and len(train_scores) == 2:
        train_scores, test_scores = train_scores
    values = np.asarray(param_range)
    numeric = values.dtype.kind in "iuf"
    x = values.astype(np.float64) if numeric else np.arange(len(values), dtype=np.float64)
    _draw_scores(ax, x, train_scores, test_scores)
    if not numeric:
        ax.set_xticks(x, labels=[str(value) for value in values.tolist()], parse_math=False)
    elif x.min() > 0 and x.max() >= 100 * x.min():
        ax.set_xscale("log")
    ax.set_xlabel(name, parse_math=False)
    ax.set_ylabel("Score")
    return ax


def _draw_scores(
    ax: Axes, x: FloatArray, train_scores: ArrayLike | None, test_scores: ArrayLike | None
) -> None:
    """Draw both lines with their bands, in the order of x."""
    order = np.argsort(x, kind="stable")
    for label, given, colour, marker, dash in (
        ("training rows", train_scores, COLOURS[5], "s", "--"),
        ("rows not trained on", test_scores, COLOURS[0], "o", "-"),
    ):
        if given is None:
            raise ValueError(
                f"The scores of {label} are missing. Pass the scores of both, (number of values, "
                "number of folds) each, or the whole result of learning_curve or validation_curve."
            )
        scores = np.asarray(given, dtype=np.float64)
        if scores.ndim != 2 or len(scores) != len(x):
            raise ValueError(
                f"The scores of {label} have shape {scores.shape}, but ({len(x)}, number of folds) "
                "was expected. Pass one row of scores for each value."
            )
        mean, spread = mean_and_spread(scores)
        ax.fill_between(
            x[order], (mean - spread)[order], (mean + spread)[order], color=colour, alpha=0.15,
            linewidth=0,
        )  # fmt: skip
        ax.plot(
            x[order], mean[order], color=colour, marker=marker, linestyle=dash, markersize=4,
            label=label,
        )  # fmt: skip
    ax.legend(frameon=False)


def mean_and_spread(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the standard deviation of each row, NaN left out; NaN for no value."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    some = np.where(count > 0, count, np.nan)
    mean = np.where(known, values, 0.0).sum(axis=1) / some
    squares = np.where(known, values - mean[:, None], 0.0) ** 2
    return mean, np.sqrt(squares.sum(axis=1) / some)
