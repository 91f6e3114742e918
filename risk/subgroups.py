"""Groups of pupils as a tree cuts them out, and in a teacher's words.

What is said is what is counted: a cut is put at a short number that parts nearly the same pupils,
and the group is then all pupils for whom the words hold, also those the tree has not seen.

Notation: n pupils · X (n, d), one column for each clue · m nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray
from mlcore.tree import Tree
from risk.data.columns import Column

VALUE, MISSING = "value", "missing"
MOST_MOVED = 0.02  # share of the rows that a short number may put on the other side


@dataclass(frozen=True)
class Clue:
    """One column of X: a value with its gaps filled, or a 0/1 answer."""

    column: Column
    asks: str  # VALUE, MISSING (is it?), or "is" (is it of this level?)
    level: str = ""
    filled: float | None = None  # what stands for a missing value; None if none is missing


@dataclass(frozen=True)
class Cut:
    """One condition: the clue below a number, or not below it."""

    clue: int
    below: bool
    number: float


def clues_of(
    frame: pd.DataFrame, schema: list[Column], protected: pd.DataFrame
) -> tuple[FloatArray, list[Clue]]:
    """Return X (n, d) and its clues, from the model's columns and the protected ones."""
    named = {column.name for column in schema}
    series = [(column, frame[column.name]) for column in schema]
    for name in protected:
        if name not in named:
            numeric = pd.api.types.is_numeric_dtype(protected[name])
            series.append((Column(str(name), "number" if numeric else "category"), protected[name]))
    blocks, clues = [], []
    for column, values in series:
        missing = values.isna().to_numpy()
        if column.kind == "category":
            words = values.where(~missing).map(str, na_action="ignore")
            for level in sorted(words.dropna().unique()):
                blocks.append((words == level).to_numpy(dtype=np.float64))
                clues.append(Clue(column, "is", level))
        elif not missing.all():
            middle = float(values.median())
            if column.kind == "yes/no":
                middle = float(middle >= 0.5)
            blocks.append(values.fillna(middle).to_numpy(dtype=np.float64))
            clues.append(Clue(column, VALUE, filled=middle if missing.any() else None))
        if missing.any():
            blocks.append(missing.astype(np.float64))
            clues.append(Clue(column, MISSING))
    return np.column_stack(blocks), clues


def path_cuts(tree: Tree, node: int, X: FloatArray) -> list[Cut]:
    """Return the cuts from the root to a node, at short numbers that part the rows of X as it does."""
    cuts: list[Cut] = []
    parents = tree.parents
    while parents[node] >= 0:
        parent = int(parents[node])
        clue, below = int(tree.feature[parent]), node == tree.children_left[parent]
        cuts.append(Cut(clue, bool(below), plain_cut(X[:, clue], float(tree.threshold[parent]))))
        node = parent
    return cuts[::-1]


def plain_cut(x: FloatArray, threshold: float) -> float:
    """Return the shortest number near the threshold that parts x as it does, but for 2 % of the rows.

    >>> plain_cut(np.array([51.3, 54.2, 56.1]), 55.15)
    55.0
    """
    below = x <= threshold
    largest = float(np.abs(x).max())
    first = -floor(log10(largest)) if largest > 0 else 0
    for digits in range(first, first + 16):
        number = round(threshold, digits)
        if ((x < number) != below).mean() <= MOST_MOVED:
            return number
    return float(x[~below].min())


def members(X: FloatArray, cuts: list[Cut]) -> BoolArray:
    """Return who meets all the cuts, (n,).

    >>> members(np.array([[1.0], [5.0]]), [Cut(0, below=True, number=3.0)]).tolist()
    [True, False]
    """
    inside = np.ones(len(X), dtype=bool)
    for cut in cuts:
        inside &= (X[:, cut.clue] < cut.number) == cut.below
    return inside


def in_words(cuts: list[Cut], clues: list[Clue]) -> str:
    """Return a group as a phrase, one part a column, in the order in which the tree asked.

    >>> score = Column("s", "number", "last year's score", "points")
    >>> clues = [Clue(score, VALUE, filled=70.0), Clue(Column("city", "category"), "is", "Bonn")]
    >>> in_words([Cut(0, False, 60.0), Cut(1, True, 1.0)], clues)
    "last year's score of 60 points or more (or not recorded) and city other than Bonn"
    """
    by_column: dict[str, list[tuple[Clue, Cut]]] = {}
    for cut in cuts:
        clue = clues[cut.clue]
        by_column.setdefault(clue.column.name, []).append((clue, cut))
    return " and ".join(column_in_words(asked) for asked in by_column.values())


def column_in_words(asked: list[tuple[Clue, Cut]]) -> str:
    """Return what one column's cuts say together."""
    column = asked[0][0].column
    recorded = [cut.below for clue, cut in asked if clue.asks == MISSING]
    if recorded and not recorded[0]:
        return f"{column.title} not recorded"
    if column.kind == "category":
        levels = [(clue.level, not cut.below) for clue, cut in asked if clue.asks == "is"]
        yes = [level for level, holds in levels if holds]
        no = " or ".join(level for level, holds in levels if not holds)
        if yes:
            return f"{column.title}: {yes[0]}"
        known = f"{column.title} recorded" if recorded else column.title
        return f"{known}{' and' * bool(recorded)} other than {no}" if no else known
    values = [(clue, cut) for clue, cut in asked if clue.asks == VALUE]
    if not values:
        return f"{column.title} recorded"
    filled = values[0][0].filled
    cuts = [cut for _, cut in values]
    among = filled is not None and all((filled < cut.number) == cut.below for cut in cuts)
    return value_in_words(column, cuts) + (" (or not recorded)" if among and not recorded else "")


def value_in_words(column: Column, cuts: list[Cut]) -> str:
    """Return the range of a number, or the answer of a yes/no column."""
    if column.kind == "yes/no":
        return f"{column.title}: {column.show(0.0 if cuts[0].below else 1.0)}"
    low = max((cut.number for cut in cuts if not cut.below), default=None)
    high = min((cut.number for cut in cuts if cut.below), default=None)
    lowest, highest = (
        f"{bound:.10g} {column.unit}".strip() if bound is not None else "" for bound in (low, high)
    )
    if lowest and highest:
        return f"{column.title} from {lowest} to below {highest}"
    return f"{column.title} of {lowest} or more" if lowest else f"{column.title} below {highest}"
