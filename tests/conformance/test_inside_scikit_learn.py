"""Every estimator works inside scikit-learn's own tools: pipelines, searches, ensembles, inspection."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.exceptions import NotFittedError
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    check_cv,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from mlcore import RandomForestClassifier
from tests.contract.estimators import (
    CLASSIFIERS,
    ESTIMATORS,
    REGRESSORS,
    classes,
    data_for,
    name_of,
    outcome,
    takes_weights,
    weights,
)

PREDICTORS = [*CLASSIFIERS, *REGRESSORS]
every = pytest.mark.parametrize("estimator", ESTIMATORS, ids=name_of)
each_predictor = pytest.mark.parametrize("estimator", PREDICTORS, ids=name_of)
each_classifier = pytest.mark.parametrize("estimator", CLASSIFIERS, ids=name_of)
each_regressor = pytest.mark.parametrize("estimator", REGRESSORS, ids=name_of)
weighted = pytest.mark.parametrize("estimator", [*filter(takes_weights, PREDICTORS)], ids=name_of)


def grid_of(estimator):
    """Return two values of one parameter that changes the predictions."""
    grids = {
        "alpha": [0.01, 10.0],
        "max_depth": [1, 4],
        "alphas": [[0.01], [10.0]],
        "model__alpha": [0.01, 10.0],
        "estimator__max_depth": [1, 4],
        "param_distributions": [{"alpha": [0.01]}, {"alpha": [10.0]}],
    }
    known = estimator.get_params()
    return next({name: values} for name, values in grids.items() if name in known)


def assert_good(estimator, scores):
    """Classes are told apart, numbers predicted, well above chance in the mean of the folds."""
    assert np.mean(scores) > (0.7 if is_classifier(estimator) else 0.5)


@every
def test_it_is_known_for_what_it_is(estimator):
    assert is_classifier(estimator) == (estimator in CLASSIFIERS)
    assert is_regressor(estimator) == (estimator in REGRESSORS)


@every
def test_clone(estimator):
    X, y = data_for(estimator)
    copy = clone(estimator)
    assert copy is not estimator
    assert repr(copy) == repr(estimator)
    np.testing.assert_array_equal(outcome(copy.fit(X, y), X), outcome(clone(copy).fit(X, y), X))


@every
def test_its_state_of_fit_is_understood(estimator):
    X, y = data_for(estimator)
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(estimator))
    with pytest.raises(NotFittedError, match="not fitted yet"):
        outcome(clone(estimator), X)
    check_is_fitted(clone(estimator).fit(X, y))


@each_predictor
def test_pipeline(estimator):
    X, y = data_for(estimator)
    road = make_pipeline(StandardScaler(), clone(estimator)).fit(X * 50 + 7, y)
    scaled = StandardScaler().fit_transform(X * 50 + 7)
    alone = clone(estimator).fit(scaled, y)
    np.testing.assert_array_equal(road.predict(X * 50 + 7), alone.predict(scaled))
    assert road.score(X * 50 + 7, y) == alone.score(scaled, y)
    frame = pd.DataFrame(X, columns=list("abcd"))
    named = make_pipeline(StandardScaler().set_output(transform="pandas"), clone(estimator))
    named.fit(frame, y)
    assert named[-1].feature_names_in_.tolist() == list("abcd")


@each_predictor
@pytest.mark.parametrize("search", [GridSearchCV, RandomizedSearchCV])
def test_search(estimator, search):
    X, y = data_for(estimator)
    road = make_pipeline(StandardScaler(), clone(estimator))
    grid = {f"{name_of(estimator).lower()}__{name}": v for name, v in grid_of(estimator).items()}
    some = {} if search is GridSearchCV else {"n_iter": 2, "random_state": 0}
    found = search(road, grid, cv=3, **some).fit(X, y)
    assert_good(estimator, found.best_score_)
    assert np.ptp(found.cv_results_["mean_test_score"]) > 0  # the parameter was heard


@each_predictor
def test_search_in_processes_is_the_same(estimator):
    X, y = data_for(estimator)
    one, two = (
        GridSearchCV(clone(estimator), grid_of(estimator), cv=2, n_jobs=jobs).fit(X, y)
        for jobs in (None, 2)
    )
    for name in ("mean_test_score", "std_test_score"):
        np.testing.assert_array_equal(one.cv_results_[name], two.cv_results_[name])


@each_predictor
def test_cross_validation(estimator):
    X, y = data_for(estimator)
    assert_good(estimator, cross_val_score(clone(estimator), X, y, cv=3))
    predicted = cross_val_predict(clone(estimator), X, y, cv=3)
    assert predicted.shape == y.shape
    sizes, train, test = learning_curve(clone(estimator), X, y, cv=3, train_sizes=[0.5, 1.0])
    assert train.shape == test.shape == (2, 3)
    assert sizes.tolist() == [40, 80]


@weighted
def test_weights_go_through_cross_validation(estimator):
    X, y = data_for(estimator)
    w = np.where(np.arange(len(y)) % 3 == 0, 0.0, 1.0)
    heard = cross_validate(clone(estimator), X, y, cv=3, params=weights(estimator, w))
    plain = cross_validate(clone(estimator), X, y, cv=3)
    assert not np.array_equal(heard["test_score"], plain["test_score"])


@weighted
def test_weights_are_routed(estimator):
    X, y = data_for(estimator)
    w = np.where(np.arange(len(y)) % 3 == 0, 0.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        params = weights(estimator, w) | {"sample_weight": w}  # for fit and for score
        routed = cross_validate(clone(estimator), X, y, cv=3, params=params)
        road = make_pipeline(StandardScaler(), clone(estimator))
        assert_good(estimator, cross_val_score(road, X, y, cv=3))
    folds = check_cv(3, y, classifier=is_classifier(estimator))
    for (train, test), score in zip(folds.split(X, y), routed["test_score"], strict=True):
        part = clone(estimator).fit(X[train], y[train], **weights(estimator, w[train]))
        assert score == part.score(X[test], y[test], w[test])


@each_classifier
def test_probabilities_in_cross_validation(estimator):
    X, y = classes(3)
    P = cross_val_predict(clone(estimator), X, y, cv=3, method="predict_proba")
    assert P.shape == (len(X), 3)
    np.testing.assert_allclose(P.sum(axis=1), 1.0)
    assert_good(estimator, cross_val_score(clone(estimator), X, y, cv=3, scoring="roc_auc_ovr"))
    losses = cross_val_score(clone(estimator), X, y, cv=3, scoring="neg_brier_score")
    assert (losses > -0.6).all()


@each_classifier
@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_calibration(estimator, method):
    X, y = classes(n=240)
    model = CalibratedClassifierCV(clone(estimator), method=method, cv=3).fit(X, y)
    assert_good(estimator, model.score(X, y))


@each_classifier
def test_ensembles_of_classifiers(estimator):
    X, y = classes(3, n=150)
    members = [("first", clone(estimator)), ("second", RandomForestClassifier(5, random_state=1))]
    for ensemble in (
        VotingClassifier(members, voting="soft"),
        VotingClassifier(members, voting="hard"),
        StackingClassifier(members, final_estimator=clone(estimator), cv=3),
        BaggingClassifier(clone(estimator), n_estimators=3, random_state=0),
        OneVsRestClassifier(clone(estimator)),
    ):
        assert_good(estimator, ensemble.fit(X, y).score(X, y))


@each_regressor
def test_ensembles_of_regressors(estimator):
    X, y = data_for(estimator)
    members = [("first", clone(estimator)), ("second", clone(estimator))]
    for ensemble in (
        VotingRegressor(members),
        StackingRegressor(members, final_estimator=clone(estimator), cv=3),
        BaggingRegressor(clone(estimator), n_estimators=3, random_state=0),
    ):
        assert_good(estimator, ensemble.fit(X, y).score(X, y))


@each_predictor
def test_inspection(estimator):
    X, y = data_for(estimator)
    model = clone(estimator).fit(X, y)
    importance = permutation_importance(model, X, y, n_repeats=2, random_state=0)
    assert importance.importances_mean.argmax() in (0, 1)  # the columns that y is made of
    curve = partial_dependence(model, X, [0], grid_resolution=5)["average"][0]
    falling = is_classifier(estimator)  # of class 1, whose share falls as column 0 grows
    assert (curve[-1] < curve[0]) == falling
