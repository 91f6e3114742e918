"""The folds on which a cross-validated regression is judged: dealt out, or as the caller split them.

Notation: n rows, k classes · y (n,) class numbers · kept (n,) rows of weight above 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray, RandomState, check_integer
from mlcore.model_selection import StratifiedKFold

Folds = list[tuple[IntArray, IntArray]]


def chosen_folds(
    cv: Any, X: FloatArray, y: IntArray, kept: BoolArray, random_state: RandomState
) -> Folds:
    """Return the rows to train and to test on for each fold, numbered among the kept rows.

    ``cv`` is a number of folds, which are stratified and dealt out by random_state; an object that
    splits the kept rows, X (n, d) and y (n,); or pairs of rows, numbered as given to fit.
    ValueError for fewer than two folds, or when a fold's training rows lack a class.
    """
    if isinstance(cv, str) or not (hasattr(cv, "split") or hasattr(cv, "__iter__")):
        check_integer("cv", cv, 2)
        cv = StratifiedKFold(int(cv), shuffle=True, random_state=random_state)
    if hasattr(cv, "split"):
        folds = list(cv.split(X, y))
    else:
        folds = [(renumbered(train, kept), renumbered(test, kept)) for train, test in cv]
    if len(folds) < 2:
        raise ValueError(f"cv has {len(folds)} folds, but at least 2 were expected. Try cv=5.")
    k = int(y.max()) + 1
    for number, (train, test) in enumerate(folds):
        lacking = np.flatnonzero(np.bincount(y[train], minlength=k) == 0)
        if len(lacking) or not len(test):
            what = f"class number {lacking[0]} to train on" if len(lacking) else "rows to test"
            raise ValueError(
                f"Fold {number} of cv has no {what}. Use fewer folds, or a number for stratified ones."
            )
    return folds


def renumbered(rows: Any, kept: BoolArray) -> IntArray:
    """Return the numbers among the kept rows of those rows that are kept.

    >>> renumbered([0, 1, 3], np.array([True, False, True, True])).tolist()
    [0, 2]
    """
    place = np.cumsum(kept) - 1
    chosen = np.arange(len(kept))[np.asarray(rows)]
    return np.asarray(place[chosen[kept[chosen]]], dtype=np.int64)
