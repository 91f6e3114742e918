"""What a check of data says: findings in plain sentences, and how a terminal shows them.

Text out of the data is always quoted, with what a terminal could obey or hide spelled out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risk.text import joined, percent, printable

SEVERITIES = {
    "wrong": "Wrong: mend it before you learn from it",
    "look": "Look: likely something to mend, or to know",
    "note": "Note: good to know",
}
WIDTH, MOST_SHOWN = 79, 15
LEVEL = 0.01  # chance, in all of a table, of finding by a test what is not there


@dataclass(frozen=True)
class Finding:
    """One thing that was found: how bad, what and where, and one way to mend it."""

    severity: str  # "wrong", "look" or "note"
    kind: str  # what sort of finding, in a few words that never change
    sentence: str
    mend: str
    column: str | None = None
    line: int | None = None  # in the file, of the first case
    file: str | None = None
    weight: float = 0.0  # orders findings of one severity, the largest first


def quoted(text: str, most: int = 40) -> str:
    """Return text from the data in quotes, cut short, its control characters spelled out.

    >>> quoted("a\\x1b[2J")
    "'a\\\\x1b[2J'"
    """
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return quoted names in a list, the first few and how many more.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = [quoted(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return joined(shown)


def at_lines(lines: Sequence[int], rows: np.ndarray, most: int = 3) -> str:
    """Return the lines of some rows (a mask) in words.

    >>> at_lines([2, 3, 4, 5], np.array([True, False, True, True]), most=2)
    'lines 2, 4 and 1 more'
    """
    at = [str(lines[int(i)]) for i in np.flatnonzero(rows)]
    if len(at) == 1:
        return f"line {at[0]}"
    more = f" and {len(at) - most} more" if len(at) > most else ""
    return f"lines {', '.join(at[:most])}{more}"


def first_line(lines: Sequence[int], rows: np.ndarray) -> int:
    """Return the line of the first of some rows (a mask with at least one).

    >>> first_line([2, 3, 4], np.array([False, True, True]))
    3
    """
    return lines[int(np.argmax(rows))]


def share(part: float, whole: float) -> str:
    """Return a share as a percentage, never rounded to all or nothing.

    >>> share(1, 3), share(999, 1000), share(0, 5)
    ('33 %', 'over 99 %', '0 %')
    """
    return percent(part / whole).replace("<", "under").replace(">", "over")


def words_of(name: str) -> set[str]:
    """Return the words of a column's name in small letters, whole and without its digits.

    >>> sorted(words_of("finalScore_2"))
    ['final', 'score']
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return set(re.findall(r"[^\W\d_]+|%", apart.lower()))


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with the most important first.

    >>> found = [Finding("note", "a", "", ""), Finding("wrong", "b", "", "")]
    >>> [f.kind for f in in_order(found)]
    ['b', 'a']
    """
    rank = list(SEVERITIES)
    return sorted(findings, key=lambda f: (rank.index(f.severity), -f.weight))


def report(findings: Sequence[Finding]) -> str:
    """Return all findings as text for a terminal, at most 79 characters wide.

    >>> print(report([Finding("note", "constant", "It is 1 in every row.", "Drop it.", "a", 2)]))
    Note: good to know (1)
      1. Column 'a', line 2: It is 1 in every row.
         -> Drop it.
    """
    if not findings:
        return "Nothing odd was found. That does not prove the data right."
    blocks = []
    for severity, title in SEVERITIES.items():
        these = [f for f in in_order(findings) if f.severity == severity]
        if not these:
            continue
        lines = [f"{title} ({len(these)})"]
        for number, finding in enumerate(these[:MOST_SHOWN], 1):
            lines += _shown(number, finding)
        if len(these) > MOST_SHOWN:
            lines.append(f"  ... and {len(these) - MOST_SHOWN} more like these.")
        blocks.append("\n".join(lines))
    return printable("\n\n".join(blocks))


def _shown(number: int, finding: Finding) -> list[str]:
    place = [quoted(finding.file)] if finding.file else []
    place += [f"column {quoted(finding.column)}"] if finding.column else []
    place += [f"line {finding.line}"] if finding.line else []
    where = ", ".join(place)
    told = f"{where}: {finding.sentence}" if where else finding.sentence
    if where or not re.match(r"\S+\.\w+ ", told):  # a file keeps its name
        told = told[:1].upper() + told[1:]
    head, indent = f"{number:3}. ", " " * 5
    return [
        *textwrap.wrap(told, WIDTH, initial_indent=head, subsequent_indent=indent),
        *textwrap.wrap(
            f"-> {finding.mend}", WIDTH, initial_indent=indent, subsequent_indent=indent + "   "
        ),
    ]
