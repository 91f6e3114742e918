"""Logistic regression timed: whole fits beside scikit-learn's, to the same accuracy.

Each contestant stops by a ``tol`` of its own meaning, so each gets the loosest one with which its
answer passes the same check: no entry of the mean loss's gradient above GRADIENT.

Notation: n rows, d features · X (n, d) · y (n,) 0 or 1 · v (d,) and r (n,) vectors of the floor.
"""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks.timing import best_times
from mlcore import LogisticRegression
from mlcore.checks import FloatArray, IntArray

Cell = tuple[int, int]  # n, d
Table = Callable[[int, int], tuple[FloatArray, IntArray]]  # n, d -> X, y
Maker = Callable[[float], Any]  # tol -> an estimator that is not fitted yet

GRADIENT = 1e-6  # every contestant's answer must have a gradient this small
LEAST_TOL = 1e-15  # a smaller one asks for less than rounding leaves
MOST_STEPS = 10_000  # so that nobody is stopped before the gradient is small
MEMORY = 1.5  # most extra memory of a fit, in sizes of X
OURS = "ours"


class Tuned(NamedTuple):
    """A contestant's loosest tol that passes the check, the gradient it left, and its steps."""

    tol: float
    gradient: float
    steps: int


class Line(NamedTuple):
    """One cell of the table: times in ms, ours first, and what each answer's gradient was."""

    n: int
    d: int
    times: dict[str, float]
    floor: float
    steps: int
    tols: dict[str, float]
    gradients: dict[str, float]

    @property
    def missed(self) -> list[str]:
        """The contestants whose answer failed the check."""
        return [name for name, gradient in self.gradients.items() if not gradient <= GRADIENT]

    @property
    def ratio(self) -> float | None:
        """Our time as a share of the best of the others that passed; None if there is none."""
        others = set(self.times) - {OURS, *self.missed}
        if OURS in self.missed or not others:
            return None
        return self.times[OURS] / min(self.times[name] for name in others)

    @property
    def as_quick(self) -> bool:
        """Whether ours is no slower than the best of the others."""
        return self.ratio is not None and self.ratio <= 1.0


class MemoryLine(NamedTuple):
    """Most extra memory of our fit in one cell, in sizes of X, and what one copy would be."""

    n: int
    d: int
    extra: float
    one_copy: float


def two_classes(n: int, d: int) -> tuple[FloatArray, IntArray]:
    """Return X (n, d) and y (n,) of scikit-learn's generator, half the columns informative."""
    from sklearn.datasets import make_classification

    X, y = make_classification(n, d, n_informative=d // 2, n_redundant=0, random_state=0)
    return X, y


def independent(n: int, d: int) -> tuple[FloatArray, IntArray]:
    """Return X (n, d) of independent normal columns and y (n,) of a logistic model: an easy case.

    Nothing has to be learnt of such columns before a step is good, so that the others need few.
    """
    rng = np.random.default_rng(1)
    X, beta = rng.normal(size=(n, d)), rng.normal(size=d) / np.sqrt(d)
    return X, (X @ beta + rng.logistic(size=n) > 0).astype(np.int64)


def logistic_makers() -> dict[str, Maker]:
    """Return the contestants by name, ours first; none has a penalty."""
    from sklearn.linear_model import LogisticRegression as Theirs

    def theirs(solver: str) -> Maker:
        return lambda tol: Theirs(C=np.inf, solver=solver, tol=tol, max_iter=MOST_STEPS)

    return {
        OURS: lambda tol: LogisticRegression(tol=tol, max_iter=MOST_STEPS),
        "lbfgs": theirs("lbfgs"),
        "newton-cholesky": theirs("newton-cholesky"),
    }


def logistic_lines(cells: Sequence[Cell], repeats: int, table: Table | None = None) -> list[Line]:
    """Return the lines of logistic regression, each contestant's tol tuned beforehand, untimed."""
    makers = logistic_makers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [logistic_line(makers, *(table or two_classes)(n, d), repeats) for n, d in cells]


def logistic_line(makers: dict[str, Maker], X: FloatArray, y: IntArray, repeats: int) -> Line:
    """Tune, then time all contestants and the floor in turn on one table."""
    tuned = {name: tighten(make, X, y) for name, make in makers.items()}
    steps = tuned[OURS].steps
    turns: dict[str, Callable[[], object]] = {
        name: lambda make=make, tol=tuned[name].tol: make(tol).fit(X, y)  # type: ignore[misc]
        for name, make in makers.items()
    }
    turns["floor"] = floor(X, steps)
    times = best_times(turns, repeats)
    n, d = X.shape
    return Line(
        n,
        d,
        floor=times.pop("floor"),
        times=times,
        steps=steps,
        tols={name: found.tol for name, found in tuned.items()},
        gradients={name: found.gradient for name, found in tuned.items()},
    )


def tighten(make: Maker, X: FloatArray, y: IntArray) -> Tuned:
    """Return the loosest of the tols GRADIENT, GRADIENT / 3, ... whose answer passes the check.

    If none down to LEAST_TOL does, the one that came nearest.
    """
    tol, nearest = GRADIENT, Tuned(GRADIENT, np.inf, 0)
    while tol >= LEAST_TOL:
        model = make(tol).fit(X, y)
        gradient = largest_gradient(X, y, model.coef_, model.intercept_)
        if gradient < nearest.gradient:
            nearest = Tuned(tol, gradient, int(np.max(model.n_iter_)))
        if gradient <= GRADIENT:
            break
        tol /= 3
    return nearest


def largest_gradient(X: FloatArray, y: IntArray, coef: FloatArray, intercept: FloatArray) -> float:
    """Return the largest entry, in size, of the gradient of mean(log(1 + exp(z)) - y z).

    With z = X coef + intercept and P = sigmoid(z) it is Xᵀ(P - y) / n, and mean(P - y) for the
    intercept. Worked out here, not by mlcore, so that the check owes nothing to a contestant.
    """
    z = X @ np.ravel(coef) + float(np.ravel(intercept)[0])
    residual = 0.5 * (1 + np.tanh(z / 2)) - y  # this sigmoid never overflows
    return float(max(np.abs(residual @ X).max() / len(y), abs(residual.mean())))


def floor(X: FloatArray, steps: int) -> Callable[[], object]:
    """Return what no descent of so many steps can do without: X v and r X, that many times."""
    rng = np.random.default_rng(0)
    r, v = (rng.normal(size=size) for size in X.shape)

    def products() -> None:
        for _ in range(steps):
            X @ v
            r @ X

    return products


def memory_lines(cells: Sequence[Cell]) -> list[MemoryLine]:
    """Return the extra memory of our fit in each cell."""
    lines = []
    for n, d in cells:
        X, y = two_classes(n, d)
        lines.append(MemoryLine(n, d, extra_memory(X, y), (d + 1) / d))
    return lines


def extra_memory(X: FloatArray, y: IntArray) -> float:
    """Return the most memory that our fit held at once beside X, in sizes of X."""
    tracemalloc.start()
    try:
        LogisticRegression(tol=GRADIENT).fit(X, y)
        return tracemalloc.get_traced_memory()[1] / X.nbytes
    finally:
        tracemalloc.stop()


def show(lines: list[Line], kind: str = "make_classification") -> str:
    """Return the table of logistic regression on one kind of data."""
    names = list(lines[0].times)
    columns = "".join(f"{name:>{width(name)}}" for name in names)
    head = (
        f"Logistic regression, {kind}: ms of a whole fit to a gradient of at most {GRADIENT:g}\n"
        f"{'n x d':>12}{columns}{'floor':>9}{'ratio':>7}{'steps':>7}{'gradient':>10}"
        f"{'theirs':>9}  ratio <= 1"
    )
    return "\n".join([head, *map(show_line, lines)])


def show_line(line: Line) -> str:
    """Return one row; "theirs" is the largest gradient among the others."""
    times = "".join(f"{ms:{width(name)}.2f}" for name, ms in line.times.items())
    ratio = "-" if line.ratio is None else f"{line.ratio:.2f}"
    theirs = max(gradient for name, gradient in line.gradients.items() if name != OURS)
    missed = f", gradient not reached by {', '.join(line.missed)}" if line.missed else ""
    return (
        f"{f'{line.n} x {line.d}':>12}{times}{line.floor:9.2f}{ratio:>7}{line.steps:7}"
        f"{line.gradients[OURS]:10.1e}{theirs:9.1e}  {'yes' if line.as_quick else 'NO'}{missed}"
    )


def width(name: str) -> int:
    """Return the width of a contestant's column."""
    return max(9, len(name) + 2)


def show_memory(lines: list[MemoryLine]) -> str:
    """Return the table of memory."""
    head = (
        "Logistic regression: most extra memory of our fit, in sizes of X\n"
        f"{'n x d':>12}{'extra':>9}{'one copy':>10}  extra <= {MEMORY:g}"
    )
    rows = [
        f"{f'{line.n} x {line.d}':>12}{line.extra:9.2f}{line.one_copy:10.2f}"
        f"  {'yes' if line.extra <= MEMORY else 'NO'}"
        for line in lines
    ]
    return "\n".join([head, *rows])
