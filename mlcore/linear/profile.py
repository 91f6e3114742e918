"""Profile-likelihood intervals: how far a coefficient can be pushed before the fit gets much worse.

For a value b of the coefficient k·theta the others are fitted anew; D(b) is the deviance of that
fit less the best. The interval holds all b with D(b) ≤ z². The signed root of D is nearly a
straight line, so that its crossing of ± z is found in a few of Newton's steps.

Notation: theta (r, p) · k (rp,) the coefficient's place in theta · M (rp, rp) curvature · g (rp,)
gradient · W sum of the weights.

Source: Venzon & Moolgavkar (1988), A method for computing profile-likelihood-based confidence
intervals, Applied Statistics 37.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.metric import backtrack, metric
from mlcore.linear.objective import Objective, Point
from mlcore.linear.penalties import solve


def profile_interval(
    objective: Objective, theta: FloatArray, k: FloatArray, z: float
) -> tuple[float, float]:
    """Return the ends of the interval of k·theta.

    ``theta`` is the best fit, which exists only where classes overlap; then the deviance rises
    without limit on both sides, and both ends exist. Cost: some 15 Newton steps for each end.
    """
    best = objective.at(theta)
    across = solve(metric(objective, theta), k)
    error = float(np.sqrt(k @ across / objective.total_weight))
    return _end(objective, best, k, error, -z), _end(objective, best, k, error, z)


def _end(objective: Objective, best: Point, k: FloatArray, error: float, z: float) -> float:
    """Return b where the signed root of D(b) is z, beginning z standard errors away."""
    estimate = float(k @ best.theta.ravel())
    b, here = estimate + z * error, best
    for _ in range(50):
        here, push = fit_given(objective, here, k, b, error)
        rise = max(2.0 * objective.total_weight * (here.loss - best.loss), np.finfo(float).tiny)
        root = np.copysign(np.sqrt(rise), z)
        slope = objective.total_weight * push / root  # of the root, by the envelope theorem
        if not slope > 0:
            break
        step = (z - root) / slope
        b += step
        if abs(step) <= 1e-7 * error:
            return b
    return float("nan")  # rounding hid the rise: not seen where the best fit was found


def fit_given(
    objective: Objective, start: Point, k: FloatArray, b: float, error: float
) -> tuple[Point, float]:
    """Return the best point with k·theta = b, to 1e-9 of its error, and J's slope in b there.

    Newton's method on the plane k·theta = b: of a Newton step the part across the plane is taken
    off. At the best point the gradient is a multiple of k, and the multiple is the slope.
    """
    here, push = start, 0.0
    for _ in range(100):
        M = metric(objective, here.theta)
        across, newton = solve(M, k), solve(M, here.gradient.ravel())
        push = float(k @ newton) / float(k @ across)
        gap = b - float(k @ here.theta.ravel())
        along = across * (push + gap / float(k @ across)) - newton
        goal = here.theta + along.reshape(here.theta.shape)
        if abs(gap) > 1e-9 * error:  # not on the plane yet: J may well rise
            here = objective.at(goal)
            continue
        if np.abs(here.gradient.ravel() - push * k).max() <= 1e-11:
            break
        here = backtrack(objective, here, goal)
    return here, push
