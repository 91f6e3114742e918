"""Folds that somebody else dealt: the number of each row's fold is given.

Notation: n rows, f folds · test_fold (n,) the fold that each row is tested in, -1 for none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import IntArray, check_finite_vector
from mlcore.checks.selection import check_same_rows, warn_unused_groups
from mlcore.model_selection.splits import Split, Splitter


class PredefinedSplit(Splitter):
    """As many folds as there are numbers in test_fold; rows of -1 are always trained on.

    Parameters
    ----------
    test_fold : (n,) whole numbers, the fold that each row is tested in. ValueError for others.

    >>> for train, test in PredefinedSplit([0, 1, -1, 1]).split():
    ...     print(train.tolist(), test.tolist())
    [1, 2, 3] [0]
    [0, 2] [1, 3]
    """

    def __init__(self, test_fold: ArrayLike) -> None:
        self.test_fold = test_fold

    def _numbers(self) -> tuple[IntArray, IntArray]:
        """Return test_fold (n,) and the numbers (f,) of the folds, rising."""
        given = check_finite_vector(self.test_fold, "test_fold")
        fold = given.astype(np.int64)
        if (fold != given).any():
            raise ValueError(
                f"test_fold is {given[fold != given][0]} in row {int((fold != given).argmax())}, but "
                "the number of a fold was expected, or -1 for a row that is never tested."
            )
        folds = np.unique(fold)
        return fold, folds[folds != -1]

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds."""
        return len(self._numbers()[1])

    def split(self, X: Any = None, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, fold by fold."""
        warn_unused_groups(groups, self)
        fold, folds = self._numbers()
        check_same_rows(test_fold=fold, X=X, y=y)
        for k in folds:
            yield np.flatnonzero(fold != k), np.flatnonzero(fold == k)
