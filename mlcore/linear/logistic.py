"""Logistic regression for two or more classes: the class that holds the answer.

The losses are in ``losses``, what is minimised in ``objective``, the descents in ``solvers``, and
when no finite answer exists in ``separation``.

Notation: n rows, d features, k classes · X (n, d) · y (n,) labels · w (n,) weights ·
Z = X coef_ᵀ + intercept_ scores · P (n, k) probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    CollinearityWarning,
    ConvergenceWarning,
    FloatArray,
    IntArray,
    RandomState,
    SeparationWarning,
    check_choice,
    check_enough_rows,
    check_flag,
    check_generator,
    check_integer,
    check_real,
    check_some_column,
)
from mlcore.checks.kinds import warn_caller
from mlcore.linear.advice import (
    HARDLY_DETERMINED,
    columns_to_blame,
    plain_remedy,
    repeats_message,
    separation_message,
    stopped_remedy,
)
from mlcore.linear.descent import Descent, descend
from mlcore.linear.design import Design, as_given, repeated_columns, standardised
from mlcore.linear.model import LinearClassifier
from mlcore.linear.objective import Objective, Point
from mlcore.linear.separation import find_separation, settled, too_large
from mlcore.linear.solvers import gradient_descent, momentum, nesterov, newton, sgd

SOLVERS: dict[str, Callable[..., Iterator[Point]]] = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "sgd": sgd,
    "newton": newton,
}


EXACT = 1e4  # times tol: how far a Newton step may still move a score without a penalty


class LogisticRegression(LinearClassifier):
    """Linear log-odds: P(class 1 | x) = sigmoid(x·coef_ + intercept_), softmax for k > 2.

    Minimises J = sum(w loss) / sum(w) + alpha (l1_ratio |coef|₁ + (1 - l1_ratio) / 2 |coef|²),
    where w includes the class weights. The intercept is never penalised, and alpha is 0 unless
    asked for. scikit-learn's C is 1 / (alpha sum(w)).

    Parameters
    ----------
    alpha : strength of the penalty, at least 0.
    l1_ratio : share of the lasso in it, 0 to 1; above 0 some coefficients are exactly 0. With
        l1_ratio=1 and an even number of classes the coefficients have more than one best answer
        (the probabilities have one), of which this is any.
    solver : "gradient_descent", "momentum", "nesterov", "sgd" or "newton"; see ``solvers``.
    learning_rate : None for steps that suit the curvature, on columns that are standardised
        inside (the answer and the penalty are those of the columns as given): "gradient_descent"
        is then a quasi-Newton method (BFGS; L-BFGS for many coefficients), and Newton's where there
        is a lasso. A number for the textbook's descent: exactly that step, on the columns as given.
    batch_size : rows of a step of "sgd".
    max_iter : most steps; passes over the rows for "sgd".
    tol : stop when no entry of the (sub)gradient exceeds this.
    fit_intercept : whether the scores have a constant term.
    class_weight : None, "balanced", or a weight for each label.
    warm_start : begin with the coefficients of the last fit.
    random_state : seed of "sgd".
    callback : called with each Point (theta with the intercept first, loss, gradient,
        gradient_norm) in the solver's columns; the descent stops if it returns something true.

    Attributes
    ----------
    coef_ (1, d) or (k, d), intercept_ (1,) or (k,), classes_ (k,), n_iter_, converged_,
    loss_curve_ and gradient_norm_curve_ (n_iter_ + 1,).

    Warns
    -----
    SeparationWarning when alpha is 0 and a direction of the coefficients is found along which no
    row's loss rises and some fall: the coefficients have no finite answer (Albert & Anderson
    1984). ``separation`` says how this is proved; the warning names columns and classes.
    CollinearityWarning when alpha is 0 and columns repeat earlier ones: their coefficients are 0.
    ConvergenceWarning when the steps end before the gradient is small.
    Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, section 4.4.

    >>> X, y = [[1.0], [2.0], [3.0], [4.0]], ["no", "yes", "no", "yes"]
    >>> model = LogisticRegression().fit(X, y)
    >>> model.predict([[0.0], [5.0]]).tolist()
    ['no', 'yes']
    """

    converged_: bool

    def __init__(
        self,
        alpha: float = 0.0,
        *,
        l1_ratio: float = 0.0,
        solver: str = "gradient_descent",
        learning_rate: float | None = None,
        batch_size: int = 32,
        max_iter: int = 1000,
        tol: float = 1e-12,
        fit_intercept: bool = True,
        class_weight: Any = None,
        warm_start: bool = False,
        random_state: RandomState = None,
        callback: Callable[[Point], Any] | None = None,
    ) -> None:
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.solver = solver
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.warm_start = warm_start
        self.random_state = random_state
        self.callback = callback

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> LogisticRegression:
        """Find the coefficients of least penalised loss.

        Memory: X, one copy of it and, for many rows, a sample of up to half of them. Cost: a few
        passes over the rows, and O(d² k²) for some of the rows, a step.
        """
        self._check_parameters()
        earlier = vars(self).copy() if self.warm_start else {}
        array, index, w, _ = self._check_fit(X, y, sample_weight, least_classes=2)
        standard = standardised(array, w, bool(self.fit_intercept))
        plain = self.learning_rate is not None and self.solver != "newton"
        design = as_given(array, bool(self.fit_intercept)) if plain else standard
        if self.alpha == 0:
            check_enough_rows(*array.shape)
            repeats = repeated_columns(standard.A, w)
            if len(repeats):
                columns = np.flatnonzero(standard.kept)[repeats] - 1
                message = repeats_message(columns, self._names())
                warn_caller(message, CollinearityWarning)
                standard, design = standard.without(repeats), design.without(repeats)
        check_some_column(design.A.shape[1])
        objective = self._objective(design, index, w)
        points = self._points(objective, self._start(design, objective, earlier))
        descent = descend(points, self.tol, self.max_iter, self.callback, in_units=not plain)
        self._keep(design, descent)
        trouble = None
        if self.alpha == 0:
            judged = self._objective(standard, index, w) if plain else objective
            trouble = self._no_answer(judged, standard, array, descent, polish=not plain)
        if trouble is None and not self.converged_ and descent.end != "callback":
            trouble = self._stopped(objective, array, descent)
        if trouble is not None:
            self.converged_ = False
            warn_caller(trouble)
        return self

    def _check_parameters(self) -> None:
        check_real("alpha", self.alpha, 0.0)
        check_real("l1_ratio", self.l1_ratio, 0.0, 1.0)
        check_choice("solver", self.solver, tuple(SOLVERS))
        if self.learning_rate is not None:
            check_real("learning_rate", self.learning_rate, np.finfo(float).tiny, advice="0.1")
        check_integer("batch_size", self.batch_size, 1)
        check_integer("max_iter", self.max_iter, 1)
        check_real("tol", self.tol, 0.0, advice="1e-12")
        check_flag("fit_intercept", self.fit_intercept)
        check_flag("warm_start", self.warm_start)
        if self.callback is not None and not callable(self.callback):
            raise ValueError(
                f"callback is {self.callback!r}, but None or a function of a Point was expected. "
                "Try callback=lambda point: print(point.loss)."
            )

    def _objective(self, design: Design, index: IntArray, w: FloatArray) -> Objective:
        k = len(self.classes_)
        ridge, lasso = design.penalty(self.alpha, self.l1_ratio)
        return Objective(design.A, index, w, ridge, lasso, n_scores=1 if k == 2 else k)

    def _start(self, design: Design, objective: Objective, earlier: dict[str, Any]) -> FloatArray:
        """Return zeros, or the last fit's coefficients if they suit these columns and rows."""
        zeros = np.zeros((objective.n_scores, design.A.shape[1]))
        coef = earlier.get("coef_")
        if coef is None or coef.shape != (objective.n_scores, self.n_features_in_):
            return zeros
        theta = design.theta(coef, earlier["intercept_"])
        # Scores that are too large for these rows would leave a descent without any curvature.
        return theta if objective.at(theta).loss < objective.at(zeros).loss else zeros

    def _points(self, objective: Objective, theta: FloatArray) -> Iterator[Point]:
        if self.solver == "sgd":
            generator = check_generator(self.random_state)
            return sgd(
                objective,
                theta,
                self.learning_rate,
                batch_size=self.batch_size,
                generator=generator,
            )
        return SOLVERS[self.solver](objective, theta, self.learning_rate)

    def _keep(self, design: Design, descent: Descent) -> None:
        self.coef_, self.intercept_ = design.coefficients(descent.last.theta)
        if len(self.classes_) > 2:  # what all classes have in common changes no probability
            self.intercept_ -= self.intercept_.mean()
            if self.alpha == 0:
                self.coef_ -= self.coef_.mean(axis=0)
        self.n_iter_ = len(descent.losses) - 1
        self.loss_curve_ = descent.losses
        self.gradient_norm_curve_ = descent.gradient_norms
        self.converged_ = descent.converged

    def _no_answer(
        self,
        objective: Objective,
        design: Design,
        X: FloatArray,
        descent: Descent,
        polish: bool,
    ) -> Warning | None:
        """Return what to say when no finite answer exists, or none was got hold of.

        Where one exists but a small gradient is no proof of being near, go on to it (``polish``).
        """
        here = descent.last
        if not polish:
            here = objective.at(design.theta(self.coef_, self.intercept_))
        separation, overlap, moved = find_separation(objective, here)
        if separation is not None:
            columns = columns_to_blame(separation, objective, design, X)
            names, classes = self._names(), self.classes_
            return SeparationWarning(
                separation_message(separation, objective, columns, names, classes)
            )
        if not self.converged_ or too_large(objective):
            return None
        if not overlap:
            return ConvergenceWarning(HARDLY_DETERMINED)
        if polish and moved > EXACT * self.tol:
            last = settled(objective, here, EXACT * self.tol)
            self._keep(design, replace(descent, last=last))
        return None

    def _stopped(self, objective: Objective, X: FloatArray, descent: Descent) -> Warning:
        """Return how far the gradient is and what to change."""
        if self.learning_rate is not None and self.solver != "newton":
            remedy = plain_remedy(self.learning_rate, objective.safe_step(), X, self._names())
        else:
            remedy = stopped_remedy(descent.end, self.solver, self.tol, self.learning_rate)
        return ConvergenceWarning(
            f"Logistic regression stopped after {self.n_iter_} steps with a gradient of "
            f"{self.gradient_norm_curve_[-1]:.1e}; {self.tol:.1e} was expected. {remedy}"
        )
