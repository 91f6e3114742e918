"""Predictions that look at no column: what every model must beat to be worth its name.

Where seven pupils in ten pass, saying that everyone passes is right for seven in ten.

Notation: n rows, k classes · y (n,) labels or targets · w (n,) weights · P (n, k) probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    FloatArray,
    RandomState,
    check_choice,
    check_finite_vector,
    check_generator,
    check_is_fitted,
    check_real,
    check_same_columns,
    column_names,
)
from mlcore.estimator import Classifier, Estimator, Regressor
from mlcore.metrics.regression import weighted_quantile
from mlcore.tables import frame_or_array


class LooksAtNoColumn(Estimator):
    """A model that counts the rows of X, which may hold anything, and remembers its columns."""

    n_features_in_: int

    def _check_fit_features(self, X: Any) -> FloatArray:
        """Forget the last fit, remember X's columns and return as many rows of nothing, (n, 0)."""
        self._forget()
        table = frame_or_array(X)
        self.n_features_in_ = table.shape[1]
        names = column_names(X)
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        return np.zeros((len(table), 0))

    def _count_rows(self, X: Any) -> int:
        """Return how many rows X has; its columns must be those of fit."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        wanted = None if names is None else list(names)
        check_same_columns(X, self.n_features_in_, wanted, what=type(self).__name__)
        return len(frame_or_array(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.no_validation = True
        for part in (tags.classifier_tags, tags.regressor_tags):
            if part is not None:
                part.poor_score = True
        return tags


class DummyClassifier(LooksAtNoColumn, Classifier):
    """Predict from the classes' shares of the training rows alone.

    Parameters
    ----------
    strategy : "prior" (the most frequent class, with the shares as probabilities),
        "most_frequent" (the same class, with probability 1), "stratified" (classes drawn by their
        shares), "uniform" (drawn with equal chances), or "constant".
    random_state : seed of what is drawn.
    constant : the label that strategy "constant" predicts.

    Attributes
    ----------
    classes_ (k,), class_prior_ (k,) the weighted shares.

    >>> X, y = [["any"], ["thing"], ["at all"]], ["pass", "fail", "pass"]
    >>> model = DummyClassifier().fit(X, y)
    >>> model.predict(X).tolist(), model.predict_proba(X[:1]).round(2).tolist()
    (['pass', 'pass', 'pass'], [[0.33, 0.67]])
    """

    class_prior_: FloatArray

    def __init__(
        self,
        *,
        strategy: str = "prior",
        random_state: RandomState = None,
        constant: Any = None,
    ) -> None:
        self.strategy = strategy
        self.random_state = random_state
        self.constant = constant

    def _row_class_weight(self) -> None:
        return None

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> DummyClassifier:
        """Learn the classes' shares; ValueError where constant is none of them. O(n)."""
        choices = ("prior", "most_frequent", "stratified", "uniform", "constant")
        check_choice("strategy", self.strategy, choices)
        _, index, w, _ = self._check_fit(X, y, sample_weight)
        self.class_prior_ = np.bincount(index, weights=w) / w.sum()
        known = self.classes_.tolist()
        if self.strategy == "constant" and self.constant not in known:
            seen = self.constant
            self._forget()
            raise ValueError(
                f"constant is {seen!r}, but one of the classes {known} was expected. "
                f"Try constant={known[0]!r}."
            )
        return self

    def predict_proba(self, X: Any) -> FloatArray:
        """Return P (n, k); those of drawn classes are 0 and 1."""
        n, k = self._count_rows(X), len(self.classes_)
        if self.strategy in ("prior", "uniform"):
            row = self.class_prior_ if self.strategy == "prior" else np.full(k, 1.0 / k)
            return np.tile(row, (n, 1))
        return np.asarray(self._chosen(n)[:, None] == np.arange(k), dtype=np.float64)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the label of each row (n,)."""
        n = self._count_rows(X)
        return self.classes_[self._chosen(n)]

    def _chosen(self, n: int) -> NDArray[np.int64]:
        """Return the place in classes_ of each row's prediction (n,)."""
        k = len(self.classes_)
        if self.strategy in ("stratified", "uniform"):
            share = self.class_prior_ if self.strategy == "stratified" else None
            return check_generator(self.random_state).choice(k, size=n, p=share)
        if self.strategy == "constant":
            return np.full(n, self.classes_.tolist().index(self.constant))
        return np.full(n, int(self.class_prior_.argmax()))


class DummyRegressor(LooksAtNoColumn, Regressor):
    """Predict one number for all rows, learnt from the targets alone.

    Parameters
    ----------
    strategy : "mean", "median", "quantile" or "constant".
    quantile : the share of the weight that lies at or below the prediction of "quantile".
    constant : the number that strategy "constant" predicts.

    Attributes
    ----------
    constant_ : the number.

    >>> DummyRegressor().fit([[0], [0]], [1.0, 4.0]).predict([[9], [9]]).tolist()
    [2.5, 2.5]
    """

    constant_: float

    def __init__(
        self,
        *,
        strategy: str = "mean",
        quantile: float | None = None,
        constant: float | None = None,
    ) -> None:
        self.strategy = strategy
        self.quantile = quantile
        self.constant = constant

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> DummyRegressor:
        """Learn the number. O(n log n) at most."""
        check_choice("strategy", self.strategy, ("mean", "median", "quantile", "constant"))
        if self.strategy == "quantile":
            check_real("quantile", self.quantile, 0.0, 1.0, advice="0.5")
        if self.strategy == "constant":
            check_finite_vector([self.constant], "constant")
        _, target, w, _ = self._check_fit(X, y, sample_weight)
        if self.strategy == "constant":
            self.constant_ = float(self.constant)  # type: ignore[arg-type]
        elif self.strategy == "mean":
            self.constant_ = float(np.average(target, weights=w))
        else:
            share = 0.5 if self.strategy == "median" else float(self.quantile)  # type: ignore[arg-type]
            self.constant_ = weighted_quantile(target, w, share)
        return self

    def predict(self, X: Any) -> FloatArray:
        """Return the number for each row (n,)."""
        return np.full(self._count_rows(X), self.constant_)
