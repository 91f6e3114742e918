"""Newton's method, with a lasso on the columns that matter: few steps, each of them dear.

Notation: theta (r, p) coefficients · g (r, p) gradient · M (rp, rp) curvature.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from mlcore.linear.metric import LARGEST_METRIC, backtrack, damped, more_or_less
from mlcore.linear.objective import Objective, Point
from mlcore.linear.penalties import least_of_model, least_subgradient


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
    here, damping = objective.at(theta), 0.0
    yield here
    while True:
        moved = working_columns(objective, here)
        part = objective if moved.all() else objective.columns(moved)
        M = damped(part, here.theta[:, moved], damping)
        goal = here.theta.copy()
        goal[:, moved] = least_of_model(
            M, here.gradient[:, moved], here.theta[:, moved], part.lasso
        )
        if learning_rate is None:
            there = backtrack(objective, here, goal)
        else:
            there = objective.at(here.theta + learning_rate * (goal - here.theta))
        stuck = there is here
        if stuck and damping >= 1:
            return
        damping = more_or_less(damping, stuck)
        if not stuck:
            here = there
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
