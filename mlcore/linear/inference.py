"""What a fitted logistic regression says of the population: errors, intervals, tests, a table.

At the largest likelihood the estimates are nearly normal around the truth, with the inverse of the
curvature of the log-likelihood (the observed information) as covariance. A penalty pulls them away
from it, so all of this is refused for penalised fits.

Notation: q coefficients, intercept first; with k > 2 classes those of each class less those of the
first, class by class · V (q, q) their covariance, from ``information``.

Source: Agresti, Categorical Data Analysis, chapters 5 and 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    check_choice,
    check_is_fitted,
    check_known_labels,
    check_labels,
    check_weights,
)
from mlcore.linear.design import Design, repeated_columns, standardised
from mlcore.linear.information import contrasts, covariance, null_deviance
from mlcore.linear.logistic import LogisticRegression
from mlcore.linear.objective import Objective
from mlcore.linear.profile import profile_interval
from mlcore.metrics.intervals import normal_quantile
from mlcore.tails import normal_tail


@dataclass(frozen=True)
class Inference:
    """Estimates with their uncertainty; columns that repeat others have nan, as R has NA.

    names, coefficients, standard_errors, z_values, p_values (q,), covariance (q, q);
    log_likelihood, deviance, null_deviance, aic, bic, pseudo_r_squared (McFadden's), n_rows,
    df_null, df_resid; robust is True for errors that allow for groups.
    """

    names: list[str]
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    null_deviance: float
    n_rows: int
    df_null: int
    df_resid: int
    robust: bool
    _contrasts: FloatArray = field(repr=False)
    _known: BoolArray = field(repr=False)
    _objective: Objective = field(repr=False)
    _theta: FloatArray = field(repr=False)

    @property
    def standard_errors(self) -> FloatArray:
        """Return the square roots of the variances, (q,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def z_values(self) -> FloatArray:
        """Return each coefficient as a multiple of its standard error, (q,)."""
        return self.coefficients / self.standard_errors

    @property
    def p_values(self) -> FloatArray:
        """Return how often |z| would be this large or larger if the coefficient were 0, (q,)."""
        return np.array([2.0 * normal_tail(abs(z)) for z in self.z_values])

    @property
    def deviance(self) -> float:
        """Return -2 times the log-likelihood."""
        return -2.0 * self.log_likelihood

    @property
    def n_parameters(self) -> int:
        """Return how many coefficients were estimated."""
        return int(self._known.sum())

    @property
    def aic(self) -> float:
        """Return Akaike's criterion, deviance + 2 q."""
        return self.deviance + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        """Return Schwarz's criterion, deviance + q log(n)."""
        return self.deviance + math.log(self.n_rows) * self.n_parameters

    @property
    def pseudo_r_squared(self) -> float:
        """Return McFadden's R², 1 - deviance / null deviance (McFadden 1974)."""
        return 1.0 - self.deviance / self.null_deviance

    def conf_int(self, confidence: float = 0.95, method: str = "wald") -> FloatArray:
        """Return the interval of each coefficient, (q, 2).

        "wald": coefficient ± z standard errors. "profile": all values that a likelihood-ratio test
        does not reject; better in small samples, and dearer.
        Groups change Wald's interval only, so "profile" is refused with them.
        """
        check_choice("method", method, ("wald", "profile"))
        z = normal_quantile(confidence)
        if method == "wald":
            reach = z * self.standard_errors
            return np.column_stack([self.coefficients - reach, self.coefficients + reach])
        if self.robust:
            raise ValueError(
                "A profile interval takes the rows as independent, but groups were given. "
                "Use method='wald', or leave groups out."
            )
        interval = np.full((len(self.names), 2), np.nan)
        for j, contrast in zip(np.flatnonzero(self._known), self._contrasts, strict=True):
            interval[j] = profile_interval(self._objective, self._theta, contrast, z)
        return interval

    def odds_ratios(self, confidence: float = 0.95, method: str = "wald") -> FloatArray:
        """Return exp(coefficient) and the ends of its interval, (q, 3).

        One more unit of a column multiplies the odds by its ratio.
        """
        with np.errstate(over="ignore"):
            return np.exp(np.column_stack([self.coefficients, self.conf_int(confidence, method)]))

    def summary(self) -> str:
        """Return the table that R's summary(glm(...)) prints, without stars."""
        width = max(len(name) for name in self.names)
        lines = [f"{'':{width}}   Estimate  Std. Error  z value  Pr(>|z|)"]
        columns = (self.coefficients, self.standard_errors, self.z_values, self.p_values)
        for name, b, se, z, p in zip(self.names, *columns, strict=True):
            shown = "<2e-16" if p < 2e-16 else f"{p:.3g}"
            lines.append(f"{name:{width}} {b:>10.5g}  {se:>10.4g}  {z:>7.3f}  {shown:>8}")
        if self.robust:
            lines.append("Standard errors allow for groups (sandwich).")
        return "\n".join(
            [
                *lines,
                "",
                f"    Null deviance: {self.null_deviance:.2f} on {self.df_null} degrees of freedom",
                f"Residual deviance: {self.deviance:.2f} on {self.df_resid} degrees of freedom",
                f"AIC: {self.aic:.2f}, BIC: {self.bic:.2f}, "
                f"McFadden's R²: {self.pseudo_r_squared:.4f}",
            ]
        )


def infer(
    model: LogisticRegression,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    groups: ArrayLike | None = None,
) -> Inference:
    """Return the inference of a model for the rows it was fitted on.

    ``sample_weight`` counts how often a row was seen, as R's prior weights. ``groups`` (n,) names
    each row's class or school: errors then allow for rows of a group being alike, by the sandwich
    V S V G / (G - 1), S the sum over the G groups of the outer product of their summed scores
    (Liang & Zeger 1986); a few groups, under some 30, are too few for it.
    ValueError under a penalty or class weights, for a fit that did not converge, and for rows that
    are not those of the fit. Cost: O(n q²).

    >>> X, y = [[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 1, 0, 1, 1]
    >>> result = infer(LogisticRegression().fit(X, y), X, y)
    >>> result.standard_errors.round(3).tolist()
    [2.806, 0.975]
    """
    if not isinstance(model, LogisticRegression):
        raise TypeError(
            f"model is a {type(model).__name__}, but a LogisticRegression of mlcore was expected; "
            "a model with a penalty has no standard errors. Fit LogisticRegression()."
        )
    check_is_fitted(model)
    _check_likelihood(model)
    array = model._check_predict_features(X)
    w = check_weights(sample_weight, len(array))
    index = check_known_labels(y, model.classes_, len(array))
    labels = None if groups is None else check_labels(groups, len(array), name="groups")[1]
    used = w > 0
    if not used.all():
        array, index, w = array[used], index[used], w[used]
        labels = None if labels is None else labels[used]
    design = standardised(array, w, bool(model.fit_intercept))
    design = design.without(repeated_columns(design.A, w))
    objective = model._objective(design, index, w)
    theta = design.theta(model.coef_, model.intercept_)
    if not objective.at(theta).gradient_norm <= 1e-6:
        raise ValueError(
            "The model is not at the largest likelihood of these rows. "
            "Pass the X, y and sample_weight it was fitted on, and fit with the default tol."
        )
    return _inference(model, design, objective, theta, labels)


def _check_likelihood(model: LogisticRegression) -> None:
    """Refuse a fit whose coefficients do not maximise a likelihood, with the reason."""
    if model.alpha != 0:
        raise ValueError(
            f"The model was fitted with alpha={model.alpha}: a penalty biases the coefficients, so "
            "their standard errors would promise too much. Fit with alpha=0."
        )
    if model.class_weight is not None:
        raise ValueError(
            f"The model was fitted with class_weight={model.class_weight!r}: rows then count more "
            "or less than they were seen, and no likelihood is maximised. Fit without it."
        )
    if not model.converged_:
        raise ValueError(
            "The model did not converge, so it is not at the largest likelihood; there may be "
            "none. Mend what the warning of fit says."
        )


def _inference(
    model: LogisticRegression,
    design: Design,
    objective: Objective,
    theta: FloatArray,
    groups: IntArray | None,
) -> Inference:
    K = contrasts(design, objective.n_scores)
    n_equations = max(1, objective.n_scores - 1)
    shown = slice(0 if model.fit_intercept else 1, None)
    known = np.tile(design.kept[shown], n_equations)
    coefficients = np.full(len(known), np.nan)
    coefficients[known] = K @ theta.ravel()
    V = np.full((len(known), len(known)), np.nan)
    V[np.ix_(known, known)] = covariance(objective, theta, K, groups)
    n = len(objective.y)
    return Inference(
        _names(model, n_equations),
        coefficients,
        V,
        -objective.at(theta).loss * objective.total_weight,
        null_deviance(objective, bool(model.fit_intercept)),
        n,
        n - n_equations * int(bool(model.fit_intercept)),
        n - int(known.sum()),
        groups is not None,
        K,
        known,
        objective,
        theta,
    )


def _names(model: LogisticRegression, n_equations: int) -> list[str]:
    names = model._names() or [f"x{j}" for j in range(model.n_features_in_)]
    names = ["(Intercept)", *names] if model.fit_intercept else names
    if len(model.classes_) == 2:
        return names
    return [f"{label}: {name}" for label in model.classes_.tolist()[1:] for name in names]
