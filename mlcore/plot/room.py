"""Room for the names beside an Axes, and names that are short enough for it.

A figure with a layout engine ("constrained", "tight") makes the room itself; in others an Axes is
drawn smaller where its names would leave the picture or run into the next one.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from mlcore.plot.style import tick_names
from mlcore.plot.tree_layout import shortened

SHARE = 0.45  # of the width there is for names and Axes: what the names may take


def settle(ax: Axes) -> None:
    """Lay the figure out as if it were drawn, so that sizes and places are known."""
    ax.figure.canvas.figure.draw_without_rendering()


def fit_names(ax: Axes) -> None:
    """Leave the middle out of names beside the y axis that are too long, and make room for all."""
    settle(ax)
    labels = ax.get_yticklabels()
    most = SHARE * (ax.get_window_extent().x1 - free_area(ax).x0)
    names = [label.get_text() for label in labels]
    fitting = []
    for name, label in zip(names, labels, strict=True):
        short, width = name, label.get_window_extent().width
        while width > most and len(short) > 3:
            # By the share that is too much, and by one at least: letters differ in width.
            short = shortened(name, max(3, min(len(short) - 1, int(len(short) * most / width))))
            label.set_text(short)
            width = label.get_window_extent().width
        fitting.append(short)
    if fitting != names:
        tick_names(ax.yaxis, ax.get_yticks(), fitting)
    make_room(ax)


def make_room(ax: Axes) -> None:
    """Draw an Axes smaller where its names leave the figure, unless a layout engine does so."""
    if ax.figure.get_layout_engine() is not None:
        return
    for _ in range(2):  # as an Axes of fixed aspect moves when it shrinks
        settle(ax)
        area, drawn = free_area(ax), ax.get_tightbbox()
        if drawn is None:
            return
        left, right = max(area.x0 - drawn.x0, 0.0), max(drawn.x1 - area.x1, 0.0)
        low = max(area.y0 - drawn.y0, 0.0)
        if max(left, right, low) < 0.5:
            return
        box = ax.get_position(original=True).transformed(ax.figure.transSubfigure)
        if left + right > 0.9 * box.width or low > 0.9 * box.height:
            return  # nothing would be left of the Axes
        smaller = Bbox.from_extents(box.x0 + left, box.y0 + low, box.x1 - right, box.y1)
        ax.set_position(smaller.transformed(ax.figure.transSubfigure.inverted()))


def free_area(ax: Axes) -> Bbox:
    """Return where an Axes and its names may be, in pixels: its figure, up to the Axes beside it."""
    own, figure = ax.get_window_extent(), ax.figure.bbox
    beside = [other.get_window_extent() for other in ax.figure.axes if other is not ax]
    beside = [box for box in beside if box.y0 < own.y1 and own.y0 < box.y1]
    left = max([figure.x0, *(box.x1 for box in beside if box.x1 <= own.x0)])
    right = min([figure.x1, *(box.x0 for box in beside if box.x0 >= own.x1)])
    return Bbox.from_extents(left, figure.y0, right, figure.y1)
