"""Forests beside reference forests: alike over seeds, as no seed gives two tools the same trees.

Each figure is taken of 50 forests. Its mean is compared with that of the reference's 50 by Welch's
z = |mean - mean'| / sqrt(s²/50 + s'²/50), its deviation s by the ratio to the reference's s'. The
means agree when no p-value is below LEVEL / (number of means compared): Holm's correction begins
there, and goes no further if nothing is found. With so many forests z is near enough to normal.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlcore.checks import FloatArray
from mlcore.tails import normal_tail

LEVEL = 0.001
SPREAD = 1.7  # most ratio of the deviations: of two samples of 50 one in 4000 is further off
HARD = "_hard_vote"  # figures of trees that vote with one class each, as R's do and ours do not


def means_of(expected: dict[str, Any]) -> dict[str, Any]:
    """Return the samples of scikit-learn's forests whose means are compared, by name."""
    samples = expected["sklearn"]["stats"]
    return {name: sample for name, sample in samples.items() if not name.endswith(HARD)}


def compare_samples(
    expected: dict[str, Any], figures: dict[str, Any], n_means: int
) -> list[tuple[str, float, float, str, int]]:
    """Return what is compared, difference, tolerance, measure and number of numbers of each."""
    references, most = means_of(expected), largest_z(n_means)
    missing = np.full(2, np.nan)
    ours = {name: np.asarray(figures.get(name, missing)) for name in references}
    found = [
        (name, z_of_means(ours[name], reference), most, "z", len(ours[name]))
        for name, reference in references.items()
    ]
    spreads = [ratio_of_spreads(ours[name], reference) for name, reference in references.items()]
    found.append(("spread over seeds", float(np.max(spreads)), SPREAD, "ratio", len(spreads)))
    importance = expected["sklearn"]["mdi_importance"]
    share = share_of_importance(figures.get("mdi_importance", missing[:, None]), importance)
    return [*found, ("importances", share, 1.0, "share", len(importance["mean"]))]


def largest_z(comparisons: int) -> float:
    """Return the z whose two-sided p-value is LEVEL / comparisons.

    >>> round(largest_z(1), 3)
    3.291
    """
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        above = 2 * normal_tail(middle) > LEVEL / comparisons
        low, high = (middle, high) if above else (low, middle)
    return high


def summary(sample: Any) -> tuple[FloatArray, FloatArray, int]:
    """Return mean, deviation and size of a reference's sample."""
    return np.array(sample["mean"]), np.array(sample["sd"]), sample["n"]


def z_of_means(ours: FloatArray, reference: Any) -> float:
    """Return Welch's z for a sample (seeds,) and a reference's mean, deviation and size."""
    mean, sd, n = summary(reference)
    error = math.sqrt(ours.var(ddof=1) / len(ours) + float(sd) ** 2 / n)
    gap = abs(float(ours.mean() - mean))
    return gap / error if error else (0.0 if gap <= 1e-12 else math.inf)


def ratio_of_spreads(ours: FloatArray, reference: Any) -> float:
    """Return the larger of the two deviations over the smaller one, inf if only one is 0."""
    a, b = float(ours.std(ddof=1)), float(summary(reference)[1])
    if a <= 1e-12 and b <= 1e-12:
        return 1.0
    return max(a / b, b / a) if a and b else math.inf


def share_of_importance(ours: FloatArray, reference: Any) -> float:
    """Return the largest difference of mean importances (d,), as a share of what is allowed.

    Four standard errors are, and 0.005 more.
    """
    mean, sd, n = summary(reference)
    error = np.sqrt(ours.var(axis=0, ddof=1) / len(ours) + sd**2 / n)
    return float(np.max(np.abs(ours.mean(axis=0) - mean) / (4 * error + 0.005)))
