"""Searches: every candidate in every fold, one chosen and fitted, nothing leaking."""

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor, NotFittedError
from mlcore.checks.selection import FitFailedWarning
from mlcore.estimator import Estimator, clone
from mlcore.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    ParameterGrid,
    ParameterSampler,
    RandomizedSearchCV,
    cross_val_score,
    one_standard_error,
    validation_curve,
)
from mlcore.model_selection.results import parameter_columns, ranks
from tests.mlcore.model_selection.spies import Spy, numbered

GRID = {"max_depth": [1, 2, 4], "min_samples_leaf": [1, 5]}


def data(n=90, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    return X, np.where(X[:, 0] * X[:, 1] + rng.normal(0, 0.3, n) > 0, "yes", "no")


def test_the_grid_lists_every_combination():
    grid = ParameterGrid([{"b": [1, 2], "a": ["x", "y"]}, {"c": [3]}, {}])
    assert list(grid) == [
        {"a": "x", "b": 1}, {"a": "x", "b": 2}, {"a": "y", "b": 1}, {"a": "y", "b": 2}, {"c": 3}, {}
    ]  # fmt: skip
    assert len(grid) == 6
    assert grid[2] == {"a": "y", "b": 1}
    for index in (6, -1):
        with pytest.raises(IndexError, match="6 combinations"):
            grid[index]


@pytest.mark.parametrize(
    ("grid", "error", "words"),
    [
        ({"a": []}, ValueError, "'a' has no values"),
        ({"a": 3}, TypeError, r"Put a single value in a list: \[3\]"),
        ({"a": "xy"}, TypeError, "Put a single value in a list"),
        ({"a": np.zeros((2, 2))}, ValueError, "have shape"),
        ("a", TypeError, "a dict or a list of dicts"),
        ([], TypeError, "a dict or a list of dicts"),
        ([3], TypeError, "a dict or a list of dicts"),
    ],
)
def test_grids_that_are_none_are_said(grid, error, words):
    with pytest.raises(error, match=words):
        ParameterGrid(grid)


@pytest.mark.parametrize(
    "values",
    [pd.Series([1, 2], index=[7, 8]), np.array([1, 2]), range(1, 3), (1, 2), pd.Index([1, 2])],
)
def test_values_may_be_any_flat_sequence(values):
    assert list(ParameterGrid({"a": values})) == [{"a": 1}, {"a": 2}]
    assert {int(each["a"]) for each in ParameterSampler({"a": values}, 2, random_state=0)} == {1, 2}
    drawn = ParameterSampler({"a": values, "b": Distribution()}, 20, random_state=0)
    assert {int(each["a"]) for each in drawn} == {1, 2}


def test_a_function_that_takes_no_generator_is_said():
    with pytest.raises(TypeError, match="function of parameter 'a'.*given a numpy Generator"):
        ParameterSampler({"a": lambda: 1}, 2)
    builtin = np.random.default_rng(0).random  # says nothing of what it takes
    assert len(ParameterSampler({"a": builtin}, 2)) == 2


def test_a_parameter_that_does_not_exist_is_an_error_before_any_fit():
    X, y = numbered(12)
    seen = []

    class Counted(Spy):
        def fit(self, X, y):
            seen.append(len(X))
            return super().fit(X, y)

    for error_score in (np.nan, "raise"):
        search = GridSearchCV(Counted(), [{"bias": [1]}, {"C": [1]}], error_score=error_score)
        with pytest.raises(ValueError, match="Invalid parameter 'C' for estimator Counted"):
            search.fit(X, y)
    with pytest.raises(ValueError, match="Invalid parameter 'C'"):
        validation_curve(Counted(), X, y, param_name="C", param_range=[1])
    assert not seen


class Distribution:
    def rvs(self, random_state):
        return random_state.uniform(5, 6)


def test_the_sampler_draws_from_lists_distributions_and_functions():
    space = {"a": Distribution(), "b": lambda generator: generator.integers(3), "c": ["x", "y"]}
    drawn = list(ParameterSampler(space, 200, random_state=0))
    assert len(drawn) == 200
    assert all(5 < each["a"] < 6 for each in drawn)
    assert {int(each["b"]) for each in drawn} == {0, 1, 2}
    assert 60 < sum(each["c"] == "x" for each in drawn) < 140
    assert drawn == list(ParameterSampler(space, 200, random_state=0))
    assert drawn != list(ParameterSampler(space, 200, random_state=1))
    either = list(ParameterSampler([{"a": Distribution()}, {"b": [1]}], 50, random_state=0))
    assert 10 < sum("a" in each for each in either) < 40


def test_lists_alone_are_drawn_without_repeats():
    space = {"a": list(range(10)), "b": list(range(10))}
    drawn = [tuple(each.values()) for each in ParameterSampler(space, 60, random_state=0)]
    assert len(set(drawn)) == 60
    few = ParameterSampler({"a": [1, 2]}, 5, random_state=0)
    assert len(few) == 2
    with pytest.warns(UserWarning, match="only 2 combinations"):
        assert sorted(each["a"] for each in few) == [1, 2]


def test_the_results_are_those_of_each_candidate_and_the_best_is_fitted_on_all_rows():
    X, y = data()
    folds = list(KFold(3).split(X))
    search = GridSearchCV(DecisionTreeClassifier(), GRID, cv=folds, return_train_score=True)
    assert search.fit(X, y) is search
    results = search.cv_results_
    for i, params in enumerate(ParameterGrid(GRID)):
        scores = cross_val_score(DecisionTreeClassifier(**params), X, y, cv=folds)
        assert results["params"][i] == params
        assert {name: results[f"param_{name}"][i] for name in GRID} == params
        assert [results[f"split{k}_test_score"][i] for k in range(3)] == scores.tolist()
        assert results["mean_test_score"][i] == scores.mean()
        assert results["std_test_score"][i] == pytest.approx(scores.std())
    best = int(results["mean_test_score"].argmax())
    assert search.best_index_ == best
    assert results["rank_test_score"][best] == 1
    assert search.best_params_ == results["params"][best]
    assert search.best_score_ == results["mean_test_score"][best]
    alone = DecisionTreeClassifier(**search.best_params_).fit(X, y)
    assert np.array_equal(search.predict_proba(X), alone.predict_proba(X))
    assert np.array_equal(search.predict(X), alone.predict(X))
    assert search.score(X, y) == alone.score(X, y)
    w = np.where(y == "yes", 1.0, 0.0)
    assert search.score(X, y, sample_weight=w) == alone.score(X, y, w) != alone.score(X, y)
    assert search.classes_.tolist() == ["no", "yes"]
    assert search.n_features_in_ == 3
    assert search.n_splits_ == 3


def test_of_equal_candidates_the_first_is_best():
    X, y = numbered(12)
    search = GridSearchCV(Spy(), {"bias": [5, 1, 3]}, cv=3, refit=False).fit(X, y)
    assert search.best_params_ == {"bias": 5}
    assert search.cv_results_["rank_test_score"].tolist() == [1, 1, 1]


def test_no_tested_row_is_fitted_on_even_in_a_search_within_folds():
    X, y = numbered(30)
    folds = []

    def watch(search, X_test, y_test):
        seen = set(search.best_estimator_.rows_)
        folds.append((seen, set(X_test[:, 0].astype(int))))
        return 0.0

    inner = GridSearchCV(Spy(), {"bias": [0, 1]}, cv=3)
    cross_val_score(inner, X, y, cv=KFold(5), scoring=watch, error_score="raise")
    assert len(folds) == 5
    for seen, tested in folds:
        assert not seen & tested
        assert seen | tested == set(range(30))


def test_threads_and_repeats_give_the_same_search():
    X, y = data()
    space = {"max_depth": range(1, 20), "min_samples_leaf": lambda g: int(g.integers(1, 9))}

    def search(n_jobs):
        folds = KFold(3, shuffle=True, random_state=1)
        return RandomizedSearchCV(
            DecisionTreeClassifier(), space, n_iter=6, cv=folds, random_state=0, n_jobs=n_jobs
        ).fit(X, y)

    one, two = search(None).cv_results_, search(2).cv_results_
    assert not any("train_score" in name for name in one)  # unless asked for
    assert one["params"] == two["params"]
    assert one["mean_test_score"].tolist() == two["mean_test_score"].tolist()


def test_weights_reach_fit_and_score_and_groups_the_splitter():
    X, y = numbered(24)
    w, groups = np.arange(24) + 1.0, np.arange(24) // 3
    seen = []

    def watch(spy, X, y, sample_weight=None):
        rows = X[:, 0].astype(int)
        assert sample_weight.tolist() == (rows + 1.0).tolist()
        assert spy.weights_.tolist() == (spy.rows_ + 1.0).tolist()
        assert not set(groups[rows]) & set(groups[spy.rows_])
        seen.append(rows)
        return 0.0

    search = GridSearchCV(
        Spy(), {"bias": [0, 1]}, cv=GroupKFold(4), scoring=watch, error_score="raise"
    )
    search.fit(X, y, sample_weight=w, groups=groups, note="kept")
    assert len(seen) == 8
    assert search.best_estimator_.weights_.tolist() == w.tolist()
    assert search.best_estimator_.note_ == "kept"
    unweighted = clone(search).set_params(scoring=lambda model, X, y: 0.0)
    with pytest.warns(UserWarning, match=r"\['score'\] take no sample_weight"):
        unweighted.fit(X, y, sample_weight=w, groups=groups)


def test_weight_two_is_the_row_twice_in_the_mean_over_given_folds():
    X, y = data(40)
    w = np.random.default_rng(1).integers(1, 3, 40)
    twice = np.repeat(np.arange(40), w)
    folds = [(np.arange(20), np.arange(20, 40)), (np.arange(20, 40), np.arange(20))]
    again = [
        (np.flatnonzero(np.isin(twice, a)), np.flatnonzero(np.isin(twice, b))) for a, b in folds
    ]
    weighted = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 3]}, cv=folds)
    repeated = clone(weighted).set_params(cv=again)
    weighted.fit(X, y, sample_weight=w)
    repeated.fit(X[twice], y[twice])
    np.testing.assert_allclose(
        weighted.cv_results_["mean_test_score"], repeated.cv_results_["mean_test_score"]
    )


def test_several_scores():
    X, y = data()
    several = GridSearchCV(
        DecisionTreeClassifier(), GRID, cv=3, scoring=["accuracy", "roc_auc"], refit="roc_auc"
    ).fit(X, y)
    assert several.multimetric_
    results = several.cv_results_
    assert several.best_index_ == results["mean_test_roc_auc"].argmax()
    assert several.best_score_ == results["mean_test_roc_auc"].max()
    assert several.score(X, y) == several.scorer_["roc_auc"](several.best_estimator_, X, y)
    for refit in (True, "f1"):
        with pytest.raises(ValueError, match="Try refit='accuracy'"):
            clone(several).set_params(refit=refit).fit(X, y)
    unfitted = clone(several).set_params(refit=False).fit(X, y)
    assert not hasattr(unfitted, "best_index_")
    assert not hasattr(unfitted, "predict")

    def both(model, X, y):
        return {"a": model.score(X, y), "b": -model.score(X, y)}

    worst = clone(several).set_params(scoring=both, refit="b").fit(X, y)
    assert worst.best_index_ == worst.cv_results_["mean_test_a"].argmin()
    assert worst.score(X, y) == -worst.best_estimator_.score(X, y)


def test_one_standard_error_takes_the_simplest_that_is_as_good():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    y = X[:, 0] + rng.normal(0, 1, 200) > 0
    grid = {"max_depth": [1, 2, 3, 4, 5, 6]}
    search = GridSearchCV(DecisionTreeClassifier(), grid, refit=one_standard_error).fit(X, y)
    assert search.best_index_ == one_standard_error(search.cv_results_)
    assert not hasattr(search, "best_score_")
    results = search.cv_results_
    best = results["mean_test_score"].argmax()
    folds = np.array([results[f"split{i}_test_score"][best] for i in range(5)])
    limit = folds.mean() - folds.std(ddof=1) / np.sqrt(5)
    assert (results["mean_test_score"][: search.best_index_] < limit).all()
    assert results["mean_test_score"][search.best_index_] >= limit
    with pytest.raises(ValueError, match="scores of all candidates are NaN"):
        one_standard_error({"mean_test_score": np.array([np.nan])})


@pytest.mark.parametrize(("choice", "error"), [(0.5, TypeError), (6, IndexError), (-1, IndexError)])
def test_a_refit_function_must_return_a_candidate(choice, error):
    X, y = data(30)
    with pytest.raises(error, match="refit returned"):
        GridSearchCV(DecisionTreeClassifier(), GRID, refit=lambda results: choice).fit(X, y)


def test_a_candidate_that_fails_ranks_last():
    X, y = data(30)
    search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [-1, 1]}, cv=2)
    with pytest.warns() as caught:
        search.fit(X, y)
    kinds = {warning.category for warning in caught}
    assert kinds == {FitFailedWarning, UserWarning}
    assert "max_depth=1 (fold 0 of 2 with {'max_depth': -1} and 1 more)" in str(caught[0].message)
    assert search.cv_results_["rank_test_score"].tolist() == [2, 1]
    assert search.best_params_ == {"max_depth": 1}
    with pytest.raises(ValueError, match="All the 2 fits failed"):
        search.set_params(param_grid={"max_depth": [-1]}).fit(X, y)


def test_ranks_and_columns():
    assert ranks(np.array([np.nan, np.nan])).tolist() == [1, 1]
    columns = parameter_columns([{"a": 0.5, "b": [1]}, {"a": 2.5}, {"b": [1, 2]}])
    assert columns["param_a"].dtype == float
    assert columns["param_a"].mask.tolist() == [False, False, True]
    assert columns["param_b"].dtype == object
    assert columns["param_b"][2] == [1, 2]


class Chain(Estimator):
    """A model around a model, as a pipeline is."""

    def __init__(self, model=None):
        self.model = model

    def fit(self, X, y):
        self.model.fit(X, y)  # in place, so that only clones of the search keep folds apart
        return self

    def score(self, X, y):
        return self.model.score(X, y)


def test_nested_parameters_and_models_among_the_values():
    X, y = data()
    deep = GridSearchCV(Chain(DecisionTreeClassifier()), {"model__max_depth": [1, 3]}).fit(X, y)
    assert deep.best_estimator_.model.max_depth == deep.best_params_["model__max_depth"]
    assert not hasattr(deep, "predict")
    models = [DecisionTreeClassifier(max_depth=1), DecisionTreeClassifier(max_depth=3)]
    which = GridSearchCV(Chain(), {"model": models}, n_jobs=2).fit(X, y)
    assert which.cv_results_["mean_test_score"].tolist() == (
        deep.cv_results_["mean_test_score"].tolist()
    )
    assert not any(hasattr(model, "tree_") for model in models)
    assert which.best_estimator_.model not in models


def test_before_fit_it_says_so_and_has_only_what_its_model_has():
    search = GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1]})
    assert hasattr(search, "predict")
    assert not hasattr(search, "predict_proba")
    assert not hasattr(search, "transform")
    assert not hasattr(search, "classes_")
    for call in (lambda: search.predict([[1.0]]), lambda: search.score([[1.0]], [1.0])):
        with pytest.raises(NotFittedError, match="GridSearchCV instance is not fitted"):
            call()
    unrefitted = GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1]}, refit=False, cv=2)
    unrefitted.fit([[1.0], [2.0], [3.0], [4.0]], [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(AttributeError, match="refit is False"):
        unrefitted.predict([[1.0]])
    with pytest.raises(AttributeError, match="refit is False"):
        unrefitted.score([[1.0]], [1.0])


def test_lists_come_in_and_refitting_forgets():
    search = GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1, 2]}, cv=2)
    search.fit([[i] for i in range(8)], list(range(8)))
    assert search.predict([[0]]).shape == (1,)
    search.set_params(refit=False).fit([[i] for i in range(8)], list(range(8)))
    assert not hasattr(search, "best_estimator_")
