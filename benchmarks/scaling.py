"""How the time of a tree and of a forest grows with rows, features, trees and depth.

If time grows as x^e, log time is a line in log x of slope e; the line of least squares estimates it.
scikit-learn's times stand beside ours where it is installed.

Notation: n rows, d features · X (n, d) · y (n,) 0 or 1 · x (p,) the points of one axis.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.figures_file import write_json
from benchmarks.speed_trees import OURS, THEIRS, Cell, make
from benchmarks.timing import best_times
from mlcore.checks import FloatArray, IntArray
from mlcore.files import write_whole
from risk.options import at_least

BUDGET = 10.0  # seconds for the rounds of one point
NAMES = {0: "tree", 10: "forest"}  # number of trees -> name


class Axis(NamedTuple):
    """One panel: what grows, its points, the quick ones, and what stays as it is."""

    name: str
    points: tuple[int, ...]
    quick: tuple[int, ...]
    n: int = 3_000
    d: int = 20


AXES = (
    Axis("rows", (300, 1_000, 3_000, 10_000, 30_000, 100_000), (300, 1_000, 3_000)),
    Axis("features", (5, 10, 20, 40, 80), (5, 20, 80), n=3_000),
    Axis("trees", (5, 10, 20, 40, 80), (5, 10, 20), n=1_000),
    Axis("max_depth", (1, 2, 4, 8, 16), (1, 4, 16), n=10_000),
)


class Curve(NamedTuple):
    """The times in ms of one model along an axis."""

    axis: str
    model: str
    who: str
    x: list[int]
    ms: list[float]

    @property
    def exponent(self) -> float:
        """The slope of log time on log x."""
        return slope(np.log(self.x), np.log(self.ms))


def slope(x: FloatArray, y: FloatArray) -> float:
    """Return the slope of the line of least squares: covariance over variance.

    >>> slope(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    2.0
    """
    away = x - x.mean()
    return float(away @ y / (away @ away))


def table(n: int, d: int) -> tuple[FloatArray, IntArray]:
    """Return X (n, d) of normal columns and y (n,): whether five of them and noise exceed 0."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    return X, (X[:, :5].sum(axis=1) + rng.normal(size=n) > 0).astype(np.int64)


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``scaling`` to the command line."""
    command = commands.add_parser("scaling", help="how the time of trees and forests grows")
    command.add_argument("--quick", action="store_true", help="fewer and smaller points")
    command.add_argument(
        "--repeats", type=at_least(1), metavar="N", help="rounds, the best counts (5; quick 2)"
    )
    command.add_argument("--plot", metavar="OUT.png", help="draw the four panels")
    command.add_argument("--json", metavar="OUT", help="write the figures as JSON as well")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Time every axis, print the exponents and write what was asked for."""
    contestants = [OURS, THEIRS] if find_spec("sklearn") else [OURS]
    repeats = options.repeats or (2 if options.quick else 5)
    curves: list[Curve] = []
    for axis in AXES:
        found = measure(axis, axis.quick if options.quick else axis.points, contestants, repeats)
        print(("" if not curves else "\n") + show(found), flush=True)
        curves += found
    try:
        rows = [curve._asdict() | {"exponent": curve.exponent} for curve in curves]
        write_json(options.json, rows)
        if options.plot:
            draw(curves, options.plot)
    except (OSError, ValueError) as error:  # matplotlib refuses an unknown kind of picture
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0


def measure(
    axis: Axis, points: Sequence[int], contestants: Sequence[str], repeats: int
) -> list[Curve]:
    """Return the curve of each model and contestant along an axis."""
    curves = []
    for trees, model in NAMES.items():
        if axis.name == "trees" and trees == 0:
            continue
        times = [best_at(axis, x, trees, contestants, repeats) for x in points]
        curves += [
            Curve(axis.name, model, who, list(points), [ms[who] for ms in times])
            for who in contestants
        ]
    return curves


def best_at(
    axis: Axis, x: int, trees: int, contestants: Sequence[str], repeats: int
) -> dict[str, float]:
    """Return the best times in ms at one point of an axis."""
    n, d = (x if axis.name == "rows" else axis.n), (x if axis.name == "features" else axis.d)
    params = (("max_depth", x),) if axis.name == "max_depth" else ()
    cell = Cell("two classes", n, x if axis.name == "trees" else trees, params)
    X, y = table(n, d)

    def turn(who: str) -> None:
        make(who, cell).fit(X, y)

    turns: dict[str, Callable[[], object]] = {who: partial(turn, who) for who in contestants}
    return best_times(turns, repeats, BUDGET)


def show(curves: list[Curve]) -> str:
    """Return the table of one axis: times in ms, and the exponent."""
    points = "".join(f"{x:10}" for x in curves[0].x)
    rows = [
        f"{f'{curve.model}, {curve.who}':16}"
        + "".join(f"{ms:10.2f}" for ms in curve.ms)
        + f"{curve.exponent:10.2f}"
        for curve in curves
    ]
    return "\n".join([f"{curves[0].axis:16}{points}{'exponent':>10}", *rows])


def draw(curves: list[Curve], path: str) -> None:
    """Draw a panel for each axis, both scales logarithmic, so that an exponent is a slope."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(9, 7), layout="constrained")
    for axis, panel in zip(AXES, panels.flat, strict=True):
        own = [curve for curve in curves if curve.axis == axis.name]
        for curve in own:
            panel.loglog(
                curve.x,
                curve.ms,
                marker="o" if curve.who == OURS else "s",
                linestyle="-" if curve.who == OURS else "--",
                color="C0" if curve.model == "tree" else "C1",
                label=f"{curve.model}, {name(curve.who)}: {curve.exponent:.2f}",
            )
        panel.set_xticks(own[0].x, labels=[f"{x:g}" for x in own[0].x])
        panel.minorticks_off()
        panel.set(xlabel=axis.name, ylabel="ms")
        panel.legend(title="exponent", fontsize="small")
    with write_whole(path) as file:
        figure.savefig(file, format=Path(path).suffix[1:] or "png")
    plt.close(figure)


def name(who: str) -> str:
    """Return the name of a contestant."""
    return "mlcore" if who == OURS else "scikit-learn"
