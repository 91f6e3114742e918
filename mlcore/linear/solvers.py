"""Gradient descent as a generator of steps, so that a reader can watch every one.

Notation: theta (r, d+1) coefficients · g its gradient · M the curvature bound · p = M⁻¹ g the
direction · t the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.losses import Objective


class Step(NamedTuple):
    """Where the descent stands: coefficients, loss, largest gradient entry, length of last step."""

    theta: FloatArray
    loss: float
    gradient_norm: float
    step: float


def inverse_of_bound(M: FloatArray) -> FloatArray:
    """Return the pseudo-inverse of a symmetric M (d, d), so that tied columns share their weight.

    M is brought to a diagonal of ones first: then directions are dropped because columns repeat
    each other, not because one is measured in small units.
    """
    scale = np.sqrt(np.maximum(np.diag(M), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(M / np.outer(scale, scale))
    keep = values > len(M) * np.finfo(float).eps * values[-1]
    inverse = (vectors[:, keep] / values[keep]) @ vectors[:, keep].T
    return inverse / np.outer(scale, scale)


def gradient_descent(objective: Objective, theta: FloatArray) -> Iterator[Step]:
    """Yield the start and then each step of preconditioned gradient descent, without end.

    theta <- theta - t M⁻¹ g. With t = 1 the loss can never rise, because M is nowhere less curved
    than the loss; that is slow and sure. The step of Barzilai & Borwein (1988, IMA Journal of
    Numerical Analysis 8) measures the curvature met along the last step, and is usually longer:
    t <- t pᵀg / (pᵀg - pᵀg_new). If the loss rises with it, the sure step is taken instead.
    Cost: one (d, d) inverse, then two (n, d) products a step.
    """
    inverse = inverse_of_bound(objective.curvature_bound())
    loss, g = objective.value_and_gradient(theta)
    t = 1.0
    yield Step(theta, loss, float(np.abs(g).max()), 0.0)
    while True:
        p = g @ inverse
        new_theta = theta - t * p
        new_loss, new_g = objective.value_and_gradient(new_theta)
        slack = 1e-14 * max(1.0, abs(loss))  # two losses this near differ by rounding only
        if not new_loss <= loss + slack and t != 1.0:
            t = 1.0
            new_theta = theta - p
            new_loss, new_g = objective.value_and_gradient(new_theta)
        yield Step(new_theta, new_loss, float(np.abs(new_g).max()), t)
        slope, new_slope = (p * g).sum(), (p * new_g).sum()
        t = max(1.0, t * slope / (slope - new_slope)) if slope > new_slope else 1.0
        theta, loss, g = new_theta, new_loss, new_g
