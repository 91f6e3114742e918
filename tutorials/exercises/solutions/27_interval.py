"""Wilson's interval of a share: how far may 3 of 4 be from the truth?

For s successes in n trials, and z the normal quantile (1.96 for 95 %),

    centre     = (s + z²/2) / (n + z²)
    half-width = z sqrt(s (n - s) / n + z²/4) / (n + z²)

Return the two ends, centre - half-width and centre + half-width, cut to [0, 1]. Without trials nothing
is known: return (nan, nan). s, n and z are numbers. Explained in tutorial 5.

>>> low, high = interval(2, 2, z=2.0)
>>> round(low, 3), round(high, 3)
(0.333, 1.0)
"""

import numpy as np


def interval(s, n, z):
    """Return Wilson's interval (low, high) of the share s / n; (nan, nan) for n = 0."""
    # your turn
    if n == 0:
        return np.nan, np.nan
    centre = (s + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(s * (n - s) / n + z**2 / 4) / (n + z**2)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
    # until here
