"""Partial dependence against a loop over points and rows, and what the grid is."""

import numpy as np
import pandas as pd
import pytest

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    RandomForestRegressor,
)
from mlcore.inspection import dependence, partial_dependence
from mlcore.inspection.dependence import grid_of, quantiles


def table(k=2, n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=n), rng.integers(0, 4, n), rng.normal(size=n)])
    score = X[:, 0] * X[:, 1] + X[:, 2]
    return X, np.digitize(score, np.quantile(score, np.arange(1, k) / k)), score


def by_loops(predict, X, columns, grid):
    """Predictions (n, v, v, ...), one call a row and point."""
    shape = [len(values) for values in grid]
    curves = np.zeros((len(X), *shape))
    for place in np.ndindex(*shape):
        for i, row in enumerate(X):
            changed = row.copy()
            for f, j in enumerate(columns):
                changed[j] = grid[f][place[f]]
            curves[(i, *place)] = predict(changed[None])[0]
    return curves


@pytest.mark.parametrize("rows_together", [1, 200, 2**16])
@pytest.mark.parametrize("columns", [[0], [1, 0]])
def test_both_kinds_are_those_of_a_loop(columns, rows_together, monkeypatch):
    monkeypatch.setattr(dependence, "ROWS_TOGETHER", rows_together)
    X, y, _ = table(k=3)
    w = np.random.default_rng(1).uniform(0, 2, len(y))
    model = DecisionTreeClassifier(max_depth=4).fit(X, y)
    found = partial_dependence(model, X, columns, kind="both", grid_resolution=7, sample_weight=w)
    assert [len(values) for values in found.grid_values] == [{0: 7, 1: 4}[j] for j in columns]
    for c in range(3):
        expected = by_loops(
            lambda r, c=c: model.predict_proba(r)[:, c], X, columns, found.grid_values
        )
        np.testing.assert_allclose(found.individual[c], expected, atol=1e-14)
        mean = np.average(expected, axis=0, weights=w)
        np.testing.assert_allclose(found.average[c], mean, atol=1e-14)


def test_a_linear_score_depends_linearly():
    X, y, _ = table()
    model = LogisticRegression(0.01).fit(X, y)
    found = partial_dependence(model, X, 2, response_method="decision_function", kind="both")
    slope = np.diff(found.average[0]) / np.diff(found.grid_values[0])
    np.testing.assert_allclose(slope, model.coef_[0, 2], rtol=1e-9)
    assert found.individual.shape == (1, 60, 60)  # fewer than 100 values: each of them
    probability = partial_dependence(model, X, 2)
    expected = model.predict_proba(np.column_stack([X[:, :2], np.full(60, X[:, 2].min())]))[:, 1]
    assert probability.average[0, 0] == pytest.approx(expected.mean())


def test_centered_curves_start_at_0():
    X, _, target = table()
    model = RandomForestRegressor(5, random_state=0).fit(X, target)
    plain, centred = (
        partial_dependence(model, X, [0, 1], kind="both", grid_resolution=6, centered=yes)
        for yes in (False, True)
    )
    assert not centred.individual[:, :, 0, 0].any()
    for name in ("average", "individual"):
        moved = plain[name] - centred[name]
        np.testing.assert_allclose(moved, moved[..., :1, :1] + 0 * moved, atol=1e-12)
        np.testing.assert_allclose(moved[..., 0, 0], plain[name][..., 0, 0], atol=1e-12)


def test_what_was_not_asked_for_is_not_there():
    X, _, target = table()
    model = DecisionTreeRegressor(max_depth=2).fit(X, target)
    found = partial_dependence(model, X, 0)
    assert found.individual is None
    assert found["average"] is found.average
    for name in ("individual", "other"):
        with pytest.raises(KeyError, match=name):
            found[name]
    assert partial_dependence(model, X, 0, kind="individual").average is None


def test_a_data_frame_of_words_whole_numbers_and_holes():
    X, y, _ = table()
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1].astype(int), "c": np.where(y, "yes", "no")})
    frame.loc[3, "a"] = np.nan
    kept = frame.copy()
    model = DecisionTreeClassifier(missing="direction", categorical_features=["c"]).fit(frame, y)
    words = partial_dependence(model, frame, "c")
    assert words.grid_values[0].tolist() == ["no", "yes"]
    np.testing.assert_array_equal(words.average, [[0.0, 1.0]])
    holes = partial_dependence(model, frame, ["b", "a"], grid_resolution=200)
    assert [len(values) for values in holes.grid_values] == [4, 59]
    pd.testing.assert_frame_equal(frame, kept)


def test_whole_numbers_do_not_round_the_grid():
    X = np.arange(200)[:, None]
    model = DecisionTreeRegressor().fit(X, X[:, 0] >= 100)
    grid = (99.4, 99.6)
    found = dependence.predictions(lambda rows: model.predict(rows)[None], X, [0], [np.array(grid)])
    assert next(found).mean(axis=2).tolist() == [[0.0, 1.0]]


def test_rows_as_lists_of_words_and_numbers():
    X = [[i % 5, "yes" if i % 3 else "no"] for i in range(60)]
    model = DecisionTreeClassifier(categorical_features=[1]).fit(X, [row[1] for row in X])
    assert partial_dependence(model, X, 1).average.tolist() == [[0.0, 1.0]]
    assert partial_dependence(model, X, 0).grid_values[0].tolist() == [0, 1, 2, 3, 4]


def test_quantiles_lie_at_their_places():
    values = np.array([10.0, 0.0, 30.0, 20.0])
    # 4 p + 0.4 + 0.2 p: the places 0.4, 1.45, 2.5 and 4.6, of which the outer ones lie outside
    found = quantiles(values, np.array([0.0, 0.25, 0.5, 1.0]))
    np.testing.assert_allclose(found, [0, 4.5, 15, 30])


def test_a_column_of_one_value_is_one_point_and_a_narrow_one_is_refused():
    assert grid_of(np.ones(50), (0.05, 0.95), 100).tolist() == [1.0]
    assert grid_of(np.array([True, False]), (0.05, 0.95), 2).tolist() == [False, True]
    with pytest.raises(ValueError, match="which makes no grid"):
        grid_of(np.append(np.ones(500), [2.0, 3.0]), (0.05, 0.95), 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "all"}, "kind is 'all'"),
        ({"grid_resolution": 1}, "grid_resolution is 1"),
        ({"percentiles": (0.9, 0.1)}, "rising"),
        ({"percentiles": (0.1, 1.1)}, "percentiles is 1.1"),
        ({"features": 3}, "features holds 3"),
        ({"features": []}, "features is empty"),
        ({"response_method": "score"}, "response_method is 'score'"),
        ({"X": np.ones(3)}, "1 dimension"),
    ],
)
def test_what_makes_no_sense_is_said(wrong, message):
    X, y, _ = table()
    model = DecisionTreeClassifier().fit(X, y)
    with pytest.raises(ValueError, match=message):
        partial_dependence(model, **({"X": X, "features": 0} | wrong))


def test_a_model_without_the_method_is_refused():
    X, _, target = table()
    model = DecisionTreeRegressor().fit(X, target)
    with pytest.raises(TypeError, match="DecisionTreeRegressor has no predict_proba"):
        partial_dependence(model, X, 0, response_method="predict_proba")
