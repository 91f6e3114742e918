"""Splitting rows into folds, so that every row is predicted by a model that never saw it.

Notation: n rows · fold (n,) the number of the fold each row is tested in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlcore.checks import IntArray, RandomState, check_generator, check_integer, check_labels


def stratified_folds(y: IntArray, n_splits: int, generator: np.random.Generator | None) -> IntArray:
    """Return the fold (n,) of each row, each class dealt out to the folds like cards.

    Every row is in one fold, the folds' sizes differ by at most one, and so do a class's counts in
    them. Dealing goes on from class to class, so the first folds do not get all the extra rows.

    >>> stratified_folds(np.array([0, 0, 0, 1, 1, 1, 1]), 2, None).tolist()
    [0, 1, 0, 1, 0, 1, 0]
    """
    shuffled = np.arange(len(y)) if generator is None else generator.permutation(len(y))
    by_class = shuffled[np.argsort(y[shuffled], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    fold[by_class] = np.arange(len(y)) % n_splits
    return fold


class StratifiedKFold:
    """Folds in which each class has its share of rows.

    Parameters
    ----------
    n_splits : number of folds, at least 2; ValueError if the smallest class has fewer rows.
    shuffle : deal the rows out in random order, else in the order given.
    random_state : seed of the shuffle.

    >>> folds = StratifiedKFold(3, shuffle=True, random_state=0)
    >>> [len(test) for _, test in folds.split(None, [0, 1] * 5)]
    [4, 3, 3]
    """

    def __init__(
        self, n_splits: int = 5, *, shuffle: bool = False, random_state: RandomState = None
    ) -> None:
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds."""
        return self.n_splits

    def split(self, X: Any, y: Any, groups: Any = None) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield the rows to train on and the rows to test on, once for each fold."""
        check_integer("n_splits", self.n_splits, 2)
        _, index = check_labels(y, None if X is None else len(X), least_classes=2)
        smallest = int(np.bincount(index).min())
        if smallest < self.n_splits:
            raise ValueError(
                f"n_splits is {self.n_splits}, but the smallest class has {smallest} rows. "
                f"Use n_splits={max(2, smallest)} or collect more rows of it."
            )
        generator = check_generator(self.random_state) if self.shuffle else None
        fold = stratified_folds(index, self.n_splits, generator)
        for k in range(self.n_splits):
            yield np.flatnonzero(fold != k), np.flatnonzero(fold == k)
