"""The way down for rows with holes and categories, against a walk row by row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.persistence import load, save
from mlcore.tree.descent import leaves
from mlcore.tree.routes import Routes, route
from mlcore.tree.structure import Tree
from tests.mlcore.tree.grown import grow, mixed_table


def side_by(x, threshold, sides, below_left=True):
    """1, -1 or 0 for one value."""
    if np.isnan(x):
        return 0
    if len(sides):
        return int(sides[int(x)]) if 0 <= x < len(sides) else 0
    return 1 if (x <= threshold) == below_left else -1


def walked(tree, row):
    """The leaf of one row, by following it."""
    routes, node = tree.routes, 0
    while tree.children_left[node] != -1:
        x = row[tree.feature[node]]
        side = side_by(x, tree.threshold[node], routes.sides_of(node))
        for s in np.flatnonzero(routes.surrogate_node == node):
            if side == 0:
                end = routes.surrogate_n_sides[: s + 1].sum()
                sides = routes.surrogate_sides[end - routes.surrogate_n_sides[s] : end]
                side = side_by(
                    row[routes.surrogate_feature[s]],
                    routes.surrogate_threshold[s],
                    sides,
                    routes.surrogate_below_left[s],
                )
        if side == 0:
            go = routes.missing_go_to_left if np.isnan(x) else routes.unseen_go_to_left
            side = 1 if go[node] else -1
        node = tree.children_left[node] if side == 1 else tree.children_right[node]
    return int(node)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["direction", "surrogate"]))
def test_all_rows_at_once_go_where_each_goes_alone(seed, missing):
    rng, X, y, categories = mixed_table(seed)
    tree = grow(X, y, categories=categories, missing=missing)
    new = np.column_stack(
        [
            rng.integers(-2, 12, 40),
            rng.normal(size=40),
            rng.integers(-1, 4, 40),
            rng.integers(-1, 6, 40),
        ]
    ).astype(float)
    new[rng.random(new.shape) < 0.4] = np.nan
    assert route(tree, new).tolist() == [walked(tree, row) for row in new]


def test_new_categories_follow_the_heavier_child_though_missing_learned_the_other_side():
    X = np.array([[0.0]] * 2 + [[1.0]] * 4 + [[np.nan]])
    tree = grow(X, [0, 0, 1, 1, 1, 1, 0], categories=[3], missing="direction")
    assert tree.routes.sides_of(0).tolist() == [1, -1, 0]
    assert route(tree, np.array([[np.nan], [-1.0], [2.0]])).tolist() == [1, 2, 2]


def test_a_plain_tree_needs_no_routes():
    tree = grow([[1.0], [2.0]], [0, 1])
    assert tree.routes is None
    assert leaves(tree, np.array([[0.0], [5.0]])).tolist() == [1, 2]
    with pytest.raises(ValueError, match="has no routes"):
        route(tree, np.array([[0.0]]))


def cut_back(tree, node):
    """The tree without what lies below a node, renumbered."""
    below = {node}
    for parent in range(node, tree.node_count):
        if parent in below and tree.children_left[parent] != -1:
            below |= {int(tree.children_left[parent]), int(tree.children_right[parent])}
    kept = np.array([i for i in range(tree.node_count) if i == node or i not in below])
    number = np.full(tree.node_count, -1)
    number[kept] = np.arange(len(kept))
    leaf = tree.is_leaf[kept] | (kept == node)
    arrays = {
        name: getattr(tree, name)[kept]
        for name in ("impurity", "n_node_samples", "weighted_n_node_samples", "value")
    }
    left = np.where(leaf, -1, number[tree.children_left[kept]])
    return Tree(
        children_left=left,
        children_right=np.where(leaf, -1, left + 1),
        feature=np.where(leaf, -2, tree.feature[kept]),
        threshold=np.where(leaf, -2.0, tree.threshold[kept]),
        routes=tree.routes.take(kept, leaf),
        **arrays,
    ), number


@pytest.mark.parametrize("missing", ["direction", "surrogate"])
def test_taken_routes_lead_where_the_whole_ones_led(missing):
    _, X, y, categories = mixed_table(3, n=150)
    tree = grow(X, y, categories=categories, missing=missing)
    leaf = route(tree, X)
    for node in (1, 2, int(np.flatnonzero(~tree.is_leaf)[4])):
        smaller, number = cut_back(tree, node)
        assert smaller.routes.n_sides[number[node]] == 0
        assert number[node] not in smaller.routes.surrogate_node
        stays = number[leaf] >= 0
        assert 0 < stays.sum() < len(X)
        seen = route(smaller, X)
        assert seen[stays].tolist() == number[leaf][stays].tolist()
        assert set(seen[~stays].tolist()) == {int(number[node])}


def test_taking_all_nodes_changes_nothing_and_any_order_renumbers():
    _, X, y, categories = mixed_table(4, n=80)
    routes = grow(X, y, categories=categories, missing="surrogate").routes
    again = routes.take(np.arange(routes.node_count))
    for name, array in vars(routes).items():
        assert getattr(again, name).tolist() == array.tolist(), name
    backwards = routes.take(np.arange(routes.node_count)[::-1])
    for node in range(routes.node_count):
        mirror = routes.node_count - 1 - node
        assert backwards.sides_of(mirror).tolist() == routes.sides_of(node).tolist()
        ours, theirs = routes.surrogate_node == node, backwards.surrogate_node == mirror
        assert backwards.surrogate_agree[theirs].tolist() == routes.surrogate_agree[ours].tolist()


def test_routes_that_do_not_fit_are_refused():
    _, X, y, categories = mixed_table(4, n=80)
    tree = grow(X, y, categories=categories, missing="surrogate")
    whole = vars(tree.routes)
    for name in ("n_sides", "sides", "surrogate_agree", "unseen_go_to_left"):
        with pytest.raises(ValueError, match="do not describe routes"):
            Routes(**(whole | {name: whole[name][1:]}))
    for name in ("n_sides", "surrogate_n_sides", "surrogate_feature"):
        below = whole[name] - whole[name].max() * (np.arange(len(whole[name])) == 0) - 1
        with pytest.raises(ValueError, match="do not describe routes"):
            Routes(**(whole | {name: below}))
    with pytest.raises(ValueError, match="do not describe a tree"):
        Tree(**(vars(tree) | {"routes": tree.routes.take(np.arange(3))}))


def test_a_tree_with_routes_is_saved_with_them(tmp_path):
    _, X, y, categories = mixed_table(5, n=80)
    tree = grow(X, y, categories=categories, missing="surrogate")
    save(tree, tmp_path / "tree.zip")
    assert route(load(tmp_path / "tree.zip"), X).tolist() == route(tree, X).tolist()
    save([tree, tree], tmp_path / "trees.zip")
    assert load(tmp_path / "trees.zip")[1].routes.sides.tolist() == tree.routes.sides.tolist()
