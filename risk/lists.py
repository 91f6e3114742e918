"""What a place on the list means, and lists that do not change for noise.

From week to week a list by risk alone swaps the pupils at its edge for hardly any difference, and
a teacher who has begun with a pupil loses the pupil again. So a pupil on the last list stays until
the risk is plainly lower, and newcomers take only the places that become free.

Measured on simulated schools of 1,000 pupils over 18 weeks (three seeds, logistic regression and
forest, places for 10 and 20 %): a slack of 1.25 changes 4 to 9 % of the list a week where risk alone
changes 10 to 17 %, and precision stays within a point, on average the same. A slack of 1.5 changes
2 to 6 %, but loses a point of precision at 20 %. The mean log-odds of the last two weeks, which
needs the risks of an earlier week, changes 7 to 11 %.

Notation: n pupils · y (n,) 1 at risk, 0 not · risk (n,) · count the places on the list.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, plural
from risk.data.groups import clusters
from risk.data.reading import DataError, read_csv, safe_cell
from risk.data.roles import check_ids, need_columns
from risk.evaluation.figures import pulls_of_list
from risk.evaluation.thresholds import Rule
from risk.evaluation.uncertainty import Interval, list_pulls, share_interval
from risk.explanation import MOST_REASONS

FIRST, WATCH, ON_TRACK = "see first", "watch", "on track"
SLACK = 1.25  # who was on the list stays within this many times its places


def tiers(risk: FloatArray, threshold: float, base_rate: float) -> np.ndarray:
    """Return each pupil's tier: at the threshold or above, at the base rate or above, or below.

    >>> tiers(np.array([0.9, 0.4, 0.1]), 0.8, 0.25).tolist()
    ['see first', 'watch', 'on track']
    """
    return np.select([risk >= threshold, risk >= base_rate], [FIRST, WATCH], ON_TRACK)


def predict_table(
    ids: pd.Series, risk: FloatArray, told: list[list[str]], threshold: float, base_rate: float
) -> pd.DataFrame:
    """Return pupil, risk, tier and reasons, highest risk first; the index is the row's place."""
    columns: dict[str, Any] = {
        "pupil": ids.to_numpy(),
        "risk": np.round(risk, 4),
        "tier": tiers(risk, threshold, base_rate),
    }
    for j in range(MOST_REASONS):
        columns[f"reason_{j + 1}"] = [why[j] if j < len(why) else "" for why in told]
    return pd.DataFrame(columns).iloc[np.argsort(-risk, kind="stable")]


def places_kept(predictions: pd.DataFrame, threshold: float) -> bool:
    """Return whether pupils below the threshold are seen first, for they were on an earlier list."""
    first = predictions.loc[predictions["tier"] == FIRST, "risk"]
    return bool((first < threshold - 0.00005).any())  # risks are rounded to four digits


@dataclass(frozen=True)
class Tier:
    """What a tier means, and how many of its tested pupils ended at risk."""

    name: str
    meaning: str  # in words
    pupils: int  # tested
    at_risk: int  # of them
    interval: Interval  # of 95 %, of the share

    @property
    def share(self) -> float:
        """The share of its pupils to expect at risk; NaN without pupils."""
        return self.at_risk / self.pupils if self.pupils else np.nan

    def __str__(self) -> str:
        """Return the tier in a sentence or two, for a teacher."""
        if not self.pupils:
            return f"{self.name}: {self.meaning}. No pupil with a known outcome was there."
        low, high = self.interval
        return (
            f"{self.name}: {self.meaning}. Of {plural(self.pupils, 'such pupil')} with a known "
            f"outcome {self.at_risk} ended at risk: {100 * self.share:.0f} % (with 95 % confidence "
            f"{100 * low:.0f} to {100 * high:.0f} %)."
        )


def tier_meaning(
    y: FloatArray,
    risk: FloatArray,
    threshold: float,
    base_rate: float,
    rule: Rule | None = None,
    cluster: ArrayLike | None = None,
) -> list[Tier]:
    """Return the three tiers as they turned out for pupils whose outcome is known and was tested.

    ``rule`` is how the threshold was found, a capacity if not given; ``cluster`` (n,) names each
    pupil's class or school. The first tier's share is the list's precision, and so is its interval.

    >>> y, risk = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.8, 0.4, 0.1])
    >>> print(tier_meaning(y, risk, 0.8, 0.5)[0])  # doctest: +ELLIPSIS
    see first: risk 80 % or more, the pupils there are places for. Of 2 such pupils with a ... 91 %).
    """
    tier, group = tiers(risk, threshold, base_rate), clusters(cluster)
    found = []
    for name, meaning in tier_words(threshold, base_rate, rule).items():
        here = tier == name
        pupils, at_risk = int(here.sum()), int(y[here].sum())
        pulls = list_pulls(y, here)[0]
        if name == FIRST and rule is not None:
            pulls = pulls_of_list(y, risk, here, rule)[0]
        within = share_interval(at_risk, pupils, pulls, group) if pupils else (np.nan, np.nan)
        found.append(Tier(name, meaning, pupils, at_risk, within))
    return found


def tier_words(threshold: float, base_rate: float, rule: Rule | None) -> dict[str, str]:
    """Return what each tier means; with a cost there are no places, but talks that pay or do not."""
    cut, usual = f"{100 * threshold:.0f} %", f"{100 * base_rate:.0f} %"
    by_cost = rule is not None and rule.cost is not None
    first = "for whom a talk pays" if by_cost else "the pupils there are places for"
    others = "for whom a talk does not pay" if by_cost else "with no place left"
    if threshold <= base_rate:
        all_of_them = "are seen first" if by_cost else "have a place"
        return {
            FIRST: f"risk {cut} or more, {first}",
            WATCH: f"nobody, since all with at least the risk of an average pupil {all_of_them}",
            ON_TRACK: f"risk under {cut}, {others}",
        }
    return {
        FIRST: f"risk {cut} or more, {first}",
        WATCH: f"risk from {usual} to under {cut}, at least that of an average pupil but {others}",
        ON_TRACK: f"risk under {usual}, less than that of an average pupil",
    }


def stable_list(
    risk: pd.Series, previous: Collection[Hashable], count: int, slack: float = SLACK
) -> list[Hashable]:
    """Return the pupils to see, highest risk first: count of them, or all if there are fewer.

    ``risk`` is indexed by pupil. Who was on the previous list stays while fewer than count * slack
    pupils have a higher risk; newcomers take the free places by risk. So nobody outside the list
    has a higher risk than a newcomer. Of equal risks those on the previous list come first, then
    the lower id, whatever the order of the rows. A slack of 1 is the list by risk alone.

    >>> risk = pd.Series([0.9, 0.7, 0.6, 0.5], index=["Ana", "Bo", "Cy", "Di"])
    >>> stable_list(risk, {"Ana", "Cy"}, 2), stable_list(risk, {"Ana", "Di"}, 2)
    (['Ana', 'Cy'], ['Ana', 'Bo'])
    """
    risk = risk.sort_index()
    values = -risk.to_numpy(dtype=np.float64)
    higher = np.searchsorted(np.sort(values), values)  # pupils of a higher risk than this one
    was = risk.index.isin(list(previous))
    stays = was & (higher < count * slack)
    places = np.lexsort((~was, values, ~stays))[:count]  # who stays, then the others by risk
    return list(risk.index[places[np.argsort(values[places], kind="stable")]])


def turnover(previous: Collection[Hashable], current: Collection[Hashable]) -> float:
    """Return the share of the current list that was not on the previous one; NaN if it is empty.

    >>> turnover(["Ana", "Bo"], ["Bo", "Cy", "Di", "Eve"])
    0.75
    """
    return len(set(current) - set(previous)) / len(current) if current else np.nan


@dataclass(frozen=True)
class Trade:
    """What a way of making lists comes to, week after week on average."""

    turnover: float  # share of the list that is new each week
    precision: float  # share of the list that ended at risk
    recall: float  # share of those who ended at risk that is on the list


def trade(risks: pd.DataFrame, y: pd.Series, count: int, slack: float = SLACK) -> Trade:
    """Return the turnover of stable lists over weeks, and how many at risk they hold.

    ``risks`` has a row a pupil and a column a week, in order; ``y`` is 1 or 0 for the same pupils.
    The first week's list is by risk alone. Turnover is NaN for a single week.
    """
    chosen: list[Hashable] = []
    changes, hits = [], []
    for k, week in enumerate(risks):
        before, chosen = chosen, stable_list(risks[week], chosen, count, slack)
        hits.append(float(y.loc[chosen].sum()))
        if k:
            changes.append(turnover(before, chosen))
    found = float(np.mean(hits))
    return Trade(
        float(np.mean(changes)) if changes else np.nan, found / len(chosen), found / float(y.sum())
    )


def read_previous(path: str | os.PathLike[str]) -> set[str]:
    """Return the pupils an earlier predictions.csv said to see first; DataError says what to mend."""
    raw = read_csv(path)
    need_columns(raw, ["pupil", "tier"], "--previous takes a predictions.csv of an earlier week")
    pupils = check_ids(raw, "pupil")
    first = set(pupils[raw.frame["tier"].str.lower() == FIRST])
    if not first:
        raise DataError(
            f"{raw.name}: no pupil's tier is {FIRST!r}, so there is no list to keep stable. Give "
            "the predictions.csv of an earlier week as --previous."
        )
    return first


def keep_stable(
    predictions: pd.DataFrame, previous: Collection[str], count: int
) -> tuple[pd.DataFrame, str]:
    """Return predictions (pupil, risk, tier, ...) with the stable list seen first, and a note on it.

    Who leaves the first tier is watched. The order stays by risk. Pupils of the previous list who
    are not in the table have left, and lose their place.
    """
    # The earlier file holds ids as they are written for spreadsheets.
    written = predictions["pupil"].map(safe_cell).astype(str)
    risk = pd.Series(predictions["risk"].to_numpy(), index=written)
    chosen = stable_list(risk, previous, count)
    first = written.isin(chosen).to_numpy()
    was = (predictions["tier"] == FIRST).to_numpy()
    tier = np.where(first, FIRST, np.where(was, WATCH, predictions["tier"]))
    here = set(written) & set(previous)
    stayed = len(here & set(chosen))
    note = (
        f"Previous list: {plural(len(set(previous)), 'pupil')}; {stayed} stay, "
        f"{len(here) - stayed} give up their place, {len(set(previous)) - len(here)} no longer "
        f"here. New on the list: {len(chosen) - stayed} (by risk alone: "
        f"{len(set(written[was]) - here)})."
    )
    return predictions.assign(tier=tier), note
