"""What to say when a fit has no answer or stopped short: what was seen, by name, and the remedy.

Notation: n rows, d features · X (n, d) · design, objective and separation as in their modules.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import FloatArray, IntArray, describe_column, listed_columns, plural
from mlcore.linear.design import Design
from mlcore.linear.objective import Objective
from mlcore.linear.separation import Separation

HARDLY_DETERMINED = (
    "The gradient is small, but one more Newton step would still move some row's score by 1 or "
    "more: these rows hardly determine some coefficients, which may be very large. Set alpha=0.01, "
    "or look for a column with few or extreme values."
)


def repeats_message(columns: IntArray, names: list[str] | None) -> str:
    """Say which columns were left out because others say the same."""
    return (
        f"X repeats itself: {listed_columns(columns, names)} can be had from the columns before "
        "(a constant, from the intercept), so that the coefficients have more than one answer. "
        f"{'It has' if len(columns) == 1 else 'They have'} the coefficient 0 here. "
        "Leave such columns out, or set alpha=0.01."
    )


def columns_to_blame(
    separation: Separation, objective: Objective, design: Design, X: FloatArray
) -> IntArray:
    """Return the columns of X that separate: those that do so alone, else those that do together.

    Alone: all values of one class lie at or below all of the other rows'.
    """
    alone = np.zeros(X.shape[1], dtype=bool)
    if design.kept[0]:
        for c in np.unique(objective.y):
            own = objective.y == c
            low, high = X[own], X[~own]
            below = (low.max(axis=0) <= high.min(axis=0)) | (low.min(axis=0) >= high.max(axis=0))
            alone |= below & (X.min(axis=0) < X.max(axis=0))
    if alone.any():
        return np.flatnonzero(alone)
    size = np.zeros(X.shape[1] + 1)
    size[design.kept] = np.abs(separation.direction).max(axis=0)
    found = np.flatnonzero(size[1:] > 1e-6 * size[1:].max())
    return found[np.argsort(-size[1:][found], kind="stable")]


def separation_message(
    separation: Separation,
    objective: Objective,
    columns: IntArray,
    names: list[str] | None,
    classes: NDArray[Any],
) -> str:
    """Say which columns separate which class, why that matters and what to do."""
    n, sure = len(objective.y), separation.sure
    number = np.bincount(objective.y[sure], minlength=len(classes))
    which = ", ".join(
        f"{count} of class {label!r}"
        for label, count in zip(classes.tolist(), number.tolist(), strict=True)
        if count
    )
    kind = "completely" if sure.all() else "quasi-completely"
    told = plural(int(sure.sum()), "row")
    return (
        f"The classes are separated {kind} by {listed_columns(columns, names)}: "
        + (
            f"{told} of {n} ({which}) can be told for sure, "
            if which
            else "some classes can be told from others for sure, "
        )
        + "so the likelihood has no largest value and the coefficients have no finite answer. "
        "Set alpha=0.01, or look for a column that gives the label away or a category with few rows."
    )


def stopped_remedy(end: str, solver: str, tol: float, rate: float | None) -> str:
    """Say what to change when a descent ended short of tol; ``end`` is why it did."""
    if rate is not None:  # of Newton's method
        return "Leave learning_rate=None, or set it to 1 or less, and raise max_iter."
    if solver == "sgd":
        return "Raise max_iter, or use another solver: this one settles slowly."
    if tol == 0:
        return "Set a tol above 0, such as 1e-12: rounding leaves no gradient of 0."
    if end != "max_iter":
        return "It found no way further down: set alpha=0.01, or try another solver."
    return "Raise max_iter, or set alpha=0.01 if some coefficients are very large."


def plain_remedy(rate: float, safe: float, X: FloatArray, names: list[str] | None) -> str:
    """Say what keeps a textbook descent from its end: its step, or a column in other units.

    ``safe`` is a step that never raises J.
    """
    if rate > 2 * safe:
        return f"The learning_rate may be too large: {safe:.2g} is safe here."
    scale = X.std(axis=0)
    varies = X.min(axis=0) < X.max(axis=0)
    widest = int(np.where(varies, scale, -1.0).argmax())
    spread = scale[widest] / scale[varies].min() if varies.any() else 1.0
    if spread > 10:
        return (
            f"{describe_column(widest, names)} varies {spread:.2g} times as much as another: "
            "standardise the columns, or leave learning_rate=None."
        )
    return f"Raise max_iter, or the learning_rate: {safe:.2g} is safe here."
