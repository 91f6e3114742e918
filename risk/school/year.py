"""One grade's year: lived week by week, and written down as the school and the truth have it.

Notation: n pupils of the grade, T weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.school.futures import true_risk
from risk.school.learning import (
    BLOWS_A_WEEK,
    FINAL_CUT,
    ITEMS_A_WEEK,
    TEST_SPREAD,
    Plan,
    State,
    blows,
    expected_score,
    knowledge,
    live_a_week,
    plan_year,
    start,
)
from risk.school.pupils import District, YearGroup
from risk.school.recording import LOWER_LABEL, Biases, Recorded, record_week
from risk.school.tables import School, Tables
from risk.school.tutoring import Tutoring
from risk.skills.graph import taught_in

FEWEST_FUTURES = 8  # lived through from a late week


@dataclass(frozen=True)
class Setting:
    """What all pieces of one simulation share."""

    district: District
    n_weeks: int
    items: dict[int, FloatArray]  # of each grade's quizzes
    biases: Biases
    n_futures: int
    tutoring: Tutoring | None


def live_a_year(
    setting: Setting,
    pupils: YearGroup,
    pupil: np.ndarray,
    left_week: FloatArray,
    tutored: bool,
    rng: np.random.Generator,
) -> School:
    """Let the pupils of a grade live through the year, all tutored or none; return what came of it."""
    n_weeks, n = setting.n_weeks, len(pupil)
    life, records, ahead = rng.spawn(3)
    extra = np.zeros((n_weeks, n))
    if tutored and setting.tutoring is not None:
        extra += setting.tutoring.help_a_week(n_weeks)[:, None]
    plan, quick = (plan_year(pupils, n_weeks, extra, kind) for kind in (np.float64, np.float32))
    state = start(pupils, life)
    weeks: list[Recorded] = []
    hidden = [(knowledge(plan, state), state.engagement - state.strain)]
    risks = [foresee(quick, state, 0, setting.n_futures, ahead)]
    for week in range(1, n_weeks + 1):
        blow = blows(life.random(n) < BLOWS_A_WEEK, life)
        happened = live_a_week(plan, state, week, blow, life.standard_normal((4, n)))
        weeks.append(
            record_week(
                pupils, plan, state, week, happened, setting.items[pupils.grade], setting.biases,
                records,
            )
        )  # fmt: skip
        hidden.append((knowledge(plan, state), state.engagement - state.strain))
        risks.append(foresee(quick, state, week, setting.n_futures, ahead))
    final = expected_score(knowledge(plan, state)) + TEST_SPREAD * life.logistic(size=n)
    tables = tables_of(setting, pupils, plan, pupil, left_week, weeks, final)
    return School(tables, truth_of(pupils, pupil, weeks, hidden, risks, final))


def foresee(
    plan: Plan, state: State, week: int, n_futures: int, rng: np.random.Generator
) -> FloatArray:
    """Return the true risk after a week, (n,), or NaN where it was not asked for.

    The less of the year is left the less there is to chance, and the fewer futures are needed.
    """
    if not n_futures:
        return np.full(len(plan.ability), np.nan)
    left = 1 - week / len(plan.skill)
    return true_risk(plan, state, week, max(FEWEST_FUTURES, round(n_futures * left)), rng)


def tables_of(
    setting: Setting,
    pupils: YearGroup,
    plan: Plan,
    pupil: np.ndarray,
    left_week: FloatArray,
    weeks: list[Recorded],
    final: FloatArray,
) -> Tables:
    """Return the tables the school has of one grade's year; rows after a pupil left are not there."""
    table = pupils.table.assign(left_week=left_week)
    table.insert(0, "pupil", pupil)
    weekly = weekly_tables(pupils.grade, plan, pupil, weeks)
    for name, rows in weekly.items():
        left = np.tile(left_week, len(rows) // max(1, len(pupil)))  # of each row's pupil
        weekly[name] = rows[~(rows["week"].to_numpy() > left)]  # NaN: never left
    affected = (table["ethnicity_group"] == setting.biases.group).to_numpy()
    marked = final - LOWER_LABEL * (setting.biases.labels & affected)
    return {"pupils": table, **weekly, "outcomes": outcomes_of(pupil, marked)[np.isnan(left_week)]}


def weekly_tables(grade: int, plan: Plan, pupil: np.ndarray, weeks: list[Recorded]) -> Tables:
    """Return attendance, practice and quizzes, each with all pupils of a week under each other."""
    n_weeks, n = len(weeks), len(pupil)

    def column(name: str) -> FloatArray:
        return np.concatenate([getattr(week, name) for week in weeks])

    names = np.array([skill.name for skill in taught_in(grade)], dtype=object)
    by_week = pd.DataFrame(
        {"pupil": np.tile(pupil, n_weeks), "week": np.repeat(np.arange(1, n_weeks + 1), n)}
    )
    by_skill = by_week.assign(skill=np.repeat(names[plan.skill], n))
    quizzed = np.repeat([week.score is not None for week in weeks], n)
    scores = [week.score for week in weeks if week.score is not None]
    return {
        "attendance": by_week.assign(days_absent=column("days_absent").astype(np.int64)),
        "practice": by_skill.assign(
            assigned=ITEMS_A_WEEK,
            completed=column("completed").astype(np.int64),
            correct=column("correct").astype(np.int64),
            minutes=column("minutes"),
        ),
        "quizzes": by_skill[quizzed].assign(
            score=np.concatenate(scores) if scores else np.empty(0)
        ),
    }


def outcomes_of(pupil: np.ndarray, final: FloatArray) -> pd.DataFrame:
    """Return pupil, final_score and at_risk of final scores."""
    score = np.clip(final, 0, 100).round(1)
    at_risk = np.where(score < FINAL_CUT, "yes", "no").astype(object)
    return pd.DataFrame({"pupil": pupil, "final_score": score, "at_risk": at_risk})


def truth_of(
    pupils: YearGroup,
    pupil: np.ndarray,
    weeks: list[Recorded],
    hidden: list[tuple[FloatArray, FloatArray]],
    risks: list[FloatArray],
    final: FloatArray,
) -> Tables:
    """Return what only the simulation knows: of each pupil, and of each pupil and week from 0 on."""
    n = len(pupil)
    none = np.full(n, "", dtype=object)
    by_pupil = outcomes_of(pupil, final).assign(
        ability=pupils.ability,
        status=pupils.status,
        diligence=pupils.diligence,
        prior_missing=np.where(pupils.table["prior_score"].isna(), "at random", "").astype(object),
    )
    by_week = pd.DataFrame(
        {
            "pupil": np.tile(pupil, len(risks)),
            "week": np.repeat(np.arange(len(risks)), n),
            "knowledge": np.concatenate([known for known, _ in hidden]),
            "engagement": np.concatenate([engaged for _, engaged in hidden]),
            "true_risk": np.concatenate(risks),
            "minutes_missing": np.concatenate([none, *(week.minutes_missing for week in weeks)]),
            "score_missing": np.concatenate(
                [none, *(none if w.score is None else w.score_missing for w in weeks)]
            ),
        }
    )
    return {"pupils": by_pupil, "weeks": by_week}
