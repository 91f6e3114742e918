"""Folds lose no row and keep each class's share."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import StratifiedKFold
from mlcore.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneOut,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
    check_cv,
)


def assert_partition(splits, n):
    """Every row is tested once, and trained on wherever it is not tested."""
    splits = list(splits)
    for train, test in splits:
        assert len(test)
        assert sorted([*train, *test]) == list(range(n))
    assert sorted(row for _, test in splits for row in test) == list(range(n))


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 200), st.integers(2, 5), st.integers(0, 1000), st.booleans())
def test_every_row_is_tested_once_and_classes_are_shared_out(n, k, seed, shuffle):
    rng = np.random.default_rng(seed)
    y = np.concatenate([np.repeat([0, 1], 5), rng.integers(0, 2, n - 10)])
    splits = list(
        StratifiedKFold(k, shuffle=shuffle, random_state=seed if shuffle else None).split(None, y)
    )
    assert_partition(splits, n)
    counts = [y[test].sum() for _, test in splits]
    sizes = [len(test) for _, test in splits]
    assert max(counts) - min(counts) <= 1
    assert max(sizes) - min(sizes) <= 1


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 9), st.integers(0, 40), st.booleans(), st.integers(0, 99))
def test_k_fold_loses_no_leftover_row(k, more, shuffle, seed):
    n = k + more
    splits = list(
        KFold(k, shuffle=shuffle, random_state=seed if shuffle else None).split(np.zeros((n, 2)))
    )
    assert len(splits) == k
    assert_partition(splits, n)
    sizes = [len(test) for _, test in splits]
    assert sizes == sorted(sizes, reverse=True) or shuffle
    assert max(sizes) - min(sizes) <= 1


def test_k_fold_takes_neighbours_unless_shuffled():
    assert [t.tolist() for _, t in KFold(3).split(range(7))] == [[0, 1, 2], [3, 4], [5, 6]]
    shuffled = [t.tolist() for _, t in KFold(3, shuffle=True, random_state=0).split(range(70))]
    assert shuffled[0] != list(range(24))


@pytest.mark.parametrize("kind", [KFold, StratifiedKFold])
def test_seed_decides_the_shuffle(kind):
    y = np.arange(40) % 2
    folds = [
        [t.tolist() for _, t in kind(4, shuffle=True, random_state=s).split(y, y)]
        for s in (0, 0, 1)
    ]
    assert folds[0] == folds[1] != folds[2]


@pytest.mark.parametrize("kind", [RepeatedKFold, RepeatedStratifiedKFold])
def test_repeats_are_different_partitions(kind):
    y = np.arange(23) % 2
    folds = kind(n_splits=4, n_repeats=3, random_state=0)
    splits = list(folds.split(y, y))
    assert len(splits) == folds.get_n_splits() == 12
    for repeat in range(3):
        assert_partition(splits[4 * repeat : 4 * repeat + 4], 23)
    assert len({tuple(test) for _, test in splits}) == 12
    again = list(folds.split(y, y))
    assert all((a[1] == b[1]).all() for a, b in zip(splits, again, strict=True))


def test_leave_one_out():
    splits = list(LeaveOneOut().split(None, [0, 1, 1]))
    assert_partition(splits, 3)
    assert [test.tolist() for _, test in splits] == [[0], [1], [2]]
    assert LeaveOneOut().get_n_splits(np.zeros((7, 1))) == 7
    with pytest.raises(ValueError, match="1 row, but at least 2"):
        next(LeaveOneOut().split([[1.0]]))


def test_check_cv_means_what_is_given():
    labels = ["a", "b"] * 5
    assert isinstance(check_cv(3, labels, classifier=True), StratifiedKFold)
    assert check_cv(None).n_splits == 5
    for y, classifier in ((labels, False), ([0.5, 1.5], True), (None, True)):
        assert isinstance(check_cv(3, y, classifier=classifier), KFold)
    folds = KFold(2)
    assert check_cv(folds) is folds
    given = check_cv(pair for pair in [([0, 1], [2]), ([2], [0, 1])])
    assert given.get_n_splits() == 2
    for _ in range(2):  # pairs from a generator last
        assert [test.tolist() for _, test in given.split()] == [[2], [0, 1]]
    for wrong in ("five", 2.5, True):
        with pytest.raises(ValueError, match="Try cv=5"):
            check_cv(wrong)


Y = np.arange(12) % 2
UNGROUPED = [
    KFold(3), StratifiedKFold(3), LeaveOneOut(), RepeatedKFold(), RepeatedStratifiedKFold(),
    ShuffleSplit(), StratifiedShuffleSplit(test_size=0.5), TimeSeriesSplit(3),
]  # fmt: skip


@pytest.mark.parametrize("splitter", UNGROUPED, ids=lambda splitter: type(splitter).__name__)
def test_groups_that_would_be_split_are_said(splitter):
    with pytest.warns(UserWarning, match="groups parameter is ignored.*Use GroupKFold") as caught:
        next(splitter.split(Y, Y, groups=Y))
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("kind", "splits"),
    [
        *((kind, 5) for kind in (KFold, StratifiedKFold, GroupKFold, StratifiedGroupKFold)),
        *((kind, 5) for kind in (GroupShuffleSplit, TimeSeriesSplit)),
        *((kind, 10) for kind in (ShuffleSplit, StratifiedShuffleSplit)),
        *((kind, 50) for kind in (RepeatedKFold, RepeatedStratifiedKFold)),
    ],
)
def test_numbers_of_splits_that_are_not_given_are_scikit_learns(kind, splits):
    assert kind().get_n_splits() == splits


def test_a_splitter_shows_its_parameters():
    assert repr(KFold(3, shuffle=True)) == "KFold(n_splits=3, shuffle=True, random_state=None)"


def test_too_small_a_class_is_said():
    with pytest.raises(ValueError, match="smallest class has 2 rows"):
        next(StratifiedKFold(3).split(None, [0, 0, 0, 0, 1, 1]))


def test_no_rows_at_all_are_said():
    for folds in (KFold(2), StratifiedKFold(2)):
        with pytest.raises(ValueError, match=r"0 (rows|values)"):
            next(folds.split(np.empty((0, 3)), []))


def test_unequal_lengths_are_said():
    with pytest.raises(ValueError, match="8 values, but 10"):
        next(StratifiedKFold(2).split(np.zeros((10, 1)), [0, 1] * 4))
    with pytest.raises(ValueError, match="y has 8 rows, but X has 10"):
        next(KFold(2).split(np.zeros((10, 1)), [0, 1] * 4))


@pytest.mark.parametrize("kind", [KFold, StratifiedKFold, GroupKFold, StratifiedGroupKFold])
def test_a_seed_without_a_shuffle_is_said(kind):
    message = (
        "random_state is 0, but shuffle is False, so it would change nothing. Set shuffle=True"
    )
    with pytest.raises(ValueError, match=message):
        kind(3, random_state=0)
    assert kind(3, shuffle=True, random_state=0).random_state == 0


@pytest.mark.parametrize("n_splits", [1, 0, 2.5, True])
def test_bad_numbers_of_folds_are_said(n_splits):
    with pytest.raises(ValueError, match="n_splits is"):
        next(KFold(n_splits).split(range(10)))


def test_more_folds_than_rows_are_said():
    with pytest.raises(ValueError, match="X has 3 rows .n_samples=3.: a fold would be empty"):
        next(KFold(4).split(range(3)))


def test_unshuffled_strata_are_runs_of_each_class_in_the_order_of_the_rows():
    y = ["b", "b", "a", "b", "a", "b", "a"]
    tests = [test.tolist() for _, test in StratifiedKFold(2).split(None, y)]
    # b: 4 rows dealt 0 1 0 1, a: 3 rows dealt 0 1 0, each then in runs
    assert tests == [[0, 1, 2, 4], [3, 5, 6]]
