"""What every transformer promises beyond what every estimator does."""

import numpy as np
import pandas as pd
import pytest

from mlcore.estimator import clone
from mlcore.transformer import Transformer
from tests.contract.estimators import TRANSFORMERS, classes, name_of


class Centred(Transformer):
    """Columns less their means: the least that a transformer is."""

    def __init__(self):
        pass

    def fit(self, X, y=None):
        self.mean_ = self._check_fit_features(X).mean(axis=0)
        return self

    def transform(self, X):
        return self._check_predict_features(X) - self.mean_

    def get_feature_names_out(self, input_features=None):
        return np.array([f"x{j}" for j in range(self.n_features_in_)], dtype=object)


@pytest.fixture(params=[Centred(), *TRANSFORMERS], ids=name_of)
def transformer(request):
    return clone(request.param)


def test_fit_transform_is_fit_then_transform(transformer):
    X, y = classes()
    expected = clone(transformer).fit(X, y).transform(X)
    np.testing.assert_array_equal(clone(transformer).fit_transform(X, y), expected)
    assert len(expected) == len(X)


def test_every_column_has_a_name(transformer):
    X, y = classes()
    for given in (X, pd.DataFrame(X, columns=list("abcd"))):
        columns = transformer.fit(given, y).transform(given)
        names = transformer.get_feature_names_out()
        assert len(names) == np.shape(columns)[1]
        assert len(set(names)) == len(names)
        assert all(isinstance(name, str) for name in names)


def test_new_rows_are_not_looked_at(transformer):
    X, y = classes()
    new = classes(seed=5)[0][:6] * 3
    batch = np.asarray(transformer.fit(X, y).transform(new))
    for row in range(len(new)):
        alone = np.asarray(transformer.transform(new[[row]]))
        np.testing.assert_allclose(alone, batch[[row]], rtol=1e-12)


def test_what_was_given_stays(transformer):
    X, y = classes()
    kept = X.copy()
    transformer.fit(X, y).transform(X)
    np.testing.assert_array_equal(X, kept)
