"""What every classifier promises beyond what every estimator does."""

import numpy as np
import pandas as pd
import pytest

from mlcore.checks import DataConversionWarning
from mlcore.estimator import Classifier, clone
from tests.contract.estimators import CLASSIFIERS, classes, name_of, weights


@pytest.fixture(params=CLASSIFIERS, ids=name_of)
def model(request):
    return clone(request.param)


@pytest.mark.parametrize("k", [2, 3])
def test_probabilities(model, k):
    X, y = classes(k)
    P = model.fit(X, y).predict_proba(X)
    assert P.shape == (len(X), k)
    assert P.dtype == np.float64
    assert (P >= 0).all()
    assert len(model.classes_) == k
    if isinstance(model, Classifier):
        assert model.n_classes_ == k
        assert not hasattr(clone(model), "n_classes_")
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
    X, y = classes()
    given = np.asarray(labels)[y]
    model.fit(X, given)
    assert model.classes_.tolist() == sorted(labels)
    assert model.predict(X).dtype == given.dtype
    assert set(model.predict(X).tolist()) <= set(given.tolist())
    assert model.score(X, given) > 0.8


def test_weights_and_class_weights_are_heard(model):
    X, y = classes()
    w = np.where(y == 1, 5.0, 1.0)
    plain = clone(model).fit(X, y).predict_proba(X)[:, 1].mean()
    weighted = clone(model).fit(X, y, **weights(model, w)).predict_proba(X)
    assert weighted[:, 1].mean() > plain + 0.02
    if "class_weight" not in model.get_params(deep=False):
        return
    for spelt in ({1: 5.0}, {0: 1.0, 1: 5.0}):
        by_class = clone(model).set_params(class_weight=spelt).fit(X, y).predict_proba(X)
        np.testing.assert_allclose(by_class, weighted, rtol=1e-6)
    rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:15]])
    wr = np.linspace(0.5, 2, len(rare))
    factor = wr.sum() / (2 * np.where(y[rare] == 1, wr[y[rare] == 1].sum(), wr[y[rare] == 0].sum()))
    balanced = clone(model).set_params(class_weight="balanced").fit(X[rare], y[rare], wr)
    by_hand = clone(model).fit(X[rare], y[rare], wr * factor)
    np.testing.assert_allclose(
        balanced.predict_proba(X), by_hand.predict_proba(X), rtol=1e-6, atol=1e-9
    )
    with pytest.raises(ValueError, match="class_weight is 0 for every row"):
        clone(model).set_params(class_weight={0: 0.0, 1: 0.0}).fit(X, y)


def test_score_is_weighted(model):
    X, y = classes()
    w = np.linspace(0, 3, len(y))
    model.fit(X, y)
    expected = np.average(model.predict(X) == y, weights=w)
    assert model.score(X, y, w) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [np.nan]], [0, 1], "missing value"),
        ([[1.0], [2.0]], [0, 1, 1], "90 values, but 60|90 rows, but X has 60"),
        ([[1.0], [2.0]], [0.5, 1.5], "continuous"),
        ([["x"], ["y"]], [0, 1], "numbers were expected"),
    ],
)
def test_bad_data_is_said(model, X, y, message):
    with pytest.raises(ValueError, match=message):
        model.fit(X * 30, y * 30)


def test_missing_and_odd_labels_are_said(model):
    X, _ = classes()
    for y, message in [
        ([None, *["a"] * 119], "y is missing in row 0"),
        ([1, "a"] * 60, "Use one type"),
        (np.ones((120, 2)), r"y has shape \((120|80), 2\)"),
        (None, "requires y to be passed, but the target y is None"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.fit(X, np.array(y, dtype=object) if isinstance(y, list) else y)


def test_a_column_of_labels_is_read_with_a_warning(model):
    X, y = classes()
    frame = pd.DataFrame({"label": y})
    with pytest.warns(DataConversionWarning, match=r"column-vector y.*\(\d+, 1\).*ravel") as caught:
        column = clone(model).fit(X, frame).predict(X)
    assert {warning.filename for warning in caught} == {__file__}
    np.testing.assert_array_equal(column, model.fit(X, y).predict(X))
