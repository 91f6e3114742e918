"""Room for the names beside an Axes, and names that are short enough for it.

A figure with a layout engine ("constrained", "tight") makes the room itself; in others an Axes is
drawn smaller where its names would leave the picture or run into the next one.
"""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from mlcore.plot.style import tick_names
from mlcore.plot.tree_layout import shortened

GAP = 3.0  # points, to the edge of the figure and to the next Axes
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
    wrap_label(ax)


def wrap_label(ax: Axes) -> None:
    """Break the label of the x axis into lines where it is wider than a settled Axes."""
    label, room = ax.xaxis.label, ax.get_window_extent().width
    width = label.get_window_extent().width
    if width > room > 0:
        text = label.get_text()
        label.set_text("\n".join(textwrap.wrap(text, max(10, int(len(text) * room / width)))))
        make_room(ax)


def make_room(ax: Axes) -> None:
    """Draw an Axes smaller where its names leave the figure, unless a layout engine does so.

    Afterwards the figure is settled.
    """
    settle(ax)
    if ax.figure.get_layout_engine() is not None:
        return
    for _ in range(2):  # as an Axes of fixed aspect moves when it shrinks
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
        settle(ax)


def free_area(ax: Axes) -> Bbox:
    """Return where an Axes and its names may be, in pixels: in its figure, up to what is beside it."""
    own, figure, gap = ax.get_window_extent(), ax.figure.bbox, GAP * ax.figure.dpi / 72
    left, right = figure.x0 + gap, figure.x1 - gap
    for other in ax.figure.axes:
        frame, drawn = other.get_window_extent(), other.get_tightbbox()
        if drawn is None or frame.y0 >= own.y1 or own.y0 >= frame.y1:
            continue
        if frame.x1 <= own.x0:
            left = max(left, min(drawn.x1 + gap, own.x0))
        elif frame.x0 >= own.x1:
            right = min(right, max(drawn.x0 - gap, own.x1))
    return Bbox.from_extents(left, figure.y0 + gap, right, figure.y1)
