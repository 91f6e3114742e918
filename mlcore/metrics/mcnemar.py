"""Do two models label the same rows equally well?

Only rows that one of them gets right and the other wrong can tell: if both are equally good, each
such row is as likely to speak for the one as for the other.

Notation: b rows that only a gets right, c rows that only b gets right.

Source: McNemar (1947), Psychometrika 12; Dietterich (1998), Neural Computation 10.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import check_flag, check_labels_pair
from mlcore.tails import chi_squared_tail, incomplete_beta


class McNemarTest(NamedTuple):
    """How many rows speak for each of two models, and how likely that is if they are equal."""

    only_a: int
    only_b: int
    statistic: float
    p_value: float


def mcnemar_test(
    y_true: ArrayLike,
    y_pred_a: ArrayLike,
    y_pred_b: ArrayLike,
    *,
    exact: bool = True,
    correction: bool = True,
) -> McNemarTest:
    """Return the test that two sets of predicted labels are right equally often.

    ``exact``: the statistic is min(b, c) and p twice the chance of so few heads in b + c throws of
    a coin. Otherwise it is (|b - c| - 1)² / (b + c), without the 1 if not ``correction``, and p the
    chi-squared tail with one degree of freedom; for b + c of 25 or more. p is 1 where b = c.

    >>> test = mcnemar_test([1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 1], [0, 0, 0, 0, 1, 0])
    >>> test.only_a, test.only_b, round(test.p_value, 12)
    (5, 1, 0.21875)
    """
    check_flag("exact", exact)
    check_flag("correction", correction)
    t, a, _ = check_labels_pair(y_true, y_pred_a, None)
    b = check_labels_pair(y_true, y_pred_b, None)[1]
    only_a, only_b = int(np.sum((a == t) & (b != t))), int(np.sum((a != t) & (b == t)))
    apart, few = only_a + only_b, min(only_a, only_b)
    if exact:
        p = 1.0 if apart == 0 else 2.0 * incomplete_beta(0.5, apart - few, few + 1)
        return McNemarTest(only_a, only_b, float(few), min(1.0, p))
    distance = abs(only_a - only_b)
    statistic = max(0, distance - bool(correction)) ** 2 / apart if apart else 0.0
    return McNemarTest(only_a, only_b, statistic, chi_squared_tail(statistic, 1))
