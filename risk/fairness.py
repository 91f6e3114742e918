"""Does the list treat groups of pupils alike? Counted by columns the models did not learn from.

For each group: how many are flagged, how many of those truly at risk are found (recall), and how
many of the others are flagged needlessly (false alarms), with Wilson's intervals. A group is
compared with all other pupils, and Holm's method keeps a long table from crying wolf. No share of
fewer than ten pupils is shown, nor what would give one away.

Source: Hardt, Price & Srebro (2016), Equality of opportunity in supervised learning; Holm (1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from mlcore.metrics import wilson_interval

LEAST_PUPILS = 10
LEVEL = 0.05


@dataclass
class Share:
    """A share of some pupils, with its counts; ``differs`` from all others in that share."""

    part: int
    whole: int
    p_value: float = 1.0
    comparable: bool = False  # enough pupils among the others
    differs: bool = False
    twin: Share | None = None  # the same comparison, seen from the other of two groups

    @property
    def value(self) -> float:
        """The share, NaN of nobody."""
        return self.part / self.whole if self.whole else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %."""
        return wilson_interval(self.part, self.whole)


@dataclass
class Group:
    """One group of a protected column."""

    column: str
    group: str
    pupils: int
    shares: dict[str, Share] | None  # None where they may not be shown


def audit(protected: pd.DataFrame, y: FloatArray, flagged: np.ndarray) -> list[Group]:
    """Return the groups of each protected column, with what differs marked."""
    groups, tests = [], []
    for column in protected:
        values, order = banded(protected[column])
        inside = {group: (values == group).to_numpy() for group in order}
        hidden = groups_to_hide(inside, y == 1)
        for group, rows in inside.items():
            shares = None if group in hidden else compare(rows, y == 1, flagged)
            groups.append(Group(str(column), str(group), int(rows.sum()), shares))
        compared = [g.shares for g in groups if g.column == column and g.shares]
        if len(order) == 2:  # each group is all others of the other: one comparison, not two
            mirror(compared)
            compared = compared[:1]
        tests += [list(t) for t in zip(*(s.values() for s in compared), strict=True)]
    mark_differences([s for row in tests for s in row if s.comparable])
    for audited in groups:
        for share in (audited.shares or {}).values():
            share.differs |= share.twin is not None and share.twin.differs
    return groups


def groups_to_hide(inside: dict[str, np.ndarray], at_risk: np.ndarray) -> set[str]:
    """Return the groups whose figures may not be shown, or would give away those that may not.

    A group is shown when it has ten pupils at risk and ten who are not. What is hidden could be had
    by subtracting what is shown from the total, so the hidden groups together must be that large
    too; until they are, the smallest of the others is hidden with them.
    """

    def sizes(rows: np.ndarray) -> tuple[int, int]:
        return int((rows & at_risk).sum()), int((rows & ~at_risk).sum())

    by_size = sorted(inside, key=lambda group: min(sizes(inside[group])))
    hidden = {group for group in by_size if min(sizes(inside[group])) < LEAST_PUPILS}
    for group in by_size:
        together = np.any([inside[g] for g in hidden], axis=0) if hidden else at_risk
        if not hidden or min(sizes(together)) >= LEAST_PUPILS:
            break
        hidden.add(group)
    return hidden


def mirror(compared: list[dict[str, Share]]) -> None:
    """Let the second of two groups take over what is found of the first."""
    if len(compared) == 2:
        for name, share in compared[1].items():
            share.twin = compared[0][name]


def banded(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return groups as text, and their order: the values, or thirds of a column of many numbers.

    >>> banded(pd.Series([10.0, 2.0, 10.0]))[1]
    ['2', '10']
    """
    numeric = pd.api.types.is_numeric_dtype(values)
    if numeric and values.nunique() > 6:
        low, high = values.quantile([1 / 3, 2 / 3])
        order = [f"up to {low:.10g}", f"over {low:.10g} to {high:.10g}", f"over {high:.10g}"]
        names = np.select([values <= low, values <= high], order[:2], order[2])
        text = pd.Series(names, index=values.index, dtype=object)
    elif numeric:
        order = [f"{v:.10g}" for v in sorted(values.dropna().unique())]
        text = values.map(lambda v: f"{v:.10g}").astype(object)
    else:
        text = values.astype(object)
        order = sorted(text.dropna().unique())
    if values.isna().any():
        text, order = text.where(values.notna(), "not recorded"), [*order, "not recorded"]
    used = set(text)
    return text, [group for group in dict.fromkeys(order) if group in used]


def compare(inside: np.ndarray, at_risk: np.ndarray, flagged: np.ndarray) -> dict[str, Share]:
    """Return a group's three shares, each with the p-value of its difference from all others."""
    of = {
        "marked": np.ones(len(inside), dtype=bool),
        "found": at_risk,
        "false alarms": ~at_risk,
    }
    shares = {}
    for name, base in of.items():
        here, there = inside & base, ~inside & base
        share = Share(int((here & flagged).sum()), int(here.sum()))
        part, whole = int((there & flagged).sum()), int(there.sum())
        share.comparable = whole >= LEAST_PUPILS
        if share.comparable:
            share.p_value = fisher_exact(share.part, share.whole, part, whole)
        shares[name] = share
    return shares


def fisher_exact(a: int, n: int, b: int, m: int) -> float:
    """Return the two-sided p-value of a of n against b of m, by Fisher's exact test.

    The chance, were the shares the same, of a table no likelier than this one. Source: Fisher
    (1935), The Design of Experiments; Fisher's tea taster, 3 of 4 against 1 of 4:

    >>> round(fisher_exact(3, 4, 1, 4), 4)
    0.4857
    """
    hits = a + b
    possible = np.arange(max(0, hits - m), min(n, hits) + 1)

    def log_choose(whole: int, parts: np.ndarray) -> FloatArray:
        return np.array([lgamma(whole + 1) - lgamma(k + 1) - lgamma(whole - k + 1) for k in parts])

    log_p = log_choose(n, possible) + log_choose(m, hits - possible)
    p = np.exp(log_p - log_p.max())
    seen = p[a - possible[0]]
    return float(p[p <= seen * (1 + 1e-9)].sum() / p.sum())


def mark_differences(shares: list[Share]) -> None:
    """Mark the shares that differ after Holm's correction for all the comparisons made."""
    for i, share in enumerate(sorted(shares, key=lambda s: s.p_value)):
        if share.p_value > LEVEL / (len(shares) - i):
            break
        share.differs = True
