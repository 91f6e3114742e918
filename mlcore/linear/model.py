"""How coefficients predict: the part that every model with linear scores has in common.

Notation: n rows, d features, k classes · X (n, d) · Z = X coef_ᵀ + intercept_ scores · P (n, k)
probabilities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_scores
from mlcore.estimator import Classifier
from mlcore.linear.losses import log_sigmoid, log_softmax, sigmoid, softmax


class LinearClassifier(Classifier):
    """A classifier whose log-odds are linear; subclasses give ``fit``."""

    coef_: FloatArray
    intercept_: FloatArray

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return the scores: (n,) log-odds of classes_[1] for two classes, (n, k) for more.

        ValueError when a score is not finite.
        """
        array = self._check_predict_features(X)
        with np.errstate(over="ignore", invalid="ignore"):
            Z = check_scores(array @ self.coef_.T + self.intercept_)
        return Z[:, 0] if len(self.classes_) == 2 else Z

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the sigmoid of the score, or the softmax of the scores."""
        Z = self.decision_function(X)
        return np.column_stack([sigmoid(-Z), sigmoid(Z)]) if Z.ndim == 1 else softmax(Z)

    def predict_log_proba(self, X: ArrayLike) -> FloatArray:
        """Return log P (n, k), finite even where P rounds to 0."""
        Z = self.decision_function(X)
        if Z.ndim == 1:
            return np.column_stack([log_sigmoid(-Z), log_sigmoid(Z)])
        return log_softmax(Z)

    def _names(self) -> list[str] | None:
        names = getattr(self, "feature_names_in_", None)
        return None if names is None else list(names)
