"""How likely a normal or a chi-squared variable is to lie beyond a value, for p-values.

Both are sums of positive terms around the complementary error function, so nothing cancels and the
relative error stays below 1e-12 however small the tail.
Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.3, 26.4.4 and 26.4.5.
"""

from __future__ import annotations

import math

from mlcore.checks import check_integer, check_real


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
