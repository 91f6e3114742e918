"""Splits of categories against every subset there is, in exact fractions."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.tree import subsets
from mlcore.tree.subsets import principal_scores
from tests.mlcore.tree.grown import cost_of, grow
from tests.oracles import gini


def squared_error(values, weights):
    """Weight times variance, exactly."""
    total = sum(weights, Fraction(0))
    mean = sum((w * v for v, w in zip(values, weights, strict=True)), Fraction(0)) / total
    return sum((w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)), Fraction(0))


def entropy(labels, weights):
    """Weight times entropy in bits."""
    counts = np.array(
        [float(sum(w for y, w in zip(labels, weights, strict=True) if y == c)) for c in set(labels)]
    )
    return float(-(counts * np.log2(counts / counts.sum())).sum())


COSTS = {"gini": gini, "entropy": entropy, "squared_error": squared_error}


def best_cost(codes, y, w, cost, min_leaf=1):
    """The least cost over all 2^(p-1) - 1 ways to part the categories in two, or None."""
    shown = sorted(set(codes))
    best = None
    for size in range(1, len(shown)):
        for left in combinations(shown[:-1], size):
            sides = [[i for i, c in enumerate(codes) if (c in left) == s] for s in (True, False)]
            if min(map(len, sides)) < min_leaf:
                continue
            total = sum(cost([y[i] for i in s], [w[i] for i in s]) for s in sides)
            best = total if best is None else min(best, total)
    return best


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(
        [("gini", 2), ("gini", 3), ("entropy", 2), ("entropy", 4), ("squared_error", 9)]
    ),
)
def test_no_subset_is_better(seed, kind):
    criterion, k = kind
    rng = np.random.default_rng(seed)
    n, c = int(rng.integers(3, 30)), int(rng.integers(2, 7))
    min_leaf = int(rng.integers(1, 4)) if k in (3, 4) else 1  # where all subsets are tried
    codes, y, w = rng.integers(0, c, n), rng.integers(0, k, n), rng.integers(1, 4, n)
    if criterion != "squared_error":
        y[:k] = np.arange(k)[:n]
    tree = grow(
        codes[:, None],
        y,
        w,
        criterion=criterion,
        categories=[c],
        max_depth=1,
        min_samples_leaf=min_leaf,
    )
    weights = [Fraction(int(v)) for v in w]
    best = best_cost(codes.tolist(), y.tolist(), weights, COSTS[criterion], min_leaf)
    if best is None or len(set(y.tolist())) == 1:
        assert tree.node_count == 1
    else:
        assert cost_of(tree) == pytest.approx(float(best), abs=1e-9)


def test_of_two_classes_cuts_of_the_order_are_tried_and_no_more():
    codes = [0, 1, 1, 1, 1, 2]  # shares 0, 1/2 and 1: each cut leaves one row on a side
    y = [0, 0, 1, 0, 1, 1]
    X = np.array(codes)[:, None]
    assert grow(X, y, categories=[3], min_samples_leaf=2).node_count == 1
    assert grow(X, y, categories=[3], max_depth=1).routes.sides_of(0).tolist() == [1, -1, -1]


def test_the_best_feature_of_mixed_ones_is_found_and_ties_go_to_the_lower():
    y = [0, 0, 1, 1, 2, 2]
    same, codes = [1.0, 1, 1, 1, 1, 2], [2, 2, 0, 0, 1, 1]
    tree = grow(np.column_stack([same, codes, y]), y, categories=[0, 3, 0], max_depth=1)
    assert (tree.feature[0], tree.routes.n_sides[0]) == (1, 3)  # column 2 could do the same
    tree = grow(np.column_stack([same, y, codes]), y, categories=[0, 0, 3], max_depth=1)
    assert (tree.feature[0], tree.routes.n_sides[0]) == (1, 0)


def test_the_lower_mean_goes_left_and_categories_not_shown_nowhere():
    tree = grow(
        [[0], [1], [3], [3]],
        [5.0, 1.0, 6.0, 6.0],
        criterion="squared_error",
        categories=[5],
        max_depth=1,
    )
    assert tree.routes.sides_of(0).tolist() == [-1, 1, 0, -1, 0]
    three = grow([[0], [1], [2]], [2, 0, 1], categories=[3], max_depth=1)
    left, right = tree.children_left[0], tree.children_right[0]
    assert tree.value[left, 0] < tree.value[right, 0]
    assert three.value[1] @ [0, 1, 2] < three.value[2] @ [0, 1, 2]


def test_equal_means_go_by_the_lowest_code():
    # Both parts have the mean class 1; category 0 decides which is left.
    tree = grow([[0], [0], [1], [1]], [1, 1, 0, 2], categories=[2], max_depth=1)
    assert tree.routes.sides_of(0).tolist() == [1, -1]
    tree = grow([[0], [0], [1], [1]], [0, 2, 1, 1], categories=[2], max_depth=1)
    assert tree.routes.sides_of(0).tolist() == [1, -1]


def test_many_categories_of_many_classes_come_near_the_best(monkeypatch):
    lost = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        codes = rng.integers(0, 8, 120)
        y = (codes + rng.integers(0, 4, 120)) % 3
        exact = grow(codes[:, None], y, categories=[8], max_depth=1)
        with monkeypatch.context() as patch:
            patch.setattr(subsets, "EXHAUSTIVE", 2)
            near = grow(codes[:, None], y, categories=[8], max_depth=1)
        whole = exact.impurity[0] * 120
        lost.append((cost_of(near) - cost_of(exact)) / (whole - cost_of(exact)))
    assert min(lost) > -1e-9  # nothing beats the exhaustive search
    assert np.mean(lost) < 0.05


def test_thirty_categories_of_three_classes_are_split_by_their_main_direction():
    codes = np.repeat(np.arange(30), 4)
    y = np.where(codes % 2 == 0, np.tile([0, 0, 0, 1], 30), np.tile([2, 2, 1, 2], 30))
    tree = grow(codes[:, None], y, categories=[30], max_depth=1)
    assert tree.routes.sides_of(0).tolist() == [1, -1] * 15


def test_principal_scores_are_those_of_the_rows_covariance():
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 9, (4, 6)).astype(float)
    shares = counts / counts.sum(axis=0)
    rows = np.repeat(shares.T, counts.sum(axis=0).astype(int), axis=0)
    direction = np.linalg.svd(rows - rows.mean(axis=0))[2][0]
    expected = shares.T @ direction
    seen = principal_scores(counts)
    gap = np.abs(np.diff(expected)) - np.abs(np.diff(seen))
    np.testing.assert_allclose(gap, 0.0, atol=1e-10)
