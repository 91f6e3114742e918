"""Pupils of one class or school are alike: numbers for their groups, and folds that keep them whole.

Notation: n rows, f folds · y (n,) 1 at risk, 0 not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.model_selection import StratifiedGroupKFold


def clusters(groups: ArrayLike | None, rows: BoolArray | None = None) -> IntArray | None:
    """Return the number of each pupil's group (n,); None without groups, or with only one.

    With ``rows`` (a mask) only of those pupils. A pupil of no known group is a group of its own.

    >>> clusters(["6a", None, "6b", "6a"]).tolist(), clusters(["6a", "6a"])
    ([0, 2, 1, 0], None)
    """
    if groups is None:
        return None
    names = np.asarray(groups, dtype=object)
    codes, distinct = pd.factorize(names if rows is None else names[rows])
    alone = codes < 0
    codes[alone] = len(distinct) + np.arange(alone.sum())
    return codes.astype(np.int64) if len(codes) and codes.max() > 0 else None


def group_folds(
    y: FloatArray | IntArray, group: IntArray, n_folds: int, rng: np.random.Generator
) -> IntArray:
    """Return the fold (n,) of each row: whole groups together, balanced in rows and outcomes.

    >>> group_folds(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), 2, np.random.default_rng(0))
    array([0, 0, 1, 1])
    """
    fold = np.empty(len(y), dtype=np.int64)
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=rng)
    for k, (_, test) in enumerate(splitter.split(None, y.astype(np.int64), group)):
        fold[test] = k
    return fold
