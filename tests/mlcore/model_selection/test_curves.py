"""Curves are cross-validations at each point; the permutation test finds what is there only."""

import numpy as np
import pytest

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.model_selection import (
    KFold,
    StratifiedKFold,
    cross_validate,
    learning_curve,
    permutation_test_score,
    validation_curve,
)
from mlcore.model_selection.curves import _shuffled, count_sizes
from tests.mlcore.model_selection.spies import Spy, numbered


def test_a_learning_curve_fits_the_first_rows_of_each_fold():
    X, _ = numbered(30)
    target = X[:, 1] + X[:, 0]
    folds = list(KFold(3).split(X))
    sizes, train, test = learning_curve(
        DecisionTreeRegressor(max_depth=2), X, target, cv=folds, train_sizes=[0.5, 1.0]
    )
    assert sizes.tolist() == [10, 20]
    for i, size in enumerate(sizes):
        results = cross_validate(
            DecisionTreeRegressor(max_depth=2), X, target, return_train_score=True,
            cv=[(rows[:size], tested) for rows, tested in folds],
        )  # fmt: skip
        assert train[i].tolist() == results["train_score"].tolist()
        assert test[i].tolist() == results["test_score"].tolist()


def test_shuffled_rows_depend_on_the_seed_and_times_are_returned():
    X, y = numbered(40)

    def curve(seed):
        return learning_curve(
            DecisionTreeClassifier(), X, y, cv=2, train_sizes=[10], shuffle=True,
            random_state=seed, return_times=True,
        )  # fmt: skip

    _, _, test, fit_time, score_time = curve(0)
    assert np.array_equal(test, curve(0)[2])
    assert fit_time.shape == score_time.shape == (1, 2)
    assert any(not np.array_equal(test, curve(seed)[2]) for seed in (1, 2, 3))


def test_five_sizes_from_a_tenth_to_all_rows_unless_said_otherwise():
    X, y = numbered(40)
    sizes, _, _ = learning_curve(DecisionTreeClassifier(max_depth=1), X, y, cv=2)
    assert sizes.tolist() == [2, 6, 11, 15, 20]


def test_sizes():
    assert count_sizes([0.01, 1.0], 30).tolist() == [1, 30]
    with pytest.warns(RuntimeWarning, match="only 1 different numbers of rows instead of 2"):
        assert count_sizes([0.1, 0.11], 10).tolist() == [1]
    for wrong in ([0.0, 0.5], [1.5], [0, 3], [11], []):
        with pytest.raises(ValueError, match="the 10 that a fold leaves"):
            count_sizes(wrong, 10)


def test_a_validation_curve_sets_the_parameter():
    X, y = numbered(30)
    train, test = validation_curve(
        DecisionTreeClassifier(), X, y, param_name="max_depth", param_range=[1, 3, None], cv=3
    )
    for i, depth in enumerate([1, 3, None]):
        results = cross_validate(
            DecisionTreeClassifier(max_depth=depth), X, y, cv=3, return_train_score=True
        )
        assert test[i].tolist() == results["test_score"].tolist()
        assert train[i].tolist() == results["train_score"].tolist()


def test_the_permutation_test_finds_a_signal_and_only_that():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    stump = DecisionTreeClassifier(max_depth=1)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    score, permuted, p = permutation_test_score(
        stump, X, X[:, 0] > 0, cv=folds, n_permutations=39, n_jobs=2
    )
    assert score > 0.9
    assert p == 1 / 40
    assert permuted.shape == (39,)
    noise = rng.permutation(np.arange(60) % 2)
    score, permuted, p = permutation_test_score(stump, X, noise, cv=folds, n_permutations=39)
    assert p == (1 + (permuted >= score).sum()) / 40
    assert p > 0.1


def test_shuffling_stays_within_groups():
    group = np.array([2, 0, 2, 1, 0, 2, 2, 0])
    orders = [_shuffled(group, np.random.default_rng(seed)) for seed in range(20)]
    assert all((group[order] == group).all() for order in orders)
    assert all(sorted(order) == list(range(8)) for order in orders)
    assert len({tuple(order) for order in orders}) > 10


def test_permutation_keeps_weights_in_place_and_raises_failures():
    X, y = numbered(12)
    score, _, _ = permutation_test_score(
        Spy(), X, y, n_permutations=2, cv=2, params={"sample_weight": np.ones(12)}
    )
    assert score == 0.5
    with pytest.raises(RuntimeError, match="unbearable"):
        permutation_test_score(Spy(fails_on=3), X, y, n_permutations=2)
