"""How much each feature matters, and how a prediction changes with one of them.

Notation: n rows, d features, r repeats, g grid values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mlcore.checks import check_integer
from mlcore.inspection import PartialDependence
from mlcore.plot.learning import mean_and_spread
from mlcore.plot.results import dependence_of, importances_of
from mlcore.plot.room import fit_names
from mlcore.plot.style import COLOURS, check_axes, names_of, tick_names


def plot_importances(
    ax: Axes,
    importances: Any,
    names: Any = None,
    *,
    std: ArrayLike | None = None,
    most: int = 20,
) -> Axes:
    """Draw importances as bars, the largest on top.

    ``importances`` are what permutation_importance or a forest's permutation_importances returns,
    or (d,) numbers, or (d, r) of which the mean is taken. Whiskers reach one ``std`` (d,) to either
    side: as given, of the repeats, or importances_std. ``names`` (d,) may also be the DataFrame. At
    most ``most`` features are shown; those without a value (NaN) are left out, and counted below.
    """
    check_axes(ax)
    check_integer("most", most, 1)
    values, std = importances_of(importances, std)
    if values.ndim not in (1, 2) or len(values) == 0:
        raise ValueError(
            f"importances has shape {values.shape}, but (features,) or (features, repeats) was "
            "expected."
        )
    spread = None if std is None else np.asarray(std, dtype=np.float64)
    if values.ndim == 2:
        values, spread = mean_and_spread(values)
    if spread is not None and spread.shape != values.shape:
        raise ValueError(
            f"std has shape {spread.shape}, but {values.shape} was expected, one for each feature."
        )
    known = int((~np.isnan(values)).sum())
    if known == 0:
        raise ValueError(
            "importances has no value but NaN. Check the scores they come from: a forest has "
            "importances out of its bags only for trees that left rows out."
        )
    shown = np.argsort(-values, kind="stable")[: min(most, known)]  # NaN goes to the end
    place, bars = np.arange(len(shown)), values[shown]
    ax.barh(place, bars, color=COLOURS[4], height=0.7)
    if spread is not None:
        ax.errorbar(bars, place, xerr=spread[shown], fmt="none", ecolor="0.2", elinewidth=1)
    ax.axvline(0.0, color="0.3", linewidth=0.8)
    labels = names_of(names, len(values))
    tick_names(ax.yaxis, place, [labels[j] for j in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    smaller, without = known - len(shown), len(values) - known
    notes = [f"{smaller} smaller left out"] if smaller else []
    notes += [f"{without} without a value left out"] if without else []
    ax.set_xlabel("Importance" + (f" ({', '.join(notes)})" if notes else ""))
    fit_names(ax)
    return ax


def plot_partial_dependence(
    ax: Axes,
    grid: Any,
    average: ArrayLike | None = None,
    individual: ArrayLike | None = None,
    *,
    name: str = "Feature",
    output: int | None = None,
    most: int = 200,
) -> Axes:
    """Draw the mean prediction (g,) against the feature's values (g,), thin lines for single rows.

    ``grid`` is what partial_dependence returns for one feature, with the number ``output`` of the
    class to draw where there are more than two; or these values, with the mean ``average``.
    ``individual`` (n, g) are predictions of single rows; ``most`` of them, evenly spaced among
    all, are drawn. Values that are no numbers stand side by side.
    """
    check_axes(ax)
    check_integer("most", most, 1)
    if isinstance(grid, PartialDependence):
        grid, average, individual = dependence_of(grid, output)
    if average is None:
        raise ValueError(
            "average is missing. Pass what partial_dependence returns as grid, or the means too."
        )
    values, mean = np.asarray(grid), np.asarray(average, dtype=np.float64)
    if values.ndim != 1 or mean.shape != values.shape:
        raise ValueError(
            f"grid has shape {values.shape} and average {mean.shape}, but two vectors of one "
            "length were expected."
        )
    numeric = values.dtype.kind in "iufb"
    x = values.astype(np.float64) if numeric else np.arange(len(values), dtype=np.float64)
    if individual is not None:
        lines = np.asarray(individual, dtype=np.float64)
        if lines.ndim != 2 or lines.shape[1] != len(x):
            raise ValueError(
                f"individual has shape {lines.shape}, but (rows, {len(x)}) was expected."
            )
        some = np.unique(np.linspace(0, len(lines) - 1, min(most, len(lines))).astype(int))
        ax.plot(x, lines[some].T, color="0.6", linewidth=0.5, alpha=0.4, zorder=1)
    marker = "o" if len(x) < 12 or not numeric else None
    dash = "-" if numeric else ":"  # nothing lies between two names
    ax.plot(x, mean, color=COLOURS[0], linewidth=2.2, marker=marker, linestyle=dash, zorder=2)
    if not numeric:
        tick_names(ax.xaxis, x, [str(value) for value in values.tolist()])
        ax.margins(x=0.1)
    ax.set_xlabel(name, parse_math=False)
    ax.set_ylabel("Mean prediction")
    return ax
