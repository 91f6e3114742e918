"""Cross-validated pruning against folds pruned and predicted one price at a time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.model_selection.splits import stratified_folds
from mlcore.tree.pruning import PruningSequence, prune, pruning_sequence
from mlcore.tree.selection import choose, members, midpoints, pruned_by_cross_validation


def draw(seed, numbers=False, n=60):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    signal = X[:, 0] + 0.5 * rng.normal(size=n)
    return X, signal if numbers else np.where(signal > 0.5, "yes", "no")


def errors_one_by_one(model, X, y, w, judged, fold, betas):
    """Mean loss and standard error: for each price every fold's tree is pruned and asked anew."""
    mean, std = [], []
    for beta in betas:
        loss = np.empty(len(y))
        for k in np.unique(fold):
            seen, unseen = fold != k, fold == k
            grown = type(model)(**model.get_params()).fit(X[seen], y[seen], w[seen])
            grown.tree_ = prune(grown.tree_, beta)
            told = grown.predict(X[unseen])
            numbers = isinstance(model, DecisionTreeRegressor)
            loss[unseen] = (told - y[unseen]) ** 2 if numbers else told != y[unseen]
        mean.append(np.average(loss, weights=judged))
        variance = np.average((loss - mean[-1]) ** 2, weights=judged)
        std.append(np.sqrt(variance * np.sum((judged / judged.sum()) ** 2)))
    return np.array(mean), np.array(std)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_errors_are_those_of_trees_pruned_one_price_at_a_time(seed, numbers, weighted):
    X, y = draw(seed, numbers)
    w = np.random.default_rng(seed).integers(1, 4, len(y)) * 0.7 if weighted else np.ones(len(y))
    model = (DecisionTreeRegressor if numbers else DecisionTreeClassifier)(min_samples_leaf=2)
    found = pruned_by_cross_validation(
        model, X, y, cv=4, sample_weight=w if weighted else None, random_state=seed
    )
    classes = np.zeros(len(y), dtype=int) if numbers else (y == "yes").astype(int)
    fold = stratified_folds(classes, 4, np.random.default_rng(seed))
    mean, std = errors_one_by_one(model, X, y, w, w, fold, found.ccp_alphas)
    np.testing.assert_allclose(found.cv_error, mean, atol=1e-12)
    np.testing.assert_allclose(found.cv_std, std, atol=1e-12)


def test_class_weights_weigh_the_errors():
    X, y = draw(1)
    model = DecisionTreeClassifier(class_weight={"no": 1, "yes": 3}, min_samples_leaf=3)
    found = pruned_by_cross_validation(model, X, y, cv=3, random_state=0)
    fold = stratified_folds((y == "yes").astype(int), 3, np.random.default_rng(0))
    judged = np.where(y == "yes", 3.0, 1.0)
    mean, std = errors_one_by_one(model, X, y, np.ones(60), judged, fold, found.ccp_alphas)
    np.testing.assert_allclose(found.cv_error, mean, atol=1e-12)
    np.testing.assert_allclose(found.cv_std, std, atol=1e-12)


@pytest.mark.parametrize("numbers", [False, True])
def test_the_estimator_is_the_whole_tree_pruned_at_the_chosen_price(numbers):
    X, y = draw(2, numbers)
    model = (DecisionTreeRegressor if numbers else DecisionTreeClassifier)(min_samples_leaf=2)
    found = pruned_by_cross_validation(model, X, y, random_state=0)
    assert not hasattr(model, "tree_")
    assert model.ccp_alpha == 0
    whole = type(model)(min_samples_leaf=2).fit(X, y)
    assert found.estimator.ccp_alpha == found.ccp_alphas[found.chosen]
    expected = prune(whole.tree_, found.estimator.ccp_alpha)
    assert found.estimator.tree_.threshold.tolist() == expected.threshold.tolist()
    assert found.estimator.get_n_leaves() == found.n_leaves[found.chosen] < whole.get_n_leaves()


@pytest.mark.parametrize("numbers", [False, True])
def test_each_line_is_a_member_of_the_sequence_with_its_training_error(numbers):
    X, y = draw(3, numbers)
    model = (DecisionTreeRegressor if numbers else DecisionTreeClassifier)().fit(X, y)
    found = pruned_by_cross_validation(model, X, y, random_state=0)
    whole = model.tree_
    alphas = np.unique(pruning_sequence(whole).ccp_alphas.round(12))
    assert len(found.ccp_alphas) == len(alphas)
    for at, beta in enumerate(found.ccp_alphas):
        above = alphas[at + 1] if at + 1 < len(alphas) else np.inf
        assert beta == 0 == at or alphas[at] < beta < above
        model.tree_ = prune(whole, beta)
        assert model.get_n_leaves() == found.n_leaves[at]
        loss = (model.predict(X) - y) ** 2 if numbers else model.predict(X) != y
        assert found.train_error[at] == pytest.approx(loss.mean(), abs=1e-12)


def test_the_same_seed_gives_the_same_bits_and_another_other_folds():
    X, y = draw(4)
    one, same, other = (
        pruned_by_cross_validation(DecisionTreeClassifier(), X, y, random_state=seed)
        for seed in (0, 0, 1)
    )
    assert one.cv_error.tobytes() == same.cv_error.tobytes()
    assert one.cv_std.tobytes() == same.cv_std.tobytes()
    assert one.cv_error.tobytes() != other.cv_error.tobytes()
    assert one.train_error.tobytes() == other.train_error.tobytes()


def test_rows_of_weight_0_are_not_there_and_the_unit_of_weights_does_not_matter():
    X, y = draw(5)
    w = np.random.default_rng(0).integers(0, 3, len(y)) * 1.0
    ask = lambda *rows, w: pruned_by_cross_validation(  # noqa: E731
        DecisionTreeClassifier(), *rows, sample_weight=w, cv=3, random_state=0
    )
    found, without, heavy = ask(X, y, w=w), ask(X[w > 0], y[w > 0], w=w[w > 0]), ask(X, y, w=4 * w)
    assert (w == 0).any()
    for other in (without, heavy):
        assert found.cv_error.tolist() == other.cv_error.tolist()
        assert found.cv_std.tolist() == other.cv_std.tolist()


def test_midpoints_by_hand():
    assert midpoints(np.array([0.0, 1.0, 4.0, 9.0])).tolist() == [0.0, 2.0, 6.0, 90.0]
    assert midpoints(np.array([0.0]), 1e-12).tolist() == [1e-12]


def test_the_rules_by_hand():
    error = np.array([0.30, 0.20, 0.25, 0.20, 0.26, 0.27, 0.50])
    std = np.array([9.0, 9.0, 9.0, 0.06, 9.0, 9.0, 9.0])
    # Least is 0.20, of the two the smaller tree; the limit is 0.26.
    assert choose(error, std, "min") == (3, 3)
    assert choose(error, std, "1se") == (3, 4)
    assert choose(error, 0 * std, "1se") == (3, 3)
    assert choose(error, 5 * std, "1se") == (3, 6)
    at_limit = np.array([0.7, 0.8, 0.9])  # 0.7 + 0.1 falls short of 0.8 by the last bit
    assert choose(at_limit, np.full(3, 0.1), "1se") == (0, 1)
    rounded = np.array([0.3, 0.1 + 0.2, 0.3 - 2e-17, 0.4])  # equal but for the last bit
    assert choose(rounded, 0 * rounded, "min") == (2, 2)
    assert choose(rounded[[2, 0, 1, 3]], 0 * rounded, "min") == (2, 2)


def test_noise_is_pruned_to_the_root_and_a_signal_is_not():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    noise = pruned_by_cross_validation(
        DecisionTreeRegressor(), X, rng.normal(size=200), random_state=0
    )
    assert noise.estimator.get_n_leaves() == 1
    steps = np.digitize(X[:, 1], [-0.5, 0.5]) * 10.0
    found = pruned_by_cross_validation(
        DecisionTreeRegressor(), X, steps + rng.normal(size=200), random_state=0
    )
    assert found.estimator.get_n_leaves() == 3
    assert set(found.estimator.tree_.feature[~found.estimator.tree_.is_leaf]) == {1}
    best = pruned_by_cross_validation(
        DecisionTreeRegressor(), X, steps + rng.normal(size=200), rule="min", random_state=0
    )
    assert best.chosen == best.best
    assert best.cv_error[best.best] == best.cv_error.min()
    assert best.limit == best.cv_error[best.best] + best.cv_std[best.best]


def test_splits_that_gain_nothing_are_gone_from_the_first_line():
    # A single cut of an exclusive or gains nothing, so the root alone is as good.
    X = np.tile([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], (5, 1))
    y = (X[:, 0] != X[:, 1]).astype(int)
    found = pruned_by_cross_validation(DecisionTreeClassifier(max_depth=1), X, y, random_state=0)
    assert found.n_leaves.tolist() == [1]
    assert found.estimator.get_n_leaves() == 1
    assert 0 < found.ccp_alphas[0] < 1e-9
    whole = pruned_by_cross_validation(DecisionTreeClassifier(), X, y, cv=5, random_state=0)
    assert (whole.n_leaves.tolist(), whole.cv_error[0]) == ([4, 1], 0.0)


@pytest.mark.parametrize("class_weight", [None, {0: 1, 1: 1, 2: 1}, "balanced"])
def test_a_class_of_fewer_rows_than_folds_counts_as_missed(class_weight):
    X, y = np.arange(30.0)[:, None], np.repeat([0, 1], 15)
    y[29] = 2
    model = DecisionTreeClassifier(class_weight=class_weight)
    found = pruned_by_cross_validation(model, X, y, cv=10, random_state=0)
    share = 1 / 3 if class_weight == "balanced" else 1 / 30  # of all weight
    assert found.train_error[0] == 0
    assert found.cv_error.min() >= share - 1e-12
    assert found.estimator.class_weight is class_weight


def test_members_differ_by_more_than_rounding_and_are_the_last_of_their_alpha():
    alphas = np.array([0.0, 1e-15, 0.1, 0.2, 0.1 + 0.1 + 1e-16, 0.3])
    rest = np.arange(6.0), np.arange(6, 0, -1), np.zeros(11)
    assert members(PruningSequence(alphas, *rest), 1e-12).tolist() == [1, 2, 4, 5]


@pytest.mark.parametrize(("class_weight", "same"), [({"x": 0}, None), ("balanced", "balanced")])
def test_a_class_of_weight_0_is_not_there(class_weight, same):
    X, y = draw(9)
    y[:5] = "x"
    w = np.where((y == "x") & (same == "balanced"), 0.0, 1.0)
    model, plain = (
        DecisionTreeClassifier(class_weight=class_weight),
        DecisionTreeClassifier(class_weight=same),
    )
    found = pruned_by_cross_validation(model, X, y, sample_weight=w, random_state=0)
    without = pruned_by_cross_validation(plain, X[5:], y[5:], random_state=0)
    assert found.cv_error.tolist() == without.cv_error.tolist()


def test_frames_keep_the_names_of_their_columns():
    X, y = draw(6)
    frame = pd.DataFrame(X, columns=["a", "b"], index=np.arange(60)[::-1])
    found = pruned_by_cross_validation(DecisionTreeClassifier(), frame, y, random_state=0)
    plain = pruned_by_cross_validation(DecisionTreeClassifier(), X.tolist(), y, random_state=0)
    assert found.estimator.feature_names_in_.tolist() == ["a", "b"]
    assert found.cv_error.tolist() == plain.cv_error.tolist()


def test_the_table_shows_the_smallest_trees_the_best_and_the_chosen():
    X, y = draw(7, numbers=True)
    found = pruned_by_cross_validation(DecisionTreeRegressor(), X, y, random_state=0)
    lines = str(found).splitlines()
    leaves = [int(line.split()[1]) for line in lines[1:] if "..." not in line]
    assert leaves[:20] == found.n_leaves[::-1][:20].tolist()
    assert set(leaves[20:]) <= {found.n_leaves[found.best], found.n_leaves[found.chosen]}
    (best,) = (line for line in lines if "best" in line)
    (chosen,) = (line for line in lines if "chosen" in line)
    assert int(best.split()[1]) == found.n_leaves[found.best]
    assert float(chosen.split()[3]) == pytest.approx(found.cv_error[found.chosen], rel=1e-3)
    hidden = sum(int(line.split("(")[1].split()[0]) for line in lines if "..." in line)
    assert hidden + len(leaves) == len(found.n_leaves)
    assert hidden > 0
    assert len(found.table(most=1000).splitlines()) == 1 + len(found.n_leaves)
    few = found.table(most=1).splitlines()
    assert [int(x.split()[1]) for x in few[1:] if "..." not in x] == sorted(
        {1, int(found.n_leaves[found.best]), int(found.n_leaves[found.chosen])}
    )


def test_what_cannot_be_done_is_said():
    X, y = draw(8)
    model = DecisionTreeClassifier()
    with pytest.raises(ValueError, match="rule is 'best', but one of '1se', 'min'"):
        pruned_by_cross_validation(model, X, y, rule="best")
    with pytest.raises(ValueError, match="cv is 61, but X has 60 rows"):
        pruned_by_cross_validation(model, X, y, cv=61)
    with pytest.raises(ValueError, match="cv is 1"):
        pruned_by_cross_validation(model, X, y, cv=1)
    with pytest.raises(ValueError, match="one decision tree was expected"):
        pruned_by_cross_validation("tree", X, y)
    with pytest.raises(ValueError, match="60 were expected"):
        pruned_by_cross_validation(model, X, y[:-1])
