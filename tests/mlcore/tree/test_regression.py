"""Regression trees against plain recursion in exact fractions, and what must not change them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeRegressor
from tests.oracles import mean, nested, readable_tree, same_tree, squared_error


def grown(X, y, w=None, **limits):
    return nested(DecisionTreeRegressor(**limits).fit(X, y, w).tree_, [0])


def draw(seed):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(2, 40), rng.integers(1, 5)
    X = rng.integers(0, rng.integers(2, 12), (n, d)).astype(float)  # many ties
    y = rng.integers(-9, 10, n) / 4  # quarters, so that sums are exact
    return rng, X, y


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_same_tree_as_the_readable_one_node_for_node(seed):
    rng, X, y = draw(seed)
    limits = {"max_depth": int(rng.integers(1, 8)), "min_leaf": int(rng.integers(1, 4))}
    expected = readable_tree(X, y, cost_of=squared_error, value=mean, **limits)
    seen = grown(X, y, max_depth=limits["max_depth"], min_samples_leaf=limits["min_leaf"])
    assert same_tree(seen, expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_same_tree_with_weights(seed):
    rng, X, y = draw(seed)
    w = rng.integers(0, 9, len(y)) / 4
    w[0] = 1
    keep = w > 0
    weights = [Fraction(float(v)) for v in w[keep]]
    expected = readable_tree(X[keep], y[keep], weights, cost_of=squared_error, value=mean)
    assert same_tree(grown(X, y, w), expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1e-60, 1e-9, 3.0, 1e9, 1e60]))
def test_the_unit_and_the_zero_of_the_target_do_not_matter(seed, unit):
    _, X, y = draw(seed)
    tree, scaled = (DecisionTreeRegressor().fit(X, t).tree_ for t in (y, y * unit))
    assert tree.feature.tolist() == scaled.feature.tolist()
    np.testing.assert_allclose(scaled.value, tree.value * unit, rtol=1e-12, atol=1e-12 * unit)
    moved = DecisionTreeRegressor().fit(X, y + 1024).tree_  # error measured from the mean
    assert tree.threshold.tolist() == moved.threshold.tolist()
    np.testing.assert_allclose(moved.impurity, tree.impurity, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_rows_in_another_order_and_weight_two_as_the_row_twice(seed):
    rng, X, y = draw(seed)
    order = rng.permutation(len(y))
    assert same_tree(grown(X[order], y[order]), grown(X, y))
    w = rng.integers(1, 4, len(y))
    seen = DecisionTreeRegressor().fit(X, y, w).tree_
    again = DecisionTreeRegressor().fit(np.repeat(X, w, axis=0), np.repeat(y, w)).tree_
    assert seen.threshold.tolist() == again.threshold.tolist()
    np.testing.assert_allclose(seen.value, again.value, atol=1e-12)


def test_a_constant_target_is_a_leaf_though_its_sums_are_rounded():
    X = np.arange(30.0)[:, None]
    tree = DecisionTreeRegressor().fit(X, np.full(30, 0.1)).tree_
    assert tree.node_count == 1
    assert tree.value[0, 0] == pytest.approx(0.1, rel=1e-15)


def test_a_small_step_beside_a_far_outlier_is_still_found():
    X = np.arange(40.0)[:, None]
    y = (X[:, 0] >= 20).astype(float)
    y[0] = 1e9
    tree = DecisionTreeRegressor(max_depth=2).fit(X, y).tree_
    assert tree.threshold[0] == 0.5
    assert 19.5 in tree.threshold


def test_impurity_and_importances_by_hand():
    X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    tree = DecisionTreeRegressor().fit(X, [0.0, 2.0, 10.0, 12.0])
    assert tree.tree_.impurity[:3].tolist() == [26.0, 1.0, 1.0]  # ((-6)² + (-4)² + 4² + 6²) / 4
    np.testing.assert_allclose(tree.feature_importances_, [100 / 104, 4 / 104])
    assert tree.score(X, [0.0, 2.0, 10.0, 12.0]) == 1.0


def test_min_weight_fraction_leaf_counts_weight_not_rows():
    X, y = np.arange(10.0)[:, None], np.arange(10.0)
    w = np.where(np.arange(10) < 2, 4.0, 1.0)  # 16 in all
    tree = DecisionTreeRegressor(min_weight_fraction_leaf=0.25).fit(X, y, w).tree_
    assert tree.weighted_n_node_samples[tree.is_leaf].min() >= 4.0
    assert 0.5 in tree.threshold  # row 0 alone weighs enough


@pytest.mark.parametrize(("share", "weight"), [(1, 0.1), (9, 0.1), (7, 0.3), (10, 1.0)])
def test_a_child_that_weighs_the_least_share_but_for_rounding_is_allowed(share, weight):
    """Of 20 equal weights share / 20 is as much as so many rows have, however their sum rounds."""
    X, y = np.arange(20.0)[:, None], np.arange(20.0) < share
    model = DecisionTreeRegressor(min_weight_fraction_leaf=share / 20, max_depth=1)
    assert model.fit(X, y, np.full(20, weight)).tree_.threshold[0] == share - 0.5


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"criterion": "gini"}, "criterion is 'gini'"),
        ({"min_samples_leaf": 0}, "min_samples_leaf is 0"),
        (
            {"min_samples_leaf": 1.5},
            "min_samples_leaf is 1.5, but a count of at least 1 or a share",
        ),
        ({"min_weight_fraction_leaf": 0.6}, "at most 0.5"),
        ({"max_leaf_nodes": 1}, "max_leaf_nodes is 1"),
        ({"ccp_alpha": -1.0}, "ccp_alpha is -1.0"),
        ({"max_features": 0}, "max_features is 0"),
    ],
)
def test_bad_parameters_are_said(changed, message):
    with pytest.raises(ValueError, match=message):
        DecisionTreeRegressor(**changed).fit([[0.0], [1.0]], [0.0, 1.0])


def test_shares_of_rows_are_rounded_up():
    X, y = np.arange(95.0)[:, None], np.arange(95.0) ** 2
    tree = DecisionTreeRegressor(min_samples_leaf=0.1).fit(X, y).tree_
    assert tree.n_node_samples[tree.is_leaf].min() == 10
