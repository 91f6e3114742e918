"""What a list of fixed length finds: precision and recall of the k rows of highest score.

A school can see k pupils this week, whatever the threshold that makes k. Rows tied at the end of
the list are taken at random, so hits are counted as expected over that draw.

Notation: n rows, m of them positive · k length of the list · hits, positives on it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    RandomState,
    check_choice,
    check_finite_vector,
    check_generator,
    check_integer,
    check_paired,
    plural,
)
from mlcore.checks.scores import check_positive_rows
from mlcore.metrics.intervals import (
    check_confidence,
    clopper_pearson_interval,
    wilson_interval,
)
from mlcore.metrics.ranking import count_above


class ShareAtK(NamedTuple):
    """A share of the list, or of the positives, with its interval and the hits it comes from."""

    value: float
    low: float
    high: float
    hits: float


def precision_at_k(
    y_true: ArrayLike,
    y_score: ArrayLike,
    k: int,
    *,
    pos_label: Any = None,
    confidence: float = 0.95,
    method: str = "wilson",
) -> ShareAtK:
    """Return hits / k: of the k rows of highest score, the share that truly are positive.

    The interval is that of hits in k trials, "wilson" or "clopper_pearson": given the score that
    ends the list, those above it are a sample of all rows so high, each positive with one chance.
    It says nothing of that score's being a little higher or lower in other samples.

    >>> precision_at_k([1, 0, 1, 1, 0], [0.9, 0.8, 0.6, 0.6, 0.1], 3).value
    0.6666666666666666
    """
    check_choice("method", method, ("wilson", "clopper_pearson"))
    positive, s = _ranked(y_true, y_score, k, pos_label)
    hits = _hits(positive, s, k)
    interval = wilson_interval if method == "wilson" else clopper_pearson_interval
    return ShareAtK(hits / k, *interval(hits, k, confidence), hits)


def recall_at_k(
    y_true: ArrayLike,
    y_score: ArrayLike,
    k: int,
    *,
    pos_label: Any = None,
    confidence: float = 0.95,
    n_resamples: int = 1000,
    random_state: RandomState = None,
) -> ShareAtK:
    """Return hits / m: of all positives, the share that is among the k rows of highest score.

    Over other samples of n rows not only the hits scatter, but also m and the score that ends the
    list: with more positives than places recall is k / m at best. A binomial interval takes both
    for fixed and may be too short, so rows are resampled, without regard to class. But resamples of
    a list that misses nobody never miss anybody, so the interval is also never shorter than
    Wilson's of hits in m trials: low is the lower of the two, high the higher. NaN where nobody is
    positive. Cost: O(n log n + n_resamples n).

    >>> y, score = [1, 0, 1, 1, 0, 0], [0.9, 0.8, 0.6, 0.5, 0.3, 0.1]
    >>> recall_at_k(y, score, 3, random_state=0).value
    0.6666666666666666
    """
    check_confidence(confidence)
    check_integer("n_resamples", n_resamples, 1)
    rng = check_generator(random_state)
    positive, s = _ranked(y_true, y_score, k, pos_label)
    hits, m = _hits(positive, s, k), int(positive.sum())
    if m == 0:
        return ShareAtK(np.nan, np.nan, np.nan, hits)
    recalls = _resampled_recalls(positive, s, k, n_resamples, rng)
    beyond = (1.0 - confidence) / 2.0
    recalls = np.append(recalls, hits / m)  # few resamples of one positive may all lack it
    low, high = np.quantile(recalls, [beyond, 1.0 - beyond])
    wilson = wilson_interval(hits, m, confidence)
    return ShareAtK(hits / m, min(float(low), wilson[0]), max(float(high), wilson[1]), hits)


def _ranked(
    y_true: ArrayLike, y_score: ArrayLike, k: int, pos_label: Any
) -> tuple[BoolArray, FloatArray]:
    t, s, _ = check_paired(y_true, y_score, ("y_true", "y_score"), None)
    check_integer("k", k, 1)
    if k > len(t):
        raise ValueError(
            f"k is {k}, but there {'is' if len(t) == 1 else 'are'} only {plural(len(t), 'row')} to list. "
            f"Use a k of {len(t)} or less."
        )
    return check_positive_rows(t, pos_label), check_finite_vector(s, "y_score")


def _hits(positive: BoolArray, s: FloatArray, k: int) -> float:
    fps, tps, _ = count_above(positive, s, None)
    return _expected_hits(fps + tps, tps, k)


def _expected_hits(listed: Any, found: Any, k: int) -> float:
    """Return the hits of k rows, from the rows and positives at or above each score, falling.

    Between two scores hits grow in a straight line: each of the tied rows is as likely to be taken.
    """
    return float(np.interp(k, np.append(0, listed), np.append(0, found)))


def _resampled_recalls(
    positive: BoolArray, s: FloatArray, k: int, B: int, rng: np.random.Generator
) -> FloatArray:
    """Return the recall of each of B resamples that has a positive."""
    n, (_, rank) = len(s), np.unique(-s, return_inverse=True)
    q = int(rank.max()) + 1
    cell = rank + q * positive  # negatives by score, then positives by score
    recalls = []
    for _ in range(B):
        negatives, positives = np.bincount(cell[rng.integers(0, n, n)], minlength=2 * q).reshape(
            2, q
        )
        if m := int(positives.sum()):
            found = np.cumsum(positives)
            recalls.append(_expected_hits(np.cumsum(negatives) + found, found, k) / m)
    return np.array(recalls)
