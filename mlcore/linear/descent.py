"""One rule for when a descent ends, and what it leaves.

Notation: J the objective · tol the largest entry its subgradient may have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.checks import FloatArray
from mlcore.linear.objective import Point


@dataclass(frozen=True)
class Descent:
    """What a descent leaves: its last point, its history, and why it ended.

    The end is "gradient" when no entry of the gradient exceeds tol, "rounding" when neither loss
    nor gradient falls any more though the gradient is small, else "max_iter", "callback",
    "not finite" or "no way down".
    """

    last: Point
    losses: FloatArray
    gradient_norms: FloatArray
    end: str

    @property
    def converged(self) -> bool:
        """Whether the last point is as near to the optimum as asked for, or as rounding lets it."""
        return self.end in ("gradient", "rounding")


def descend(
    points: Iterator[Point],
    tol: float,
    max_iter: int,
    callback: Callable[[Point], Any] | None = None,
    *,
    in_units: bool = True,
) -> Descent:
    """Take points until no entry of the subgradient exceeds tol; the one rule for all solvers.

    Also stops after max_iter steps, when the loss is no longer finite, when callback(point) is
    true, and when rounding is all that still changes. That is judged only ``in_units`` of
    standardised columns: the gradient of a column in tiny units is small wherever it is.
    """
    losses, norms = [], []
    end = "no way down"
    for point in points:
        losses.append(point.loss)
        norms.append(point.gradient_norm)
        called = callback is not None and bool(callback(point))
        if point.gradient_norm <= tol:
            end = "gradient"
        elif called:
            end = "callback"
        elif not np.isfinite(point.loss):
            end = "not finite"
        elif in_units and _only_rounding(losses, norms):
            end = "rounding"
        elif len(losses) > max_iter:
            end = "max_iter"
        else:
            continue
        break
    return Descent(point, np.array(losses), np.array(norms), end)


def _only_rounding(losses: list[float], norms: list[float], window: int = 30) -> bool:
    """Return whether over so many steps the loss kept 13 digits and the gradient stayed small."""
    if len(norms) <= window or norms[-1] > 1e-6:
        return False
    fell = losses[-window - 1] - losses[-1]
    smaller = min(norms[-window:]) < min(norms[:-window])
    return not smaller and fell <= 1e-13 * max(1.0, abs(losses[-1]))
