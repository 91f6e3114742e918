"""Random splits: sizes, shares of classes, seeds, and whatever kind of data comes in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.model_selection import (
    GroupShuffleSplit,
    ShuffleSplit,
    StratifiedShuffleSplit,
    train_test_split,
)


class Frame:
    """As much of a DataFrame as is asked for."""

    def __init__(self, values):
        self.values, self.shape = np.asarray(values), np.shape(values)

    @property
    def iloc(self):
        return self

    def __getitem__(self, rows):
        return Frame(self.values[rows])


def test_arrays_lists_and_frames_are_split_alike_and_stay_what_they_are():
    X, names, frame = np.arange(10)[:, None], list("abcdefghij"), Frame(np.arange(10))
    parts = train_test_split(X, names, frame, test_size=0.3, random_state=0)
    X_train, X_test, names_train, names_test, frame_train, frame_test = parts
    assert [len(X_train), len(X_test)] == [7, 3]
    assert sorted(names_train + names_test) == names
    assert names_test == [names[row] for row in X_test[:, 0]]
    assert isinstance(frame_train, Frame)
    assert (frame_test.values == X_test[:, 0]).all()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({}, (8, 3)),
        ({"test_size": 0.2}, (8, 3)),
        ({"test_size": 4}, (7, 4)),
        ({"test_size": 1}, (10, 1)),
        ({"train_size": 0.5}, (5, 6)),
        ({"train_size": 2}, (2, 9)),
        ({"train_size": 0.5, "test_size": 0.25}, (5, 3)),
        ({"train_size": 3, "test_size": 4}, (3, 4)),
    ],
)
@pytest.mark.parametrize("shuffle", [True, False])
def test_sizes_of_eleven_rows(sizes, expected, shuffle):
    train, test = train_test_split(range(11), **sizes, shuffle=shuffle, random_state=0)
    assert (len(train), len(test)) == expected
    assert len({*train, *test}) == sum(expected)
    if not shuffle:
        assert [*train, *test] == list(range(sum(expected)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(2, 30), min_size=2, max_size=4), st.floats(0.2, 0.8), st.integers(0, 99)
)
def test_classes_are_shared_out_within_one_row(counts, share, seed):
    y = np.repeat(np.arange(len(counts)), counts)
    n, k = len(y), len(counts)
    tests = int(np.ceil(share * n))
    if min(tests, n - tests) < k:
        return
    splitter = StratifiedShuffleSplit(2, test_size=share, random_state=seed)
    for train, test in splitter.split(y, y):
        assert sorted([*train, *test]) == list(range(n))
        assert len(test) == tests
        exact = np.array(counts) * tests / n
        assert (np.abs(np.bincount(y[test], minlength=k) - exact) < 1).all()


def test_equal_remainders_are_left_to_chance():
    y = np.arange(6) % 2
    splitter = StratifiedShuffleSplit(20, test_size=3, random_state=0)
    assert {int(y[test].sum()) for _, test in splitter.split(y, y)} == {1, 2}


@pytest.mark.parametrize("kind", [ShuffleSplit, StratifiedShuffleSplit])
def test_seed_decides_and_splits_differ(kind):
    y = np.arange(60) % 3

    def tests(seed):
        return [test.tolist() for _, test in kind(3, random_state=seed).split(y, y)]

    assert tests(0) == tests(0) != tests(1)
    assert len(tests(0)[0]) == 6
    assert tests(0)[0] != tests(0)[1]


def test_a_random_split_is_uniform():
    splits = ShuffleSplit(2000, test_size=2, random_state=0).split(range(8))
    tested = np.bincount(np.concatenate([test for _, test in splits]), minlength=8)
    assert (np.abs(tested - 500) < 5 * np.sqrt(500 * 0.75)).all()


@pytest.mark.parametrize(
    "sizes", [{"test_size": 1.0}, {"test_size": 0}, {"train_size": 11}, {"test_size": True}]
)
def test_bad_sizes_are_said(sizes):
    with pytest.raises(ValueError, match="a share between 0 and 1 or a number of rows"):
        train_test_split(range(11), **sizes)


def test_other_mistakes_are_said():
    with pytest.raises(ValueError, match="There is nothing to split"):
        train_test_split()
    with pytest.raises(ValueError, match="array 1 has 3 rows, but array 0 has 2"):
        train_test_split([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="ask for 12 rows, but there are 11"):
        train_test_split(range(11), test_size=6, train_size=6)
    with pytest.raises(ValueError, match="add up to 1.15, but shares of 1 at most"):
        train_test_split(range(3), test_size=0.25, train_size=0.9)  # rounded, 1 + 2 rows would do
    with pytest.raises(ValueError, match="would be left to train on"):
        train_test_split([1], test_size=0.5)
    with pytest.raises(ValueError, match="shuffle is False"):
        train_test_split([1, 2, 3, 4], shuffle=False, stratify=[0, 1, 0, 1])
    with pytest.raises(ValueError, match="has 1 row, but at least 2"):
        train_test_split([1, 2, 3], stratify=[0, 0, 1])
    for stratify, error, message in [
        (True, TypeError, "stratify is True, .* Pass stratify=y"),
        ("school", TypeError, r"stratify is 'school', .* Pass stratify=frame\['school'\]"),
        ([0, 1], ValueError, "stratify has 2 values, but 4 were expected"),
        ([0, 1, None, 1], ValueError, "stratify is missing in row 2"),
        (np.array([4, 0, 0, 0]), ValueError, "The class 4 has 1 row"),
        ([0.5, 1.5, 1.5, 1.5], ValueError, "The class '0.5' has 1 row"),
    ]:
        with pytest.raises(error, match=message):
            train_test_split([1, 2, 3, 4], stratify=stratify)
    with pytest.raises(ValueError, match="test_size is 400, but"):
        train_test_split([1, 2, 3, 4], test_size=np.int64(400))
    with pytest.raises(ValueError, match="fewer than the 2 classes"):
        train_test_split([1, 2, 3, 4], test_size=1, stratify=[0, 1, 0, 1])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=40).filter(lambda g: len(set(g)) >= 3),
    st.floats(0.2, 0.6),
    st.integers(0, 9),
)
def test_groups_are_drawn_whole(groups, share, seed):
    groups = np.array([f"pupil {g}" for g in groups])
    g = len(set(groups))
    splitter = GroupShuffleSplit(3, test_size=share, random_state=seed)
    splits = list(splitter.split(groups, groups=groups))
    assert len(splits) == splitter.get_n_splits() == 3
    for train, test in splits:
        assert sorted([*train, *test]) == list(range(len(groups)))
        assert len(set(groups[test])) == np.ceil(share * g)
        assert not set(groups[train]) & set(groups[test])
        assert train.tolist() == sorted(train)


def test_every_group_is_drawn_about_as_often_however_many_rows_it_has():
    groups = np.repeat(np.arange(5), [1, 1, 2, 5, 30])
    splits = GroupShuffleSplit(1000, random_state=0).split(groups, groups=groups)
    tested = np.bincount([groups[test[0]] for _, test in splits], minlength=5)
    assert (np.abs(tested - 200) < 5 * np.sqrt(200 * 0.8)).all()
    first, same, other = (
        [
            test.tolist()
            for _, test in GroupShuffleSplit(8, random_state=s).split(groups, None, groups)
        ]
        for s in (0, 0, 1)
    )
    assert first == same != other


def test_too_few_groups_are_said():
    X = np.arange(6)
    for groups, sizes, message in [
        (None, {}, "groups is None"),
        ([1] * 6, {}, "1 group, but 2 were expected.* Use more groups"),
        ([1, 1, 2, 2, 3, 3], {"test_size": 4}, "a number of groups from 1 to 2"),
        (
            [1, 1, 2, 2, 3, 3],
            {"test_size": 2, "train_size": 2},
            "ask for 4 groups, but there are 3",
        ),
    ]:
        with pytest.raises(ValueError, match=message):
            next(GroupShuffleSplit(**sizes).split(X, groups=groups))
