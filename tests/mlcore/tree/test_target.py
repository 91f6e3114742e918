"""Weights and targets as whole numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import DecisionTreeClassifier
from mlcore.tree.impurity import GINI, SQUARED_ERROR
from mlcore.tree.ranked import RankedColumns, SortedColumns, key_type
from mlcore.tree.target import FEW, Target, fixed_point


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30))
def test_fixed_point_loses_less_than_a_float_sum_would(values):
    values = np.array(values)
    if not np.isfinite(np.abs(values).sum()):
        return
    whole, unit = fixed_point(values)
    assert np.abs(whole).astype(float).sum() <= 2.0**57
    error = np.abs(whole * unit - values)
    assert error.max() <= max(unit / 2, np.abs(values).sum() * 2.0**-55)


def test_whole_values_are_kept():
    whole, unit = fixed_point(np.array([3.0, 0.0, -7.0]))
    assert (whole.tolist(), unit) == ([3, 0, -7], 1.0)


def test_kinds_stand_for_their_rows():
    y, w = np.array([0, 1, 1, 0, 1]), np.array([1.0, 2.0, 1.0, 1.0, 2.0])
    target = Target.of_classes(GINI, y, w, 2)
    assert len(target.w) <= FEW
    assert target.w[target.kind].tolist() == w.tolist()
    assert target.y[target.kind].tolist() == y.tolist()
    stats = target.stats(np.arange(5), np.array([0, 0, 1, 1, 1]), 2)
    assert stats.tolist() == [[1.0, 1.0], [2.0, 3.0]]
    plain = target.by_entry()
    assert plain.stats(np.arange(5), np.array([0, 0, 1, 1, 1]), 2).tolist() == stats.tolist()


def test_drawn_entries_are_as_heavy_as_their_count():
    row, count = np.array([0, 2, 2]), np.array([3, 1, 2])
    for target in (
        Target.of_classes(GINI, np.array([0, 1, 1]), np.array([1.0, 5.0, 0.5]), 2),
        Target.of_numbers(SQUARED_ERROR, np.array([1.0, 2.0, -1.5]), np.array([1.0, 5.0, 0.5])),
    ):
        entries = target.drawn(row, count)
        weights = entries.w[entries.kind]
        assert weights.tolist() == [3.0, 0.5, 1.0]
        whole = entries.weight[entries.kind] * entries.weight_unit
        np.testing.assert_allclose(whole, weights, rtol=1e-15)


def test_only_differing_targets_make_a_node_mixed():
    target = Target.of_numbers(SQUARED_ERROR, np.array([0.1, 0.1, 0.1, 0.2]), np.ones(4))
    node = np.array([0, 0, 1, 1])
    stats = target.stats(np.arange(4), node, 2)
    assert target.mixed(stats, np.arange(4), node).tolist() == [False, True]


@pytest.mark.parametrize("scale", [0.1, 1 / 3, 1e-12, 1e12])
def test_all_weights_in_another_unit_grow_the_same_tree(scale):
    rng = np.random.default_rng(0)
    X, y = np.round(rng.normal(size=(300, 4)), 1), rng.integers(0, 3, 300)
    w = rng.integers(1, 4, 300).astype(float)
    one = DecisionTreeClassifier().fit(X, y, w).tree_
    other = DecisionTreeClassifier().fit(X, y, w * scale).tree_
    assert one.threshold.tolist() == other.threshold.tolist()
    assert one.feature.tolist() == other.feature.tolist()


def test_ranks_and_rows_give_the_columns_back():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 5, (40, 3)) / 2
    ranked = RankedColumns.of(X)
    for f in range(3):
        values = np.unique(X[:, f])
        assert np.array_equal(values[ranked.ranks[f]], X[:, f])
        assert np.array_equal(X[ranked.row_of_rank[f, : len(values)], f], values)


@pytest.mark.parametrize("n", [1, 7, 70_000])
def test_sorted_keys_hold_rank_and_row(n):
    X = np.random.default_rng(0).normal(size=(n, 2)).round(3)
    ordered = SortedColumns.of(X)
    for f in range(2):
        rows, ranks = ordered.keys[f] & (2**ordered.bits - 1), ordered.keys[f] >> ordered.bits
        assert sorted(rows.tolist()) == list(range(n))
        values = X[rows, f]
        assert (np.diff(values) >= 0).all()
        assert np.array_equal(np.unique(values)[ranks], values)


def test_keys_that_do_not_fit_are_refused():
    assert key_type(2**63) is np.int64
    with pytest.raises(ValueError, match="too many rows"):
        key_type(2**63 + 1)
