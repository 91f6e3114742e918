"""Splitting rows into folds, so that every row is predicted by a model that never saw it.

A splitter yields pairs of row numbers, those to train on and those to test on. Most splitters here
deal each row into one fold, and test each fold once.

Notation: n rows · fold (n,) the number of the fold each row is tested in.

Source: Stone (1974), Cross-validatory choice and assessment of statistical predictions, JRSS B 36;
Kohavi (1995), A study of cross-validation and bootstrap for accuracy estimation, IJCAI.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Iterator
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
    check_pairs,
    check_same_rows,
    check_seed_is_used,
    holds_classes,
    refuse_class,
    row_count,
    warn_unused_groups,
)

Split = tuple[IntArray, IntArray]


def stratified_folds(y: IntArray, n_splits: int, generator: np.random.Generator) -> IntArray:
    """Return the fold (n,) of each row, each class dealt out to the folds like shuffled cards.

    Every row is in one fold, the folds' sizes differ by at most one, and so do a class's counts in
    them. Dealing goes on from class to class, so the first folds do not get all the extra rows.

    >>> fold = stratified_folds(np.array([0, 0, 0, 1, 1, 1, 1]), 2, np.random.default_rng(0))
    >>> np.bincount(fold).tolist()
    [4, 3]
    """
    shuffled = generator.permutation(len(y))
    by_class = shuffled[np.argsort(y[shuffled], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    fold[by_class] = np.arange(len(y)) % n_splits
    return fold


def stratified_runs(y: IntArray, n_splits: int) -> IntArray:
    """Return the fold (n,) of each row: the counts of dealing, but each class in runs of its rows.

    Classes are dealt in the order in which they first appear; so are scikit-learn's.

    >>> stratified_runs(np.array([1, 1, 1, 0, 0, 0, 0]), 2).tolist()
    [0, 0, 1, 0, 0, 1, 1]
    """
    _, first, index = np.unique(y, return_index=True, return_inverse=True)
    turn = np.argsort(np.argsort(first))[index]  # (n,) the row's class, by first appearance
    by_class = np.argsort(turn, kind="stable")
    dealt = np.arange(len(y)) % n_splits
    fold = np.empty(len(y), dtype=np.int64)
    fold[by_class] = dealt[np.lexsort((dealt, turn[by_class]))]
    return fold


def contiguous_folds(n: int, n_splits: int) -> IntArray:
    """Return the fold (n,) of each row, in runs; the first n % n_splits folds get one row more.

    >>> contiguous_folds(5, 2).tolist()
    [0, 0, 0, 1, 1]
    """
    sizes = n // n_splits + (np.arange(n_splits) < n % n_splits)
    return np.repeat(np.arange(n_splits), sizes)


class Splitter:
    """What has ``split``, which yields rows to train on and rows to test on."""

    n_splits: int

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return how many pairs split yields."""
        return self.n_splits

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, once for each fold."""
        raise TypeError(f"{type(self).__name__} does not say how to split.")

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"


class FoldSplitter(Splitter):
    """A splitter that deals each row into one fold: subclasses give ``_folds``."""

    def _folds(self, X: Any, y: Any, groups: Any) -> IntArray:
        """Return the fold (n,) of each row."""
        raise TypeError(f"{type(self).__name__} does not say how to deal rows.")

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, once for each fold."""
        fold = self._folds(X, y, groups)
        for k in range(int(fold.max()) + 1):
            yield np.flatnonzero(fold != k), np.flatnonzero(fold == k)


class KFold(FoldSplitter):
    """Folds of neighbouring rows, or of rows drawn at random.

    Parameters
    ----------
    n_splits : number of folds, at least 2 and at most n, else ValueError.
    shuffle : draw the rows of each fold at random.
    random_state : seed of the shuffle; a seed without shuffle is a ValueError.

    >>> [test.tolist() for _, test in KFold(2).split([[0], [1], [2], [3], [4]])]
    [[0, 1, 2], [3, 4]]
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
        warn_unused_groups(groups, self)
        n = check_same_rows(X=X, y=y)
        if n < self.n_splits:
            raise ValueError(
                f"n_splits is {self.n_splits}, but X has {plural(n, 'row')} (n_samples={n}): a "
                "fold would be empty. Use fewer folds or more rows."
            )
        fold = contiguous_folds(n, self.n_splits)
        return check_generator(self.random_state).permutation(fold) if self.shuffle else fold


class StratifiedKFold(FoldSplitter):
    """Folds in which each class has its share of rows.

    Parameters
    ----------
    n_splits : number of folds, at least 2; ValueError if the smallest class has fewer rows.
    shuffle : deal the rows out at random, else each class in runs of neighbouring rows.
    random_state : seed of the shuffle.

    >>> folds = StratifiedKFold(3, shuffle=True, random_state=0)
    >>> [len(test) for _, test in folds.split(None, [0, 1] * 5)]
    [4, 3, 3]
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
        warn_unused_groups(groups, self)
        _, index = check_labels(y, None if X is None else row_count(X), least_classes=2)
        smallest = int(np.bincount(index).min())
        if smallest < self.n_splits:
            raise ValueError(
                f"n_splits is {self.n_splits}, but the smallest class has "
                f"{plural(smallest, 'row')}. Use n_splits={max(2, smallest)} or collect more "
                "rows of it."
            )
        if not self.shuffle:
            return stratified_runs(index, self.n_splits)
        return stratified_folds(index, self.n_splits, check_generator(self.random_state))


class LeaveOneOut(FoldSplitter):
    """As many folds as rows, each of a single row.

    >>> [test.tolist() for _, test in LeaveOneOut().split([[5], [6], [7]])]
    [[0], [1], [2]]
    """

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of rows of X."""
        return check_same_rows(X=X, y=y)

    def _folds(self, X: Any, y: Any, groups: Any) -> IntArray:
        warn_unused_groups(groups, self)
        n = check_same_rows(X=X, y=y)
        if n < 2:
            raise ValueError(
                f"X has {plural(n, 'row')}, but at least 2 were expected: one to train on and one "
                "to test on. Collect more rows."
            )
        return np.arange(n)


class _Repeated(Splitter):
    """Shuffled folds, dealt again and again from one stream of random numbers."""

    _kind: type[KFold] | type[StratifiedKFold]

    def __init__(
        self, *, n_splits: int = 5, n_repeats: int = 10, random_state: RandomState = None
    ) -> None:
        self.n_splits = n_splits
        self.n_repeats = n_repeats
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return n_splits * n_repeats."""
        return self.n_splits * self.n_repeats

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the rows to train on and the rows to test on, repeat by repeat."""
        check_integer("n_repeats", self.n_repeats, 1)
        warn_unused_groups(groups, self)
        generator = check_generator(self.random_state)
        for _ in range(self.n_repeats):
            folds = self._kind(self.n_splits, shuffle=True, random_state=generator)
            yield from folds.split(X, y)


class RepeatedKFold(_Repeated):
    """KFold with a new shuffle for each of n_repeats, so that chance in dealing averages out.

    >>> RepeatedKFold(n_splits=2, n_repeats=3, random_state=0).get_n_splits()
    6
    """

    _kind = KFold


class RepeatedStratifiedKFold(_Repeated):
    """StratifiedKFold with a new shuffle for each of n_repeats.

    >>> RepeatedStratifiedKFold(n_splits=2, n_repeats=3, random_state=0).get_n_splits()
    6
    """

    _kind = StratifiedKFold


class _GivenSplits(Splitter):
    """Pairs of rows that somebody else made."""

    def __init__(self, splits: Iterable[Any]) -> None:
        self.splits = [(np.asarray(train), np.asarray(test)) for train, test in check_pairs(splits)]
        self.n_splits = len(self.splits)

    def split(self, X: Any = None, y: Any = None, groups: Any = None) -> Iterator[Split]:
        """Yield the pairs given."""
        yield from self.splits


def check_cv(
    cv: Any = 5,
    y: Any = None,
    *,
    classifier: bool = False,
    shuffle: bool = False,
    random_state: RandomState = None,
) -> Any:
    """Return a splitter: of cv folds (None: 5), the one given, or one of the pairs given.

    A number means StratifiedKFold for a classifier whose y holds classes, else KFold. ValueError
    for what is none of these, TypeError for the class of a splitter.

    >>> check_cv(3, [0, 1, 0, 1], classifier=True)
    StratifiedKFold(n_splits=3, shuffle=False, random_state=None)
    """
    refuse_class(cv)
    cv = 5 if cv is None else cv
    if isinstance(cv, numbers.Integral) and not isinstance(cv, bool):
        kind = StratifiedKFold if classifier and holds_classes(y) else KFold
        return kind(int(cv), shuffle=shuffle, random_state=random_state)
    if hasattr(cv, "split") and not isinstance(cv, str):
        return cv
    if isinstance(cv, Iterable) and not isinstance(cv, str):
        return _GivenSplits(cv)
    raise ValueError(
        f"cv is {cv!r}, but a number of folds, a splitter or pairs of rows (train, test) were "
        "expected. Try cv=5."
    )
