"""What is known about each pupil at the end of week k, and nothing later.

Rows of later weeks are cut off first, before anything else is computed, so they cannot leak in.
Each feature has a name a teacher understands and a unit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from risk.columns import Column
from risk.data import PupilTable, Trend, check_enough
from risk.reading import DataError
from risk.records import Records

RECENT = 3  # weeks that count as recent


class Feature(NamedTuple):
    """One feature: its column, what a teacher calls it, and its unit."""

    name: str
    label: str
    unit: str


FEATURES = (
    Feature("prior_score", "last year's score", "points"),
    Feature("absent_share", "days absent", "%"),
    Feature("absent_recent", "days absent in the last 3 weeks", ""),
    Feature("completed_share", "practice completed", "%"),
    Feature("completed_change", "practice completed, last 3 weeks against before", "points of %"),
    Feature("weeks_little", "weeks with less than half the practice", "weeks"),
    Feature("correct_share", "practice answers correct", "%"),
    Feature("correct_change", "answers correct, last 3 weeks against before", "points of %"),
    Feature("minutes_a_week", "time on practice", "minutes a week"),
    Feature("quiz_mean", "mean quiz score", "points"),
    Feature("quiz_last", "latest quiz score", "points"),
    Feature("quizzes_missed", "quizzes missed", ""),
)
PROTECTED = ("gender", "ethnicity_group", "lunch_status")


def build_features(tables: dict[str, pd.DataFrame], week: int) -> pd.DataFrame:
    """Return the features (n pupils) as of the end of a week, indexed by pupil; week 0 is the start."""
    known = {
        name: table[table["week"] <= week] if "week" in table else table
        for name, table in tables.items()
    }
    pupils = known["pupils"].set_index("pupil")
    parts = [
        pupils[["prior_score"]],
        attendance_features(known["attendance"], week),
        practice_features(known["practice"], week),
        quiz_features(known["quizzes"]),
    ]
    frame = pd.concat([part.reindex(pupils.index) for part in parts], axis=1)
    return frame[[feature.name for feature in FEATURES]].astype(np.float64)


def attendance_features(attendance: pd.DataFrame, week: int) -> pd.DataFrame:
    """Return how often each pupil was away, in all and lately; weeks not recorded do not count."""
    days = attendance.groupby("pupil")["days_absent"]
    recent = attendance[attendance["week"] > week - RECENT].groupby("pupil")["days_absent"]
    recorded = days.count()
    return pd.DataFrame(
        {
            "absent_share": 100 * days.sum() / (5 * recorded.where(recorded > 0)),
            "absent_recent": recent.sum(min_count=1),
        }
    )


def practice_features(practice: pd.DataFrame, week: int) -> pd.DataFrame:
    """Return how much each pupil practised, how well, and which way both are going."""
    lately = practice["week"] > week - RECENT
    recent, before = practice[lately], practice[~lately]
    recorded = practice.dropna(subset=["completed", "assigned"])
    little = recorded["completed"] < 0.5 * recorded["assigned"]
    return pd.DataFrame(
        {
            "completed_share": share(practice, "completed", "assigned"),
            "completed_change": share(recent, "completed", "assigned")
            - share(before, "completed", "assigned"),
            "weeks_little": little.groupby(recorded["pupil"]).sum().astype(float),
            "correct_share": share(practice, "correct", "completed"),
            "correct_change": share(recent, "correct", "completed")
            - share(before, "correct", "completed"),
            "minutes_a_week": practice.groupby("pupil")["minutes"].mean(),
        }
    )


def share(table: pd.DataFrame, part: str, whole: str) -> pd.Series:
    """Return 100 * sum of part / sum of whole for each pupil, over the rows that have both."""
    both = table.dropna(subset=[part, whole]).groupby("pupil")
    total = both[whole].sum()
    return 100 * both[part].sum() / total.where(total > 0)


def quiz_features(quizzes: pd.DataFrame) -> pd.DataFrame:
    """Return how each pupil did in the quizzes, and how many were missed."""
    ordered = quizzes.sort_values("week", kind="stable")
    by_pupil = ordered.groupby("pupil")["score"]
    return pd.DataFrame(
        {
            "quiz_mean": by_pupil.mean(),
            "quiz_last": by_pupil.last(),  # the last that is not missing
            "quizzes_missed": (by_pupil.size() - by_pupil.count()).astype(float),
        }
    )


def school_table(records: Records, week: int) -> PupilTable:
    """Return the school's pupils as one table: features as of a week, and the outcome if known."""
    last = int(records.tables["attendance"]["week"].max())
    if not 0 <= week <= last:
        raise DataError(f"Week {week} was asked for, but the records hold weeks 0 to {last}.")
    frame = build_features(records.tables, week)
    constant = [name for name in frame if frame[name].nunique() < 2]  # at week 0, most of them
    frame = frame.drop(columns=constant)
    known = {f.name: f for f in FEATURES}
    schema = [Column(n, "number", known[n].label, known[n].unit) for n in frame.columns]
    pupils = records.tables["pupils"].set_index("pupil")
    outcome = records.tables["outcomes"].set_index("pupil")["at_risk"].reindex(frame.index)
    at_risk = outcome.map({"yes": 1.0, "no": 0.0}).astype(np.float64).rename("at_risk")
    check_enough(at_risk, "outcomes.csv")
    return PupilTable(
        source="the school's records",
        ids=pd.Series(frame.index, name="pupil"),
        features=frame.reset_index(drop=True),
        schema=schema,
        at_risk=at_risk.reset_index(drop=True),
        protected=pupils[list(PROTECTED)].reset_index(drop=True),
        meaning="the final score falls below the school's cut",
        listed=(pupils["year"] == pupils["year"].max()).reset_index(drop=True),
        id_name="pupil",
        notes=records.notes,
        trends=weekly_trends(records.tables, week, at_risk),
    )


def weekly_trends(tables: dict[str, pd.DataFrame], week: int, at_risk: pd.Series) -> list[Trend]:
    """Return how practice and absence went up to a week, where the outcome is known by now."""
    practice, attendance = tables["practice"], tables["attendance"]
    figures = {
        "Practice completed (%)": (practice, 100 * practice["completed"] / practice["assigned"]),
        "Practice answers correct (%)": (
            practice,
            100 * practice["correct"] / practice["completed"],
        ),
        "Days absent a week": (attendance, attendance["days_absent"]),
    }
    trends = []
    for label, (table, values) in figures.items():
        ended = table["pupil"].map(at_risk)
        known = ended.notna() & (table["week"] <= week)
        by_week = values[known].groupby([ended[known], table["week"][known]]).mean()
        if known.any():
            lines = {"ended at risk": by_week[1.0], "did not": by_week[0.0]}
            weeks = [int(w) for w in lines["did not"].index]
            trends.append(Trend(label, weeks, {k: v.tolist() for k, v in lines.items()}))
    return trends
