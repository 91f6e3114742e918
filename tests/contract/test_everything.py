"""What every estimator promises, whichever it is."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

import mlcore
from mlcore import ColumnTransformer, MissingIndicator, NotFittedError, load, save
from mlcore.estimator import clone
from tests.contract.estimators import (
    APART,
    DEALT,
    ESTIMATORS,
    PUBLIC,
    SEARCHES,
    data_for,
    name_of,
    outcome,
    takes_weights,
    weights,
    without_chance,
)

WEIGHTED = [estimator for estimator in ESTIMATORS if takes_weights(estimator)]
JUDGES = [estimator for estimator in WEIGHTED if not isinstance(estimator, SEARCHES)]
UNDEALT = [estimator for estimator in WEIGHTED if not isinstance(estimator, DEALT)]


@pytest.fixture(params=ESTIMATORS, ids=name_of)
def estimator(request):
    return clone(request.param)


@pytest.fixture(params=WEIGHTED, ids=name_of)
def weighted(request):
    return clone(request.param)


def test_every_public_estimator_is_under_contract():
    assert {type(estimator) for estimator in ESTIMATORS} == set(PUBLIC) - APART


@pytest.mark.parametrize("cls", PUBLIC, ids=lambda cls: cls.__name__)
def test_docstrings(cls):
    assert ">>>" in cls.__doc__
    for name, member in vars(cls).items():
        if not name.startswith("_"):
            assert (member.__doc__ or "").strip(), f"{cls.__name__}.{name}"


def test_init_only_stores(estimator):
    assert vars(estimator).keys() == estimator.get_params(deep=False).keys()
    for name in vars(estimator):
        marker = object()  # no parameter, but init must not look
        assert getattr(type(estimator)(**{**vars(estimator), name: marker}), name) is marker


def test_parameters_are_set_by_name(estimator):
    other = {name: repr(value) for name, value in estimator.get_params(deep=False).items()}
    changed = clone(estimator)
    assert changed.set_params(**other) is changed
    assert changed.get_params(deep=False) == other
    with pytest.raises(ValueError, match="Invalid parameter 'nonsense'.*Valid parameters are"):
        estimator.set_params(nonsense=1)


def test_a_clone_has_the_parameters_and_no_fit(estimator):
    fitted = clone(estimator).fit(*data_for(estimator))
    again = clone(fitted)
    assert repr(again) == repr(estimator)
    assert vars(again).keys() == vars(estimator).keys()


def test_repr_makes_the_estimator_again(estimator):
    again = eval(repr(estimator), {**vars(mlcore), "array": np.array})
    assert type(again) is type(estimator)
    assert repr(again.get_params()) == repr(estimator.get_params())


def test_a_long_repr_is_broken_into_lines_and_a_message_has_the_name_alone():
    alphas = list(np.round(np.linspace(0.1, 1.0, 20), 3).tolist())
    model = mlcore.LogisticRegressionCV(alphas)
    assert max(map(len, repr(model).splitlines())) <= 88
    assert eval(repr(model), vars(mlcore)).alphas == alphas
    with pytest.raises(ValueError, match=r"for estimator LogisticRegressionCV\(\.\.\.\)\. Valid"):
        model.set_params(x=1)
    assert repr(mlcore.LogisticRegressionCV([0.1])) == "LogisticRegressionCV(alphas=[0.1])"


def test_fit_returns_self_and_changes_nothing_it_was_given(estimator):
    X, y = data_for(estimator)
    for array in (X, y):
        array.setflags(write=False)
    rows, answers = X.tolist(), y.tolist()
    kept = copy.deepcopy((rows, answers))
    params = repr(estimator.get_params())
    assert estimator.fit(X, y) is estimator
    outcome(estimator, X)
    assert estimator.fit(rows, answers) is estimator
    outcome(estimator, rows)
    assert (rows, answers) == kept
    assert repr(estimator.get_params()) == params
    assert estimator.n_features_in_ == 4


def test_refitting_forgets(estimator):
    X, y = data_for(estimator)
    once = clone(estimator).fit(X, y)
    others, answers = data_for(estimator, d=6, seed=9)
    named = pd.DataFrame(others, columns=list("abcdef"))
    again = clone(estimator).fit(named, answers).fit(X, y)
    assert vars(once).keys() == vars(again).keys()
    assert again.n_features_in_ == 4
    np.testing.assert_array_equal(outcome(once, X), outcome(again, X))


def test_same_seed_same_bits(estimator):
    X, y = data_for(estimator)
    one, two = (outcome(clone(estimator).fit(X, y), X) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_other_shapes_of_the_same_data(estimator):
    X, y = data_for(estimator)
    X = np.round(X * 4)
    expected = outcome(clone(estimator).fit(X, y), X)
    for other in (
        X.tolist(),
        X.astype(int),
        np.asfortranarray(X),
        X.astype(np.float32),
        np.repeat(X, 2, axis=0)[::2],
        pd.DataFrame(X, index=np.arange(len(X))[::-1]),
        pd.DataFrame(X, columns=list("abcd")).convert_dtypes(),
    ):
        for answers in (y.tolist(), pd.Series(y, index=np.arange(len(y)) + 5)):
            found = outcome(clone(estimator).fit(other, answers), other)
            np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_row_alone_is_as_in_the_batch(estimator):
    X, y = data_for(estimator)
    estimator.fit(X, y)
    batch = outcome(estimator, X)
    for row in (0, 7):
        np.testing.assert_allclose(outcome(estimator, X[[row]]), batch[[row]], rtol=1e-12)


def test_column_names_are_remembered_and_checked(estimator):
    X, y = data_for(estimator)
    frame = pd.DataFrame(X, columns=list("abcd"))
    estimator.fit(frame, y)
    assert estimator.feature_names_in_.tolist() == list("abcd")
    np.testing.assert_array_equal(outcome(estimator, frame), outcome(estimator, X))
    with pytest.raises(ValueError, match=r"missing:\s+(- d|\['d'\])"):
        outcome(estimator, frame.rename(columns={"d": "e"}))
    turned = frame[list("dcba")]
    if isinstance(estimator, ColumnTransformer):  # it finds columns by name
        np.testing.assert_array_equal(outcome(estimator, turned), outcome(estimator, frame))
    else:
        with pytest.raises(ValueError, match="in the same order"):
            outcome(estimator, turned)
    assert not hasattr(estimator.fit(X, y), "feature_names_in_")


def test_not_fitted_is_said(estimator):
    X, y = data_for(estimator)
    for method in ("predict", "predict_proba", "decision_function", "transform", "apply"):
        if hasattr(estimator, method):
            with pytest.raises(NotFittedError, match="not fitted yet"):
                getattr(estimator, method)(X)
    if hasattr(type(estimator), "predict"):
        with pytest.raises(ValueError, match="120 were expected|y has 5 rows, but X has 120"):
            estimator.fit(X, y[:5])
    with pytest.raises(NotFittedError):  # a fit that failed is no fit
        outcome(estimator, X)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0] * 30, ValueError, "1 dimension.*reshape"),
        ([[1.0, 2.0], [3.0]] * 30, ValueError, r"Row \d+ of X has \d values?, but row 0 has"),
        ("grades.csv", TypeError, "X is a text, 'grades.csv'.*Read the file first"),
        (np.empty((60, 0)), ValueError, r"0 feature\(s\)"),
        ([[1 + 1j], [2.0]] * 30, ValueError, "Complex data not supported"),
    ],
)
def test_what_is_no_table_is_said(estimator, X, error, message):
    with pytest.raises(error, match=message):
        estimator.fit(X, [0, 1] * 30)


def test_a_cell_that_holds_a_thing_is_said(estimator):
    if isinstance(estimator, MissingIndicator):
        return  # it asks whether a cell is empty, not what is in it
    X, y = [[1.0, 2.0], [{"a": 1}, 3.0]] * 30, [0, 1] * 30
    with pytest.raises((TypeError, ValueError), match="argument must be a string"):
        estimator.fit(X, y)


def test_another_width_is_said(estimator):
    X, y = data_for(estimator)
    with pytest.raises(ValueError, match="X has 3 features, but .* is expecting 4 features"):
        outcome(estimator.fit(X, y), X[:, :3])


def test_a_file_keeps_every_bit(estimator, tmp_path):
    X, y = data_for(estimator)
    estimator.fit(pd.DataFrame(X, columns=list("abcd")), y)
    save(estimator, tmp_path / "model.zip")
    for again in (
        load(tmp_path / "model.zip"),
        pickle.loads(pickle.dumps(estimator)),
        copy.deepcopy(estimator),
    ):
        np.testing.assert_array_equal(outcome(again, X), outcome(estimator, X))
        assert repr(again) == repr(estimator)
        assert again.feature_names_in_.tolist() == list("abcd")


def test_weight_zero_is_no_row_and_ones_are_no_weights(weighted):
    X, y = data_for(weighted)
    plain, w = outcome(clone(weighted).fit(X, y), X), np.ones(len(y))
    np.testing.assert_allclose(outcome(clone(weighted).fit(X, y, **weights(weighted, w)), X), plain)
    w[::4] = 0
    np.testing.assert_allclose(
        outcome(clone(weighted).fit(X, y, **weights(weighted, w)), X),
        outcome(clone(weighted).fit(X[w > 0], y[w > 0]), X),
        rtol=1e-6,
    )


@pytest.mark.parametrize("estimator", UNDEALT, ids=name_of)
def test_weight_two_is_the_row_twice(estimator):
    weighted = without_chance(clone(estimator))
    X, y = data_for(weighted)
    w = np.arange(len(y)) % 3
    np.testing.assert_allclose(
        outcome(clone(weighted).fit(X, y, **weights(weighted, w)), X),
        outcome(clone(weighted).fit(np.repeat(X, w, axis=0), np.repeat(y, w)), X),
        rtol=1e-6,
    )


@pytest.mark.parametrize(
    ("w", "message"),
    [
        (np.zeros(120), "zero in every row"),
        (np.where(np.arange(120) == 3, -1.0, 1.0), "-1.0 in row 3"),
        (np.where(np.arange(120) == 3, np.nan, 1.0), "nan in row 3"),
        (np.ones(5), "5 values, but 120"),
    ],
)
@pytest.mark.parametrize("estimator", JUDGES, ids=name_of)
def test_weights_that_cannot_be_are_said(estimator, w, message):
    weighted = clone(estimator)
    with pytest.raises(ValueError, match=message):
        weighted.fit(*data_for(weighted), **weights(weighted, w))
