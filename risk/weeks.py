"""How early is it good enough? The same comparison at the end of each week.

Notation: n pupils tested · k weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk.evaluation import Evaluation


@dataclass(frozen=True)
class WeekRow:
    """One line of the table: what one model, baseline or the oracle reaches at the end of a week."""

    week: int
    name: str  # "random_forest", "prior_score", "oracle", ...
    evaluation: Evaluation
