"""Shapley values of forests timed, beside the shap package's compiled TreeExplainer on scikit-learn's.

The explainer is made before the clock starts, and does not check its sums. Both forests grow on the
same data to the same depth; that they are alike is to be seen by the number of nodes. Without the
shap package, which nothing else here needs, ours is timed alone.

Notation: n rows, t trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, NamedTuple

from benchmarks.speed_data import DATA
from benchmarks.speed_trees import BUDGET, OURS, THEIRS, Cell, count_nodes, make
from benchmarks.timing import best_times
from mlcore.inspection import tree_shap

KIND, DEPTH = "make_classification", 6
TREES, QUICK_TREES = 100, 10
SIZES, QUICK_SIZES = (1_000, 10_000), (1_000,)
TARGET = 1.0  # how many times faster than compiled code ours should be: no slower


class Line(NamedTuple):
    """ms of theirs, None if not installed, and of ours, and the nodes of both."""

    n: int
    trees: int
    theirs: float | None
    ours: float
    nodes_theirs: int | None
    nodes_ours: int

    @property
    def ratio(self) -> float | None:
        """How many times faster ours is."""
        return None if self.theirs is None else self.theirs / self.ours

    @property
    def reached(self) -> bool:
        """Whether ours is as fast as aimed at, as printed; so where nothing is beside it."""
        return self.ratio is None or round(self.ratio, 2) >= TARGET

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return self._asdict() | {"ratio": self.ratio, "target": TARGET, "reached": self.reached}


def shap_lines(
    trees: int, sizes: Iterable[int], grown_on: int, repeats: int, explainers: dict[str, Callable]
) -> Iterator[Line]:
    """Yield a line for each number of new rows; explainers make of a model what explains rows."""
    sizes = list(sizes)
    cell = Cell(KIND, grown_on, trees, (("max_depth", DEPTH),))
    X, y = DATA[KIND](grown_on + max(sizes))
    models = {who: make(who, cell).fit(X[:grown_on], y[:grown_on]) for who in explainers}
    nodes = {who: count_nodes(model) for who, model in models.items()}
    explain = {who: make_one(models[who]) for who, make_one in explainers.items()}
    for n in sizes:
        rows = X[grown_on : grown_on + n]
        turns = {who: partial(one, rows) for who, one in explain.items()}
        times = best_times(turns, repeats, BUDGET)
        yield Line(n, trees, times.get(THEIRS), times[OURS], nodes.get(THEIRS), nodes[OURS])


def explainers() -> dict[str, Callable]:
    """Return how each explains a model: theirs only if the package is installed."""
    return ({THEIRS: theirs} if find_spec("shap") else {}) | {OURS: ours}


def theirs(model: Any) -> Callable[[Any], Any]:
    """Return what gives Shapley values of rows under scikit-learn's model, by the shap package."""
    from shap import TreeExplainer

    explainer = TreeExplainer(model, feature_perturbation="tree_path_dependent")
    return partial(explainer.shap_values, check_additivity=False)


def ours(model: Any) -> Callable[[Any], Any]:
    """Return what gives Shapley values of rows under our model."""
    return partial(tree_shap, model)


def show(lines: list[Line]) -> str:
    """Return the table."""
    trees = lines[0].trees
    beside = f"shap {version('shap')}" if lines[0].theirs is not None else "shap is not installed"
    head = (
        f"TreeSHAP: {trees} trees, depth {DEPTH}: ms for n rows ({beside})\n"
        f"{'n':>8}{'shap':>11}{'ours':>10}{'times faster':>14}{'target':>8}{'nodes':>10}{'ours':>10}"
    )
    return "\n".join([head, *map(show_line, lines)])


def show_line(line: Line) -> str:
    """Return one row, marked if the target was missed."""
    beside, ratio = (f"{v:.2f}" if v is not None else "-" for v in (line.theirs, line.ratio))
    nodes = "-" if line.nodes_theirs is None else line.nodes_theirs
    return (
        f"{line.n:8}{beside:>11}{line.ours:10.2f}{ratio:>14}{TARGET:8g}{nodes:>10}"
        f"{line.nodes_ours:10}{'' if line.reached else '  below'}"
    )
