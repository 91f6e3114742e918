"""Read a CSV file as people really have them, in any common separator and encoding; and write one
that no spreadsheet will run as a program.

Everything is read as text first. What cannot be read is said with file and line, never guessed.
"""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from mlcore.checks import plural
from mlcore.files import write_whole
from risk.data.numerals import PLAIN, Evidence, evidence, to_numbers

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-", "."})


class DataError(ValueError):
    """Something in the user's files or options that only the user can mend."""


@dataclass
class RawTable:
    """A table of text, blank where a cell is empty; ``lines`` are line numbers in the file."""

    path: Path
    frame: pd.DataFrame
    lines: list[int]
    separator: str
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    @cached_property
    def evidence(self) -> Evidence:
        """What the cells that can be read in one way only say of decimal commas and points."""
        return evidence(text for column in self.frame for text in self.frame[column])

    def cells(self, name: str) -> pd.Series:
        """Return a column's text, None where it is missing ("", NA, ?, and the like)."""
        column = self.frame[name]
        values = [None if text.lower() in MISSING else text for text in column]
        return pd.Series(values, index=column.index, dtype=object)

    def unread(self, name: str, values: pd.Series) -> tuple[int, str] | None:
        """Return line and text of the first cell that has text but no value; None if all have."""
        cells = self.cells(name)
        wrong = np.flatnonzero(cells.notna() & values.isna())
        return (self.lines[int(wrong[0])], cells[int(wrong[0])]) if len(wrong) else None

    def numbers(self, name: str, before: bool | None = None) -> tuple[pd.Series, bool, str | None]:
        """Return a column as float64, whether commas are decimals in it, and a note; see numerals."""
        cells = self.cells(name)
        values, comma, note = to_numbers(cells, self.separator, self.evidence, before)
        return values, comma, note and f"{name}: {note}."


def read_csv(path: str | os.PathLike[str]) -> RawTable:
    """Return the table of text in a CSV file; DataError names the file and line that is wrong."""
    path = Path(path)
    notes: list[str] = []
    text = decode(path, notes)
    if not text.strip():
        raise DataError(f"{path.name} is empty. Expected a header row and a row for each pupil.")
    check_first_line(text, path.name)
    separator, text = find_separator(text)
    header, rows, lines = parse(text, separator, path.name)
    if not rows:
        raise DataError(f"{path.name} has a header but no rows. Expected a row for each pupil.")
    kept = check_header(header, rows, path.name, notes)
    frame = pd.DataFrame({header[j]: [row[j].strip() for row in rows] for j in kept}, dtype=object)
    return RawTable(path, frame, lines, separator, notes)


def decode(path: Path, notes: list[str]) -> str:
    """Return the file's text, from UTF-8 or UTF-16 (with or without a byte-order mark) or Windows."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} does not exist. Check the name and the folder.") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, but a CSV file was expected.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from None
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(
            f"{path.name} is a workbook or archive, not a CSV file. "
            "In the spreadsheet choose 'Save as', then 'CSV UTF-8'."
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise DataError(f"{path.name} is damaged UTF-16 text. Save it as CSV UTF-8.") from None
    if b"\x00" in raw:
        raise DataError(f"{path.name} holds binary data, but text was expected. Save it as CSV.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(f"{path.name} is not UTF-8; it was read as Windows text (code page 1252).")
        return raw.decode("cp1252", errors="replace")


def find_separator(text: str) -> tuple[str, str]:
    """Return the separator that divides the first rows most evenly, and the text to parse.

    >>> find_separator("a;b\\n1,5;2\\n")[0]
    ';'
    """
    declared = re.match(r"sep=([,;\t|])\r?\n", text)
    if declared:
        return declared[1], text[declared.end() :]

    def evenness(separator: str) -> tuple[int, int]:
        """How many of the first rows are as wide as the header, and that width."""
        widths = first_widths(text, separator)
        width = widths[0] if widths else 0
        return (sum(w == width for w in widths) if width > 1 else 0), width

    return max(SEPARATORS, key=evenness), text


def first_widths(text: str, separator: str) -> list[int]:
    """Return how many cells each of the first rows has, blank lines left out; [] if it is no CSV."""
    sample = io.StringIO(text[:20000], newline="")
    try:
        return [
            len(row) for row in islice(filter(None, csv.reader(sample, delimiter=separator)), 50)
        ]
    except csv.Error:
        return []


def check_first_line(text: str, name: str) -> None:
    """Raise DataError for a title above the header: one cell, where all rows below have several."""
    first, _, below = text.lstrip().partition("\n")
    if re.fullmatch(r"sep=.\r?", first):
        return
    for separator in SEPARATORS:
        widths = first_widths(below[:10000].rpartition("\n")[0], separator)
        if separator not in first and len(widths) > 2 and len(set(widths)) == 1 < widths[0]:
            raise DataError(
                f"{name}: its first line, {first.strip()[:60]!r}, names no columns, but the lines below "
                f"have {widths[0]} each. Take out what stands above the names of the columns."
            )


def parse(text: str, separator: str, name: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Return header, rows and the line each row ends on; every row as wide as the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    rows, lines = [], []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
                while not header[-1]:  # separators at the end of the line
                    header.pop()
                continue
            while len(row) > len(header) and not row[-1].strip():
                row.pop()
            if len(row) != len(header):
                raise DataError(
                    f"{name}, line {reader.line_num}: {plural(len(row), 'value')}, but the header "
                    f"names {plural(len(header), 'column')} (separator: {SEPARATORS[separator]}). "
                    "Mend the line, or put quotes around a value that holds the separator."
                )
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(
            f"{name}, line {reader.line_num}: {error}. Check the quotes around its values."
        ) from None
    return header, rows, lines


def check_header(
    header: list[str], rows: list[list[str]], name: str, notes: list[str]
) -> list[int]:
    """Return the columns to keep: all with a name; DataError for two of one name, or of none."""
    kept = []
    for j, column in enumerate(header):
        if column:
            kept.append(j)
        elif any(row[j].strip() for row in rows):
            raise DataError(
                f"{name}: column {j + 1} has values but no name. Give it one in the header."
            )
    if len(kept) < len(header):
        notes.append(f"{plural(len(header) - len(kept), 'empty column')} without a name left out.")
    for column in header:
        if column and header.count(column) > 1:
            raise DataError(
                f"{name}: {header.count(column)} columns are named {column!r}. "
                "Give each column a name of its own."
            )
    return kept


def safe_cell(value: object) -> object:
    """Return text that no spreadsheet takes for a formula: with ' before = + - @ and the like.

    A carriage return inside a cell becomes a line feed, since readers disagree on what it ends.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5"), safe_cell("Ana")
    ("'=HYPERLINK(1)", '-5', 'Ana')
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    risky = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
    return "'" + value if value.startswith(risky) and not PLAIN.fullmatch(value) else value


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table to path, whole or not at all, with every header and text cell made safe.

    Text is quoted, so that a program that divides at semicolons cannot find a formula inside it.
    """
    safe = frame.rename(columns=safe_cell)
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(t) for t in safe.dtypes]]:
        safe[column] = safe[column].map(safe_cell)
    with write_whole(path) as file:
        file.write(
            safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).encode(
                "utf-8"
            )
        )
