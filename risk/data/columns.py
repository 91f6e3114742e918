"""What kind each column is: a number, a yes/no, a category (few distinct texts), or free text.

What was recognised is kept as a schema, so that new rows are read in the same way.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.data.numerals import plain_number
from risk.data.reading import DataError, RawTable

YES_NO = (
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("ja", "nein"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
    ("sim", "não"),
)
TICKS = frozenset({"x", "✓", "✔", "yes", "y", "ja", "oui", "true"})
MOSTLY = 0.8  # a column of at least this share of numbers is meant to be one
COMPARISON = re.compile(r"(.*\S)\s*(<=|>=|<|>)\s*([^<>=]*)")


@dataclass
class Column:
    """What is known of one column: its name, kind, and how a teacher would call it."""

    name: str
    kind: str  # "number", "yes/no" or "category"
    label: str = ""
    unit: str = ""
    words: tuple[str, str] = ("yes", "no")  # of a yes/no column, as the file writes them
    decimal_comma: bool = False  # how a number column was written

    @property
    def title(self) -> str:
        """What a teacher would call the column."""
        return self.label or self.name

    def show(self, value: object) -> str:
        """Return a value in words.

        >>> Column("g1", "number", unit="points").show(7.0)
        '7 points'
        """
        if value is None or value != value:
            return "not recorded"
        if self.kind == "yes/no":
            return self.words[0] if value == 1 else self.words[1] or "blank"
        if self.kind == "category":
            return str(value)
        number = float(str(value))
        shown = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
        return f"{shown} {self.unit}".strip()


@dataclass(frozen=True)
class Condition:
    """One line of a rule: a column compared with a number, such as days absent >= 10."""

    column: str
    sign: str  # "<", "<=", ">" or ">="
    number: float

    def __str__(self) -> str:
        return f"{self.column} {self.sign} {self.number:g}"


def parse_rule(text: str) -> tuple[Condition, ...]:
    """Return the conditions of a rule: comparisons with numbers, between commas.

    A comparison whose column has a comma in its name goes in double quotes. DataError for anything
    that is no comparison with a number.

    >>> [str(condition) for condition in parse_rule("absences > 20, G1 < 10")]
    ['absences > 20', 'G1 < 10']
    """
    row = next(csv.reader([text], skipinitialspace=True), [])
    parts = [part.strip() for part in row if part.strip()]
    if not parts:
        raise DataError(
            "--rule is empty, but comparisons were expected, such as 'absences > 20, G1 < 10'."
        )
    return tuple(parse_condition(part) for part in parts)


def parse_condition(text: str) -> Condition:
    """Return one comparison; DataError says what is wrong with it."""
    found = COMPARISON.fullmatch(text)
    if found is None:
        raise DataError(
            f"--rule holds {text!r}, but a column, one of < <= > >= and a number were expected, "
            "such as 'absences > 20'. Write numbers with a point, not a comma."
        )
    number = plain_number(found[3], comma_is_decimal=False)
    if number is None:
        raise DataError(
            f"--rule compares {found[1]!r} with {found[3].strip()!r}, but a number was expected, "
            f"such as '{found[1]} {found[2]} 10'."
        )
    return Condition(found[1], found[2], number)


def yes_no_words(known: pd.Series) -> tuple[str, str] | None:
    """Return the two words of a yes/no column, yes first, as they are mostly written; else None.

    >>> yes_no_words(pd.Series(["Yes", "no", "yes", "Yes"]))
    ('Yes', 'no')
    """
    written = known.value_counts()
    commonest = {text.lower(): text for text in reversed(written.index)}
    for yes, no in YES_NO:
        if set(commonest) == {yes, no}:
            return commonest[yes], commonest[no]
    return None


def recognise(
    raw: RawTable, name: str, as_category: bool = False
) -> tuple[Column | None, pd.Series, str | None]:
    """Return what a column is, its values, and a note; None for a column of free text."""
    cells = raw.cells(name)
    known = cells.dropna()
    if known.empty:
        raise DataError(
            f"{raw.name}: column {name!r} has no values at all. Fill it, or leave it out with "
            "--drop."
        )
    if as_category:
        return Column(name, "category"), cells, None
    words = yes_no_words(known) or ticked(cells)
    if words:
        note = None if words[1] else f"{name}: {words[0]!r} was read as yes, a blank as no."
        return Column(name, "yes/no", words=words), spoken(cells, words), note
    numbers, comma, note = raw.numbers(name)
    readable = int(numbers.notna().sum())
    if readable == len(known):
        if set(numbers.dropna().unique()) == {0.0, 1.0}:
            return Column(name, "yes/no", words=("1", "0")), numbers, note
        if looks_like_id(numbers):
            doubt = f"{name} differs in every row: if it is an id, give it as --id or --drop."
            note = f"{note} {doubt}" if note else doubt
        return Column(name, "number", decimal_comma=comma), numbers, note
    wrong = raw.unread(name, numbers)
    if wrong and readable >= MOSTLY * len(known):
        raise DataError(
            f"{raw.name}, line {wrong[0]}: column {name!r} holds {wrong[1]!r}, but {readable} of "
            f"its {len(known)} values are numbers. Mend or empty the cell, leave the column out "
            "with --drop, or take its values as categories with --categories."
        )
    if known.nunique() > max(2, min(50, len(known) // 4)):
        return None, cells, f"{name} was left out: {known.nunique()} different texts."
    return Column(name, "category"), cells, None


def ticked(cells: pd.Series) -> tuple[str, str] | None:
    """Return the mark of a column that is ticked or left blank, and "" for the blank; else None.

    >>> ticked(pd.Series(["x", None, "X"])), ticked(pd.Series(["x", "x"]))
    (('x', ''), None)
    """
    marks = {text.lower() for text in cells.dropna()}
    if cells.isna().any() and len(marks) == 1 and marks <= TICKS:
        return str(cells.dropna().iloc[0]), ""
    return None


def spoken(cells: pd.Series, words: tuple[str, str]) -> pd.Series:
    """Return 1.0 for yes, 0.0 for no, NaN for anything else, whatever the case of the letters.

    >>> spoken(pd.Series(["Yes", "no", None], dtype=object), ("yes", "no")).tolist()
    [1.0, 0.0, nan]
    """
    meaning = {words[0].lower(): 1.0, words[1].lower(): 0.0}
    blank = np.nan if words[1] else 0.0
    values = [blank if t is None else meaning.get(t.lower(), np.nan) for t in cells]
    return pd.Series(values, index=cells.index, dtype=np.float64)


def read_as(
    raw: RawTable, column: Column, levels: list[str] | None = None
) -> tuple[pd.Series, str | None]:
    """Return the values of a column of known kind; DataError if the file holds another kind.

    ``levels`` are the categories seen in training.
    """
    cells = raw.cells(column.name)
    known = cells.dropna()
    if known.empty:
        return cells.astype(object if column.kind == "category" else np.float64), (
            f"{column.name} has no values here: every pupil is taken to be typical in it."
        )
    numbers, _, note = raw.numbers(column.name, before=column.decimal_comma)
    if column.kind == "category":
        if numbers.notna().sum() == len(known) and not known.isin(levels or []).any():
            raise DataError(
                f"{raw.name}: column {column.name!r} holds numbers, but the model was trained on "
                f"categories there ({', '.join((levels or [])[:5])}). Give the column such values."
            )
        return cells, None
    expected = "numbers"
    if column.kind == "yes/no":
        if column.words == ("1", "0"):
            numbers = numbers.where(numbers.isin([0.0, 1.0]))
        else:
            numbers, note = spoken(cells, column.words), None
        expected = f"{column.words[0]} or {column.words[1] or 'a blank'}"
    wrong = raw.unread(column.name, numbers)
    if wrong:
        raise DataError(
            f"{raw.name}, line {wrong[0]}: column {column.name!r} holds {wrong[1]!r}, but the model "
            f"was trained on {expected} there. Mend or empty the cell."
        )
    return numbers, note


def looks_like_id(values: pd.Series) -> bool:
    """Return whether a column holds another large whole number in every row.

    >>> looks_like_id(pd.Series([1001.0, 1007.0])), looks_like_id(pd.Series([1.0, 7.0]))
    (True, False)
    """
    return bool(
        values.notna().all()
        and values.nunique() == len(values)
        and (values == values.round()).all()
        and values.abs().median() >= 1000
    )


def looks_like_counter(values: pd.Series) -> bool:
    """Return whether a column only counts its rows: 1, 2, 3, ... in any order, none missing.

    >>> looks_like_counter(pd.Series([2.0, 1.0, 3.0])), looks_like_counter(pd.Series([1.0, 3.0]))
    (True, False)
    """
    return bool(
        values.notna().all()
        and values.nunique() == len(values)
        and values.max() - values.min() == len(values) - 1
        and (values == values.round()).all()
    )


def describe_schema(schema: list[Column]) -> list[str]:
    """Return a line for each kind of column: how many were recognised, and which.

    >>> describe_schema([Column("a", "number"), Column("b", "category"), Column("c", "category")])
    ['1 number: a', '2 categories: b, c']
    >>> describe_schema([Column("absent_share", "number", "days absent", "%")])
    ['1 number: days absent']
    """
    lines = []
    for kind, many in (("number", "numbers"), ("yes/no", "yes/no"), ("category", "categories")):
        names = [column.title for column in schema if column.kind == kind]
        if names:
            more = f", and {len(names) - 40} more" if len(names) > 40 else ""
            word = kind if len(names) == 1 else many
            lines.append(f"{len(names)} {word}: {', '.join(names[:40])}{more}")
    return lines
