"""The baselines say what scikit-learn's do."""

import numpy as np
import pytest
import sklearn.dummy as theirs

import mlcore as ours

RNG = np.random.default_rng(0)
X, Y, Z = np.zeros((60, 2)), RNG.integers(0, 4, 60), RNG.normal(size=60).round(1)
W = RNG.integers(0, 4, 60).astype(float)


@pytest.mark.parametrize("w", [None, W])
@pytest.mark.parametrize(
    "how", [{}, {"strategy": "most_frequent"}, {"strategy": "constant", "constant": 2}]
)
def test_classes(how, w):
    mine, other = (m.DummyClassifier(**how).fit(X, Y, w) for m in (ours, theirs))
    np.testing.assert_allclose(mine.predict_proba(X), other.predict_proba(X), rtol=1e-12)
    np.testing.assert_array_equal(mine.predict(X), other.predict(X))


@pytest.mark.parametrize("w", [None, W])
@pytest.mark.parametrize(
    "how",
    [{}, {"strategy": "median"}, {"strategy": "constant", "constant": 2.5}],
)
def test_numbers(how, w):
    mine, other = (m.DummyRegressor(**how).fit(X, Z, w) for m in (ours, theirs))
    np.testing.assert_allclose(mine.predict(X), other.predict(X), rtol=1e-12)
