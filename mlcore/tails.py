"""How likely a normal, chi-squared or beta variable is to lie beyond a value (Student's: student.py).

The first two are sums of positive terms around the complementary error function, so nothing cancels
and the relative error stays below 1e-12 however small the tail. The last comes from the incomplete
beta function, whose continued fraction converges fast on one side of the mean; the other side is
its complement.

Sources: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.3, 26.4.4, 26.4.5 and 26.5.8;
Loader (2000), Fast and accurate computation of binomial probabilities, for the beta density.
"""

from __future__ import annotations

import math

from mlcore.checks import check_integer, check_real

TINY = 1e-300  # below what any denominator of the continued fraction can be, but for an exact 0


def normal_tail(z: float) -> float:
    """Return the probability that a standard normal variable exceeds z: erfc(z / √2) / 2.

    >>> round(normal_tail(1.959963984540054), 12)
    0.025
    """
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def chi_squared_tail(x: float, df: int) -> float:
    """Return the probability that a chi-squared variable with df degrees of freedom exceeds x.

    With h = x / 2 it is the sum of exp(-h) h^a / Γ(a + 1) over a = 0, 1, … for even df, and for odd
    df erfc(√h) plus the sum over a = 1/2, 3/2, …; both up to a = df / 2 - 1. Cost: O(df).

    >>> round(chi_squared_tail(3.841458820694124, 1), 12), round(chi_squared_tail(10.0, 4), 6)
    (0.05, 0.040428)
    """
    check_integer("df", df, 1)
    check_real("x", x, 0.0)
    h, odd = x / 2.0, df % 2
    if h == 0:
        return 1.0
    terms = [math.erfc(math.sqrt(h))] if odd else []
    for i in range(df // 2):
        a = i + 0.5 if odd else float(i)
        terms.append(math.exp(a * math.log(h) - h - math.lgamma(a + 1.0)))
    return min(1.0, math.fsum(terms))


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return I_x(a, b), the probability that a beta(a, b) variable is at most x.

    The integral of u^(a-1) (1-u)^(b-1) from 0 to x over that from 0 to 1. For whole a and b it is
    the chance of at least a successes in a + b - 1 trials that each succeed with probability x.
    Cost: O(√max(a, b)).

    >>> incomplete_beta(0.5, 2, 2), round(incomplete_beta(0.3, 3, 8), 12)
    (0.5, 0.6172172136)
    """
    check_real("x", x, 0.0, 1.0)
    check_real("a", a, math.ulp(0.0))
    check_real("b", b, math.ulp(0.0))
    return _incomplete_beta(x, 1.0 - x, a, b)


def beta_quantile(p: float, a: float, b: float) -> float:
    """Return x with incomplete_beta(x, a, b) = p.

    Newton's steps, and a halving of the interval known to hold x where they leave it. The steps are
    those of log I against log x, or of the logs of both complements: nearly straight in the tails.

    >>> round(beta_quantile(0.5, 3, 3), 12), round(beta_quantile(0.025, 1, 20), 6)
    (0.5, 0.001265)
    """
    check_real("p", p, 0.0, 1.0)
    if p in (0.0, 1.0):
        return float(p)
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(200):
        if x in (0.0, 1.0):  # nearer than the least number, or the last digit
            break
        reached = incomplete_beta(x, a, b)
        low, high = (x, high) if reached < p else (low, x)
        slope = _density(x, 1.0 - x, a, b)
        there = 0.5 * (low + high) if low > 0.0 else high * high  # 0 may be 1e300 times nearer
        if 0.0 < reached < 1.0 and slope > 0.0:
            if reached <= 0.5:
                near = x * math.exp(math.log(p / reached) * reached / (slope * x))
            else:
                rest, tail = 1.0 - x, 1.0 - reached
                near = 1.0 - rest * math.exp(math.log((1.0 - p) / tail) * tail / (slope * rest))
            there = near if low < near < high else there
        if abs(there - x) <= 1e-16 * x:
            break
        x = there
    return x


def _incomplete_beta(x: float, y: float, a: float, b: float) -> float:
    """Return I_x(a, b) for x + y = 1, both given since 1 - x is inexact where x is rounded to 1."""
    if x == 0.0 or y == 0.0:
        return float(y == 0.0)
    if x * (a + b + 2.0) < a + 1.0:
        return _below_mean(x, y, a, b)
    return 1.0 - _below_mean(y, x, b, a)


def _below_mean(x: float, y: float, a: float, b: float) -> float:
    """Return I_x(a, b) for x + y = 1 and x below about the mean, by Lentz's continued fraction."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    value = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1.0 + term * d, 1.0 + term / c
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = c if abs(c) > TINY else TINY
            value *= d * c
        if abs(d * c - 1.0) < 4e-16:
            break
    return _density(x, y, a, b) * x * y / a * value


def _density(x: float, y: float, a: float, b: float) -> float:
    """Return the beta density x^(a-1) y^(b-1) / B(a, b), x + y = 1.

    log Γ grows like z log z, and its rounding with it. Here the large parts of the three log Γ's
    cancel on paper: what is left are Stirling's errors, below 1, and the distance of x from a / n.
    """
    n = a + b
    off = x * b - y * a  # n x - a
    exponent = a * _log_ratio(n * x / a, off / a) + b * _log_ratio(n * y / b, -off / b)
    exponent += _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    return math.sqrt(a * b / (2.0 * math.pi * n)) * math.exp(exponent) / (x * y)


def _log_ratio(ratio: float, excess: float) -> float:
    """Return log(ratio) = log(1 + excess) by the one that keeps its digits."""
    return math.log1p(excess) if abs(excess) < 0.5 else math.log(ratio)


def _stirling_error(z: float) -> float:
    """Return log Γ(z) less Stirling's (z - 1/2) log z - z + log(2π) / 2."""
    if z < 12.0:
        return math.lgamma(z) - (z - 0.5) * math.log(z) + z - 0.5 * math.log(2.0 * math.pi)
    s = 1.0 / (z * z)
    series = 1 / 1188 - s * 691 / 360360
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * series)))) / z
