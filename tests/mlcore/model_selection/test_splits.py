"""Folds lose no row and keep each class's share."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import StratifiedKFold


@settings(max_examples=100, deadline=None)
@given(st.integers(10, 200), st.integers(2, 5), st.integers(0, 1000), st.booleans())
def test_every_row_is_tested_once_and_classes_are_shared_out(n, k, seed, shuffle):
    rng = np.random.default_rng(seed)
    y = np.concatenate([np.repeat([0, 1], 5), rng.integers(0, 2, n - 10)])
    tested, counts, sizes = [], [], []
    for train, test in StratifiedKFold(k, shuffle=shuffle, random_state=seed).split(None, y):
        assert sorted([*train, *test]) == list(range(n))
        tested += test.tolist()
        counts.append(y[test].sum())
        sizes.append(len(test))
    assert sorted(tested) == list(range(n))
    assert max(counts) - min(counts) <= 1
    assert max(sizes) - min(sizes) <= 1


def test_seed_decides_the_shuffle():
    y = np.arange(40) % 2
    folds = [
        [t.tolist() for _, t in StratifiedKFold(4, shuffle=True, random_state=s).split(None, y)]
        for s in (0, 0, 1)
    ]
    assert folds[0] == folds[1] != folds[2]


def test_too_small_a_class_is_said():
    with pytest.raises(ValueError, match="smallest class has 2 rows"):
        next(StratifiedKFold(3).split(None, [0, 0, 0, 0, 1, 1]))


def test_unequal_lengths_are_said():
    with pytest.raises(ValueError, match="8 values, but 10"):
        next(StratifiedKFold(2).split(np.zeros((10, 1)), [0, 1] * 4))
