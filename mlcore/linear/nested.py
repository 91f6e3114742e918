"""Do further columns help? The likelihood-ratio test of two models, one inside the other.

Source: Wilks (1938), The large-sample distribution of the likelihood ratio for testing composite
hypotheses, Annals of Mathematical Statistics 9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.inference import Inference
from mlcore.tails import chi_squared_tail


class LikelihoodRatio(NamedTuple):
    """The likelihood-ratio test of two nested models."""

    statistic: float
    df: int
    p_value: float


def likelihood_ratio_test(small: Inference, large: Inference) -> LikelihoodRatio:
    """Test whether the columns that only the large model has help: its gain against chi-squared.

    The statistic is the fall of the deviance, df the number of further coefficients. The small
    model's columns must be among those of the large one. ValueError where they cannot be.
    Source: Wilks (1938), Annals of Mathematical Statistics 9.
    """
    for result in (small, large):
        if not isinstance(result, Inference):
            raise TypeError(
                f"A {type(result).__name__} was given, but what infer returns was expected. "
                "Pass infer(model, X, y) of both models."
            )
        if result.robust:
            raise ValueError(
                "The test takes the rows as independent, but groups were given. "
                "Leave groups out of infer."
            )
    rows = small._objective, large._objective
    if not (np.array_equal(rows[0].y, rows[1].y) and np.array_equal(rows[0].w, rows[1].w)):
        raise ValueError(
            "The models were not fitted to the same rows: labels or weights differ. "
            "Fit both on the same X rows, y and sample_weight."
        )
    df = large.n_parameters - small.n_parameters
    if df < 1 or not _within(rows[0].A, rows[1].A):
        raise ValueError(
            f"The models have the coefficients {small.names} and {large.names}, and the columns "
            "of the first were expected among those of the second. Pass the smaller model first."
        )
    fall = max(small.deviance - large.deviance, 0.0)
    return LikelihoodRatio(fall, df, chi_squared_tail(fall, df))


def _within(small: FloatArray, large: FloatArray) -> bool:
    """Return whether every column of one design (n, p) is a combination of the other's."""
    inside = large @ np.linalg.lstsq(large, small, rcond=None)[0]
    return bool(np.abs(inside - small).max() <= 1e-6 * np.abs(small).max())
