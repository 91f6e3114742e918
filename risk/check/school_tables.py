"""What is odd in a school's folder: in each table, between its tables, and against the calendar.

Notation: raw a table of text · lines (n,) the line of each row in its file.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, plural
from risk.check.findings import Finding, at_lines, first_line, listed, quoted
from risk.check.gaps import gaps, gaps_together
from risk.check.impossible import odd_dates
from risk.check.oddities import far_from_all, several_spellings, stand_ins, zeros_apart
from risk.check.relations import double_ids, out_of_order, small_groups
from risk.check.variables import Variable, variables_of
from risk.data.columns import spoken
from risk.data.reading import DataError, RawTable, read_csv
from risk.data.records import COLUMNS

FEW = 0.05  # share of a year's pupils below which a week has no lessons any more
CENTS = 0.02  # share of outcomes that may disagree with a cut and still be slips


def read_school(folder: str | os.PathLike[str]) -> tuple[dict[str, SchoolTable], list[Finding]]:
    """Return the tables of a school's folder by their names, and what cannot be read of them."""
    tables, found = {}, []
    for name in COLUMNS:
        try:
            tables[name] = SchoolTable(name, read_csv(Path(folder) / f"{name}.csv"))
        except DataError as error:
            there = (Path(folder) / f"{name}.csv").exists()
            mend = "Mend the file." if there else "Put the file into the folder."
            found.append(Finding("wrong", "no table", str(error), mend,
                                 file=f"{name}.csv", weight=20))  # fmt: skip
    return tables, found


def school_findings(tables: dict[str, SchoolTable], today: datetime.date) -> list[Finding]:
    """Return what is odd in a school's tables and between them, in no order."""
    found: list[Finding] = []
    pupils, outcomes = tables.get("pupils"), tables.get("outcomes")
    for table in tables.values():
        found += table.by_itself(today)
        if pupils is not None and table is not pupils:
            found += strangers(table, pupils)
            if "week" in table.columns:
                found += [*after_the_end(table, pupils), *after_leaving(table, pupils)]
    if outcomes is not None:
        found += disagreeing(outcomes)
        if pupils is not None:
            found += [*outcomes_too_many(outcomes, pupils), *groups_at_risk(outcomes, pupils)]
    return found


class SchoolTable:
    """One table of the folder, its columns as variables and each row's pupil."""

    def __init__(self, name: str, raw: RawTable) -> None:
        self.name, self.raw, self.lines = name, raw, raw.lines
        self.columns: dict[str, Variable] = {v.name: v for v in variables_of(raw)}
        if "at_risk" in self.columns:  # yes and no are understood, whatever else stands there
            v = self.columns["at_risk"]
            spoken_of = spoken(pd.Series([*v.texts, None], dtype=object), ("yes", "no"))
            self.columns["at_risk"] = replace(v, values=spoken_of.to_numpy()[v.codes])
        self.pupil: pd.Series = (
            raw.frame["pupil"] if "pupil" in raw.frame else pd.Series(dtype=object)
        )

    def numbers(self, column: str) -> np.ndarray:
        """Return a column's numbers, (n,), NaN where there are none or no such column."""
        none = np.full(len(self.lines), np.nan)
        return self.columns[column].values if column in self.columns else none

    def of_pupil(self, column: str) -> dict[str, float]:
        """Return a column's numbers by pupil."""
        return dict(zip(self.pupil, self.numbers(column), strict=True)) if len(self.pupil) else {}

    def find(
        self, severity: str, kind: str, rows: BoolArray, told: str, mend: str,
        column: str | None = None, weight: float = 5.0,
    ) -> Iterator[Finding]:  # fmt: skip
        """Give a finding on some rows, if there are any; their count and lines are put before."""
        if rows.any():
            head = f"{plural(int(rows.sum()), 'row')} ({at_lines(self.lines, rows)})"
            yield Finding(severity, kind, f"{head} {told}", mend, column,
                          first_line(self.lines, rows), self.raw.name, weight)  # fmt: skip

    def by_itself(self, today: datetime.date) -> Iterator[Finding]:
        """Find what is odd in this table alone."""
        absent = [c for c in COLUMNS[self.name] if c not in self.columns]
        if absent:
            yield Finding("wrong", "no column", f"it has no column {listed(absent)}.", "Add it, or "
                          "mend its name in the header.", file=self.raw.name, weight=20)  # fmt: skip
        found: list[Finding] = []
        for column, bounds in COLUMNS[self.name].items():
            v = self.columns.get(column)
            if v is None:
                continue
            if bounds is not None:
                found += self.out_of_bounds(v, bounds)
                found += odd_dates(v, self.lines, today)
                known = ~np.isnan(v.values) & (v.values >= bounds[0]) & (v.values <= bounds[1])
                inside = replace(v, values=np.where(known, v.values, np.nan))
                found += [*far_from_all(inside, self.lines)] if column == "minutes" else []
                found += zeros_apart(inside, self.lines)
            elif column != "pupil":
                found += [*several_spellings(v, self.lines), *stand_ins(v, self.lines)]
        found += self.doubles()
        variables = [v for v in self.columns.values() if v.name != "left_week"]
        found += [*out_of_order(variables, self.lines), *gaps(variables), *gaps_together(variables)]
        yield from (replace(f, file=self.raw.name) for f in found)

    def out_of_bounds(self, v: Variable, bounds: tuple[float, float]) -> Iterator[Finding]:
        """Find values that are no numbers, or that no such column can hold."""
        low, high = bounds
        with np.errstate(invalid="ignore"):
            wrong = ~v.missing & ~((v.values >= low) & (v.values <= high))
        if wrong.any():
            shown = dict.fromkeys(v.texts[c] for c in v.codes[wrong])
            told = f"hold {listed(list(shown), 3)}, but {low:g} to {high:g} was expected."
            yield from self.find("wrong", "impossible value", wrong, told, "Correct them, or empty "
                                 "them: until then they are taken for missing.", v.name, 8)  # fmt: skip

    def doubles(self) -> Iterator[Finding]:
        """Find ids that stand in two rows, or two rows of one pupil, week and skill."""
        if "pupil" not in self.columns:
            return
        if self.name in ("pupils", "outcomes"):
            yield from double_ids([self.columns["pupil"]], self.lines, "pupil")
            return
        key = [c for c in ("pupil", "week", "skill") if c in self.columns]
        again = self.raw.frame.duplicated(key).to_numpy()
        yield from self.find("wrong", "double row", again, f"repeat the {', '.join(key)} of an "
                             "earlier row.", "Keep one of them; until then the first counts.",
                             "pupil", 9)  # fmt: skip


def strangers(table: SchoolTable, pupils: SchoolTable) -> Iterator[Finding]:
    """Find rows of pupils whom the table of pupils does not know."""
    stray = ~table.pupil.isin(set(pupils.pupil)).to_numpy()
    yield from table.find("wrong", "unknown pupil", stray, f"are of pupils who are not in "
                          f"{pupils.raw.name}.", "Add the pupils, or mend the ids; until then the "
                          "rows are left out.", "pupil", 9)  # fmt: skip


def after_the_end(table: SchoolTable, pupils: SchoolTable) -> Iterator[Finding]:
    """Find rows dated later than a year's last week of lessons.

    That is the last week in which at least a twentieth as many pupils were recorded as in the
    fullest one. In the year that still runs it is the latest week so far.
    """
    year = table.pupil.map(pupils.of_pupil("year")).to_numpy(dtype=np.float64)
    week = table.numbers("week")
    late = np.zeros(len(week), dtype=bool)
    for y in np.unique(year[~np.isnan(year)]):
        rows = (year == y) & ~np.isnan(week)
        weeks, counts = np.unique(week[rows], return_counts=True)
        if len(weeks) < 3:
            continue
        last = weeks[counts >= FEW * counts.max()].max()
        late |= rows & (week > last)
    yield from table.find("wrong", "after the end", late, "are dated after the last week of "
                          "lessons of their year.", "Mend the week: a week to come cannot be known.",
                          "week", 7)  # fmt: skip


def after_leaving(table: SchoolTable, pupils: SchoolTable) -> Iterator[Finding]:
    """Find weeks recorded for pupils who had left before them."""
    left = table.pupil.map(pupils.of_pupil("left_week")).to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        gone = table.numbers("week") > left
    yield from table.find("wrong", "after leaving", gone, "are of pupils who had left before that "
                          f"week (left_week in {pupils.raw.name}).", "Remove them: zeros for pupils "
                          "who have left look like pupils in trouble.", "week", 8)  # fmt: skip


def outcomes_too_many(outcomes: SchoolTable, pupils: SchoolTable) -> Iterator[Finding]:
    """Find outcomes of pupils who left, and of the year that is still running."""
    left = outcomes.pupil.map(pupils.of_pupil("left_week")).to_numpy(dtype=np.float64)
    yield from outcomes.find("wrong", "outcome of a leaver", ~np.isnan(left), "give an outcome to "
                             f"pupils who left (left_week in {pupils.raw.name}).", "Remove them: what "
                             "was written down for leavers is no result.", "final_score", 8)  # fmt: skip
    year = outcomes.pupil.map(pupils.of_pupil("year")).to_numpy(dtype=np.float64)
    years = pupils.numbers("year")
    if not np.isnan(years).all() and len(np.unique(years[~np.isnan(years)])) > 1:
        current = year == np.nanmax(years)
        yield from outcomes.find("look", "outcome of this year", current, "give an outcome to pupils "
                                 "of the latest year, which was taken to be still running.",
                                 "Nothing, if that year is over.", "final_score", 6)  # fmt: skip


def disagreeing(outcomes: SchoolTable) -> Iterator[Finding]:
    """Find outcomes where at_risk does not follow from one cut of final_score."""
    if not {"final_score", "at_risk"} <= set(outcomes.columns):
        return
    flag = outcomes.columns["at_risk"]
    strange = ~flag.missing & np.isnan(flag.values)
    yield from outcomes.find("wrong", "at_risk", strange, "hold something other than yes or no.",
                             "Write yes or no.", "at_risk", 8)  # fmt: skip
    score = outcomes.numbers("final_score")
    both = ~np.isnan(score) & ~np.isnan(flag.values)
    if both.sum() < 20 or len(np.unique(flag.values[both])) < 2:
        return
    order = np.flatnonzero(both)[np.argsort(score[both], kind="stable")]
    s, risk = score[order], flag.values[order] == 1
    # With the cut before row i, the rows before it should be at risk and the others not.
    errors = np.append(0, np.cumsum(~risk)) + np.append(np.cumsum(risk[::-1])[::-1], 0)
    between = np.concatenate([[True], s[1:] > s[:-1], [True]])
    at = int(np.argmin(np.where(between, errors, len(s))))
    wrong = np.zeros(len(score), dtype=bool)
    wrong[order] = risk != (np.arange(len(s)) < at)
    cut = f"{s[min(at, len(s) - 1)]:g}"
    if errors[at] <= CENTS * len(s):
        yield from outcomes.find("wrong", "outcome against cut", wrong, f"disagree with the others, "
                                 f"for whom at_risk means a {quoted('final_score')} below {cut}.",
                                 "Mend the score or the flag.", "at_risk", 8)  # fmt: skip
    else:
        yield from outcomes.find("look", "no cut", wrong, "stand against any cut: at_risk is not a "
                                 f"threshold of final_score (the nearest is {cut}).", "Ask how "
                                 "at_risk was decided, and whether alike for all.", "at_risk", 7)  # fmt: skip


def groups_at_risk(outcomes: SchoolTable, pupils: SchoolTable) -> Iterator[Finding]:
    """Find groups of pupils too small to be audited, by their known outcomes."""
    if "at_risk" not in outcomes.columns:
        return
    y = pupils.pupil.map(outcomes.of_pupil("at_risk")).to_numpy(dtype=np.float64)
    groups = ("gender", "ethnicity_group", "lunch_status", "parents_education", "school")
    variables = [pupils.columns[c] for c in groups if c in pupils.columns]
    yield from (replace(f, file=pupils.raw.name) for f in small_groups(variables, y))
