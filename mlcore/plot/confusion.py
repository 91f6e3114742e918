"""The confusion matrix: how many rows of each class were taken for which.

Notation: k classes · C (k, k) counts, rows the true class and columns the predicted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray
from mlcore.plot.room import make_room
from mlcore.plot.style import (
    COLOURS,
    check_axes,
    fitting_size,
    mixed,
    names_of,
    readable_on,
    size_in_points,
    tick_names,
)
from mlcore.plot.tree_layout import text_width

SMALLEST = 5.0  # points: smaller text is left out
LONGEST = 20  # characters of a name


def plot_confusion_matrix(
    ax: Axes, C: ArrayLike, names: Sequence[str] | None = None, **text: Any
) -> Axes:
    """Draw C = confusion_matrix(y_true, y_pred): each cell's count and its share of the row.

    The darker, the larger the share; a row without counts stays white and shows no shares. A matrix
    that was normalised shows its own shares only. ``names`` (k,) are those of the classes; ``text``
    goes to the texts in the cells. Give the figure its size first: the text is made to fit the
    cells, and where it would be too small to read a colour bar beside the Axes takes its place.
    ValueError if C is no square of counts.
    """
    check_axes(ax)
    counts = _check_counts(C)
    k, total = len(counts), counts.sum(axis=1, keepdims=True)
    normalised = is_normalised(counts)
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    share = counts if normalised else share
    ax.imshow(mixed(COLOURS[0], share), aspect="equal")
    shown = [str(c) for c in range(k)] if names is None else names_of(names, k, longest=LONGEST)
    ax.tick_params(length=0)
    ax.set(xlabel="Predicted class", ylabel="True class")
    side = name_classes(ax, shown)
    words = [
        _words(None if normalised else counts[i, j], share[i, j], total[i, 0])
        for i in range(k)
        for j in range(k)
    ]
    # Two lines need more than their height; the widths of the many words are asked for last.
    size = fitting_size(list(set(words)), side, side) if side > 2 * SMALLEST else 0.0
    if size < SMALLEST:
        draw_scale(ax, "Share" if normalised else "Share of the row")
        name_classes(ax, shown)  # as the bar has taken some of the width
    else:
        write_cells(ax, words, share, {"fontsize": size} | text)
    return ax


def is_normalised(counts: FloatArray) -> bool:
    """Return whether these are shares: not all whole, and rows, columns or all of them sum to 1."""
    sums = [counts.sum(axis=1), counts.sum(axis=0), counts.sum()]
    some = (counts != np.round(counts)).any()
    return bool(some and any((np.isclose(s, 1.0) | (s == 0.0)).all() for s in sums))


def name_classes(ax: Axes, shown: list[str]) -> float:
    """Write the names of the classes, upright below where they are wide; return a cell's side."""
    every, rotation, side = 1, 0, 0.0
    for _ in range(2):  # as upright names leave other cells
        places = np.arange(0, len(shown), every)
        kept = shown[::every]
        tick_names(ax.xaxis, places, kept, rotation=rotation)
        tick_names(ax.yaxis, places, kept)
        make_room(ax)
        side = min(size_in_points(ax)) / len(shown)
        size = max(SMALLEST, min(10.0, 0.8 * side))
        for label in [*ax.get_xticklabels(), *ax.get_yticklabels()]:
            label.set_fontsize(size)
        before = every, rotation
        every = int(np.ceil(size / side))  # names of a legible size that have room
        if max(text_width(name, size) for name in shown) > 0.9 * side:
            rotation = 90
        if (every, rotation) == before:
            break
    return side


def write_cells(ax: Axes, words: list[str], share: FloatArray, text: dict[str, Any]) -> None:
    """Write words (k * k,) on the cells, whose shares (k, k) give their colours."""
    style: dict[str, Any] = {"ha": "center", "va": "center"} | text
    colours = mixed(COLOURS[0], share)
    for (i, j), word in zip(np.ndindex(share.shape), words, strict=True):
        ax.text(j, i, word, **{"color": readable_on(colours[i, j])} | style)


def draw_scale(ax: Axes, label: str) -> None:
    """Draw a bar of what the colours say."""
    shades = ListedColormap(mixed(COLOURS[0], np.linspace(0.0, 1.0, 256)))
    bar = ax.figure.colorbar(ScalarMappable(cmap=shades), ax=ax, format=PercentFormatter(1.0))
    bar.set_label(label)


def _check_counts(C: ArrayLike) -> FloatArray:
    counts = np.asarray(C, dtype=np.float64)
    square = counts.ndim == 2 and counts.shape[0] == counts.shape[1] and counts.size > 0
    if not square or not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError(
            f"C has the shape {counts.shape}, but a square of counts of 0 or more was expected. "
            "Pass confusion_matrix(y_true, y_pred)."
        )
    return counts


def _words(count: float | None, share: float, total: float) -> str:
    """Return the text of a cell; weighted counts keep three digits, shares have no count."""
    if count is None:
        return f"{100 * share:.0f} %"
    number = f"{count:.0f}" if count == round(count) or count >= 100 else f"{count:.3g}"
    return f"{number}\n{100 * share:.0f} %" if total > 0 else number
