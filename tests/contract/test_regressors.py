"""What every regressor promises beyond what every estimator does."""

import numpy as np
import pytest

from mlcore.checks import DataConversionWarning
from mlcore.estimator import clone
from tests.contract.estimators import REGRESSORS, SEARCHES, name_of, numbers, weights


@pytest.fixture(params=REGRESSORS, ids=name_of)
def regressor(request):
    return clone(request.param)


def test_it_predicts_numbers_and_scores_by_r2(regressor):
    X, y = numbers()
    predicted = regressor.fit(X, y).predict(X)
    assert predicted.shape == (120,)
    assert predicted.dtype == np.float64
    w = np.linspace(0, 3, len(y))
    error = np.average((y - predicted) ** 2, weights=w)
    spread = np.average((y - np.average(y, weights=w)) ** 2, weights=w)
    assert regressor.score(X, y, w) == pytest.approx(1 - error / spread)
    assert regressor.score(X, y) > 0.7


def test_units_of_the_target_do_not_matter(regressor):
    X, y = numbers()
    plain = clone(regressor).fit(X, y).predict(X)
    moved = clone(regressor).fit(X, 1024 * y + 2**20).predict(X)
    np.testing.assert_allclose((moved - 2**20) / 1024, plain, rtol=1e-9, atol=1e-9)


def test_targets_whose_squares_are_infinite_are_said(regressor):
    X, y = numbers()
    with pytest.raises(ValueError, match="squared errors are infinite. Measure it in larger units"):
        regressor.fit(X, 1e200 * y)
    high = clone(regressor).fit(X, 1e140 * y).predict(X)
    np.testing.assert_allclose(high / 1e140, clone(regressor).fit(X, y).predict(X), rtol=1e-9)


def test_weights_are_heard(regressor):
    X, y = numbers()
    high = np.where(y > 0, 5.0, 1.0)
    plain = clone(regressor).fit(X, y).predict(X).mean()
    assert clone(regressor).fit(X, y, **weights(regressor, high)).predict(X).mean() > plain + 0.02


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([np.nan, 1.0, 2.0], "y is nan in row 0"),
        ([1.0, 2.0, np.inf], "y is inf in row 2"),
        (["1", "much", "3"], "'much' in row 1.*use a classifier"),
        ([1.0, 2.0], "y has 2 values, but 3 were expected"),
        ([[1.0, 2.0]] * 3, r"y has shape \(3, 2\)"),
        ([1j, 2.0, 3.0], "y holds complex numbers"),
        (None, "requires y to be passed, but the target y is None"),
    ],
)
@pytest.mark.parametrize(
    "regressor", [r for r in REGRESSORS if not isinstance(r, SEARCHES)], ids=name_of
)
def test_targets_that_cannot_be_are_said(regressor, y, message):
    with pytest.raises(ValueError, match=message):
        clone(regressor).fit([[1.0], [2.0], [3.0]], y)


def test_missing_values_are_refused_unless_asked_for(regressor):
    X, y = numbers()
    with pytest.raises(ValueError, match="a missing value"):
        regressor.fit(np.where(X > 2, np.nan, X), y)


def test_a_column_of_targets_is_read_with_a_warning(regressor):
    X, y = numbers()
    with pytest.warns(DataConversionWarning, match=r"column-vector y.*\(\d+, 1\).*ravel") as caught:
        column = clone(regressor).fit(X, y[:, None]).predict(X)
    assert caught[0].filename == __file__
    np.testing.assert_array_equal(column, regressor.fit(X, y).predict(X))
