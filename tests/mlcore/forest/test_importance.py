"""Shuffled columns against loops over trees, columns and rows; and what noise is worth."""

import numpy as np
import pytest

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor, RandomForestClassifier
from mlcore.forest import importance
from mlcore.forest.importance import out_of_bag_permutation_importance
from mlcore.tree.descent import leaves


def draw_bags(n, t, seed):
    """The bags a forest of random_state seed draws: the first use of each tree's generator."""
    return np.stack(
        [
            np.bincount(g.integers(0, n, n), minlength=n)
            for g in np.random.default_rng(seed).spawn(t)
        ]
    )


def bagged(kind, n=80, t=12, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 5))
    X[:, 4] = 1.0  # a column no tree can use
    score = 2 * X[:, 0] + X[:, 1] + rng.normal(0, 0.5, n)
    y = np.digitize(score, [-1, 1]) if kind == "classification" else score
    make = DecisionTreeClassifier if kind == "classification" else DecisionTreeRegressor
    bags = draw_bags(n, t, seed)
    trees = [make(max_depth=4, max_features=2, random_state=1).fit(X, y, bag).tree_ for bag in bags]
    return trees, bags, X, y, rng.uniform(0.5, 2, n)


def spawned(t, seed=7):
    return np.random.default_rng(seed).spawn(t)


def by_loops(trees, bags, X, y, w, kind, repeats):
    """Rises (t, d) and (t, d, k), one walk for each tree, column and repeat."""
    k = int(max(y)) + 1 if kind == "classification" else 1
    rises, by_class = np.zeros((len(trees), X.shape[1])), np.zeros((len(trees), X.shape[1], k))
    for j, (tree, bag, generator) in enumerate(zip(trees, bags, spawned(len(trees)), strict=True)):
        rows = [i for i in range(len(y)) if bag[i] == 0]
        used = sorted({f for f in tree.feature.tolist() if f >= 0})

        def loss(table, tree=tree, rows=rows):
            value = tree.value[leaves(tree, table)]
            if kind == "classification":
                return np.array([value[r].argmax() != y[i] for r, i in enumerate(rows)], float)
            return np.array([(value[r, 0] - y[i]) ** 2 for r, i in enumerate(rows)])

        for f in used:
            shuffles = generator.permuted(np.tile(X[rows, f], (repeats, 1)), axis=1)
            for shuffled in shuffles:
                table = X[rows].copy()
                table[:, f] = shuffled
                rise = loss(table) - loss(X[rows])
                rises[j, f] += np.average(rise, weights=w[rows]) / repeats
                for c in range(k) if kind == "classification" else ():
                    of = y[rows] == c
                    by_class[j, f, c] += np.average(rise[of], weights=w[rows][of]) / repeats
    return rises, by_class


@pytest.mark.parametrize("kind", ["classification", "regression"])
@pytest.mark.parametrize("repeats", [1, 3])
def test_every_tree_and_column_by_loops(kind, repeats):
    trees, bags, X, y, w = bagged(kind)
    found = out_of_bag_permutation_importance(
        trees, bags, X, y, w, generators=spawned(len(trees)), kind=kind, n_repeats=repeats
    )
    rises, by_class = by_loops(trees, bags, X, y, w, kind, repeats)
    np.testing.assert_allclose(found.importances, rises, atol=1e-12)
    np.testing.assert_allclose(found.importances_mean, rises.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.importances_std, rises.std(axis=0), atol=1e-12)
    error = rises[:, :4].std(axis=0) / np.sqrt(len(trees))
    np.testing.assert_allclose(found.standard_error[:4], error, atol=1e-12)
    np.testing.assert_allclose(found.z[:4], rises[:, :4].mean(axis=0) / error, rtol=1e-9)
    assert found.importances_mean[4] == found.standard_error[4] == found.z[4] == 0.0
    if kind == "classification":
        np.testing.assert_allclose(found.by_class, by_class.mean(axis=0).T, atol=1e-12)
    else:
        assert found.by_class is None


def test_bits_depend_on_the_generators_but_not_on_the_other_trees(monkeypatch):
    trees, bags, X, y, w = bagged("classification")

    def rises(first, last, seed=7):
        generators = spawned(len(trees), seed)[first:last]
        found = out_of_bag_permutation_importance(
            trees[first:last], bags[first:last], X, y, w, generators=generators
        )
        return found.importances

    every = rises(0, 12)
    np.testing.assert_array_equal(every, rises(0, 12))
    np.testing.assert_array_equal(every[5:9], rises(5, 9))
    assert (every != rises(0, 12, seed=8)).any()
    monkeypatch.setattr(importance, "CELLS_A_WALK", 1)  # one shuffled copy at a time
    np.testing.assert_allclose(every, rises(0, 12), rtol=1e-12)


def test_weights_scale_away_and_a_row_of_weight_zero_is_no_row():
    trees, bags, X, y, w = bagged("regression")

    def mean(w, X=X, y=y):
        found = out_of_bag_permutation_importance(
            trees, bags, X, y, w, generators=spawned(12), kind="regression"
        )
        return found.importances_mean

    np.testing.assert_allclose(mean(w), mean(10 * w), rtol=1e-12)
    row, far, other = np.flatnonzero(bags[0] == 0)[0], X.copy(), y.copy()
    w[row], far[row], other[row] = 0.0, 100.0, 1e6
    np.testing.assert_array_equal(mean(w), mean(w, far, other))  # nor do others get its values


def test_a_tree_that_drew_every_row_is_left_out_of_the_mean():
    trees, bags, X, y, w = bagged("classification")
    bags[2] = 1
    found = out_of_bag_permutation_importance(trees, bags, X, y, w, generators=spawned(12))
    assert np.isnan(found.importances[2]).all()
    np.testing.assert_allclose(
        found.importances_mean, np.delete(found.importances, 2, axis=0).mean(axis=0), rtol=1e-12
    )
    with pytest.raises(ValueError, match="Set bootstrap=True"):
        out_of_bag_permutation_importance(trees, 0 * bags + 1, X, y, w, generators=spawned(12))


def test_a_class_that_no_tree_left_out_is_unknown():
    trees, bags, X, y, w = bagged("classification")
    bags[:, y == 2] = 1
    found = out_of_bag_permutation_importance(trees, bags, X, y, w, generators=spawned(12))
    assert np.isnan(found.by_class[2]).all()
    assert not np.isnan(found.by_class[:2]).any()


def test_one_tree_has_no_standard_error_to_measure_by():
    trees, bags, X, y, w = bagged("classification")
    found = out_of_bag_permutation_importance(trees[:1], bags[:1], X, y, w, generators=spawned(1))
    assert found.importances_mean[0] > 0
    assert np.isnan(found.z[0])
    assert found.z[4] == 0.0


def test_noise_is_worth_nothing_however_many_values_it_has():
    """By impurity every column is worth something, the more the more values it has."""
    n, t, means, shares = 200, 50, [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        X = np.column_stack([rng.integers(0, values, n) for values in (2, 4, 10)] + [rng.random(n)])
        y = rng.integers(0, 2, n)
        forest = RandomForestClassifier(t, random_state=seed).fit(X, y)
        found = out_of_bag_permutation_importance(
            forest.trees_, draw_bags(n, t, seed), X, y, np.ones(n), generators=spawned(t, seed)
        )
        means.append(found.importances_mean)
        shares.append(forest.feature_importances_)
    # Over data sets, since the trees of one forest share their rows and so the luck of them.
    error = np.std(means, axis=0, ddof=1) / np.sqrt(len(means))
    assert (np.abs(np.mean(means, axis=0)) < 3 * error).all()
    assert (error < 0.01).all()
    assert (np.diff(np.mean(shares, axis=0)) > 0.03).all()
    assert np.min(shares) > 0.02


def test_signal_is_found_and_for_the_class_it_tells():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 4))
    y = np.where(X[:, 0] > 1, 2, rng.integers(0, 2, 400))  # column 0 tells class 2 only
    forest = RandomForestClassifier(60, random_state=0).fit(X, y)
    found = out_of_bag_permutation_importance(
        forest.trees_, draw_bags(400, 60, 0), X, y, np.ones(400), generators=spawned(60)
    )
    assert found.importances_mean.argmax() == 0
    assert found.z[0] > 20
    assert found.by_class[2, 0] > 0.5 > 0.2 > found.by_class[:2, 0].max()
