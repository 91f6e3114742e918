"""Many penalties at once: the coefficients as alpha falls, and the alpha that predicts best.

From alpha_max, where a lasso leaves all coefficients at 0, alpha falls in equal ratios; each fit
begins at the last one.

Notation: m alphas, n rows, d features, r scores (1 for two classes) · g gradient.

Source: Friedman, Hastie & Tibshirani (2010), Regularization paths for generalized linear models,
J. Statistical Software 33.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    ConvergenceWarning,
    FloatArray,
    IntArray,
    RandomState,
    check_choice,
    check_finite_vector,
    check_integer,
)
from mlcore.checks.kinds import kept_warnings, warn_caller
from mlcore.linear.descent import descend
from mlcore.linear.design import Design, standardised
from mlcore.linear.folds import chosen_folds
from mlcore.linear.logistic import LogisticRegression
from mlcore.linear.losses import logistic_loss, softmax_loss
from mlcore.linear.model import LinearClassifier
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent

LEAST_LASSO = 1e-3  # the l1_ratio of a pure ridge, where a grid of alphas begins


class Path(NamedTuple):
    """Fits for falling alphas (m,): coef (m, r, d) and intercept (m, r) of the columns as given.

    n_iter (m,) is the number of steps from one fit to the next.
    """

    alphas: FloatArray
    coef: FloatArray
    intercept: FloatArray
    n_iter: IntArray


def logistic_path(
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    alphas: ArrayLike | None = None,
    n_alphas: int = 50,
    l1_ratio: float = 1.0,
    fit_intercept: bool = True,
    class_weight: Any = None,
    max_iter: int = 1000,
    tol: float = 1e-10,
) -> Path:
    """Return logistic regressions for many alphas, from the strongest to the weakest.

    Without ``alphas`` there are ``n_alphas``, from alpha_max down to a thousandth of what would be
    the alpha_max of a pure lasso. The other parameters are LogisticRegression's.

    >>> path = logistic_path([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1], alphas=[0.1, 1.0])
    >>> path.alphas.tolist(), path.coef[0].tolist()
    ([1.0, 0.1], [[0.0]])
    """
    check_integer("n_alphas", n_alphas, 2)
    model = LogisticRegression(
        l1_ratio=l1_ratio,
        max_iter=max_iter,
        tol=tol,
        fit_intercept=fit_intercept,
        class_weight=class_weight,
    )
    model._check_parameters()
    array, index, w, _ = model._check_fit(X, y, sample_weight, least_classes=2)
    design = standardised(array, w, bool(fit_intercept))
    objective = model._objective(design, index, w)
    grid = _grid(objective, design, alphas, n_alphas, l1_ratio)
    theta = null_theta(objective, design)
    coefs, intercepts, steps, stopped = [], [], [], []
    for alpha in grid:
        ridge, lasso = design.penalty(alpha, l1_ratio)
        here = replace(objective, ridge=ridge, lasso=lasso)
        descent = descend(gradient_descent(here, theta), tol, max_iter)
        theta = descent.last.theta
        steps.append(len(descent.losses) - 1)
        if not descent.converged:
            stopped.append(alpha)
        coef, intercept = design.coefficients(theta)
        coefs.append(coef)
        intercepts.append(intercept - intercept.mean() if len(intercept) > 1 else intercept)
    if stopped:
        warn_caller(
            f"The path's fits did not converge for {len(stopped)} of {len(grid)} alphas, the "
            f"largest {max(stopped):.2g}. Raise max_iter, or leave out the smallest alphas.",
            ConvergenceWarning,
        )
    return Path(grid, np.array(coefs), np.array(intercepts), np.array(steps))


def null_theta(objective: Objective, design: Design) -> FloatArray:
    """Return theta (r, p) of the model without columns: only how frequent each class is."""
    theta = np.zeros((objective.n_scores, objective.A.shape[1]))
    if design.kept[0]:
        share = np.bincount(objective.y, weights=objective.w) / objective.total_weight
        odds = np.log(share) - np.log(share).mean()
        theta[:, 0] = odds[1] - odds[0] if objective.n_scores == 1 else odds
    return theta


def alpha_max(objective: Objective, design: Design, l1_ratio: float) -> float:
    """Return the least alpha for which all coefficients are 0.

    They are when no slope at the null model exceeds the lasso. Without a lasso they never are
    quite; then, as in glmnet, an l1_ratio of LEAST_LASSO is taken to begin with.
    """
    g = objective.at(null_theta(objective, design)).gradient
    slope = np.abs(g[:, -len(design.scale) :]) * design.scale
    return float(slope.max() / max(l1_ratio, LEAST_LASSO))


def _grid(
    objective: Objective,
    design: Design,
    alphas: ArrayLike | None,
    n_alphas: int,
    l1_ratio: float,
) -> FloatArray:
    """Return the alphas in falling order."""
    if alphas is None:
        top = alpha_max(objective, design, l1_ratio)
        if top <= np.finfo(float).tiny:
            raise ValueError(
                "No column of X tells the classes apart at all, so no alpha is the largest that "
                "matters. Check that the columns vary, or give alphas."
            )
        return np.geomspace(top, 1e-3 * top * max(l1_ratio, LEAST_LASSO), n_alphas)
    grid = check_finite_vector(np.atleast_1d(np.asarray(alphas)), "alphas")
    if not len(grid) or (grid <= 0).any():
        raise ValueError(
            f"alphas is {grid.tolist()}, but numbers above 0 were expected. "
            "Use LogisticRegression() for no penalty."
        )
    return np.sort(grid)[::-1]


class LogisticRegressionCV(LinearClassifier):
    """Logistic regression whose alpha predicts best in cross-validation.

    The rows are dealt into folds with equal shares of each class; each fold is predicted by the
    path fitted on the others, and alpha_ has the least mean log loss. With rule "1se" it is the
    strongest alpha within one standard error of that: fewer columns for a loss that chance
    explains (Breiman et al. 1984, section 3.4.3).

    Parameters
    ----------
    alphas : the candidates; by default n_alphas, as in logistic_path.
    l1_ratio : share of the lasso in the penalty, 0 to 1.
    cv : number of folds; or an object whose split(X, y) yields the rows to train and to test on of
        each, or a list of such pairs.
    rule : "min" or "1se".
    max_iter, tol, fit_intercept, class_weight : as in LogisticRegression.
    random_state : seed that deals the rows out.

    Attributes
    ----------
    coef_, intercept_, classes_ as in LogisticRegression; alpha_, alphas_ (m,), cv_loss_ (cv, m) the
    log loss of each fold, mean_loss_ and loss_error_ (m,) their mean and its standard error,
    converged_ (of every fit), n_iter_ the steps along the path of all rows. With class weights the
    losses are weighted too.

    >>> X, y = [[1.0], [2.0], [3.0], [4.0]] * 5, [0, 0, 1, 1] * 5
    >>> LogisticRegressionCV(cv=2, random_state=0).fit(X, y).predict([[0.0], [5.0]]).tolist()
    [0, 1]
    """

    def __init__(
        self,
        alphas: ArrayLike | None = None,
        *,
        n_alphas: int = 50,
        l1_ratio: float = 0.0,
        cv: Any = 5,
        rule: str = "min",
        max_iter: int = 1000,
        tol: float = 1e-10,
        fit_intercept: bool = True,
        class_weight: Any = None,
        random_state: RandomState = None,
    ) -> None:
        self.alphas = alphas
        self.n_alphas = n_alphas
        self.l1_ratio = l1_ratio
        self.cv = cv
        self.rule = rule
        self.max_iter = max_iter
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> LogisticRegressionCV:
        """Choose alpha by cross-validation, then fit all rows. Cost: cv + 1 paths."""
        check_choice("rule", self.rule, ("min", "1se"))
        array, index, w, kept = self._check_fit(X, y, sample_weight, least_classes=2)
        folds = chosen_folds(self.cv, array, index, kept, self.random_state)
        losses = []
        with kept_warnings(ConvergenceWarning) as caught:
            path = self._path(array, index, w, self.alphas)
            for train, test in folds:
                part = self._path(array[train], index[train], w[train], path.alphas)
                losses.append(path_losses(part, array[test], index[test], w[test]))
        self.converged_ = not caught
        if caught:
            warn_caller(f"Of all rows or in a fold: {caught[0]}", ConvergenceWarning)
        self.n_iter_ = int(path.n_iter.sum())
        self.alphas_, self.cv_loss_ = path.alphas, np.array(losses)
        self.mean_loss_ = self.cv_loss_.mean(axis=0)
        self.loss_error_ = self.cv_loss_.std(axis=0, ddof=1) / np.sqrt(len(losses))
        best = int(self.mean_loss_.argmin())
        if best == len(path.alphas) - 1 and still_falling(self.mean_loss_, self.loss_error_):
            warn_caller(
                f"The best alpha, {path.alphas[-1]:.2g}, is the smallest tried, and the loss was "
                "still falling towards it. Give smaller ones in alphas."
            )
        if self.rule == "1se":
            limit = self.mean_loss_[best] + self.loss_error_[best]
            best = int(np.flatnonzero(self.mean_loss_ <= limit)[0])
        self.alpha_ = float(path.alphas[best])
        self.coef_, self.intercept_ = path.coef[best], path.intercept[best]
        return self

    def _path(self, X: FloatArray, y: IntArray, w: FloatArray, alphas: ArrayLike | None) -> Path:
        return logistic_path(
            X,
            y,
            w,
            alphas=alphas,
            n_alphas=self.n_alphas,
            l1_ratio=self.l1_ratio,
            fit_intercept=self.fit_intercept,
            max_iter=self.max_iter,
            tol=self.tol,
        )


def still_falling(loss: FloatArray, error: FloatArray) -> bool:
    """Return whether the last step towards smaller alphas lowered the loss (m,) by more than chance.

    That is by more than 1 % of its standard error (m,): the steps of a grid are small.
    """
    return len(loss) > 1 and bool(loss[-2] - loss[-1] > 0.01 * error[-1])


def path_losses(path: Path, X: FloatArray, y: IntArray, w: FloatArray) -> FloatArray:
    """Return the mean log loss (m,) of each fit of a path on rows of class numbers y (n,)."""
    losses = []
    for coef, intercept in zip(path.coef, path.intercept, strict=True):
        Z = X @ coef.T + intercept
        loss = logistic_loss if Z.shape[1] == 1 else softmax_loss
        losses.append(float(w @ loss(Z, y) / w.sum()))
    return np.array(losses)
