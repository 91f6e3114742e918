"""Forests for numbers, workers of any kind, warm starts, and the parameters beyond a tree's."""

import pickle
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import pytest

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from mlcore.forest import bagging
from mlcore.forest.bagging import balanced, draw_bag, tree_generator
from mlcore.tree.descent import leaves


class Elsewhere(Executor):
    """Runs every task on pickled copies, as a process or another machine would, last one first."""

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        tasks = [pickle.dumps((fn, arguments)) for arguments in zip(*iterables, strict=True)]
        self.tasks = len(tasks)
        done = {}
        for i in reversed(range(len(tasks))):
            function, arguments = pickle.loads(tasks[i])
            done[i] = pickle.loads(pickle.dumps(function(*arguments)))
        return iter([done[i] for i in range(len(tasks))])


def smooth(n=300, d=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X[:, 0] + np.sin(2 * X[:, 1]) + rng.normal(0, 0.3, n)


def classes(n=300, seed=0):
    X, y = smooth(n, seed=seed)
    return X, np.digitize(y, [-1, 0.5])


def same(a, b):
    return len(a.trees_) == len(b.trees_) and all(
        np.array_equal(getattr(s, name), getattr(t, name))
        for s, t in zip(a.trees_, b.trees_, strict=True)
        for name in ("feature", "threshold", "value", "impurity", "children_left")
    )


def by_hand(kind, X, y, seed, number, weigh=lambda bag: bag):
    """The tree of a forest whose nodes try all features, and the order it sees the columns in."""
    generator = tree_generator(seed, number)
    bag = draw_bag(len(X), len(X), generator)
    shuffled = generator.permutation(X.shape[1])
    return kind().fit(X[:, shuffled], y, weigh(bag)), shuffled


MODELS = [
    RandomForestClassifier(12, random_state=3),
    RandomForestClassifier(12, random_state=3, max_features=None, class_weight="balanced"),
    RandomForestRegressor(12, random_state=3),
    RandomForestRegressor(12, random_state=3, max_features=2, min_samples_leaf=3),
]


def data_for(model):
    return smooth() if isinstance(model, RandomForestRegressor) else classes()


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_same_bits_for_any_executor(model, monkeypatch):
    monkeypatch.setattr(bagging, "ENTRIES_A_PASS", 900)  # three trees a pass
    X, y = data_for(model)
    fresh = [type(model)(**model.get_params()) for _ in range(4)]
    plain = fresh[0].fit(X, y)
    elsewhere = Elsewhere()
    assert same(plain, fresh[1].fit(X, y, executor=elsewhere))
    assert elsewhere.tasks == 4
    with ThreadPoolExecutor(3) as pool:
        assert same(plain, fresh[2].fit(X, y, executor=pool))
    assert same(plain, fresh[3].set_params(n_jobs=2).fit(X, y))


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_tree_does_not_depend_on_those_it_grows_beside(model, monkeypatch):
    X, y = data_for(model)
    together = type(model)(**model.get_params()).fit(X, y)
    monkeypatch.setattr(bagging, "ENTRIES_A_PASS", 1)  # every tree alone
    assert same(together, type(model)(**model.get_params()).fit(X, y))


def test_few_tasks_are_given_to_an_executor(monkeypatch):
    monkeypatch.setattr(bagging, "ENTRIES_A_PASS", 1)
    monkeypatch.setattr(bagging, "MOST_TASKS", 4)
    elsewhere, (X, y) = Elsewhere(), classes(60)
    model = RandomForestClassifier(10, random_state=0).fit(X, y, executor=elsewhere)
    assert elsewhere.tasks == 4
    assert len(model.trees_) == 10


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_warm_start_adds_the_trees_that_lack(model):
    X, y = data_for(model)
    whole = type(model)(**model.get_params()).fit(X, y)
    part = type(model)(**model.get_params()).set_params(n_estimators=5, warm_start=True)
    first = part.fit(X, y).trees_
    part.set_params(n_estimators=12).fit(X, y)
    assert all(a is b for a, b in zip(first, part.trees_[:5], strict=True))
    assert same(whole, part)
    assert same(whole, part.fit(X, y))  # nothing lacks
    with pytest.raises(ValueError, match="warm_start only adds"):
        part.set_params(n_estimators=3).fit(X, y)


def test_a_forest_of_numbers_is_the_mean_of_its_trees_on_their_bags():
    X, y = smooth(120)
    model = RandomForestRegressor(4, random_state=9).fit(X, y)
    bags = model.bags()
    assert bags.shape == (4, 120)
    trees = [by_hand(DecisionTreeRegressor, X, y, 9, number) for number in range(4)]
    mean = np.mean([tree.predict(X[:, shuffled]) for tree, shuffled in trees], axis=0)
    np.testing.assert_allclose(model.predict(X), mean, rtol=1e-12)
    assert np.array_equal(bags[2], draw_bag(120, 120, tree_generator(9, 2)))


def test_a_forest_of_numbers_out_of_bag():
    X, y = smooth(500)
    model = RandomForestRegressor(60, oob_score=True, random_state=0).fit(X, y)
    new_X, new_y = smooth(2000, seed=1)
    assert model.oob_score_ == pytest.approx(model.score(new_X, new_y), abs=0.05)
    out = model.bags() == 0
    row = 17
    values = [t.predict(X[[row]])[0] for t in map(as_model, model.trees_)]
    assert model.oob_prediction_[row] == pytest.approx(np.mean(np.array(values)[out[:, row]]))
    errors = model.out_of_bag_errors(X, y)
    assert errors.shape == (60,)
    assert errors[-1] == pytest.approx(np.mean((y - model.oob_prediction_) ** 2))
    assert errors[-1] < errors[2]


def as_model(tree):
    model = DecisionTreeRegressor()
    model.tree_, model.n_features_in_ = tree, 5
    return model


def test_max_samples_is_a_count_or_a_share():
    X, y = classes(100)
    for given, drawn in ((30, 30), (0.25, 25), (None, 100)):
        model = RandomForestClassifier(3, max_samples=given, random_state=0).fit(X, y)
        assert model.bags().sum(axis=1).tolist() == [drawn] * 3
        assert all(tree.weighted_n_node_samples[0] == drawn for tree in model.trees_)
    with pytest.raises(ValueError, match="max_samples is 0"):
        RandomForestClassifier(3, max_samples=0).fit(X, y)
    with pytest.raises(ValueError, match="max_samples is 5 and bootstrap False"):
        RandomForestClassifier(3, max_samples=5, bootstrap=False).fit(X, y)


def test_balanced_subsample_balances_each_bag():
    X, y = classes(200)
    model = RandomForestClassifier(
        3, class_weight="balanced_subsample", max_features=None, random_state=0
    ).fit(X, y)
    for number, tree in enumerate(model.trees_):
        np.testing.assert_allclose(tree.value[0], 1 / 3, rtol=1e-9)

        def balance(bag):
            return bag * (bag.sum() / (3 * np.bincount(y, weights=bag)))[y]

        expected, _ = by_hand(DecisionTreeClassifier, X, y, 0, number, balance)
        assert np.array_equal(tree.threshold, expected.tree_.threshold)


@pytest.mark.parametrize("missing", ["surrogate", "direction"])
def test_missing_values_go_where_those_of_a_tree_by_hand_go(missing):
    """Columns are shuffled for a tree to grow on, and put back in its splits and its surrogates."""
    X, y = classes(120)
    X[:, 2:] += 0.7 * X[:, [0]]  # so that there is something to stand in for a hole
    X[np.random.default_rng(1).random(X.shape) < 0.2] = np.nan
    how = {"missing": missing, "max_depth": 4, "max_features": None}
    model = RandomForestClassifier(3, random_state=0, **how).fit(X, y)
    for number, tree in enumerate(model.trees_):
        generator = tree_generator(0, number)
        bag, shuffled = draw_bag(len(X), len(X), generator), generator.permutation(5)
        expected = DecisionTreeClassifier(missing=missing, max_depth=4)
        expected.fit(X[:, shuffled], y, sample_weight=bag)
        inner = ~tree.is_leaf
        assert np.array_equal(tree.feature[inner], shuffled[expected.tree_.feature[inner]])
        found = tree.value[leaves(tree, X)]
        np.testing.assert_allclose(found, expected.predict_proba(X[:, shuffled]), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_single_tree_of_all_rows_and_features_knows_them(seed):
    X, y = classes()
    forest = RandomForestClassifier(1, bootstrap=False, max_features=None, random_state=seed)
    assert forest.fit(X, y).score(X, y) == 1.0


def test_classes_that_are_absent_share_no_weight():
    w = balanced(np.array([0, 0, 0, 2]), 3, np.ones(4))
    assert w == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2.0])


def test_trees_of_a_forest_are_cut_back():
    X, y = classes()
    few = RandomForestClassifier(4, max_leaf_nodes=5, random_state=0).fit(X, y)
    assert [tree.n_leaves for tree in few.trees_] == [5] * 4
    full = RandomForestClassifier(4, random_state=0).fit(X, y)
    pruned = RandomForestClassifier(4, ccp_alpha=0.01, random_state=0).fit(X, y)
    assert all(a.node_count < b.node_count for a, b in zip(pruned.trees_, full.trees_, strict=True))


def test_progress_is_told_on_standard_error(capsys, monkeypatch):
    monkeypatch.setattr(bagging, "ENTRIES_A_PASS", 300)
    X, y = classes(100)
    RandomForestClassifier(7, verbose=1, random_state=0).fit(X, y)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["3 of 7 trees", "6 of 7 trees", "7 of 7 trees"]


def test_analyses_ask_for_the_rows_of_the_fit():
    X, y = smooth(80)
    w = np.ones(80)
    w[:10] = 0
    model = RandomForestRegressor(30, min_samples_leaf=5, random_state=0).fit(X, y, w)
    with pytest.raises(
        ValueError, match="80 rows of weight above 0, but the forest was fitted on 70"
    ):
        model.permutation_importances(X, y)
    found = model.permutation_importances(X, y, w, random_state=0)
    again = model.permutation_importances(X[10:], y[10:], random_state=0)
    np.testing.assert_array_equal(found.importances_mean, again.importances_mean)
    assert found.importances_mean[0] > found.importances_mean[2:].max()
    low, high = model.predict_quantiles(X[:5], [0.1, 0.9], X, y, w).T
    assert (low <= high).all()
    assert model.standard_errors(X[:5]).shape == (5,)


def test_proximities_outliers_and_standard_errors_of_classes():
    X, y = classes(90)
    X[0] = 8.0  # far from all
    model = RandomForestClassifier(60, random_state=0).fit(X, y)
    shares = model.proximities(X)
    assert shares.shape == (90, 90)
    np.testing.assert_array_equal(np.diag(shares), 1.0)
    assert model.outliers(X, y).shape == (90,)
    errors = model.standard_errors(X[:4])
    assert errors.shape == (4, 3)
    assert (errors >= 0).all()


def test_zero_weight_rows_are_no_rows_for_numbers():
    X, y = smooth(100)
    w = np.ones(100)
    w[::3] = 0
    a = RandomForestRegressor(3, random_state=0).fit(X, y, w)
    b = RandomForestRegressor(3, random_state=0).fit(X[w > 0], y[w > 0])
    assert same(a, b)


@pytest.mark.parametrize("choice", [{}, {"missing": "direction"}, {"max_features": 2}], ids=str)
def test_no_column_is_favoured_by_its_place(choice):
    """Equal cuts go to another column in each tree, or importance would depend on the order."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(60, 1)), 4, axis=1)  # four times the same column
    model = RandomForestRegressor(200, random_state=0, max_depth=1, **choice)
    shares = model.fit(X, X[:, 0]).feature_importances_
    assert shares.min() > 0.15
    assert shares.max() < 0.35


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("balance", ["balanced", "balanced_subsample"])
def test_broken_weights_have_the_same_bits_for_any_workers(seed, balance, monkeypatch):
    monkeypatch.setattr(bagging, "ENTRIES_A_PASS", 700)
    rng = np.random.default_rng(seed)
    X, y, w = rng.normal(size=(150, 3)), rng.integers(0, 5, 150), 10.0 ** rng.uniform(-4, 4, 150)
    params = {"class_weight": balance, "criterion": "entropy", "random_state": seed}
    one = RandomForestClassifier(11, **params).fit(X, y, w)
    assert same(one, RandomForestClassifier(11, n_jobs=3, **params).fit(X, y, w))
    assert same(one, RandomForestClassifier(11, **params).fit(X, y, w, executor=Elsewhere()))


def test_a_class_that_a_bag_lacks_has_no_weight_in_it():
    X, y = np.arange(12.0)[:, None], np.array([0] * 11 + [1])
    model = RandomForestClassifier(30, class_weight="balanced_subsample", random_state=0).fit(X, y)
    roots = np.array([tree.value[0, 1] for tree in model.trees_])
    drawn = model.bags()[:, 11] > 0
    np.testing.assert_allclose(roots[drawn], 0.5)
    np.testing.assert_array_equal(roots[~drawn], 0.0)


def test_what_is_no_executor_is_said():
    X, y = classes(40)
    with pytest.raises(TypeError, match="executor is 'threads', but a concurrent.futures.Executor"):
        RandomForestClassifier(2).fit(X, y, executor="threads")
    with pytest.raises(ValueError, match="verbose is None"):
        RandomForestClassifier(2, verbose=None).fit(X, y)


def test_a_warm_start_goes_on_only_with_the_same_data():
    X, y = classes(60)
    model = RandomForestClassifier(3, warm_start=True, random_state=0)
    for other_X, other_y, name in (
        (X, y + 1, "classes_"),
        (X[:, :3], y, "n_features_in_"),
        (X[:50], y[:50], "n_rows_"),
    ):
        model.set_params(n_estimators=3).fit(X, y)
        with pytest.raises(ValueError, match=f"whose {name} is"):
            model.set_params(n_estimators=4).fit(other_X, other_y)
        assert not hasattr(model, "trees_")  # a fit that failed is no fit


def test_without_a_bootstrap_nothing_is_out_of_a_bag():
    X, y = classes(60)
    model = RandomForestClassifier(3, bootstrap=False, random_state=0).fit(X, y)
    for ask in (
        lambda: model.standard_errors(X),
        lambda: model.out_of_bag_errors(X, y),
        lambda: model.permutation_importances(X, y),
    ):
        with pytest.raises(ValueError, match="bootstrap=True"):
            ask()


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rows_in_another_order_are_not_those_of_the_fit(model):
    X, y = data_for(model)
    model = type(model)(**model.get_params()).fit(X, y)
    order = np.random.default_rng(0).permutation(len(y))
    model.out_of_bag_errors(X, y)
    for other_X, other_y in ((X[order], y[order]), (X, y[order])):
        with pytest.raises(ValueError, match="are not those of fit"):
            model.out_of_bag_errors(other_X, other_y)


def test_predicted_shares_never_leave_the_range_of_the_target():
    X, y = smooth(200)
    for model in (DecisionTreeRegressor(), RandomForestRegressor(10, random_state=0)):
        predicted = model.fit(X, (y > 0).astype(float)).predict(X)
        assert predicted.min() >= 0.0
        assert predicted.max() <= 1.0
