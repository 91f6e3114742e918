"""One row a pupil out of a school's folder: what being recorded, or not, tells of the outcome.

Pupils who left are recorded for fewer weeks, and the weak skip quizzes: so the weeks recorded and
the blanks are asked what they know. What pupils did all year is not: that it tells how the year
ended is no leak, and features are built as of a week anyway.

Notation: n pupils · y (n,) 1 at risk, 0 not, NaN where unknown.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from risk.findings import Finding
from risk.gaps import gaps_and_outcome, gaps_that_depend
from risk.leaks import probe
from risk.reading import RawTable
from risk.rules import pure_values
from risk.school_tables import SchoolTable
from risk.variables import variables_of

SPENT = ("pupil", "left_week")  # known columns that are no signs
DONE = {"days absent": "attendance.csv", "quiz score": "quizzes.csv"}  # of all the year


def what_recording_tells(tables: dict[str, SchoolTable]) -> list[Finding]:
    """Return what the pupils' own columns, their blanks and their weeks know of the outcome."""
    pupils, outcomes = tables["pupils"], tables["outcomes"]
    raw = one_row_a_pupil(tables)
    variables = [v for v in variables_of(raw) if len(v.texts) > int(not v.missing.any())]
    found = list(gaps_that_depend(variables))
    if {"final_score", "at_risk"} <= set(outcomes.columns):
        y = pupils.pupil.map(outcomes.of_pupil("at_risk")).to_numpy(dtype=np.float64)
        score = pupils.pupil.map(outcomes.of_pupil("final_score")).to_numpy(dtype=np.float64)
        target = replace(outcomes.columns["final_score"], codes=np.zeros(0, np.int64), values=score)
        signs = [v for v in variables if v.name not in DONE]
        found += [*probe(signs, y, target), *pure_values(signs, y)]
        # A quiz is missed before the outcome is known, so that tells of pupils and is no leak.
        for f in gaps_and_outcome(variables, y, "at_risk"):
            found.append(replace(f, severity="note") if f.column in DONE else f)
    return [replace(f, file=DONE.get(f.column or "", pupils.raw.name)) for f in found]


def one_row_a_pupil(tables: dict[str, SchoolTable]) -> RawTable:
    """Return the pupils' columns, and how often each was recorded in each weekly table.

    ``quiz score`` is blank where any of a pupil's quizzes is, ``days absent`` is of all the year.
    """
    pupils = tables["pupils"]
    frame = pupils.raw.frame.drop(columns=[c for c in SPENT if c in pupils.raw.frame])
    for name in ("attendance", "practice", "quizzes"):
        table = tables[name]
        frame[f"weeks in {name}"] = _text(pupils.pupil.map(table.pupil.value_counts()).fillna(0))
    days = pd.Series(tables["attendance"].numbers("days_absent"))
    frame["days absent"] = _text(pupils.pupil.map(days.groupby(tables["attendance"].pupil).sum()))
    quizzes = tables["quizzes"]
    mean = pd.Series(quizzes.numbers("score")).groupby(quizzes.pupil).agg(
        lambda scores: scores.mean(skipna=False)
    )  # fmt: skip
    frame["quiz score"] = _text(pupils.pupil.map(mean))
    return RawTable(pupils.raw.path, frame, pupils.lines, pupils.raw.separator)


def _text(values: pd.Series) -> list[str]:
    return ["" if value != value else f"{value:.6g}" for value in values]
