"""Our figures by the names, and to the conventions, of published tables."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.reference_entries import Entry, read_table
from mlcore import LogisticRegression
from mlcore.checks import FloatArray
from mlcore.linear.inference import infer


def published(entry: Entry) -> dict[str, float]:
    """Return figures by the names that the published table gives them."""
    X, y, w = read_table(entry)
    model = LogisticRegression().fit(X, y, w)
    result = infer(model, X, y, w)
    figures = {
        "const": result.coefficients[0],
        "log-likelihood": result.log_likelihood,
        "mean negative loglik": model.loss_curve_[-1],
        "null deviance": result.null_deviance,
        "residual deviance": result.deviance,
        "AIC": result.aic,
    }
    for j, column in enumerate(["(Intercept)", *entry.dataset["features"]]):
        figures[f"coef {column}"] = result.coefficients[j]
        figures[f"se {column}"] = result.standard_errors[j]
        figures[f"z {column}"] = result.z_values[j]
    if entry.id.endswith("grouped_deviance") and w is not None:
        figures |= _grouped(figures, X[:, 0], y, w)
    return figures


def _grouped(
    figures: dict[str, float], x: FloatArray, y: FloatArray, w: FloatArray
) -> dict[str, float]:
    """Return deviances and AIC of counts per group, of which R's glm can be told instead of rows.

    A deviance is then measured from a model that knows each group's share; and the likelihood
    counts the orders in which the rows of a group can come.
    """
    saturated = orders = 0.0
    for value in np.unique(x):
        counts = [float(w[(x == value) & (y == label)].sum()) for label in (0, 1)]
        total = sum(counts)
        saturated -= 2.0 * sum(c * math.log(c / total) for c in counts if c)
        orders += math.lgamma(total + 1) - sum(math.lgamma(c + 1) for c in counts)
    return {
        "null deviance": figures["null deviance"] - saturated,
        "residual deviance": figures["residual deviance"] - saturated,
        "AIC": figures["AIC"] - 2.0 * orders,
    }
