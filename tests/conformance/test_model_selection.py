"""Model selection, live, against scikit-learn: the same folds, scores and tables.

Run by its path, with scikit-learn installed: ``python -m pytest tests/conformance/test_model_selection.py``.
"""

import numpy as np
import pytest
import sklearn.model_selection as theirs
from scipy import stats
from sklearn.base import clone as their_clone
from sklearn.base import is_classifier, is_regressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression as TheirLogistic
from sklearn.linear_model import Ridge
from sklearn.metrics import get_scorer as their_scorer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier as TheirTree
from sklearn.utils.estimator_checks import check_estimator

import mlcore.model_selection as ours
from mlcore import DecisionTreeClassifier, DecisionTreeRegressor, LogisticRegression
from mlcore.student import student_quantile, student_tail

RNG = np.random.default_rng(0)
GROUPS = RNG.integers(0, 17, 103)
Y = RNG.integers(0, 3, 103)
X0 = np.zeros((103, 1))


def iris():
    X, y = load_iris(return_X_y=True)
    rows = np.random.default_rng(1).permutation(len(y))
    return X[rows], y[rows]


def cancer():
    X, y = load_breast_cancer(return_X_y=True)
    return X[:150, :6], y[:150]


def folds(n, k=4):
    return list(theirs.KFold(k, shuffle=True, random_state=0).split(np.zeros(n)))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("KFold", {"n_splits": 2}),
        ("KFold", {"n_splits": 7}),
        ("StratifiedKFold", {"n_splits": 2}),
        ("StratifiedKFold", {"n_splits": 5}),
        ("GroupKFold", {"n_splits": 2}),
        ("GroupKFold", {"n_splits": 6}),
        ("StratifiedGroupKFold", {"n_splits": 3}),
        ("StratifiedGroupKFold", {"n_splits": 5}),
        ("LeaveOneOut", {}),
        ("LeaveOneGroupOut", {}),
        ("TimeSeriesSplit", {}),
        ("TimeSeriesSplit", {"n_splits": 3, "test_size": 11, "gap": 4}),
        ("TimeSeriesSplit", {"n_splits": 4, "max_train_size": 13}),
    ],
)
def test_same_folds(name, args):
    mine, other = getattr(ours, name)(**args), getattr(theirs, name)(**args)
    groups = GROUPS if "Group" in name else None
    pairs = list(mine.split(X0, Y, groups))
    expected = list(other.split(X0, Y, groups))
    assert len(pairs) == len(expected) == mine.get_n_splits(X0, Y, groups)
    for (train, test), (their_train, their_test) in zip(pairs, expected, strict=True):
        assert train.tolist() == their_train.tolist()
        assert test.tolist() == their_test.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_predefined_folds_are_theirs(seed):
    fold = np.random.default_rng(seed).integers(-1, 4, 50)
    fold[fold == 2] = 9
    mine, other = ours.PredefinedSplit(fold), theirs.PredefinedSplit(fold)
    assert mine.get_n_splits() == other.get_n_splits()
    for a, b in zip(mine.split(), other.split(), strict=True):
        assert [part.tolist() for part in a] == [part.tolist() for part in b]
    X, y = cancer()
    fold = np.arange(len(y)) % 4 - 1
    tree = DecisionTreeClassifier(max_depth=2)
    scores = [m.cross_val_score(tree, X, y, cv=m.PredefinedSplit(fold)) for m in (ours, theirs)]
    assert scores[0].tolist() == scores[1].tolist()


@pytest.mark.parametrize(
    "sizes", [{}, {"test_size": 0.3}, {"train_size": 0.61}, {"test_size": 7}, {"train_size": 5}]
)
def test_shuffled_groups_are_as_many_as_theirs(sizes):
    mine, other = (m.GroupShuffleSplit(random_state=0, **sizes) for m in (ours, theirs))
    assert mine.get_n_splits() == other.get_n_splits()
    for a, b in zip(mine.split(X0, Y, GROUPS), other.split(X0, Y, GROUPS), strict=True):
        for part, their_part in zip(a, b, strict=True):
            assert len(np.unique(GROUPS[part])) == len(np.unique(GROUPS[their_part]))
            assert part.tolist() == np.flatnonzero(np.isin(GROUPS, GROUPS[part])).tolist()


@pytest.mark.parametrize("name", ["KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold"])
def test_a_seed_without_a_shuffle_is_refused_by_both(name):
    for package in (ours, theirs):
        with pytest.raises(ValueError, match="shuffle"):
            getattr(package, name)(random_state=0)


def test_an_unknown_parameter_is_refused_by_both():
    X, y = cancer()
    for package in (ours, theirs):
        with pytest.raises(ValueError, match="Invalid parameter 'C'"):
            package.GridSearchCV(DecisionTreeClassifier(), {"C": [1]}).fit(X, y)


@pytest.mark.parametrize("seed", range(8))
def test_same_strata_of_any_labels(seed):
    rng = np.random.default_rng(seed)
    y = rng.choice(["c", "a", "b"], 60 + seed, p=[0.6, 0.25, 0.15])
    mine, other = ours.StratifiedKFold(4).split(y, y), theirs.StratifiedKFold(4).split(y, y)
    for (_, test), (_, their_test) in zip(mine, other, strict=True):
        assert test.tolist() == their_test.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_same_folds_of_any_groups(seed):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, rng.integers(6, 40), 80)
    for name in ("GroupKFold", "LeaveOneGroupOut"):
        pairs = zip(
            getattr(ours, name)().split(groups, groups=groups),
            getattr(theirs, name)().split(groups, groups=groups),
            strict=True,
        )
        assert all(a[1].tolist() == b[1].tolist() for a, b in pairs)


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"test_size": 0.3},
        {"train_size": 0.61},
        {"test_size": 7},
        {"train_size": 5, "test_size": 0.2},
    ],
)
def test_same_sizes(sizes):
    for kind in ("ShuffleSplit", "StratifiedShuffleSplit"):
        a, b = (
            next(getattr(m, kind)(1, random_state=0, **sizes).split(X0, Y)) for m in (ours, theirs)
        )
        assert [len(part) for part in a] == [len(part) for part in b]
    a, b = (m.train_test_split(Y, shuffle=False, **sizes) for m in (ours, theirs))
    assert [part.tolist() for part in a] == [part.tolist() for part in b]


@pytest.mark.parametrize("X, y", [iris(), cancer()])
@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(max_depth=3),
        LogisticRegression(0.01),
        TheirTree(max_depth=3, random_state=0),
        make_pipeline(StandardScaler(), TheirLogistic()),
    ],
)
def test_cross_validate_is_the_same(model, X, y):
    binary = len(np.unique(y)) == 2
    scoring = ["accuracy", "neg_log_loss", *(["f1", "roc_auc", "average_precision"] * binary)]
    given = {"cv": folds(len(y)), "return_train_score": True, "return_indices": True}
    mine = ours.cross_validate(model, X, y, scoring=scoring, **given)
    other = theirs.cross_validate(model, X, y, scoring=scoring, **given)
    assert mine.keys() == other.keys()
    for name in mine:
        if name[:4] in ("test", "trai"):
            np.testing.assert_allclose(mine[name], other[name], rtol=1e-10, atol=1e-12)
    assert [t.tolist() for t in mine["indices"]["test"]] == [
        t.tolist() for t in other["indices"]["test"]
    ]


def test_weights_are_used_as_theirs_are():
    X, y = iris()
    w = np.random.default_rng(2).integers(1, 4, len(y)).astype(float)
    model, given = DecisionTreeClassifier(max_depth=2), {"cv": folds(len(y))}
    params = {"sample_weight": w}
    np.testing.assert_allclose(
        ours.cross_val_score(model, X, y, params=params, **given),
        theirs.cross_val_score(model, X, y, params=params, **given),
    )
    grid = {"max_depth": [1, 2, 3]}
    np.testing.assert_allclose(
        ours.GridSearchCV(model, grid, **given).fit(X, y, **params).cv_results_["mean_test_score"],
        theirs.GridSearchCV(model, grid, **given)
        .fit(X, y, **params)
        .cv_results_["mean_test_score"],
    )


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba"])
def test_cross_val_predict_is_the_same(method):
    X, y = iris()
    tree = DecisionTreeClassifier(max_depth=3)
    given = {"cv": folds(len(y)), "method": method}
    np.testing.assert_array_equal(
        ours.cross_val_predict(tree, X, y, **given), theirs.cross_val_predict(tree, X, y, **given)
    )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("method", ["predict_proba", "predict_log_proba", "decision_function"])
def test_a_class_that_a_fold_lacks_is_filled_in_as_theirs(method):
    X, y = load_iris(return_X_y=True)
    y = np.where(np.arange(150) < 20, 3, y)
    model = TheirLogistic(max_iter=2000)
    given = {"cv": theirs.KFold(5), "method": method}
    np.testing.assert_allclose(
        ours.cross_val_predict(model, X, y, **given), theirs.cross_val_predict(model, X, y, **given)
    )


def test_curves_are_the_same():
    X, y = iris()
    tree, given = DecisionTreeClassifier(), {"cv": folds(len(y))}
    for a, b in zip(
        ours.learning_curve(tree, X, y, train_sizes=[0.2, 0.5, 1.0], **given),
        theirs.learning_curve(tree, X, y, train_sizes=[0.2, 0.5, 1.0], **given),
        strict=True,
    ):
        np.testing.assert_allclose(a, b)
    assert (
        ours.learning_curve(tree, X, y)[0].tolist() == theirs.learning_curve(tree, X, y)[0].tolist()
    )
    for a, b in zip(
        ours.validation_curve(tree, X, y, param_name="max_depth", param_range=[1, 2], **given),
        theirs.validation_curve(tree, X, y, param_name="max_depth", param_range=[1, 2], **given),
        strict=True,
    ):
        np.testing.assert_allclose(a, b)


def test_permutation_score_is_the_same_and_p_alike():
    X, y = iris()
    given = {"cv": folds(len(y)), "n_permutations": 9}
    a = ours.permutation_test_score(DecisionTreeClassifier(max_depth=2), X, y, **given)
    b = theirs.permutation_test_score(DecisionTreeClassifier(max_depth=2), X, y, **given)
    assert a[0] == pytest.approx(b[0])
    assert a[2] == b[2] == 0.1


def assert_same_search(mine, other):
    assert mine.cv_results_.keys() == other.cv_results_.keys()
    for name, expected in other.cv_results_.items():
        got = mine.cv_results_[name]
        if name == "params":
            assert got == expected
        elif name.startswith("param_"):
            assert got.dtype == expected.dtype
            assert got.mask.tolist() == expected.mask.tolist()
            assert [str(v) for v in got] == [str(v) for v in expected]
        elif "_time" in name:
            assert got.shape == expected.shape
        else:
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12, err_msg=name)
            assert got.dtype == expected.dtype
    for name in ("best_index_", "best_params_", "n_splits_", "multimetric_"):
        assert getattr(mine, name) == getattr(other, name)


@pytest.mark.parametrize(
    ("model", "grid"),
    [
        (
            DecisionTreeClassifier(),
            [{"max_depth": [1, 2, None], "min_samples_leaf": [1, 20]}, {"criterion": ["entropy"]}],
        ),
        (LogisticRegression(), {"alpha": [0.001, 0.1], "fit_intercept": [True, False]}),
        (SVC(), [{"kernel": ["rbf"], "gamma": [0.1, 1.0]}, {"kernel": ["linear"]}]),
        (
            make_pipeline(StandardScaler(), LogisticRegression()),
            {"logisticregression__alpha": [0.01, 1.0]},
        ),
        (
            make_pipeline(StandardScaler(), TheirLogistic()),
            {"logisticregression": [TheirTree(random_state=0), TheirLogistic()]},
        ),
    ],
)
def test_the_search_is_the_same(model, grid):
    X, y = iris()
    given = {"cv": folds(len(y)), "return_train_score": True}
    mine = ours.GridSearchCV(model, grid, **given).fit(X, y)
    other = theirs.GridSearchCV(model, grid, **given).fit(X, y)
    assert_same_search(mine, other)
    assert mine.best_score_ == pytest.approx(other.best_score_)
    assert mine.predict(X).tolist() == other.predict(X).tolist()
    assert mine.score(X, y) == pytest.approx(other.score(X, y))


def test_a_search_by_several_scores_is_the_same():
    X, y = cancer()
    given = {"cv": folds(len(y)), "scoring": ["accuracy", "roc_auc"], "refit": "roc_auc"}
    grid = {"max_depth": [1, 2, 4]}
    mine = ours.GridSearchCV(DecisionTreeClassifier(), grid, **given).fit(X, y)
    assert_same_search(mine, theirs.GridSearchCV(DecisionTreeClassifier(), grid, **given).fit(X, y))


@pytest.mark.filterwarnings("ignore")
def test_a_search_with_failures_is_the_same():
    X, y = iris()
    given, grid = {"cv": folds(len(y))}, {"max_depth": [-1, 2]}
    mine = ours.GridSearchCV(DecisionTreeClassifier(), grid, **given).fit(X, y)
    assert_same_search(mine, theirs.GridSearchCV(DecisionTreeClassifier(), grid, **given).fit(X, y))


def test_searches_nest_in_each_other():
    X, y = iris()
    inner, outer = folds(112, 3), folds(150, 4)
    inner = theirs.KFold(3)
    grid = {"max_depth": [1, 2, 3]}
    scores = [
        cross_val_score(Search(DecisionTreeClassifier(), grid, cv=inner), X, y, cv=outer)
        for cross_val_score in (ours.cross_val_score, theirs.cross_val_score)
        for Search in (ours.GridSearchCV, theirs.GridSearchCV)
    ]
    for other in scores[1:]:
        np.testing.assert_allclose(scores[0], other)


def test_scikit_learn_takes_our_searches_and_splitters():
    X, y = iris()
    search = ours.GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=ours.KFold(3))
    assert is_classifier(search)
    assert is_regressor(ours.GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1]}))
    assert is_regressor(ours.GridSearchCV(Ridge(), {"alpha": [1]}))
    assert their_clone(search).get_params()["estimator__max_depth"] is None
    pipeline = make_pipeline(StandardScaler(), search).fit(X, y)
    assert pipeline.score(X, y) > 0.6
    a = theirs.cross_val_score(search, X, y, cv=ours.StratifiedKFold(4), scoring="roc_auc_ovr")
    assert (a > 0.7).all()
    assert len(
        theirs.GridSearchCV(search, {"estimator__min_samples_leaf": [1, 9]}).fit(X, y).predict(X)
    )


def test_our_sampler_takes_scipys_distributions():
    X, y = iris()
    search = ours.RandomizedSearchCV(
        TheirLogistic(max_iter=500), {"C": stats.loguniform(1e-2, 1e2)}, n_iter=4, random_state=0
    ).fit(X, y)
    assert all(0.01 < C < 100 for C in search.cv_results_["param_C"])


TWO_CLASSES = {"roc_auc", "average_precision", "f1", "jaccard", "precision", "recall"}


@pytest.mark.parametrize("name", ours.get_scorer_names())
def test_our_scorers_score_as_theirs(name):
    regression = "error" in name or "deviance" in name
    regression |= name in ("r2", "explained_variance", "d2_absolute_error_score")
    X, y = iris()
    if name in TWO_CLASSES or "brier" in name:
        X, y = cancer()
    model = DecisionTreeClassifier(max_depth=2)
    if regression:
        X, y = load_diabetes(return_X_y=True)
        model = DecisionTreeRegressor(max_depth=3)
    model.fit(X[::2], y[::2])
    w = np.random.default_rng(0).uniform(0.5, 2, len(y))
    for weights in ({}, {"sample_weight": w}):
        if weights and ("_ovo" in name or not their_scorer(name)._accept_sample_weight()):
            continue
        assert ours.get_scorer(name)(model, X, y, **weights) == pytest.approx(
            their_scorer(name)(model, X, y, **weights), rel=1e-10
        )


def test_a_decision_function_is_preferred_as_theirs():
    X, y = cancer()
    y = np.where(y, "yes", "no")
    model = make_pipeline(StandardScaler(), LinearSVC()).fit(X, y)
    assert ours.get_scorer("roc_auc")(model, X, y) == their_scorer("roc_auc")(model, X, y)


def test_students_t_is_scipys():
    for df in (0.3, 1, 2, 7.5, 30, 1e4, 1e9):
        for t in (0.1, 1.0, 2.5, 8.0, 40.0):
            assert student_tail(t, df) == pytest.approx(stats.t.sf(t, df), rel=1e-12)
        for p in (1e-9, 0.025, 0.4, 0.9, 0.999):
            assert student_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-12)


SEARCHES = [
    ours.GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 3]}, cv=2),
    ours.GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1, 3]}, cv=2),
    ours.RandomizedSearchCV(
        DecisionTreeClassifier(), {"max_depth": [1, 3, 5]}, n_iter=2, cv=2, random_state=0
    ),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_passes_the_checks_that_its_model_passes(search):
    """The search passes all that its model passes: other failures are the model's own messages."""

    def failed(model):
        results = check_estimator(model, on_fail=None)
        return {result["check_name"] for result in results if result["status"] == "failed"}

    assert failed(search) <= failed(search.estimator)
