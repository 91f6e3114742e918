"""Pipelines: steps in a row, parameters by name, and nothing learned from rows that are predicted."""

import numpy as np
import pandas
import pytest

from mlcore import (
    CalibratedClassifierCV,
    DecisionTreeClassifier,
    LogisticRegression,
    NotFittedError,
    RandomForestRegressor,
    StratifiedKFold,
)
from mlcore.compose import ColumnTransformer
from mlcore.estimator import clone
from mlcore.pipeline import Pipeline, make_pipeline
from mlcore.preprocessing import MinMaxScaler, OneHotEncoder, SimpleImputer, StandardScaler

RNG = np.random.default_rng(0)
X = np.where(RNG.random((60, 3)) < 0.1, np.nan, RNG.normal(50, 20, (60, 3)))
Y = np.array(["no", "yes"])[
    (np.nan_to_num(X[:, 0], nan=50) + RNG.normal(0, 5, 60) > 50).astype(int)
]


def pipe():
    return Pipeline(
        [("fill", SimpleImputer()), ("scale", StandardScaler()), ("model", LogisticRegression(0.1))]
    )


def state(value):
    """Return what a fitted thing holds, to be compared bit by bit."""
    if hasattr(value, "steps"):
        return [state(step) for _, step in value.steps]
    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if isinstance(value, (list, tuple)):
        return [state(item) for item in value]
    if hasattr(value, "__dict__"):
        return {name: state(item) for name, item in vars(value).items()}
    return repr(value)


def test_a_pipeline_is_its_steps_by_hand():
    model = pipe().fit(X, Y)
    fill = SimpleImputer().fit(X)
    scale = StandardScaler().fit(fill.transform(X))
    Z = scale.transform(fill.transform(X))
    by_hand = LogisticRegression(0.1).fit(Z, Y)
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        assert np.array_equal(getattr(model, method)(X), getattr(by_hand, method)(Z))
    w = np.linspace(0, 2, len(Y))
    assert model.score(X, Y) == by_hand.score(Z, Y)
    assert model.score(X, Y, sample_weight=w) == by_hand.score(Z, Y, w)
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.n_features_in_ == 3
    assert model._estimator_type == "classifier"
    assert np.array_equal(model[:-1].transform(X), Z)


def test_steps_by_number_name_and_slice():
    model = pipe()
    assert len(model) == 3
    assert model[0] is model["fill"] is model.named_steps.fill is model.named_steps["fill"]
    assert [name for name, _ in model[1:].steps] == ["scale", "model"]
    assert model[1:]["model"] is model[-1]
    with pytest.raises(ValueError, match="only supports a step of 1"):
        model[::2]
    with pytest.raises(
        AttributeError, match="there is no step nothing; the steps are fill, scale, model"
    ):
        _ = model.named_steps.nothing


def test_parameters_by_name():
    model = pipe()
    assert model.get_params()["model__alpha"] == 0.1
    assert model.get_params()["scale"] is model["scale"]
    assert set(model.get_params(deep=False)) == {"steps"}
    before = model.steps
    model.set_params(scale=MinMaxScaler(), scale__clip=True, model__alpha=3.0)
    assert isinstance(before[1][1], StandardScaler)  # the caller's list is not changed
    assert (model["scale"].clip, model["model"].alpha) == (True, 3.0)
    for wrong in ("nothing", "nothing__alpha", "model__nothing"):
        with pytest.raises(ValueError, match="Invalid parameter 'nothing'"):
            model.set_params(**{wrong: 1})
    copy = clone(model.fit(X, Y))
    assert repr(copy) == repr(model)
    assert copy["fill"] is not model["fill"]
    with pytest.raises(NotFittedError, match="This Pipeline instance is not fitted"):
        copy.predict(X)


def test_weights_go_to_steps_by_name():
    w = np.arange(len(Y)) % 3
    model = pipe().fit(X, Y, model__sample_weight=w, scale__sample_weight=w)
    filled = SimpleImputer().fit_transform(X)
    scale = StandardScaler().fit(filled, sample_weight=w)
    assert np.array_equal(model["scale"].mean_, scale.mean_)
    expected = (
        LogisticRegression(0.1)
        .fit(scale.transform(filled), Y, w)
        .predict_proba(scale.transform(filled))
    )
    assert np.array_equal(model.predict_proba(X), expected)
    with pytest.raises(ValueError, match="scale__sample_weight and model__sample_weight"):
        pipe().fit(X, Y, sample_weight=w)
    with pytest.raises(
        ValueError, match="nothing__x was given to fit, but there is no step 'nothing'"
    ):
        pipe().fit(X, Y, nothing__x=1)
    with pytest.raises(ValueError, match="does not accept the nothing parameter.* Leave it out"):
        pipe().fit(X, Y, nothing=1)


def test_a_method_is_there_only_if_the_last_step_has_it():
    regressor = make_pipeline(SimpleImputer(), RandomForestRegressor(2, random_state=0))
    assert not hasattr(regressor, "predict_proba")
    assert not hasattr(regressor, "transform")
    assert regressor._estimator_type == "regressor"
    scaler = make_pipeline(SimpleImputer(), StandardScaler())
    assert not hasattr(scaler, "predict")
    assert not hasattr(scaler, "inverse_transform")
    with pytest.raises(AttributeError, match="no predict, for its last step, StandardScaler\\(\\)"):
        scaler.predict(X)
    assert np.array_equal(scaler.fit_transform(X), scaler.transform(X))
    both = make_pipeline(StandardScaler(), MinMaxScaler())
    np.testing.assert_allclose(both.inverse_transform(both.fit_transform(X)), X)


@pytest.mark.parametrize("nothing", ["passthrough", None])
def test_passthrough(nothing):
    model = Pipeline([("a", nothing), ("b", StandardScaler()), ("c", nothing)]).fit(X)
    assert np.array_equal(model.transform(X), StandardScaler().fit_transform(X), equal_nan=True)
    assert model.get_feature_names_out().tolist() == ["x0", "x1", "x2"]
    assert np.array_equal(Pipeline([("a", nothing)]).fit_transform([[1]]), [[1]])


def test_names_come_through():
    frame = pandas.DataFrame({"a": ["u", "v", "u"], "b": ["p", None, "q"]})
    model = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder()).fit(frame)
    assert model.feature_names_in_.tolist() == ["a", "b"]
    assert model.get_feature_names_out().tolist() == ["a_u", "a_v", "b_p", "b_q"]
    with pytest.raises(ValueError, match="in the same order"):
        model.transform(frame[["b", "a"]])


def test_what_is_wrong_is_said():
    for steps, message in [
        ([], "The pipeline is empty"),
        ([StandardScaler()], "list of \\(name, step\\)"),
        ([("a", StandardScaler()), ("a", StandardScaler())], "not unique: 'a'"),
        ([("a__b", StandardScaler())], "must not contain __"),
        ([("steps", StandardScaler())], "conflict with constructor arguments"),
        ([("", StandardScaler())], "'' is no name"),
    ]:
        with pytest.raises(ValueError, match=message):
            Pipeline(steps).fit(X, Y)
    with pytest.raises(
        TypeError, match="step 'model' is LogisticRegression\\(\\), but it should be"
    ):
        Pipeline([("model", LogisticRegression()), ("scale", StandardScaler())]).fit(X, Y)
    with pytest.raises(TypeError, match="Write StandardScaler\\(\\)"):
        Pipeline([("scale", StandardScaler), ("model", LogisticRegression())]).fit(X, Y)
    with pytest.raises(
        KeyError, match="'there is no step Model; the steps are fill, scale, model'"
    ):
        pipe()["Model"]
    with pytest.raises(
        ValueError, match="no step 'modl'; the steps are 'fill', 'scale', 'model'. D"
    ):
        pipe().fit(X, Y, modl__sample_weight=[1.0] * len(Y))
    with pytest.raises(TypeError, match="last step should implement fit"):
        Pipeline([("scale", StandardScaler()), ("model", 3)]).fit(X, Y)


def test_a_fit_that_fails_half_way_leaves_no_old_model():
    model = pipe().fit(X, Y)
    with pytest.raises(ValueError, match="infinite"):
        model.fit(np.where(X > 60, np.inf, X), Y)
    with pytest.raises(NotFittedError):
        model.predict(X)


def mixed(n, rng):
    numbers = np.where(rng.random((n, 2)) < 0.2, np.nan, rng.normal(5, 2, (n, 2))).astype(object)
    words = rng.choice(np.array(["a", "b", "c", None], dtype=object), (n, 2))
    return np.hstack([numbers, words])


def whole(last):
    number = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    word = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    prepare = ColumnTransformer([("number", number, [0, 1]), ("word", word, [2, 3])])
    return make_pipeline(prepare, MinMaxScaler(), last)


@pytest.mark.parametrize("last", [LogisticRegression(0.1), DecisionTreeClassifier(max_depth=3)])
def test_no_test_row_can_change_what_was_fitted(last):
    """In each fold: other test rows change no bit of the fit, nor of any other row's prediction."""
    rng = np.random.default_rng(3)
    table, y = mixed(80, rng), np.tile([0, 1], 40)
    for train, test in StratifiedKFold(4).split(table, y):
        first = whole(clone(last)).fit(table[train], y[train])
        fitted, expected = state(first), first.predict_proba(table[test])

        scrambled = table.copy()
        scrambled[test] = mixed(len(test), np.random.default_rng(9))
        scrambled[test[::2], :2] = 1e9  # such rows have another mean, range and category
        scrambled[test[::3], 2:] = "new"
        again = whole(clone(last)).fit(scrambled[train], y[train])
        assert state(again) == fitted

        first.predict_proba(scrambled[test])  # predicting teaches nothing
        assert state(first) == fitted
        together = np.concatenate([table[test[:5]], scrambled[test]])
        assert np.array_equal(first.predict_proba(together)[:5], expected[:5])
        alone = np.concatenate([first.predict_proba(table[[row]]) for row in test])
        np.testing.assert_allclose(alone, expected, rtol=1e-14)


def test_a_model_and_its_parameters_may_be_set_in_any_order():
    inner = CalibratedClassifierCV(LogisticRegression())
    inner.set_params(estimator__max_depth=3, estimator=DecisionTreeClassifier())
    assert repr(inner.estimator) == "DecisionTreeClassifier(max_depth=3)"
    outer = Pipeline([("model", CalibratedClassifierCV(LogisticRegression()))])
    outer.set_params(model__estimator__max_depth=3, model__estimator=DecisionTreeClassifier())
    assert repr(outer["model"].estimator) == "DecisionTreeClassifier(max_depth=3)"
