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

from mlcore.checks import BoolArray
from risk.check.findings import Finding
from risk.check.gaps import gaps_and_outcome, gaps_that_depend
from risk.check.leaks import LIMIT, probe
from risk.check.rules import pure_values
from risk.check.school_tables import SchoolTable
from risk.check.variables import variables_of
from risk.data.reading import RawTable

SPENT = ("pupil", "left_week")  # known columns that are no signs
DONE = {
    "days_absent (in all)": "attendance.csv",
    "score (of any quiz)": "quizzes.csv",
}  # of all the year


def what_recording_tells(tables: dict[str, SchoolTable]) -> list[Finding]:
    """Return what the pupils' own columns, their blanks and their weeks know of the outcome."""
    pupils, outcomes = tables["pupils"], tables["outcomes"]
    y = pupils.pupil.map(outcomes.of_pupil("at_risk")).to_numpy(dtype=np.float64)
    score = pupils.pupil.map(outcomes.of_pupil("final_score")).to_numpy(dtype=np.float64)
    known = ~np.isnan(y)  # the others left, or have been recorded for part of a year
    if not known.any() or "final_score" not in outcomes.columns:
        return []
    raw, y = one_row_a_pupil(tables, known), y[known]
    target = replace(outcomes.columns["final_score"], values=score[known])
    variables = [v for v in variables_of(raw) if v.varies]
    signs = [v for v in variables if v.name not in DONE]
    found = [*gaps_that_depend(variables), *probe(signs, y, target), *pure_values(signs, y)]
    found += gaps_and_outcome(variables, y, "at_risk")
    return [
        replace(f, file=DONE.get(f.column or "", pupils.raw.name), severity=_severity(f))
        for f in found
    ]


def _severity(f: Finding) -> str:
    """Return how bad a finding is, since some columns are known in time by what they are."""
    quiz_missed = f.column in DONE and f.kind == "missing tells outcome"
    last_year = f.column == "prior_score" and f.kind == "strong" and f.weight <= 5 + LIMIT
    return "note" if quiz_missed or last_year else f.severity


def one_row_a_pupil(tables: dict[str, SchoolTable], known: BoolArray) -> RawTable:
    """Return the known pupils' columns, and how often each was recorded in each weekly table.

    A quiz score is blank where any of a pupil's quizzes is; days absent are of all the year.
    """
    pupils = tables["pupils"]
    frame = pupils.raw.frame.drop(columns=[c for c in SPENT if c in pupils.raw.frame])
    for name in ("attendance", "practice", "quizzes"):
        table = tables[name]
        frame[f"weeks in {name}"] = _text(pupils.pupil.map(table.pupil.value_counts()).fillna(0))
    days = pd.Series(tables["attendance"].numbers("days_absent"))
    frame["days_absent (in all)"] = _text(
        pupils.pupil.map(days.groupby(tables["attendance"].pupil).sum())
    )
    quizzes = tables["quizzes"]
    mean = pd.Series(quizzes.numbers("score")).groupby(quizzes.pupil).agg(
        lambda scores: scores.mean(skipna=False)
    )  # fmt: skip
    frame["score (of any quiz)"] = _text(pupils.pupil.map(mean))
    lines = [pupils.lines[int(i)] for i in np.flatnonzero(known)]
    frame = frame[known].reset_index(drop=True)
    return RawTable(pupils.raw.path, frame, lines, pupils.raw.separator)


def _text(values: pd.Series) -> list[str]:
    return ["" if value != value else f"{value:.6g}" for value in values]
