"""Our figures of logistic regression: what mlcore gives for the same call on the same data."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.tables import Table, read_table, standardised
from mlcore import ConvergenceWarning, LogisticRegression, SeparationWarning
from mlcore.checks import FloatArray
from mlcore.linear.inference import Inference, infer
from mlcore.linear.losses import log_sigmoid, log_softmax, sigmoid, softmax


def unpenalised(entry: Entry) -> dict[str, Any]:
    """Return coefficients, probabilities and inference of a fit of two classes."""
    X, y, w = read_table(entry)
    if X.shape[1] == 0:
        return {"null_deviance": infer(*_any_column(y)).null_deviance}
    model = LogisticRegression(fit_intercept=entry.params["fit_intercept"]).fit(X, y, w)
    result = infer(model, X, y, w)
    probability = model.predict_proba(X)[:, 1]
    shown = slice(0 if model.fit_intercept else 1, None)
    return _inferred(result) | {
        "coef": np.append(model.intercept_, model.coef_[0])[shown],
        "mean_log_loss": model.loss_curve_[-1],
        "fitted": probability,
        "prob_first_3": probability[:3],
    }


def _any_column(y: FloatArray) -> tuple[LogisticRegression, FloatArray, FloatArray]:
    """Return a fit on a column without meaning: the null deviance does not look at columns."""
    X: FloatArray = np.arange(len(y), dtype=float)[:, None] % 2
    return LogisticRegression().fit(X, y), X, y


def _inferred(result: Inference) -> dict[str, Any]:
    return {
        "se": result.standard_errors,
        "z": result.z_values,
        "p": result.p_values,
        "vcov": result.covariance,
        "loglik": result.log_likelihood,
        "deviance": result.deviance,
        "null_deviance": result.null_deviance,
        "df_resid": result.df_resid,
        "aic": result.aic,
    }


def penalised(entry: Entry) -> dict[str, Any]:
    """Return coefficients, probabilities and objective of a penalised fit, of any classes."""
    X, y, w = read_table(entry)
    params = entry.params
    model = LogisticRegression(
        alpha=params["lambda_mean_loss"],
        l1_ratio=params["l1_ratio"],
        fit_intercept=params.get("fit_intercept", True),
        class_weight=params.get("class_weight"),
    ).fit(X, y, w)
    P = model.predict_proba(X[:30])
    two = len(model.classes_) == 2
    return {
        "coef": model.coef_[0] if two else model.coef_,
        "intercept": model.intercept_[0],
        "intercept_centered": model.intercept_,
        "n_zero": int((model.coef_ == 0).sum()),
        "objective": model.loss_curve_[-1] / model.alpha,  # C sum(w) times ours
        "prob_first_30": P[:, 1] if two else P,
        "prob_first_3": P[:3, 1] if two else P[:3],
    }


def multinomial(entry: Entry) -> dict[str, Any]:
    """Return the figures of more than two classes; without a penalty against the first class."""
    if "lambda_mean_loss" in entry.params:
        return penalised(entry)
    X, y, w = read_table(entry)
    model = LogisticRegression().fit(X, y, w)
    result = infer(model, X, y, w)
    theta = np.column_stack([model.intercept_, model.coef_])
    P = model.predict_proba(X[:30])
    figures = _inferred(result) | {"prob_first_30": P, "prob_first_3": P[:3]}
    figures["coef_vs_class0"] = theta[1:] - theta[0]
    figures["se"] = figures["se"].reshape(theta[1:].shape)
    figures["mean_log_loss"] = model.loss_curve_[-1]
    return figures


def gd_trace(entry: Entry) -> dict[str, Any]:
    """Return the losses of a plain descent, and its coefficients after the steps asked for."""
    rate, ridge = entry.params["learning_rate"], entry.params["l2_lambda"]
    losses, thetas = _descend(read_table(entry), rate, ridge, n_steps=25)
    wanted = entry.expected["params_after_t_steps"]
    return {
        "loss_before_step_t": losses,
        "params_after_t_steps": {t: split(thetas[int(t)]) for t in wanted},
    }


def _descend(
    table: Table, rate: float, ridge: float, n_steps: int
) -> tuple[FloatArray, list[FloatArray]]:
    """Return the loss and theta before each step and after the last."""
    thetas: list[FloatArray] = []
    model = LogisticRegression(
        alpha=ridge,
        learning_rate=rate,
        max_iter=n_steps,
        tol=0.0,
        callback=lambda point: thetas.append(point.theta),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is the point
        model.fit(*table)
    return model.loss_curve_, thetas


def split(theta: FloatArray) -> dict[str, Any]:
    """Return intercept and coefficients, without the axis of one score."""
    rows = theta[0] if len(theta) == 1 else theta
    return {"coef": rows[..., 1:], "intercept": rows[..., 0]}


def separable(entry: Entry) -> dict[str, Any]:
    """Return what happens without a penalty, and the fits with less and less of one."""
    if "X" not in entry.dataset and "file" not in entry.dataset:
        return {"sklearn": _refusal_of_one_class()}
    X, y, _ = read_table(entry)
    figures: dict[str, Any] = {"mle_exists": not _warns_of_separation(X, y)}
    if "l2_note" in entry.expected:
        X = standardised(X)
    path = entry.expected["l2_path_by_C"]
    figures["l2_path_by_C"] = {C: _with_ridge(X, y, 1 / (float(C) * len(y))) for C in path}
    if "gd_from_zero" in entry.expected:
        rate, n_steps = descent_to_the_margin(entry)
        figures["gd_from_zero"] = steps_to_the_margin(
            entry, *_descend(Table(X, y, None), rate, 0.0, n_steps)
        )
    return figures


def _refusal_of_one_class() -> str:
    try:
        LogisticRegression().fit([[0.0], [1.0], [2.0]], [1, 1, 1])
    except ValueError as error:
        return f"ValueError: {error}"
    return "no error"


def _warns_of_separation(X: FloatArray, y: FloatArray) -> bool:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        LogisticRegression().fit(X, y)
    return any(issubclass(warning.category, SeparationWarning) for warning in seen)


def _with_ridge(X: FloatArray, y: FloatArray, ridge: float) -> dict[str, Any]:
    model = LogisticRegression(alpha=ridge).fit(X, y)
    coef = model.coef_[0]
    return {
        "coef": coef,
        "intercept": model.intercept_[0],
        "mean_log_loss": model.loss_curve_[-1] - ridge / 2 * coef @ coef,
        "direction": coef / np.linalg.norm(coef),
    }


def descent_to_the_margin(entry: Entry) -> tuple[float, int]:
    """Return the step and the number of steps of an entry's descent without a penalty."""
    wanted = entry.expected["gd_from_zero"]
    return wanted["learning_rate"], max(int(t) for t in wanted["after_steps"])


def steps_to_the_margin(
    entry: Entry, losses: FloatArray, thetas: list[FloatArray]
) -> dict[str, Any]:
    """Return where a descent is after the steps asked for, and its angle to the widest margin."""
    margin = np.array(entry.expected["hard_margin_direction"])
    figures = {}
    for t in entry.expected["gd_from_zero"]["after_steps"]:
        at = split(thetas[int(t)])
        norm = np.linalg.norm(at["coef"])
        cosine = at["coef"] @ margin / norm
        at |= {"mean_log_loss": losses[int(t)], "norm": norm, "cosine_with_hard_margin": cosine}
        figures[t] = at
    return {"after_steps": figures}


def numerics(entry: Entry) -> list[dict[str, Any]]:
    """Return our functions at the points of the table; FloatingPointError on an overflow."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return [_functions_at(np.array(row["z"])) for row in entry.expected]


def _functions_at(z: FloatArray) -> dict[str, Any]:
    if z.ndim == 0:
        ours = {"sigmoid": sigmoid(z), "log_sigmoid": log_sigmoid(z)}
        return ours | {"log_one_minus_sigmoid": log_sigmoid(-z)}
    logs = log_softmax(z[None])[0]
    return {"softmax": softmax(z[None])[0], "log_softmax": logs, "logsumexp": (z - logs).max()}
