"""Setting some rows aside at random: once for a final test, or again and again.

Unlike folds, random splits may test a row several times, or never.

Notation: n rows, k classes · counts (k,) rows of each class.
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
from mlcore.checks.names import plain
from mlcore.checks.selection import (
    check_groups,
    check_same_rows,
    check_split_sizes,
    check_stratify,
    warn_unused_groups,
)
from mlcore.model_selection.splits import Split, Splitter
from mlcore.tables import take_rows


def train_test_split(
    *arrays: Any,
    test_size: float | None = None,
    train_size: float | None = None,
    random_state: RandomState = None,
    shuffle: bool = True,
    stratify: Any = None,
) -> list[Any]:
    """Return for each array its rows to train on and its rows to test on.

    ``test_size`` and ``train_size`` are shares of the rows or numbers of them; by default a quarter
    is tested. Without ``shuffle`` the last rows are tested. ``stratify`` holds a class for each row;
    each class is then shared out alike. Arrays may be lists or DataFrames and stay what they are.

    >>> X_train, X_test, y_train, y_test = train_test_split(
    ...     [[1], [2], [3], [4]], list("abcd"), shuffle=False)
    >>> X_train, y_test
    ([[1], [2], [3]], ['d'])
    """
    if not arrays:
        raise ValueError("There is nothing to split. Pass X and y: train_test_split(X, y).")
    check_flag("shuffle", shuffle)
    n = check_same_rows(**{f"array {i}": array for i, array in enumerate(arrays)})
    if shuffle:
        kind = ShuffleSplit if stratify is None else StratifiedShuffleSplit
        splitter = kind(1, test_size=test_size, train_size=train_size, random_state=random_state)
        splitter._default_test_size = 0.25
        classes = None if stratify is None else check_stratify(stratify, n)
        train, test = next(splitter.split(np.empty((n, 0)), classes))
    elif stratify is not None:
        raise ValueError(
            "stratify is given and shuffle is False, but classes can only be shared out at random. "
            "Leave out stratify, or set shuffle=True."
        )
    else:
        n_train, n_test = check_split_sizes(n, test_size, train_size, 0.25)
        train, test = np.arange(n_train), np.arange(n_train, n_train + n_test)
    return [take_rows(array, rows) for array in arrays for rows in (train, test)]


def shares(counts: IntArray, total: int, generator: np.random.Generator) -> IntArray:
    """Return how many of ``total`` rows to draw from each class (k,), in proportion to counts.

    Each is its exact share rounded down, and the largest remainders are rounded up; which of equal
    remainders is left to chance.

    >>> shares(np.array([10, 5, 5]), 6, np.random.default_rng(0)).tolist() in ([3, 2, 1], [3, 1, 2])
    True
    """
    exact = counts * total  # in units of 1 / sum(counts), so that equal remainders are equal
    drawn, remainder = np.divmod(exact, counts.sum())
    tie = generator.permutation(len(counts))
    largest = np.lexsort((tie, -remainder))[: total - int(drawn.sum())]
    drawn[largest] += 1
    return drawn


class ShuffleSplit(Splitter):
    """Random rows to train on and to test on, drawn anew for each split.

    Parameters
    ----------
    n_splits : how often.
    test_size, train_size : shares of the rows or numbers of them; by default a tenth is tested.
    random_state : seed.

    >>> [len(test) for _, test in ShuffleSplit(2, test_size=0.3, random_state=0).split([0] * 10)]
    [3, 3]
    """

    _default_test_size = 0.1
    _drawn = "row"

    def __init__(
        self,
        n_splits: int = 10,
        *,
        test_size: float | None = None,
        train_size: float | None = None,
        random_state: RandomState = None,
    ) -> None:
        self.n_splits = n_splits
        self.test_size = test_size
        self.train_size = train_size
        self.random_state = random_state

    def _sizes(self, n: int) -> tuple[int, int]:
        check_integer("n_splits", self.n_splits, 1)
        return check_split_sizes(
            n, self.test_size, self.train_size, self._default_test_size, self._drawn
        )

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, in random order."""
        warn_unused_groups(groups, self)
        n = check_same_rows(X=X, y=y)
        n_train, n_test = self._sizes(n)
        generator = check_generator(self.random_state)
        for _ in range(self.n_splits):
            drawn = generator.permutation(n)
            yield drawn[n_test : n_test + n_train], drawn[:n_test]


class StratifiedShuffleSplit(ShuffleSplit):
    """ShuffleSplit in which each class has its share of both sides.

    ValueError when a class has a single row, or a side has fewer rows than there are classes.

    >>> folds = StratifiedShuffleSplit(1, test_size=0.5, random_state=0)
    >>> y = np.array([0, 0, 1, 1])
    >>> [sorted(y[test].tolist()) for _, test in folds.split(y, y)]
    [[0, 1]]
    """

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, in random order."""
        warn_unused_groups(groups, self)
        n = check_same_rows(X=X, y=y)
        classes, index = check_labels(y, n)
        counts = np.bincount(index)
        if counts.min() < 2:
            raise ValueError(
                f"The class {plain(classes[counts.argmin()])!r} has 1 row, but at least 2 were expected: "
                "one to train on and one to test on. Collect more rows of it or leave it out."
            )
        n_train, n_test = self._sizes(n)
        if min(n_train, n_test) < len(classes):
            raise ValueError(
                f"{plural(n_train, 'row')} to train on and {n_test} to test on are fewer than the "
                f"{len(classes)} classes. Change test_size or train_size."
            )
        generator = check_generator(self.random_state)
        for _ in range(self.n_splits):
            yield _draw(index, counts, n_train, n_test, generator)


class GroupShuffleSplit(ShuffleSplit):
    """ShuffleSplit of whole groups: the rows of a group are all trained on or all tested.

    ``test_size`` and ``train_size`` are shares or numbers of the groups, not of the rows; by
    default a fifth is tested. ValueError for fewer than 2 groups.

    >>> folds = GroupShuffleSplit(1, test_size=0.5, random_state=0)
    >>> groups = np.array(["a", "a", "b", "b"])
    >>> [len(np.unique(groups[test])) for _, test in folds.split(groups, groups=groups)]
    [1]
    """

    _default_test_size = 0.2
    _drawn = "group"

    def __init__(
        self,
        n_splits: int = 5,
        *,
        test_size: float | None = None,
        train_size: float | None = None,
        random_state: RandomState = None,
    ) -> None:
        super().__init__(
            n_splits, test_size=test_size, train_size=train_size, random_state=random_state
        )

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, in rising order."""
        group = check_groups(groups, check_same_rows(X=X, y=y, groups=groups), 2)
        g = int(group.max()) + 1
        n_train, n_test = self._sizes(g)
        generator = check_generator(self.random_state)
        for _ in range(self.n_splits):
            drawn = generator.permutation(g)
            sides = drawn[n_test : n_test + n_train], drawn[:n_test]
            train, test = (np.flatnonzero(np.isin(group, side)) for side in sides)
            yield train, test


def _draw(
    index: IntArray, counts: IntArray, n_train: int, n_test: int, generator: np.random.Generator
) -> Split:
    """Return rows to train on and to test on, with each class's share."""
    trains = shares(counts, n_train, generator)
    tests = shares(counts - trains, n_test, generator)
    shuffled = generator.permutation(len(index))
    by_class = shuffled[np.argsort(index[shuffled], kind="stable")]
    begins = np.cumsum(counts) - counts
    place = np.arange(len(index)) - np.repeat(begins, counts)  # of each row within its class
    side_of = np.repeat(trains, counts)
    train = by_class[place < side_of]
    test = by_class[(place >= side_of) & (place < side_of + np.repeat(tests, counts))]
    return generator.permutation(train), generator.permutation(test)
