"""A model that remembers what it was given; the first column of X numbers the rows."""

import numpy as np

from mlcore.estimator import Classifier


class Spy(Classifier):
    """Remembers the rows and weights of fit, and the rows it predicts; says the commonest class.

    ``fails_on`` is a row that it refuses to be fitted on.
    """

    def __init__(self, bias=0, fails_on=None, log=None):
        self.bias = bias
        self.fails_on = fails_on
        self.log = log

    def fit(self, X, y, sample_weight=None, note=None):
        self.rows_ = np.asarray(X)[:, 0].astype(int)
        if self.fails_on in self.rows_:
            raise RuntimeError(f"row {self.fails_on} is unbearable")
        self.weights_ = None if sample_weight is None else np.asarray(sample_weight)
        self.note_ = note
        self.classes_, counts = np.unique(y, return_counts=True)
        self.share_ = counts / counts.sum()
        return self

    def predict_proba(self, X):
        rows = np.asarray(X)[:, 0].astype(int)
        assert not set(rows) & set(self.rows_), "a row that was fitted on is tested"
        return np.tile(self.share_, (len(rows), 1))


def numbered(n, seed=0):
    """Return X whose first column numbers the rows, and two classes."""
    rng = np.random.default_rng(seed)
    return np.column_stack([np.arange(n), rng.normal(size=n)]), rng.permutation(np.arange(n) % 2)
