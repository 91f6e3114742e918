"""What is minimised: the mean loss plus a penalty, with its gradient and its curvature.

J(theta) = sum(w loss) / sum(w) + sum(ridge theta²) / 2 + sum(lasso |theta|)

Notation: n rows, p columns of A (ones and features) · theta (r, p) coefficients, a row for each
score, r = 1 for two classes and k for more · Z = A thetaᵀ (n, r) scores · ridge, lasso (p,) the
penalty of each column · H (rp, rp) curvature, in the order of theta.ravel().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.linear.losses import (
    logistic_curvature,
    logistic_loss,
    logistic_slope,
    softmax_curvature,
    softmax_loss,
    softmax_slope,
)
from mlcore.linear.penalties import least_subgradient

BLOCK = 1 << 18  # entries of A in one block: two megabytes, which stay in the cache


class Point(NamedTuple):
    """A theta with J, the gradient of J's smooth part, and the largest entry of its subgradient."""

    theta: FloatArray
    loss: float
    gradient: FloatArray
    gradient_norm: float


@dataclass(frozen=True)
class Objective:
    """J for given rows and penalties. Dividing by sum(w) makes a step's size independent of n."""

    A: FloatArray
    y: IntArray
    w: FloatArray
    ridge: FloatArray
    lasso: FloatArray
    n_scores: int

    @property
    def n_coefficients(self) -> int:
        """How many numbers theta holds, rp."""
        return self.n_scores * self.A.shape[1]

    @cached_property
    def total_weight(self) -> float:
        """Return sum(w)."""
        return float(self.w.sum())

    @cached_property
    def has_corners(self) -> bool:
        """Whether there is a lasso, so that J is not smooth everywhere."""
        return bool(self.lasso.any())

    def losses(self, Z: FloatArray, y: IntArray) -> FloatArray:
        """Return the loss of each row, (n,), from its scores."""
        return (logistic_loss if self.n_scores == 1 else softmax_loss)(Z, y)

    def slopes(self, Z: FloatArray, y: IntArray) -> FloatArray:
        """Return d loss / dZ of each row, (n, r)."""
        return (logistic_slope if self.n_scores == 1 else softmax_slope)(Z, y)

    def curvatures(self, Z: FloatArray) -> FloatArray:
        """Return d² loss / dZ dZ of each row, (n, r, r)."""
        return (logistic_curvature if self.n_scores == 1 else softmax_curvature)(Z)

    def rows(self, index: IntArray | slice) -> Objective:
        """Return J of some of the rows."""
        return replace(self, A=self.A[index], y=self.y[index], w=self.w[index])

    def columns(self, kept: BoolArray) -> Objective:
        """Return J of some of the columns, the others' coefficients being 0."""
        return replace(self, A=self.A[:, kept], ridge=self.ridge[kept], lasso=self.lasso[kept])

    def corners(self, theta: FloatArray) -> float:
        """Return the part of J that has corners: sum(lasso |theta|)."""
        return float((self.lasso * np.abs(theta)).sum())

    def at(self, theta: FloatArray) -> Point:
        """Return J and its gradient at theta. Cost: two products of A, O(n p r)."""
        value, gradient = 0.0, np.zeros_like(theta)
        for block in blocks(*self.A.shape):  # read twice while it is in the cache
            A, y, w = self.A[block], self.y[block], self.w[block]
            Z = A @ theta.T  # (b, r)
            value += float(w @ self.losses(Z, y))
            gradient += (w[:, None] * self.slopes(Z, y)).T @ A
        value = value / self.total_weight + 0.5 * float((self.ridge * theta**2).sum())
        gradient = gradient / self.total_weight + self.ridge * theta
        if not self.has_corners:
            return Point(theta, value, gradient, float(np.abs(gradient).max()))
        slope = least_subgradient(gradient, theta, self.lasso)
        return Point(theta, value + self.corners(theta), gradient, float(np.abs(slope).max()))

    def curvature(self, theta: FloatArray) -> FloatArray:
        """Return H (rp, rp), the second derivative of J's smooth part. Cost: O(n p² r²)."""

        def weights(block: slice) -> FloatArray:
            return self.w[block, None, None] * self.curvatures(self.A[block] @ theta.T)

        H = weighted_cross(self.A, weights, self.n_scores) / self.total_weight
        H[np.diag_indices_from(H)] += np.tile(self.ridge, self.n_scores)
        return H

    def curvature_bound(self) -> FloatArray:
        """Return M (p, p), nowhere less curved than J for any one score.

        The logistic curvature p(1 - p) is at most 1/4 and the softmax one at most 1/2, so
        M = c Aᵀ diag(w) A / sum(w) + diag(ridge). Source: Böhning (1992), Multinomial logistic
        regression algorithm, Annals of the Institute of Statistical Mathematics 44.
        """
        c = 0.25 if self.n_scores == 1 else 0.5
        cross = weighted_cross(self.A, own_weights(self.w), 1) / self.total_weight
        return c * cross + np.diag(self.ridge)

    def safe_step(self) -> float:
        """Return 1 / L, L a bound of the largest curvature J can have in any direction.

        A step of that length along the gradient never raises J (Nesterov 2004, Introductory
        Lectures on Convex Optimization, section 1.2.3). The largest eigenvalue of the bound comes
        from powers of it applied to a vector, and is taken 2 % larger, for they end from below.
        Cost: up to 200 products of A.
        """
        c = 0.25 if self.n_scores == 1 else 0.5
        v: FloatArray = np.random.default_rng(0).standard_normal((self.A.shape[1],))
        largest = 0.0
        for _ in range(100):
            v = v / np.linalg.norm(v)
            weighted: FloatArray = self.w * (self.A @ v)
            v = np.asarray(c / self.total_weight * (weighted @ self.A) + self.ridge * v)
            length = float(np.linalg.norm(v))
            settled, largest = abs(length - largest) <= 1e-4 * length, length
            if settled:
                break
        return 1.0 / (1.02 * largest)


def blocks(n: int, width: int) -> Iterator[slice]:
    """Yield slices that cover n rows of so many columns, each of about BLOCK entries."""
    step = max(256, BLOCK // max(1, width))
    return (slice(start, start + step) for start in range(0, n, step))


def own_weights(w: FloatArray) -> Callable[[slice], FloatArray]:
    """Return what gives ``weighted_cross`` the weights (n,) of the rows alone, one score."""
    return lambda block: w[block, None, None]


def weighted_cross(
    A: FloatArray, weights: Callable[[slice], FloatArray], n_scores: int
) -> FloatArray:
    """Return the sum over rows of W_i ⊗ a_i a_iᵀ, (rp, rp), W_i (r, r) symmetric.

    ``weights`` gives W (b, r, r) for a block of rows, its diagonal not below 0; no second copy of A
    is ever made. A block on the diagonal is (√W A)ᵀ(√W A), of which only half needs computing.
    """
    p = A.shape[1]
    total = np.zeros((n_scores, p, n_scores, p))
    for block in blocks(len(A), p):
        W, rows = weights(block), A[block]
        for a in range(n_scores):
            half = rows * np.sqrt(W[:, a, a, None])
            total[a, :, a] += half.T @ half
            for b in range(a + 1, n_scores):
                total[a, :, b] += (rows * W[:, a, b, None]).T @ rows
    for a in range(n_scores):
        for b in range(a):
            total[a, :, b] = total[b, :, a].T
    return total.reshape(n_scores * p, n_scores * p)
