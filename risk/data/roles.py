"""What the user says of the columns: which is the outcome, who each pupil is, in which year, where.

A column with a role is checked here, and read where it is no feature: ids, school years, groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.data.columns import YES_NO, Column, Condition
from risk.data.reading import SEPARATORS, DataError, RawTable

# Names, in small letters and without blanks, by which tables call the school year, and the group.
COHORT_NAMES = {
    "year", "schoolyear", "academicyear", "cohort", "jahr", "schuljahr", "année", "annéescolaire",
    "año", "añoescolar", "ano", "anoletivo",
}  # fmt: skip
GROUP_NAMES = {
    "school", "schoolid", "schoolname", "class", "classid", "classroom", "teacher", "schule",
    "klasse", "école", "classe", "escuela", "colegio", "clase", "escola", "turma",
}  # fmt: skip


def need_columns(raw: RawTable, names: list[str], option: str) -> None:
    """Raise DataError unless the table has every one of the columns an option names."""
    have = list(raw.frame.columns)
    absent = [name for name in names if name not in have]
    if not absent:
        return
    close = [h for h in have if h.lower() == absent[0].lower()]
    hint = f"Did you mean {close[0]!r}?" if close else f"It has: {', '.join(have[:40])}."
    listed = ", ".join(repr(name) for name in absent)
    raise DataError(
        f"{raw.name} has no column {listed} ({option}; separator: {SEPARATORS[raw.separator]}). "
        f"{hint}"
    )


@dataclass(frozen=True)
class Roles:
    """What the user says of the columns."""

    target: str
    below: float | None = None
    positive: str | None = None
    id_column: str | None = None
    drop: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    use_protected: bool = False
    cohort: str | None = None  # the school year: not learnt from
    group: str | None = None  # the school or class: not learnt from
    prior: str | None = None  # last year's score: a feature like others
    rule: tuple[Condition, ...] = ()  # of columns that are features like others
    left: str | None = None  # who has left the school: neither learnt from nor listed
    may_repeat: bool = False  # a pupil may have several rows, which are tested together

    @property
    def not_learnt(self) -> tuple[str | None, ...]:
        """The columns that are no features, whatever they hold."""
        return (self.target, self.id_column, self.cohort, self.group, self.left, *self.drop)

    def check(self, raw: RawTable) -> None:
        """Raise DataError for a column that is not there, or is asked to be two things."""
        named: dict[str, tuple[str | None, ...]] = {
            "--target": (self.target,),
            "--drop": self.drop,
            "--protected": self.protected,
            "--categories": self.categories,
            "--id": (self.id_column,),
            "--cohort": (self.cohort,),
            "--group": (self.group,),
            "--left": (self.left,),
            "--prior": (self.prior,),
            "--rule": tuple(condition.column for condition in self.rule),
        }
        for option, names in named.items():
            need_columns(raw, [name for name in names if name is not None], option)
        # What the models do not see cannot be a feature as well.
        unseen = ["--target", "--id", "--cohort", "--group", "--drop"]
        if not self.use_protected:
            unseen.append("--protected")
        apart: dict[str, Sequence[str]] = {
            "--protected": ("--target", "--id", "--drop"),
            "--cohort": ("--target", "--id"),
            "--group": ("--target", "--id", "--cohort"),
            "--prior": unseen,
            "--rule": unseen,
        }
        for option, several in apart.items():
            for other in several:
                both = [n for n in named[option] if n is not None and n in named[other]]
                if both:
                    raise DataError(f"{raw.name}: {both[0]!r} is both {option} and {other}.")
        if self.target in self.drop or self.target == self.id_column:
            raise DataError(f"{raw.name}: the target {self.target!r} is also --drop or --id.")


def check_features(roles: Roles, raw: RawTable, schema: list[Column]) -> None:
    """Raise DataError unless the prior score and the rule's columns became columns of numbers."""
    kinds = {column.name: column.kind for column in schema}
    wanted: dict[str, list[str | None]] = {
        "--prior": [roles.prior],
        "--rule": [c.column for c in roles.rule],
    }
    for option, names in wanted.items():
        for name in names:
            if name is None or kinds.get(name) in ("number", "yes/no"):
                continue
            seen = "categories" if name in kinds else "nothing to learn from"
            raise DataError(
                f"{raw.name}: column {name!r} holds {seen}, but {option} needs numbers that vary. "
                "Name another column."
            )


def check_ids(
    raw: RawTable,
    name: str | None,
    cohort: pd.Series | None = None,
    *,
    may_repeat: bool = False,
    advice: str = "Remove one of them.",
) -> pd.Series:
    """Return the pupils' ids as written, or line numbers; DataError for a missing or double one.

    With ``cohort`` (n,) an id may stand in a row of each school year.
    """
    if name is None:
        return pd.Series([f"line {line}" for line in raw.lines], name="pupil")
    need_columns(raw, [name], "--id")
    ids = raw.frame[name].rename("pupil")  # as written: a pupil may be called Null
    if (ids == "").any():
        at = int(np.flatnonzero(ids == "")[0])
        raise DataError(
            f"{raw.name}, line {raw.lines[at]}: the id in column {name!r} is missing. Fill it in, "
            "or name another column with --id."
        )
    key = pd.DataFrame({"id": ids} if cohort is None else {"id": ids, "cohort": cohort})
    double = key[key.duplicated(keep=False)]
    if len(double) and not may_repeat:
        first = double.iloc[0]
        where = [raw.lines[int(i)] for i in double.index[(double == first).all(axis=1)][:2]]
        once = "one row a pupil" if cohort is None else f"one row a pupil and {cohort.name}"
        raise DataError(
            f"{raw.name}: the id {first['id']!r} in column {name!r} stands in lines {where[0]} and "
            f"{where[1]}, but {once} was expected. {advice}"
        )
    return ids


def left_of(raw: RawTable, name: str) -> pd.Series:
    """Return who has left: True unless the cell is blank, or says no, or 0."""
    still = {no for _, no in YES_NO} | {"0"}
    return (
        raw.cells(name)
        .map(lambda cell: cell is not None and cell.lower() not in still)
        .astype(bool)
    )


def cohort_of(raw: RawTable, name: str) -> pd.Series:
    """Return the school year of each row, numbers or texts that sort in time.

    DataError for a blank, and for texts that do not begin with the year or are not written alike,
    whose order nothing tells.
    """
    cells = raw.cells(name).rename(name)
    if cells.isna().any():
        line = raw.lines[int(np.flatnonzero(cells.isna())[0])]
        raise DataError(
            f"{raw.name}, line {line}: the school year in column {name!r} is missing. Fill it in, "
            "or leave the row out: without it nobody knows what came before it."
        )
    numbers = raw.numbers(name)[0].rename(name)
    if numbers.notna().all():
        whole = bool((numbers == numbers.round()).all())
        return numbers.astype(np.int64) if whole else numbers
    like_years = cells.str.fullmatch(r"[12][0-9]{3}([^0-9].*)?")
    if not like_years.all():
        at = int(np.flatnonzero(~like_years)[0])
        raise DataError(
            f"{raw.name}, line {raw.lines[at]}: the school year in column {name!r} is "
            f"{cells[at]!r}, but numbers, or texts that begin with the year such as 2024/25, were "
            "expected, so that it is plain which comes first."
        )
    # Two spellings would make two years of one; and 2024 autumn sorts before 2024 spring.
    shape = cells.str.replace(r"[0-9]", "0", regex=True)
    other = shape != shape[0]
    if other.any():
        at = int(np.flatnonzero(other)[0])
        raise DataError(
            f"{raw.name}: the school year in column {name!r} is written in two ways, {cells[0]!r} "
            f"in line {raw.lines[0]} and {cells[at]!r} in line {raw.lines[at]}, so that it is not "
            "plain which comes first. Write them alike: all as 2024/25, or as 2024-1 and 2024-2."
        )
    return cells


def suggestion(raw: RawTable, roles: Roles) -> str | None:
    """Return a note on a column that seems to be a school year or a group; None if there is none.

    Nothing is taken for one unasked, for the name may deceive; and the user is told what is missed.
    """
    if roles.cohort is not None or roles.group is not None:
        return None
    kinds = (
        (COHORT_NAMES, "--cohort", "the school year", "later pupils than it learnt from"),
        (GROUP_NAMES, "--group", "a school or class", "schools or classes it had not seen"),
    )
    for names, option, what, tested in kinds:
        for name in raw.frame.columns:
            plain = "".join(letter for letter in name.lower() if letter.isalnum())
            taken = name in (roles.target, roles.id_column, roles.prior)
            if plain in names and not taken and raw.cells(name).nunique() > 1:
                return (
                    f"{name} looks like {what}: with {option} {name} each model would be tested on "
                    f"{tested}, and its figures would be more honest."
                )
    return None
