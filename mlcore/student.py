"""Student's t: how likely a variable is to lie beyond a value, and the value for a chance.

With a = df / 2 and x = df / (df + t²), P(|T| > t) is the incomplete beta ratio I_x(a, 1/2). It is a
continued fraction, used on the side where it converges fast, so that the relative error stays below
1e-12 however small the tail.

Notation: df degrees of freedom, any number above 0.

Source: Student (1908), The probable error of a mean, Biometrika 6; Abramowitz & Stegun, Handbook of
Mathematical Functions, 26.5.8, 26.5.27 and 6.1.47; DiDonato & Morris (1992), ACM Transactions on
Mathematical Software 18, equation 9; Lentz (1976), Applied Optics 15.
"""

from __future__ import annotations

import math

from mlcore.checks import check_real


def student_tail(t: float, df: float) -> float:
    """Return the probability that Student's t with df degrees of freedom exceeds t.

    >>> round(student_tail(2.7764451051977987, 4), 12), student_tail(0.0, 3)
    (0.025, 0.5)
    """
    check_real("df", df, math.ulp(0.0))
    if math.isnan(t):
        raise ValueError("t is NaN, but a number was expected. Check what it was computed from.")
    if t < 0:
        return 1.0 - student_tail(-t, df)
    if t == 0.0 or math.isinf(t):
        return 0.5 if t == 0.0 else 0.0
    a, root = df / 2.0, t / math.sqrt(df)
    ratio = root * root  # t² / df
    if math.isinf(ratio):  # so far out that 1 + ratio is ratio
        return 0.5 * math.exp(_log_front(a) - math.log(a) - 2 * a * math.log(root))
    x, rest = 1.0 / (1.0 + ratio), ratio / (1.0 + ratio)
    front = math.exp(_log_front(a) - a * math.log1p(ratio)) * math.sqrt(rest)
    if x < (a + 1.0) / (a + 2.5):
        return 0.5 * front * _fraction(a, 0.5, x, rest)
    return 0.5 - 0.5 * front * _fraction(0.5, a, rest, x)


def student_quantile(p: float, df: float) -> float:
    """Return the t that Student's t stays below with probability p: -inf and inf for 0 and 1.

    A bracket, halved until Newton's steps for the logarithm of the tail stay inside it.

    >>> round(student_quantile(0.975, 4), 10)
    2.7764451052
    """
    check_real("df", df, math.ulp(0.0))
    check_real("p", p, 0.0, 1.0, advice="0.975")
    if p > 0.5:  # exact: 1 - p rounds nothing
        return -student_quantile(1.0 - p, df)
    if p == 0.5 or p == 0.0:
        return 0.0 if p == 0.5 else -math.inf
    low, high = 0.0, 1.0
    while student_tail(high, df) > p and high < 1e300:
        low, high = high, 2.0 * high
    t = (low + high) / 2.0
    for _ in range(200):
        tail = student_tail(t, df)
        low, high = (t, high) if tail > p else (low, t)
        step = math.log(tail / p) * tail / _density(t, df) if tail > 0 else math.inf
        following = t + step
        if not low <= following <= high:
            following = (low + high) / 2.0
        if abs(following - t) <= 2.0 * math.ulp(t):
            break
        t = following
    return -t


def _density(t: float, df: float) -> float:
    """Return Student's density at t."""
    a = df / 2.0
    return math.exp(_log_front(a) - (a + 0.5) * math.log1p(t * (t / df))) / math.sqrt(df)


def _log_front(a: float) -> float:
    """Return log(1 / B(a, 1/2)) = lgamma(a + 1/2) - lgamma(a) - log(pi) / 2.

    For large a the two nearly cancel, so their difference is taken from its series in 1 / a.
    """
    if a < 20.0:
        return math.lgamma(a + 0.5) - math.lgamma(a) - 0.5 * math.log(math.pi)
    q = 1.0 / (a * a)
    series = (-1 / 8 + q * (1 / 192 + q * (-1 / 640 + q * (17 / 14336 - q * 31 / 18432)))) / a
    return 0.5 * math.log(a / math.pi) + series


def _fraction(a: float, b: float, x: float, y: float) -> float:
    """Return the continued fraction F of I_x(a, b) = x^a y^b F / B(a, b), where y = 1 - x.

    It is the even part of 26.5.8, in which nothing cancels for large a: F = 1 / (β1 + α2 / (β2 + …)),
    by Lentz's method. About sqrt(max(a, b)) rounds are needed.
    """
    excess = a - (a + b) * x if x < 0.5 else (a + b) * y - b
    c = a * (excess + 1.0) / (a + 1.0)  # β1
    value, d = c, 0.0
    for n in range(1, 100_000):
        alpha = (a + n - 1) * (a + b + n - 1) * n * (b - n) * (x / (a + 2 * n - 1)) ** 2
        beta = n + n * (b - n) * x / (a + 2 * n - 1)
        beta += (a + n) * (excess + 1.0 + n * (1.0 + y)) / (a + 2 * n + 1)
        d = 1.0 / (beta + alpha * d)
        c = beta + alpha / c
        value *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return 1.0 / value
