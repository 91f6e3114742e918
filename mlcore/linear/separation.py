"""Does the likelihood have a largest value? A proof either way, from Newton's method.

Classes are separated when some direction D of the coefficients moves the score of no row away from
its own class and of some rows towards it: then J falls along D for ever and no finite answer
exists. Completely separated: all rows move; quasi-completely: some stay on the border.
They overlap, and the answer is finite, exactly when positive numbers c exist with
sum(c_i s_i a_i) = 0, s = ±1 the side of a row (Stiemke's lemma). At an optimum c = w |p - y| are
such numbers, for the gradient is 0 there. Near it they are so after one Newton step u in the
scores, c = w |p - y + p (1 - p) u|, and they are positive if u moves no score by 1. So:

    a Newton step that moves every score by less than 1 proves overlap;
    a direction with no margin below 0 proves separation.

When classes are separated a Newton step always moves some score by 1, and its direction tends to a
separating one; one of the two proofs comes after a bounded number of steps.

Notation: A (n, p) · U = A Dᵀ (n, r) moved scores · margins (n, r) own score less the others'.

Sources: Albert & Anderson (1984), On the existence of maximum likelihood estimates in logistic
regression models, Biometrika 71; Stiemke (1915), Mathematische Annalen 76.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from mlcore.linear.metric import LARGEST_METRIC, backtrack, metric
from mlcore.linear.objective import Objective, Point, weighted_cross
from mlcore.linear.penalties import solve

ROWS_OF_PROOF = 3  # rows a coefficient that are tried first to prove overlap
MOST_WORK = 3e9  # rows times squared coefficients, a second or so for each of Newton's steps
ON_BORDER = 1e-6  # a margin of this share of the largest may be 0
ROUNDING = 1e-9  # what is off by this share of the largest may be rounding


class Separation(NamedTuple):
    """A direction (r, p) that proves separation, and which rows (n,) it moves to their side."""

    direction: FloatArray
    sure: BoolArray


class Verdict(NamedTuple):
    """Proven separated (with the proof), proven to overlap, or neither.

    ``moved`` is how far a Newton step would still move the scores, where that was looked at.
    """

    separation: Separation | None
    overlap: bool
    moved: float = np.inf


def find_separation(objective: Objective, here: Point, steps: int = 60) -> Verdict:
    """Return which of the two is proven. J must have no penalty.

    Near the optimum ``here`` proves overlap at little cost. Else Newton's method begins anew from
    0, where no score is too large to have a slope, and with equal weights, for neither depends on
    them. Neither is proven where rows overlap by so little, so far out, that so many steps do not
    get there. Where Newton's method is too dear only ``here`` is tried as a separating direction.
    Cost: O(n p² r²) a step.
    """
    if too_large(objective):
        return Verdict(certify(objective, here.theta), False)
    few = max(1, len(objective.A) // (ROWS_OF_PROOF * objective.n_coefficients))
    part = objective.rows(slice(None, None, few))
    moved = movement(part, here)
    # The correction to c may be spread over any part of the rows: the fewer, the more each bears.
    if moved < 0.9 * part.total_weight / objective.total_weight:
        return Verdict(None, True, moved)
    objective = replace(objective, w=np.ones_like(objective.w))
    here = objective.at(np.zeros_like(here.theta))
    for _ in range(steps):
        if movement(objective, here) < 0.9:
            return Verdict(None, True)
        step = -solve(metric(objective, here.theta), here.gradient.ravel())
        step = step.reshape(here.theta.shape)
        for direction in (here.theta, step):
            found = certify(objective, direction)
            if found is not None:
                return Verdict(found, False)
        here = backtrack(objective, here, here.theta + step)
    return Verdict(None, False)


def too_large(objective: Objective) -> bool:
    """Return whether Newton's steps would take long: many coefficients in many rows."""
    many = objective.n_coefficients > LARGEST_METRIC
    return many and len(objective.A) * objective.n_coefficients**2 > MOST_WORK


def movement(part: Objective, here: Point) -> float:
    """Return by how much a Newton step, measured on a part of the rows, moves their scores at most.

    Infinite where those rows leave some direction without curvature, so that no step is sure.
    """
    M, g = metric(part, here.theta), here.gradient.ravel()
    step = -solve(M, g)
    if not np.abs(M @ step + g).max() <= ROUNDING * np.abs(g).max():
        return np.inf
    U = part.A @ step.reshape(here.theta.shape).T
    return float(np.abs(U).max() if part.n_scores == 1 else np.ptp(U, axis=1).max())


def settled(objective: Objective, here: Point, exact: float, steps: int = 60) -> Point:
    """Return a point where a Newton step moves no score by more than ``exact``, if it is near.

    Where rows show hardly any curvature a gradient may be small far from the answer.
    """
    for _ in range(steps):
        if movement(objective, here) <= exact:
            break
        step = solve(metric(objective, here.theta), here.gradient.ravel())
        here = backtrack(objective, here, here.theta - step.reshape(here.theta.shape))
    return here


def certify(objective: Objective, direction: FloatArray) -> Separation | None:
    """Return the separation that a direction proves, or None.

    Rows whose margin is nearly 0 are taken to lie on the border, and the direction is projected so
    that their margin is 0; the proof is that then no row has a margin below 0.
    """
    m = margins(objective, direction)
    top = np.abs(m).max()
    if top == 0 or m.min() < -ON_BORDER * top:
        return None
    border = others(objective) & (np.abs(m) <= ON_BORDER * top)
    if border.any():
        direction = _projected(objective, direction, border)
        m = margins(objective, direction)
    top = np.abs(m).max()
    if not (top > 0 and m.min() >= -ROUNDING * top):
        return None
    clear = m > ROUNDING * top
    if not clear.any():
        return None
    sure: BoolArray = (clear | ~others(objective)).all(axis=1)
    return Separation(direction, sure)


def margins(objective: Objective, direction: FloatArray) -> FloatArray:
    """Return by how much a direction moves each row's own score more than the others', (n, r).

    Two classes have one score, and class 0 moves down it. The own column of a softmax holds 0.
    """
    U = objective.A @ direction.T
    if objective.n_scores == 1:
        return np.where(objective.y == 1, 1.0, -1.0)[:, None] * U
    return U[np.arange(len(U)), objective.y][:, None] - U


def others(objective: Objective) -> BoolArray:
    """Return which entries of the margins (n, r) compare a row with another class."""
    if objective.n_scores == 1:
        return np.ones((len(objective.y), 1), dtype=bool)
    return np.arange(objective.n_scores) != objective.y[:, None]


def _projected(objective: Objective, direction: FloatArray, border: BoolArray) -> FloatArray:
    """Return the nearest direction along which the margins at the border are 0."""
    k = objective.n_scores

    def weights(block: slice) -> FloatArray:
        """Return the sum over border classes j of (e_own - e_j)(e_own - e_j)ᵀ, (b, r, r)."""
        B = border[block].astype(float)
        if k == 1:
            return B[:, :, None]
        own = np.eye(k)[objective.y[block]]
        cross = own[:, :, None] * B[:, None, :]
        diagonal = B + own * B.sum(axis=1, keepdims=True)
        return diagonal[:, :, None] * np.eye(k) - cross - cross.transpose(0, 2, 1)

    values, vectors = np.linalg.eigh(weighted_cross(objective.A, weights, k))
    flat = vectors[:, values <= 1e-10 * max(values[-1], np.finfo(float).tiny)]
    return (flat @ (flat.T @ direction.ravel())).reshape(direction.shape)
