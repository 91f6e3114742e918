"""How far to prune, in a picture: errors of rows left out against the size of the tree."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator, StrMethodFormatter

from mlcore.checks import IntArray
from mlcore.plot.style import check_axes
from mlcore.tree.selection import PruningResult


def plot_pruning(ax: Axes, result: PruningResult, **line: Any) -> Axes:
    """Draw the cross-validated error against the number of leaves, ± one standard error.

    The dashed line is the least error plus its standard error, the limit of the 1-SE rule; the
    dotted one is the training error. On top stands ccp_alpha.
    """
    check_axes(ax)
    leaves, error = result.n_leaves, result.cv_error
    style: dict[str, Any] = {
        "marker": ".",
        "elinewidth": 0.7,
        "capsize": 2,
        "label": "cross-validated",
    } | line
    ax.errorbar(leaves, error, yerr=result.cv_std, **style)
    ax.plot(leaves, result.train_error, color="0.4", linewidth=0.8, linestyle=":", label="training")
    ax.axhline(result.limit, color="0.4", linewidth=0.8, linestyle="--", label="1-SE limit")
    for at, what, marker, size in (
        (result.best, "best", "s", 9),
        (result.chosen, "chosen", "o", 13),
    ):
        ax.plot(
            leaves[at], error[at], marker, markersize=size, fillstyle="none", color="black",
            zorder=3, label=f"{what}: {leaves[at]} leaves",
        )  # fmt: skip
    ax.set(xlabel="Leaves", ylabel="Error")
    ax.legend(frameon=False, fontsize="small")
    if leaves[0] > 30:  # small trees are the ones to tell apart
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    else:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _show_alphas(ax, result)
    return ax


def _show_alphas(ax: Axes, result: PruningResult) -> None:
    """Write ccp_alpha on top at a few trees that are well apart."""
    shown = _spread(result.n_leaves, ax.get_xscale() == "log")
    top = ax.secondary_xaxis("top")
    top.set_xlabel("ccp_alpha")
    top.xaxis.set_minor_locator(NullLocator())
    labels = [f"{result.ccp_alphas[at]:.2g}" for at in shown]
    top.set_ticks(result.n_leaves[shown], labels=labels, fontsize="small")


def _spread(leaves: IntArray, log: bool, most: int = 6) -> IntArray:
    """Return at most ``most`` places in leaves (s,), spread evenly over the axis."""
    x = np.log(leaves) if log else leaves.astype(np.float64)
    wanted = np.linspace(x[-1], x[0], most)  # (most,)
    place = np.unique(np.abs(x[:, None] - wanted).argmin(axis=0))
    apart = 0.5 * (x[0] - x[-1]) / (most - 1)
    kept = [int(place[0])]
    for at in place[1:].tolist():
        if x[kept[-1]] - x[at] >= apart:
            kept.append(at)
    return np.array(kept)
