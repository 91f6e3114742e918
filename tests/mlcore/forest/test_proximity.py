"""Proximities against a count by hand of every pair in every tree, and the measure of outliers."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import RandomForestClassifier
from mlcore.forest import proximity
from mlcore.forest.proximity import outlier_measure, proximities, proximities_to


def draw(seed, n=None, t=None):
    rng = np.random.default_rng(seed)
    n, t = n or rng.integers(1, 15), t or rng.integers(1, 12)
    leaves = rng.integers(0, rng.integers(1, 6), (n, t))
    bags = np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(t)])
    return rng, leaves, bags


def by_pairs(leaves, bags, oob):
    n, t = leaves.shape
    share = np.full((n, n), np.nan)
    for i in range(n):
        for k in range(n):
            trees = [j for j in range(t) if not oob or bags[j, i] == bags[j, k] == 0]
            if trees:
                share[i, k] = sum(leaves[i, j] == leaves[k, j] for j in trees) / len(trees)
        share[i, i] = 1.0
    return share


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_every_pair_in_every_tree(seed):
    _, leaves, bags = draw(seed)
    np.testing.assert_allclose(proximities(leaves), by_pairs(leaves, bags, False), rtol=1e-14)
    seen = proximities(leaves, bags, kind="oob")
    np.testing.assert_allclose(seen, by_pairs(leaves, bags, True), rtol=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_new_rows_and_the_order_of_rows_and_trees(seed):
    rng, leaves, _ = draw(seed)
    new = rng.integers(0, 6, (4, leaves.shape[1]))
    expected = [[np.mean([a == b for a, b in zip(i, k, strict=True)]) for k in leaves] for i in new]
    np.testing.assert_allclose(proximities_to(new, leaves), expected, rtol=1e-14)
    rows, trees = rng.permutation(len(leaves)), rng.permutation(leaves.shape[1])
    moved = proximities(leaves[rows][:, trees])
    np.testing.assert_array_equal(moved, proximities(leaves)[np.ix_(rows, rows)])


def test_more_trees_than_a_byte_counts_and_more_rows_than_a_block_holds(monkeypatch):
    _, leaves, bags = draw(0, n=20, t=600)
    leaves[:, 300:] = 7  # shared by all rows: 300 and more in common
    monkeypatch.setattr(proximity, "CELLS_A_BLOCK", 60)  # blocks of 3 rows, the last of 2
    np.testing.assert_allclose(proximities(leaves), by_pairs(leaves, bags, False), rtol=1e-14)


def test_leaf_numbers_too_great_for_the_small_kind():
    leaves = np.array([[0], [2**15], [2**16]])  # in 16 bits the last would be 0
    np.testing.assert_array_equal(proximities(leaves), np.eye(3))


def test_pairs_that_no_tree_left_out_together_are_unknown():
    seen = proximities(np.zeros((3, 2), dtype=int), [[1, 0, 0], [0, 1, 2]], kind="oob")
    np.testing.assert_array_equal(seen, [[1, np.nan, np.nan], [np.nan, 1, 1], [np.nan, 1, 1]])


def test_rows_of_one_class_are_nearer_and_in_the_bag_all_the_more():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 60)
    X = rng.normal(size=(120, 4)) + 1.2 * y[:, None]
    forest = RandomForestClassifier(150, random_state=3).fit(X, y)
    bags = [
        np.bincount(g.integers(0, 120, 120), minlength=120)
        for g in np.random.default_rng(3).spawn(150)
    ]
    same = y[:, None] == y
    np.fill_diagonal(same, False)
    gap = {}
    for kind in ("all", "oob"):
        share = proximities(forest.apply(X), bags, kind=kind)
        gap[kind] = share[same].mean() - share[y[:, None] != y].mean()
    assert gap["all"] > 1.3 * gap["oob"] > 0.1  # trees part the labels that they have seen


def outliers_by_hand(proximity, labels):
    """R's outlier.default, written out."""
    n, measure = len(labels), [0.0] * len(labels)
    for label in set(labels):
        rows = [i for i in range(n) if labels[i] == label]
        raw = [n / sum(proximity[i][k] ** 2 for k in rows) for i in rows]
        centred = [value - median(raw) for value in raw]
        mad = 1.4826 * median(abs(value) for value in centred)
        for i, value in zip(rows, centred, strict=True):
            measure[i] = value / mad
    return measure


@pytest.mark.parametrize("seed", range(5))
def test_outliers_by_hand(seed):
    rng, leaves, _ = draw(seed, n=20, t=30)
    share, labels = proximities(leaves), rng.choice(["a", "b"], 20).tolist()
    np.testing.assert_allclose(
        outlier_measure(share, labels), outliers_by_hand(share, labels), rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(outlier_measure(share), outliers_by_hand(share, [0] * 20), atol=1e-9)


def test_a_row_among_strangers_is_an_outlier_of_its_class():
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1], 50)
    X = rng.normal(size=(100, 3)) + 3 * y[:, None]
    X[7] += 3  # labelled 0, among the rows of class 1
    forest = RandomForestClassifier(100, random_state=0, min_samples_leaf=3).fit(X, y)
    measure = outlier_measure(proximities(forest.apply(X)), y)
    assert measure.argmax() == 7
    assert measure[7] > 10


def test_outliers_where_most_rows_are_alike():
    share = np.ones((5, 5))
    share[0, 1:] = share[1:, 0] = 0
    np.testing.assert_array_equal(outlier_measure(share), [np.inf, 0, 0, 0, 0])
    share = np.eye(7)
    share[0, 1] = share[1, 0] = 1  # these two are nearer to their class than most
    np.testing.assert_array_equal(outlier_measure(share), [-np.inf, -np.inf, 0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: proximities(np.zeros((2, 1)), kind="oob"), "Pass bags"),
        (lambda: proximities(np.zeros((2, 1)), kind="in"), "'all', 'oob'"),
        (lambda: proximities(np.zeros((2, 1)), [[1], [0]], kind="oob"), r"\(1, 2\) was expected"),
        (lambda: proximities_to(np.zeros((2, 1)), np.zeros((2, 3))), "1 trees and leaves 3"),
        (lambda: outlier_measure(np.ones((2, 3))), r"shape \(2, 3\)"),
        (lambda: outlier_measure([[1, np.nan], [np.nan, 1]]), "Grow more trees"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
