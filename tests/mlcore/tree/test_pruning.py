"""Pruning against every subtree there is, against the book's loop, and worked by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree import Tree
from mlcore.tree.descent import leaves
from mlcore.tree.pruning import best_first, prune, pruning_sequence, subtree, walk_order
from tests.mlcore.tree.grown import grow, mixed_table


def tree_of(costs, left):
    """A tree whose nodes have the given R(t), children from left (-1 for a leaf)."""
    left, m = np.array(left), len(costs)
    leaf = left == -1
    return Tree(
        left,
        np.where(leaf, -1, left + 1),
        np.where(leaf, -2, 0),
        np.where(leaf, -2.0, np.arange(m)),
        np.array(costs, dtype=float),
        np.ones(m, dtype=int),
        np.ones(m),
        np.arange(m, dtype=float)[:, None],
    )


def drawn_tree(seed, most_leaves=9):
    """A grown tree, small enough that all its subtrees can be listed; costs are often equal."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 40))
    X = rng.integers(0, 12, (n, 2)).astype(float)
    w = rng.choice([0.5, 1.0, 2.0], n)
    if seed % 2:
        model = DecisionTreeRegressor(max_depth=4).fit(X, rng.integers(0, 4, n) * 1.0, w)
    else:
        model = DecisionTreeClassifier(max_depth=4).fit(X, rng.integers(0, 3, n), w)
    tree = model.tree_
    return tree if tree.n_leaves <= most_leaves else best_first(tree, most_leaves)


def cost(tree):
    """R(t) of each node, as the definition has it."""
    return tree.impurity * tree.weighted_n_node_samples / tree.weighted_n_node_samples[0]


def all_leaf_sets(tree, node=0):
    """Yield the leaves of every subtree that has the root: the node itself, or both branches'."""
    yield (node,)
    left = tree.children_left[node]
    if left != -1:
        for a, b in product(all_leaf_sets(tree, left), all_leaf_sets(tree, left + 1)):
            yield a + b


def books_loop(tree):
    """Collapse the node of least (R(t) - R(T_t)) / (leaves - 1), again and again."""
    R, children = cost(tree), {int(t): int(tree.children_left[t]) for t in range(tree.node_count)}

    def leaves(t):
        return [t] if children[t] == -1 else leaves(children[t]) + leaves(children[t] + 1)

    path = [(0.0, R[leaves(0)].sum(), len(leaves(0)))]
    while children[0] != -1:
        inner, todo = [], [0]
        while todo:
            t = todo.pop()
            if children[t] != -1:
                inner.append(t)
                todo += [children[t], children[t] + 1]
        g = {t: (R[t] - R[leaves(t)].sum()) / (len(leaves(t)) - 1) for t in inner}
        weakest = min(inner, key=lambda t: (round(g[t], 10), t))
        children[weakest] = -1
        path.append((g[weakest], R[leaves(0)].sum(), len(leaves(0))))
    return path


def last_of_equal(path):
    """The members of a path (alphas, impurities, leaves), one for each alpha."""
    alphas = np.array([line[0] for line in path])
    return np.array(path)[np.append(np.diff(alphas) > 1e-9, True)]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_no_subtree_is_better_and_of_equally_good_ones_none_is_smaller(seed):
    tree = drawn_tree(seed)
    R = cost(tree)
    every = [(R[list(leaves)].sum(), len(leaves)) for leaves in all_leaf_sets(tree)]
    alphas = pruning_sequence(tree).ccp_alphas
    between = ((alphas[1:] + alphas[:-1]) / 2)[np.diff(alphas) > 1e-9]
    for alpha in [*between, *(alphas[1:] + 1e-10), 1e-9, 2 * alphas[-1] + 1.0]:
        best = prune(tree, alpha)
        price = cost(best)[best.is_leaf].sum() + alpha * best.n_leaves
        assert price <= min(r + alpha * size for r, size in every) + 1e-12
        equally_good = [size for r, size in every if r + alpha * size <= price + 1e-13]
        assert best.n_leaves == min(equally_good)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_the_sequence_is_that_of_the_books_loop(seed):
    tree = drawn_tree(seed, most_leaves=16)
    found = pruning_sequence(tree)
    path = list(zip(found.ccp_alphas, found.impurities, found.n_leaves, strict=True))
    np.testing.assert_allclose(last_of_equal(path), last_of_equal(books_loop(tree)), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_members_are_nested_and_have_the_impurity_and_leaves_they_are_said_to(seed):
    tree = drawn_tree(seed, most_leaves=40)
    found = pruning_sequence(tree)
    inner = np.flatnonzero(~tree.is_leaf)
    for child in (tree.children_left[inner], tree.children_right[inner]):
        assert (found.collapse_alpha[inner] >= found.collapse_alpha[child]).all()
    assert (np.diff(found.ccp_alphas) >= 0).all()
    assert (np.diff(found.n_leaves) < 0).all()
    assert found.n_leaves[-1] == 1
    for alpha in np.unique(found.ccp_alphas):
        member = subtree(tree, found.collapse_alpha > alpha)
        at = np.flatnonzero(found.ccp_alphas == alpha)[-1]
        assert member.n_leaves == found.n_leaves[at]
        weight = member.weighted_n_node_samples / tree.weighted_n_node_samples[0]
        total = (weight * member.impurity)[member.is_leaf].sum()
        assert total == pytest.approx(found.impurities[at], abs=1e-12)


def test_by_hand():
    #      10
    #    4    3        4 -> 1 + 1 saves 2, 10 -> 4 + 3 saves 3
    #   1 1
    tree = tree_of([10, 4, 3, 1, 1], [1, 3, -1, -1, -1])
    path = pruning_sequence(tree)
    assert path.ccp_alphas.tolist() == [0, 2, 3]
    assert path.impurities.tolist() == [5, 7, 10]
    assert path.n_leaves.tolist() == [3, 2, 1]
    assert path.collapse_alpha.tolist() == [3, 2, -np.inf, -np.inf, -np.inf]
    assert [prune(tree, a).node_count for a in (0, 1.9, 2, 2.9, 3)] == [5, 5, 3, 3, 1]


def test_a_split_that_gains_less_than_those_below_it_falls_with_them():
    # The root gains nothing, both its children's splits gain 2: three splits gain 4.
    tree = tree_of([4, 2, 2, 0, 0, 0, 0], [1, 3, 5, -1, -1, -1, -1])
    path = pruning_sequence(tree)
    assert path.ccp_alphas.tolist() == [0, 4 / 3]
    assert path.n_leaves.tolist() == [4, 1]
    assert prune(tree, 1.3).node_count == 7
    assert prune(tree, 4 / 3).node_count == 1


def test_only_the_strongest_link_below_is_joined_while_it_is_stronger():
    # Gains: root 2, left 1, right 5. The root joins with the right: (2 + 5) / 2; the left stays.
    tree = tree_of([20, 8, 10, 4, 3, 3, 2], [1, 3, 5, -1, -1, -1, -1])
    path = pruning_sequence(tree)
    assert path.ccp_alphas.tolist() == [0, 1, 3.5]
    assert path.impurities.tolist() == [12, 13, 20]
    assert path.collapse_alpha[:3].tolist() == [3.5, 1, 3.5]


def test_equal_links_are_an_entry_each_from_left_to_right_unless_one_holds_the_other():
    #              20
    #        11          3       5 -> 3 + 1, 3 -> 1 + 1 (twice) save 1 each: the first two are one
    #     1     5       1 1      link, to the left of the other; 11 -> 1 + 5 saves 5, the root 6
    #         3   1
    #        1 1
    costs = [20, 11, 3, 1, 5, 1, 1, 3, 1, 1, 1]
    path = pruning_sequence(tree_of(costs, [1, 3, 5, -1, 7, -1, -1, 9, -1, -1, -1]))
    assert path.ccp_alphas.tolist() == [0, 1, 1, 5, 6]
    assert path.n_leaves.tolist() == [6, 4, 3, 2, 1]
    assert path.impurities.tolist() == [6, 8, 9, 14, 20]


def test_splits_that_gain_nothing_stay_at_a_price_of_0_and_go_at_any_other():
    tree = tree_of([3, 1, 2, 1, 1], [1, -1, 3, -1, -1])
    assert prune(tree, 0.0) is tree
    assert prune(tree, 1e-300).node_count == 1
    path = pruning_sequence(tree)
    assert (path.ccp_alphas.tolist(), path.n_leaves.tolist()) == ([0, 0], [3, 1])


def test_what_rounding_leaves_below_0_is_0():
    tree = tree_of([0.3, 0.1, 0.2], [1, -1, -1])
    assert 0.3 - (0.1 + 0.2) < 0
    assert pruning_sequence(tree).ccp_alphas.tolist() == [0, 0]


def test_a_lone_leaf():
    tree = tree_of([0.5], [-1])
    path = pruning_sequence(tree)
    assert (path.ccp_alphas.tolist(), path.impurities.tolist()) == ([0.0], [0.5])
    assert prune(tree, 1.0).node_count == best_first(tree, 2).node_count == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_unit_of_weights_does_not_matter_and_that_of_the_target_does(seed):
    rng = np.random.default_rng(seed)
    X, y, w = rng.normal(size=(40, 2)), rng.normal(size=40), rng.integers(1, 4, 40) * 1.0
    plain = pruning_sequence(DecisionTreeRegressor().fit(X, y, w).tree_)
    heavy = pruning_sequence(DecisionTreeRegressor().fit(X, y, 8 * w).tree_)
    large = pruning_sequence(DecisionTreeRegressor().fit(X, 2 * y, w).tree_)
    np.testing.assert_array_equal(heavy.ccp_alphas, plain.ccp_alphas)
    np.testing.assert_array_equal(large.ccp_alphas, 4 * plain.ccp_alphas)
    np.testing.assert_array_equal(large.n_leaves, plain.n_leaves)


@pytest.mark.parametrize(("order", "n_links"), [(1, 1), (-1, 2000)])
def test_a_chain_of_2000_splits_needs_no_recursion(order, n_links):
    # Gains that rise on the way down make one link of all splits, falling ones a link of each.
    gains = np.arange(1.0, 2001.0)[::order]
    left, costs = np.full(4001, -1), np.zeros(4001)
    left[:-1:2] = np.arange(1, 4000, 2)
    costs[:-1:2] = np.cumsum(gains[::-1])[::-1]
    tree = tree_of(costs, left)
    path = pruning_sequence(tree)
    assert len(path.ccp_alphas) == 1 + n_links
    assert path.ccp_alphas[-1] == (gains.mean() if order == 1 else 2000)
    assert prune(tree, path.ccp_alphas[-1]).node_count == 1
    assert prune(tree, 1000.0).n_leaves == (2001 if order == 1 else 1001)
    assert best_first(tree, 1001).children_left[:-1:2].tolist() == list(range(1, 2000, 2))


def greedy(tree, max_leaf_nodes):
    """The splits made best first, looking at all that wait each time."""
    R, left, made, waiting = cost(tree), tree.children_left, [], [0]
    while len(made) < max_leaf_nodes - 1:
        gain = {t: R[t] - R[left[t]] - R[left[t] + 1] for t in waiting if left[t] >= 0}
        best = min(t for t in gain if gain[t] > max(gain.values()) - 1e-10)
        made.append(best)
        waiting = [t for t in waiting if t != best] + [left[best], left[best] + 1]
    return made


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_best_first_makes_the_best_split_that_waits(seed):
    tree = drawn_tree(seed, most_leaves=40)
    for most in range(2, tree.n_leaves):
        few = best_first(tree, most)
        assert few.n_leaves == most
        keep = np.isin(np.arange(tree.node_count), greedy(tree, most))
        assert few.threshold.tolist() == subtree(tree, keep).threshold.tolist()
        assert few.feature.tolist() == subtree(tree, keep).feature.tolist()
    assert best_first(tree, max(2, tree.n_leaves)) is tree


def test_of_equal_splits_the_lower_number_goes_first_whatever_rounding_says():
    # The children's splits gain 0.1 + 0.2 and 0.3, which differ in the last bit.
    tree = tree_of([4.0, 0.3, 0.1 + 0.2, 0, 0, 0, 0], [1, 3, 5, -1, -1, -1, -1])
    assert 0.1 + 0.2 > 0.3
    assert best_first(tree, 3).children_left.tolist() == [1, 3, -1, -1, -1]


def test_a_subtree_answers_with_the_ancestor_where_the_way_ends():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 3)), rng.integers(0, 3, 200)
    model = DecisionTreeClassifier().fit(X, y)
    tree, way = model.tree_, model.decision_path(X)
    keep = rng.random(tree.node_count) < 0.7
    keep[0] = True
    ends = ~keep | tree.is_leaf  # the first such node on a row's way is its leaf
    expected = tree.value[np.argmax(way & ends, axis=1)]
    model.tree_ = small = subtree(tree, keep)
    np.testing.assert_array_equal(model.predict_proba(X), expected)
    assert 1 < small.node_count < tree.node_count
    assert (small.feature[small.is_leaf] == -2).all()
    assert (small.threshold[small.is_leaf] == -2).all()
    assert small.n_node_samples[small.is_leaf].sum() == 200
    assert (tree.feature[~tree.is_leaf] >= 0).all()  # the tree itself is as it was


def test_with_all_splits_kept_a_tree_is_as_it_was():
    tree = drawn_tree(0)
    same = subtree(tree, np.ones(tree.node_count, dtype=bool))
    for name, array in vars(tree).items():
        assert np.array_equal(getattr(same, name), array)


def test_routes_go_with_their_nodes():
    _, X, y, categories = mixed_table(3, n=60)
    tree = grow(X, y, categories=categories, missing="surrogate")
    small = prune(tree, np.median(pruning_sequence(tree).ccp_alphas))
    assert 1 < small.node_count < tree.node_count
    assert small.routes.node_count == small.node_count
    inner = set(np.flatnonzero(~small.is_leaf).tolist())
    assert set(small.routes.surrogate_node.tolist()) <= inner
    assert small.routes.n_sides[small.is_leaf].sum() == 0
    kept = np.isin(np.arange(tree.node_count), [0])  # the root's split alone
    top = subtree(tree, kept & ~tree.is_leaf)
    below_left = leaves(tree, X)
    while (below_left > 2).any():
        below_left = np.where(below_left > 2, tree.parents[below_left], below_left)
    assert leaves(top, X).tolist() == below_left.tolist()


def test_a_walk_goes_down_to_the_left_first():
    assert walk_order(tree_of([9] * 7, [1, 3, 5, -1, -1, -1, -1])) == [0, 1, 4, 2, 3, 5, 6]


@pytest.mark.parametrize("keep", [np.ones(4, dtype=bool), np.ones(5), [1, 0, 0, 0, 0]])
def test_keep_must_say_yes_or_no_for_each_node(keep):
    with pytest.raises(ValueError, match="True or False for each of the 5 nodes"):
        subtree(tree_of([10, 4, 3, 1, 1], [1, 3, -1, -1, -1]), keep)


def test_prices_and_sizes_out_of_range():
    tree = tree_of([10, 4, 3, 1, 1], [1, 3, -1, -1, -1])
    for alpha in (-0.1, np.nan, "much"):
        with pytest.raises(ValueError, match="ccp_alpha is"):
            prune(tree, alpha)
    for most in (1, 2.5, True):
        with pytest.raises(ValueError, match="max_leaf_nodes is"):
            best_first(tree, most)
