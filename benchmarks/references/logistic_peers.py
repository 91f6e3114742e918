"""Make the figures of logistic regression anew: python -m benchmarks.references.logistic_peers

They are those of logistic.json, and the published tables of published.json.

Needs the ``bench`` extra. statsmodels fits without a penalty, scikit-learn (1.8 or later) with one,
a linear programme decides separation, the numerics have 500 digits, and the descents are plain
NumPy. Prints how far each entry is from its frozen figures; exits with 1 if one is too far.
"""

from __future__ import annotations

import decimal
import sys
from decimal import Decimal
from typing import Any

import numpy as np

try:
    import statsmodels.api as sm
    from scipy import special
    from scipy.optimize import linprog
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
except ImportError as error:
    raise SystemExit(f'{error}: get it by pip install -e ".[bench]".') from None

from benchmarks.numbers.checks import agrees, check, show
from benchmarks.numbers.entries import FROZEN, Entry, load
from benchmarks.numbers.figures import quietly
from benchmarks.numbers.logistic import descent_to_the_margin, split, steps_to_the_margin
from benchmarks.numbers.tables import read_table


def unpenalised(entry: Entry) -> dict[str, Any]:
    """Return the figures of a generalised linear model by statsmodels."""
    X, y, w = read_table(entry)
    w = np.ones(len(y)) if w is None else w
    intercept = entry.params.get("fit_intercept", True)
    A = np.column_stack([np.ones((len(y), int(intercept))), X])
    used = w > 0
    model = sm.GLM(y[used], A[used], family=sm.families.Binomial(), freq_weights=w[used])
    fit = model.fit(tol=1e-14, maxiter=200)
    return {
        "coef": fit.params,
        "se": fit.bse,
        "z": fit.tvalues,
        "p": fit.pvalues,
        "vcov": fit.cov_params(),
        "loglik": fit.llf,
        "deviance": fit.deviance,
        # R's model without columns has no intercept either if the model has none
        "null_deviance": fit.null_deviance if intercept else 2 * np.log(2) * w.sum(),
        "df_resid": used.sum() - A.shape[1],  # statsmodels counts weights, R rows
        "aic": fit.aic,
        "mean_log_loss": -fit.llf / w.sum(),
        "fitted": fit.predict(A),
        "prob_first_3": fit.predict(A[:3]),
    }


def multinomial(entry: Entry) -> dict[str, Any]:
    """Return the figures of more than two classes; without a penalty by statsmodels."""
    if "C" in entry.params:
        return penalised(entry)
    X, y, w = read_table(entry)
    A = np.column_stack([np.ones(len(y)), X])
    # MNLogit knows no weights: those here are multiples of 1/256, so rows are repeated
    times = np.ones(len(y), dtype=int) if w is None else np.rint(256 * w).astype(int)
    unit = 1 if w is None else 256
    model = sm.MNLogit(np.repeat(y, times), np.repeat(A, times, axis=0))
    fit = model.fit(method="newton", tol=1e-14, maxiter=100, disp=0)
    deviance = -2 * fit.llf / unit
    return {
        "coef_vs_class0": fit.params.T,
        "se": fit.bse.T * np.sqrt(unit),
        "deviance": deviance,
        "aic": deviance + 2 * fit.params.size,
        "mean_log_loss": -fit.llf / times.sum(),
        "prob_first_3": fit.predict(A[:3]),
    }


def penalised(entry: Entry) -> dict[str, Any]:
    """Return the figures of a penalised fit by scikit-learn."""
    X, y, w = read_table(entry)
    params = entry.params
    ridge = params["l1_ratio"] == 0
    model = LogisticRegression(
        C=params["C"],
        l1_ratio=params["l1_ratio"],
        solver="newton-cholesky" if ridge else "saga",
        tol=1e-14,
        max_iter=1000 if ridge else 200_000,
        fit_intercept=params.get("fit_intercept", True),
        class_weight=params.get("class_weight"),
        random_state=0,
    ).fit(X, y, w)
    B, P = model.coef_, model.predict_proba(X)
    size = params["l1_ratio"] * np.abs(B).sum() + (1 - params["l1_ratio"]) / 2 * (B**2).sum()
    two = len(B) == 1
    return {
        "coef": B[0] if two else B,
        "intercept": model.intercept_[0],
        "intercept_centered": model.intercept_ - model.intercept_.mean(),
        "n_zero": int((B == 0).sum()),
        "objective": params["C"] * log_loss(y, P, normalize=False, sample_weight=w) + size,
        "prob_first_3": P[:3, 1] if two else P[:3],
    }


def gd_trace(entry: Entry) -> dict[str, Any]:
    """Return the losses and coefficients of a plain descent."""
    X, y, _ = read_table(entry)
    rate, ridge = entry.params["learning_rate"], entry.params["l2_lambda"]
    losses, thetas = descend(X, y, rate, ridge, 25)
    wanted = entry.expected["params_after_t_steps"]
    return {
        "loss_before_step_t": losses,
        "params_after_t_steps": {t: split(thetas[int(t)]) for t in wanted},
    }


def descend(
    X: np.ndarray, y: np.ndarray, rate: float, ridge: float, n_steps: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the losses and the coefficients, intercept first, before each step and at the end.

    Two classes have one score, the other class's being 0; so both are a softmax of scores.
    """
    A = np.column_stack([np.ones(len(y)), X])
    Y = y[:, None] == np.unique(y)
    own = slice(1, None) if Y.shape[1] == 2 else slice(None)
    theta = np.zeros((Y.shape[1], A.shape[1]))
    losses, thetas = [], []
    for _ in range(n_steps + 1):
        Z = A @ theta.T
        penalised = np.hstack([np.zeros((len(theta), 1)), theta[:, 1:]])
        losses.append(-special.log_softmax(Z, axis=1)[Y].mean() + ridge / 2 * (penalised**2).sum())
        thetas.append(theta)
        gradient = (special.softmax(Z, axis=1) - Y).T @ A / len(y) + ridge * penalised
        theta = theta.copy()
        theta[own] -= rate * gradient[own]
    return np.array(losses), [theta[own] for theta in thetas]


def separable(entry: Entry) -> dict[str, Any]:
    """Return whether an optimum exists, the fits with less and less penalty, and a descent."""
    if "X" not in entry.dataset:
        try:
            LogisticRegression().fit([[0.0], [1.0]], [1, 1])
        except ValueError as error:
            return {"sklearn": f"ValueError: {error}"}
    X, y, _ = read_table(entry)
    path = entry.expected["l2_path_by_C"]
    rate, n_steps = descent_to_the_margin(entry)
    return {
        "mle_exists": not is_separable(X, y),
        "l2_path_by_C": {C: with_ridge(X, y, float(C)) for C in path},
        "gd_from_zero": steps_to_the_margin(entry, *descend(X, y, rate, 0.0, n_steps)),
    }


def is_separable(X: np.ndarray, y: np.ndarray) -> bool:
    """Return whether some direction puts no row on the wrong side and some on the right one."""
    S = np.where(y == 1, 1.0, -1.0)[:, None] * np.column_stack([np.ones(len(y)), X])
    best = linprog(-S.sum(axis=0), A_ub=-S, b_ub=np.zeros(len(S)), bounds=(-1, 1))
    return bool(-best.fun > 1e-9)


def with_ridge(X: np.ndarray, y: np.ndarray, C: float) -> dict[str, Any]:
    """Return one fit of the path by scikit-learn."""
    model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(X, y)
    coef = model.coef_[0]
    return {
        "coef": coef,
        "intercept": model.intercept_[0],
        "mean_log_loss": log_loss(y, model.predict_proba(X)),
        "direction": coef / np.linalg.norm(coef),
    }


def numerics(entry: Entry) -> list[dict[str, Any]]:
    """Return the functions at the points of the table, in arithmetic of 500 digits."""
    with decimal.localcontext(decimal.Context(prec=500)):  # 1 + exp(-1000) takes 435
        return [functions_at(row["z"]) for row in entry.expected]


def functions_at(z: float | list[float]) -> dict[str, Any]:
    """Return the functions of one score, or of the scores of one row."""
    if isinstance(z, list):
        exponentials = [Decimal(value).exp() for value in z]
        total = sum(exponentials).ln()
        logs = [Decimal(value) - total for value in z]
        shares = [float(log.exp()) for log in logs]
        numbers = {"softmax": shares, "log_softmax": [float(log) for log in logs]}
        return numbers | {"logsumexp": float(total)}
    below, above = 1 + Decimal(-z).exp(), 1 + Decimal(z).exp()
    logs = {"log_sigmoid": float(-below.ln()), "log_one_minus_sigmoid": float(-above.ln())}
    return logs | {"sigmoid": float(1 / below)}


def published(entry: Entry) -> dict[str, float]:
    """Return statsmodels' figures by the names of the published table."""
    if entry.params["model"] == "grouped":
        return grouped(entry)
    fit = unpenalised(entry)
    names = ["(Intercept)", *entry.dataset["features"]]
    figures = {
        f"{kind} {name}": value
        for kind in ("coef", "se", "z")
        for name, value in zip(names, fit[kind], strict=True)
    }
    return figures | {
        "const": fit["coef"][0],
        "log-likelihood": fit["loglik"],
        "mean negative loglik": fit["mean_log_loss"],
        "null deviance": fit["null_deviance"],
        "residual deviance": fit["deviance"],
        "AIC": fit["aic"],
    }


def grouped(entry: Entry) -> dict[str, float]:
    """Return what statsmodels says of the counts of each group, instead of rows."""
    X, y, w = read_table(entry)
    groups = np.unique(X[:, 0])
    counts = [[w[(X[:, 0] == x) & (y == label)].sum() for label in (1, 0)] for x in groups]
    fit = sm.GLM(counts, sm.add_constant(groups), family=sm.families.Binomial()).fit(tol=1e-14)
    return {"null deviance": fit.null_deviance, "residual deviance": fit.deviance, "AIC": fit.aic}


FIGURES = {
    "unpenalised": unpenalised,
    "penalised": penalised,
    "multinomial": multinomial,
    "gd_trace": gd_trace,
    "separable": separable,
    "numerics": numerics,
    "published": published,
}


def figures_of(entry: Entry) -> Any:
    """Return the other tools' figures of an entry."""
    return FIGURES[entry.topic](entry)


def entries() -> list[Entry]:
    """Return the frozen entries that tools for logistic regression can make anew."""
    tables = load(FROZEN, "published")
    return load() + [e for e in tables if e.params["model"] in ("logistic", "grouped")]


def main() -> int:
    """Print the table."""
    # that 1e-14 is not reached is judged by the figures
    results = [(entry, check(entry, quietly(figures_of))) for entry in entries()]
    print(show(results))
    return 0 if all(agrees(found) for _, found in results) else 1


if __name__ == "__main__":
    sys.exit(main())
