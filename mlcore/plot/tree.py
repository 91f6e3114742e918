"""The picture of a decision tree: a box for each node, and the way of one row through them.

A box holds the question, the number of rows, and a bar: the shares of the classes, or the mean
target and one standard deviation to either side. Rows for which the answer is yes go left.

Notation: m nodes, d features, k classes. Where things stand is worked out in tree_layout.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from mlcore.checks import check_integer, warn_caller
from mlcore.plot.style import COLOURS, HATCHES, check_axes, legend_of, size_in_points
from mlcore.plot.tree_layout import (
    APART,
    BAR,
    FONT,
    GAP,
    LEAST,
    LINE,
    PAD,
    SMALL,
    Box,
    Layout,
    lay_out,
    shortened,
    text_width,
)
from mlcore.tree.cart import DecisionTreeClassifier
from mlcore.tree.explain import path_of, read_row
from mlcore.tree.words import DecisionTreeModel, Words, check_names, check_tree, names_of_features

LARGEST = 60.0  # inches: a larger figure is drawn smaller instead
LEGIBLE = 5.0  # points: smaller text is warned of


def plot_tree(
    ax: Axes | None,
    model: DecisionTreeModel,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    max_depth: int | None = 4,
    row: Any = None,
    decimals: int = 2,
) -> Axes:
    """Draw a fitted tree down to max_depth (None: all of it) and return the Axes.

    With ``ax`` None a figure is made that has the size the tree needs; an ``ax`` of your own must
    have its size before, for the text is made small enough to fit, with a warning below 5 points.
    ``class_names`` (k,) replace the labels, in the order of classes_. The path of ``row``, given
    as to mlcore.explain, is drawn in bold. For one tree of a forest pass forest.estimators_[0].
    ValueError for a wrong number of names, or more than one row.

    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> model = DecisionTreeClassifier().fit([[1.0], [2.0], [3.0]], ["low", "low", "high"])
    >>> [text.get_text() for text in plot_tree(None, model, feature_names=["score"]).texts]
    ['score <= 2.50', '3 rows', 'low', '100 % of 2', 'yes', 'high', '100 % of 1', 'no']
    """
    check_axes(ax, none=True)
    check_tree(model)
    check_integer("max_depth", max_depth, 0, none=True)
    names = names_of_features(model, feature_names)
    labels = class_labels(model, class_names)
    values = None if row is None else read_row(model, row, names)
    path = set() if values is None else set(path_of(model, values).tolist())
    words = Words.of(
        model, [shortened(n) for n in names], decimals, None if values is None else values[0]
    )
    layout = lay_out(words, labels, max_depth)
    columns, key_height = legend_shape(layout.width, labels)
    height = layout.total_height + key_height
    if ax is None:
        ax = new_axes(layout.width, height)
    ax.set(xlim=(0, layout.width), ylim=(0, height))
    ax.axis("off")
    scale = text_scale(ax, layout.width, height)
    warn_of_small_text(scale, layout.width, height)
    gauge = None if labels is not None else Gauge(model, layout)
    for box in layout.boxes.values():
        draw_box(ax, words, layout, box, gauge, scale, box.node in path)
        if box.parent != -1:
            draw_edge(ax, layout, box, scale, box.node in path)
    draw_legend(ax, labels, columns, scale)
    return ax


def class_labels(model: DecisionTreeModel, class_names: Sequence[str] | None) -> list[str] | None:
    """Return the names of the classes (k,), or None for a tree of means."""
    if isinstance(model, DecisionTreeClassifier):
        given = model.classes_.tolist() if class_names is None else class_names
        names = check_names("class_names", given, len(model.classes_), "of classes_")
        return [shortened(name) for name in names]
    if class_names is not None:
        raise ValueError(
            f"class_names is {class_names!r}, but a regression tree has no classes. Leave it out."
        )
    return None


# Size


def new_axes(width: float, height: float) -> Axes:
    """Return the only Axes of a new figure of this size in points, or of LARGEST inches."""
    from matplotlib import pyplot as plt  # here, as it chooses a screen for the whole program

    figure = plt.figure(figsize=(min(width / 72, LARGEST), min(height / 72, LARGEST)))
    return figure.add_axes((0, 0, 1, 1))


def text_scale(ax: Axes, width: float, height: float) -> float:
    """Return how much larger than natural the text may be on an Axes; at most half as large again."""
    across, up = size_in_points(ax)
    return min(1.5, across / width, up / height)


def warn_of_small_text(scale: float, width: float, height: float) -> None:
    """Warn where the text is too small to read, with the size in points that it needs."""
    needed = LEGIBLE / SMALL
    if scale < 0.999 * needed:
        across, up = np.ceil(10 * needed * np.array([width, height]) / 72) / 10
        advice = (
            f"Pass ax=None, or an Axes of at least {across:g} x {up:g} inches, or a smaller max_depth."
            if max(across, up) < LARGEST
            else "Pass a smaller max_depth."
        )
        warn_caller(
            f"The text of this tree is {SMALL * scale:.1f} points high, too small to read. {advice}"
        )


# Boxes and edges


def draw_box(
    ax: Axes,
    words: Words,
    layout: Layout,
    box: Box,
    gauge: Gauge | None,
    scale: float,
    on_path: bool,
) -> None:
    """Draw one node: a frame, two texts and a bar."""
    x, top = layout.x[box.node], layout.top(box.depth)
    bottom, left = top - layout.height, layout.x[box.node] - box.width / 2
    frame = Rectangle(
        (left, bottom),
        box.width,
        layout.height,
        facecolor="white" if box.kind == "split" else "0.95",
        edgecolor="black" if on_path else "0.6",
        linewidth=(2.2 if on_path else 0.8) * scale,
        linestyle="--" if box.kind == "cut" else "-",
        zorder=2,
    )
    ax.add_artist(frame)  # add_patch would take long to find limits, which are set already
    bar_top = bottom + PAD + BAR
    detail_top = bar_top + PAD / 2 + LINE * SMALL
    bold = "bold" if box.kind == "leaf" else "normal"
    write(ax, x, (top + detail_top) / 2, box.title, FONT * scale, weight=bold)
    write(ax, x, detail_top - LINE * SMALL / 2, box.detail, SMALL * scale, color="0.25")
    if gauge is None:
        draw_shares(ax, words.tree.value[box.node], left + PAD, bar_top - BAR, box.width - 2 * PAD)
    else:
        gauge.draw(ax, box, x, bar_top - BAR / 2, scale)


def draw_shares(ax: Axes, shares: np.ndarray, left: float, bottom: float, width: float) -> None:
    """Draw the class shares (k,) as one stacked bar."""
    ends = left + width * np.concatenate([[0.0], np.cumsum(shares)])
    for c in np.flatnonzero(shares > 0).tolist():
        size = (ends[c + 1] - ends[c], BAR)
        ax.add_artist(Rectangle((ends[c], bottom), *size, zorder=3, **style_of_class(c)))
    ax.add_artist(
        Rectangle((left, bottom), width, BAR, fill=False, edgecolor="0.3", linewidth=0.5, zorder=4)
    )


def style_of_class(c: int) -> dict[str, Any]:
    """Return the colour and hatch of class c; they repeat after 64 classes."""
    hatch = HATCHES[(c + c // len(COLOURS)) % len(HATCHES)]
    return {
        "facecolor": COLOURS[c % len(COLOURS)],
        "hatch": hatch,
        "edgecolor": "white",
        "linewidth": 0.0,
    }


class Gauge:
    """The scale on which every node of a regression tree shows its mean and spread."""

    def __init__(self, model: DecisionTreeModel, layout: Layout) -> None:
        tree, nodes = model.tree_, list(layout.boxes)
        self.mean = tree.value[:, 0]
        # The impurity is the variance of the target only where squared errors were summed.
        squared = model.criterion == "squared_error"
        self.spread = np.sqrt(tree.impurity) if squared else np.zeros(tree.node_count)
        self.low = float((self.mean - self.spread)[nodes].min())
        self.range = float((self.mean + self.spread)[nodes].max()) - self.low or 1.0

    def draw(self, ax: Axes, box: Box, x: float, y: float, scale: float) -> None:
        """Draw one node's mean, what lies within one standard deviation, and the mean of all."""
        width = LEAST - 3 * PAD  # the same in all boxes, so that they can be compared
        start = x - width / 2

        def at(value: float) -> float:
            return start + width * (value - self.low) / self.range

        mean, spread = float(self.mean[box.node]), float(self.spread[box.node])
        ax.plot([start, start + width], [y, y], color="0.75", linewidth=0.8 * scale, zorder=3)
        everyone = [at(float(self.mean[0]))] * 2
        ax.plot(everyone, [y - BAR / 2, y + BAR / 2], color="0.3", linewidth=scale, zorder=3)
        ends = [at(mean - spread), at(mean + spread)]
        ax.plot(
            ends, [y, y], color=COLOURS[4], linewidth=4 * scale, solid_capstyle="butt", zorder=4
        )
        ax.plot([at(mean)], [y], "o", color=COLOURS[0], markersize=4.5 * scale, zorder=5)


def draw_edge(ax: Axes, layout: Layout, box: Box, scale: float, on_path: bool) -> None:
    """Draw the line from a node's parent, with the answer that leads here."""
    x = [layout.x[box.parent], layout.x[box.node]]
    y = [layout.top(box.depth) + GAP, layout.top(box.depth)]
    color, width = ("black", 2.2) if on_path else ("0.6", 0.8)
    name = f"edge-{box.parent}-{box.node}"
    ax.plot(x, y, color=color, linewidth=width * scale, zorder=1, gid=name)
    weight = "bold" if on_path else "normal"
    text = write(ax, sum(x) / 2, sum(y) / 2, box.answer, SMALL * scale, weight=weight)
    text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": scale})


def write(ax: Axes, x: float, y: float, text: str, size: float, **style: Any) -> Any:
    """Write a text about a point as it is: a $ in a name starts no formula."""
    middle: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.1, "zorder": 5}
    return ax.text(x, y, text, fontsize=size, parse_math=False, **middle, **style)


# Legend


def legend_shape(width: float, labels: Sequence[str] | None) -> tuple[int, float]:
    """Return the columns of the legend and the height it needs, in points."""
    entries = REGRESSION_KEY if labels is None else list(labels)
    widest = max(text_width(entry, SMALL) for entry in entries) + 36.0
    columns = min(len(entries), max(1, int((width - 2 * APART) / widest)))
    return columns, -(-len(entries) // columns) * LINE * 1.4 * SMALL + APART


REGRESSION_KEY = ["mean", "± 1 sd", "mean of all"]


def draw_legend(ax: Axes, labels: Sequence[str] | None, columns: int, scale: float) -> None:
    """Say above the root what the colours of the bars, or the marks on the line, stand for."""
    if labels is None:
        texts = REGRESSION_KEY
        handles: list[Any] = [
            Line2D([], [], color=COLOURS[0], marker="o", linestyle="", markersize=4.5 * scale),
            Line2D([], [], color=COLOURS[4], linewidth=4 * scale),
            Line2D([], [], color="0.3", marker="|", linestyle="", markersize=BAR * scale),
        ]
    else:
        texts = list(labels)
        handles = [Patch(**style_of_class(c)) for c in range(len(labels))]
    legend_of(
        ax, handles, texts, ncols=columns, loc="upper center", fontsize=SMALL * scale,
        borderaxespad=0.2, columnspacing=1.5,
    )  # fmt: skip
