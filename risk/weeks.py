"""How early is it good enough? The same comparison at the end of each week.

Notation: n pupils tested · k weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mlcore.checks import FloatArray
from risk.evaluation import Evaluation
from risk.splits import Split


@dataclass(frozen=True)
class WeekRow:
    """One line of the table: what one model, baseline or the oracle reaches at the end of a week."""

    week: int
    name: str  # "random_forest", "prior_score", "oracle", ...
    evaluation: Evaluation


@dataclass(frozen=True)
class Weekly:
    """The comparison at the end of each week, for the same pupils."""

    split: Split
    share: float  # of the pupils that can be seen
    pupils: pd.Index  # (n,) tested
    at_risk: FloatArray  # (n,) y
    group: pd.Series | None  # (n,) each pupil's class or school, whose pupils are alike
    rows: list[WeekRow]

    @property
    def weeks(self) -> list[int]:
        """The weeks compared, in order."""
        return sorted({row.week for row in self.rows})

    @property
    def titles(self) -> dict[str, str]:
        """The title of each name, in the order of the rows."""
        return {row.name: row.evaluation.title for row in self.rows}
