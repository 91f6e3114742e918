"""The columns of a table as a check sees them: any column at all, whatever is wrong with it.

Unlike risk.data.columns, which refuses what cannot be learnt from, nothing is refused here: what does
not fit its column is kept apart, so that it can be said.

Notation: n rows · values (n,) numbers, NaN where there is none · codes (n,) which distinct text a
cell holds, -1 where it is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, IntArray
from risk.data.columns import MOSTLY, spoken, ticked, yes_no_words
from risk.data.numerals import to_numbers
from risk.data.reading import RawTable

DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ].*)?|(\d{1,2})[./](\d{1,2})[./](\d{4})")


@dataclass
class Variable:
    """One column: its kind, its cells as text, and as numbers where they are numbers."""

    name: str
    kind: str  # "number", "yes/no", "category", "date", "text" or "empty"
    texts: list[str]  # the distinct texts, in the order they come
    codes: IntArray  # (n,)
    values: FloatArray  # (n,) of a number, of yes (1) and no (0)

    @property
    def missing(self) -> BoolArray:
        """Which cells are empty, (n,)."""
        return self.codes < 0

    @property
    def strange(self) -> BoolArray:
        """Which cells of a column of numbers hold something else, (n,)."""
        return ~self.missing & np.isnan(self.values) & (self.kind == "number")

    @property
    def numeric(self) -> bool:
        """Whether the column can be put in order: numbers, or yes and no."""
        return self.kind in ("number", "yes/no")

    @property
    def varies(self) -> bool:
        """Whether the cells are of two kinds or more, blank being one of them."""
        return len(self.texts) > int(not self.missing.any())

    @property
    def group(self) -> IntArray:
        """Equal values, missing being one of them, as numbers (n,) from 0 on: 7 and 7.0 are equal."""
        keys = np.where(self.missing, np.nan, self.values) if self.numeric else self.codes
        return np.unique(keys, return_inverse=True)[1].astype(np.int64)

    def show(self, row: int) -> str:
        """Return the cell of a row as it is written, quoted unless it is a number."""
        if self.codes[row] < 0:
            return "blank"
        text = self.texts[self.codes[row]]
        return text if self.kind == "number" and not self.strange[row] else repr(text[:40])


def variables_of(raw: RawTable) -> list[Variable]:
    """Return every column of a table as a variable."""
    return [variable(raw, str(name)) for name in raw.frame.columns]


def variable(raw: RawTable, name: str) -> Variable:
    """Return one column as a variable; each distinct text is read once."""
    cells = raw.cells(name)
    codes, uniques = pd.factorize(cells)
    texts = [str(text) for text in uniques]
    kind, read = kind_of(cells, pd.Series(texts, dtype=object), raw)
    values = np.append(read, np.nan)[codes]  # code -1 takes the last, NaN
    if kind == "yes/no" and len(texts) == 1 and (codes < 0).any():  # ticked or left blank
        values = (codes >= 0).astype(np.float64)
    return Variable(name, kind, texts, codes.astype(np.int64), values)


def kind_of(cells: pd.Series, texts: pd.Series, raw: RawTable) -> tuple[str, FloatArray]:
    """Return the kind of a column, and its distinct texts as numbers (NaN where they are none)."""
    none = np.full(len(texts), np.nan)
    if texts.empty:
        return "empty", none
    if len(texts) <= 6:  # yes and no, each in a few spellings
        words = yes_no_words(cells.dropna()) or ticked(cells)
        if words:
            return "yes/no", spoken(texts, words).to_numpy()
    numbers = to_numbers(texts, raw.separator, raw.evidence)[0].to_numpy(dtype=np.float64)
    rows = cells.map(dict(zip(texts, np.isfinite(numbers), strict=True))).dropna()
    if rows.mean() >= MOSTLY:
        pair = np.isfinite(numbers).all() and set(numbers) == {0.0, 1.0}
        return ("yes/no" if pair else "number"), numbers
    dates = np.array([DATE.fullmatch(text) is not None for text in texts])
    if dates.mean() >= MOSTLY:
        return "date", none
    few = max(2, min(50, int(cells.notna().sum()) // 4))
    return ("category" if len(texts) <= few else "text"), none
