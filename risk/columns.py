"""What kind each column is: a number, a yes/no, a category (few distinct texts), or free text.

What was recognised is kept as a schema, so that new rows are read in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.reading import DataError, RawTable, to_numbers

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
MOSTLY = 0.8  # a column of at least this share of numbers is meant to be one


@dataclass
class Column:
    """What is known of one column: its name, kind, and how a teacher would call it."""

    name: str
    kind: str  # "number", "yes/no" or "category"
    label: str = ""
    unit: str = ""
    words: tuple[str, str] = ("yes", "no")  # of a yes/no column, as the file writes them

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
            return self.words[0] if value == 1 else self.words[1]
        if self.kind == "category":
            return str(value)
        number = f"{float(str(value)):.1f}".removesuffix(".0")
        return f"{number} {self.unit}".strip() if self.unit != "%" else f"{number} %"


def yes_no_words(known: pd.Series) -> tuple[str, str] | None:
    """Return the two words of a yes/no column as written in it, yes first, else None."""
    written = {text.lower(): text for text in known.unique()}
    for yes, no in YES_NO:
        if set(written) == {yes, no}:
            return written[yes], written[no]
    return None


def recognise(raw: RawTable, name: str) -> tuple[Column | None, pd.Series, str | None]:
    """Return what a column is, its values, and a note; None for a column of free text."""
    cells = raw.frame[name]
    known = cells.dropna()
    if known.empty:
        raise DataError(
            f"{raw.name}: column {name!r} has no values at all. Fill it, or leave it out "
            f"with --drop {quoted(name)}."
        )
    words = yes_no_words(known)
    if words:
        values = cells.map({words[0]: 1.0, words[1]: 0.0}).astype(np.float64)
        return Column(name, "yes/no", words=words), values, None
    numbers, note = to_numbers(cells, raw.separator)
    readable = numbers.notna().sum()
    if readable == len(known):
        if set(numbers.dropna().unique()) == {0.0, 1.0}:
            return Column(name, "yes/no", words=("1", "0")), numbers, note
        return Column(name, "number"), numbers, note and f"{name}: {note}"
    if readable >= MOSTLY * len(known):
        at = int(np.flatnonzero(cells.notna() & numbers.isna())[0])
        raise DataError(
            f"{raw.name}, line {raw.lines[at]}: column {name!r} holds {cells[at]!r}, but "
            f"{readable} of its {len(known)} values are numbers. Mend or empty the cell, or leave "
            f"the column out with --drop {quoted(name)}."
        )
    if known.nunique() > max(2, min(50, len(known) // 4)):
        return None, cells, f"{name} was left out: {known.nunique()} different texts."
    return Column(name, "category"), cells, None


def quoted(name: str) -> str:
    """Return a column name as it must be typed on a command line."""
    return f'"{name}"' if " " in name else name


def read_as(raw: RawTable, column: Column) -> tuple[pd.Series, str | None]:
    """Return the values of a column of known kind; DataError if the file holds another kind."""
    cells = raw.frame[column.name]
    if column.kind == "category":
        numbers, _ = to_numbers(cells, raw.separator)
        if cells.notna().any() and numbers.notna().sum() == cells.notna().sum():
            raise DataError(
                f"{raw.name}: column {column.name!r} holds numbers, but the model was trained on "
                "categories there. Give the column the values it had in training."
            )
        return cells, None
    numbers, note = to_numbers(cells, raw.separator)
    expected = "numbers"
    if column.kind == "yes/no":
        yes, no = (word.lower() for word in column.words)
        spoken = {yes: 1.0, no: 0.0, "1": 1.0, "0": 0.0}
        numbers = cells.map(lambda t: np.nan if t is None else spoken.get(t.lower(), np.nan))
        numbers, expected = numbers.astype(np.float64), f"{column.words[0]} or {column.words[1]}"
    wrong = np.flatnonzero(cells.notna() & numbers.isna())
    if len(wrong):
        raise DataError(
            f"{raw.name}, line {raw.lines[int(wrong[0])]}: column {column.name!r} holds "
            f"{cells[int(wrong[0])]!r}, but the model was trained on {expected} there. "
            "Mend or empty the cell."
        )
    return numbers, note and f"{column.name}: {note}"


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


def describe_schema(schema: list[Column]) -> str:
    """Return one line that says how many columns of each kind were recognised.

    >>> describe_schema([Column("a", "number"), Column("b", "category"), Column("c", "category")])
    '1 number, 2 categories'
    """
    kinds = [column.kind for column in schema]
    words = {"number": "numbers", "yes/no": "yes/no", "category": "categories"}
    return ", ".join(
        f"{kinds.count(kind)} {kind if kinds.count(kind) == 1 else many}"
        for kind, many in words.items()
        if kind in kinds
    )
