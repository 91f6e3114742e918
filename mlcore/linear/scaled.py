"""The default descent: cheap steps in a metric that learns, measured only where they are slow.

Notation: theta (r, p) coefficients · M (rp, rp) metric · n rows.

Sources: Byrd, Chin, Neveitt & Nocedal (2011), On the use of stochastic Hessian information;
Nocedal & Wright, Numerical Optimization, algorithms 3.1, 6.1 and 7.5.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.metric import (
    LARGEST_METRIC,
    backtrack,
    corrected,
    damped,
    lifted,
    limited_solve,
    more_or_less,
    rescaled,
    sample,
    uncorrelated,
)
from mlcore.linear.newton import newton
from mlcore.linear.objective import Objective, Point
from mlcore.linear.penalties import least_of_model

ROWS_A_COEFFICIENT = 20  # rows that measure a curvature well enough to step by
SLOW = 0.5  # a step that leaves more of the gradient than this calls for a new measurement
STEP_PRICE = 16  # BLAS multiplies matrices so much faster than a matrix and a vector
LEAST_ROWS = 2000  # fewer save no time


def scaled(objective: Objective, theta: FloatArray) -> Iterator[Point]:
    """Yield the points of a descent in a metric that is measured only when it is needed.

    The first metric is what the curvature would be if the columns did not go together.
    """
    here = objective.at(theta)
    yield here
    M, rough = np.diag(uncorrelated(objective)), True
    rows = rows_to_measure(objective)
    if 10 * rows <= len(objective.A):
        some, part = (here, M), sample(objective, rows)
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


def rows_to_measure(objective: Objective) -> int:
    """Return how many rows a first measurement of the curvature takes."""
    return max(LEAST_ROWS, ROWS_A_COEFFICIENT * objective.n_coefficients)


def _steps(
    objective: Objective, here: Point, M: FloatArray, rough: bool
) -> Iterator[tuple[Point, FloatArray]]:
    """Yield each further point with the metric after it; a rough M is of unknown size yet."""
    n = len(objective.A)
    rows = min(n, rows_to_measure(objective))
    damping, steps, patience = 0.0, 0, 1.0
    while True:
        there = backtrack(objective, here, least_of_model(M, here.gradient, here.theta))
        if there is here:
            if damping >= 1:
                return
            # No way down: measure all rows, and from now on whenever a step is slow.
            damping, rows, patience = more_or_less(damping, stuck=True), n, 0.0
            M = damped(objective, here.theta, damping)
            continue
        damping, steps = more_or_less(damping, stuck=False), steps + 1
        price = rows * objective.n_coefficients / (STEP_PRICE * n)  # in steps
        if there.gradient_norm > SLOW * here.gradient_norm and steps > patience * (1 + price):
            part, steps = sample(objective, rows), 0
            M = damped(part, there.theta, damping)
            M = M if part is objective else lifted(M, objective.n_scores)
            rows = min(n, 4 * rows)
        else:
            move, change = there.theta - here.theta, there.gradient - here.gradient
            M = corrected(rescaled(M, move, change) if rough else M, move, change)
        rough = False
        yield there, M
        here = there


def many(objective: Objective, theta: FloatArray) -> Iterator[Point]:
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
