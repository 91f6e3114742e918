"""The level-by-level engine against a tree grown by plain recursion in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree import orders, ranked
from mlcore.tree.impurity import entropy_cost, gini_cost
from mlcore.tree.orders import draw_features
from tests.oracles import nested, readable_tree, same_tree


def grown(X, y, w=None, **limits):
    model = DecisionTreeClassifier(**limits).fit(X, y, w)
    return nested(model.tree_, model.classes_.tolist())


def draw(seed, n=None, d=None):
    rng = np.random.default_rng(seed)
    n, d = n or rng.integers(2, 40), d or rng.integers(1, 5)
    X = rng.integers(0, rng.integers(2, 12), (n, d)).astype(float)  # many ties
    y = rng.integers(0, rng.integers(2, 4), n)
    return rng, X, y


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_same_tree_as_the_readable_one_node_for_node(seed):
    rng, X, y = draw(seed)
    limits = {"max_depth": int(rng.integers(1, 8)), "min_leaf": int(rng.integers(1, 4))}
    expected = readable_tree(X, y, **limits)
    seen = grown(X, y, max_depth=limits["max_depth"], min_samples_leaf=limits["min_leaf"])
    assert same_tree(seen, expected)


@pytest.mark.parametrize("max_features", [None, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_features_searched_a_few_at_a_time_give_the_same_tree(weighted, max_features, monkeypatch):
    """Every feature is there twice, so that features of two blocks tie."""
    for seed in range(5):
        rng, X, y = draw(seed, n=60, d=4)
        w = rng.choice([0.1, 0.2, 0.7], 60) if weighted else None
        model = DecisionTreeClassifier(max_features=max_features, random_state=0)
        trees = []
        for size in (2**17, 100):  # all features at once, or one or three
            for module in (ranked, orders):
                monkeypatch.setattr(module, "BLOCK", size)
            trees.append(model.fit(np.hstack([X, X]), y, w).tree_)
        for name in ("feature", "threshold", "value"):
            assert np.array_equal(getattr(trees[0], name), getattr(trees[1], name))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_same_tree_with_whole_weights(seed):
    rng, X, y = draw(seed)
    w = rng.integers(0, 4, len(y))
    w[0] = 1
    keep = w > 0
    expected = readable_tree(X[keep], y[keep], [Fraction(int(v)) for v in w[keep]])
    assert same_tree(grown(X, y, w), expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_weight_two_is_the_row_twice(seed):
    rng, X, y = draw(seed)
    w = rng.integers(1, 4, len(y))
    seen = DecisionTreeClassifier().fit(X, y, w)
    again = DecisionTreeClassifier().fit(np.repeat(X, w, axis=0), np.repeat(y, w))
    assert seen.tree_.feature.tolist() == again.tree_.feature.tolist()
    np.testing.assert_allclose(seen.tree_.value, again.tree_.value, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_rising_transform_leaves_the_partition_unchanged(seed):
    rng, X, y = draw(seed)
    plain = DecisionTreeClassifier().fit(X, y)
    bent = DecisionTreeClassifier().fit(np.exp(X / 3) + X**3, y)
    assert plain.tree_.feature.tolist() == bent.tree_.feature.tolist()
    assert plain.apply(X).tolist() == bent.apply(np.exp(X / 3) + X**3).tolist()
    order = rng.permutation(len(y))
    assert same_tree(grown(X[order], y[order]), grown(X, y))


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, bool])
def test_types_of_features_are_split_by_order_not_by_equality(dtype):
    rng = np.random.default_rng(0)
    X = rng.integers(0, 2 if dtype is bool else 50, (60, 3)).astype(dtype)
    y = (X.astype(float).sum(axis=1) > X.astype(float).sum(axis=1).mean()).astype(int)
    assert same_tree(grown(X, y), readable_tree(X.astype(float), y))


def test_xor_is_split_though_the_first_cut_gains_nothing():
    model = DecisionTreeClassifier().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    assert (model.get_depth(), model.get_n_leaves()) == (2, 4)
    assert model.tree_.feature[0] == 0  # of equal cuts the lowest feature


def test_max_depth_one_is_one_split():
    _, X, y = draw(3, n=50, d=3)
    model = DecisionTreeClassifier(max_depth=1).fit(X, y)
    assert (model.get_depth(), model.tree_.node_count) == (1, 3)
    assert model.tree_.max_depth == 1


def test_how_many_features_a_node_draws_is_kept():
    _, X, y = draw(3, n=50, d=5)
    for max_features, count in [(None, 5), ("sqrt", 2), (0.5, 2), (3, 3)]:
        model = DecisionTreeClassifier(max_features=max_features, random_state=0).fit(X, y)
        assert model.max_features_ == count


def test_1100_alternating_labels_need_no_recursion():
    y = np.arange(1100) % 2
    model = DecisionTreeClassifier().fit(np.arange(1100.0)[:, None], y)
    assert model.score(np.arange(1100.0)[:, None], y) == 1.0
    assert model.get_n_leaves() == 1100


def test_equal_rows_with_different_labels_end_in_a_leaf():
    model = DecisionTreeClassifier().fit([[1.0, 2.0]] * 6, [0, 1, 0, 1, 1, 1])
    assert model.tree_.node_count == 1
    np.testing.assert_allclose(model.predict_proba([[0, 0]]), [[1 / 3, 2 / 3]])


def test_one_row_and_one_class():
    assert DecisionTreeClassifier().fit([[5.0]], ["a"]).predict([[9.0]]).tolist() == ["a"]
    assert DecisionTreeClassifier().fit([[1.0], [2.0]], [3, 3]).tree_.node_count == 1


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        ([1.0, np.nextafter(1.0, 2.0)], 1.0),  # no float between: the lower value
        ([-1.7e308, 1.7e308], 0.0),
        ([1.6e308, 1.7e308], 1.65e308),  # the sum of the two would overflow
        ([-0.0, 1.0], 0.5),
        ([0.0, 5e-324], 0.0),
    ],
)
def test_thresholds_part_the_values(values, threshold):
    model = DecisionTreeClassifier().fit(np.array(values)[:, None], [0, 1])
    assert model.tree_.threshold[0] == pytest.approx(threshold, rel=1e-15, abs=0)
    assert model.predict(np.array(values)[:, None]).tolist() == [0, 1]


def test_min_impurity_decrease_is_weighted_by_the_share_of_rows():
    _, X, y = draw(8, n=60, d=3)
    full = DecisionTreeClassifier().fit(X, y).tree_
    parent = np.flatnonzero(~full.is_leaf)
    left, right = full.children_left[parent], full.children_right[parent]
    cost = full.weighted_n_node_samples * full.impurity
    decrease = (cost[parent] - cost[left] - cost[right]) / 60
    limit = 0.5 * decrease[0]
    reached = np.arange(full.node_count) == 0
    for node, gain, *children in zip(parent, decrease, left, right, strict=True):
        reached[children] = reached[node] and gain >= limit
    kept = DecisionTreeClassifier(min_impurity_decrease=limit).fit(X, y).tree_
    assert 3 < kept.node_count == reached.sum() < full.node_count
    assert np.array_equal(kept.n_node_samples, full.n_node_samples[reached])


@pytest.mark.parametrize("weight", [None, 2.0, 0.1])
@pytest.mark.parametrize(
    ("model", "y", "gain"),
    [
        (DecisionTreeClassifier(), [0, 0, 1, 1], 1 / 2),
        (DecisionTreeClassifier(), [0, 0, 1, 2], 5 / 8 - 1 / 4),
        (DecisionTreeClassifier(criterion="entropy"), [0, 0, 1, 1], 1.0),
        (DecisionTreeRegressor(), [0.0, 0.0, 3.0, 3.0], 9 / 4),
    ],
)
def test_a_first_cut_is_made_if_it_gains_enough(model, y, gain, weight):
    w = None if weight is None else np.full(4, weight)
    for least, leaves in ((0.99 * gain, 2), (1.01 * gain, 1)):
        model.set_params(max_depth=1, min_impurity_decrease=least)
        assert model.fit(np.arange(4.0)[:, None], y, w).get_n_leaves() == leaves


def test_impurities_by_hand():
    counts = np.array([[1.0, 3.0, 2.0], [1.0, 1.0, 0.0]])
    np.testing.assert_allclose(gini_cost(counts), [1.0, 1.5, 0.0])
    np.testing.assert_allclose(entropy_cost(counts), [2.0, 3.245112497836532, 0.0], rtol=1e-14)


def test_entropy_grows_another_tree_than_gini_and_both_are_pure():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(200, 4)), rng.integers(0, 3, 200)
    for criterion in ("gini", "entropy", "log_loss"):
        model = DecisionTreeClassifier(criterion=criterion).fit(X, y)
        assert model.score(X, y) == 1.0


@pytest.mark.parametrize("max_features", [1, 2])
def test_features_are_drawn_anew_for_each_node(max_features):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 6)), rng.integers(0, 2, 400)
    tree = DecisionTreeClassifier(max_features=max_features, random_state=0).fit(X, y).tree_
    used = tree.feature[~tree.is_leaf]
    assert set(used) == set(range(6))  # drawn once for the tree, it could use no more than drawn


def test_a_trees_draws_do_not_depend_on_the_trees_beside_it():
    tree = np.random.default_rng(0).integers(0, 3, 200)  # the nodes of three trees, as they come
    together = draw_features(tree, 6, [np.random.default_rng(seed) for seed in range(3)])
    for t in range(3):
        m = int((tree == t).sum())
        alone = draw_features(np.zeros(m, dtype=np.int64), 6, [np.random.default_rng(t)])
        assert np.array_equal(together[tree == t], alone)


def test_features_are_drawn_without_replacement():
    order = draw_features(np.zeros(50, int), 6, [np.random.default_rng(0)])
    assert all(sorted(row) == list(range(6)) for row in order)


def test_a_node_goes_on_when_all_it_drew_is_constant():
    rng = np.random.default_rng(0)
    X = np.zeros((50, 10))
    X[:, 7] = rng.normal(size=50)
    y = (X[:, 7] > 0).astype(int)
    for seed in range(20):
        model = DecisionTreeClassifier(max_features=1, random_state=seed).fit(X, y)
        assert model.score(X, y) == 1.0


def test_importances_by_hand():
    model = DecisionTreeClassifier().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 1, 2])
    # Root: cost 4 * 5/8 = 2.5; right child: 2 * 1/2 = 1.
    np.testing.assert_allclose(model.feature_importances_, [1.5 / 2.5, 1.0 / 2.5])


def test_entropy_by_brute_force():
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    best = (np.inf, None, None)
    for f in range(3):
        for cut in np.sort(X[:, f])[:-1]:
            sides = [np.bincount(y[s], minlength=3) for s in (X[:, f] <= cut, X[:, f] > cut)]
            cost = sum(-(c[c > 0] * np.log2(c[c > 0] / c.sum())).sum() for c in sides)
            best = min(best, (cost, f, cut))
    tree = DecisionTreeClassifier(criterion="entropy", max_depth=1).fit(X, y).tree_
    assert tree.feature[0] == best[1]
    assert tree.threshold[0] > best[2]
    left, right = tree.children_left[0], tree.children_right[0]
    cost = (tree.weighted_n_node_samples * tree.impurity)[[left, right]].sum()
    assert cost == pytest.approx(best[0])


def test_a_weighted_node_by_hand():
    tree = DecisionTreeClassifier().fit([[1.0]] * 3, [0, 0, 1], [1.0, 2.0, 5.0]).tree_
    assert tree.n_node_samples.tolist() == [3]
    assert tree.weighted_n_node_samples.tolist() == [8.0]
    assert tree.value.tolist() == [[3 / 8, 5 / 8]]
    assert tree.impurity[0] == pytest.approx(1 - (9 + 25) / 64)


def test_min_samples_split_is_heard():
    _, X, y = draw(5, n=40, d=3)
    tree = DecisionTreeClassifier(min_samples_split=15).fit(X, y).tree_
    assert tree.n_node_samples[~tree.is_leaf].min() >= 15
    expected = readable_tree(X, y, min_split=15)
    assert same_tree(grown(X, y, min_samples_split=15), expected)


def test_ties_between_drawn_features_go_to_the_one_drawn_first():
    """A lowest-number rule would give low columns more importance than their equals."""
    X = np.tile(np.arange(20.0)[:, None], (1, 5))  # five times the same column
    y = (np.arange(20) > 9).astype(int)
    for seed in range(10):
        model = DecisionTreeClassifier(max_features=5, random_state=seed).fit(X, y)
        few = DecisionTreeClassifier(max_features=3, random_state=seed).fit(X, y)
        assert model.tree_.feature[0] == 0
        drawn = draw_features(np.zeros(1, int), 5, [np.random.default_rng(seed)])[0]
        assert few.tree_.feature[0] == drawn[0]


@pytest.mark.parametrize("tiny", [1e-17, 1e-30])
def test_weights_far_apart_end_in_a_tree(tiny):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 2)), rng.integers(0, 2, 50)
    w = np.where(rng.random(50) < 0.5, 1.0, tiny)
    model = DecisionTreeClassifier().fit(X, y, w)
    heavy = w == 1.0
    assert model.score(X[heavy], y[heavy]) == 1.0


def test_depths():
    tree = DecisionTreeClassifier().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]).tree_
    assert tree.depths().tolist() == [0, 1, 1, 2, 2, 2, 2]
