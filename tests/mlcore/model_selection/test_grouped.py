"""Groups are never split, and the past never sees the future."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.model_selection import (
    GroupKFold,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)
from mlcore.model_selection.grouped import balanced_groups
from tests.mlcore.model_selection.test_splits import assert_partition

GROUPS = st.lists(st.integers(0, 12), min_size=6, max_size=60).filter(lambda g: len(set(g)) >= 4)


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.integers(2, 4), st.booleans(), st.integers(0, 99))
def test_no_group_is_split_and_no_row_lost(groups, k, shuffle, seed):
    groups = np.array(groups)
    y = np.arange(len(groups)) % 2
    for splitter in (
        GroupKFold(k, shuffle=shuffle, random_state=seed if shuffle else None),
        StratifiedGroupKFold(min(k, 3), shuffle=shuffle, random_state=seed if shuffle else None),
        LeaveOneGroupOut(),
    ):
        splits = list(splitter.split(None, y, groups))
        assert len(splits) == splitter.get_n_splits(None, y, groups)
        assert_partition(splits, len(groups))
        for train, test in splits:
            assert not set(groups[train]) & set(groups[test])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=3, max_size=7))
def test_balanced_folds_are_near_the_best_possible(sizes):
    sizes = np.array(sizes)
    got = np.bincount(balanced_groups(sizes, 3), sizes, 3).max()
    every = np.array(list(itertools.product(range(3), repeat=len(sizes))))
    best = min(np.bincount(fold, sizes, 3).max() for fold in every)
    assert got <= 4 / 3 * best


def test_shuffled_groups_depend_on_the_seed_and_are_as_many_a_fold():
    groups = np.repeat(np.arange(12), 3)

    def folds(seed):
        splitter = GroupKFold(4, shuffle=True, random_state=seed)
        return [test.tolist() for _, test in splitter.split(groups, groups=groups)]

    assert folds(0) == folds(0) != folds(1)
    assert {len(test) for test in folds(0)} == {9}


def test_classes_are_spread_as_far_as_groups_allow():
    rng = np.random.default_rng(0)
    groups = rng.permutation(np.repeat(np.arange(60), 4))
    y = (rng.random(240) < np.where(groups % 5 == 0, 0.9, 0.1)).astype(int)
    shares = [y[t].mean() for _, t in StratifiedGroupKFold(5).split(None, y, groups)]
    assert np.ptp(shares) < 0.07  # three pupils of 48
    plain = [y[t].mean() for _, t in GroupKFold(5).split(None, y, groups)]
    assert np.ptp(plain) > 0.5


def test_groups_that_are_missing_or_too_few_are_said():
    y = [0, 1, 0, 1]
    for splitter in (GroupKFold(2), StratifiedGroupKFold(2), LeaveOneGroupOut()):
        with pytest.raises(ValueError, match="groups is None"):
            next(splitter.split(None, y))
        with pytest.raises(ValueError, match="groups has 1 group, but 2"):
            next(splitter.split(None, y, [7, 7, 7, 7]))
        with pytest.raises(ValueError, match="groups has 3 rows, but y has 4"):
            next(splitter.split(None, y, [1, 2, 3]))
    with pytest.raises(ValueError, match="every class has fewer rows"):
        next(StratifiedGroupKFold(3).split(None, y, [1, 2, 3, 4]))


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 60), st.integers(2, 4), st.integers(0, 3), st.booleans())
def test_the_future_is_never_trained_on(n, k, gap, narrow):
    splitter = TimeSeriesSplit(k, gap=gap, max_train_size=4 if narrow else None)
    splits = list(splitter.split(np.zeros((n, 1))))
    assert len(splits) == k
    for train, test in splits:
        assert len(train)
        assert train.max() + gap < test.min()
        assert len(train) <= 4 or not narrow
    tested = [row for _, test in splits for row in test]
    assert tested == list(range(n - len(tested), n))  # up to the last row, each once


def test_time_series_by_hand():
    splits = TimeSeriesSplit(2, test_size=2, gap=1, max_train_size=3).split(range(9))
    assert [(a.tolist(), b.tolist()) for a, b in splits] == [
        ([1, 2, 3], [5, 6]),
        ([3, 4, 5], [7, 8]),
    ]
    with pytest.raises(ValueError, match="leave none to train on"):
        next(TimeSeriesSplit(3, test_size=3).split(range(9)))
