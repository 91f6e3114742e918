"""Forests: what the bootstrap, the drawn features and the workers must and must not change."""

import numpy as np
import pytest

from mlcore import (
    DecisionTreeClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    export_text,
)
from mlcore.forest.bagging import draw_bag
from mlcore.tree import orders
from mlcore.tree.descent import leaves


def noisy(n=300, d=6, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = (X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(0, 0.7, n) > 0).astype(int)
    return X, y


def same_forest(a, b):
    return len(a.trees_) == len(b.trees_) and all(
        np.array_equal(getattr(s, name), getattr(t, name))
        for s, t in zip(a.trees_, b.trees_, strict=True)
        for name in vars(s)
    )


@pytest.mark.parametrize("n_jobs", [2, 3, -1])
def test_same_bits_for_any_number_of_workers(n_jobs):
    X, y = noisy(n=2000)
    one = RandomForestClassifier(40, random_state=5).fit(X, y)
    assert same_forest(one, RandomForestClassifier(40, random_state=5, n_jobs=n_jobs).fit(X, y))


def test_trees_do_not_depend_on_those_they_grow_beside():
    X, y = noisy()
    few = RandomForestClassifier(3, random_state=1).fit(X, y)
    many = RandomForestClassifier(50, random_state=1).fit(X, y)
    many.trees_ = many.trees_[:3]
    assert same_forest(few, many)


def test_seed_zero_is_a_seed_and_seeds_differ():
    X, y = noisy()
    zero = [RandomForestClassifier(5, random_state=0).fit(X, y) for _ in range(2)]
    assert same_forest(*zero)
    assert not same_forest(zero[0], RandomForestClassifier(5, random_state=1).fit(X, y))


def test_numpy_global_state_is_neither_used_nor_changed():
    X, y = noisy()
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    RandomForestClassifier(5, random_state=0).fit(X, y)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_bag_draws_about_63_percent_of_the_rows():
    bags = [draw_bag(1000, 1000, np.random.default_rng(s)) for s in range(20)]
    assert all(bag.sum() == 1000 for bag in bags)
    assert np.mean([(bag > 0).mean() for bag in bags]) == pytest.approx(1 - np.exp(-1), abs=0.01)


def test_bootstrap_makes_trees_differ_and_without_it_they_are_one_tree():
    X, y = noisy()
    bagged = RandomForestClassifier(5, max_features=None, random_state=0).fit(X, y)
    assert len({tree.node_count for tree in bagged.trees_}) > 1
    whole = RandomForestClassifier(3, max_features=None, bootstrap=False, random_state=0).fit(X, y)
    for number, tree in enumerate(whole.trees_):  # but for the order in which equal cuts are tried
        generator = np.random.default_rng(0).spawn(3)[number]
        shuffled = generator.permutation(X.shape[1])
        single = DecisionTreeClassifier().fit(X[:, shuffled], y)
        assert np.array_equal(tree.threshold, single.tree_.threshold)


def test_probability_is_the_mean_of_the_trees_shares():
    X, y = noisy()
    model = RandomForestClassifier(7, min_samples_leaf=5, random_state=0).fit(X, y)
    by_hand = np.mean([tree.value[leaves(tree, X)] for tree in model.trees_], axis=0)
    np.testing.assert_allclose(model.predict_proba(X), by_hand, rtol=1e-13)
    assert model.apply(X).shape == (len(X), 7)


def test_out_of_bag_score_tracks_the_test_score():
    X, y = noisy(1500)
    model = RandomForestClassifier(100, oob_score=True, random_state=0).fit(X[:700], y[:700])
    assert model.oob_score_ == pytest.approx(model.score(X[700:], y[700:]), abs=0.05)
    assert model.score(X[:700], y[:700]) > model.oob_score_ + 0.1  # its own rows it knows by heart
    np.testing.assert_allclose(model.oob_decision_function_.sum(axis=1), 1.0)


def test_out_of_bag_uses_only_trees_that_did_not_draw_the_row():
    X, y = noisy(60)
    with pytest.warns(UserWarning, match="drawn by every tree") as caught:
        model = RandomForestClassifier(2, oob_score=True, random_state=0).fit(X, y)
    assert caught[0].filename == __file__  # the line that called fit
    bags = [draw_bag(60, 60, g) for g in np.random.default_rng(0).spawn(2)]
    both = (bags[0] > 0) & (bags[1] > 0)
    assert np.isnan(model.oob_decision_function_[both]).all()
    only_first = (bags[0] > 0) & (bags[1] == 0)
    second = model.trees_[1]
    np.testing.assert_allclose(
        model.oob_decision_function_[only_first], second.value[leaves(second, X[only_first])]
    )


def test_a_forest_beats_a_tree_on_noise():
    X, y = noisy(2000)
    tree = DecisionTreeClassifier().fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    forest = RandomForestClassifier(100, random_state=0).fit(X[:1000], y[:1000])
    assert forest.score(X[1000:], y[1000:]) > tree + 0.03


def test_weight_zero_is_no_row():
    X, y = noisy()
    w = np.ones(len(y))
    w[::3] = 0
    y_changed = y.copy()
    y_changed[::3] = 1 - y_changed[::3]
    a = RandomForestClassifier(5, random_state=0).fit(X, y, w)
    b = RandomForestClassifier(5, random_state=0).fit(X, y_changed, w)
    assert same_forest(a, b)


def test_importances_sum_to_one_and_find_the_signal():
    X, y = noisy(1000)
    shares = RandomForestClassifier(50, random_state=0).fit(X, y).feature_importances_
    assert shares.sum() == pytest.approx(1.0)
    assert shares[:3].min() > shares[3:].max()


def test_oob_without_bootstrap_is_refused():
    with pytest.raises(ValueError, match="Set bootstrap=True"):
        RandomForestClassifier(2, bootstrap=False, oob_score=True).fit([[0.0], [1.0]], [0, 1])


def test_bags_are_drawn_with_multiplicity():
    X, y = noisy(200)
    model = RandomForestClassifier(1, max_features=None, random_state=0).fit(X, y)
    generator = np.random.default_rng(0).spawn(1)[0]
    bag = draw_bag(200, 200, generator)
    assert bag.max() > 1
    by_hand = DecisionTreeClassifier().fit(X[:, generator.permutation(X.shape[1])], y, bag)
    for name in ("threshold", "weighted_n_node_samples", "value"):
        assert np.array_equal(getattr(model.trees_[0], name), getattr(by_hand.tree_, name))


@pytest.mark.parametrize(("max_features", "drawn"), [("sqrt", 4), ("log2", 5), (0.25, 8), (3, 3)])
def test_each_node_draws_so_many_features(max_features, drawn, monkeypatch):
    seen = []
    search = orders.DrawnFeatures.sort_drawn

    def spy(self, entry, kind, features, nodes):
        seen.append(features)
        return search(self, entry, kind, features, nodes)

    monkeypatch.setattr(orders.DrawnFeatures, "sort_drawn", spy)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 16 if max_features == "sqrt" else 32))
    RandomForestClassifier(2, max_features=max_features, random_state=0).fit(
        X, rng.integers(0, 2, 200)
    )
    assert {len(features) for features in seen} == {drawn}
    nodes = np.concatenate([features.T for features in seen if features.shape[1] > 3])
    assert len(np.unique(np.sort(nodes, axis=1), axis=0)) > len(nodes) / 4  # anew for each node


def test_only_the_drawn_features_are_tried():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 8))
    y = (X[:, 0] > 0).astype(int)
    roots = [
        tree.feature[0]
        for tree in RandomForestClassifier(60, max_features=1, random_state=0).fit(X, y).trees_
    ]
    assert np.mean(np.array(roots) == 0) < 0.35  # 1 in 8, were all tried it would be always


@pytest.mark.parametrize("seed", range(12))
def test_out_of_bag_with_bags_that_hold_every_row(seed):
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
    model = RandomForestClassifier(60, oob_score=True, random_state=seed).fit(X, y)
    assert model.oob_decision_function_.shape == (4, 2)


def test_out_of_bag_score_is_weighted_and_rows_of_weight_zero_have_none():
    X, y = noisy(200)
    w = np.linspace(0, 3, 200)
    model = RandomForestClassifier(60, oob_score=True, random_state=0).fit(X, y, w)
    shares = model.oob_decision_function_
    assert np.isnan(shares[0]).all()
    right = shares[1:].argmax(axis=1) == y[1:]
    assert model.oob_score_ == pytest.approx(np.average(right, weights=w[1:]))


@pytest.mark.parametrize(
    "forest",
    [
        RandomForestClassifier(5, max_depth=3, class_weight="balanced_subsample", random_state=0),
        RandomForestRegressor(5, max_features=0.5, random_state=0),
        RandomForestRegressor(5, missing="direction", random_state=0),
    ],
)
def test_each_tree_is_a_model_of_its_own(forest):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 4)), rng.integers(0, 3, 120)
    forest.fit(X, y)
    trees = forest.estimators_
    if isinstance(forest, RandomForestClassifier):
        mean = np.mean([tree.predict_proba(X) for tree in trees], axis=0)
        np.testing.assert_allclose(mean, forest.predict_proba(X), rtol=1e-12)
        assert "class: " in export_text(trees[0])
    else:
        mean = np.mean([tree.predict(X) for tree in trees], axis=0)
        np.testing.assert_allclose(mean, forest.predict(X), rtol=1e-12)
    assert trees[0].max_features_ == (2 if forest.max_features in ("sqrt", 0.5) else 4)
    assert trees[0].max_depth == forest.max_depth
    assert trees[0].get_n_leaves() == forest.trees_[0].n_leaves
    with pytest.raises(ValueError, match="expecting 4 features"):
        trees[0].predict(X[:, :2])
