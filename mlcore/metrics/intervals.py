"""How far a measured share may be from the one that many more rows would show.

Notation: s successes in n trials · z the normal quantile of the confidence.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from mlcore.checks import check_real
from mlcore.tails import beta_quantile


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless confidence lies between 0 and 1, and is neither."""
    check_real("confidence", confidence, 0.0, 1.0, advice="0.95")
    if confidence in (0.0, 1.0):
        raise ValueError(
            f"confidence is {confidence}, but a number between 0 and 1 was expected. Try 0.95."
        )


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies within ±z with this probability."""
    check_confidence(confidence)
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def wilson_interval(
    successes: float, trials: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the interval of a share, by Wilson's score method; (nan, nan) without trials.

    centre = (s + z²/2) / (n + z²), half-width = z sqrt(s (n - s) / n + z²/4) / (n + z²). Two of
    two is not "100 % for sure". Source: Wilson (1927), J. American Statistical Association 22.

    >>> low, high = wilson_interval(2, 2)
    >>> round(low, 3), round(high, 3)
    (0.342, 1.0)
    """
    check_real("trials", trials, 0.0)
    check_real("successes", successes, 0.0, float(trials))
    if trials == 0:
        return np.nan, np.nan
    successes, trials = float(successes), float(trials)  # a product of counts may be too large
    z = normal_quantile(confidence)
    centre = (successes + z * z / 2) / (trials + z * z)
    inside = successes * (trials - successes) / trials + z * z / 4
    half = z * np.sqrt(inside) / (trials + z * z)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def clopper_pearson_interval(
    successes: float, trials: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of a share; (nan, nan) without trials.

    The shares that neither one-sided binomial test rejects: from the quantile (1 - confidence) / 2
    of beta(s, n - s + 1) to that of (1 + confidence) / 2 of beta(s + 1, n - s). It holds the truth
    at least as often as it says, mostly more often; Wilson's is shorter and holds it about as often
    as it says. Source: Clopper & Pearson (1934), Biometrika 26.

    >>> low, high = clopper_pearson_interval(2, 2)
    >>> round(low, 3), round(high, 3)
    (0.158, 1.0)
    """
    check_real("trials", trials, 0.0)
    check_real("successes", successes, 0.0, float(trials))
    check_confidence(confidence)
    if trials == 0:
        return np.nan, np.nan
    successes, trials = float(successes), float(trials)
    failures, beyond = trials - successes, (1.0 - confidence) / 2.0
    low = beta_quantile(beyond, successes, failures + 1.0) if successes > 0 else 0.0
    # The complement's lower quantile, as it keeps its digits where the share is nearly 1.
    high = 1.0 - beta_quantile(beyond, failures, successes + 1.0) if failures > 0 else 1.0
    return low, high
