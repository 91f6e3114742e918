"""Does the list treat groups of pupils alike? Counted by columns the models did not learn from.

For each group: how many are marked, how many of those truly at risk are found (recall), and how
many of the others are marked needlessly (false alarms); given the risks, how many came out at risk
beside the mean risk stated for them (calibration); given where values are missing, of how many
pupils something is not recorded. Intervals are Wilson's. A group is compared with all other pupils,
and Holm's method keeps a long table from crying wolf. No share of fewer than ten pupils is shown,
nor what would give one away.

What a difference means. Where a group is more often at risk, more of it should be marked: that is
need, not bias. Found and false alarms may differ for the same reason alone. Of a group with higher
risks more lie far above the threshold, so that more of those at risk are found and more of the
others are marked, though the threshold and the worth of a stated risk are the same for all
(infra-marginality). Calibration is free of that: a stated risk that comes true more often in one
group than elsewhere was worth less there. But all of it is counted by the outcomes as recorded. If
these are wrong for a group, the audit cannot tell that from a model that is wrong for it.

Sources: Hardt, Price & Srebro (2016), Equality of opportunity in supervised learning; Corbett-Davies
& Goel (2018), The measure and mismeasure of fairness.

Notation: n pupils with a known outcome · y (n,) 1 at risk, 0 not · risk (n,) stated · rows of a
group (n,) true inside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray
from mlcore.metrics import wilson_interval
from risk.significance import LEAST_PUPILS, LEVEL, fisher_exact, holm, welch_test


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
class Calibration(Share):
    """The share of a group who came out at risk, beside the mean risk that was stated for them.

    It differs where the gap between the two is not that of all others.
    """

    stated: float = float("nan")

    @property
    def gap(self) -> float:
        """What came out less what was stated: above 0, the group's risk was understated."""
        return self.value - self.stated


@dataclass
class Group:
    """One group of a protected column."""

    column: str
    group: str
    pupils: int
    shares: dict[str, Share] | None  # None where they may not be shown


def audit(
    protected: pd.DataFrame,
    y: FloatArray,
    flagged: BoolArray,
    risk: FloatArray | None = None,
    not_recorded: BoolArray | None = None,
) -> list[Group]:
    """Return the groups of each protected column, with what differs marked.

    ``flagged`` (n,) are the pupils on the list. ``risk`` (n,) adds "calibration" to the shares, and
    ``not_recorded`` (n,), the pupils of whom some value is missing, adds "not recorded".
    """
    groups, tests = [], []
    for column in protected:
        values, order = banded(protected[column])
        inside = {group: (values == group).to_numpy() for group in order}
        hidden = groups_to_hide(inside, y == 1)
        for group, rows in inside.items():
            shares = None if group in hidden else shares_of(rows, y, flagged, risk, not_recorded)
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


def shares_of(
    inside: BoolArray,
    y: FloatArray,
    flagged: BoolArray,
    risk: FloatArray | None = None,
    not_recorded: BoolArray | None = None,
) -> dict[str, Share]:
    """Return a group's shares by name, each with the p-value of its difference from all others."""
    everybody = np.ones(len(y), dtype=bool)
    shares = {
        "marked": share_of(flagged, everybody, inside),
        "found": share_of(flagged, y == 1, inside),
        "false alarms": share_of(flagged, y == 0, inside),
    }
    if risk is not None:
        shares["calibration"] = calibration(y, risk, inside)
    if not_recorded is not None:
        shares["not recorded"] = share_of(not_recorded, everybody, inside)
    return shares


def share_of(event: BoolArray, base: BoolArray, inside: BoolArray) -> Share:
    """Return how many of the base have the event inside a group, compared with those outside.

    >>> flagged, inside = np.arange(40) % 2 == 0, np.arange(40) < 12
    >>> share = share_of(flagged, np.ones(40, dtype=bool), inside)
    >>> share.part, share.whole, round(share.p_value, 6)
    (6, 12, 1.0)
    """
    here, there = inside & base, ~inside & base
    share = Share(int((here & event).sum()), int(here.sum()))
    part, whole = int((there & event).sum()), int(there.sum())
    share.comparable = whole >= LEAST_PUPILS
    if share.comparable:
        share.p_value = fisher_exact(share.part, share.whole, part, whole)
    return share


def calibration(y: FloatArray, risk: FloatArray, inside: BoolArray) -> Calibration:
    """Return what came out and was stated inside a group, the gap compared with that outside.

    So a model that states too much for everybody differs for nobody.
    """
    share = Calibration(int(y[inside].sum()), int(inside.sum()), stated=float(risk[inside].mean()))
    share.comparable = int((~inside).sum()) >= LEAST_PUPILS
    if share.comparable:
        share.p_value = welch_test((y - risk)[inside], (y - risk)[~inside])
    return share


def mark_differences(shares: list[Share]) -> None:
    """Mark the shares that differ after Holm's correction for all the comparisons made.

    >>> shares = [Share(1, 20, p_value=0.04), Share(9, 20, p_value=0.01)]
    >>> mark_differences(shares)
    >>> [share.differs for share in shares]
    [True, True]
    """
    for share, p in zip(shares, holm([share.p_value for share in shares]), strict=True):
        share.differs = p <= LEVEL
