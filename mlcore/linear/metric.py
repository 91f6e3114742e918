"""The metric that a step is measured in: curvature, sampled, mended and corrected, and the step.

Notation: theta (r, p) coefficients · g (r, p) gradient · M (rp, rp) metric, positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.objective import Objective, Point

LARGEST_METRIC = 500  # coefficients for which the (rp, rp) metric is still worth its cost


def sample(objective: Objective, rows: int) -> Objective:
    """Return J of so many rows, drawn with the same dice every time; of all, if half are wanted.

    A row may be drawn twice, and a sample is a copy: past half of the rows all are as cheap.
    """
    n = len(objective.A)
    if 2 * rows >= n:
        return objective
    return objective.rows(np.sort(np.random.default_rng(0).integers(n, size=rows)))


def uncorrelated(objective: Objective) -> FloatArray:
    """Return the curvature at 0 of standardised columns that do not go together, a diagonal (rp,).

    At 0 all k classes are equally likely, and P = 1/k in diag(P) - P Pᵀ. The part that all classes
    have in common is flat and gets what the others have.
    """
    k = max(2, objective.n_scores)
    share = 0.25 if objective.n_scores == 1 else 1.0 / k
    return np.tile(share + objective.ridge, objective.n_scores)


def lifted(M: FloatArray, n_scores: int) -> FloatArray:
    """Return M with no coefficient's own curvature below a tenth of the mean of its score.

    Columns are standardised, so their curvatures are alike. Where a sample shows hardly any it
    holds too few of a rare column's rows, and the step would be far too long.
    """
    own = np.diag(M).reshape(n_scores, -1)
    lift = np.maximum(0.1 * own.mean(axis=1, keepdims=True) - own, 0.0).max(axis=0)
    return M + np.diag(np.tile(lift, n_scores))


def metric(objective: Objective, theta: FloatArray) -> FloatArray:
    """Return the curvature of J, made definite where J is flat for every data set.

    Adding the same to all k scores changes no softmax. Directions without a penalty are flat for
    that reason; along them g is 0, and any curvature will do.
    """
    M = objective.curvature(theta)
    if objective.n_scores > 1:
        k, flat = objective.n_scores, (objective.ridge == 0) & (objective.lasso == 0)
        usual = np.diag(M).reshape(k, -1).mean(axis=0)
        M += np.kron(np.ones((k, k)), np.diag(flat * usual))
    if objective.has_corners:  # a lasso may leave ties open: keep the search from singular guesses
        M[np.diag_indices_from(M)] *= 1 + 1e-10
    return M


def damped(objective: Objective, theta: FloatArray, damping: float) -> FloatArray:
    """Return the metric plus a share of a bound nowhere less curved than J (Levenberg-Marquardt).

    Rows whose scores are very large show no curvature, and a step along it would have no bounds;
    the share gives it some. A damping of 1 makes any step short enough to lower J.
    """
    M = metric(objective, theta)
    if damping > 0:
        M += damping * np.kron(np.eye(objective.n_scores), objective.curvature_bound())
    return M


def more_or_less(damping: float, stuck: bool) -> float:
    """Return the next damping: ten times more after a step that led nowhere, else ten times less.

    >>> more_or_less(0.0, True), more_or_less(1e-6, False)
    (0.001, 0.0)
    """
    if stuck:
        return max(1e-3, 10 * damping)
    return 0.1 * damping if damping > 1e-6 else 0.0


def corrected(M: FloatArray, move: FloatArray, change: FloatArray) -> FloatArray:
    """Return M with the curvature that a step met along its way: M move = change of the gradient.

    Source: the BFGS formula, Nocedal & Wright, Numerical Optimization, equation 6.19.
    """
    s, c = move.ravel(), change.ravel()
    Ms = M @ s
    met, thought = s @ c, s @ Ms
    if not (met > 0 and thought > 0):
        return M
    return M + np.outer(c, c) / met - np.outer(Ms, Ms) / thought


def rescaled(M: FloatArray, move: FloatArray, change: FloatArray) -> FloatArray:
    """Return M times a number, so that along a step it is as curved as the step has met.

    Source: Nocedal & Wright, equation 6.20, for M instead of its inverse.
    """
    s, c = move.ravel(), change.ravel()
    met, thought = s @ c, s @ M @ s
    return M * (met / thought) if met > 0 and thought > 0 else M


def limited_solve(
    met: Sequence[tuple[FloatArray, FloatArray]], diagonal: FloatArray, g: FloatArray
) -> FloatArray:
    """Return M⁻¹ g for the diagonal metric corrected by each (move, change), M never written down.

    Source: the two loops of L-BFGS, Nocedal & Wright, algorithm 7.4; the diagonal is scaled to the
    last correction.
    """
    q, shares = g.copy(), []
    for s, c in reversed(met):
        share = (s @ q) / (s @ c)
        shares.append(share)
        q -= share * c
    q /= diagonal
    if met:
        s, c = met[-1]
        q *= (s @ c) / (c @ (c / diagonal))
    for (s, c), share in zip(met, reversed(shares), strict=True):
        q += (share - (c @ q) / (s @ c)) * s
    return q


def backtrack(objective: Objective, here: Point, goal: FloatArray) -> Point:
    """Return the point at goal, or the first of half the way, a quarter … that lowers J enough.

    Enough is 1e-4 of what the slope at theta promises (Armijo). Where rounding hides any fall the
    point itself comes back: there is nowhere to go.
    """
    move = goal - here.theta
    slack = 1e-14 * max(1.0, abs(here.loss))  # two losses this near differ by rounding only
    share = 1.0
    with np.errstate(over="ignore", invalid="ignore"):  # a goal beyond all bounds is shortened too
        promise = (here.gradient * move).sum() + objective.corners(goal)
        promise -= objective.corners(here.theta)
        while share > 1e-10:
            there = objective.at(goal if share == 1.0 else here.theta + share * move)
            if there.loss <= here.loss + 1e-4 * share * min(promise, 0.0) + slack:
                return there
            share *= 0.5
    return here
