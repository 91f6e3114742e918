"""Logistic regression for two or more classes, by gradient descent on standardised columns.

Notation: n rows, d features, k classes · X (n, d) · y (n,) labels · w (n,) weights ·
Z = X coef_ᵀ + intercept_ scores · P (n, k) probabilities.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    ConvergenceWarning,
    FloatArray,
    check_integer,
    check_real,
)
from mlcore.estimator import Classifier
from mlcore.linear.losses import Objective, sigmoid, softmax
from mlcore.linear.solvers import gradient_descent

# A straight cut that gets every row right can be made surer without end by longer coefficients.
# Source: Albert & Anderson (1984), Biometrika 71, on complete separation.
SEPARATED = (
    "The columns separate the classes completely: every row is on its side, so the likelihood has "
    "no largest value and the coefficients have no finite answer. Set alpha=0.01, or look for a "
    "column that gives the label away."
)


def standardised(
    X: FloatArray, w: FloatArray, centre: bool = True
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return A (n, d+1), a column of ones and X with weighted mean 0 and deviation 1, and both.

    The means and deviations come as (d,) each. A column that does not vary becomes zeros, so its
    coefficient stays 0. Without ``centre`` columns are only scaled, and zeros stand for the ones.
    """
    share = w / w.sum()
    mean = share @ X
    A = np.zeros((len(X), X.shape[1] + 1))
    inner = A[:, 1:]
    np.subtract(X, mean, out=inner)
    largest = np.maximum(np.abs(inner).max(axis=0), np.finfo(float).tiny)
    inner /= largest  # entries within ±1, so that squaring neither overflows nor vanishes
    spread = np.sqrt(share @ inner**2)
    scale = largest * spread
    # A constant column may leave rounding dust behind: 1e-13 of its size is no variation.
    constant = scale <= 1e-13 * np.abs(mean)
    scale[constant], spread[constant] = 1.0, 1.0
    inner[:, constant] = 0.0
    if centre:
        A[:, 0] = 1.0
        inner /= spread
    else:
        np.divide(X, scale, out=inner)
    return A, mean, scale


class LogisticRegression(Classifier):
    """Linear log-odds: P(class 1 | x) = sigmoid(x·coef_ + intercept_), softmax for k > 2.

    Minimises J = sum(w * loss) / sum(w) + alpha / 2 * sum(coef²), where w includes the class
    weights. The intercept is not penalised, and alpha is 0 unless asked for. scikit-learn's C is
    1 / (alpha * sum(w)). Columns are standardised inside the solver and mapped back, so units do
    not matter to the speed, and the penalty acts on the coefficients of the columns as given.

    Parameters
    ----------
    alpha : strength of the L2 penalty, at least 0.
    max_iter : most steps of descent.
    tol : stop when no entry of the gradient (of standardised columns) exceeds this.
    fit_intercept : whether the scores have a constant term.
    class_weight : None, "balanced", or a weight for each label.

    Attributes
    ----------
    coef_ (1, d) or (k, d), intercept_ (1,) or (k,), classes_ (k,), n_iter_, converged_,
    loss_curve_ and gradient_norm_curve_ (n_iter_ + 1,).

    Warns ConvergenceWarning when max_iter comes first, and when the columns separate the classes
    completely, so that no finite answer exists. When they separate all but some pupils the answer
    is infinite too, and max_iter comes first: then set alpha.
    Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, section 4.4.

    >>> X, y = [[1.0], [2.0], [3.0], [4.0]], ["no", "yes", "no", "yes"]
    >>> model = LogisticRegression().fit(X, y)
    >>> model.predict([[0.0], [5.0]]).tolist()
    ['no', 'yes']
    """

    def __init__(
        self,
        alpha: float = 0.0,
        *,
        max_iter: int = 1000,
        tol: float = 1e-8,
        fit_intercept: bool = True,
        class_weight: Any = None,
    ) -> None:
        self.alpha = alpha
        self.max_iter = max_iter
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> LogisticRegression:
        """Find the coefficients of least penalised loss.

        Cost: O(n d² + d³) once, then at most max_iter steps of O(n d k).
        """
        check_real("alpha", self.alpha, 0.0)
        check_integer("max_iter", self.max_iter, 1)
        check_real("tol", self.tol, 0.0)
        array, index, w, _ = self._check_fit(X, y, sample_weight, least_classes=2)
        k = len(self.classes_)
        A, mean, scale = standardised(array, w, centre=bool(self.fit_intercept))
        # Squared last and kept below 1e200: a column in units of 1e-200 would overflow.
        ridge = np.concatenate([[0.0], np.minimum(np.sqrt(self.alpha) / scale, 1e100) ** 2])
        objective = Objective(A, index, w, ridge, n_scores=1 if k == 2 else k)
        theta = self._descend(objective)

        self.coef_ = theta[:, 1:] / scale
        shift = self.coef_ @ mean if self.fit_intercept else 0.0
        self.intercept_ = theta[:, 0] - shift
        if self.alpha == 0 and np.array_equal(self.predict(array), self.classes_[index]):
            warnings.warn(SEPARATED, ConvergenceWarning, stacklevel=2)
        return self

    def _descend(self, objective: Objective) -> FloatArray:
        """Take steps until the gradient is small; keep the history; return theta."""
        start = np.zeros((objective.n_scores, objective.A.shape[1]))
        losses, norms = [], []
        for step in gradient_descent(objective, start):
            losses.append(step.loss)
            norms.append(step.gradient_norm)
            self.converged_ = bool(step.gradient_norm <= self.tol)
            if self.converged_ or len(losses) > self.max_iter or not np.isfinite(step.loss):
                break
        self.n_iter_ = len(losses) - 1
        self.loss_curve_, self.gradient_norm_curve_ = np.array(losses), np.array(norms)
        if not self.converged_:
            warnings.warn(
                f"Logistic regression stopped after {self.n_iter_} steps with a gradient of "
                f"{norms[-1]:.1e}; {self.tol:.1e} was expected. Raise max_iter, or set alpha=0.01 "
                "if some coefficients are very large.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return step.theta

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return the scores: (n,) log-odds of classes_[1] for two classes, (n, k) for more."""
        Z = self._check_predict_features(X) @ self.coef_.T + self.intercept_
        return Z[:, 0] if len(self.classes_) == 2 else Z

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the sigmoid of the score, or the softmax of the scores."""
        Z = self.decision_function(X)
        if Z.ndim == 1:
            return np.column_stack([sigmoid(-Z), sigmoid(Z)])
        return softmax(Z)
