"""Our figures by the names, and to the conventions, of published tables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.published_trees import vignette
from benchmarks.numbers.tables import numbers, read_rows, read_table
from mlcore import DecisionTreeClassifier, LogisticRegression, metrics
from mlcore.checks import FloatArray
from mlcore.linear.inference import infer


def published(entry: Entry) -> dict[str, float]:
    """Return figures by the names that the published table gives them."""
    return MODELS[entry.params["model"]](entry)


def logistic(entry: Entry) -> dict[str, float]:
    """Return what is printed of a logistic regression."""
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
    return figures


def grouped(entry: Entry) -> dict[str, float]:
    """Return deviances and AIC of counts per group, of which R's glm can be told instead of rows.

    A deviance is then measured from a model that knows each group's share; and the likelihood
    counts the orders in which the rows of a group can come.
    """
    figures = logistic(entry)
    X, y, w = read_table(entry)
    assert w is not None
    saturated = orders = 0.0
    for value in np.unique(X[:, 0]):
        counts = [float(w[(X[:, 0] == value) & (y == label)].sum()) for label in (0, 1)]
        total = sum(counts)
        saturated -= 2.0 * sum(c * math.log(c / total) for c in counts if c)
        orders += math.lgamma(total + 1) - sum(math.lgamma(c + 1) for c in counts)
    return {
        "null deviance": figures["null deviance"] - saturated,
        "residual deviance": figures["residual deviance"] - saturated,
        "AIC": figures["AIC"] - 2.0 * orders,
    }


def cost_complexity(entry: Entry, kind: Any = DecisionTreeClassifier) -> dict[str, float]:
    """Return the last alpha of scikit-learn's example, on the same three quarters of the rows."""
    X, y, _ = read_table(entry)
    # train_test_split(random_state=0): scikit-learn's only source of this order is NumPy's old one
    order = np.random.RandomState(0).permutation(len(y))
    train = order[math.ceil(len(y) / 4) :]
    path = kind(random_state=0).cost_complexity_pruning_path(X[train], y[train])
    return {"last ccp_alpha": path.ccp_alphas[-1]}


def carseats(entry: Entry, kind: Any = DecisionTreeClassifier) -> dict[str, float]:
    """Return accuracy and log loss of a tree of depth 3 by entropy: are sales above 8?"""
    rows = read_rows(entry)
    columns: list[FloatArray] = []
    for name in entry.dataset["features"]:
        values = np.array([row[name] for row in rows])
        if name in entry.dataset["factors"]:  # a column for each level, as ISLP makes them
            columns += [(values == level).astype(float) for level in np.unique(values)]
        else:
            columns.append(values.astype(float))
    X, high = np.column_stack(columns), numbers(rows, ["Sales"])[:, 0] > 8
    tree = kind(criterion="entropy", max_depth=3, random_state=0).fit(X, high)
    return {
        "training accuracy": tree.score(X, high),
        "log_loss": metrics.log_loss(high, tree.predict_proba(X)),
    }


def auc(entry: Entry, tools: Any = metrics) -> dict[str, float]:
    """Return the area under the curve of one column, with DeLong's interval."""
    rows, (marker,) = read_rows(entry), entry.dataset["features"]
    y, score = numbers(rows, [entry.dataset["target"], marker]).T
    low, high = tools.auc_interval(y, score)
    return {f"AUC {marker}": tools.roc_auc_score(y, score), "CI low": low, "CI high": high}


MODELS = {
    "logistic": logistic,
    "grouped": grouped,
    "vignette": vignette,
    "ccp": cost_complexity,
    "carseats": carseats,
    "auc": auc,
}
