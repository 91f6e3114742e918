"""The map of the skills: what builds on what, drawn left to right by grade, and as a table."""

from __future__ import annotations

import os
import textwrap
from itertools import pairwise
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve

from mlcore.files import write_whole
from mlcore.plot.style import COLOURS, check_axes, fitting_size, mixed, size_in_points
from risk.data.reading import DataError
from risk.skills.graph import GRADES, SKILLS, Skill, taught_in
from risk.skills.layout import Place, lay_out
from risk.text import in_columns

SIZE = (14.0, 6.0)  # inches, of a figure for the whole map
WIDE, HIGH = 0.74, 0.74  # of a name's box, where columns and rows are 1 apart
LINE = 15  # letters in a line of a name
INK = dict(zip(GRADES, COLOURS, strict=False))


def draw_skills(ax: Axes) -> Axes:
    """Draw the map of the skills and return the Axes, which should be twice as wide as high.

    Each box holds a skill and its standard; an arrow leads from what is needed to what needs it.

    >>> [text.get_text() for text in draw_skills(Figure(SIZE).subplots()).texts][:4]
    ['Grade 6', 'Grade 7', 'Grade 8', 'ratios']
    """
    check_axes(ax)
    y, arrows = lay_out(SKILLS)
    skills = {skill.name: skill for skill in SKILLS}
    places = {place.name: place for place in y if not place.towards}
    low, high = min(y.values()) - 0.6, max(y.values()) + 1.1
    last = max(place.column for place in y)
    ax.set(xlim=(-0.5, last + 0.5), ylim=(low, high))
    ax.axis("off")
    width, height = size_in_points(ax)
    room = WIDE * width / (last + 1), HIGH * height / (high - low)
    names = {name: textwrap.fill(name, LINE) for name in skills}
    size = fitting_size([f"{name}\n{skills[key].standard}" for key, name in names.items()], *room)
    for grade in GRADES:
        columns = [places[skill.name].column for skill in taught_in(grade)]
        draw_grade(ax, grade, min(columns), max(columns), high - 0.3, size)
    for arrow in arrows:
        draw_arrow(ax, arrow, y, INK[skills[arrow[0].name].grade], size)
    for name, place in places.items():
        draw_skill(ax, skills[name], names[name], place.column, y[place], size)
    return ax


def draw_grade(ax: Axes, grade: int, first: int, last: int, y: float, size: float) -> None:
    """Draw a grade's background over its columns, and its name on top."""
    ax.axvspan(first - 0.5, last + 0.5, color=mixed(INK[grade], 0.08), linewidth=0, zorder=0)
    ax.text((first + last) / 2, y, f"Grade {grade}", ha="center", va="center",
            fontsize=1.3 * size, fontweight="bold")  # fmt: skip


def draw_arrow(
    ax: Axes, arrow: list[Place], y: dict[Place, float], colour: str, size: float
) -> None:
    """Draw an arrow from the right of the first box through the bends to the left of the last."""
    inside = [(p.column + side * WIDE / 2, y[p]) for p in arrow for side in (-1, 1)][1:-1]
    points, codes = [inside[0]], [Curve.MOVETO]
    for k, ((x0, y0), (x1, y1)) in enumerate(pairwise(inside)):
        if k % 2:  # past a column: straight
            points.append((x1, y1))
            codes.append(Curve.LINETO)
        else:
            middle = (x0 + x1) / 2
            points += [(middle, y0), (middle, y1), (x1, y1)]
            codes += [Curve.CURVE4] * 3
    ax.add_patch(
        FancyArrowPatch(
            path=Curve(points, codes), arrowstyle="-|>", mutation_scale=1.1 * size, color=colour,
            linewidth=0.13 * size, zorder=1,
        )
    )  # fmt: skip


def draw_skill(ax: Axes, skill: Skill, name: str, x: float, y: float, size: float) -> None:
    """Draw a skill's box, with its standard under its name."""
    ax.add_patch(
        FancyBboxPatch(
            (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, boxstyle="round,pad=0,rounding_size=0.08",
            facecolor="white", edgecolor=INK[skill.grade], linewidth=0.13 * size, zorder=2,
        )
    )  # fmt: skip
    ax.text(x, y + 0.12 * HIGH, name, ha="center", va="center", fontsize=size, linespacing=1.05,
            zorder=3)  # fmt: skip
    ax.text(x, y - 0.44 * HIGH, skill.standard, ha="center", va="bottom", fontsize=0.8 * size,
            color="0.3", zorder=3)  # fmt: skip


def write_skills(path: str | os.PathLike[str]) -> None:
    """Write the map as a picture, SVG or PNG by the name's ending; DataError for any other."""
    ending = Path(path).suffix.lower()
    if ending not in (".svg", ".png"):
        raise DataError(f"{path} does not end in .svg or .png, the pictures that can be written.")
    with matplotlib.rc_context({"svg.hashsalt": "skills", "svg.fonttype": "none"}):
        figure = Figure(figsize=SIZE)
        draw_skills(figure.add_axes((0, 0, 1, 1)))
        metadata = {"Date": None} if ending == ".svg" else None
        with write_whole(path) as file:
            figure.savefig(file, format=ending[1:], dpi=150, metadata=metadata)


def skills_table() -> str:
    """Return the skills as a table of text: grade, standard, name, and what each needs.

    >>> print("\\n".join(skills_table().splitlines()[:3]))
    grade  standard  skill                       needs
    6      6.RP.A.1  ratios                      -
    6      6.RP.A.2  unit rates                  ratios
    """
    rows = [(str(s.grade), s.standard, s.name, ", ".join(s.needs) or "-") for s in SKILLS]
    return in_columns([("grade", "standard", "skill", "needs"), *rows])
