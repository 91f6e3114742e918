"""How the report draws: its look, its colours, and figures as inline SVG.

No script, nothing fetched, readable without colour. Text from the data is drawn as it is, never
taken for formulas, and every chart carries a title and a description for those who cannot see it.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from mlcore.checks import FloatArray
from mlcore.metrics import roc_curve
from risk.text import printable

# Okabe & Ito's colours, which most colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#777777"
LOOK: Any = {
    "font.size": 9,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "text.parse_math": False,  # a column named "$x$" is a name, not a formula
}


@contextmanager
def figure(width: float, height: float) -> Iterator[Figure]:
    """Give an empty figure in the report's look, whatever the user's settings; sizes in inches."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(LOOK)
        yield Figure(figsize=(width, height), layout="constrained")


def to_svg(fig: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element; ``name`` keeps its ids apart from other charts'."""
    FigureCanvasSVG(fig)
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name}), warnings.catch_warnings():
        # A letter that matplotlib's font lacks is still text in the SVG, drawn by the browser.
        warnings.filterwarnings("ignore", message="Glyph")
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = printable(buffer.getvalue())
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-")
    stop = "" if title.endswith("?") else "."
    label = html.escape(f"{title}{stop} {description}", quote=True)
    opening = f'<svg role="img" aria-label="{label}" class="chart" '
    head = f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
    start, rest = svg[4:].split(">", 1)
    start = re.sub(r'(width|height)="[0-9.]+pt"', "", start)
    return f"{opening}{start.strip()}>{head}{rest}"


def short(text: str, most: int) -> str:
    """Return text cut to a length, with an ellipsis.

    >>> short("attendance", 6)
    'atten…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def gain(y: FloatArray, risk: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the share of pupils seen, and of those at risk found, from the highest risk down.

    Pupils of equal risk are seen together: between two points the list is a random one.

    >>> seen, found = gain(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.6, 0.3, 0.1]))
    >>> seen.tolist(), found.tolist()
    ([0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    false_alarms, found, _ = roc_curve(y.astype(np.int64), risk)
    return y.mean() * found + (1 - y.mean()) * false_alarms, found
