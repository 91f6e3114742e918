"""How a model answers a column: predictions for every row, with the column set to one value after another.

The mean over the rows is the partial dependence, the curves of single rows are its individual
conditional expectations (ICE). Where these cross, the column interacts with others. Every row is
asked for every value, so beware of values that a row could not have.

Notation: n rows, d features, v grid values of a feature, p points of the grid (all combinations),
o outputs: one for numbers and two classes, else one for each class · X (n, d) · w (n,) weights.

Source: Friedman (2001), Greedy function approximation, section 8.2; Goldstein, Kapelner, Bleich &
Pitkin (2015), Peeking inside the black box, for the curves of single rows.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    FloatArray,
    check_choice,
    check_flag,
    check_integer,
    check_real,
    check_weights,
    column_names,
    is_missing,
)
from mlcore.inspection.columns import column_of, with_columns
from mlcore.tables import column_number, frame_or_array, take_rows

ROWS_TOGETHER = 2**16  # of all points of the grid that are predicted in one call
METHODS = ("predict_proba", "decision_function", "predict")


@dataclass(frozen=True, eq=False)
class PartialDependence:
    """Predictions over a grid; each field can be had as an attribute, or by name: found["average"].

    ``average`` or ``individual`` is None if it was not asked for.
    """

    grid_values: list[NDArray[Any]]  # the values (v,) of each feature
    average: FloatArray | None  # (o, v of the first feature, v of the second, ...)
    individual: FloatArray | None  # (o, n, v of the first feature, ...)

    def __getitem__(self, name: str) -> Any:
        found = vars(self).get(name)
        if found is None:
            raise KeyError(f"{name!r} is not there. Ask for it by kind.")
        return found


def partial_dependence(
    estimator: Any,
    X: Any,
    features: Any,
    *,
    sample_weight: ArrayLike | None = None,
    response_method: str = "auto",
    percentiles: tuple[float, float] = (0.05, 0.95),
    grid_resolution: int = 100,
    kind: str = "average",
    centered: bool = False,
) -> PartialDependence:
    """Return what a fitted model predicts, on average or row by row, over values of some features.

    ``features`` is a column, by number or name, or a list of them for all their combinations. A
    numeric column runs over ``grid_resolution`` even steps between two of its percentiles, or over
    its own values where there are fewer. ``response_method`` is a method of the model, "auto" the
    first there is of predict_proba, decision_function and predict; of two classes the second one
    is shown. ``kind`` is "average", "individual" or "both"; weights only count in the average.
    With ``centered`` every curve starts at 0. Missing values make no point of the grid.

    The rows of several points are predicted in one call. O(p) predictions of X, and memory for
    65,536 rows, or X, beside the result.

    >>> from mlcore import DecisionTreeRegressor
    >>> X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> model = DecisionTreeRegressor().fit(X, [0.0, 0.0, 0.0, 8.0])
    >>> found = partial_dependence(model, X, 0, kind="both")
    >>> found["grid_values"][0].tolist(), found["average"].tolist()
    ([0.0, 1.0], [[0.0, 4.0]])
    >>> found["individual"][0, 1].tolist()  # the curve of the second row
    [0.0, 8.0]
    """
    check_choice("kind", kind, ("average", "individual", "both"))
    check_flag("centered", centered)
    check_grid(percentiles, grid_resolution)
    table, predict = frame_or_array(X), response(estimator, response_method)
    single = isinstance(features, (str, numbers.Integral))
    d, names = table.shape[1], column_names(table)
    listed = [features] if single else features
    columns = [column_number(f, d, names, "features") for f in listed]
    if not columns:
        raise ValueError("features is empty, but at least 1 column was expected.")
    w = check_weights(sample_weight, table.shape[0])
    grid = [grid_of(column_of(table, j), percentiles, grid_resolution) for j in columns]
    average, individual = [], []
    for block in predictions(predict, table, columns, grid):  # (o, points, n)
        if kind != "individual":
            average.append(np.average(block, axis=2, weights=w))
        if kind != "average":
            individual.append(block.transpose(0, 2, 1))
    shape = [len(values) for values in grid]
    return PartialDependence(
        grid, _curves(average, shape, centered), _curves(individual, shape, centered)
    )


def check_grid(percentiles: Any, grid_resolution: Any) -> None:
    """Raise ValueError unless these make a grid."""
    check_integer("grid_resolution", grid_resolution, 2)
    if np.shape(percentiles) != (2,) or not percentiles[0] < percentiles[1]:
        raise ValueError(
            f"percentiles is {percentiles!r}, but two rising shares were expected. "
            "Try percentiles=(0.05, 0.95)."
        )
    for share in percentiles:
        check_real("percentiles", share, 0.0, 1.0)


def grid_of(column: Any, percentiles: tuple[float, float], resolution: int) -> NDArray[Any]:
    """Return the values (v,) that a column (n,) is set to, rising.

    >>> grid_of(np.arange(1.0, 102.0), (0.0, 1.0), 5).tolist()
    [1.0, 26.0, 51.0, 76.0, 101.0]
    """
    values = np.asarray(column)
    if values.dtype.kind not in "fiub":
        known = [value for value in values.tolist() if not is_missing(value)]
        values = np.array(known, dtype=object)
        if not all(isinstance(value, numbers.Real) for value in known):
            return np.unique(values)
    values = values.astype(np.float64) if values.dtype.kind != "b" else values
    own = np.unique(values[values == values])
    if len(own) < resolution or values.dtype.kind == "b":
        return own
    low, high = quantiles(values[values == values], np.array(percentiles))
    if np.isclose(low, high):
        raise ValueError(
            f"The percentiles {percentiles} of a column are both {low:g}, which makes no grid. "
            "Pass percentiles that are further apart."
        )
    return np.linspace(low, high, resolution)


def quantiles(values: FloatArray, shares: FloatArray) -> FloatArray:
    """Return quantiles of values (n,) that are nearly unbiased for most distributions.

    The quantile p lies at place n p + 0.4 + 0.2 p of the sorted values, counted from 1, between
    neighbours in proportion. Source: Cunnane (1978), Journal of Hydrology 37.
    """
    place = len(values) * shares + 0.4 + 0.2 * shares
    return np.interp(place, np.arange(1, len(values) + 1), np.sort(values))


def response(estimator: Any, response_method: str) -> Callable[[Any], FloatArray]:
    """Return a function from rows to predictions (o, rows)."""
    check_choice("response_method", response_method, ("auto", *METHODS))
    wanted = METHODS if response_method == "auto" else (response_method,)
    method = next((name for name in wanted if hasattr(estimator, name)), None)
    if method is None:
        raise TypeError(
            f"A {type(estimator).__name__} has no {' or '.join(wanted)}, which was to be shown. "
            'Leave response_method at "auto", or pass another model.'
        )

    def predict(X: Any) -> FloatArray:
        found = np.asarray(getattr(estimator, method)(X), dtype=np.float64)
        outputs = found.T if found.ndim == 2 else found[None]
        return outputs[1:] if method == "predict_proba" and len(outputs) == 2 else outputs

    return predict


def predictions(
    predict: Callable[[Any], FloatArray], X: Any, columns: list[int], grid: list[NDArray[Any]]
) -> Iterator[FloatArray]:
    """Yield predictions (o, points, n) of all rows at some points, until the grid is done."""
    n = X.shape[0]
    place = np.indices([len(values) for values in grid]).reshape(len(grid), -1)  # (features, p)
    size = max(1, ROWS_TOGETHER // n)
    for start in range(0, place.shape[1], size):
        block = place[:, start : start + size]
        points = block.shape[1]
        values = [np.repeat(v[at], n) for v, at in zip(grid, block, strict=True)]
        rows = take_rows(X, np.tile(np.arange(n), points))
        yield predict(with_columns(rows, columns, values)).reshape(-1, points, n)


def _curves(blocks: list[FloatArray], shape: list[int], centered: bool) -> FloatArray | None:
    """Join blocks (..., points) and lay the points out as the grid is."""
    if not blocks:
        return None
    curves = np.concatenate(blocks, axis=-1)
    if centered:
        curves -= curves[..., :1].copy()
    return curves.reshape(*curves.shape[:-1], *shape)
