"""Quantiles against weights in fractions, the jackknife against its formula; and both in trials."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeRegressor, RandomForestClassifier
from mlcore.forest import uncertainty
from mlcore.forest.uncertainty import (
    infinitesimal_jackknife,
    leaf_quantiles,
    out_of_bag_quantiles,
)
from mlcore.tree.descent import leaves


def draw_bags(n, t, rng):
    return np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(t)])


def exact_weights(leaf_new, trees, leaves_train, bags):
    """The weight of every training row for one new row, by the given trees."""
    weights = [Fraction(0)] * len(leaves_train)
    for j in trees:
        inside = [i for i in range(len(leaves_train)) if leaves_train[i, j] == leaf_new[j]]
        total = sum(int(bags[j, i]) for i in inside)
        for i in inside:
            weights[i] += Fraction(int(bags[j, i]), total) / len(trees)
    return weights


def exact_quantile(y, weights, level):
    pairs = sorted((v, w) for v, w in zip(y, weights, strict=True) if w > 0)
    reached = Fraction(0)
    for value, weight in pairs:
        reached += weight
        if reached >= level:
            return value
    return np.nan


def small_case(seed):
    """Leaves of which every one has a row of the bag, as those of a grown tree have."""
    rng = np.random.default_rng(seed)
    n, t = int(rng.integers(2, 12)), int(rng.integers(1, 7))
    bags = draw_bags(n, t, rng)
    leaves_train = np.empty((n, t), dtype=int)
    for j, bag in enumerate(bags):
        inside = np.flatnonzero(bag)
        leaves_train[:, j] = 2 * rng.integers(0, 3, n)  # some numbers are of no leaf
        leaves_train[bag == 0, j] = rng.choice(leaves_train[inside, j], (bag == 0).sum())
    leaves_new = np.stack([rng.choice(leaves_train[bags[j] > 0, j], 5) for j in range(t)], axis=1)
    return leaves_new, leaves_train, bags, rng.integers(0, 6, n).astype(float)


LEVELS = [Fraction(k, 12) for k in range(13)]  # sums of weights often meet these exactly


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_quantiles_in_fractions(seed):
    leaves_new, leaves_train, bags, y = small_case(seed)
    levels = [float(level) for level in LEVELS]
    every = range(bags.shape[0])
    expected = [
        [exact_quantile(y, exact_weights(leaf, every, leaves_train, bags), q) for q in LEVELS]
        for leaf in leaves_new
    ]
    np.testing.assert_array_equal(
        leaf_quantiles(leaves_new, leaves_train, bags, y, levels), expected
    )
    expected = []
    for i in range(len(y)):
        trees = [j for j in every if bags[j, i] == 0]
        weights = exact_weights(leaves_train[i], trees, leaves_train, bags)
        expected.append([exact_quantile(y, weights, q) for q in LEVELS])
    np.testing.assert_array_equal(out_of_bag_quantiles(leaves_train, bags, y, levels), expected)


def test_blocks_and_the_order_of_rows_change_nothing(monkeypatch):
    leaves_new, leaves_train, bags, y = small_case(5)
    levels = np.linspace(0, 1, 7)
    whole = leaf_quantiles(leaves_new, leaves_train, bags, y, levels)
    shuffled = np.random.default_rng(0).permutation(len(y))
    moved = leaf_quantiles(
        leaves_new, leaves_train[shuffled], bags[:, shuffled], y[shuffled], levels
    )
    np.testing.assert_array_equal(whole, moved)
    monkeypatch.setattr(uncertainty, "CELLS_A_BLOCK", 2 * len(y))  # blocks of 2, 2 and 1 rows
    np.testing.assert_array_equal(whole, leaf_quantiles(leaves_new, leaves_train, bags, y, levels))


@pytest.fixture(scope="module")
def trial():
    """A forest on rows whose spread differs from place to place."""
    rng = np.random.default_rng(0)
    n, t = 800, 200
    X = rng.uniform(-2, 2, (n, 4))
    y = X[:, 0] ** 2 + X[:, 1] + (0.5 + np.abs(X[:, 2])) * rng.normal(size=n)
    bags = draw_bags(n, t, rng)
    models = [
        DecisionTreeRegressor(min_samples_leaf=5, max_features=2, random_state=j).fit(X, y, bag)
        for j, bag in enumerate(bags)
    ]
    return models, bags, X, y, np.stack([model.apply(X) for model in models], axis=1)


def test_weights_are_those_of_the_forest_mean(trial):
    models, bags, X, y, leaf = trial
    for i in range(3):
        weights = exact_weights(leaf[i], range(20), leaf[:, :20], bags[:20])
        mean = np.mean([model.predict(X[i : i + 1])[0] for model in models[:20]])
        assert float(sum(weights)) == 1.0
        assert sum(float(w) * v for w, v in zip(weights, y, strict=True)) == pytest.approx(mean)


def test_intervals_hold_as_many_rows_as_they_say_and_widen_with_the_spread(trial):
    _, bags, X, y, leaf = trial
    low90, low80, high80, high90 = out_of_bag_quantiles(leaf, bags, y, [0.05, 0.1, 0.9, 0.95]).T
    assert ((low80 <= y) & (y <= high80)).mean() == pytest.approx(0.8, abs=0.03)
    assert ((low90 <= y) & (y <= high90)).mean() == pytest.approx(0.9, abs=0.03)
    width, spread = high80 - low80, np.abs(X[:, 2])
    assert width[spread > 1.5].mean() > 1.3 * width[spread < 0.5].mean()
    low, high = leaf_quantiles(leaf, leaf, bags, y, [0.1, 0.9]).T
    assert ((low <= y) & (y <= high)).mean() > 0.95  # of its own rows a forest is too sure


@pytest.mark.parametrize("level", [-0.1, 1.2, 90])
def test_levels_that_are_no_shares_are_refused(level):
    leaves_new, leaves_train, bags, y = small_case(0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        leaf_quantiles(leaves_new, leaves_train, bags, y, [0.5, level])


@pytest.mark.parametrize("seed", range(4))
def test_jackknife_by_its_formula(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    n, t = 6, 40
    bags, tree = draw_bags(n, t, rng), rng.normal(size=(t, 5))
    tree[:, :3] += bags[:, :3]  # two columns that no row moves: their variance falls below 0
    expected = []
    for column in tree.T:
        mean = sum(column) / t
        variance = -n / t**2 * sum((value - mean) ** 2 for value in column)
        for i in range(n):
            covariance = sum((bags[b, i] - 1) * (column[b] - mean) for b in range(t)) / t
            variance += covariance**2
        expected.append(np.sqrt(max(variance, 0)))
    np.testing.assert_allclose(infinitesimal_jackknife(bags, tree), expected, atol=1e-12)
    monkeypatch.setattr(uncertainty, "CELLS_A_BLOCK", 2 * n)
    np.testing.assert_allclose(infinitesimal_jackknife(bags, tree), expected, atol=1e-12)


def test_correction_takes_away_what_few_trees_add():
    """A "tree" that is the mean of its bag has the error sd / sqrt(n)."""
    rng = np.random.default_rng(0)
    n, y = 50, rng.normal(size=50)
    squares = []
    for _ in range(300):
        bags = draw_bags(n, 100, rng)
        squares.append(infinitesimal_jackknife(bags, (bags @ y / n)[:, None])[0] ** 2)
    # Without the correction the mean would be 1.5 times as great: n / t = 0.5.
    assert np.mean(squares) == pytest.approx(y.var() / n, rel=0.1)


def test_jackknife_tells_how_predictions_differ_from_sample_to_sample():
    grid = np.array([[a, b] for a in (-0.7, -0.2, 0.3, 0.8) for b in (-0.5, 0.5)])
    n, t, shares, errors = 100, 300, [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        X = rng.uniform(-1, 1, (n, 2))
        y = rng.random(n) < 1 / (1 + np.exp(-3 * X[:, 0]))
        forest = RandomForestClassifier(t, min_samples_leaf=10, random_state=seed).fit(X, y)
        generators = np.random.default_rng(seed).spawn(t)
        bags = [np.bincount(g.integers(0, n, n), minlength=n) for g in generators]
        each = np.array([tree.value[leaves(tree, grid), 1] for tree in forest.trees_])
        shares.append(each.mean(axis=0))
        errors.append(infinitesimal_jackknife(bags, each))
    actual = np.var(shares, axis=0, ddof=1).mean()
    assert np.sqrt(np.square(errors).mean() / actual) == pytest.approx(1, abs=0.3)


def test_bags_that_are_no_full_bootstrap_are_refused():
    with pytest.raises(ValueError, match="2 draws, but 3 were expected"):
        infinitesimal_jackknife([[1, 1, 0], [1, 1, 1]], np.zeros((2, 1)))
