"""Folds for rows that belong together: those of a group are never split, the future never seen.

Rows of one pupil are alike. A model that trained on some of them knows the others too well, and
its score in plain folds promises too much.

Notation: n rows, g groups, k classes, f folds · group (n,) each row's group · fold (n,) or (g,).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlcore.checks import (
    IntArray,
    RandomState,
    check_flag,
    check_generator,
    check_integer,
    check_labels,
    plural,
)
from mlcore.checks.selection import (
    check_groups,
    check_same_rows,
    check_seed_is_used,
    warn_unused_groups,
)
from mlcore.model_selection.splits import FoldSplitter, Split, Splitter, contiguous_folds


def balanced_groups(sizes: IntArray, n_splits: int) -> IntArray:
    """Return the fold (g,) of each group: the largest first, each to the fold with fewest rows.

    Of groups of equal size the last comes first. Source: Graham (1969), Bounds on multiprocessing
    timing anomalies, SIAM J. Applied Mathematics 17: the fullest fold gets at most 4/3 of the least
    possible.

    >>> balanced_groups(np.array([3, 2, 2, 1]), 2).tolist()
    [0, 1, 1, 0]
    """
    fold = np.empty(len(sizes), dtype=np.int64)
    rows = np.zeros(n_splits)
    for g in np.argsort(sizes, kind="stable")[::-1]:
        fold[g] = rows.argmin()
        rows[fold[g]] += sizes[g]
    return fold


def stratified_groups(counts: IntArray, n_splits: int) -> IntArray:
    """Return the fold (g,) of each group, so that each class (column of counts) is spread evenly.

    The groups of the most uneven classes come first. Each goes to the fold where the classes'
    shares then differ least between folds; of equals, to the fold with fewest rows. An
    empty fold is as good as any for every class, so none stays empty while there are groups.

    >>> stratified_groups(np.array([[3, 0], [0, 3], [2, 0], [0, 2]]), 2).tolist()
    [0, 1, 1, 0]
    """
    shares = counts / counts.sum(axis=0)
    held = np.zeros((n_splits, counts.shape[1]))
    rows = np.zeros(n_splits)
    fold = np.empty(len(counts), dtype=np.int64)
    for g in np.argsort(-counts.std(axis=1), kind="stable"):
        tried = held + np.eye(n_splits)[:, :, None] * shares[g]  # (f choices, f folds, k)
        unevenness = tried.std(axis=1).mean(axis=1)
        equals = np.isclose(unevenness, unevenness.min())
        fold[g] = np.where(equals, rows, np.inf).argmin()
        held[fold[g]] += shares[g]
        rows[fold[g]] += counts[g].sum()
    return fold


class GroupKFold(FoldSplitter):
    """Folds of about equal size that never split a group.

    Parameters
    ----------
    n_splits : number of folds, at least 2; ValueError if there are fewer groups.
    shuffle : deal the groups out at random, about as many to each fold, whatever their sizes.
    random_state : seed of the shuffle.

    >>> folds = GroupKFold(2).split(None, [0] * 5, groups=["a", "a", "b", "c", "c"])
    >>> [test.tolist() for _, test in folds]
    [[2, 3, 4], [0, 1]]
    """

    def __init__(
        self, n_splits: int = 5, *, shuffle: bool = False, random_state: RandomState = None
    ) -> None:
        check_seed_is_used(shuffle, random_state)
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def _folds(self, X: Any, y: Any, groups: Any) -> IntArray:
        check_integer("n_splits", self.n_splits, 2)
        check_flag("shuffle", self.shuffle)
        group = check_groups(groups, check_same_rows(X=X, y=y, groups=groups), self.n_splits)
        sizes = np.bincount(group)
        if not self.shuffle:
            return balanced_groups(sizes, self.n_splits)[group]
        dealt = contiguous_folds(len(sizes), self.n_splits)
        return check_generator(self.random_state).permutation(dealt)[group]


class StratifiedGroupKFold(FoldSplitter):
    """Folds that never split a group, and give each class its share as far as the groups allow.

    Parameters
    ----------
    n_splits : number of folds, at least 2; ValueError if there are fewer groups.
    shuffle : break ties between groups at random.
    random_state : seed of the shuffle.

    >>> folds = StratifiedGroupKFold(2).split(None, [0, 1, 0, 1], groups=[1, 1, 2, 2])
    >>> [test.tolist() for _, test in folds]
    [[0, 1], [2, 3]]
    """

    def __init__(
        self, n_splits: int = 5, shuffle: bool = False, random_state: RandomState = None
    ) -> None:
        check_seed_is_used(shuffle, random_state)
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def _folds(self, X: Any, y: Any, groups: Any) -> IntArray:
        check_integer("n_splits", self.n_splits, 2)
        check_flag("shuffle", self.shuffle)
        n = check_same_rows(X=X, y=y, groups=groups)
        group = check_groups(groups, n, self.n_splits)
        labels, index = check_labels(y, n)
        if np.bincount(index).max() < self.n_splits:
            raise ValueError(
                f"n_splits is {self.n_splits}, but every class has fewer rows than that. "
                "Use fewer folds or more rows."
            )
        g, k = int(group.max()) + 1, len(labels)
        if self.shuffle:
            group = check_generator(self.random_state).permutation(g)[group]
        counts = np.bincount(group * k + index, minlength=g * k).reshape(g, k)
        return stratified_groups(counts, self.n_splits)[group]


class LeaveOneGroupOut(FoldSplitter):
    """As many folds as groups, each of the rows of one group.

    >>> folds = LeaveOneGroupOut().split(None, [0, 0, 0], groups=["b", "a", "b"])
    >>> [test.tolist() for _, test in folds]
    [[1], [0, 2]]
    """

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of groups."""
        return int(check_groups(groups, check_same_rows(groups=groups), 2).max()) + 1

    def _folds(self, X: Any, y: Any, groups: Any) -> IntArray:
        return check_groups(groups, check_same_rows(X=X, y=y, groups=groups), 2)


class TimeSeriesSplit(Splitter):
    """Test on later rows than those trained on, in rows sorted by time.

    Parameters
    ----------
    n_splits : number of test sets, one after another up to the last row.
    max_train_size : how many rows to train on at most, the last before the test; None for all.
    test_size : rows in each test set; None for n // (n_splits + 1).
    gap : rows left out between training and test, for outcomes known only later.

    >>> for train, test in TimeSeriesSplit(2, gap=1).split([0] * 6):
    ...     print(train.tolist(), test.tolist())
    [0] [2, 3]
    [0, 1, 2] [4, 5]
    """

    def __init__(
        self,
        n_splits: int = 5,
        *,
        max_train_size: int | None = None,
        test_size: int | None = None,
        gap: int = 0,
    ) -> None:
        self.n_splits = n_splits
        self.max_train_size = max_train_size
        self.test_size = test_size
        self.gap = gap

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, from the first test to the last."""
        check_integer("n_splits", self.n_splits, 2)
        check_integer("max_train_size", self.max_train_size, 1, none=True)
        check_integer("test_size", self.test_size, 1, none=True)
        check_integer("gap", self.gap, 0)
        warn_unused_groups(groups, self)
        n = check_same_rows(X=X, y=y)
        size = n // (self.n_splits + 1) if self.test_size is None else self.test_size
        first = n - self.n_splits * size
        if size < 1 or first - self.gap < 1:
            raise ValueError(
                f"X has {plural(n, 'row')}, but {self.n_splits} tests of "
                f"{plural(max(size, 1), 'row')} after a gap of {self.gap} leave none to train on. "
                "Use fewer splits, smaller tests or no gap."
            )
        for start in range(first, n, size):
            end = start - self.gap
            begin = 0 if self.max_train_size is None else max(0, end - self.max_train_size)
            yield np.arange(begin, end), np.arange(start, start + size)
