"""How often the audit cries wolf: by columns that truly make no difference, all switches off.

Gender is drawn by a coin in the simulated school, and two columns are drawn by lot here. Whatever an
audit marks by these is a false alarm.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.school_audit import N_WEEKS, TRUTH, Audited, learnt, to_audit
from mlcore.metrics import wilson_interval
from risk.fairness import audit
from risk.school import simulate_school
from risk.significance import LEVEL

FIGURES = ("marked", "found", "false alarms", "calibration", "not recorded")
LEARNT_FROM = 5000  # pupils a year
BLIND = 0.01  # an audit that is wrong less often than this is too careful to see anything


class Alarms(NamedTuple):
    """Schools in whose audit, by columns that make no difference, anything is marked as differing."""

    schools: int
    alarms: int
    figures: dict[str, int]  # of those, where each figure is

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the rate."""
        return wilson_interval(self.alarms, self.schools)

    @property
    def reached(self) -> bool:
        """Whether the rate may be 5 % or less, and is not so low that the audit must be blind."""
        return self.interval[0] <= LEVEL and self.interval[1] >= BLIND


def false_alarms(schools: int, n: int) -> Alarms:
    """Return how often anything is marked by gender, by a coin, and by four groups drawn by lot."""
    model = learnt(simulate_school(LEARNT_FROM, N_WEEKS, 0, n_years=2, n_futures=0))
    alarms, counts = 0, dict.fromkeys(FIGURES, 0)
    for seed in range(1, schools + 1):
        pupils = to_audit(simulate_school(n, N_WEEKS, seed, n_years=1, n_futures=0), model)
        differing = alarms_of(pupils, np.random.default_rng(seed))
        alarms += bool(differing)
        for name in differing:
            counts[name] += 1
    return Alarms(schools, alarms, counts)


def alarms_of(pupils: Audited, rng: np.random.Generator) -> set[str]:
    """Return the figures in which anything is marked, by columns that make no difference."""
    n = len(pupils.risk)
    columns: dict[str, Any] = {
        "gender": pupils.protected["gender"],
        "coin": rng.choice(["heads", "tails"], n),
        "lot": rng.choice(["north", "east", "south", "west"], n),
    }
    groups = audit(
        pd.DataFrame(columns),
        pupils.outcomes[TRUTH],
        pupils.flagged,
        pupils.risk,
        pupils.not_recorded,
    )
    return {name for g in groups for name, s in (g.shares or {}).items() if s.differs}


def show(found: Alarms, n: int) -> str:
    """Return the line of the false alarms."""
    low, high = found.interval
    told = ", ".join(f"{name} {count}" for name, count in found.figures.items())
    return (
        f"False alarms: by gender, a coin and four groups by lot, all switches off, anything is marked "
        f"in\n{found.alarms} of {found.schools} schools of {n:,}: {found.alarms / found.schools:.1%} "
        f"[{low:.1%}, {high:.1%}], at most 5 %{'' if found.reached else '  not so'} ({told})"
    )
