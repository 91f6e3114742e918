"""What the pictures share: colours, guide lines, and names that are drawn as they are.

A name from the data may hold a $ or begin with _, which matplotlib would take for a formula, or
for an entry to leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import FigureBase

from mlcore.checks import FloatArray, column_names
from mlcore.plot.tree_layout import LONGEST, shortened, text_width
from mlcore.tree.words import check_names

# Okabe & Ito's colours, which most colour-blind readers can tell apart; the hatches tell them
# apart in print, and the classes from the ninth on.
COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#777777",
)  # fmt: skip
HATCHES = ("", "////", "....", "xxxx", "----", "\\\\\\\\", "++++", "oo")
GUIDE: dict[str, Any] = {"color": "0.6", "linewidth": 0.8, "linestyle": ":", "zorder": 0}
LOW_HIGH = LinearSegmentedColormap.from_list(
    "low-high", ["#0072B2", "#B9A9B4", "#D55E00"]
).with_extremes(bad="0.6")  # a missing value


def check_axes(ax: Any, *, none: bool = False) -> None:
    """Raise TypeError unless ax is an Axes (or None, where that is allowed)."""
    if isinstance(ax, Axes) or (none and ax is None):
        return
    advice = "fig.subplots() or plt.gca()"
    if isinstance(ax, FigureBase):
        seen = f"a {type(ax).__name__}"
    elif isinstance(ax, ModuleType):
        seen = f"the module {ax.__name__}"
    elif isinstance(ax, np.ndarray) and ax.size and isinstance(ax.flat[0], Axes):
        seen, advice = f"an array of {ax.size} Axes", "one of them, as axes.flat[0]"
    else:
        seen = "None" if ax is None else f"of the type {type(ax).__name__}"
    also = ", or None for a new figure" if none else ""
    raise TypeError(
        f"ax is {seen}, but a matplotlib Axes was expected as the first argument. "
        f"Pass {advice}{also}."
    )


def names_of(names: Any, count: int, longest: int = LONGEST) -> list[str]:
    """Return names (count,), long ones shortened; without any they are feature 0, feature 1, ...

    They may also be a DataFrame, for its columns, or a fitted model or transformer, for its
    get_feature_names_out() or feature_names_in_.
    """
    if hasattr(names, "columns"):
        names = column_names(names)
    elif hasattr(names, "get_feature_names_out"):
        names = names.get_feature_names_out()
    elif hasattr(names, "fit"):
        names = getattr(names, "feature_names_in_", None)
    if names is None:
        return [f"feature {j}" for j in range(count)]
    given = check_names("names", names, count, "of what is shown")
    return [shortened(name, longest) for name in given]


def tick_names(axis: Axis, places: Any, names: Sequence[str], **style: Any) -> None:
    """Write names beside an axis as they are."""
    axis.set_ticks(places, labels=list(names), parse_math=False, **style)


def legend_of(ax: Axes, handles: Sequence[Any], texts: Sequence[str], **style: Any) -> None:
    """Draw a legend whose texts are as they are."""
    legend = ax.legend(list(handles), ["."] * len(texts), **{"frameon": False, **style})
    for shown, text in zip(legend.get_texts(), texts, strict=True):
        shown.set_parse_math(False)
        shown.set_text(text)


def mixed(colour: str, share: Any) -> FloatArray:
    """Return the colour mixed with white, (..., 3): white where share is 0, pure where it is 1."""
    shares = np.asarray(share, dtype=np.float64)[..., None]
    return 1.0 - shares * (1.0 - np.array(to_rgb(colour)))


def readable_on(background: Any) -> str:
    """Return black or white, whichever stands out more from an RGB colour.

    By the contrast of luminances (WCAG 2): above 0.179 black is the better one.

    >>> readable_on((1.0, 1.0, 1.0)), readable_on((0.0, 0.2, 0.5))
    ('black', 'white')
    """
    c = np.asarray(background, dtype=np.float64)[:3]
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return "black" if float(linear @ [0.2126, 0.7152, 0.0722]) > 0.179 else "white"


def fitting_size(texts: Sequence[str], width: float, height: float, largest: float = 10.0) -> float:
    """Return the font size at which each of the texts fits a box of width and height in points."""
    widest = max(text_width(text, 1.0) for text in texts)
    lines = max(text.count("\n") + 1 for text in texts)
    return min(largest, 0.85 * width / max(widest, 1e-9), 0.85 * height / (1.25 * lines))


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Return the width and the height of an Axes, as it is now."""
    area, dpi = ax.get_window_extent(), ax.figure.dpi
    return area.width * 72 / dpi, area.height * 72 / dpi
