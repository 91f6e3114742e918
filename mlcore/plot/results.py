"""What pictures take from the results of mlcore's functions, or from the arrays inside them.

Notation: n rows, d features, k outputs (classes), v grid values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, check_integer, plural
from mlcore.checks.names import plain
from mlcore.inspection import PartialDependence, ShapleyValues


def chosen(what: str, name: str, value: Any, count: int, each: str, default: int | None) -> int:
    """Return which of several things is drawn; ValueError where that is not said, or not there.

    >>> chosen("shap_values", "output", None, 2, "output", 1)
    1
    """
    if value is None and count == 1:
        return 0
    if value is None and default is not None:
        return default
    if value is not None:
        check_integer(name, value, 0)
        if int(value) < count:
            return int(value)
    asked = "" if value is None else f", of which {name}={value} is none"
    raise ValueError(
        f"{what} has {plural(count, each)}{asked}, but this picture shows "
        f"one. Pass {name}=, a number from 0 to {count - 1}."
    )


def shapley_of(shap_values: Any, output: int | None) -> tuple[FloatArray, float | None, str]:
    """Return phi (n, d) of one output, of two the last, its expected value, and what is predicted.

    ``shap_values`` is a ShapleyValues or its values, (n, d) or (n, d, k). Other arrays are returned
    as they are, and arrays have no expected value.
    """
    found = isinstance(shap_values, ShapleyValues)
    phi = np.asarray(shap_values.values if found else shap_values, dtype=np.float64)
    expected = np.ravel(shap_values.expected_value) if found else None
    if phi.ndim == 3:
        c = chosen("shap_values", "output", output, phi.shape[2], "output", _last(phi.shape[2]))
        labels = shap_values.classes if found else None
        of = f"output {c}" if labels is None else f"{plain(labels[c])!r}"
        return phi[:, :, c], None if expected is None else float(expected[c]), f"prediction of {of}"
    chosen("shap_values", "output", output, 1, "output", None)
    return phi, None if expected is None else float(expected[0]), "prediction"


def _last(k: int) -> int | None:
    return 1 if k == 2 else None


def importances_of(importances: Any, std: ArrayLike | None) -> tuple[FloatArray, Any]:
    """Return the importances and their std: means where a result holds both, else as given."""
    if hasattr(importances, "importances_mean"):
        std = importances.importances_std if std is None else std
        importances = importances.importances_mean
    return np.asarray(importances, dtype=np.float64), std


def dependence_of(found: PartialDependence, output: int | None) -> tuple[Any, Any, Any]:
    """Return the grid (v,), the mean prediction (v,) and those of rows (n, v) or None."""
    if len(found.grid_values) != 1:
        raise ValueError(
            f"The partial dependence is on {len(found.grid_values)} features, but this picture "
            "shows one. Pass partial_dependence(model, X, feature)."
        )
    curves = found.individual if found.average is None else found.average
    assert curves is not None  # partial_dependence asks for either or both
    c = chosen("The partial dependence", "output", output, len(curves), "output", None)
    rows = None if found.individual is None else found.individual[c]
    average = found.average[c] if found.average is not None else curves[c].mean(axis=0)
    return found.grid_values[0], average, rows
