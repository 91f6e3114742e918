"""The elastic net: what it costs, where its corners are, and the steps that land on exact zeros.

penalty(theta) = sum(ridge theta²) / 2 + sum(lasso |theta|), ridge = alpha (1 - l1_ratio) and
lasso = alpha l1_ratio for coefficients in the units given. The ridge part is smooth and stands in
the objective's gradient; here is what the corners of |theta| need.

Notation: theta (r, p) · g its smooth gradient · lasso (p,) · M (rp, rp) a positive definite metric.

Source: Hastie, Tibshirani & Wainwright, Statistical Learning with Sparsity, chapters 2 and 5.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray


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
    M: FloatArray, g: FloatArray, theta: FloatArray, lasso: FloatArray
) -> FloatArray:
    """Return argmin over x of g·(x - theta) + (x - theta)ᵀ M (x - theta) / 2 + sum(lasso |x|).

    This is the one step all solvers take; they differ in M. Without a lasso x = theta - M⁻¹ g.
    With one, the search guesses which entries are not 0 and their signs, solves for those, and
    goes as far towards the solution as is best, crossing zero or not; then it frees the entry that
    most wants to leave 0. Each guess lowers the model, so none returns and the search ends.
    Source: Lee, Battle, Raina & Ng (2006), Efficient sparse coding algorithms, algorithm 1.
    """
    if not lasso.any():
        return theta - solve(M, g.ravel()).reshape(theta.shape)
    x, edge = theta.ravel().copy(), np.broadcast_to(lasso, theta.shape).ravel()
    target = M @ x - g.ravel()
    slack = 1e-14 * max(np.abs(target).max(), edge.max())
    free = edge == 0
    active = free | (x != 0)
    for _ in range(20 * len(x) + 20):  # a bound on rounding's account: exactly, the search ends
        x = _settle(M, target, edge, x, active)
        slope = M @ x - target
        active = free | (x != 0)
        wish = np.where(active, 0.0, np.abs(slope) - edge)
        most = int(wish.argmax())
        if wish[most] > slack:
            active[most] = True
        elif np.abs(least_subgradient(slope, x, edge)).max() <= 1e3 * slack:
            break
    return x.reshape(theta.shape)


def _settle(
    M: FloatArray, target: FloatArray, edge: FloatArray, x: FloatArray, active: FloatArray
) -> FloatArray:
    """Return the best point between x and the solution for the active entries with x's signs."""
    slope = M @ x - target
    sign = np.where(x == 0, -np.sign(slope), np.sign(x))[active]
    there = x.copy()
    there[active] = solve(M[np.ix_(active, active)], target[active] - edge[active] * sign)
    move = there - x
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -x / move
    stops = np.unique(crossing[(edge > 0) & (crossing > 0) & (crossing < 1)])
    places = x + np.append(stops, 1.0)[:, None] * move  # (places, rp)
    places[:-1][np.isclose(crossing, stops[:, None], rtol=1e-12, atol=0)] = 0.0
    places[-1] = there
    value = 0.5 * ((places @ M) * places).sum(axis=1) - places @ target + np.abs(places) @ edge
    return places[value.argmin()]


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
