"""What is odd in a table or in a school's folder, before anybody learns from it.

``check`` reads a CSV file, or a folder of a school's tables, and returns findings in plain
sentences; ``report`` writes them for a terminal. Nothing is changed.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from risk.check.findings import Finding, in_order, report
from risk.check.gaps import gaps_and_outcome
from risk.check.leaks import probe
from risk.check.oddities import column_findings
from risk.check.outcome import outcome_of
from risk.check.relations import names_of_the_end, small_groups, table_findings
from risk.check.rules import pure_values, shared_values
from risk.check.school_links import what_recording_tells
from risk.check.school_tables import read_school, school_findings
from risk.check.variables import variables_of
from risk.data.reading import DataError, RawTable, read_csv
from risk.data.records import COLUMNS
from risk.data.roles import need_columns

__all__ = ["Finding", "check", "report"]


def check(
    path: str | os.PathLike[str],
    target: str | None = None,
    at_risk_below: float | None = None,
    positive: str | None = None,
    id_column: str | None = None,
    today: datetime.date | None = None,
) -> list[Finding]:
    """Return what is odd in a CSV file or a school's folder, the most important first.

    The options are those of ``risk train``; a folder knows its own target and ids. DataError where
    the file cannot be read at all, or has no column of a name that was given. Dates after ``today``
    (by default, the day this runs) lie in the future.
    """
    today = today or datetime.date.today()
    if Path(path).is_dir():
        if target or id_column or positive or at_risk_below is not None:
            raise DataError(
                f"{path} is a folder of a school's tables, which names its own target and ids. "
                "Leave out --target, --at-risk-below, --positive and --id, or give one CSV file."
            )
        tables, found = read_school(path)
        found += school_findings(tables, today)
        whole = len(tables) == len(COLUMNS) and all("pupil" in t.columns for t in tables.values())
        return in_order([*found, *(what_recording_tells(tables) if whole else [])])
    raw = read_csv(path)
    need_columns(raw, [target] if target else [], "--target")
    need_columns(raw, [id_column] if id_column else [], "--id")
    if target is None and (positive is not None or at_risk_below is not None):
        raise DataError("What is at risk was given, but no --target COLUMN to find it in.")
    return in_order(check_table(raw, today, target, at_risk_below, positive, id_column))


def check_table(
    raw: RawTable,
    today: datetime.date,
    target: str | None = None,
    below: float | None = None,
    positive: str | None = None,
    id_column: str | None = None,
) -> list[Finding]:
    """Return what is odd in one table of a row a pupil, in no order."""
    variables = variables_of(raw)
    found = [Finding("note", "reading", note, "Check that it was meant so.") for note in raw.notes]
    for v in variables:
        if v.name != id_column:
            found += column_findings(v, raw.lines, today)
    found += table_findings(variables, raw.lines, id_column)
    found += names_of_the_end([v for v in variables if v.name != id_column], target)
    features = [v for v in variables if v.name not in (target, id_column) and v.varies]
    y = None
    if target is not None:
        aim = next(v for v in variables if v.name == target)
        y, told = outcome_of(raw, aim, below, positive)
        found += told
        found += shared_values(features, aim)
        if y is not None:
            found += probe(features, y, aim)
            found += pure_values(features, y)
            found += gaps_and_outcome(features, y, target)
    found += small_groups(features, y)
    return found
