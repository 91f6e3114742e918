"""Text as people read it, on a page or at a terminal: shares, names in a sentence, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence


def printable(text: str) -> str:
    """Return text with what no page may hold (control characters) replaced by a mark.

    >>> printable("a\x01b")
    'a\ufffdb'
    """
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def percent(share: float) -> str:
    """Return a share as a whole percentage, or a dash where there is none.

    Only what is exactly 0 or 1 is shown as 0 % or 100 %.

    >>> [percent(share) for share in (0.123, 0.001, 0.999, 1.0, float("nan"))]
    ['12 %', '< 1 %', '> 99 %', '100 %', '-']
    """
    if share != share:
        return "-"
    if 0.0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1.0 else f"{100 * share:.0f} %"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return words as a sentence has them.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def in_a_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence; a name such as G2 keeps its capital.

    >>> in_a_sentence("Last year's score alone"), in_a_sentence("G2 alone")
    ("last year's score alone", 'G2 alone')
    """
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def in_columns(rows: Sequence[Sequence[str]], right: bool = False) -> str:
    """Return rows of cells as a table of text, each column as wide as its widest cell.

    Cells stand at the left of their columns, or at the right.

    >>> print(in_columns([["week", "AUC"], ["0", "0.71"]], right=True))
    week   AUC
       0  0.71
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    place = str.rjust if right else str.ljust
    return "\n".join("  ".join(map(place, row, widths)).rstrip() for row in rows)
