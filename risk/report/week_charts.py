"""The two pictures people look at first: how early the lists are good, and whom they find.

Lines are named where they end, so that no legend has to be matched by colour, and they differ in
dash as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FormatStrFormatter, PercentFormatter

from mlcore.calibration import isotonic_regression
from mlcore.checks import FloatArray
from risk.evaluation.weeks import Weekly
from risk.report.drawing import BLUE, GREEN, ORANGE, figure, gain, short, to_svg

BLACK, PALE = "0.1", "0.62"
# The chosen colours of the other charts; the two that lie closest together differ most in dash.
STYLES: dict[str, dict[str, Any]] = {
    "oracle": {"color": BLACK, "linestyle": "-", "linewidth": 1.6},
    "logistic_regression": {"color": BLUE, "linestyle": "-", "linewidth": 2.2},
    "decision_tree": {"color": ORANGE, "linestyle": (0, (4, 1.6)), "linewidth": 2.0},
    "random_forest": {"color": GREEN, "linestyle": (0, (6, 1.5, 1.2, 1.5)), "linewidth": 2.2},
}
RANDOM: dict[str, Any] = {"color": PALE, "linestyle": (0, (1, 2)), "linewidth": 1.0}
SIZE = (7.0, 4.2)  # inches; 700 pixels in the report and in README


def auc_by_week(weekly: Weekly) -> str:
    """Return the AUC over the weeks as SVG: models with their intervals, baselines, the oracle."""
    with figure(*SIZE) as fig:
        draw_auc_by_week(fig.subplots(), weekly)
        last = weekly.weeks[-1]
        ends = ", ".join(
            f"{weekly.titles[name]} {weekly.of(name)[last].auc:.2f}"
            for name in weekly.titles
            if last in weekly.of(name)
        )
        return to_svg(
            fig, "auc-by-week", "How early is it good enough?",
            f"The AUC by week, {weekly.split.sentence}. In week {last}: {ends}.",
        )  # fmt: skip


def draw_auc_by_week(ax: Axes, weekly: Weekly) -> Axes:
    """Draw the AUC of everything at the end of each week, and name each line where it ends."""
    ends = []
    for name, title in weekly.titles.items():
        by_week = weekly.of(name)
        weeks = list(by_week)
        auc = [e.auc for e in by_week.values()]
        style = STYLES.get(name, {"color": PALE, "linestyle": "-", "linewidth": 1.0})
        ax.plot(weeks, auc, zorder=3 if name in STYLES else 1, **style)
        if name in weekly.names("model"):
            low, high = np.transpose([e.auc_interval for e in by_week.values()])
            ax.fill_between(weeks, low, high, color=style["color"], alpha=0.13, linewidth=0)
        ink = style["color"] if name in STYLES else "0.4"
        ends.append((auc[-1], f"{title} {auc[-1]:.2f}", ink, name in STYLES))
    low = min(0.5, *(y for y, *_ in ends))
    ax.set_ylim(low - 0.012, 1.0)
    label_ends(ax, ends)
    first, last = weekly.weeks[0], weekly.weeks[-1]
    ax.set_xlim(first, last)
    ax.xaxis.set_major_locator(FixedLocator(weekly.weeks[:: max(1, len(weekly.weeks) // 10)]))
    ax.yaxis.set_major_formatter(FormatStrFormatter("%.1f"))
    ax.yaxis.set_major_locator(FixedLocator([0.5, 0.6, 0.7, 0.8, 0.9, 1.0]))
    ax.grid(axis="y", color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("What is known at the end of week")
    tested = short(weekly.split.sentence, 60)
    of = f"of {len(weekly.pupils):,} pupils, {tested}, with 95 % intervals"
    head(ax, "How early is it good enough?", f"AUC (0.5 chance, 1 perfect) {of}")
    return ax


def label_ends(ax: Axes, ends: Sequence[tuple[float, str, str, bool]]) -> None:
    """Write each line's name to the right of its end, apart from the others, with a thin leader.

    An end is (y, text, colour, whether it matters).
    """
    low, high = ax.get_ylim()
    places = apart(np.array([y for y, *_ in ends]), 0.056 * (high - low))
    beside = (
        ax.get_yaxis_transform()
    )  # x from 0 at the left of the axes to 1 at the right, y in AUC
    for (y, text, color, matters), place in zip(ends, places, strict=True):
        ax.plot([1.005, 1.03], [y, place], transform=beside, color=color if matters else PALE, linewidth=0.7,
                clip_on=False)  # fmt: skip
        ax.text(1.04, place, text, transform=beside, color=color, va="center",
                fontweight="bold" if matters else "normal")  # fmt: skip


def apart(y: FloatArray, gap: float) -> FloatArray:
    """Return the places nearest to y, in the sense of least squares, that lie gap apart.

    >>> apart(np.array([0.5, 0.9, 0.5]), 0.1).round(2).tolist()
    [0.45, 0.9, 0.55]
    """
    order = np.argsort(y, kind="stable")
    steps = gap * np.arange(len(y))
    places = np.empty(len(y))
    places[order] = isotonic_regression(y[order] - steps) + steps
    return places


def head(ax: Axes, title: str, below: str) -> None:
    """Write the question a chart answers, and under it what is drawn."""
    ax.set_title(f"{title}\n", loc="left", fontsize=12, fontweight="bold", pad=8)
    ax.annotate(below, (0, 1), (0, 9), xycoords="axes fraction", textcoords="offset points",
                color="0.35", fontsize=8.5, annotation_clip=False)  # fmt: skip


def found_by_seeing(weekly: Weekly, week: int) -> str:
    """Return the share found of those at risk against the share seen as SVG, at one week."""
    with figure(*SIZE) as fig:
        draw_found(fig.subplots(), weekly, week)
        found = ", ".join(
            f"{weekly.titles[name]} {found_of(weekly, name, week):.0%}"
            for name in shown_in(weekly, week)
        )
        return to_svg(
            fig, "found-by-seeing", "How many pupils have to be seen?",
            f"Of the pupils at risk, the share found by seeing those of highest risk, by what is "
            f"known in week {week}. By seeing {weekly.share:.0%}: {found}, a random list "
            f"{weekly.share:.0%}.",
        )  # fmt: skip


def shown_in(weekly: Weekly, week: int) -> list[str]:
    """Return the oracle and the models that have figures in a week."""
    names = weekly.names("oracle") + weekly.names("model")
    return [name for name in names if week in weekly.of(name)]


def found_of(weekly: Weekly, name: str, week: int) -> float:
    """Return the share found of those at risk by seeing as many as can be seen."""
    return float(np.interp(weekly.share, *gain(weekly.at_risk, weekly.of(name)[week].risk)))


def draw_found(ax: Axes, weekly: Weekly, week: int) -> Axes:
    """Draw the share found of those at risk against the share of the pupils seen, at one week."""
    share, names = weekly.share, shown_in(weekly, week)
    ax.plot([0, 1], [0, 1], **RANDOM)
    ax.plot([share], [share], marker="o", markersize=4, color=PALE)
    ax.axvline(share, color="0.7", linewidth=1.0, zorder=0)
    ax.text(share + 0.012, 0.02, f"{share:.0%} can be seen", color="0.4", fontsize=8.5)
    for name in names:
        seen, found = gain(weekly.at_risk, weekly.of(name)[week].risk)
        ax.plot(seen, found, zorder=2, **STYLES[name])
        ax.plot([share], [found_of(weekly, name, week)], marker="o", markersize=4.5, zorder=3,
                color=STYLES[name]["color"])  # fmt: skip
    key(ax, weekly, week)
    ax.set(xlim=(0, 1), ylim=(0, 1.005), xlabel="Pupils seen, those of highest risk first",
           ylabel="Found, of those who end at risk")  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    ax.grid(color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(length=0)
    tested = short(weekly.split.sentence, 60)
    head(ax, "How many pupils have to be seen?",
         f"By what is known at the end of week {week}; {len(weekly.pupils):,} pupils, {tested}")  # fmt: skip
    return ax


def key(ax: Axes, weekly: Weekly, week: int) -> None:
    """Write under the diagonal what each line finds at the capacity, beside a piece of the line."""
    found = {name: found_of(weekly, name, week) for name in shown_in(weekly, week)}
    lines = [("A random list", weekly.share, RANDOM)]
    for name in sorted(found, key=found.__getitem__):
        lines.append((weekly.titles[name], found[name], STYLES[name]))
    for j, (title, share, style) in enumerate(lines):
        y, weight = 0.06 + 0.068 * j, "bold" if j else "normal"
        ink = style["color"] if j else "0.4"
        ax.plot([0.555, 0.635], [y + 0.012, y + 0.012], **style)
        ax.text(0.65, y, title, color=ink, fontweight=weight)
        ax.text(0.985, y, f"{share:.0%}", color=ink, ha="right", fontweight=weight)
    y = 0.06 + 0.068 * len(lines)
    ax.text(0.555, y, f"Found by seeing {weekly.share:.0%}", color="0.35")
