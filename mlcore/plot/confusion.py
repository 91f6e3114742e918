"""The confusion matrix: how many rows of each class were taken for which.

Notation: k classes · C (k, k) counts, rows the true class and columns the predicted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray
from mlcore.plot.style import (
    COLOURS,
    fitting_size,
    mixed,
    names_of,
    readable_on,
    size_in_points,
    tick_names,
)

SMALLEST = 3.5  # points: smaller text is left out
LONGEST = 20  # characters of a name


def plot_confusion_matrix(
    ax: Axes, C: ArrayLike, names: Sequence[str] | None = None, **text: Any
) -> Axes:
    """Draw C = confusion_matrix(y_true, y_pred): each cell's count and its share of the row.

    The darker, the larger the share; a row without counts stays white and shows no shares.
    ``names`` (k,) are those of the classes; ``text`` goes to the texts in the cells. Give the
    figure its size first: the text is made to fit the cells. ValueError if C is no square of
    counts.
    """
    counts = _check_counts(C)
    k, total = len(counts), counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    colours = mixed(COLOURS[0], share)  # (k, k, 3)
    ax.imshow(colours, aspect="equal")
    across = np.arange(k)
    shown = [str(c) for c in range(k)] if names is None else names_of(names, k, longest=LONGEST)
    tick_names(ax.xaxis, across, shown, rotation=90 if max(map(len, shown)) * k > 45 else 0)
    tick_names(ax.yaxis, across, shown)
    ax.tick_params(length=0)
    ax.set(xlabel="Predicted class", ylabel="True class")
    write_cells(ax, counts, share, colours, text)
    return ax


def write_cells(
    ax: Axes, counts: FloatArray, share: FloatArray, colours: FloatArray, text: dict[str, Any]
) -> None:
    """Write counts and shares (k, k) on the cells, and make all texts fit the cells."""
    k, total = len(counts), counts.sum(axis=1)
    ax.figure.canvas.figure.draw_without_rendering()  # so that the layout is settled and the size known
    side = min(size_in_points(ax)) / k
    for label in [*ax.get_xticklabels(), *ax.get_yticklabels()]:
        label.set_fontsize(min(label.get_fontsize(), 0.8 * side))
    words = [[_words(counts[i, j], share[i, j], total[i]) for j in range(k)] for i in range(k)]
    size = fitting_size([word for row in words for word in row], side, side)
    if size < SMALLEST:
        return
    style: dict[str, Any] = {"fontsize": size, "ha": "center", "va": "center"} | text
    for i in range(k):
        for j in range(k):
            ax.text(j, i, words[i][j], color=readable_on(colours[i, j]), **style)


def _check_counts(C: ArrayLike) -> FloatArray:
    counts = np.asarray(C, dtype=np.float64)
    square = counts.ndim == 2 and counts.shape[0] == counts.shape[1] and counts.size > 0
    if not square or not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError(
            f"C has the shape {counts.shape}, but a square of counts of 0 or more was expected. "
            "Pass confusion_matrix(y_true, y_pred)."
        )
    return counts


def _words(count: float, share: float, total: float) -> str:
    """Return the text of a cell; weighted counts keep three digits."""
    number = f"{count:.0f}" if count == round(count) or count >= 100 else f"{count:.3g}"
    return f"{number}\n{100 * share:.0f} %" if total > 0 else number
