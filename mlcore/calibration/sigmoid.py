"""Platt scaling: the sigmoid of a score that gives the labels the greatest likelihood.

p = 1 / (1 + exp(a f + b)), with a below 0 where higher scores mean the positive class. Labels are
not taken for sure: a positive row counts as t+ = (N+ + 1) / (N+ + 2) and a negative one as
t- = 1 / (N- + 2), so that even scores which separate the classes have a finite answer.

Notation: n rows · f (n,) scores · t (n,) smoothed labels · N+, N- weight of the positive and the
negative rows.

Source: Platt (1999), Probabilistic outputs for support vector machines; Lin, Lin & Weng (2007),
A note on Platt's probabilistic outputs, Machine Learning 68, for Newton's method with backtracking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_finite_vector, check_paired, check_positive_class
from mlcore.linear.losses import sigmoid

STEPS = 100  # Newton's; 5 to 10 are enough but for the strangest weights
SETTLED = 1e-13  # largest slope of the mean loss at which to stop


@dataclass(frozen=True)
class Sigmoid:
    """A fitted curve p = 1 / (1 + exp(a f + b))."""

    a: float
    b: float

    def predict(self, scores: ArrayLike) -> FloatArray:
        """Return the probability (n,) of the positive class at each score."""
        return sigmoid(-(self.a * check_finite_vector(scores, "scores") + self.b))


def sigmoid_calibration(
    scores: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
) -> tuple[float, float]:
    """Return a and b of Platt's sigmoid; y is 0/1 or -1/1.

    Where all scores are equal, nothing can be told by them: a is 0. Cost: O(n) a step, 5 to 10
    steps.

    >>> a, b = sigmoid_calibration([-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1])
    >>> round(a, 4), round(abs(b), 4)
    (-0.674, 0.0)
    """
    labels, f, w = check_paired(y, scores, ("y", "scores"), sample_weight)
    f = check_finite_vector(f, "scores")
    positive = check_positive_class(labels, None)
    n_positive, n_negative = float(w[positive].sum()), float(w[~positive].sum())
    t = np.where(positive, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    largest = float(np.abs(f).max()) or 1.0  # first, so that no square overflows
    centre = float(np.average(f / largest, weights=w))
    spread = float(np.sqrt(np.average((f / largest - centre) ** 2, weights=w)))
    if spread <= 8 * np.finfo(np.float64).eps:
        spread, u = 1.0, np.zeros(len(f))
    else:
        u = (f / largest - centre) / spread
    start = np.array([0.0, np.log((n_negative + 1) / (n_positive + 1))])
    a, b = least_loss(u, t, w / w.sum(), start)
    return float(a / spread / largest), float(b - a * centre / spread)


def least_loss(u: FloatArray, t: FloatArray, w: FloatArray, start: FloatArray) -> FloatArray:
    """Return (a, b) that make the mean log loss of labels t, 0 < t < 1, least; u standardised.

    With z = a u + b a row's loss is log(1 + exp(-z)) + t z, its slope t - p, its curvature
    p (1 - p) for p = 1 / (1 + exp(z)).
    """
    D = np.column_stack([u, np.ones(len(u))])  # (n, 2)
    theta = start
    for _ in range(STEPS):
        z = D @ theta
        p = sigmoid(-z)
        g = D.T @ (w * (t - p))
        if np.abs(g).max() <= SETTLED:
            break
        H = (D.T * (w * p * (1.0 - p))) @ D + 1e-12 * np.eye(2)  # singular for equal scores
        step, length, loss = np.linalg.solve(H, g), 1.0, mean_loss(z, t, w)
        enough, rounding = 1e-4 * float(g @ step), 1e-15 * loss
        while mean_loss(z - length * (D @ step), t, w) > loss - length * enough + rounding:
            length /= 2
        theta = theta - length * step
    return theta


def mean_loss(z: FloatArray, t: FloatArray, w: FloatArray) -> float:
    """Return the weighted mean of log(1 + exp(-z)) + t z, without overflow."""
    return float(w @ (np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0.0) + t * z))
