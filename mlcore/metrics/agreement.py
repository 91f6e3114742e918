"""How far two columns of labels agree beyond chance: Matthews' correlation and Cohen's kappa.

Notation: n rows, k classes · C (k, k) confusion matrix · t, p (k,) its row and column sums, the
weight of each true and predicted class · N their sum.

Source: Gorodkin (2004), Computational Biology and Chemistry 28; Cohen (1968), Psychological
Bulletin 70.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    UndefinedMetricWarning,
    check_choice,
    check_labels_pair,
    check_real,
    warn_caller,
)
from mlcore.metrics.classification import class_pairs


def matthews_corrcoef(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Return (N sum C_ii - t·p) / sqrt((N² - t·t) (N² - p·p)), from -1 to 1.

    For two classes it is Pearson's correlation of 0/1 labels. It is 0 where either side has one
    class only; if that is one class in both, nothing can be said, and a warning is given.

    >>> round(matthews_corrcoef([1, 1, 1, 0], [1, 0, 1, 1]), 4)
    -0.3333
    """
    C = class_pairs(*check_labels_pair(y_true, y_pred, sample_weight), None)
    if len(C) == 1:
        warn_caller(
            "y_true and y_pred have one and the same label everywhere: the correlation is 0/0, and "
            "counts as 0. Score rows of more classes together.",
            UndefinedMetricWarning,
        )
    t, p = C.sum(axis=1), C.sum(axis=0)
    # N² - t·t as a sum of t_i (N - t_i): no difference of large numbers, and 0 for one class.
    spread_t, spread_p = t @ (t.sum() - t), p @ (p.sum() - p)
    if spread_t == 0 or spread_p == 0:
        return 0.0
    return float((np.trace(C) * C.sum() - t @ p) / (np.sqrt(spread_t) * np.sqrt(spread_p)))


def cohen_kappa_score(
    y1: ArrayLike,
    y2: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    weights: str | None = None,
    sample_weight: ArrayLike | None = None,
    replace_undefined_by: float = np.nan,
) -> float:
    """Return 1 - sum D C / sum D E, with E = t pᵀ / N the matrix of unrelated labels.

    D is how much each pair disagrees: 1 off the diagonal for weights=None, |i - j| for "linear",
    (i - j)² for "quadratic", where ``labels`` gives the order of the classes. Where 0/0, with one
    class only or none of the labels, ``replace_undefined_by`` is returned with a warning.

    >>> cohen_kappa_score(["no", "no", "yes", "yes"], ["no", "yes", "yes", "yes"])
    0.5
    """
    check_choice("weights", weights, (None, "linear", "quadratic"))
    if not np.isnan(replace_undefined_by):
        check_real("replace_undefined_by", replace_undefined_by, -1.0, 1.0, advice="0.0")
    C = class_pairs(*check_labels_pair(y1, y2, sample_weight, ("y1", "y2")), labels)
    steps = np.abs(np.subtract.outer(np.arange(len(C)), np.arange(len(C))))
    D = {None: steps > 0, "linear": steps, "quadratic": steps**2}[weights]
    by_chance = float((D * np.outer(C.sum(axis=1), C.sum(axis=0))).sum())
    if by_chance == 0:
        warn_caller(
            "y1 and y2 have at most one label in common and no other: kappa is 0/0, and counts as "
            f"{replace_undefined_by}. Score rows of more classes together, or say what it should "
            "count as: replace_undefined_by=0.",
            UndefinedMetricWarning,
        )
        return float(replace_undefined_by)
    return float(1.0 - (D * C).sum() * C.sum() / by_chance)
