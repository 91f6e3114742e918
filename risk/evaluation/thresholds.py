"""At what risk is a pupil flagged? By how many pupils can be seen, or by what a miss costs.

With a capacity the list is as long as there is time for. With a cost, "missing a pupil costs N times
a needless talk": at a risk of p a talk is needless with probability 1 - p and its lack costs N p, so
it pays from p = 1 / (1 + N) on, if the stated risks are right.

Notation: n pupils · risk (n,) predicted · N the cost ratio.

Source: Elkan (2001), The foundations of cost-sensitive learning, IJCAI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray
from risk.data.reading import DataError


def capacity_count(capacity: str, n: int) -> int:
    """Return how many of n pupils can be seen: "40" or "10%"; DataError if it is neither.

    >>> capacity_count("10%", 250), capacity_count("40", 250)
    (25, 40)
    """
    text = capacity.strip()
    number = _number(text.removesuffix("%"))
    percent = text.endswith("%")
    if (
        not 0 < number < np.inf
        or (percent and number > 100)
        or (not percent and number != round(number))
    ):
        raise DataError(
            f"--capacity is {capacity!r}, but a number of pupils such as 40 or a share such as "
            "10% was expected."
        )
    count = n * number / 100 if percent else number
    return int(np.clip(round(count), 1, n))


def cost_ratio(cost: str) -> float:
    """Return how many needless talks one missed pupil is worth: "5"; DataError for no such number.

    >>> cost_ratio("5")
    5.0
    """
    number = _number(cost.strip())
    if not 0 < number < np.inf:
        raise DataError(
            f"--cost is {cost!r}, but how many needless talks one missed pupil is worth was "
            "expected: a number above 0, such as 5."
        )
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


@dataclass(frozen=True)
class Rule:
    """Whom to flag: the given share of the pupils, or where there is a cost, whoever it pays for."""

    share: float  # of the pupils that can be seen
    cost: float | None = None  # N; None to go by the share

    def threshold(self, risk: FloatArray) -> float:
        """Return the risk from which on these pupils are flagged.

        >>> Rule(0.5).threshold(np.array([0.9, 0.2])), Rule(0.5, cost=9).threshold(np.array([0.9]))
        (0.9, 0.1)
        """
        if self.cost is not None:
            return threshold_for_cost(self.cost)
        return threshold_for(risk, round(self.share * len(risk)))


def read_rule(capacity: str, cost: str | None, n: int) -> Rule:
    """Return the rule of the options --capacity and --cost for a list of n pupils.

    >>> read_rule("40", None, 400)
    Rule(share=0.1, cost=None)
    """
    share = capacity_count(capacity, n) / n
    return Rule(share, None if cost is None else cost_ratio(cost))


def threshold_for(risk: FloatArray, count: int) -> float:
    """Return the risk at which nearest to ``count`` pupils are flagged (risk >= threshold).

    Pupils of the same risk are flagged together or not at all; of two thresholds equally near, the
    one that flags fewer is taken, but never one that flags nobody.

    >>> threshold_for(np.array([0.9, 0.8, 0.8, 0.1]), 2)
    0.9
    """
    values, counts = np.unique(risk, return_counts=True)
    flagged = np.cumsum(counts[::-1])
    best = int(np.argmin(np.abs(flagged - count)))
    return float(values[::-1][best])


def threshold_for_cost(ratio: float) -> float:
    """Return 1 / (1 + N): from this risk on a talk costs less than what it may prevent.

    >>> threshold_for_cost(4)
    0.2
    """
    return 1.0 / (1.0 + ratio)
