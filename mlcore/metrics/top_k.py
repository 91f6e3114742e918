"""How often the true class is among the k that a model thinks most of.

Notation: n rows, here c classes · scores (n, c) · k how many classes may be named.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    UndefinedMetricWarning,
    check_finite_vector,
    check_integer,
    check_weights,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.scores import check_class_columns, check_score_table


def top_k_accuracy_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    k: int = 2,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    """Return the share of rows whose class is among the k of highest score.

    Of equal scores the later class comes first. y_score is (n, c), columns in the order of
    ``labels`` (sorted; those of y_true if None), or (n,) for the greater of two labels, which is
    then said above 0.5 where all scores lie in [0, 1], else above 0. ``normalize=False`` returns
    the weight of the hits. UndefinedMetricWarning when k names every class. Cost: O(n c).

    >>> P = [[0.5, 0.3, 0.2], [0.4, 0.3, 0.3], [0.2, 0.3, 0.5]]
    >>> top_k_accuracy_score(["a", "b", "c"], P)  # in row 1 c comes before b
    0.6666666666666666
    """
    check_integer("k", k, 1)
    shape = np.shape(y_score)
    if len(shape) == 2 and shape[1] > 2:
        scores = check_score_table(y_score, "y_score")
        hits = _among_best(check_class_columns(y_true, scores.shape, labels, "y_score"), scores, k)
        c = scores.shape[1]
    else:
        score, c = check_finite_vector(y_score, "y_score"), 2
        own = check_class_columns(y_true, (len(score), 2), labels, "y_score and its complement")
        cut = 0.5 if score.min() >= 0 and score.max() <= 1 else 0.0
        hits = (score > cut) == (own == 1) if k == 1 else np.ones(len(own), dtype=bool)
    if k >= c:
        warn_caller(
            f"k is {k} and there are {c} classes, so every row is a hit. Use a smaller k.",
            UndefinedMetricWarning,
        )
    w = check_weights(sample_weight, len(hits))
    return float(np.average(hits, weights=w)) if normalize else float(w @ hits)


def _among_best(own: IntArray, scores: FloatArray, k: int) -> BoolArray:
    """Return which rows have fewer than k classes ahead of their own; counting needs no sort."""
    mine = scores[np.arange(len(own)), own][:, None]
    later = np.arange(scores.shape[1]) > own[:, None]
    ahead = (scores > mine) | ((scores == mine) & later)  # (n, c)
    return np.asarray(ahead.sum(axis=1) < k, dtype=bool)
