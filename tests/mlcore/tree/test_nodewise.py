"""Growth node by node: the same tree as the fast engine, and what it adds for missing values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree.descent import leaves
from tests.mlcore.tree.grown import cost_of, grow, mixed_table
from tests.oracles import best_split, gini, nested, readable_tree, same_tree

seeds = st.integers(0, 10**6)


def assert_same(a, b):
    for name in ("children_left", "children_right", "feature", "threshold", "n_node_samples"):
        assert getattr(a, name).tolist() == getattr(b, name).tolist(), name
    for name in ("impurity", "weighted_n_node_samples", "value"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_complete_numbers_give_the_tree_of_the_fast_engine_node_for_node(seed):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(2, 60), rng.integers(1, 5)
    X = rng.integers(0, rng.integers(2, 12), (n, d)).astype(float)  # many ties
    y, w = rng.integers(0, 3, n), rng.integers(1, 4, n)
    limits = {"max_depth": int(rng.integers(1, 9)), "min_samples_leaf": int(rng.integers(1, 4))}
    for criterion in ("gini", "entropy"):
        fast = DecisionTreeClassifier(criterion=criterion, **limits)
        seen = grow(X, np.unique(y, return_inverse=True)[1], w, criterion=criterion, **limits)
        assert_same(seen, fast.fit(X, y, w).tree_)
    z = rng.normal(size=n)
    z -= z.mean()
    seen = grow(X, z, criterion="squared_error", **limits)
    assert_same(seen, DecisionTreeRegressor(**limits).fit(X, z).tree_)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_same_tree_as_the_readable_one(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 40)
    X = rng.integers(0, 6, (n, 3)).astype(float)
    y = np.unique(rng.integers(0, 3, n), return_inverse=True)[1]
    seen = nested(grow(X, y, min_samples_leaf=2), range(y.max() + 1))
    assert same_tree(seen, readable_tree(X, y, min_leaf=2))


def test_xor_is_split_and_nodes_come_level_by_level():
    tree = grow([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    assert tree.feature.tolist() == [0, 1, 1, -2, -2, -2, -2]
    assert tree.children_left.tolist() == [1, 3, 5, -1, -1, -1, -1]
    assert tree.routes is None


@pytest.mark.parametrize("missing", [None, "surrogate"])
def test_1100_levels_need_no_recursion(missing):
    X = np.arange(1101.0)[:, None]
    tree = grow(X, np.arange(1101) % 2, missing=missing)  # every split cuts off one row
    assert (tree.depths().max(), tree.n_leaves) == (1100, 1101)
    assert len(set(leaves(tree, X).tolist())) == 1101


@pytest.mark.parametrize(
    ("values", "threshold"),
    [([1.0, np.nextafter(1.0, 2.0)], 1.0), ([1.6e308, 1.7e308], 1.65e308), ([0.0, 5e-324], 0.0)],
)
def test_thresholds_part_the_values(values, threshold):
    tree = grow(np.array(values)[:, None], [0, 1])
    assert tree.threshold[0] == pytest.approx(threshold, rel=1e-15, abs=0)
    assert leaves(tree, np.array(values)[:, None]).tolist() == [1, 2]


def test_limits_are_heard():
    _, X, y, categories = mixed_table(1, n=200)
    share = {"categories": categories, "missing": "direction"}
    full = grow(X, y, **share)
    tree = grow(X, y, **share, min_samples_split=30)
    assert tree.n_node_samples[~tree.is_leaf].min() >= 30
    tree = grow(X, y, **share, min_samples_leaf=7)
    assert tree.n_node_samples[tree.is_leaf].min() >= 7
    tree = grow(X, y, **share, min_weight_fraction_leaf=0.1)
    assert tree.node_count > 1
    assert tree.weighted_n_node_samples[tree.is_leaf].min() >= 20
    tree = grow(X, y, **share, max_depth=3)
    assert tree.depths().max() == 3
    tree = grow(X, y, **share, min_impurity_decrease=0.02)
    assert 1 < tree.node_count < full.node_count
    cost = tree.weighted_n_node_samples * tree.impurity
    for node in np.flatnonzero(~tree.is_leaf):
        assert (cost[node] - cost_of(tree, node)) / 200 >= 0.02 - 1e-12


@pytest.mark.parametrize("missing", [None, "direction", "surrogate"])
def test_a_node_goes_on_when_all_it_drew_is_constant(missing):
    rng = np.random.default_rng(0)
    X = np.zeros((50, 10))
    X[:, 7] = rng.normal(size=50)
    y = (X[:, 7] > 0).astype(int)
    for seed in range(20):
        assert grow(X, y, max_features=1, missing=missing, seed=seed).feature[0] == 7


def test_features_are_drawn_anew_for_each_node():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 6)), rng.integers(0, 2, 400)
    tree = grow(X, y, max_features=2)
    assert set(tree.feature[~tree.is_leaf]) == set(range(6))
    assert_same(tree, grow(X, y, max_features=2))
    assert tree.threshold.tolist() != grow(X, y, max_features=2, seed=1).threshold.tolist()


# Missing values that learn their side


def ways_to_fill(X):
    """X with the holes of one column far below, far above, or the column as known against not."""
    for f in range(X.shape[1]):
        hole = np.isnan(X[:, f])
        for stand_in in (-1e9, 1e9):
            yield f, np.where(hole, stand_in, X[:, f])


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_direction_is_the_best_of_all_cuts_with_the_missing_on_either_side(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(4, 25)
    X = rng.integers(0, 5, (n, 3)).astype(float)
    X[rng.random(X.shape) < 0.3] = np.nan
    y = rng.integers(0, 3, n)
    tree = grow(X, y, missing="direction", max_depth=1)
    found = [best_split(column[:, None], y, [1] * n) for _, column in ways_to_fill(X)]
    costs = [f[0] for f in found if f is not None]
    if len(set(y.tolist())) == 1 or not costs:
        assert tree.node_count == 1
        return
    assert cost_of(tree) == pytest.approx(float(min(costs)), abs=1e-9)
    cheapest = [f // 2 for f, split in enumerate(found) if split and split[0] == min(costs)]
    assert tree.feature[0] == min(cheapest)
    leaf = leaves(tree, X)
    sides = [y[leaf == node].tolist() for node in (1, 2)]
    assert float(sum(gini(s, [1] * len(s)) for s in sides)) == pytest.approx(float(min(costs)))


def test_missing_alone_against_the_rest():
    X = np.array([[1.0], [2.0], [3.0], [np.nan], [np.nan]])
    tree = grow(X, [0, 0, 0, 1, 1], missing="direction")
    assert tree.threshold[0] == np.inf
    assert not tree.routes.missing_go_to_left[0]
    assert leaves(tree, np.array([[1e300], [np.nan]])).tolist() == [1, 2]


def test_missing_learns_the_left():
    X = np.array([[1.0], [2.0], [3.0], [4.0], [np.nan]])
    tree = grow(X, [0, 0, 1, 1, 0], missing="direction")
    assert (tree.threshold[0], tree.routes.missing_go_to_left[0], tree.node_count) == (2.5, True, 3)


@pytest.mark.parametrize("missing", ["direction", "surrogate"])
def test_without_missing_rows_to_learn_from_they_follow_the_heavier_child(missing):
    X = np.arange(4.0)[:, None]
    for w, left in (([1, 1, 1, 1], True), ([5, 1, 1, 1], True), ([1, 1, 1, 5], False)):
        tree = grow(X, [0, 1, 1, 1], w, missing=missing, max_depth=1)
        heavier = tree.weighted_n_node_samples[1] >= tree.weighted_n_node_samples[2]
        assert tree.routes.missing_go_to_left[0] == heavier == (w[0] == 5)
        assert leaves(tree, np.array([[np.nan]])).tolist() == [1 if heavier else 2]
        assert left or not heavier


def test_missing_and_known_is_a_split_of_categories_too():
    X = np.array([[0.0], [1.0], [0.0], [np.nan], [np.nan]])
    tree = grow(X, [0, 0, 0, 1, 1], categories=[2], missing="direction")
    assert tree.routes.sides_of(0).tolist() == [1, 1]
    assert leaves(tree, X).tolist() == [1, 1, 1, 2, 2]


# Missing values that wait for surrogates


def test_the_primary_split_is_judged_by_the_rows_it_knows():
    y = [0, 0, 1, 1, 0, 0, 1, 1]
    four = [0, 0, 1, 1, *[np.nan] * 4]  # parts the four rows it knows: a gain of 2
    one_wrong = [0, 0, 1, 1, 0, 0, 1, 0]  # 8 * 1/2 less 5 * 8/25: a gain of 2.4
    two_wrong = [0, 0, 1, 1, 0, 0, 0, 0]  # 8 * 1/2 less 6 * 4/9: a gain of 1.3
    for other, best in ((one_wrong, 1), (two_wrong, 0), (four, 0)):
        X = np.column_stack([four, other])
        assert grow(X, y, missing="surrogate", max_depth=1).feature[0] == best


# Properties


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([None, "direction", "surrogate"]))
def test_training_rows_end_in_the_leaf_that_counted_them(seed, missing):
    _, X, y, categories = mixed_table(seed)
    if missing is None:
        X[:, :2] = np.nan_to_num(X[:, :2])
    tree = grow(X, y, categories=categories, missing=missing)
    leaf = leaves(tree, X)
    counted = np.where(tree.is_leaf, tree.n_node_samples, 0)
    assert np.bincount(leaf, minlength=tree.node_count).tolist() == counted.tolist()
    inner = ~tree.is_leaf
    left = tree.children_left[inner]
    both = tree.n_node_samples[left] + tree.n_node_samples[left + 1]
    assert both.tolist() == tree.n_node_samples[inner].tolist()


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(["direction", "surrogate"]))
def test_the_order_of_rows_is_nothing(seed, missing):
    rng, X, y, categories = mixed_table(seed)
    order = rng.permutation(len(y))
    tree = grow(X, y, categories=categories, missing=missing)
    again = grow(X[order], y[order], categories=categories, missing=missing)
    assert_same(tree, again)
    assert leaves(tree, X).tolist() == leaves(again, X).tolist()


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(["direction", "surrogate"]))
def test_weight_two_is_the_row_twice(seed, missing):
    rng, X, y, categories = mixed_table(seed)
    # A surrogate needs two rows each way, whatever they weigh: there all rows come twice or more.
    w = rng.integers(1, 4, len(y))
    least = 1 if missing == "direction" else 2
    X, y = np.repeat(X, least, axis=0), np.repeat(y, least)
    w = np.repeat(w, least)
    weighted = grow(X, y, w, categories=categories, missing=missing)
    again = grow(np.repeat(X, w, axis=0), np.repeat(y, w), categories=categories, missing=missing)
    assert weighted.feature.tolist() == again.feature.tolist()
    np.testing.assert_allclose(weighted.value, again.value, atol=1e-12)
    assert leaves(weighted, X).tolist() == leaves(again, X).tolist()


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(["direction", "surrogate"]))
def test_names_of_categories_are_nothing(seed, missing):
    rng, X, _, categories = mixed_table(seed)
    y = rng.normal(size=len(X))  # means that do not tie
    tree = grow(
        X, y, criterion="squared_error", categories=categories, missing=missing, max_depth=3
    )
    name = rng.permutation(6)
    other = X.copy()
    known = ~np.isnan(X[:, 3])
    other[known, 3] = name[X[known, 3].astype(int)]
    again = grow(
        other, y, criterion="squared_error", categories=categories, missing=missing, max_depth=3
    )
    assert tree.feature.tolist() == again.feature.tolist()
    assert leaves(tree, X).tolist() == leaves(again, other).tolist()
