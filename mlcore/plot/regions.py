"""What a classifier says all over a plane of two features.

Notation: n rows, k classes · X (n, 2) features · y (n,) labels · P (cells, k) probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_features, check_integer, check_labels, column_names
from mlcore.plot.style import COLOURS, check_axes, legend_of, names_of

MARKERS = "os^Dv<>P"


def plot_decision_regions(
    ax: Axes,
    model: Any,
    X: Any,
    y: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    *,
    resolution: int = 200,
) -> Axes:
    """Colour the plane by the predicted class, paler where it is less probable; X (n, 2) on top.

    ``model`` is a fitted classifier of two features. It is asked once for the
    resolution² cells; where it has no predict_proba, all have one shade. Points take the colour
    and mark of their labels y. ``names`` (2,) of the features; a DataFrame brings its own.
    """
    check_axes(ax)
    check_integer("resolution", resolution, 2)
    array = check_features(X)
    if array.shape[1] != 2:
        raise ValueError(
            f"X has {array.shape[1]} columns, but 2 were expected, for a plane has two. "
            "Fit the model on two columns."
        )
    columns = column_names(X)
    low, high = array.min(axis=0), array.max(axis=0)
    reach = np.where(high > low, 0.05 * (high - low), 0.5)
    low, high = low - reach, high + reach
    # Middles of the cells, so that the picture's edges are low and high.
    middles = low + (high - low) * (np.arange(resolution)[:, None] + 0.5) / resolution
    across, up = np.meshgrid(middles[:, 0], middles[:, 1])
    cells: Any = np.column_stack([across.ravel(), up.ravel()])
    if columns is not None:  # the model may want the names it was fitted with
        cells = type(X)(cells, columns=columns)
    colours = shades(model, cells).reshape(resolution, resolution, 3)
    ax.imshow(
        colours, origin="lower", extent=(low[0], high[0], low[1], high[1]), aspect="auto", zorder=0
    )
    classes = np.asarray(model.classes_).tolist()
    if y is not None:
        _draw_points(ax, array, y, classes)
    shown = names_of(columns if names is None else names, 2)
    ax.set_xlabel(shown[0], parse_math=False)
    ax.set_ylabel(shown[1], parse_math=False)
    return ax


def shades(model: Any, cells: Any) -> FloatArray:
    """Return the colour (cells, 3) of each cell: the class's own, or nearly white when unsure.

    The share of colour grows from 0.1 where all classes are as probable to 0.6 where one is sure.
    """
    classes = np.asarray(model.classes_)
    k = len(classes)
    if hasattr(model, "predict_proba"):
        P = np.asarray(model.predict_proba(cells))
        best = P.argmax(axis=1)
        sure = (P.max(axis=1) - 1 / k) / (1 - 1 / k) if k > 1 else np.ones(len(P))
    else:
        said = np.asarray(model.predict(cells))
        best = (said[:, None] == classes).argmax(axis=1)
        sure = np.full(len(said), 0.6)
    own = np.array([to_rgb(COLOURS[c % len(COLOURS)]) for c in range(k)])[best]  # (cells, 3)
    share = (0.1 + 0.5 * np.clip(sure, 0.0, 1.0))[:, None]
    return 1.0 - share * (1.0 - own)


def _draw_points(ax: Axes, array: FloatArray, y: ArrayLike, classes: list[Any]) -> None:
    """Draw the rows, each class in its own colour and mark, and the legend."""
    labels, index = check_labels(y, len(array))
    unknown = [label for label in labels.tolist() if label not in classes]
    if unknown:
        raise ValueError(
            f"y has the labels {unknown}, but the model knows {classes}. Pass labels of its kind."
        )
    handles = []
    for at, label in enumerate(labels.tolist()):
        c = classes.index(label)
        x1, x2 = array[index == at].T
        handles.append(
            ax.scatter(
                x1, x2, s=22, color=COLOURS[c % len(COLOURS)], marker=MARKERS[c % len(MARKERS)],
                edgecolors="white", linewidths=0.6, zorder=2,
            )
        )  # fmt: skip
    texts = [str(label) for label in labels.tolist()]
    legend_of(ax, handles, texts, frameon=True, framealpha=0.85, fontsize="small")
