"""What a simulated school is made of: the tables that it records, and those only the simulation knows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

TABLES = ("pupils", "attendance", "practice", "quizzes", "outcomes")
TRUTH = ("pupils", "weeks")
THIS_YEAR = 2026
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class School:
    """What the school recorded, and apart from it what only the simulation knows."""

    tables: Tables
    truth: Tables


def joined(parts: list[School]) -> School:
    """Return one school of several parts: their tables put under each other."""
    tables = {
        name: pd.concat([p.tables[name] for p in parts], ignore_index=True) for name in TABLES
    }
    truth = {name: pd.concat([p.truth[name] for p in parts], ignore_index=True) for name in TRUTH}
    return School(tables, truth)


def in_order(piece: School, year: int) -> School:
    """Return a piece with its rows by pupil and week, and this year's outcomes left in the future."""
    tables, truth = (
        {
            name: table.sort_values(
                ["pupil", "week"] if "week" in table else ["pupil"], ignore_index=True
            )
            for name, table in given.items()
        }
        for given in (piece.tables, piece.truth)
    )
    if year == THIS_YEAR:
        tables["outcomes"] = tables["outcomes"].iloc[:0]
    return School(tables, truth)


def as_of(school: School, week: int) -> Tables:
    """Return the tables a school has at the end of a week: this year's later weeks are not yet."""
    pupils = school.tables["pupils"]
    current = pupils["year"] == pupils["year"].max()
    known = {}
    for name, table in school.tables.items():
        if "week" in table:
            later = table["pupil"].isin(set(pupils.loc[current, "pupil"])) & (table["week"] > week)
            table = table[~later]
        known[name] = table
    left = pupils["left_week"]
    known["pupils"] = pupils.assign(left_week=left.where(~(current & (left > week))))
    return known
