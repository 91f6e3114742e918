"""Descents as generators of points, so that a reader can watch every step, and one rule to stop.

Each solver yields where it starts and then where each step leads, without end; ``descend`` takes
points until the gradient is small. Every step is the least point of a model of J around theta,

    theta <- argmin over x of  g·(x - theta) + (x - theta)ᵀ M (x - theta) / 2 + sum(lasso |x|),

and the solvers differ in M. With M = I / step and no lasso it is theta - step g.

Notation: theta (r, p) coefficients · g (r, p) gradient · M (rp, rp) metric · L largest curvature.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from mlcore.linear.metric import (
    backtrack,
    corrected,
    lifted,
    limited_solve,
    metric,
    rescaled,
    sample,
    surest,
    uncorrelated,
)
from mlcore.linear.objective import Objective, Point
from mlcore.linear.penalties import least_of_model, least_subgradient, soft_threshold

ROWS_A_COEFFICIENT = 20  # rows that measure a curvature well enough to step by
SLOW = 0.3  # a step that leaves more of the gradient than this calls for a new measurement
STEP_PRICE = 16  # BLAS multiplies matrices so much faster than a matrix and a vector
LEAST_ROWS = 2000  # fewer save no time
LARGEST_METRIC = 500  # coefficients for which the (rp, rp) metric is still worth its cost


@dataclass(frozen=True)
class Descent:
    """What a descent leaves: its last point, its history, and why it ended.

    The end is "gradient" when no entry of the gradient exceeds tol, "rounding" when neither loss nor
    gradient falls any more though the gradient is small, else "max_iter", "callback", "not finite"
    or "no way down".
    """

    last: Point
    losses: FloatArray
    gradient_norms: FloatArray
    end: str

    @property
    def converged(self) -> bool:
        """Whether the last point is as near to the optimum as asked for, or as rounding lets it."""
        return self.end in ("gradient", "rounding")


def descend(
    points: Iterator[Point],
    tol: float,
    max_iter: int,
    callback: Callable[[Point], Any] | None = None,
) -> Descent:
    """Take points until no entry of the subgradient exceeds tol; the one rule for all solvers.

    Also stops after max_iter steps, when the loss is no longer finite, when callback(point) is
    true, and when rounding is all that still changes.
    """
    losses, norms = [], []
    end = "no way down"
    for point in points:
        losses.append(point.loss)
        norms.append(point.gradient_norm)
        called = callback is not None and bool(callback(point))
        if point.gradient_norm <= tol:
            end = "gradient"
        elif called:
            end = "callback"
        elif not np.isfinite(point.loss):
            end = "not finite"
        elif _only_rounding(losses, norms):
            end = "rounding"
        elif len(losses) > max_iter:
            end = "max_iter"
        else:
            continue
        break
    return Descent(point, np.array(losses), np.array(norms), end)


def _only_rounding(losses: list[float], norms: list[float], window: int = 30) -> bool:
    """Return whether over so many steps the loss kept 13 digits and the gradient stayed small."""
    if len(norms) <= window or norms[-1] > 1e-6:
        return False
    fell = losses[-window - 1] - losses[-1]
    smaller = min(norms[-window:]) < 0.9 * min(norms[:-window])
    return not smaller and fell <= 1e-13 * max(1.0, abs(losses[-1]))


def gradient_descent(
    objective: Objective, theta: FloatArray, learning_rate: float | None = None
) -> Iterator[Point]:
    """Step down the gradient: by a given step, or by one measured in the units of the curvature.

    With a learning_rate this is the textbook's theta <- theta - learning_rate g, followed by a
    soft threshold for the lasso (proximal gradient, ISTA). Without one M is the curvature of J,
    which makes a step equally good in all directions, but measured cheaply: on a sample of rows;
    each step corrects it by what it met on its way; and only where a step leaves over 0.3 of the
    gradient is it measured anew, on four times as many rows. A step that does not lower J enough
    is halved (Armijo). Many rows are begun from the answer of the sample. A lasso wants the
    curvature of all rows, but only of the columns in use: that is ``newton``. For more coefficients
    than LARGEST_METRIC M is not written down: the last 20 corrections stand for it (L-BFGS), and if
    150 steps do not get there, Newton's do while a few thousand coefficients are not exceeded.
    Cost: two (n, p) products a step, and O(rows p² r²) a measurement.
    Sources: Byrd, Chin, Neveitt & Nocedal (2011), On the use of stochastic Hessian information;
    Nocedal & Wright, Numerical Optimization, algorithms 3.1, 6.1 and 7.5.
    """
    if learning_rate is not None:
        return _plain(objective, theta, learning_rate)
    if objective.has_corners:
        return newton(objective, theta)
    if objective.n_coefficients > LARGEST_METRIC:
        return _many(objective, theta)
    return _scaled(objective, theta)


def _plain(objective: Objective, theta: FloatArray, learning_rate: float) -> Iterator[Point]:
    """Yield the points of theta <- soft_threshold(theta - learning_rate g)."""
    while True:
        here = objective.at(theta)
        yield here
        theta = shrunk_step(objective, theta, here.gradient, learning_rate)


def shrunk_step(objective: Objective, theta: FloatArray, g: FloatArray, step: float) -> FloatArray:
    """Return the model's least point for M = I / step: a gradient step, then a soft threshold."""
    moved = theta - step * g
    return soft_threshold(moved, step * objective.lasso) if objective.lasso.any() else moved


def _scaled(objective: Objective, theta: FloatArray) -> Iterator[Point]:
    """Yield the points of a descent in a metric that is measured only when it is needed.

    The first metric is what the curvature would be if the columns did not go together.
    """
    here = objective.at(theta)
    yield here
    M, rough = np.diag(uncorrelated(objective)), True
    rows = max(LEAST_ROWS, ROWS_A_COEFFICIENT * objective.n_coefficients)
    if 10 * rows <= len(objective.A):
        some = objective.at(theta), M
        part = sample(objective, rows)
        for some in itertools.islice(_steps(part, part.at(theta), M, rough), 12):
            if some[0].gradient_norm <= 1e-3:
                break
        start = objective.at(some[0].theta)
        if start.loss < here.loss:  # not so when the sample misleads, as with very few positives
            here, M, rough = start, lifted(some[1], objective.n_scores), False
            yield here
        del part, some
    for point, _ in _steps(objective, here, M, rough):
        yield point


def _steps(
    objective: Objective, here: Point, M: FloatArray, rough: bool
) -> Iterator[tuple[Point, FloatArray]]:
    """Yield each further point with the metric after it; a rough M is of unknown size yet."""
    n = len(objective.A)
    rows = min(n, max(LEAST_ROWS, ROWS_A_COEFFICIENT * objective.n_coefficients))
    stuck, steps = False, 0
    while True:
        there = backtrack(objective, here, least_of_model(M, here.gradient, here.theta))
        if there is here:
            if stuck:
                return
            # Some rows' scores are so large that they show no curvature: step by its bound.
            stuck, M = True, surest(objective)
            continue
        stuck, steps = False, steps + 1
        price = rows * objective.n_coefficients / (STEP_PRICE * n)  # in steps
        if there.gradient_norm > SLOW * here.gradient_norm and steps > 1 + price:
            part, steps = sample(objective, rows), 0
            M = metric(part, there.theta)
            M = M if part is objective else lifted(M, objective.n_scores)
            rows = min(n, 4 * rows)
        else:
            move, change = there.theta - here.theta, there.gradient - here.gradient
            M = corrected(rescaled(M, move, change) if rough else M, move, change)
        rough = False
        yield there, M
        here = there


def _many(objective: Objective, theta: FloatArray) -> Iterator[Point]:
    """Yield the points for many coefficients: cheap steps first, dear ones if those do not do."""
    points = _limited(objective, theta)
    if objective.n_coefficients > 5 * LARGEST_METRIC:
        yield from points
        return
    for point in itertools.islice(points, 150):
        yield point
    yield from itertools.islice(newton(objective, point.theta), 1, None)


def _limited(objective: Objective, theta: FloatArray) -> Iterator[Point]:
    """Yield the points of a descent whose metric is the last few corrections of a diagonal one."""
    here, diagonal = objective.at(theta), uncorrelated(objective)
    met: deque[tuple[FloatArray, FloatArray]] = deque(maxlen=20)
    while True:
        yield here
        step = limited_solve(met, diagonal, here.gradient.ravel()).reshape(theta.shape)
        there = backtrack(objective, here, here.theta - step)
        if there is here:
            if not met:
                return
            met.clear()
            continue
        pair = (there.theta - here.theta).ravel(), (there.gradient - here.gradient).ravel()
        if pair[0] @ pair[1] > 0:
            met.append(pair)
        here = there


def newton(
    objective: Objective, theta: FloatArray, learning_rate: float | None = None
) -> Iterator[Point]:
    """Newton's method, which for this loss is iteratively reweighted least squares (IRLS).

    M is the curvature of all rows, measured anew at each step; the gradient's number of right
    digits doubles with each step near the optimum. A learning_rate below 1 shortens the steps.
    With a lasso a step moves the columns in use and those that most want to be (proximal Newton).
    Cost: O(n p² r² + (rp)³) a step, p the columns moved. Sources: Hastie, Tibshirani & Friedman,
    section 4.4.1; Lee, Sun & Saunders (2014), Proximal Newton-type methods.
    """
    here, stuck = objective.at(theta), False
    yield here
    while True:
        moved = working_columns(objective, here)
        part = objective if moved.all() else objective.columns(moved)
        M = surest(part) if stuck else metric(part, here.theta[:, moved])
        goal = here.theta.copy()
        goal[:, moved] = least_of_model(
            M, here.gradient[:, moved], here.theta[:, moved], part.lasso
        )
        if learning_rate is None:
            there = backtrack(objective, here, goal)
        else:
            there = objective.at(here.theta + learning_rate * (goal - here.theta))
        if there is here:
            if stuck:
                return
            stuck = True  # rows whose scores are too large for any curvature: step by its bound
            continue
        here, stuck = there, False
        yield here


def working_columns(objective: Objective, here: Point) -> BoolArray:
    """Return the columns (p,) that a step should move.

    Without a lasso that is all. With one: those in use, and of the others as many again (at least
    ten) whose slopes exceed the lasso by most. The rest would stay 0 or can wait.
    """
    if not objective.has_corners:
        return np.ones(here.theta.shape[1], dtype=bool)
    used = (here.theta != 0).any(axis=0) | (objective.lasso == 0)
    excess = (np.abs(here.gradient) - objective.lasso).max(axis=0)
    excess[used] = np.inf
    room, most = 2 * int(used.sum()) + 10, max(1, LARGEST_METRIC // objective.n_scores)
    if room > most:  # more than one metric can hold: those that are farthest from settled
        slope = least_subgradient(here.gradient, here.theta, objective.lasso)
        room, excess = most, np.abs(slope).max(axis=0)
    moved = np.zeros(len(used), dtype=bool)
    moved[np.argsort(-excess, kind="stable")[:room]] = True
    return moved & (excess > 0)


def momentum(
    objective: Objective,
    theta: FloatArray,
    learning_rate: float | None = None,
    friction: float = 0.9,
) -> Iterator[Point]:
    """Gradient steps that keep a share of the last move, like a heavy ball.

    theta <- theta - step g + friction (theta - theta before). The step is 1 / L unless given.
    Source: Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    """
    step = objective.safe_step() if learning_rate is None else learning_rate
    before = theta
    while True:
        here = objective.at(theta)
        yield here
        pushed = theta + friction * (theta - before)
        before, theta = theta, shrunk_step(objective, pushed, here.gradient, step)


def nesterov(
    objective: Objective, theta: FloatArray, learning_rate: float | None = None
) -> Iterator[Point]:
    """Gradient steps taken from a point ahead of the last move (FISTA with a lasso).

    ahead = theta + (t - 1) / t' (theta - theta before), theta <- ahead - step g(ahead), where
    t' = (1 + sqrt(1 + 4 t²)) / 2. When the last move was uphill of the gradient the momentum is
    dropped. The step is 1 / L unless given. Sources: Nesterov (1983); Beck & Teboulle (2009), A
    fast iterative shrinkage-thresholding algorithm; O'Donoghue & Candès (2015), Adaptive restart.
    """
    step = objective.safe_step() if learning_rate is None else learning_rate
    here = ahead = objective.at(theta)
    t = 1.0
    while True:
        yield here
        theta = shrunk_step(objective, ahead.theta, ahead.gradient, step)
        move = theta - here.theta
        if ((ahead.theta - theta) * move).sum() > 0:
            t = 1.0
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        here = objective.at(theta)
        ahead = objective.at(theta + (t - 1) / t_next * move)
        t = t_next


def sgd(
    objective: Objective,
    theta: FloatArray,
    learning_rate: float | None = None,
    *,
    batch_size: int = 32,
    generator: np.random.Generator,
) -> Iterator[Point]:
    """Gradient steps on a few rows at a time; a point is yielded after each pass over all rows.

    Rows are shuffled for each pass. In pass e = 0, 1, … the step is learning_rate / (1 + e): a
    constant one would jump about the optimum for ever. The step is 1 / L unless given. It gets near soon
    and exact late: to watch, or for very many rows.
    Source: Robbins & Monro (1951); Bottou, Curtis & Nocedal (2018), Optimization methods for
    large-scale machine learning.
    """
    first = objective.safe_step() if learning_rate is None else learning_rate
    n = len(objective.A)
    mean_weight = objective.w.mean()
    passes = 0
    yield objective.at(theta)
    while True:
        order = generator.permutation(n)
        step = first / (1 + passes)
        for start in range(0, n, batch_size):
            batch = objective.rows(order[start : start + batch_size])
            # Divided by its own sum(w); times this a heavy batch counts for more, as it should.
            share = batch.w.mean() / mean_weight
            g = batch.at(theta).gradient
            theta = shrunk_step(objective, theta, share * g, step)
        passes += 1
        yield objective.at(theta)
