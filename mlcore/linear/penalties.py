"""The elastic net: what it costs, where its corners are, and the steps that land on exact zeros.

penalty(theta) = sum(ridge theta²) / 2 + sum(lasso |theta|), ridge = alpha (1 - l1_ratio) and
lasso = alpha l1_ratio for coefficients in the units given. The ridge part is smooth and stands in
the objective's gradient; here is what the corners of |theta| need.

Notation: theta (r, p) · g its smooth gradient · lasso (p,) · M (rp, rp) a positive definite metric.

Source: Hastie, Tibshirani & Wainwright, Statistical Learning with Sparsity, chapters 2 and 5.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import BoolArray, FloatArray


def soft_threshold(theta: FloatArray, amount: FloatArray) -> FloatArray:
    """Return argmin over x of (x - theta)² / 2 + amount |x|: nearer to 0 by amount, or 0.

    >>> soft_threshold(np.array([3.0, -0.5]), np.array([1.0, 1.0]))
    array([ 2., -0.])
    """
    return np.sign(theta) * np.maximum(np.abs(theta) - amount, 0.0)


def least_subgradient(g: FloatArray, theta: FloatArray, lasso: FloatArray) -> FloatArray:
    """Return the shortest subgradient of J at theta; it is 0 exactly at the optimum.

    Where theta is not 0 the penalty has the slope ± lasso. At 0 it offers any slope up to lasso,
    which cancels that much of g. Without a lasso this is the gradient.
    """
    return np.where(theta == 0, soft_threshold(g, lasso), g + lasso * np.sign(theta))


def least_of_model(
    M: FloatArray, g: FloatArray, theta: FloatArray, lasso: FloatArray | None = None
) -> FloatArray:
    """Return argmin over x of g·(x - theta) + (x - theta)ᵀ M (x - theta) / 2 + sum(lasso |x|).

    This is the one step all solvers take; they differ in M. Without a lasso x = theta - M⁻¹ g.
    With one, the search guesses which entries are not 0 and their signs, solves for those, and
    goes as far towards the solution as is best, crossing zero or not; then it frees the entry that
    most wants to leave 0. Each guess lowers the model, so none returns and the search ends. The
    first guess comes from a few accelerated soft-threshold steps.
    Source: Lee, Battle, Raina & Ng (2006), Efficient sparse coding algorithms, algorithm 1.
    """
    if lasso is None or not lasso.any():
        return theta - solve(M, g.ravel()).reshape(theta.shape)
    edge = np.broadcast_to(lasso, theta.shape).ravel()
    target = M @ theta.ravel() - g.ravel()
    slack = 1e-14 * max(np.abs(target).max(), edge.max())
    x = _first_guess(M, target, edge, theta.ravel())
    active = (edge == 0) | (x != 0)
    for _ in range(20 * len(x) + 20):  # a bound on rounding's account: exactly, the search ends
        x, settled = _settle(M, target, edge, x, active)
        active = (edge == 0) | (x != 0)
        if not settled:
            continue
        slope = M @ x - target
        wish = np.where(active, 0.0, np.abs(slope) - edge)
        if wish.max() <= slack:
            break
        active[wish.argmax()] = True
    return x.reshape(theta.shape)


def _first_guess(
    M: FloatArray, target: FloatArray, edge: FloatArray, x: FloatArray, steps: int = 50
) -> FloatArray:
    """Return x after some steps of FISTA, or x itself if it has few entries."""
    if len(x) < steps:
        return x
    step = 1.0 / np.abs(M).sum(axis=1).max()  # no eigenvalue exceeds a row's sum (Gershgorin)
    ahead, t = x, 1.0
    for _ in range(steps):
        new = soft_threshold(ahead - step * (M @ ahead - target), step * edge)
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        ahead, x, t = new + (t - 1) / t_next * (new - x), new, t_next
    return x


def _settle(
    M: FloatArray, target: FloatArray, edge: FloatArray, x: FloatArray, active: BoolArray
) -> tuple[FloatArray, bool]:
    """Return the best point on the way from x to the solution for the active entries.

    Also returns whether it is that solution, with all signs as guessed. The best is the end of the
    way or a place where an entry crosses 0, which becomes exactly 0. Along the way the model is a
    parabola and the corners: t slope·move + t² moveᵀ M move / 2 + sum(edge |x + t move|).
    """
    slope = M @ x - target
    sign = np.where(x == 0, -np.sign(slope), np.sign(x))  # a guess for those that leave 0
    there = x.copy()
    there[active] = solve(M[np.ix_(active, active)], (target - edge * sign)[active])
    move = there - x
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where((edge > 0) & (x != 0), -x / move, np.inf)
    t = np.append(np.unique(crossing[(crossing > 0) & (crossing < 1)]), 1.0)
    value = t * (slope @ move) + 0.5 * t**2 * (move @ M @ move)
    best = int((value + np.abs(x + t[:, None] * move) @ edge).argmin())
    if t[best] == 1.0:
        return there, bool((sign * there >= 0)[active & (edge > 0)].all())
    place = x + t[best] * move
    place[crossing == t[best]] = 0.0
    return place, False


def solve(M: FloatArray, g: FloatArray) -> FloatArray:
    """Return M⁻¹ g; where M is singular, the least-squares answer of its scaled form.

    M is brought to a diagonal of ones first, so that small units of a column are not taken for a
    singular matrix.
    """
    scale = 1.0 / np.sqrt(np.maximum(np.diag(M), np.finfo(float).tiny))
    scaled = M * scale[:, None] * scale
    try:
        return scale * np.linalg.solve(scaled, scale * g)
    except np.linalg.LinAlgError:
        return scale * np.linalg.lstsq(scaled, scale * g, rcond=None)[0]
