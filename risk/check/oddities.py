"""What is odd in one column: constants, ids, values that cannot be, spellings, zeros.

Each function looks for one thing in one variable. What needs a column's name to be judged (days
absent cannot be negative) goes by the words in the name.

Notation: n rows · lines (n,) the line of each row in the file · x the known values.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, plural
from risk.check.findings import Finding, at_lines, first_line, listed, quoted, words_of
from risk.check.impossible import LEAST_ROWS, impossible_by_name, odd_dates
from risk.check.variables import DATE, Variable
from risk.data.columns import looks_like_counter, looks_like_id

NEARLY = 0.99  # share of one value from which a column is nearly constant
ID_WORDS = frozenset({"id", "ids", "pupil", "student", "number", "code", "key", "upn", "name"})
CODES = frozenset({-9, -8, -7, -1, 9, 8, 99, 98, 999, 998, 9999, 99999, -99, -999, -9999, 888, 777})
STAND_INS = frozenset(
    {"unknown", "missing", "none given", "not known", "not recorded", "not available", "no data",
     "n.a.", "n. a.", "tbd", "xxx", "--", "99", "999", "-1", "-9", "-99", "-999", "#ref!",
     "#value!", "#div/0!", "#name?"}
)  # fmt: skip


def column_findings(v: Variable, lines: Sequence[int], today: datetime.date) -> list[Finding]:
    """Return what is odd in one column by itself."""
    looks: list[Callable[[Variable, Sequence[int]], Iterator[Finding]]] = [
        constant, nearly_an_id, not_numbers, far_from_all, impossible_by_name, zeros_apart,
        several_spellings, stand_ins,
    ]  # fmt: skip
    found = [finding for look in looks for finding in look(v, lines)]
    return found + list(odd_dates(v, lines, today))


def constant(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find a column without values, with one, or with hardly another."""
    n = len(v.codes)
    if v.kind == "empty":
        yield Finding("note", "empty", "it has no values at all.", "Fill it, or leave it out "
                      "with --drop.", v.name, weight=2)  # fmt: skip
        return
    counts = np.bincount(v.group)
    most = int(counts.argmax())
    others = n - int(counts[most])
    usual = v.show(int(np.argmax(v.group == most)))
    if others == 0:
        sentence = f"it is {usual} in all of the {plural(n, 'row')}, so it tells nothing."
        yield Finding("note", "constant", sentence, "Leave it out with --drop.", v.name, weight=1)
    elif n >= 2 * LEAST_ROWS and others <= (1 - NEARLY) * n and usual != "blank":
        odd = v.group != most
        sentence = (
            f"it is {usual} in all but {plural(others, 'row')} of {n} ({at_lines(lines, odd)})."
        )
        yield Finding("note", "nearly constant", sentence,
                      "Check those rows; if they are right, leave the column out with --drop.",
                      v.name, first_line(lines, odd), weight=1)  # fmt: skip


def nearly_an_id(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find a column in which nearly every row has another value, though it measures nothing."""
    known = int((~v.missing).sum())
    if known < LEAST_ROWS or v.kind in ("date", "empty") or len(v.texts) < 0.9 * known:
        return
    x = v.values[~np.isnan(v.values)]
    named = bool(words_of(v.name) & ID_WORDS)
    if v.kind == "number":
        series = pd.Series(x)
        whole = bool((x == x.round()).all())
        if not (looks_like_id(series) or looks_like_counter(series) or (named and whole)):
            return
    counts = np.bincount(v.codes[~v.missing])
    again = counts > 1
    if again.any() and named:
        double = ~v.missing & again[v.codes]
        sentence = (
            f"it seems to name the rows, but {plural(int(again.sum()), 'value')} of it "
            f"{'stands' if again.sum() == 1 else 'stand'} in several ({at_lines(lines, double)})."
        )
        yield Finding("look", "repeated id", sentence, "If it is the id, keep one row for each "
                      "pupil.", v.name, first_line(lines, double), weight=6)  # fmt: skip
        return
    sentence = (
        f"{len(v.texts)} of its {known} values differ: it names the rows and cannot help with new "
        "pupils."
    )
    yield Finding("look" if v.kind == "number" else "note", "nearly an id", sentence,
                  f"Give it as --id {quoted(v.name)}, or leave it out with --drop.", v.name,
                  weight=3)  # fmt: skip


def not_numbers(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find texts, or dates, among numbers."""
    odd = v.strange
    if not odd.any():
        return
    texts = [v.texts[c] for c in dict.fromkeys(v.codes[odd].tolist())]
    dates = all(DATE.fullmatch(t) or _spreadsheet_date(t) for t in texts)
    why = " A spreadsheet may have made dates of what was typed." if dates else ""
    sentence = (
        f"{plural(int(odd.sum()), 'cell')} ({at_lines(lines, odd)}) "
        f"{'holds' if odd.sum() == 1 else 'hold'} {listed(texts, 3)}, but the others are numbers.{why}"
    )
    yield Finding("wrong", "not a number", sentence, "Type the number, or empty the cell.",
                  v.name, first_line(lines, odd), weight=8)  # fmt: skip


def _spreadsheet_date(text: str) -> bool:
    """Return whether a text is what a spreadsheet makes of 3/5: 5-Mar."""
    parts = text.replace(" ", "-").split("-")
    return len(parts) == 2 and any(p.isdigit() for p in parts) and any(
        p[:3].lower() in {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
                          "nov", "dec"} for p in parts
    )  # fmt: skip


def far_values(x: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Return the distinct values beyond the widest gap of x, all others, and the gap in their range.

    The smaller side of the gap is the odd one; a range of 0 gives an infinite ratio.

    >>> far_values(np.array([1.0, 2.0, 3.0, 2.0, 999.0]))
    (array([999.]), array([1., 2., 3.]), 498.0)
    """
    u, counts = np.unique(x, return_counts=True)
    at = int(np.diff(u).argmax()) + 1
    low, high = u[:at], u[at:]
    odd, rest = (low, high) if counts[:at].sum() < counts[at:].sum() else (high, low)
    spread = float(rest[-1] - rest[0])
    return odd, rest, float(u[at] - u[at - 1]) / spread if spread > 0 else np.inf


def far_from_all(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find values that lie off the scale of all others, above all codes such as 999."""
    x = v.values[~np.isnan(v.values)]
    for _ in range(3):  # 999 hides -99
        if v.kind != "number" or len(x) < LEAST_ROWS or len(np.unique(x)) < 4:
            return
        odd, rest, gap = far_values(x)
        rows = np.isin(v.values, odd)
        few = rows.sum() <= 0.3 * len(x)
        coded = bool(np.isin(odd, list(CODES)).all())
        if not few or gap < (1 if coded else 3) or (not coded and rows.sum() > 0.02 * len(x) + 1):
            return
        values = ", ".join(f"{value:g}" for value in odd[:3])
        sentence = (
            f"{plural(int(rows.sum()), 'value')} ({values}; {at_lines(lines, rows)}) "
            f"{'lies' if rows.sum() == 1 else 'lie'} far off all others, which run from "
            f"{rest[0]:g} to {rest[-1]:g}."
        )
        certain = coded and gap >= 3 and np.abs(odd).min() >= 99
        why = " This looks like a code for 'not known'." if coded else ""
        yield Finding("wrong" if certain else "look", "off the scale", sentence + why,
                      "Empty those cells if they stand for missing; else correct them.", v.name,
                      first_line(lines, rows), weight=7 if coded else 5)  # fmt: skip
        x = x[~np.isin(x, odd)]


def zero_group(v: Variable) -> BoolArray | None:
    """Return the rows that are 0 where 0 stands apart from a scale of numbers; else None.

    Apart: at least five zeros, and fewer than a fifth as many rows between 0 and half the lower
    quartile of the others, where at least two steps of the scale would have fitted.
    """
    x = v.values
    zero, above = x == 0, x[x > 0]
    if v.kind != "number" or zero.sum() < 5 or len(above) < LEAST_ROWS or (x < 0).any():
        return None
    if zero.sum() > 0.4 * (zero.sum() + len(above)):
        return None  # zero is the rule, and what is above it the exception
    half = np.quantile(above, 0.25) / 2
    step = np.diff(np.unique(above)).min() if len(np.unique(above)) > 1 else np.inf
    between = (above <= half).sum()
    return zero if half >= 2 * step and between < zero.sum() / 5 else None


def zeros_apart(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find zeros that may stand for missing, or for a pupil who had left."""
    zero = zero_group(v)
    if zero is None:
        return
    above = v.values[v.values > 0]
    sentence = (
        f"{int(zero.sum())} values are 0 ({at_lines(lines, zero)}), far from the others (half of "
        f"them lie from {np.quantile(above, 0.25):g} to {np.quantile(above, 0.75):g}): they may "
        "stand for 'missing', or for having left."
    )
    yield Finding("look", "zeros apart", sentence, "Ask what 0 means here; empty the cells if it "
                  "means missing.", v.name, first_line(lines, zero), weight=5)  # fmt: skip


def several_spellings(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find categories that differ only in capitals, blanks or marks."""
    if v.kind not in ("category", "yes/no", "text") or len(v.texts) > 1000:
        return
    alike: dict[str, list[int]] = {}
    for code, text in enumerate(v.texts):
        plain = "".join(filter(str.isalnum, text.casefold()))
        alike.setdefault(plain or text, []).append(code)
    for codes in alike.values():
        if len(codes) < 2 or (v.kind == "text" and len(v.texts) > len(v.codes) // 2):
            continue
        counts = [(v.codes == code).sum() for code in codes]
        rare = v.codes == codes[int(np.argmin(counts))]
        sentence = (
            f"one category in several spellings: {listed([v.texts[c] for c in codes], 4)} "
            f"({at_lines(lines, rare)} for the rarest)."
        )
        understood = v.kind == "yes/no"
        yield Finding("note" if understood else "look", "several spellings", sentence,
                      "Write it in one way, unless they mean different things.", v.name,
                      first_line(lines, rare), weight=4)  # fmt: skip


def stand_ins(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find categories that stand for a missing value, in words or as a code."""
    if v.kind not in ("category", "text"):
        return
    codes = [c for c, text in enumerate(v.texts) if text.lower() in STAND_INS]
    rows = np.isin(v.codes, codes)
    if codes and rows.sum() < len(rows) / 2:
        sentence = (
            f"{listed([v.texts[c] for c in codes])} in {plural(int(rows.sum()), 'row')} "
            f"({at_lines(lines, rows)}) may stand for a missing value."
        )
        yield Finding("look", "stands for missing", sentence, "Empty those cells, if so.", v.name,
                      first_line(lines, rows), weight=3)  # fmt: skip
