"""Temperature scaling: one number that makes all probabilities bolder or more careful.

P = softmax(beta Z), with beta = 1 / temperature: below 1 for a model that is too sure of itself.
The order of the classes in a row never changes.

Notation: n rows, k classes · Z (n, k) logits · y (n,) class numbers · w (n,) weights, sum 1.

Source: Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.linear.losses import softmax

LEAST, MOST = float(np.exp(-10.0)), float(np.exp(10.0))  # beta is looked for between these
STEPS = 100  # Newton's and bisection's together; about 6 are enough


@dataclass(frozen=True)
class Temperature:
    """A fitted scale P = softmax(beta Z)."""

    beta: float

    def predict(self, Z: FloatArray) -> FloatArray:
        """Return P (n, k) for logits Z (n, k)."""
        return softmax(self.beta * Z)


def temperature_scaling(Z: FloatArray, y: IntArray, w: FloatArray) -> float:
    """Return the beta of the least log loss, exp(-10) <= beta <= exp(10).

    The slope of the mean loss, w · (E[z] - z_y), rises with beta, as its own slope is the variance
    of z under P; so Newton's steps are taken inside a bracket, which is halved when they leave it.
    Cost: O(n k) a step.

    >>> Z, y = np.array([[4.0, 0.0], [0.0, 4.0], [4.0, 0.0], [0.0, 4.0]]), np.array([0, 1, 0, 0])
    >>> beta = temperature_scaling(Z, y, np.full(4, 0.25))
    >>> softmax(beta * Z)[0].round(4)  # of four sure rows, three are right
    array([0.75, 0.25])
    """
    own = Z[np.arange(len(y)), y]
    low, high, beta = LEAST, MOST, 1.0
    for _ in range(STEPS):
        P = softmax(beta * Z)
        mean = (P * Z).sum(axis=1)
        slope = float(w @ (mean - own))
        low, high = (beta, high) if slope < 0 else (low, beta)
        curvature = float(w @ (P * (Z - mean[:, None]) ** 2).sum(axis=1))
        new = beta - slope / curvature if curvature > 0 else low
        if not low < new < high:
            new = float(np.sqrt(low * high))
        if abs(new - beta) <= 1e-14 * beta:
            break
        beta = new
    return beta
