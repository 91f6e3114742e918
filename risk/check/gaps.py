"""Which cells are empty: how many, which together, and whether being empty tells something.

Notation: n rows · missing (n,) which cells of a column are empty.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcore.checks import BoolArray, FloatArray, plural
from mlcore.metrics.delong import midranks
from mlcore.tails import normal_tail
from risk.check.findings import LEVEL, Finding, listed, quoted, share
from risk.check.variables import Variable
from risk.significance import LEAST_PUPILS, fisher_exact

MOST_LEVELS = 20


def gaps(variables: list[Variable]) -> Iterator[Finding]:
    """Say which columns have empty cells, and how many."""
    n = len(variables[0].codes) if variables else 0
    with_gaps = [v for v in variables if v.missing.any() and v.kind not in ("empty", "yes/no")]
    with_gaps.sort(key=lambda v: -int(v.missing.sum()))
    for v in [v for v in with_gaps if v.missing.mean() > 0.5]:
        sentence = (
            f"{share(v.missing.sum(), n)} of its cells are empty ({int(v.missing.sum())} of {n})."
        )
        yield Finding("look", "mostly empty", sentence, "Fill it, or leave it out with --drop.",
                      v.name, weight=2)  # fmt: skip
    if with_gaps:
        told = [f"{quoted(v.name)} {int(v.missing.sum())}" for v in with_gaps[:6]]
        more = f", and {len(with_gaps) - 6} more columns" if len(with_gaps) > 6 else ""
        yield Finding("note", "missing", f"Empty cells, of {plural(n, 'row')}: {', '.join(told)}{more}.",
                      "Nothing need be done: risk train takes them for typical and remembers where "
                      "they were.")  # fmt: skip


def gaps_together(variables: list[Variable]) -> Iterator[Finding]:
    """Find columns that are empty in the very same rows."""
    together: dict[bytes, list[Variable]] = {}
    for v in variables:
        if 5 <= v.missing.sum() < len(v.codes):
            together.setdefault(v.missing.tobytes(), []).append(v)
    for group in together.values():
        if len(group) > 1:
            rows = int(group[0].missing.sum())
            sentence = (
                f"{listed([v.name for v in group])} are empty together, in the same {rows} rows."
            )
            yield Finding("note", "missing together", sentence, "Ask what these rows have in "
                          "common: they may come from one source.", weight=1.5)  # fmt: skip


def scores_of(variables: list[Variable]) -> tuple[list[tuple[Variable, str]], FloatArray]:
    """Return what each column can be asked, and the answers (n, questions) with mean 0.

    A number is asked for its rank, a category for each of its common values; blanks answer 0.
    """
    asked, answers = [], []
    for v in variables:
        known = ~np.isnan(v.values) if v.numeric else ~v.missing
        if known.sum() < LEAST_PUPILS or len(v.texts) < 2:
            continue
        if v.numeric:
            rank = np.zeros(len(known))
            rank[known] = midranks(v.values[known])
            rank[known] -= rank[known].mean()
            asked.append((v, ""))
            answers.append(rank)
        elif v.kind == "category" and len(v.texts) <= MOST_LEVELS:
            for code in np.flatnonzero(np.bincount(v.codes[known]) >= LEAST_PUPILS):
                is_it = np.where(known, (v.codes == code) - np.mean(v.codes[known] == code), 0.0)
                asked.append((v, v.texts[code]))
                answers.append(is_it)
    return asked, np.column_stack(answers) if answers else np.empty((0, 0))


def gaps_that_depend(variables: list[Variable]) -> Iterator[Finding]:
    """Find columns that are empty more often where another column is high, low or a category.

    The rank-sum test: of k empty cells, the mean answer has variance S (n - k) / (n - 1) / k for
    answers of variance S, were they dealt out at random. At least ten cells empty and ten not, and
    Bonferroni's correction for all pairs.
    """
    asked, R = scores_of(variables)
    masks: dict[bytes, Variable] = {}
    for v in variables:
        k = int(v.missing.sum())
        if LEAST_PUPILS <= k <= len(v.codes) - LEAST_PUPILS and v.kind != "yes/no":
            masks.setdefault(v.missing.tobytes(), v)
    if not asked or not masks:
        return
    M = np.column_stack([v.missing for v in masks.values()]).astype(np.float64)  # (n, masks)
    n, k = len(R), M.sum(axis=0)
    z = (R.T @ M) / np.sqrt(np.outer((R**2).mean(axis=0), k * (n - k) / (n - 1)) + 1e-300)
    for j, v in enumerate(masks.values()):
        for i in np.argsort(-np.abs(z[:, j])):
            other, level = asked[i]
            if 2 * normal_tail(abs(float(z[i, j]))) * z.size > LEVEL:
                break
            if other is v or _few_expected(R[:, i], v.missing, level):
                continue
            yield _dependent(v, other, level)
            break


def _few_expected(answers: FloatArray, missing: BoolArray, level: str) -> bool:
    """Return whether a category is too rare among the empty cells for the normal approximation."""
    return bool(level) and min((answers > 0).sum(), (answers < 0).sum()) * missing.mean() < 5


def _dependent(v: Variable, other: Variable, level: str) -> Finding:
    """Say how often a column is empty on two sides of another."""
    if level:
        side = other.codes == other.texts.index(level)
        known, named = ~other.missing, f"is {quoted(level)}"
    else:
        known = ~np.isnan(other.values)
        middle = float(np.median(other.values[known]))
        at_top = middle == other.values[known].max()
        side = other.values >= middle if at_top else other.values > middle
        named = f"is {'at least' if at_top else 'above'} {middle:g}"
    rest = known & ~side
    side = side & known
    here, there = v.missing & side, v.missing & rest
    sentence = (
        f"its empty cells are not random: {here.sum()} of {side.sum()} are empty "
        f"({share(here.sum(), side.sum())}) where {quoted(other.name)} {named}, but {there.sum()} "
        f"of {rest.sum()} ({share(there.sum(), rest.sum())}) elsewhere."
    )
    return Finding("note", "missing depends", sentence, "Ask why: being empty then tells something "
                   "of the pupil, and a mean filled in would hide it.", v.name, weight=3)  # fmt: skip


def gaps_and_outcome(variables: list[Variable], y: FloatArray, target: str) -> Iterator[Finding]:
    """Find columns that are empty more often for pupils at risk, or for those who are not.

    Fisher's exact test, with Bonferroni's correction. y (n,) is 1, 0 or NaN where unknown.
    """
    known = ~np.isnan(y)
    masks = [v for v in variables if 5 <= v.missing[known].sum() < known.sum() - 5]
    for v in masks:
        risk, rest = y == 1, y == 0
        a, b = int((v.missing & risk).sum()), int((v.missing & rest).sum())
        p = fisher_exact(a, int(risk.sum()), b, int(rest.sum()))
        if p * len(masks) > LEVEL:
            continue
        only = a == 0 or b == 0
        exactly = (a, b) in ((risk.sum(), 0), (0, rest.sum()))
        sentence = (
            f"it is empty for {a} of {risk.sum()} at risk ({share(a, risk.sum())}) and for {b} of "
            f"{rest.sum()} others ({share(b, rest.sum())}): being empty tells the outcome."
        )
        yield Finding("wrong" if exactly else "look", "missing tells outcome", sentence, "Find out "
                      f"whether it is empty before {quoted(target)} is known, or because of it.", v.name,
                      weight=8 if only else 5)  # fmt: skip
