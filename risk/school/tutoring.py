"""Tutoring whose effect is known: any policy, and what would have been without it.

The year is lived twice under the same chances, once with nobody tutored and once with all; a policy
sees the records up to a week and names the pupils to tutor. What is recorded of each pupil is then
taken from the one life or the other, and the truth keeps both outcomes (Rubin 1974): so the effect of
a policy, and of tutoring a single pupil, is known and not estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.school.learning import FINAL_SCALE
from risk.school.tables import School, Tables, as_of


@dataclass(frozen=True)
class Tutoring:
    """Help from the week after ``week`` to the end, for the pupils whom the policy names.

    ``effect`` is in points of the final test, reached by equal steps. ``policy`` gets the tables as
    of the week, of one piece of the school at a time, and returns ids of pupils.
    """

    week: int
    effect: float
    policy: Callable[[Tables], Iterable[str]]

    def help_a_week(self, n_weeks: int) -> FloatArray:
        """Return what tutoring adds to knowledge in each week, (T,)."""
        weeks = np.arange(1, n_weeks + 1) > self.week
        return weeks * self.effect / FINAL_SCALE / max(1, weeks.sum())

    def carry_out(self, without: School, tutored: School) -> School:
        """Return one year's school, each pupil's records from the life that the policy gives."""
        known = as_of(without, self.week)
        del known["outcomes"]
        chosen = set(self.policy(known))

        def mixed(plain: pd.DataFrame, helped: pd.DataFrame) -> pd.DataFrame:
            return pd.concat(
                [plain[~plain["pupil"].isin(chosen)], helped[helped["pupil"].isin(chosen)]]
            )

        tables = {n: mixed(t, tutored.tables[n]) for n, t in without.tables.items()}
        truth = {n: mixed(t, tutored.truth[n]) for n, t in without.truth.items()}
        scores = {
            "final_without_tutoring": without.truth["pupils"].set_index("pupil")["final_score"],
            "final_with_tutoring": tutored.truth["pupils"].set_index("pupil")["final_score"],
        }
        pupils = truth["pupils"]
        for name, score in scores.items():
            pupils[name] = pupils["pupil"].map(score)
        pupils["tutored"] = pupils["pupil"].isin(chosen)
        return School(tables, truth)
