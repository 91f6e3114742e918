"""The logistic and softmax losses, each beside its derivative, and the penalised objective.

Notation: n rows, d features, k classes · A (n, d+1) a column of ones and the features ·
theta (r, d+1) one row of coefficients a score, intercept first · Z = A thetaᵀ (n, r) scores, r = 1
for two classes and k for more · y (n,) class numbers 0..k-1 · w (n,) weights.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray


def sigmoid(z: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-z)), without overflow for any finite z.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    e = np.exp(-np.abs(z))  # in (0, 1], so neither branch can overflow
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softmax(Z: FloatArray) -> FloatArray:
    """Return exp(Z) with each row divided by its sum, (n, k).

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def logistic_loss(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return each row's log(1 + exp(-s z)), s = +1 for class 1 and -1 for class 0, (n,)."""
    s = np.where(y == 1, 1.0, -1.0)
    return np.logaddexp(0.0, -s * Z[:, 0])


def logistic_slope(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return d loss / d z = sigmoid(z) - y, (n, 1)."""
    return sigmoid(Z) - y[:, None]


def softmax_loss(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return each row's log(sum over classes of exp z) - z of its own class, (n,)."""
    top = Z.max(axis=1)
    log_sum = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    return log_sum - Z[np.arange(len(y)), y]


def softmax_slope(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return d loss / d Z = softmax(Z) - one-hot(y), (n, k)."""
    slope = softmax(Z)
    slope[np.arange(len(y)), y] -= 1.0
    return slope


@dataclass(frozen=True)
class Objective:
    """J(theta) = sum(w * loss) / sum(w) + 1/2 sum(ridge * theta²), and its gradient.

    Dividing by the sum of the weights makes the step size independent of n. ``ridge`` (d+1,) is
    the penalty of each column, 0 for the intercept.
    """

    A: FloatArray
    y: IntArray
    w: FloatArray
    ridge: FloatArray
    n_scores: int

    def value_and_gradient(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Return J and dJ/dtheta (r, d+1), for two matrix products."""
        loss, slope = (
            (logistic_loss, logistic_slope) if self.n_scores == 1 else (softmax_loss, softmax_slope)
        )
        Z = self.A @ theta.T  # (n, r)
        total = self.w.sum()
        value = self.w @ loss(Z, self.y) / total + 0.5 * (self.ridge * theta**2).sum()
        gradient = (self.w[:, None] * slope(Z, self.y)).T @ self.A / total + self.ridge * theta
        return float(value), gradient

    def curvature_bound(self) -> FloatArray:
        """Return M (d+1, d+1), nowhere less curved than J.

        The logistic curvature p(1 - p) is at most 1/4 and the softmax one at most 1/2, so
        M = c Aᵀ diag(w) A / sum(w) + diag(ridge). Source: Böhning (1992), Multinomial logistic
        regression algorithm, Annals of the Institute of Statistical Mathematics 44.
        """
        c = 0.25 if self.n_scores == 1 else 0.5
        cross = (self.A * self.w[:, None]).T @ self.A / self.w.sum()
        return c * cross + np.diag(self.ridge)
