"""Risks on the scale of log-odds, where those of 0 and 1 lie infinitely far out."""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray


def kept_inside(risk: FloatArray, n: int) -> FloatArray:
    """Return risks no nearer to 0 and 1 than 1 / (2 n): n pupils cannot tell 0 from one so small.

    >>> kept_inside(np.array([0.0, 0.3, 1.0]), 100).tolist()
    [0.005, 0.3, 0.995]
    """
    return np.clip(risk, 0.5 / n, 1 - 0.5 / n)


def log_odds(risk: FloatArray) -> FloatArray:
    """Return log(risk / (1 - risk)) of risks above 0 and below 1.

    >>> log_odds(np.array([0.5, 0.9])).round(3).tolist()
    [0.0, 2.197]
    """
    return np.log(risk) - np.log1p(-risk)
