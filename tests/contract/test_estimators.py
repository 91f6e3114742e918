"""What every classifier and every regressor promises, whichever it is."""

import inspect

import numpy as np
import pytest

import mlcore
from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    LogisticRegressionCV,
    NotFittedError,
    RandomForestClassifier,
    RandomForestRegressor,
)
from mlcore.estimator import Classifier, Regressor

MODELS = [
    LogisticRegression(0.01),
    LogisticRegressionCV([0.1, 0.01], cv=3, random_state=0),
    DecisionTreeClassifier(max_depth=4),
    RandomForestClassifier(10, max_depth=3, random_state=0),
]
REGRESSORS = [
    DecisionTreeRegressor(max_depth=4),
    RandomForestRegressor(10, max_depth=3, random_state=0),
]
CLASSES = [m for m in vars(mlcore).values() if inspect.isclass(m)]
PUBLIC = [m for m in CLASSES if issubclass(m, (Classifier, Regressor))]


def fresh(model):
    return type(model)(**model.get_params())


def data(k=2, n=120, d=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = (X[:, :k] + rng.normal(0, 0.5, (n, k))).argmax(axis=1)
    return X, y


def numbers(n=120, d=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X[:, 0] + rng.normal(0, 0.3, n)


def test_every_public_model_is_under_contract():
    assert {type(m) for m in [*MODELS, *REGRESSORS]} == set(PUBLIC)


@pytest.fixture(params=MODELS, ids=lambda m: type(m).__name__)
def model(request):
    return fresh(request.param)


def test_init_only_stores_and_parameters_can_be_read_and_set(model):
    defaults = type(model)()
    assert vars(defaults) == defaults.get_params()
    changed = type(model)().set_params(class_weight="balanced")
    assert changed.get_params()["class_weight"] == "balanced"
    assert "class_weight='balanced'" in repr(changed)
    with pytest.raises(ValueError, match="Invalid parameter 'nonsense'"):
        model.set_params(nonsense=1)


def test_fit_returns_self_and_changes_neither_data_nor_parameters(model):
    X, y = data()
    kept, params = (X.copy(), y.copy()), repr(model.get_params())
    assert model.fit(X, y) is model
    assert np.array_equal(X, kept[0])
    assert np.array_equal(y, kept[1])
    assert repr(model.get_params()) == params


@pytest.mark.parametrize("k", [2, 3])
def test_probabilities(model, k):
    X, y = data(k)
    P = model.fit(X, y).predict_proba(X)
    assert P.shape == (len(X), k)
    assert P.dtype == np.float64
    assert (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=1), 1.0, rtol=1e-12)
    assert np.array_equal(model.predict(X), model.classes_[P.argmax(axis=1)])
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(model.predict_log_proba(X), np.log(P), rtol=1e-10, atol=1e-12)
    assert model.score(X, y) == pytest.approx((model.predict(X) == y).mean())
    assert model.score(X, y) > 0.6


@pytest.mark.parametrize(
    "labels", [["no", "yes"], [-1, 1], [False, True], [10.0, 20.0], np.array(["b", "a"], object)]
)
def test_labels_of_any_type(model, labels):
    X, y = data()
    given = np.asarray(labels)[y]
    model.fit(X, given)
    assert model.classes_.tolist() == sorted(labels)
    assert model.predict(X).dtype == given.dtype
    assert set(model.predict(X).tolist()) <= set(given.tolist())
    assert model.score(X, given) > 0.8


def test_lists_integers_and_fortran_order_are_the_same_data(model):
    X, y = data()
    X = np.round(X * 4)
    expected = model.fit(X, y).predict_proba(X)
    for other in (X.tolist(), X.astype(int), np.asfortranarray(X), X.astype(np.float32)):
        np.testing.assert_allclose(
            fresh(model).fit(other, y.tolist()).predict_proba(other), expected, rtol=1e-9
        )


def test_refitting_forgets_the_last_fit(model):
    X, y = data()
    once = fresh(model).fit(X, y)
    again = fresh(model).fit(*data(3, d=6, seed=9)).fit(X, y)
    assert again.n_features_in_ == 4
    np.testing.assert_array_equal(once.predict_proba(X), again.predict_proba(X))
    assert vars(once).keys() == vars(again).keys()


def test_same_seed_same_bits(model):
    X, y = data()
    a, b = (fresh(model).fit(X, y).predict_proba(X) for _ in range(2))
    assert np.array_equal(a, b)


def test_weight_zero_is_no_row_and_ones_are_no_weights(model):
    X, y = data()
    w = np.ones(len(y))
    np.testing.assert_allclose(
        fresh(model).fit(X, y, w).predict_proba(X), fresh(model).fit(X, y).predict_proba(X)
    )
    w[::4] = 0
    np.testing.assert_allclose(
        fresh(model).fit(X, y, w).predict_proba(X),
        fresh(model).fit(X[w > 0], y[w > 0]).predict_proba(X),
        rtol=1e-6,
    )


def test_weight_two_is_the_row_twice(model):
    X, y = data()
    if isinstance(model, RandomForestClassifier):
        model.set_params(bootstrap=False, max_features=None)
    w = 1 + np.arange(len(y)) % 2
    np.testing.assert_allclose(
        fresh(model).fit(X, y, w).predict_proba(X),
        fresh(model).fit(np.repeat(X, w, axis=0), np.repeat(y, w)).predict_proba(X),
        rtol=1e-6,
    )


def test_not_fitted_is_said(model):
    for method in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            getattr(model, method)([[0.0]])
    with pytest.raises(ValueError, match="missing"):
        model.fit([[1.0], [2.0]], [np.nan, 1.0])
    with pytest.raises(NotFittedError):  # a fit that failed is no fit
        model.predict([[0.0]])


def test_wrong_width_and_wrong_names_are_said(model):
    pandas = pytest.importorskip("pandas")
    X, y = data()
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    model.fit(frame, y)
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="3 features, but"):
        model.predict(X[:, :3])
    with pytest.raises(ValueError, match=r"missing \['d'\]"):
        model.predict(frame.rename(columns={"d": "e"}))
    np.testing.assert_array_equal(model.predict(frame), model.predict(X))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [np.nan]], [0, 1], "missing value"),
        ([[1.0], [2.0]], [0, 1, 1], "3 values, but 2"),
        ([[1.0], [2.0]], [0.5, 1.5], "continuous"),
        ([["x"], ["y"]], [0, 1], "numbers were expected"),
    ],
)
def test_bad_data_is_said(model, X, y, message):
    with pytest.raises(ValueError, match=message):
        model.fit(X, y)


def test_public_things_have_docstrings_with_an_example():
    for cls in PUBLIC:
        assert ">>>" in cls.__doc__
        for name, member in vars(cls).items():
            if not name.startswith("_") and callable(member):
                assert member.__doc__, f"{cls.__name__}.{name}"


def test_weights_and_class_weights_are_heard(model):
    X, y = data()
    w = np.where(y == 1, 5.0, 1.0)
    plain = fresh(model).fit(X, y).predict_proba(X)[:, 1].mean()
    weighted = fresh(model).fit(X, y, w).predict_proba(X)
    assert weighted[:, 1].mean() > plain + 0.02
    for spelt in ({1: 5.0}, {0: 1.0, 1: 5.0}):
        by_class = fresh(model).set_params(class_weight=spelt).fit(X, y).predict_proba(X)
        np.testing.assert_allclose(by_class, weighted, rtol=1e-6)
    rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:15]])
    wr = np.linspace(0.5, 2, len(rare))
    factor = wr.sum() / (2 * np.where(y[rare] == 1, wr[y[rare] == 1].sum(), wr[y[rare] == 0].sum()))
    balanced = fresh(model).set_params(class_weight="balanced").fit(X[rare], y[rare], wr)
    by_hand = fresh(model).fit(X[rare], y[rare], wr * factor)
    np.testing.assert_allclose(
        balanced.predict_proba(X), by_hand.predict_proba(X), rtol=1e-6, atol=1e-9
    )
    with pytest.raises(ValueError, match="class_weight is 0 for every row"):
        fresh(model).set_params(class_weight={0: 0.0, 1: 0.0}).fit(X, y)


def test_score_is_weighted(model):
    X, y = data()
    w = np.linspace(0, 3, len(y))
    model.fit(X, y)
    expected = np.average(model.predict(X) == y, weights=w)
    assert model.score(X, y, w) == pytest.approx(expected)


@pytest.fixture(params=REGRESSORS, ids=lambda m: type(m).__name__)
def regressor(request):
    return fresh(request.param)


def test_a_regressor_stores_fits_and_forgets(regressor):
    X, y = numbers()
    kept, params = (X.copy(), y.copy()), repr(regressor.get_params())
    assert vars(type(regressor)()) == type(regressor)().get_params()
    assert regressor.fit(X, y) is regressor
    assert np.array_equal(X, kept[0])
    assert np.array_equal(y, kept[1])
    assert repr(regressor.get_params()) == params
    again = fresh(regressor).fit(*numbers(d=6, seed=9)).fit(X, y)
    assert np.array_equal(again.predict(X), regressor.predict(X))
    assert vars(again).keys() == vars(regressor).keys()


def test_a_regressor_predicts_numbers_and_scores_by_r2(regressor):
    X, y = numbers()
    predicted = regressor.fit(X, y).predict(X)
    assert predicted.shape == (120,)
    assert predicted.dtype == np.float64
    w = np.linspace(0, 3, len(y))
    error = np.average((y - predicted) ** 2, weights=w)
    spread = np.average((y - np.average(y, weights=w)) ** 2, weights=w)
    assert regressor.score(X, y, w) == pytest.approx(1 - error / spread)
    assert regressor.score(X, y) > 0.7


def test_a_regressor_takes_lists_integers_and_fortran_order(regressor):
    X, y = numbers()
    X = np.round(X * 4)
    expected = regressor.fit(X, y).predict(X)
    for other in (X.tolist(), X.astype(int), np.asfortranarray(X), X.astype(np.float32)):
        assert np.array_equal(fresh(regressor).fit(other, y.tolist()).predict(other), expected)


def test_a_regressor_hears_weights(regressor):
    X, y = numbers()
    if isinstance(regressor, RandomForestRegressor):
        regressor.set_params(bootstrap=False)
    w = np.arange(len(y)) % 3
    rows = np.repeat(np.arange(len(y)), w)
    np.testing.assert_allclose(
        fresh(regressor).fit(X, y, w).predict(X),
        fresh(regressor).fit(X[rows], y[rows]).predict(X),
        rtol=1e-9,
    )


def test_a_regressor_says_what_is_wrong(regressor):
    X, y = numbers()
    with pytest.raises(NotFittedError, match="not fitted yet"):
        regressor.predict(X)
    with pytest.raises(ValueError, match="y is nan in row 3"):
        regressor.fit(X, np.where(np.arange(len(y)) == 3, np.nan, y))
    with pytest.raises(ValueError, match="120 were expected"):
        regressor.fit(X, y[:5])
    with pytest.raises(ValueError, match="missing value"):
        regressor.fit(np.where(X > 2, np.nan, X), y)
    regressor.fit(X, y)
    with pytest.raises(ValueError, match="3 features, but"):
        regressor.predict(X[:, :3])
