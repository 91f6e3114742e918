"""Shapley values of trees against their definition, and what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    GridSearchCV,
    LogisticRegression,
    NotFittedError,
    RandomForestClassifier,
    RandomForestRegressor,
    StandardScaler,
    make_pipeline,
)
from mlcore.inspection import tree_paths, tree_shap
from mlcore.tree.structure import Tree
from tests.mlcore.inspection.shapley_oracles import tree_shapley_values


def table(seed, n=60, d=4, k=3, values=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) if values is None else rng.integers(0, values, (n, d)).astype(float)
    score = X[:, 0] * X[:, 1] + X[:, -1] + rng.normal(0, 0.3, n)
    return X, np.digitize(score, np.quantile(score, np.arange(1, k) / k)), score, rng


def chain(d):
    """A tree whose path asks feature 0, 1, ..., d - 1, each once: d unique features on a path."""
    m = 2 * d + 1
    left = np.where(np.arange(m) % 2 == 0, np.arange(m) + 1, -1)
    left[-1] = -1
    inner = left >= 0
    weight = np.ones(m)
    for v in np.flatnonzero(inner)[::-1]:
        weight[v] = weight[v + 1] + weight[v + 2]
    return Tree(
        left,
        np.where(inner, left + 1, -1),
        np.where(inner, np.arange(m) // 2, -2),
        np.where(inner, 0.0, -2.0),
        np.zeros(m),
        weight.astype(int),
        weight,
        np.arange(m, dtype=float)[:, None],
    )


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    d=st.integers(2, 5),
    depth=st.sampled_from([1, 3, None]),
    values=st.sampled_from([None, 4]),
)
def test_a_classifier_agrees_with_the_definition(seed, d, depth, values):
    X, y, _, rng = table(seed, d=d, values=values)
    w = rng.integers(0, 4, len(X)) + rng.random(len(X))
    model = DecisionTreeClassifier(max_depth=depth).fit(X, y, w)
    rows = np.vstack([X[:2], rng.normal(size=(2, d))])
    found = tree_shap(model, rows)
    np.testing.assert_allclose(found.values, tree_shapley_values(model.tree_, rows), atol=1e-12)
    np.testing.assert_allclose(found.expected_value, model.tree_.value[0], atol=1e-12)


@pytest.mark.parametrize("depth", [2, None])
def test_a_regressor_of_eight_features_agrees_with_the_definition(depth):
    X, _, target, _ = table(1, n=40, d=8)
    model = DecisionTreeRegressor(max_depth=depth).fit(X, target)
    expected = tree_shapley_values(model.tree_, X[:2])[:, :, 0]
    np.testing.assert_allclose(tree_shap(model, X[:2]).values, expected, atol=1e-12)


def test_a_feature_asked_again_and_again_has_one_share():
    X = np.arange(16.0)[:, None] + [[0.0, 100.0]]
    model = DecisionTreeRegressor().fit(X, np.sin(X[:, 0]))
    found = tree_shap(model, X)
    assert set(model.tree_.feature.tolist()) == {0, -2}
    np.testing.assert_allclose(
        found.values[:, 0], np.sin(X[:, 0]) - np.sin(X[:, 0]).mean(), atol=1e-13
    )
    assert not found.values[:, 1].any()


def test_half_of_an_and_by_hand():
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    found = tree_shap(DecisionTreeRegressor().fit(X, X[:, 0] * X[:, 1]), X)
    assert found.expected_value == 0.25
    expected = [[-1 / 8, -1 / 8], [-3 / 8, 1 / 8], [1 / 8, -3 / 8], [3 / 8, 3 / 8]]
    np.testing.assert_allclose(found.values, expected, atol=1e-15)


@pytest.mark.parametrize("depth", [3, 6, None])
@pytest.mark.parametrize("make", [RandomForestClassifier, RandomForestRegressor])
def test_shares_add_up_to_the_prediction(make, depth):
    X, y, target, _ = table(2, n=200, d=12)
    classes = make is RandomForestClassifier
    model = make(8, max_depth=depth, random_state=0).fit(X, y if classes else target)
    found = tree_shap(model, X)
    predicted = model.predict_proba(X) if classes else model.predict(X)
    np.testing.assert_allclose(
        found.values.sum(axis=1) + found.expected_value, predicted, atol=1e-12
    )
    assert found.values.shape == ((200, 12, 3) if classes else (200, 12))


def test_a_forest_is_the_mean_of_its_trees():
    X, y, _, _ = table(3, n=50)
    forest = RandomForestClassifier(3, max_depth=3, random_state=0).fit(X, y)
    expected = np.mean([tree_shapley_values(tree, X[:3]) for tree in forest.trees_], axis=0)
    np.testing.assert_allclose(tree_shap(forest, X[:3]).values, expected, atol=1e-13)


@pytest.mark.parametrize("d", [1, 2, 3, 30, 61])
def test_paths_of_many_features_stay_exact(d):
    tree = chain(d)
    X = np.random.default_rng(d).choice([-1.0, 1.0], (40, d), p=[0.1, 0.9])
    phi = tree_paths.Paths.of(tree).shapley_values(X, tree.value)[:, :, 0]
    first = np.argmax(np.hstack([X < 0, np.ones((40, 1), bool)]), axis=1)  # where a row leaves
    reached = np.where(first == d, 2 * d, 2 * first + 1)
    leaf_mean = tree.value[tree.is_leaf].mean()
    np.testing.assert_allclose(phi.sum(axis=1), reached - leaf_mean, atol=1e-11)
    if d <= 3:
        np.testing.assert_allclose(phi, tree_shapley_values(tree, X)[:, :, 0], atol=1e-13)


def test_the_order_in_which_nodes_are_numbered_is_nothing():
    X, y, _, _ = table(8)
    tree = DecisionTreeClassifier(max_depth=3).fit(X, y).tree_
    order, waiting = [0], [0]
    while waiting:  # the children of the right child come before those of the left one
        left = int(tree.children_left[waiting.pop()])
        if left >= 0:
            order += [left, left + 1]
            waiting += [left, left + 1]
    place = np.argsort(order)
    columns = {name: array[order] for name, array in vars(tree).items() if name != "routes"}
    for side in ("children_left", "children_right"):
        columns[side] = np.where(columns[side] < 0, -1, place[columns[side]])
    assert order != sorted(order)
    np.testing.assert_allclose(
        tree_paths.Paths.of(Tree(**columns)).shapley_values(X, columns["value"]),
        tree_paths.Paths.of(tree).shapley_values(X, tree.value),
        atol=1e-15,
    )


def test_a_lone_leaf_moves_nothing():
    found = tree_shap(DecisionTreeClassifier().fit([[1.0], [1.0]], [0, 1]), [[3.0], [4.0]])
    assert not found.values.any()
    assert found.expected_value.tolist() == [0.5, 0.5]


def test_one_class_moves_nothing():
    found = tree_shap(DecisionTreeClassifier().fit([[1.0], [2.0]], ["a", "a"]), [[3.0]])
    assert (found.values.tolist(), found.expected_value.tolist()) == ([[[0.0]]], [1.0])


def test_unused_features_have_exactly_nothing_and_alike_ones_alike_shares():
    rng = np.random.default_rng(4)
    X = np.column_stack([np.repeat([0.0, 1.0], 20), np.tile([0.0, 1.0], 20), rng.random(40)])
    model = DecisionTreeRegressor(max_depth=2).fit(X, X[:, 0] * X[:, 1])
    values = tree_shap(model, X).values
    assert not values[:, 2].any()
    alike = X[:, 0] == X[:, 1]
    np.testing.assert_allclose(values[alike, 0], values[alike, 1], atol=1e-15)
    assert values[alike, 0].all()


def test_blocks_of_rows_change_nothing(monkeypatch):
    X, y, _, _ = table(5)
    model = RandomForestClassifier(4, random_state=0).fit(X, y)
    whole = tree_shap(model, X).values
    monkeypatch.setattr(tree_paths, "CELLS_TOGETHER", 1)
    np.testing.assert_array_equal(tree_shap(model, X).values, whole)


@pytest.mark.parametrize("missing", [None, "direction"])
def test_categories_and_learned_directions_follow_the_definition(missing):
    rng = np.random.default_rng(6)
    X = np.column_stack([rng.normal(size=120), rng.integers(0, 5, 120), rng.normal(size=120)])
    y = (X[:, 0] + 2 * np.isin(X[:, 1], [1, 4]) + 0.5 * X[:, 2] > 0.5).astype(int)
    if missing:
        X[rng.random(X.shape) < 0.2] = np.nan
    model = DecisionTreeClassifier(max_depth=4, missing=missing, categorical_features=[1])
    model.fit(X, y)
    assert (model.tree_.routes.n_sides > 0).any()
    rows = np.vstack([X[:12], [[0.1, 9.0, 0.0]]])  # category 9 is new
    expected = tree_shapley_values(model.tree_, model._check_predict_features(rows))
    np.testing.assert_allclose(tree_shap(model, rows).values, expected, atol=1e-13)


def test_surrogates_decide_for_the_feature_they_stand_for():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(200, 3))
    X[:, 1] = X[:, 0] + rng.normal(0, 0.7, 200)
    y = (X[:, 0] > 0).astype(int)
    X[rng.random(200) < 0.1, 0] = np.nan
    model = DecisionTreeClassifier(max_depth=1, missing="surrogate").fit(X, y)
    rows = [[np.nan, 2.0, 0.0], [np.nan, -2.0, 0.0]]
    found = tree_shap(model, rows)
    assert model.tree_.feature[0] == 0
    assert not found.values[:, 1:].any()
    expected = model.predict_proba(rows) - found.expected_value
    np.testing.assert_allclose(found.values[:, 0], expected, atol=1e-14)
    assert expected[0, 1] > 0.2 > -0.2 > expected[1, 1]


def test_other_models_and_unfitted_ones_are_refused():
    with pytest.raises(TypeError, match="LogisticRegression was given"):
        tree_shap(LogisticRegression(), [[1.0]])
    X = [[1.0], [2.0]]
    pipe = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(X, [0, 1])
    with pytest.raises(TypeError, match=r"tree_shap\(pipe\[-1\], pipe\[:-1\].transform\(X\)\)\.$"):
        tree_shap(pipe, X)
    assert tree_shap(pipe[-1], pipe[:-1].transform(X)).values.shape == (2, 1, 2)
    search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1]}, cv=2).fit(X * 2, [0, 1] * 2)
    with pytest.raises(TypeError, match="GridSearchCV was given.* Pass its best_estimator_"):
        tree_shap(search, X)
    with pytest.raises(NotFittedError):
        tree_shap(DecisionTreeClassifier(), [[1.0]])
    model = DecisionTreeClassifier().fit([[1.0], [2.0]], [0, 1])
    with pytest.raises(ValueError, match="2 features"):
        tree_shap(model, [[1.0, 2.0]])
