"""How well the rows determine the coefficients: the covariance of the estimates.

Notation: n rows, q coefficients of X, theta (r, p) those of the standardised columns · K (q, rp) so
that the former are K theta · M (rp, rp) curvature of J, whose inverse over sum(w) is the covariance
of theta (the observed information inverted) · V (q, q) covariance.

Sources: McCullagh & Nelder, Generalized Linear Models, chapter 4; Liang & Zeger (1986),
Longitudinal data analysis using generalized linear models, Biometrika 73.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.linear.design import Design
from mlcore.linear.metric import metric
from mlcore.linear.objective import Objective


def covariance(
    objective: Objective, theta: FloatArray, K: FloatArray, groups: IntArray | None = None
) -> FloatArray:
    """Return V = K M⁻¹ Kᵀ / sum(w), or with groups (n,) the sandwich that allows for them.

    The sandwich is the sum over the G groups of the outer product of K M⁻¹ (summed scores) / sum(w),
    times G / (G - 1).
    """
    inverse = np.linalg.solve(metric(objective, theta), K.T) / objective.total_weight  # (rp, q)
    if groups is None:
        return K @ inverse
    S = inverse.T @ summed_scores(objective, theta, groups).T  # (q, G)
    return S @ S.T * S.shape[1] / (S.shape[1] - 1)


def contrasts(design: Design, n_scores: int) -> FloatArray:
    """Return K (q, rp): the coefficients of X, of each class less those of the first."""
    T = design.to_given()
    if n_scores == 1:
        return T
    difference = np.column_stack([-np.ones(n_scores - 1), np.eye(n_scores - 1)])
    return np.asarray(np.kron(difference, T), dtype=np.float64)


def summed_scores(objective: Objective, theta: FloatArray, groups: IntArray) -> FloatArray:
    """Return the gradient of each group's loss, (groups, rp)."""
    residual = objective.w[:, None] * objective.slopes(objective.A @ theta.T, objective.y)  # (n, r)
    _, groups = np.unique(groups, return_inverse=True)
    total = np.zeros((groups.max() + 1, theta.size))
    if len(total) < 2:
        raise ValueError("groups has 1 group, but at least 2 were expected. Leave groups out.")
    for r in range(objective.n_scores):
        part = slice(r * theta.shape[1], (r + 1) * theta.shape[1])
        np.add.at(total[:, part], groups, residual[:, r, None] * objective.A)
    return total


def null_deviance(objective: Objective, fit_intercept: bool) -> float:
    """Return the deviance of a model that knows only how frequent each class is."""
    count = np.bincount(objective.y, weights=objective.w)
    share = count / count.sum() if fit_intercept else np.full(len(count), 1 / len(count))
    return float(-2.0 * count @ np.log(share))
