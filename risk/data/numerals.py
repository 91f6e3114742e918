"""Numbers as people write them: 3.5 and 3,5, 1,234.5 and 1.234,5, 85 %.

A column is read in one way. What one cell can only mean settles it for the column; where no cell
does, the rest of the file is asked; and what is still in doubt is read in the usual way for the
file's separator and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
COMMA_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+")  # 1,234 or 1,234,567
POINT_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")  # 1.234 or 1.234.567
SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
LARGEST = 1e15  # beyond it a float no longer holds every whole number: an id or a slip


class Evidence(NamedTuple):
    """Whether some cell can only have been written with a decimal comma, or a decimal point."""

    comma: bool
    point: bool


def bare(text: str) -> str:
    """Return the text of a number without its percent sign, and spaces between thousands.

    >>> bare("85 %"), bare("1 234")
    ('85', '1234')
    """
    text = SPACE_IN_NUMBER.sub("", text.removesuffix("%").strip())
    return text.replace("\u2212", "-")


def evidence(texts: Iterable[str]) -> Evidence:
    """Return what the cells that can only be read in one way say.

    >>> evidence(["1,234", "3,5"]), evidence(["1,234.5"]), evidence(["1,234", "1.234"])
    (Evidence(comma=True, point=False), Evidence(comma=False, point=True), \
Evidence(comma=False, point=False))
    """
    comma = point = False
    for text in map(bare, (t for t in texts if "," in t or "." in t)):
        whole_c, _, decimals_c = text.rpartition(",")
        whole_p, _, decimals_p = text.rpartition(".")
        if "," in text and decimals_c.isdigit() and not COMMA_THOUSANDS.fullmatch(text):
            comma |= bool(POINT_THOUSANDS.fullmatch(whole_c) or whole_c.lstrip("+-").isdigit())
        if "." in text and decimals_p.isdigit() and not POINT_THOUSANDS.fullmatch(text):
            point |= bool(COMMA_THOUSANDS.fullmatch(whole_p) or whole_p.lstrip("+-").isdigit())
        # 1.234.567 can only be whole thousands, so commas are the decimals there; and the reverse.
        comma |= text.count(".") > 1 and bool(POINT_THOUSANDS.fullmatch(text))
        point |= text.count(",") > 1 and bool(COMMA_THOUSANDS.fullmatch(text))
    return Evidence(comma, point)


def plain_number(text: str, comma_is_decimal: bool) -> float | None:
    """Return the number a cell holds, or None.

    >>> plain_number("1.234,5", True), plain_number("85 %", False), plain_number("abc", False)
    (1234.5, 85.0, None)
    """
    text = bare(text)
    whole, comma, decimals = text.rpartition(",")
    if comma_is_decimal:
        if comma and POINT_THOUSANDS.fullmatch(whole):
            text = whole.replace(".", "") + "." + decimals
        elif POINT_THOUSANDS.fullmatch(text):
            text = text.replace(".", "")
    elif COMMA_THOUSANDS.fullmatch(text.partition(".")[0]):
        text = text.replace(",", "")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not PLAIN.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) < LARGEST else None


def to_numbers(
    cells: pd.Series, separator: str, file: Evidence, before: bool | None = None
) -> tuple[pd.Series, bool, str | None]:
    """Return a column as float64 (NaN where it is no number), whether commas are decimals, a note.

    ``before`` is how the same column was read in training.
    """
    known = [text for text in cells if text is not None]
    comma_is_decimal, note = reading_of(known, separator, file, before)
    numbers = [np.nan if t is None else plain_number(t, comma_is_decimal) for t in cells]
    return pd.Series(numbers, index=cells.index, dtype=np.float64), comma_is_decimal, note


def reading_of(
    known: list[str], separator: str, file: Evidence, before: bool | None
) -> tuple[bool, str | None]:
    """Return whether commas are decimals in a column, and a note where that is in doubt."""
    own = evidence(known)
    commas = [t for t in known if COMMA_THOUSANDS.fullmatch(bare(t))]
    points = [t for t in known if POINT_THOUSANDS.fullmatch(bare(t))]
    if own.comma != own.point:
        return own.comma, None
    if before is not None:
        return before, None
    if not (commas or points):
        return separator != ",", None
    # 933 beside 5.518: as decimals some would have other than three digits, so these are thousands.
    whole = [int(t) for t in map(bare, known) if t.isdigit()]
    if points and not commas and whole and 100 <= max(whole) < 1000:
        return True, doubt([], points, True, f"since {max(whole)} stands beside it")
    if file.comma != file.point:
        plain = not file.comma  # as English writes numbers, which needs no word
        return file.comma, None if plain else doubt(
            commas, points, True, "as elsewhere in the file"
        )
    # "1.078" alone is read as a decimal everywhere; in a file of semicolons that is worth saying.
    # "1,234" alone is thousands only in a file whose columns commas separate.
    comma_is_decimal = separator != "," and bool(commas)
    if not commas and separator == ",":
        return False, None
    return comma_is_decimal, doubt(
        commas, points, comma_is_decimal, "which nothing in the file decides"
    )


def doubt(commas: list[str], points: list[str], comma_is_decimal: bool, why: str) -> str:
    """Return the note on cells that could be read in two ways."""
    told = []
    if commas:
        told.append(f"{commas[0]!r} was read as {'a decimal' if comma_is_decimal else 'thousands'}")
    if points:
        told.append(f"{points[0]!r} was read as {'thousands' if comma_is_decimal else 'a decimal'}")
    return f"{' and '.join(told)}, {why}"
