"""Values that cannot be: by the name of their column, or by the calendar.

Notation: n rows · lines (n,) the line of each row in the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import numpy as np

from mlcore.checks import BoolArray, plural
from risk.check.findings import Finding, at_lines, first_line, share, words_of
from risk.check.variables import DATE, Variable

LEAST_ROWS = 20  # below which no column is judged by its distribution
COUNT_WORDS = frozenset(
    {"absences", "absent", "absence", "days", "count", "minutes", "hours", "assigned", "completed",
     "correct", "age", "failures", "attempts", "clicks", "weeks", "lessons", "logins"}
)  # fmt: skip
CHANGE_WORDS = frozenset(
    {"change", "diff", "difference", "delta", "trend", "slope", "growth", "gain", "residual", "z",
     "deviation", "versus", "vs", "balance", "net", "since", "until", "left"}
)  # fmt: skip
PERCENT_WORDS = frozenset({"percent", "percentage", "pct", "%"})


def impossible_by_name(v: Variable, lines: Sequence[int]) -> Iterator[Finding]:
    """Find values that a column of this name cannot have."""
    words = words_of(v.name)
    if v.kind != "number" or words & CHANGE_WORDS:
        return
    x, known = v.values, ~np.isnan(v.values)
    enough = 0.9 * known.sum()
    whole = bool((x[known] == x[known].round()).all())
    negative = known & (x < 0)
    counts = words & COUNT_WORDS and (whole or words & {"minutes", "hours"})
    if counts and known.sum() - negative.sum() >= enough:
        yield from _impossible(v, lines, negative, "is negative, but this is a count")
    signs = [v.texts[c].endswith("%") for c in v.codes[known]]
    if (words & PERCENT_WORDS or np.mean(signs) > 0.5) and (known & (x <= 100)).sum() >= enough:
        # Where hardly any value comes near 100, the column may be on another scale.
        sure = "wrong" if np.quantile(x[known], 0.9) >= 60 else "look"
        beyond = known & ((x > 100) | (x < 0))
        yield from _impossible(v, lines, beyond, "is no percentage from 0 to 100", sure)
    if "age" in words:
        yield from _impossible(v, lines, known & ((x <= 0) | (x > 120)), "is nobody's age")
    zero = known & (x == 0)
    if "grade" in words and whole and 0 < zero.sum() <= 0.05 * known.sum() and x[known].max() <= 13:
        yield from _impossible(v, lines, zero, "may mean kindergarten, or 'not known'", "look")


def _impossible(
    v: Variable, lines: Sequence[int], rows: BoolArray, why: str, severity: str = "wrong"
) -> Iterator[Finding]:
    if rows.any():
        value = v.show(int(np.argmax(rows)))
        cells = plural(int(rows.sum()), "value")
        sentence = f"{cells} ({at_lines(lines, rows)}), such as {value}, which {why}."
        yield Finding(severity, "impossible value", sentence, "Correct the cells, or empty them.",
                      v.name, first_line(lines, rows), weight=8)  # fmt: skip


def odd_dates(v: Variable, lines: Sequence[int], today: datetime.date) -> Iterator[Finding]:
    """Find dates in the future, no dates among dates, and years far from all others."""
    if v.kind == "date":
        dates = [_read_date(text) for text in v.texts]
        year = np.array([np.nan if d is None else d.year for d in [*dates, None]])[v.codes]
        late = np.array([d is not None and d > today for d in [*dates, None]])[v.codes]
        if late.any():
            sentence = (
                f"{plural(int(late.sum()), 'date')} ({at_lines(lines, late)}), such as "
                f"{v.show(int(np.argmax(late)))}, lie in the future ({today:%Y-%m-%d} is today)."
            )
            yield Finding("look", "date in the future", sentence, "Correct them, unless they are "
                          "planned.", v.name, first_line(lines, late), weight=5)  # fmt: skip
        none = ~v.missing & np.isnan(year)
        yield from _impossible(v, lines, none, "is no date of the calendar")
    elif v.kind == "number" and words_of(v.name) & {"year", "cohort"}:
        year = np.where(np.abs(v.values - 2000) < 500, v.values, np.nan)
    else:
        return
    known = ~np.isnan(year)
    if known.sum() < LEAST_ROWS:
        return
    far = known & (np.abs(year - np.median(year[known])) > 20)
    if 0 < far.sum() <= 0.02 * known.sum():
        sentence = (
            f"{plural(int(far.sum()), 'year')} ({at_lines(lines, far)}), such as "
            f"{v.show(int(np.argmax(far)))}, lie far from the usual "
            f"{share(known.sum() - far.sum(), known.sum())}."
        )
        yield Finding("look", "odd year", sentence, "Check them: a digit may be wrong.", v.name,
                      first_line(lines, far), weight=4)  # fmt: skip


def _read_date(text: str) -> datetime.date | None:
    """Return the earliest date a text can mean, so that only what is late in any reading is late."""
    match = DATE.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        readings = [(int(match[1]), int(match[2]), int(match[3]))]
    else:
        first, second, year = int(match[5]), int(match[6]), int(match[7])
        readings = [(year, second, first), (year, first, second)]
    dates = []
    for reading in readings:
        try:
            dates.append(datetime.date(*reading))
        except ValueError:
            continue
    return min(dates, default=None)
