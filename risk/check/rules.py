"""Rules without exception: values whose outcome never varies, and outcomes that share one value.

A few pupils are alike by chance: k rows are all of an outcome of share p with probability p to the
k. What is told is so unlikely that in a whole table without any rule there would be one in a
hundred times: the chance of each rule is multiplied by the number that were tried (Bonferroni).

Notation: n rows · y (n,) 1 at risk, 0 not, NaN where unknown · k rows of a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from risk.check.findings import LEVEL, Finding, quoted, share
from risk.check.oddities import zero_group
from risk.check.variables import Variable

LEAST_ROWS = 5
OWN_VALUE = 0.5  # of the target's values: a column constant in more of them is made from it


@dataclass(frozen=True)
class Pure:
    """A set of rows, in words, whose outcome never varies."""

    variable: Variable
    said: str
    rows: BoolArray
    at_risk: bool
    chance: float
    end: bool  # of a column of numbers, where a strong column is pure without being a leak


def pure_values(variables: list[Variable], y: FloatArray) -> Iterator[Finding]:
    """Tell of values of a column for which the outcome never varies."""
    known, found, tries = ~np.isnan(y), [], 0
    if not known.any():
        return
    for v in variables:
        sets, asked = pure_sets(v, y, known)
        found += sets
        tries += asked
    for pure in sorted(found, key=lambda p: p.chance):
        if pure.chance * tries > LEVEL:
            break
        k, n = int(pure.rows.sum()), int(known.sum())
        rate = (y[known] == pure.at_risk).sum()
        outcome = "at risk" if pure.at_risk else "not at risk"
        sentence = (
            f"where it {pure.said}, all {k} pupils are {outcome}, without exception (of all {n}, "
            f"{share(rate, n)}). Chance does not explain it."
        )
        if pure.end:
            sentence += " The ends of a strong column are often so."
        yield Finding("note" if pure.end else "look", "pure value", sentence, "Ask whether the value "
                      "is known when you predict, or was written because of the outcome.",
                      pure.variable.name, weight=4)  # fmt: skip


def pure_sets(v: Variable, y: FloatArray, known: BoolArray) -> tuple[list[Pure], int]:
    """Return the sets of a column that are of one outcome, and how many were looked at."""
    group = np.where(known, v.group, -1)
    size = np.bincount(group[known], minlength=1)
    at_risk = np.bincount(group[known], weights=y[known], minlength=len(size))
    tried = np.flatnonzero((size >= LEAST_ROWS) & (size < known.sum()))
    base = y[known].mean()
    found, covered = [], np.zeros(len(size), dtype=bool)
    if v.kind == "number":
        for said, groups in _ends(v, size, at_risk):
            rows = known & np.isin(v.group, groups)
            covered[groups] = True
            bad = bool(at_risk[groups[0]] > 0)
            p = base if bad else 1 - base
            found.append(Pure(v, said, rows, bad, float(p ** rows.sum()), True))
    for g in tried[(at_risk[tried] == 0) | (at_risk[tried] == size[tried])]:
        if covered[g]:
            continue
        rows, bad = group == g, bool(at_risk[g] > 0)
        value = v.show(int(np.argmax(rows)))
        chance = float((base if bad else 1 - base) ** size[g])
        found.append(Pure(v, f"is {value}", rows, bad, chance, False))
    return found, 2 * len(tried) + (4 if v.kind == "number" else 0)


def _ends(v: Variable, size: np.ndarray, at_risk: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Give the longest runs of one outcome from either end of a column of numbers, in words."""
    value = np.full(len(size), np.nan)
    inside = v.group < len(size)
    value[v.group[inside]] = v.values[inside]
    usual = np.flatnonzero(~np.isnan(value) & (size > 0))
    for sign, ordered in (("at most", usual), ("at least", usual[::-1])):
        for pure in (at_risk == 0, at_risk == size):
            run = int(np.argmin(np.append(pure[ordered], False)))
            if 0 < run < len(ordered) and size[ordered[:run]].sum() >= LEAST_ROWS:
                yield f"is {sign} {value[ordered[run - 1]]:g}", ordered[:run]


def shared_values(variables: list[Variable], target: Variable) -> Iterator[Finding]:
    """Tell of values of the target all of whose rows have the same value of some column."""
    outcome = np.where(target.missing | target.strange, -1, target.group)
    order = np.argsort(outcome, kind="stable")
    order = order[outcome[order] >= 0]
    starts = np.flatnonzero(np.append(True, np.diff(outcome[order]) > 0)) if len(order) else order
    sizes = np.diff(np.append(starts, len(order)))
    asked = np.flatnonzero(sizes >= LEAST_ROWS)
    varied = [v for v in variables if v.kind not in ("text", "date", "empty") and len(v.texts) > 1]
    tries = len(asked) * len(varied)
    for v in varied if len(sizes) > 1 else []:
        group = v.group[order]
        same = np.minimum.reduceat(group, starts) == np.maximum.reduceat(group, starts)
        how_many = np.bincount(group)[group[starts]]  # rows of the value that each begins with
        with np.errstate(divide="ignore"):
            log_chance = sizes * np.log(how_many / len(order))
        told = [i for i in asked if same[i] and log_chance[i] + np.log(tries) < np.log(LEVEL)]
        if len(told) >= 4 and len(told) > OWN_VALUE * len(asked):
            sentence = (
                f"pupils with the same {quoted(target.name)} have the same {quoted(v.name)}, for "
                f"{len(told)} of {len(asked)} values: it seems to be made from it."
            )
            yield Finding("look", "made from target", sentence, "Leave it out with --drop.",
                          v.name, weight=8)  # fmt: skip
            continue
        for i in told:
            rows = np.zeros(len(target.codes), dtype=bool)
            rows[order[starts[i] : starts[i] + sizes[i]]] = True
            yield _shared(v, target, rows, int(how_many[i]), len(order))


def _shared(v: Variable, target: Variable, rows: BoolArray, how_many: int, n: int) -> Finding:
    """Tell of one value of the target, and what its rows share."""
    at, k = int(np.argmax(rows)), int(rows.sum())
    result, value = target.show(at), v.show(at)
    others = how_many - k, n - k
    sentence = (
        f"every one of the {k} pupils whose {quoted(target.name)} is {result} has {value} in it (of "
        f"the others {share(*others)}). Chance does not explain it."
    )
    zero = zero_group(target)
    left = zero is not None and bool(zero[at])
    blank = bool(v.missing[at])
    if left:
        sentence += (
            f" Pupils who left were probably recorded so: {result} for a test they never took"
            f"{', a blank' if blank else f', and {value}'} for what came after they had gone."
        )
        sentence += _misled(v, target, rows)
    mend = (
        f"Find out who they are. If they left, empty their {quoted(target.name)}: nobody can learn "
        "from them what helps those who stay."
        if left
        else f"Ask whether {quoted(v.name)} was written because of {quoted(target.name)}."
    )
    return Finding("look", "shared value", sentence, mend, v.name, weight=9.5 if left else 5)


def _misled(v: Variable, target: Variable, rows: BoolArray) -> str:
    """Say what the rows do to the correlation of two columns of numbers; "" for others."""
    both = ~np.isnan(v.values) & ~np.isnan(target.values)
    without = both & ~rows
    if v.kind != "number" or without.sum() < 20 or np.ptp(v.values[without]) == 0:
        return ""
    r = [np.corrcoef(v.values[at], target.values[at])[0, 1] for at in (both, without)]
    return f" They move the correlation of the two from {r[1]:+.2f} to {r[0]:+.2f}."
