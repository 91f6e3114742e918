"""Descents as generators of points, so that a reader can watch every step, and one rule to stop.

Each solver yields where it starts and then where each step leads, without end; ``descend`` takes
points until the gradient is small. Every step is the least point of a model of J around theta,

    theta <- argmin over x of  g·(x - theta) + (x - theta)ᵀ M (x - theta) / 2 + sum(lasso |x|),

and the solvers differ in M. With M = I / step and no lasso it is theta - step g.

Notation: theta (r, p) coefficients · g (r, p) gradient · M (rp, rp) metric · L largest curvature.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.metric import LARGEST_METRIC
from mlcore.linear.newton import newton
from mlcore.linear.objective import Objective, Point
from mlcore.linear.penalties import soft_threshold
from mlcore.linear.scaled import many, scaled

__all__ = ["gradient_descent", "momentum", "nesterov", "newton", "sgd"]


def gradient_descent(
    objective: Objective, theta: FloatArray, learning_rate: float | None = None
) -> Iterator[Point]:
    """Step down the gradient: by a given step, or by one measured in the units of the curvature.

    With a learning_rate this is the textbook's theta <- theta - learning_rate g, followed by a
    soft threshold for the lasso (proximal gradient, ISTA). Without one M is a guess at J's
    curvature, which makes a step equally good in all directions. It begins as if the columns did
    not go together, and each step corrects it by the curvature met on its way (BFGS). Only where
    steps leave over half of the gradient is it measured, on a sample of rows, and if need be again
    on four times as many. A step that does not lower J enough is halved (Armijo). Very many rows
    are begun from the answer of a sample. A lasso wants the curvature of all rows, but only of the
    columns in use: that is ``newton``. For more coefficients than LARGEST_METRIC M is not written
    down: the last 20 corrections stand for it (L-BFGS), and if 150 steps do not get there, Newton's
    do while a few thousand coefficients are not exceeded.
    Cost: two (n, p) products a step, and O(rows p² r²) a measurement.
    Sources: Byrd, Chin, Neveitt & Nocedal (2011), On the use of stochastic Hessian information;
    Nocedal & Wright, Numerical Optimization, algorithms 3.1, 6.1 and 7.5.
    """
    if learning_rate is not None:
        return _plain(objective, theta, learning_rate)
    if objective.has_corners:
        return newton(objective, theta)
    if objective.n_coefficients > LARGEST_METRIC:
        return many(objective, theta)
    return scaled(objective, theta)


def _plain(objective: Objective, theta: FloatArray, learning_rate: float) -> Iterator[Point]:
    """Yield the points of theta <- soft_threshold(theta - learning_rate g)."""
    while True:
        here = objective.at(theta)
        yield here
        theta = shrunk_step(objective, theta, here.gradient, learning_rate)


def shrunk_step(objective: Objective, theta: FloatArray, g: FloatArray, step: float) -> FloatArray:
    """Return the model's least point for M = I / step: a gradient step, then a soft threshold."""
    moved = theta - step * g
    return soft_threshold(moved, step * objective.lasso) if objective.has_corners else moved


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
    constant one would jump about the optimum for ever. The step is 1 / L unless given. It gets
    near soon and exact late: to watch, or for very many rows.
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
