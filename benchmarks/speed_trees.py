"""Trees and forests timed: whole fits to full depth and predictions, beside scikit-learn's.

Both grow in turns on the same data. That they do the same work is to be seen by the number of nodes:
they need not be equal, as scikit-learn breaks ties at random and rounds X to float32.

Notation: n rows, t trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from benchmarks.speed_data import DATA
from benchmarks.timing import best_times

OURS, THEIRS = "ours", "theirs"
BUDGET = 20.0  # seconds for the rounds of one cell
ONE = 0  # trees of a lone tree, which is no forest
GROWN_ON = 10_000  # rows behind the trees whose predictions are timed
QUICK_GROWN_ON = 1_000

# How many times faster ours should be, by kind of data and n.
TREE_TARGETS = {
    "make_classification": {1_000: 2.5, 10_000: 4.0, 100_000: 4.0},
    "school": {1_000: 1.0, 10_000: 1.5, 100_000: 1.5},
}
FOREST_TARGETS = {
    "make_classification": {300: 5.0, 1_000: 3.0, 10_000: 2.5, 100_000: 2.5},
    "school": {300: 4.0, 1_000: 2.0, 10_000: 1.3, 100_000: 1.3},
}
OTHER_TARGET, PREDICTION_TARGET = 1.5, 1.0


class Cell(NamedTuple):
    """What is timed: kind of data, rows, trees (ONE for a lone tree) and other parameters."""

    kind: str
    n: int
    trees: int = ONE
    params: tuple[tuple[str, Any], ...] = ()
    target: float | None = None


class Line(NamedTuple):
    """One cell of a table: ms of theirs and ours, the nodes of both, and the ratio aimed at."""

    what: str
    n: int
    trees: int
    theirs: float
    ours: float
    nodes_theirs: int
    nodes_ours: int
    target: float | None

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs / self.ours

    @property
    def reached(self) -> bool:
        """Whether ours is as fast as aimed at, as printed; so where nothing was."""
        return self.target is None or round(self.ratio, 2) >= self.target

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return self._asdict() | {"ratio": self.ratio, "reached": self.reached}


def make(who: str, cell: Cell) -> Any:
    """Return a model of ours or theirs for a cell, not fitted yet."""
    modules = ("mlcore", "mlcore") if who == OURS else ("sklearn.tree", "sklearn.ensemble")
    trees, ensembles = map(import_module, modules)
    kind = "Regressor" if cell.kind == "regression" else "Classifier"
    params = dict(cell.params)
    if cell.trees == ONE:
        return getattr(trees, f"DecisionTree{kind}")(random_state=0, **params)
    forest = getattr(ensembles, f"RandomForest{kind}")
    return forest(n_estimators=cell.trees, random_state=0, **params)


def count_nodes(model: Any) -> int:
    """Return the number of nodes of a tree, or of all trees of a forest, of ours or theirs."""
    if hasattr(model, "tree_"):
        return int(model.tree_.node_count)
    trees = model.trees_ if hasattr(model, "trees_") else [tree.tree_ for tree in model]
    return sum(int(tree.node_count) for tree in trees)


def fit_lines(cells: Iterable[Cell], repeats: int) -> Iterator[Line]:
    """Yield the line of each cell: whole fits."""
    for cell in cells:
        X, y = DATA[cell.kind](cell.n)
        fitted: dict[str, Any] = {}

        def turn(who: str, cell: Cell = cell, X: Any = X, y: Any = y, fitted: Any = fitted) -> None:
            fitted[who] = make(who, cell).fit(X, y)

        times = race(turn, repeats)
        nodes = {who: count_nodes(model) for who, model in fitted.items()}
        yield line_of(cell, describe(cell), times, nodes)


def prediction_lines(
    cells: Iterable[Cell], sizes: Iterable[int], grown_on: int, repeats: int
) -> Iterator[Line]:
    """Yield lines of predict and predict_proba on new rows, of models grown on grown_on rows."""
    sizes = list(sizes)
    for cell in cells:
        X, y = DATA[cell.kind](grown_on + max(sizes))
        models = {who: make(who, cell).fit(X[:grown_on], y[:grown_on]) for who in (THEIRS, OURS)}
        nodes = {who: count_nodes(model) for who, model in models.items()}
        for n in sizes:
            rows = X[grown_on : grown_on + n]
            for method in ("predict", "predict_proba"):

                def turn(
                    who: str, method: str = method, rows: Any = rows, models: Any = models
                ) -> None:
                    getattr(models[who], method)(rows)

                times = race(turn, repeats)
                yield line_of(cell._replace(n=n), method, times, nodes)


def race(turn: Callable[[str], None], repeats: int) -> dict[str, float]:
    """Return the best times in ms of theirs and ours, taken in turns."""
    turns: dict[str, Callable[[], object]] = {who: partial(turn, who) for who in (THEIRS, OURS)}
    return best_times(turns, repeats, BUDGET)


def line_of(cell: Cell, what: str, times: dict[str, float], nodes: dict[str, int]) -> Line:
    """Return the line of a cell."""
    return Line(
        what, cell.n, cell.trees or 1,
        times[THEIRS], times[OURS], nodes[THEIRS], nodes[OURS], cell.target,
    )  # fmt: skip


def describe(cell: Cell) -> str:
    """Return kind of data and other parameters; n_jobs is told by the title."""
    shown = [
        f"{name}={f'{value:.2f}' if isinstance(value, float) else value}"
        for name, value in cell.params
        if name != "n_jobs"
    ]
    return ", ".join([cell.kind, *shown])


def show(title: str, lines: list[Line]) -> str:
    """Return a table."""
    width = max(len(line.what) for line in lines)
    head = (
        f"{title}\n{'':{width}}{'n':>8}{'trees':>7}{'sklearn':>11}{'ours':>10}"
        f"{'times faster':>14}{'target':>8}{'nodes':>10}{'ours':>10}"
    )
    return "\n".join([head, *(show_line(line, width) for line in lines)])


def show_line(line: Line, width: int) -> str:
    """Return one row, marked if the target was missed."""
    target = "-" if line.target is None else f"{line.target:g}"
    return (
        f"{line.what:{width}}{line.n:8}{line.trees:7}{line.theirs:11.2f}{line.ours:10.2f}"
        f"{line.ratio:14.2f}{target:>8}{line.nodes_theirs:10}{line.nodes_ours:10}"
        f"{'' if line.reached else '  below'}"
    )
