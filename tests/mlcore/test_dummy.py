"""Baselines: what they say without looking, and that they look at nothing."""

import numpy as np
import pandas as pd
import pytest

from mlcore import DummyClassifier, DummyRegressor, NotFittedError, load, save
from mlcore.model_selection import cross_val_score

X = pd.DataFrame({"words": ["a", None, "b", "c", "d"], "holes": [np.nan, 1, 2, np.inf, 4]})
Y = np.array(["pass", "fail", "pass", "late", "pass"])


def test_shares_and_the_most_frequent_class_by_hand():
    model = DummyClassifier().fit(X, Y)
    assert model.class_prior_.tolist() == [0.2, 0.2, 0.6]
    assert model.predict(X).tolist() == ["pass"] * 5
    assert model.predict_proba(X).tolist() == [[0.2, 0.2, 0.6]] * 5
    assert model.score(X, Y) == 0.6
    sure = DummyClassifier(strategy="most_frequent").fit(X, Y)
    assert sure.predict_proba(X[:1]).tolist() == [[0.0, 0.0, 1.0]]
    told = DummyClassifier(strategy="constant", constant="late").fit(X, Y)
    assert told.predict(X[:2]).tolist() == ["late", "late"]
    assert told.predict_proba(X[:1]).tolist() == [[0.0, 1.0, 0.0]]


def test_of_equally_frequent_classes_the_first_is_predicted():
    assert DummyClassifier().fit([[0], [0]], ["b", "a"]).predict([[0]]).tolist() == ["a"]


def test_weights_are_shares_and_weight_zero_is_no_row():
    model = DummyClassifier().fit(X, Y, sample_weight=[1, 3, 0, 0, 0])
    assert model.classes_.tolist() == ["fail", "pass"]
    assert model.class_prior_.tolist() == [0.75, 0.25]
    assert DummyRegressor().fit([[0]] * 3, [1.0, 5.0, 99.0], [1, 3, 0]).constant_ == 4.0


@pytest.mark.parametrize(
    ("strategy", "shares"), [("stratified", [0.2, 0.2, 0.6]), ("uniform", [1 / 3] * 3)]
)
def test_classes_are_drawn_by_their_shares(strategy, shares):
    model = DummyClassifier(strategy=strategy, random_state=0).fit(X, Y)
    rows = np.zeros((6000, 2))
    drawn = model.predict(rows)
    seen = [(drawn == label).mean() for label in model.classes_]
    np.testing.assert_allclose(seen, shares, atol=0.02)
    np.testing.assert_array_equal(drawn, model.predict(rows))  # the same seed, the same draws
    P = model.predict_proba(rows)
    if strategy == "uniform":
        assert (P == 1 / 3).all()
    else:
        np.testing.assert_array_equal(model.classes_[P.argmax(axis=1)], drawn)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, 4.0),
        ({"strategy": "median"}, 2.0),
        ({"strategy": "quantile", "quantile": 0.9}, 9.0),
        ({"strategy": "constant", "constant": 7}, 7.0),
    ],
)
def test_one_number_for_all(how, expected):
    model = DummyRegressor(**how).fit([[0]] * 3, [1.0, 2.0, 9.0])
    assert model.predict([["any"], ["thing"]]).tolist() == [expected] * 2


def test_what_is_wrong_is_said():
    for wrong, message in [
        ({"strategy": "luck"}, "strategy is 'luck'"),
        ({"strategy": "constant", "constant": "gone"}, "constant is 'gone', but one of"),
    ]:
        model = DummyClassifier(**wrong)
        with pytest.raises(ValueError, match=message):
            model.fit(X, Y)
        with pytest.raises(NotFittedError):
            model.predict(X)
    with pytest.raises(ValueError, match="quantile is None"):
        DummyRegressor(strategy="quantile").fit([[0]], [1.0])
    with pytest.raises(ValueError, match="constant"):
        DummyRegressor(strategy="constant").fit([[0]], [1.0])
    with pytest.raises(ValueError, match="expecting 2 features"):
        DummyClassifier().fit(X, Y).predict([[1]])


def test_a_file_keeps_it_and_it_cross_validates(tmp_path):
    model = DummyClassifier().fit(X, Y)
    save(model, tmp_path / "dummy.zip")
    assert load(tmp_path / "dummy.zip").predict(X).tolist() == ["pass"] * 5
    scores = cross_val_score(DummyClassifier(), np.zeros((20, 1)), ["a"] * 12 + ["b"] * 8, cv=4)
    assert scores.tolist() == [0.6] * 4
