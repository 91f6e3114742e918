"""Read a school's own tables, and set right or report what cannot be true in them.

A school's folder holds pupils.csv, attendance.csv, practice.csv, quizzes.csv and outcomes.csv. An
impossible value is taken as missing, and said; a row that belongs to nobody is left out, and said;
a table or column that is missing stops the road.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from mlcore.checks import plural
from risk.data.columns import spoken
from risk.data.reading import DataError, RawTable, read_csv, write_csv
from risk.data.roles import check_ids, need_columns

# Column -> its least and greatest possible value, or None for text.
COLUMNS: dict[str, dict[str, tuple[float, float] | None]] = {
    "pupils": {
        "pupil": None,
        "year": (1900, 2200),
        "school": None,
        "class": None,
        "grade": (1, 13),
        "gender": None,
        "ethnicity_group": None,
        "lunch_status": None,
        "parents_education": None,
        "prior_score": (0, 100),
        "left_week": (0, 60),
    },
    "attendance": {"pupil": None, "week": (1, 60), "days_absent": (0, 5)},
    "practice": {
        "pupil": None,
        "week": (1, 60),
        "skill": None,
        "assigned": (0, 1000),
        "completed": (0, 1000),
        "correct": (0, 1000),
        "minutes": (0, 5000),
    },
    "quizzes": {"pupil": None, "week": (1, 60), "skill": None, "score": (0, 100)},
    "outcomes": {"pupil": None, "final_score": (0, 100), "at_risk": None},
}
OPTIONAL = {"left_week": np.nan}  # columns that may be absent, and what they hold then


@dataclass
class Records:
    """A school's typed tables, and what was found and done while reading them."""

    tables: dict[str, pd.DataFrame]
    notes: list[str] = field(default_factory=list)


def read_records(folder: str | os.PathLike[str]) -> Records:
    """Return the tables of a school's folder; DataError names the file or column that is missing."""
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder with a school's tables.")
    notes: list[str] = []
    tables = {name: read_one(folder / f"{name}.csv", name, notes) for name in COLUMNS}
    pupils = set(tables["pupils"]["pupil"])
    for name, table in tables.items():
        stray = ~table["pupil"].isin(pupils)
        if len(table) and stray.all():
            raise DataError(
                f"{name}.csv: none of its pupils (such as {table['pupil'].iloc[0]!r}) is in "
                f"pupils.csv (such as {tables['pupils']['pupil'].iloc[0]!r}). Write the ids alike in "
                "all tables; a spreadsheet drops the zeros they begin with."
            )
        if stray.any():
            notes.append(f"{name}: {plural(int(stray.sum()), 'row')} of unknown pupils left out.")
            tables[name] = table[~stray].reset_index(drop=True)
    return Records(tables, notes)


def write_records(tables: dict[str, pd.DataFrame], folder: str | os.PathLike[str]) -> None:
    """Write a school's tables into a folder as a school would keep them."""
    for name, table in tables.items():
        write_csv(table, Path(folder) / f"{name}.csv")


def read_one(path: Path, name: str, notes: list[str]) -> pd.DataFrame:
    """Return one typed table with just the columns the road uses."""
    raw = read_csv(path)
    notes += raw.notes
    needed = [column for column in COLUMNS[name] if column not in OPTIONAL]
    need_columns(raw, needed, f"a column of {name}")
    typed: dict[str, pd.Series] = {}
    for column, bounds in COLUMNS[name].items():
        if column not in raw.frame:
            typed[column] = pd.Series(OPTIONAL[column], index=raw.frame.index)
            continue
        typed[column] = (
            raw.cells(column) if bounds is None else possible(raw, column, bounds, notes)
        )
    table = pd.DataFrame(typed)
    if name == "pupils":
        check_left_week(raw, table["left_week"])
    if name == "outcomes":
        table["at_risk"] = yes_or_no(raw, notes)
    if name in ("pupils", "outcomes"):
        check_ids(raw, "pupil")
        return table
    key = ["pupil", "week"] + (["skill"] if "skill" in table else [])
    again = table.duplicated(key)
    if again.any():
        notes.append(
            f"{name}: {plural(int(again.sum()), 'row')} recorded twice; the first is kept."
        )
    return table[~again].reset_index(drop=True)


def check_left_week(raw: RawTable, left: pd.Series) -> None:
    """Raise DataError for a left_week that is no week: who has left would be listed as still here."""
    if "left_week" not in raw.frame:
        return
    wrong = raw.cells("left_week").notna() & left.isna()
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        low, high = COLUMNS["pupils"]["left_week"] or (0, 60)
        raise DataError(
            f"{raw.name}, line {raw.lines[first]}: left_week holds {raw.frame['left_week'][first]!r}, "
            f"but the number of the last week the pupil was there was expected, {low} to {high}. "
            "Write the week's number, or empty the cell if the pupil is still there."
        )


def yes_or_no(raw: RawTable, notes: list[str]) -> pd.Series:
    """Return at_risk as "yes", "no" or missing, in whatever case it is written; adds a note."""
    cells = raw.cells("at_risk")
    said = spoken(cells, ("yes", "no"))
    wrong = cells.notna() & said.isna()
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        notes.append(
            f"{raw.name}: {plural(int(wrong.sum()), 'value')} of at_risk (such as "
            f"{cells[first]!r} in line {raw.lines[first]}) neither yes nor no, taken as not known."
        )
    return said.map({1.0: "yes", 0.0: "no"}).astype(object)


def possible(
    raw: RawTable, column: str, bounds: tuple[float, float], notes: list[str]
) -> pd.Series:
    """Return a number column with what is no number, or out of bounds, taken as missing."""
    values, _, note = raw.numbers(column)
    if note:
        notes.append(f"{raw.name}: {note}")
    low, high = bounds
    wrong = raw.cells(column).notna() & ~values.between(low, high)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        notes.append(
            f"{raw.name}: {plural(int(wrong.sum()), 'impossible value')} of {column} (such as "
            f"{raw.frame[column][first]!r} in line {raw.lines[first]}) taken as missing."
        )
    return values.where(~wrong)
