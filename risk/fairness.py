"""Does the list treat groups of pupils alike? Counted by columns the models did not learn from.

For each group: how many are flagged, how many of those truly at risk are found (recall), and how
many of the others are flagged needlessly (false alarms), with Wilson's intervals. A group is
compared with all other pupils, and Holm's method keeps a long table from crying wolf. Nothing is
shown of groups under ten pupils.

Source: Hardt, Price & Srebro (2016), Equality of opportunity in supervised learning; Holm (1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

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
    differs: bool = False

    @property
    def shown(self) -> bool:
        """Whether the share is of enough pupils to be shown, or compared."""
        return self.whole >= LEAST_PUPILS

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
    """One group's counts; ``shares`` are None for a group too small to show."""

    column: str
    group: str
    pupils: int
    shares: dict[str, Share] | None


def audit(protected: pd.DataFrame, y: FloatArray, flagged: np.ndarray) -> list[Group]:
    """Return the groups of each protected column, with what differs marked."""
    groups = []
    for column in protected:
        values = banded(protected[column])
        for group in sorted(values.unique()):
            inside = (values == group).to_numpy()
            small = inside.sum() < LEAST_PUPILS
            shares = None if small else compare(inside, y == 1, flagged)
            groups.append(Group(str(column), str(group), int(inside.sum()), shares))
    mark_differences([s for g in groups if g.shares for s in g.shares.values() if s.shown])
    return groups


def banded(values: pd.Series) -> pd.Series:
    """Return groups as text: the values, or thirds of a number column with many of them."""
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > 6:
        low, high = values.quantile([1 / 3, 2 / 3])
        names = np.select(
            [values.isna(), values <= low, values <= high],
            ["not recorded", f"up to {low:g}", f"{low:g} to {high:g}"],
            f"above {high:g}",
        )
        return pd.Series(names, index=values.index)
    if pd.api.types.is_numeric_dtype(values):
        values = values.map(lambda v: v if v != v else f"{v:g}")
    return values.astype(object).where(values.notna(), "not recorded").astype(str)


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
        share.p_value = two_shares(share.part, share.whole, int((there & flagged).sum()),
                                   int(there.sum()))  # fmt: skip
        shares[name] = share
    return shares


def two_shares(a: int, n: int, b: int, m: int) -> float:
    """Return the two-sided p-value of a/n against b/m, by the normal approximation; 1 without rows.

    >>> round(two_shares(30, 100, 15, 100), 4)
    0.0111
    """
    if min(n, m) == 0 or a + b in (0, n + m):
        return 1.0
    pooled = (a + b) / (n + m)
    z = (a / n - b / m) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return 2 * NormalDist().cdf(-abs(z))


def mark_differences(shares: list[Share]) -> None:
    """Mark the shares that differ after Holm's correction for all the comparisons made."""
    for i, share in enumerate(sorted(shares, key=lambda s: s.p_value)):
        if share.p_value > LEVEL / (len(shares) - i):
            break
        share.differs = True
