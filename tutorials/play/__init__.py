"""Pictures with sliders: python -m tutorials play NAME; each is a still picture in its tutorial too.

A picture is a function from a figure and the sliders' values to what is drawn.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from matplotlib.figure import Figure

PICTURES = {  # name -> what it shows; each is a module of this folder, with a PICTURE
    "threshold": "a threshold on the risk, and its confusion matrix",
    "step_size": "the step of a descent, on the surface of the loss",
    "depth": "the depth of a tree, and what it gets wrong on pupils it has not seen",
    "trees": "the number of trees, and the error of the forest",
}


class Slider(NamedTuple):
    """One slider: its name, its ends, where it starts, and its step (None for any value)."""

    name: str
    low: float
    high: float
    start: float
    step: float | None = None


@dataclass(frozen=True)
class Picture:
    """What is drawn for values of the sliders, by name."""

    title: str
    sliders: tuple[Slider, ...]
    draw: Callable[[Figure, dict[str, float]], None]


def picture(name: str) -> Picture:
    """Return a picture by its name."""
    found = importlib.import_module(f"tutorials.play.{name}").PICTURE
    assert isinstance(found, Picture)
    return found


def still(name: str, **values: float) -> Figure:
    """Return a figure of a picture, at the sliders' starts or the values given."""
    from matplotlib import pyplot

    shown = picture(name)
    figure = pyplot.figure(figsize=(8, 4), layout="constrained")
    shown.draw(figure, {slider.name: slider.start for slider in shown.sliders} | values)
    return figure


def play(name: str) -> int:
    """Open a window with the picture and its sliders; return when it is closed."""
    from matplotlib import pyplot
    from matplotlib.widgets import Slider as Widget

    shown = picture(name)
    window = pyplot.figure(figsize=(9, 5.5))
    upper, lower = window.subfigures(2, 1, height_ratios=[6, len(shown.sliders)])
    window.canvas.manager and window.canvas.manager.set_window_title(shown.title)
    rows = lower.subplots(len(shown.sliders), 1, squeeze=False)[:, 0]
    widgets = [
        Widget(row, slider.name, slider.low, slider.high, valinit=slider.start, valstep=slider.step)
        for row, slider in zip(rows, shown.sliders, strict=True)
    ]

    def redraw(_: float) -> None:
        upper.clear()
        shown.draw(upper, {w.label.get_text(): float(w.val) for w in widgets})  # type: ignore[arg-type]
        window.canvas.draw_idle()

    for widget in widgets:
        widget.on_changed(redraw)
    redraw(0.0)
    pyplot.show()
    return 0
