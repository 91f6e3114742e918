"""The columns that the solvers work on: a column of ones and X, standardised, and the way back.

With columns of mean 0 and deviation 1 no unit of measurement can slow a descent down. The answer is
mapped back to the columns as given, and so is the penalty, which stays what the formula says.

Notation: n rows, d features · X (n, d) · w (n,) weights · A (n, p) the columns kept · theta (r, p)
their coefficients · centre, scale (d,) so that a column of A is (x - centre) / scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.linear.objective import blocks, own_weights, weighted_cross

# A column whose part that the others do not explain has a share of variance below this repeats
# them: rounding leaves about 1e-15 of it, and 1e-13 is a correlation of all but 5e-14 with them.
NOTHING_NEW = 1e-13


@dataclass(frozen=True)
class Design:
    """A (n, p), and what maps its coefficients to those of X; ``kept`` (d+1,) says which columns.

    The first entry of ``kept`` stands for the column of ones, the others for those of X.
    """

    A: FloatArray
    centre: FloatArray
    scale: FloatArray
    kept: BoolArray

    def penalty(self, alpha: float, l1_ratio: float) -> tuple[FloatArray, FloatArray]:
        """Return ridge (p,) and lasso (p,) for theta that say what alpha says for coef_."""
        # Squared last and kept below 1e200: a column in units of 1e-200 would overflow.
        ridge = np.minimum(np.sqrt(alpha * (1 - l1_ratio)) / self.scale, 1e100) ** 2
        lasso = np.minimum(alpha * l1_ratio / self.scale, 1e200)
        return np.append(0.0, ridge)[self.kept], np.append(0.0, lasso)[self.kept]

    def coefficients(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return coef_ (r, d) and intercept_ (r,) of X; columns that were left out have 0."""
        full = np.zeros((len(theta), len(self.kept)))
        full[:, self.kept] = theta
        coef = full[:, 1:] / self.scale
        return coef, full[:, 0] - coef @ self.centre

    def theta(self, coef: FloatArray, intercept: FloatArray) -> FloatArray:
        """Return theta (r, p) of given coefficients: the inverse of ``coefficients``."""
        full = np.column_stack([intercept + coef @ self.centre, coef * self.scale])
        return full[:, self.kept]

    def to_given(self) -> FloatArray:
        """Return T (p, p) that maps a row of theta to the intercept and coefficients kept of X."""
        T = np.diag(np.append(1.0, 1 / self.scale))
        T[0, 1:] = -self.centre / self.scale
        return T[np.ix_(self.kept, self.kept)]

    def without(self, columns: IntArray) -> Design:
        """Return the design less some columns of A."""
        kept = self.kept.copy()
        kept[np.flatnonzero(kept)[columns]] = False
        return Design(np.delete(self.A, columns, axis=1), self.centre, self.scale, kept)


def as_given(X: FloatArray, fit_intercept: bool = True) -> Design:
    """Return the design of the columns as they are: centre 0 and scale 1."""
    n, d = X.shape
    columns, _ = _with_ones(X, np.zeros(d), np.zeros(n))
    return _design(columns, np.zeros(d), np.ones(d), fit_intercept)


def standardised(X: FloatArray, w: FloatArray, fit_intercept: bool = True) -> Design:
    """Return the design with weighted mean 0 and deviation 1 in each column of X.

    A column that does not vary becomes zeros, so its coefficient stays 0. Without an intercept
    columns are only scaled: moving them would need one. Cost: a few passes over X.
    """
    share = w / w.sum()
    mean = share @ X
    columns, variance = _with_ones(X, mean, share)
    inner = columns[1:]  # (d, n)
    scale = np.sqrt(variance)
    odd = ~((variance > 1e-200) & (variance < 1e200))  # squares may have vanished or overflowed
    if odd.any():
        largest = np.maximum(np.abs(inner[odd]).max(axis=1), np.finfo(float).tiny)
        scale[odd] = largest * np.sqrt((inner[odd] / largest[:, None]) ** 2 @ share)
    # A constant column may leave rounding dust behind: 1e-13 of its size is no variation.
    constant = scale <= 1e-13 * np.abs(mean)
    scale[constant] = 1.0
    if fit_intercept:
        inner /= scale[:, None]
        inner[constant] = 0.0
        return _design(columns, mean, scale, True)
    for block in blocks(*X.shape):
        np.divide(X[block].T, scale[:, None], out=inner[:, block])
    return _design(columns, np.zeros(X.shape[1]), scale, False)


def _with_ones(
    X: FloatArray, centre: FloatArray, share: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return a row of ones and X - centre, transposed, (d+1, n), and its mean squares (d,).

    Each column of X lies in one piece of memory, so that NumPy runs along it without a break; rows
    go over in blocks that stay in the cache.
    """
    n, d = X.shape
    columns = np.empty((d + 1, n))
    columns[0] = 1.0
    squares = np.zeros(d)
    with np.errstate(over="ignore", under="ignore"):
        for block in blocks(n, 8 * d):  # eight times smaller: three arrays at a time
            inner = columns[1:, block]
            np.subtract(X[block].T, centre[:, None], out=inner)
            squares += inner**2 @ share[block]
    return columns, squares


def _design(
    columns: FloatArray, centre: FloatArray, scale: FloatArray, fit_intercept: bool
) -> Design:
    kept = np.ones(len(columns), dtype=bool)
    kept[0] = fit_intercept
    return Design(columns[0 if fit_intercept else 1 :].T, centre, scale, kept)


def repeated_columns(A: FloatArray, w: FloatArray) -> IntArray:
    """Return the columns of A that are combinations of those before them.

    From G = Aᵀ diag(w) A the columns are swept out one after the other; what then remains on the
    diagonal is the part of a column that those before it do not explain (Golub & Van Loan, Matrix
    Computations, section 4.2). Columns are independent in all rows if they are in some, so a
    few rows are looked at first. Cost: O(n p²) at most, usually a small part of it.
    """
    n, p = A.shape
    few = slice(None, None, max(1, n // (3 * p)))
    for rows in (few, slice(None)):
        G = weighted_cross(A[rows], own_weights(w[rows]), 1)
        size = np.sqrt(np.maximum(np.diag(G), np.finfo(float).tiny))
        G = G / size[:, None] / size
        try:
            np.linalg.cholesky(G - NOTHING_NEW * np.eye(p))
            return np.array([], dtype=np.int64)
        except np.linalg.LinAlgError:
            continue
    found = []
    for j in range(p):
        if G[j, j] <= NOTHING_NEW:
            found.append(j)
            continue
        G[j + 1 :, j + 1 :] -= np.outer(G[j + 1 :, j], G[j, j + 1 :]) / G[j, j]
    return np.array(found, dtype=np.int64)
