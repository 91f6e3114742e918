"""Cells of a table as numbers: what a cell may hold, and what to say of one that is no number.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

import datetime
import reprlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks.arrays import COMPLEX
from mlcore.checks.kinds import FloatArray

# What tables write, in small letters, where a value is missing. ("nan" is read as a number.)
BLANKS = {"", "-", "?", ".", "na", "n/a", "#n/a", "null", "<na>"}


def is_missing(value: Any) -> bool:
    """Return whether a single value stands for a missing one: None, NaN or pandas' NA."""
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):  # pandas' NA refuses to say whether it equals itself
        return not isinstance(value, np.ndarray)


def describe_column(index: int, names: list[str] | None) -> str:
    """Name a column for a message: by its name if it has one, else by its number from 0."""
    return f"column {names[index]!r}" if names else f"column {index}"


def to_float(table: NDArray[Any], names: list[str] | None) -> FloatArray:
    """Return an array (n, d) of any type as float64; an error names the first cell that is none.

    >>> to_float(np.array([["1.5", "2"]], dtype=object), None)
    array([[1.5, 2. ]])
    """
    if table.dtype.kind in "fiub":
        return np.ascontiguousarray(table, dtype=np.float64)
    if table.dtype.kind in "mM":
        raise ValueError(
            f"X holds dates or times in {describe_column(0, names)}, but numbers were expected. "
            "Turn them into a number first, such as days since a date."
        )
    converted = np.empty(table.shape)
    for j in range(table.shape[1]):
        try:
            converted[:, j] = table[:, j].astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            cells = enumerate(table[:, j].tolist())
            row, cell = next((i, value) for i, value in cells if not is_number(value))
            raise complaint(cell, f"{describe_column(j, names)}, row {row}") from None
    return converted


def is_number(value: Any) -> bool:
    """Return whether a value is a number, or a text that reads as one."""
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def missing_message(where: str) -> str:
    """Say that a number is missing, and what to do."""
    return (
        f"X has a missing value (NaN) in {where}, but finite numbers were expected. "
        "Fill it (with the column's median, say) or leave the row out."
    )


def complaint(cell: Any, where: str) -> Exception:
    """Return the error that says why a cell is no number: TypeError unless it is meant as one.

    >>> complaint("seven", "column 'grade', row 4").args[0][:38]
    "X has 'seven' in column 'grade', row 4"
    """
    seen = f"X has {reprlib.repr(cell)} in {where}"
    if isinstance(cell, str):
        return ValueError(f"{seen}, {_why_no_number(cell)}")
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta, np.datetime64)):
        return ValueError(
            f"X holds dates or times in {where} ({cell}), but numbers were expected. "
            "Turn them into a number first, such as days since a date."
        )
    if isinstance(cell, complex):
        return ValueError(COMPLEX)
    if is_missing(cell):
        return ValueError(missing_message(where))
    if isinstance(cell, int):
        return ValueError(f"{seen}, which is too large for a float. Use larger units.")
    return TypeError(
        f"{seen}, a {type(cell).__name__}, but the argument must be a string or a number. "
        "Take the numbers out of it, one column for each."
    )


def _why_no_number(text: str) -> str:
    if text.strip().lower() in BLANKS:
        return (
            "which reads as a missing value, but numbers were expected. "
            "Make such texts NaN, and fill them or leave their rows out."
        )
    if text.count(",") == 1 and is_number(text.replace(",", ".")):
        return (
            f"with a comma. Replace the comma by a point, {text.replace(',', '.')!r}, or by nothing "
            "where it parts thousands."
        )
    return (
        "but numbers were expected. "
        "Encode categories as numbers first, one column for each category."
    )
