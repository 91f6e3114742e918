"""What is odd between the rows or the columns of a table: doubles, copies, order.

Notation: n rows, d columns · lines (n,) the line of each row in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray, plural
from mlcore.metrics.delong import midranks
from risk.check.findings import Finding, at_lines, first_line, listed, quoted, words_of
from risk.check.gaps import MOST_LEVELS, gaps, gaps_that_depend, gaps_together
from risk.check.impossible import LEAST_ROWS
from risk.check.variables import Variable
from risk.significance import LEAST_PUPILS

AFTER_WORDS = frozenset(
    {"final", "outcome", "outcomes", "left", "leaving", "withdrawn", "withdrew", "withdrawal",
     "unregistration", "dropout", "dropped", "total", "result", "results", "passed", "graduated",
     "exit", "certificate", "completion"}
)  # fmt: skip
ORDER = (("correct", "completed"), ("completed", "assigned"), ("correct", "assigned"))


def table_findings(
    variables: list[Variable], lines: Sequence[int], id_name: str | None
) -> list[Finding]:
    """Return what is odd in a table without regard to its outcome."""
    return [
        *double_ids(variables, lines, id_name),
        *double_rows(variables, lines, id_name),
        *copies(variables),
        *out_of_order(variables, lines),
        *gaps(variables),
        *gaps_together(variables),
        *gaps_that_depend([v for v in variables if v.name != id_name]),
    ]


def double_ids(
    variables: list[Variable], lines: Sequence[int], id_name: str | None
) -> Iterator[Finding]:
    """Find ids that are missing, or stand in several rows."""
    for v in variables:
        if v.name != id_name:
            continue
        if v.missing.any():
            blank = plural(int(v.missing.sum()), "row")
            sentence = f"the id is blank in {blank} ({at_lines(lines, v.missing)})."
            yield Finding("wrong", "missing id", sentence, "Fill it in.", v.name,
                          first_line(lines, v.missing), weight=10)  # fmt: skip
        double = ~v.missing & (np.bincount(v.codes + 1)[v.codes + 1] > 1)
        if double.any():
            names = [v.texts[c] for c in dict.fromkeys(v.codes[double].tolist())]
            sentence = (
                f"{plural(len(names), 'id')} ({listed(names, 3)}) "
                f"{'stands' if len(names) == 1 else 'stand'} in several rows ({at_lines(lines, double)})."
            )
            yield Finding("wrong", "double id", sentence, "Keep one row for each pupil; or, "
                          "if they are of several school years, tell risk train with --cohort.", v.name,
                          first_line(lines, double), weight=10)  # fmt: skip


def double_rows(
    variables: list[Variable], lines: Sequence[int], id_name: str | None
) -> Iterator[Finding]:
    """Find rows that are alike in all columns, or in all but one that names the rows.

    Rows of few columns are alike by chance: the expected number of such pairs, were the columns
    independent, must be below a thousandth.
    """
    n = len(lines)
    named = [
        v.name
        for v in variables
        if v.name == id_name or (len(v.texts) >= 0.9 * n and not v.numeric)
    ]
    measured = [v for v in variables if v.name not in named and v.kind != "empty"]
    if not measured or n < 2:
        return
    pairs = n * (n - 1) / 2
    sizes = [np.bincount(v.group) for v in measured]
    if pairs * np.prod([(size * (size - 1) / 2).sum() / pairs for size in sizes]) > 1e-3:
        return
    frame = pd.DataFrame({i: v.codes for i, v in enumerate(measured)})
    double = frame.duplicated(keep=False).to_numpy()
    if double.any():
        again = int(frame.duplicated().sum())
        but = f", but for {listed(named)}" if named else ""
        sentence = (
            f"{plural(again, 'row')} {'repeats' if again == 1 else 'repeat'} another in every "
            f"column{but} ({at_lines(lines, double)})."
        )
        yield Finding("look", "double row", sentence, "Remove the repeats, unless they are "
                      "different pupils.", line=first_line(lines, double), weight=9)  # fmt: skip


def copies(variables: list[Variable]) -> Iterator[Finding]:
    """Find columns that say the same: in other words, or on another scale."""
    first: dict[bytes, Variable] = {}
    for v in variables:
        if len(v.texts) < 2:
            continue
        key = _same_for_copies(v)
        if key not in first:
            first[key] = v
            continue
        same = v.texts == first[key].texts and np.array_equal(v.codes, first[key].codes)
        how = "the same as" if same else "the same as, in other words or on another scale,"
        yield Finding("look", "copy", f"it is {how} {quoted(first[key].name)} in every row.",
                      "Keep one of the two.", v.name, weight=4)  # fmt: skip
    kept = [v for v in first.values() if v.kind == "number" and len(v.texts) > 10]
    kept = [v for v in kept if not np.isnan(v.values).any()]
    if len(kept) < 2 or len(kept[0].codes) < LEAST_ROWS:
        return
    r = np.corrcoef([midranks(v.values) for v in kept])
    for i, j in zip(*np.nonzero(np.triu(np.abs(r) > 0.999, 1)), strict=True):
        exact = abs(r[i, j]) > 1 - 1e-12
        other = quoted(kept[i].name)
        sentence = (
            f"it puts the rows in the same order as {other}: a copy on another scale."
            if exact
            else f"it is nearly a copy of {other} (rank correlation {r[i, j]:.4f})."
        )
        yield Finding("look" if exact else "note", "copy" if exact else "near copy", sentence,
                      "Keep one of the two.", kept[j].name, weight=3)  # fmt: skip


def _same_for_copies(v: Variable) -> bytes:
    """Return what is the same for two columns only if one is a copy of the other.

    Equal values in the same rows, whatever the values are; but any two columns agree in that where
    hardly a value repeats, or hardly one differs: those must have the same texts.
    """
    counts = np.bincount(v.group)
    if (counts * (counts - 1)).sum() < 10 or len(v.codes) - counts.max() < 5:
        return repr(v.texts).encode("utf-8", "replace") + v.codes.tobytes()
    return pd.factorize(v.group)[0].tobytes()


def out_of_order(variables: list[Variable], lines: Sequence[int]) -> Iterator[Finding]:
    """Find more correct than completed, or more completed than assigned."""
    by_name = {v.name.lower(): v for v in variables if v.kind == "number"}
    for less, more in ORDER:
        for name, v in by_name.items():
            other = by_name.get(name.replace(less, more)) if less in name else None
            if other is None or other is v:
                continue
            rows = v.values > other.values
            if rows.any():
                at = int(np.argmax(rows))
                sentence = (
                    f"more than {quoted(other.name)} in {plural(int(rows.sum()), 'row')} "
                    f"({at_lines(lines, rows)}), such as {v.show(at)} of {other.show(at)}."
                )
                yield Finding("wrong", "out of order", sentence, "Correct one of the two, or empty "
                              "both.", v.name, first_line(lines, rows), weight=8)  # fmt: skip


def names_of_the_end(variables: list[Variable], target: str | None) -> Iterator[Finding]:
    """Find columns whose names say that they are known only when all is over."""
    for v in variables:
        words = words_of(v.name) & AFTER_WORDS
        if words and v.name != target and len(v.texts) > 1:
            sentence = f"by its name ({quoted(min(words))}) it may be known only after the outcome."
            yield Finding("look" if target else "note", "known after", sentence, "Leave it out with "
                          "--drop, unless it is known on the day you predict.", v.name, weight=4)  # fmt: skip


def small_groups(variables: list[Variable], y: FloatArray | None) -> Iterator[Finding]:
    """Find categories with groups too small to be compared in an audit."""
    told = []
    for v in variables:
        if v.kind not in ("category", "yes/no") or not 2 <= len(v.texts) <= MOST_LEVELS:
            continue
        for code, text in enumerate(v.texts):
            rows = v.codes == code
            if y is None:
                small, counts = rows.sum() < LEAST_PUPILS, plural(int(rows.sum()), "pupil")
            else:
                a, b = int((rows & (y == 1)).sum()), int((rows & (y == 0)).sum())
                small, counts = min(a, b) < LEAST_PUPILS, f"{a} at risk, {b} not"
            if small:
                told.append(f"{quoted(v.name)} {quoted(text, 20)} ({counts})")
    if told:
        more = f", and {len(told) - 5} more" if len(told) > 5 else ""
        of = "pupils" if y is None else "pupils at risk, or fewer who are not"
        sentence = (
            f"Groups of fewer than {LEAST_PUPILS} {of}, so too small to audit: "
            f"{', '.join(told[:5])}{more}."
        )
        yield Finding("note", "small groups", sentence, "Join groups that belong together, or add "
                      "years.", weight=0.5)  # fmt: skip
