"""A register: the school's tables as arrays of pupils and weeks, so that "as of week k" is a slice.

Column j of an array is week j + 1, and rows of practice stand in the order of their weeks. What is
known at the end of week k is the first k columns and the first rows: nothing later is within reach
of whatever is computed from them. The arrays are made once and serve every week.

Notation: n pupils · T weeks · r rows of practice with answers · p pairs of a pupil and a skill.
Arrays (n, T) hold NaN where nothing was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, IntArray


class Answers(NamedTuple):
    """The answers of each row of practice, earlier weeks first, and the pair it belongs to."""

    names: list[str]  # of the skills
    pupil: IntArray  # (p,) whose pair it is
    skill: IntArray  # (p,) which skill
    pair: IntArray  # (r,)
    week: IntArray  # (r,) ascending
    answered: FloatArray  # (r,) above 0
    correct: FloatArray  # (r,)

    def as_of(self, week: int) -> Answers:
        """Return the rows of weeks up to one, which are the first ones."""
        end = int(np.searchsorted(self.week, week, side="right"))
        return self._replace(
            pair=self.pair[:end],
            week=self.week[:end],
            answered=self.answered[:end],
            correct=self.correct[:end],
        )


@dataclass(frozen=True)
class Register:
    """What was recorded of each pupil in each week up to ``week``.

    Practice of several skills, and several quizzes, in a week are summed. A missing cell is not
    taken for nothing: a row counts for practice done only if it has both what was set and what was
    completed, and for answers only if it has both what was completed and what was right.
    """

    pupils: pd.Index  # (n,)
    week: int
    left: FloatArray  # (n,) the last week a pupil was there; infinite for who is there still
    prior: FloatArray  # (n,) last year's score
    absent: FloatArray  # (n, T) days
    assigned: FloatArray  # (n, T) items set
    completed: FloatArray  # (n, T) of those
    answered: FloatArray  # (n, T) items completed whose answers were marked
    correct: FloatArray  # (n, T) of those
    minutes: FloatArray  # (n, T)
    points: FloatArray  # (n, T) sum of the scores of the quizzes taken
    taken: FloatArray  # (n, T) quizzes
    missed: FloatArray  # (n, T) quizzes
    answers: Answers

    def as_of(self, week: int) -> Register:
        """Return what is known at the end of a week: views, not copies; week 0 is the start."""
        return replace(
            self,
            week=week,
            left=np.where(self.left <= week, self.left, np.inf),  # later leaving is not known
            answers=self.answers.as_of(week),
            **{name: getattr(self, name)[:, :week] for name in GRIDS},
        )

    @property
    def here(self) -> BoolArray:
        """Who is still there, (n,): a pupil has left if the last week there is over."""
        return self.left > self.week


GRIDS = (
    "absent", "assigned", "completed", "answered", "correct", "minutes", "points", "taken", "missed",
)  # fmt: skip


class Rows(NamedTuple):
    """The rows of a table that belong to a pupil and a week, in the order week, pupil, skill."""

    at: IntArray  # (r,) their places in the table
    pupil: IntArray  # (r,) places in the index of pupils
    week: IntArray  # (r,) from 1
    skill: IntArray  # (r,) -1 if missing, or if the table has no skills
    names: list[str]  # of the skills


def register_of(tables: dict[str, pd.DataFrame]) -> Register:
    """Return a school's tables as arrays; a pupil, week and skill are expected in one row only.

    Rows of unknown pupils, or of no whole week from 1 on, are left out. The order of the rows does
    not matter, to the last bit: sums are taken in the order of the skills' names.
    Cost: a look-up and a sort of each table's rows.
    """
    pupils = tables["pupils"]
    index = pd.Index(pupils["pupil"], name="pupil")
    rows = {name: placed(tables[name], index) for name in ("attendance", "practice", "quizzes")}
    last = max((int(r.week.max()) for r in rows.values() if len(r.week)), default=0)
    absent = Grid(tables["attendance"], rows["attendance"], len(index), last)
    practice = Grid(tables["practice"], rows["practice"], len(index), last)
    quizzes = Grid(tables["quizzes"], rows["quizzes"], len(index), last)
    assigned, completed, correct = map(practice.column, ("assigned", "completed", "correct"))
    score = quizzes.column("score")
    return Register(
        pupils=index,
        week=last,
        left=last_weeks(pupils),
        prior=pupils["prior_score"].to_numpy(dtype=np.float64),
        absent=absent.sums(absent.column("days_absent")),
        assigned=practice.sums(np.where(np.isnan(completed), np.nan, assigned)),
        completed=practice.sums(np.where(np.isnan(assigned), np.nan, completed)),
        answered=practice.sums(np.where(np.isnan(correct), np.nan, completed)),
        correct=practice.sums(np.where(np.isnan(completed), np.nan, correct)),
        minutes=practice.sums(practice.column("minutes")),
        points=quizzes.sums(score),
        taken=quizzes.sums(np.where(np.isnan(score), 0.0, 1.0)),
        missed=quizzes.sums(np.where(np.isnan(score), 1.0, 0.0)),
        answers=answers_of(rows["practice"], completed, correct),
    )


def last_weeks(pupils: pd.DataFrame) -> FloatArray:
    """Return the last week each pupil was there, infinite where none is given."""
    if "left_week" not in pupils:
        return np.full(len(pupils), np.inf)
    left = pupils["left_week"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(left), np.inf, left)


def placed(table: pd.DataFrame, pupils: pd.Index) -> Rows:
    """Return where each row of a table belongs; rows that belong nowhere are left out."""
    pupil = pupils.get_indexer(table["pupil"])
    week = table["week"].to_numpy(dtype=np.float64)
    at = np.flatnonzero((pupil >= 0) & (week >= 1) & (week < np.inf) & (np.floor(week) == week))
    skill, names = np.full(len(table), -1), pd.Index([])
    if "skill" in table:
        skill, names = pd.factorize(table["skill"], sort=True)
    pupil, week, skill = pupil[at], week[at].astype(np.int64), skill[at]
    key = (week * len(pupils) + pupil) * (len(names) + 1) + skill
    order = np.argsort(key, kind="stable")
    return Rows(at[order], pupil[order], week[order], skill[order], list(names))


class Grid:
    """One table's rows spread over pupils and weeks."""

    def __init__(self, table: pd.DataFrame, rows: Rows, n_pupils: int, n_weeks: int) -> None:
        self.table, self.rows = table, rows
        self.shape = (n_pupils, n_weeks)
        self.cell = rows.pupil * n_weeks + rows.week - 1  # (r,) in the raveled array

    def column(self, name: str) -> FloatArray:
        """Return a column's values in the order of the rows, (r,)."""
        return self.table[name].to_numpy(dtype=np.float64)[self.rows.at]

    def sums(self, values: FloatArray) -> FloatArray:
        """Return the sum of the known values of each pupil and week, NaN where none is known."""
        known = ~np.isnan(values)
        cell, size = self.cell[known], self.shape[0] * self.shape[1]
        total = np.bincount(cell, values[known], size).astype(np.float64)  # of no rows: integers
        total[np.bincount(cell, minlength=size) == 0] = np.nan
        return total.reshape(self.shape)


def answers_of(rows: Rows, completed: FloatArray, correct: FloatArray) -> Answers:
    """Return the answers in each skill of the rows of practice that have any."""
    kept = (rows.skill >= 0) & (completed > 0) & ~np.isnan(correct)
    code = rows.pupil[kept] * (len(rows.names) or 1) + rows.skill[kept]
    pairs, pair = np.unique(code, return_inverse=True)
    pupil, skill = np.divmod(pairs, len(rows.names) or 1)
    return Answers(rows.names, pupil, skill, pair, rows.week[kept], completed[kept], correct[kept])
