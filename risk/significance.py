"""Is a difference more than chance would give? Of two shares, of two means, and among many.

Notation: a of n, b of m counts and their wholes · r p-values.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lgamma

import numpy as np

from mlcore.checks import FloatArray
from mlcore.student import student_tail

LEVEL = 0.05  # chance of calling anything different that is not
LEAST_PUPILS = 10  # fewer are neither compared nor shown


def fisher_exact(a: int, n: int, b: int, m: int) -> float:
    """Return the two-sided p-value of a of n against b of m, by Fisher's exact test.

    The chance, were the shares the same, of a table no likelier than this one. Source: Fisher
    (1935), The Design of Experiments; Fisher's tea taster, 3 of 4 against 1 of 4:

    >>> round(fisher_exact(3, 4, 1, 4), 4)
    0.4857
    """
    hits = a + b
    possible = np.arange(max(0, hits - m), min(n, hits) + 1)

    def log_choose(whole: int, parts: np.ndarray) -> FloatArray:
        return np.array([lgamma(whole + 1) - lgamma(k + 1) - lgamma(whole - k + 1) for k in parts])

    log_p = log_choose(n, possible) + log_choose(m, hits - possible)
    p = np.exp(log_p - log_p.max())
    seen = p[a - possible[0]]
    return float(p[p <= seen * (1 + 1e-9)].sum() / p.sum())


def welch_test(a: FloatArray, b: FloatArray) -> float:
    """Return the two-sided p-value of a difference in means; the variances may differ.

    t = (mean a - mean b) / sqrt(u + v), u = var(a) / n, v = var(b) / m, with the degrees of freedom
    (u + v)² / (u² / (n - 1) + v² / (m - 1)). Both need two values or more. Source: Welch (1947).

    >>> round(welch_test(np.array([0.0, 2.0, 4.0]), np.array([5.0, 6.0, 7.0, 8.0])), 4)
    0.0378
    """
    u, v = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    difference = float(a.mean() - b.mean())
    if u + v == 0:
        return float(difference == 0)
    df = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return 2 * student_tail(abs(difference) / float(np.sqrt(u + v)), float(df))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's corrected p-values: the i-th smallest of r times r - i, and never falling.

    Source: Holm (1979), Scandinavian Journal of Statistics 6.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected, highest = [1.0] * len(p_values), 0.0
    for i, at in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, p_values[at] * (len(p_values) - i)))
        corrected[at] = highest
    return corrected
