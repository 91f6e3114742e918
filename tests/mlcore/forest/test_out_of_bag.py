"""The out-of-bag error by trees against an average taken anew for every number of trees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeRegressor, RandomForestClassifier
from mlcore.forest.out_of_bag import check_bags, out_of_bag_error_curve, out_of_bag_values


def anew(per_tree, y, w, kind):
    """Average the values of the first b trees row by row, for every b."""
    errors = []
    for b in range(1, len(per_tree) + 1):
        loss, weight = 0.0, 0.0
        for i in range(len(y)):
            votes = [values[out[:i].sum()] for out, values in per_tree[:b] if out[i]]
            if not votes:
                continue
            mean = [sum(column) / len(votes) for column in zip(*votes, strict=True)]
            wrong = mean.index(max(mean)) != y[i]
            loss += w[i] * (wrong if kind == "classification" else (mean[0] - y[i]) ** 2)
            weight += w[i]
        errors.append(loss / weight if weight else np.nan)
    return errors


@pytest.mark.parametrize("kind", ["classification", "regression"])
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_curve_of_drawn_values(kind, seed):
    rng = np.random.default_rng(seed)
    n, t, k = rng.integers(1, 12), rng.integers(1, 9), 3 if kind == "classification" else 1
    outs = rng.random((t, n)) < rng.choice([0.1, 0.4])
    per_tree = [(out, rng.normal(size=(out.sum(), k))) for out in outs]
    y = rng.integers(0, 3, n) if kind == "classification" else rng.normal(size=n)
    w = rng.integers(0, 3, n).astype(float)
    w[0] = 1.0
    curve = out_of_bag_error_curve(iter(per_tree), y, w, kind=kind)
    np.testing.assert_allclose(curve, anew(per_tree, y, w, kind), rtol=1e-12)


def test_curve_ends_at_the_score_of_the_forest_and_falls():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 5))
    y = (X[:, 0] + X[:, 1] + rng.normal(0, 0.7, 300) > 0).astype(int)
    forest = RandomForestClassifier(80, oob_score=True, random_state=4).fit(X, y)
    bags = [
        np.bincount(g.integers(0, 300, 300), minlength=300)
        for g in np.random.default_rng(4).spawn(80)
    ]
    curve = out_of_bag_error_curve(out_of_bag_values(forest.trees_, bags, X), y)
    assert curve.shape == (80,)
    assert curve[-1] == pytest.approx(1 - forest.oob_score_, abs=1e-12)
    assert curve[-1] < curve[:3].mean() - 0.05


def test_values_of_a_regression_are_those_of_the_rows_left_out():
    rng = np.random.default_rng(1)
    X, bags = rng.normal(size=(30, 2)), rng.integers(0, 3, (4, 30))
    y = X[:, 0] + rng.normal(size=30)
    models = [DecisionTreeRegressor(max_depth=2).fit(X, y, bag) for bag in bags]
    found = list(out_of_bag_values([model.tree_ for model in models], bags, X))
    for model, bag, (out, values) in zip(models, bags, found, strict=True):
        np.testing.assert_array_equal(out, bag == 0)
        np.testing.assert_array_equal(values[:, 0], model.predict(X)[bag == 0])


def test_no_row_is_scored_before_a_tree_has_left_one_out():
    nobody = np.zeros(2, dtype=bool), np.zeros((0, 2))
    one = np.array([False, True]), np.array([[0.2, 0.8]])
    np.testing.assert_array_equal(out_of_bag_error_curve([nobody, one], [0, 1]), [np.nan, 0])


@pytest.mark.parametrize(
    ("bags", "message"),
    [
        ([[1, 0, 1]], r"shape \(1, 3\), but \(2, 3\)"),
        ([[1, 0, 1], [1, 1, -1]], "-1.0 for tree 1 and row 2"),
        ([[1, 0, 1], [1, np.nan, 1]], "nan for tree 1 and row 1"),
    ],
)
def test_bags_that_are_refused(bags, message):
    with pytest.raises(ValueError, match=message):
        check_bags(bags, 2, 3)
