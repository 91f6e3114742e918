"""Shapley values in pictures: of all rows, and of one row.

Notation: n rows, d features · phi (n, d) Shapley values, what each feature adds to a prediction ·
X (n, d) features.

Source: Lundberg, Erion & Lee (2018), Consistent individualized feature attribution for tree
ensembles, arXiv 1802.03888, for the summary plot.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from numpy.typing import NDArray

from mlcore.checks import FloatArray, IntArray, check_integer, column_names
from mlcore.metrics.delong import midranks
from mlcore.plot.results import chosen, shapley_of
from mlcore.plot.room import fit_names, settle
from mlcore.plot.style import (
    COLOURS,
    GUIDE,
    LOW_HIGH,
    check_axes,
    names_of,
    size_in_points,
    tick_names,
)
from mlcore.plot.tree_layout import text_width
from mlcore.tables import as_columns, frame_or_array, missing_values

BINS = 60  # of the picture's width, in which points are stacked
HALF, APART = 0.4, 0.06  # of a line: its highest stack to either side, and its points at most


def plot_shap_summary(
    ax: Axes,
    shap_values: Any,
    X: Any,
    names: Any = None,
    *,
    output: int | None = None,
    most: int = 12,
) -> Axes:
    """Draw each row of each feature as a point: to the right is what it adds to the prediction.

    ``shap_values`` is what tree_shap or linear_shap returns for X, or its values, (n, d) or, with a
    class for each ``output``, (n, d, k): of two classes the last is drawn if none is chosen.
    ``names`` (d,) default to those of a DataFrame X. Features stand by their mean |phi|, the
    largest on top, at most ``most`` of them. Where many rows have about the same phi, points are
    stacked. The colour is the rank of the feature's value
    among the rows, of words their alphabetical order, and grey where it is missing. A colour bar is
    put beside the Axes.
    """
    check_axes(ax)
    check_integer("most", most, 1)
    (phi, _, predicted), table = shapley_of(shap_values, output), frame_or_array(X)
    if phi.ndim != 2 or phi.shape != table.shape or phi.size == 0:
        raise ValueError(
            f"shap_values has shape {phi.shape} and X {table.shape}, but one shape (rows, "
            "features) was expected for both."
        )
    columns = as_columns(table)
    labels = names_of(column_names(table) if names is None else names, phi.shape[1])
    shown = np.argsort(-np.abs(phi).mean(axis=0), kind="stable")[:most]
    edges = np.linspace(phi[:, shown].min(), phi[:, shown].max(), BINS + 1)
    ax.axvline(0.0, **GUIDE)
    piles = [stacked(phi[:, j], edges) for j in shown]
    for place, (j, pile) in enumerate(zip(shown, piles, strict=True)):
        apart = min(APART, HALF / max(float(np.abs(pile).max()), 1.0))
        colours = LOW_HIGH(ranks_of_column(columns[j]))
        ax.scatter(phi[:, j], place + apart * pile, s=9, c=colours, linewidths=0, zorder=2)
    tick_names(ax.yaxis, np.arange(len(shown)), [labels[j] for j in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(f"What the feature adds to the {predicted}")
    bar = ax.figure.colorbar(ScalarMappable(cmap=LOW_HIGH), ax=ax, aspect=40, pad=0.02)
    words = any(has_words(columns[j]) for j in shown)
    bar.set_ticks([0, 1], labels=["low, A", "high, Z"] if words else ["low", "high"])
    bar.set_label("Value of the feature", labelpad=-8)
    bar.outline.set_visible(False)
    fit_names(ax)
    return ax


def stacked(phi: FloatArray, edges: FloatArray) -> FloatArray:
    """Return how far from the middle of its line each point (n,) stands, in points' places.

    The first point of a bin stands in the middle, the others beside it: +1, -1, +2, -2, ...

    >>> stacked(np.array([0.1, 0.9, 0.1, 0.1]), np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 0.0, 1.0, -1.0]
    """
    bin_of = np.searchsorted(edges[1:-1], phi)
    order = np.argsort(bin_of, kind="stable")
    first = np.cumsum(np.bincount(bin_of, minlength=len(edges))) - np.bincount(
        bin_of, minlength=len(edges)
    )
    nth: IntArray = np.empty(len(phi), dtype=np.int64)
    nth[order] = np.arange(len(phi)) - first[bin_of[order]]
    return np.where(nth % 2 == 1, (nth + 1) // 2, -(nth // 2)).astype(np.float64)


def value_ranks(values: FloatArray) -> FloatArray:
    """Return the ranks (n,) from 0 to 1, equal values alike; NaN where the value is missing.

    >>> value_ranks(np.array([5.0, np.nan, 7.0, 5.0])).tolist()
    [0.25, nan, 1.0, 0.25]
    """
    ranks, known = np.full(len(values), np.nan), ~np.isnan(values)
    if known.any():
        least = midranks(values[known]) - 1.0
        ranks[known] = least / max(known.sum() - 1, 1) if len(least) > 1 else 0.5
    return ranks


def has_words(column: NDArray[Any]) -> bool:
    """Return whether a column (n,) holds anything but numbers and missing values."""
    if column.dtype.kind in "fiub":
        return False
    known = column[~missing_values(column)].tolist()
    return not all(isinstance(value, numbers.Real) for value in known)


def ranks_of_column(column: NDArray[Any]) -> FloatArray:
    """Return value_ranks of numbers; words in even steps by the alphabet, NaN where missing.

    >>> ranks_of_column(np.array(["b", "c", None, "a", "a"], dtype=object)).tolist()
    [0.5, 1.0, nan, 0.0, 0.0]
    """
    ranks, known = np.full(len(column), np.nan), ~missing_values(column)
    if not has_words(column):
        ranks[known] = column[known].astype(np.float64)
        return value_ranks(ranks)
    words, place = np.unique(column[known].astype(str), return_inverse=True)
    ranks[known] = place / (len(words) - 1) if len(words) > 1 else 0.5
    return ranks


def plot_shap_waterfall(
    ax: Axes,
    shap_values: Any,
    base_value: float | None = None,
    values: Any = None,
    names: Any = None,
    *,
    row: int | None = None,
    output: int | None = None,
    most: int = 10,
) -> Axes:
    """Draw the way from the mean prediction, below, to that of one row, on top: phi (d,) by phi.

    ``shap_values`` is what tree_shap or linear_shap returns, which holds the ``base_value``:
    plot_shap_waterfall(ax, tree_shap(model, X), values=X, row=3). Or phi, (d,) of one row, (n, d),
    or (n, d, k) with a class for each ``output``, of two the last if none is chosen. The largest
    steps stand on top; what is beyond ``most`` is one step at the bottom.
    ``values`` (d,) of the row, or of all rows (n, d), are written beside the ``names``, which
    default to those of a DataFrame. Steps up and down differ in colour and in the sign written at
    their ends.
    """
    check_axes(ax)
    check_integer("most", most, 2)
    phi, base, predicted = step_sizes(shap_values, base_value, row, output)
    labels = step_names(len(phi), values, names, row)
    end = base + float(phi.sum())
    ax.set_xlabel(f"P{predicted[1:]}: from {base:.3g}, the mean, to {end:.3g}")
    draw_steps(ax, phi, base, labels, most)
    return ax


def step_sizes(
    shap_values: Any, base_value: Any, row: int | None, output: int | None
) -> tuple[FloatArray, float, str]:
    """Return phi (d,) of one row, the value from which its steps begin, and what is predicted."""
    phi, base, predicted = shapley_of(shap_values, output)
    if phi.ndim == 2 and row is None and len(phi) != 1:
        raise ValueError(
            f"shap_values has shape {phi.shape}, but (features,) of one row was expected. "
            "Pass row=0 for the first one, or of an array shap_values[i]."
        )
    if phi.ndim == 2:
        phi = phi[chosen("shap_values", "row", row, len(phi), "row", None)]
    if phi.ndim != 1 or len(phi) == 0:
        raise ValueError(
            f"shap_values has shape {phi.shape}, but (features,) of one row was expected."
        )
    base_value = base if base_value is None else base_value
    if base_value is None:
        raise ValueError(
            "base_value is missing. Pass the expected_value beside the values, or the whole result "
            "of tree_shap or linear_shap."
        )
    if np.size(base_value) != 1:
        raise ValueError(
            f"base_value has shape {np.shape(base_value)}, but one number was expected, of the "
            "class that is drawn. Pass the table by name, as values=X."
        )
    return phi, float(np.ravel(base_value)[0]), predicted


def step_names(d: int, values: Any, names: Any, row: int | None) -> list[str]:
    """Return the names (d,) of the features, with their values in the row where these are given."""
    if values is None:
        return names_of(names, d)
    if np.ndim(values) == 2:
        table = frame_or_array(values)
        names = column_names(table) if names is None else names
        at = chosen("values", "row", row, table.shape[0], "row", None)
        values = [column[at] for column in as_columns(table)]
    elif hasattr(values, "iloc"):  # a row of a DataFrame
        names = list(values.index) if names is None else names
    if len(values) != d:
        raise ValueError(
            f"values has {len(values)} values, but {d} were expected, one for each feature. "
            "Pass the row that the Shapley values are of."
        )
    labels = names_of(names, d)
    return [f"{a} = {_short(v)}" for a, v in zip(labels, list(values), strict=True)]


def draw_steps(ax: Axes, phi: FloatArray, base_value: float, labels: list[str], most: int) -> None:
    """Draw a bar for each step, the largest on top, and write its size at its end."""
    order = np.argsort(-np.abs(phi), kind="stable")
    kept = order if len(phi) <= most else order[: most - 1]
    steps, texts = phi[kept], [labels[j] for j in kept]
    if len(kept) < len(phi):
        steps = np.append(steps, phi.sum() - steps.sum())
        texts.append(f"{len(phi) - len(kept)} others")
    # From the bottom up: each bar starts where the one below it ends.
    ends = base_value + np.cumsum(steps[::-1])[::-1]
    starts = np.append(ends[1:], base_value)
    place = np.arange(len(steps))
    colours = [COLOURS[5] if step > 0 else COLOURS[0] for step in steps]
    ax.barh(place, steps, left=starts, color=colours, height=0.65)
    for i, (end, step) in enumerate(zip(ends, steps, strict=True)):
        if i > 0:
            ax.plot([end, end], [i + 0.325, i - 1 - 0.325], color="0.6", linewidth=0.8, zorder=0)
        ax.annotate(
            f"{step:+.2g}", (end, i), (3 if step > 0 else -3, 0), textcoords="offset points",
            ha="left" if step > 0 else "right", va="center", fontsize="small",
        )  # fmt: skip
    ax.axvline(base_value, **GUIDE)
    ax.axvline(float(ends[0]), **{**GUIDE, "linestyle": "--"})
    tick_names(ax.yaxis, place, texts)
    ax.set_ylim(len(steps) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    fit_names(ax)
    widen(ax, float(min(starts.min(), ends.min())), float(max(starts.max(), ends.max())))


def widen(ax: Axes, low: float, high: float) -> None:
    """Set the limits so that the numbers written beside the bars, from low to high, are inside."""
    ax.locator_params(axis="x", nbins=5)
    settle(ax)
    widest = max(text_width(text.get_text(), float(text.get_fontsize())) for text in ax.texts)
    share = min(0.4, (widest + 8) / size_in_points(ax)[0])  # of the width, on either side
    room = ((high - low) or 1.0) * share / (1 - 2 * share)
    ax.set_xlim(low - room, high + room)


def _short(value: Any) -> str:
    """Return a value as short as it can be told: four digits of a number, a text as it is."""
    return f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
