"""Scores of a ranking timed, beside scikit-learn's, on scores that all differ and on few values.

Notation: n rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from benchmarks.speed_trees import BUDGET, OURS, THEIRS
from benchmarks.timing import best_times
from mlcore.checks import FloatArray, IntArray

MODULES = {THEIRS: "sklearn.metrics", OURS: "mlcore.metrics"}
METRICS = ("roc_auc_score", "average_precision_score")
N, QUICK_N = 1_000_000, 100_000
VALUES = 100  # that scores have where they have few
TARGET = 1.0  # how many times faster ours should be


class Line(NamedTuple):
    """ms of theirs and ours."""

    what: str
    n: int
    theirs: float
    ours: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs / self.ours

    @property
    def reached(self) -> bool:
        """Whether ours is as fast as aimed at, as printed."""
        return round(self.ratio, 2) >= TARGET

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return self._asdict() | {"ratio": self.ratio, "target": TARGET, "reached": self.reached}


def scores(n: int) -> tuple[IntArray, dict[str, FloatArray]]:
    """Return labels (n,), three in ten of them 1, and scores (n,) in [0, 1) that tell something."""
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.3).astype(np.int64)
    share = 1 / (1 + np.exp(-(y + rng.normal(size=n))))
    few = np.floor(VALUES * share) / VALUES
    return y, {"continuous": share, f"{VALUES} values": few}


def metric_lines(n: int, repeats: int) -> Iterator[Line]:
    """Yield the line of each metric and kind of scores."""
    y, kinds = scores(n)
    for metric in METRICS:
        for kind, score in kinds.items():
            turns = {
                who: partial(getattr(import_module(module), metric), y, score)
                for who, module in MODULES.items()
            }
            times = best_times(turns, repeats, BUDGET)
            yield Line(f"{metric}, {kind}", n, times[THEIRS], times[OURS])


def show(lines: list[Line]) -> str:
    """Return the table."""
    width = max(len(line.what) for line in lines)
    head = (
        "Metrics: ms\n"
        f"{'':{width}}{'n':>9}{'sklearn':>11}{'ours':>10}{'times faster':>14}{'target':>8}"
    )
    rows = [
        f"{line.what:{width}}{line.n:9}{line.theirs:11.2f}{line.ours:10.2f}{line.ratio:14.2f}"
        f"{TARGET:8g}{'' if line.reached else '  below'}"
        for line in lines
    ]
    return "\n".join([head, *rows])
