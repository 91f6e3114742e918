"""Cross-validation: no row leaks, weights follow their rows, failures are said."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

from mlcore import (
    CalibratedClassifierCV,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    RandomForestClassifier,
)
from mlcore.checks.selection import FitFailedWarning
from mlcore.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    LeaveOneOut,
    ShuffleSplit,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
)
from tests.mlcore.model_selection.spies import Spy, numbered


@pytest.mark.parametrize("cv", [3, KFold(7), LeaveOneOut(), ShuffleSplit(4, random_state=0)])
def test_no_tested_row_is_fitted_on(cv):
    X, y = numbered(23)
    results = cross_validate(Spy(), X, y, cv=cv, return_estimator=True, return_indices=True)
    pairs = zip(results["indices"]["train"], results["indices"]["test"], strict=True)
    for spy, (train, test) in zip(results["estimator"], pairs, strict=True):
        assert spy.rows_.tolist() == train.tolist()
        assert not set(spy.rows_) & set(test)


def test_the_spy_finds_a_leak():
    X, y = numbered(6)
    with pytest.raises(AssertionError, match="a row that was fitted on is tested"):
        cross_validate(Spy(), X, y, cv=[([0, 1, 2], [2, 3])], error_score="raise")


def test_scores_by_hand():
    """Each fold's score is that of a model fitted on the other rows by hand."""
    X, y = numbered(30)
    folds = StratifiedKFold(3, shuffle=True, random_state=1)
    results = cross_validate(
        DecisionTreeClassifier(max_depth=2), X, y, cv=folds, return_train_score=True,
        scoring=["accuracy", "neg_log_loss"],
    )  # fmt: skip
    assert list(results) == [
        "fit_time", "score_time", "test_accuracy", "train_accuracy", "test_neg_log_loss",
        "train_neg_log_loss",
    ]  # fmt: skip
    for i, (train, test) in enumerate(folds.split(X, y)):
        model = DecisionTreeClassifier(max_depth=2).fit(X[train], y[train])
        assert results["test_accuracy"][i] == model.score(X[test], y[test])
        assert results["train_accuracy"][i] == model.score(X[train], y[train])
    assert (results["fit_time"] > 0).all()
    single = cross_val_score(DecisionTreeClassifier(max_depth=2), X, y, cv=folds)
    assert single.tolist() == results["test_accuracy"].tolist()


def test_the_model_given_is_neither_fitted_nor_changed():
    X, y = numbered(12)
    spy = Spy()
    cross_validate(spy, X, y, cv=3)
    cross_val_predict(spy, X, y, cv=3)
    assert vars(spy) == vars(Spy())


def test_weights_and_groups_follow_their_rows():
    X, y = numbered(20)
    w = np.arange(20) + 1.0
    groups = np.arange(20) // 4
    results = cross_validate(
        Spy(), X, y, groups=groups, cv=GroupKFold(5), return_estimator=True,
        params={"sample_weight": w, "note": "as it is"},
    )  # fmt: skip
    for spy in results["estimator"]:
        assert spy.weights_.tolist() == (spy.rows_ + 1.0).tolist()
        assert spy.note_ == "as it is"
        assert len(set(groups[spy.rows_])) == 4
    numbers = {"note": np.arange(20)}  # whatever has a value a row is cut
    for spy in cross_validate(Spy(), X, y, cv=3, return_estimator=True, params=numbers)[
        "estimator"
    ]:
        assert spy.note_.tolist() == spy.rows_.tolist()


def test_data_frames_come_in():
    X, y = numbered(24)
    frame = pd.DataFrame(X, columns=["row", "noise"], index=np.arange(24) + 100)
    labels, w = pd.Series(np.where(y, "yes", "no"), index=frame.index), pd.Series(np.ones(24))
    tree = DecisionTreeClassifier(max_depth=2)
    results = cross_validate(
        tree, frame, labels, cv=3, params={"sample_weight": w}, return_estimator=True
    )
    assert results["test_score"].tolist() == cross_val_score(tree, X, y, cv=3).tolist()
    assert results["estimator"][0].feature_names_in_.tolist() == ["row", "noise"]
    predicted = cross_val_predict(tree, frame, labels, cv=3)
    assert predicted.tolist() == cross_val_predict(tree, X.tolist(), labels.tolist(), cv=3).tolist()


def test_any_number_of_threads_gives_the_same():
    X, y = numbered(60)
    forest = RandomForestClassifier(5, random_state=np.random.default_rng(3))
    alone, together = (
        cross_validate(forest, X, y, cv=4, scoring=["accuracy", "roc_auc"], n_jobs=n)
        for n in (None, 3)
    )
    for name in ("test_accuracy", "test_roc_auc"):
        assert alone[name].tolist() == together[name].tolist()
    P = [cross_val_predict(forest, X, y, method="predict_proba", n_jobs=n) for n in (1, -1)]
    assert np.array_equal(*P)
    with pytest.raises(ValueError, match="n_jobs is 0"):
        cross_validate(forest, X, y, n_jobs=0)


def test_a_fit_that_fails_is_said_and_scores_nan():
    X, y = numbered(12)
    with pytest.warns(
        FitFailedWarning, match="1 fit of 3 failed.*RuntimeError: row 5.*fold 1 of 3"
    ):
        results = cross_validate(
            FailsOn5(), X, y, cv=[([0, 1], [2]), ([4, 5], [6]), ([7, 8], [9])],
            scoring=["accuracy", "f1"],
        )  # fmt: skip
    for name in ("test_accuracy", "test_f1"):
        assert np.isnan(results[name]).tolist() == [False, True, False]
    with pytest.warns(FitFailedWarning, match="scores are -1") as caught:
        scores = cross_val_score(FailsOn5(), X, y, cv=KFold(3), error_score=-1)
    assert (scores == -1).tolist() == [True, False, True]
    assert caught[0].filename == __file__  # not a line of mlcore
    with pytest.raises(RuntimeError, match="row 5 is unbearable"):
        cross_val_score(FailsOn5(), X, y, cv=KFold(3), error_score="raise")
    with pytest.raises(ValueError, match="The only fit failed: RuntimeError"):
        cross_val_score(FailsOn5(), X, y, cv=[([5], [0])])
    with pytest.raises(ValueError, match="All the 2 fits failed: RuntimeError"):
        cross_val_score(FailsOn5(), X, y, cv=[([5], [0]), ([5, 6], [1])])
    with pytest.raises(ValueError, match="error_score is 'rise'"):
        cross_val_score(FailsOn5(), X, y, error_score="rise")


def FailsOn5():
    return Spy(fails_on=5)


def test_a_callable_of_several_scores_fills_in_failed_fits():
    X, y = numbered(12)

    def both(model, X, y):
        return {"one": 1.0, "rows": len(X)}

    with pytest.warns(FitFailedWarning):
        results = cross_validate(
            FailsOn5(), X, y, scoring=both, cv=[([5], [0]), ([6], [1, 2])], return_train_score=True
        )
    np.testing.assert_array_equal(results["test_rows"], [np.nan, 2])
    np.testing.assert_array_equal(results["train_one"], [np.nan, 1])


def test_a_score_that_fails_leaves_the_others():
    X, y = numbered(12)

    def broken(model, X, y):
        raise RuntimeError("no score today")

    scoring = {"broken": broken, "accuracy": "accuracy"}
    with pytest.warns(UserWarning, match="Scoring failed, so that broken is nan.*no score today"):
        results = cross_validate(Spy(), X, y, cv=2, scoring=scoring)
    assert np.isnan(results["test_broken"]).all()
    assert np.isfinite(results["test_accuracy"]).all()
    with pytest.raises(RuntimeError, match="no score today"):
        cross_validate(Spy(), X, y, cv=2, scoring=scoring, error_score="raise")
    with pytest.raises(ValueError, match="must return a number, but score is 'good'"):
        cross_val_score(Spy(), X, y, scoring=lambda model, X, y: "good")


def test_predictions_are_in_the_order_of_the_rows():
    X, y = numbered(21)
    target = X[:, 0] * 2
    tree = DecisionTreeRegressor()
    folds = KFold(4, shuffle=True, random_state=0)
    predicted = cross_val_predict(tree, X, target, cv=folds)
    for train, test in folds.split(X):
        model = DecisionTreeRegressor().fit(X[train], target[train])
        assert np.array_equal(predicted[test], model.predict(X[test]))
    assert set(cross_val_predict(Spy(), X, np.where(y, "b", "a"))) <= {"a", "b"}


def test_probabilities_have_a_column_for_a_class_that_a_fold_lacks():
    X = np.arange(12.0)[:, None]
    y = np.repeat(["a", "b", "c"], 4)
    with pytest.warns(RuntimeWarning, match=r"lack the classes \['[abc]'\] in a fold"):
        P = cross_val_predict(DecisionTreeClassifier(), X, y, cv=KFold(3), method="predict_proba")
    assert P.tolist() == [[0, 1, 0]] * 4 + [[1, 0, 0]] * 2 + [[0, 0, 1]] * 2 + [[0, 1, 0]] * 4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        L = cross_val_predict(
            DecisionTreeClassifier(), X, y, cv=KFold(3), method="predict_log_proba"
        )
    assert (L[:4, 0] == np.finfo(float).min).all()


def test_predictions_need_each_row_tested_once():
    X, y = numbered(10)
    with pytest.raises(ValueError, match="cv must be a partition"):
        cross_val_predict(Spy(), X, y, cv=ShuffleSplit(2, random_state=0))
    with pytest.raises(ValueError, match="Row 0 is tested 2 times"):
        cross_val_predict(Spy(), X, y, cv=[([1], [0]), ([2], range(10))])


def test_mistakes_are_said():
    X, y = numbered(10)
    with pytest.raises(ValueError, match="y has 9 rows, but X has 10"):
        cross_validate(Spy(), X, y[:9])
    with pytest.raises(ValueError, match="groups has 9 rows"):
        cross_validate(Spy(), X, y, groups=y[:9])
    with pytest.raises(ValueError, match="a single score was expected"):
        cross_val_score(Spy(), X, y, scoring=["accuracy"])
    with pytest.raises(ValueError, match="There is nothing to fit"):
        cross_validate(Spy(), X, y, cv=[])
    with pytest.raises(ValueError, match="Spy requires y to be passed"):
        cross_validate(Spy(), X)
    with pytest.raises(TypeError, match="has no rows"):
        cross_validate(Spy(), 3, y)
    with pytest.raises(
        AttributeError, match="method is 'proba'.* It has 'predict', 'predict_proba', "
    ):
        cross_val_predict(Spy(), X, y, method="proba")


@pytest.mark.parametrize(
    ("cv", "error", "message"),
    [
        (KFold, TypeError, r"cv is the class KFold: pass KFold\(\)\.$"),
        ([(["a", "b"], ["c"])], ValueError, "names the row 'a', but positions from 0 to 9"),
        ([([0, 1], [2, 10])], ValueError, "names the row 10, but positions from 0 to 9"),
        ([([0, 1], [-1])], ValueError, "names the row -1"),
        ([([0.0, 1.0], [2])], ValueError, "names the row 0.0"),
        ([0, 1, 1], ValueError, r"cv holds 0, but pairs .* PredefinedSplit\(fold\)"),
        (["ab"], ValueError, "cv holds 'ab'"),
    ],
)
def test_folds_that_name_no_positions_are_said(cv, error, message):
    X, y = numbered(10)
    for judge in (
        cross_val_score,
        lambda model, X, y, cv: CalibratedClassifierCV(model, cv=cv).fit(X, y),
    ):
        with pytest.raises(error, match=message):
            judge(DecisionTreeClassifier(), X, y, cv=cv)


def test_masks_are_positions_too():
    X, y = numbered(10)
    test = np.arange(10) % 3 == 0
    masks = cross_val_score(Spy(), X.tolist(), y, cv=[(~test, test)])
    pairs = cross_val_score(Spy(), X, y, cv=[(np.flatnonzero(~test), np.flatnonzero(test))])
    assert masks.tolist() == pairs.tolist()


def test_rows_in_messages_are_said_to_be_those_of_the_fold():
    X, y = numbered(30)
    X[20, 1] = np.nan
    note = r"column 1, row 10, .* \(rows are counted within the fold's training rows\)\."
    with pytest.warns(Warning) as caught:
        cross_val_score(LogisticRegression(), X, y, cv=KFold(3))
    failed, unscored = (str(warning.message) for warning in caught)
    assert re.search(note, failed)
    assert failed.count("rows are counted") == 1
    assert re.search(r"row 0, .* \(rows are counted within the fold's scored rows\)\.", unscored)
    for judge in (
        lambda: cross_val_predict(LogisticRegression(), X, y, cv=KFold(3)),
        lambda: CalibratedClassifierCV(LogisticRegression(), cv=KFold(3)).fit(X, y),
    ):
        with pytest.raises(ValueError, match=note):
            judge()
    with pytest.raises(ValueError, match=r"row 10, [^()]*\(with the column's median, say\)[^()]*$"):
        cross_val_score(LogisticRegression(), X, y, cv=KFold(3), error_score="raise")


def test_a_score_that_fails_in_every_fold_is_warned_of_once():
    X, y = numbered(30)
    names = np.where(y, "pass", "fail")
    for target, scoring, message in [
        (names, "f1", r"score is nan in 5 fits of 5: .*make_scorer\(f1_score, pos_label='fail'\)"),
        (np.arange(30) % 3, "roc_auc", "of 3 classes.*scoring='roc_auc_ovr'"),
        (names, ["f1", "recall", "accuracy"], "f1 and recall are nan in 5 fits of 5"),
    ]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            cross_validate(LogisticRegression(1.0), X, target, scoring=scoring, n_jobs=2)
        assert len(caught) == 1
        assert re.search(message, str(caught[0].message))
        assert caught[0].filename == __file__


def test_groups_reach_a_search_inside_by_params():
    X, y = numbered(24)
    groups = np.arange(24) // 3
    search, given = GridSearchCV(Spy(), {"bias": [1]}, cv=GroupKFold(2)), {"cv": GroupKFold(3)}
    with pytest.raises(ValueError, match="groups is None.*params={'groups': groups}"):
        cross_val_score(search, X, y, groups=groups, **given)
    scores = cross_val_score(search, X, y, groups=groups, params={"groups": groups}, **given)
    assert np.isfinite(scores).all()


def test_pairs_may_be_masks_and_the_rows_lists():
    X, y, first = [[float(i)] for i in range(8)], [0, 1] * 4, np.arange(8) < 4
    numbers = [(np.arange(4, 8), np.arange(4)), (np.arange(4), np.arange(4, 8))]
    masks = [(~first, first), (first, ~first)]
    for function in (cross_val_score, cross_val_predict):
        by_number = function(DecisionTreeClassifier(), X, y, cv=numbers)
        assert function(DecisionTreeClassifier(), X, y, cv=masks).tolist() == by_number.tolist()
