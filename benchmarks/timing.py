"""Timing in turns: what else the machine does only adds time, so the best of several rounds counts."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np


def best_times(
    turns: dict[str, Callable[[], object]], repeats: int, budget: float = np.inf
) -> dict[str, float]:
    """Return each one's least time in ms over the rounds, after a warm-up; a round takes all.

    There are as many rounds as fit into budget seconds, at least one and at most repeats.
    """
    best = dict.fromkeys(turns, np.inf)
    started = time.perf_counter()
    for r in range(repeats + 1):
        for name, turn in turns.items():
            start = time.perf_counter()
            turn()
            if r > 0:
                best[name] = min(best[name], 1e3 * (time.perf_counter() - start))
        spent = time.perf_counter() - started
        if r > 0 and spent + spent / (r + 1) > budget:
            break
    return best
