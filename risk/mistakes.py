"""Which pupils does it get wrong? A small tree on the errors, judged on pupils it has not seen.

Three questions: who of those at risk is missed, who of the others is marked needlessly, and whose
stated risk is off. Any tree finds something in noise, so the tested pupils are split in two halves:
a group that a tree finds in one half is counted in the other, and told only where that count differs
from all other pupils' by more than chance, by Holm's method over all groups that were counted. No
count of fewer than ten pupils is told. The protected columns may name a group: this is an audit.

Notation: n tested pupils · X (n, d) what a tree may ask · value (n,) the error it explains.
Source: Breiman et al. (1984), chapter 8; Athey & Imbens (2016) for finding in one half and counting
in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
import pandas as pd

from mlcore import DecisionTreeRegressor
from mlcore.checks import BoolArray, FloatArray
from mlcore.tails import normal_tail
from risk.data.columns import Column
from risk.fairness import Share, mark_differences
from risk.significance import LEAST_PUPILS, fisher_exact
from risk.subgroups import Cut, clues_of, in_words, members, path_cuts

DEPTH = 3
LEAST_LEAF, LEAST_SHARE = 15, 0.05  # of one half: 30 of all tested pupils, or 5 %
MOST_SUSPECTS = 2  # that one tree may put forward
MISSED, NEEDLESS, TOO_LOW, TOO_HIGH = "missed", "needless", "too low", "too high"
QUESTIONS = {
    "missed more often": (MISSED,),
    "marked needlessly more often": (NEEDLESS,),
    "given a risk that is off": (TOO_LOW, TOO_HIGH),
}


@dataclass(frozen=True)
class WrongGroup:
    """Pupils whom the list gets wrong more often than others, counted where it was not found."""

    kind: str  # MISSED, NEEDLESS, TOO_LOW or TOO_HIGH
    who: str  # "practice completed below 55 % and ..."
    inside: Share  # missed: those found; needless: those marked; else: those truly at risk
    elsewhere: Share
    stated: tuple[float, float]  # mean stated risk inside and elsewhere
    rows: BoolArray  # (n,) the group among all tested pupils

    @property
    def sentence(self) -> str:
        """What was found, for a teacher."""
        here, there = counted(self.inside), counted(self.elsewhere)
        if self.kind == MISSED:
            return (
                f"Missed more often: pupils with {self.who}. Of those of them who were at risk, "
                f"{here} were found; elsewhere {there}."
            )
        if self.kind == NEEDLESS:
            return (
                f"Marked needlessly more often: pupils with {self.who}. Of those of them who were "
                f"not at risk, {here} were marked; elsewhere {there}."
            )
        inside, elsewhere = (f"{100 * risk:.0f} %" for risk in self.stated)
        return (
            f"Risk stated {self.kind}: pupils with {self.who}. The mean stated risk is {inside}, but "
            f"{here} were truly at risk; elsewhere {elsewhere}, and {there}."
        )


@dataclass(frozen=True)
class Mistakes:
    """What was found about the errors: the groups, clearest first, and what could not be asked."""

    groups: list[WrongGroup]
    too_few: list[str]  # the questions for which there were too few pupils

    @property
    def sentences(self) -> list[str]:
        """One sentence or more for each question."""
        told = []
        for question, kinds in QUESTIONS.items():
            mine = [group.sentence for group in self.groups if group.kind in kinds]
            none = f"No group of pupils stands out as {question}: what differs is within chance."
            few = f"Whether a group is {question} cannot be told: too few pupils were tested."
            told += mine or [few if question in self.too_few else none]
        return told

    def figures(self) -> dict[str, Any]:
        """Return what was found, for metrics.json."""
        return {
            "too_few_pupils_to_ask": self.too_few,
            "groups": [
                {
                    "kind": group.kind,
                    "pupils_with": group.who,
                    "part": group.inside.part,
                    "of": group.inside.whole,
                    "part_elsewhere": group.elsewhere.part,
                    "of_elsewhere": group.elsewhere.whole,
                    "stated_risk": group.stated[0],
                    "stated_risk_elsewhere": group.stated[1],
                }
                for group in self.groups
            ],
        }


def find_mistakes(
    frame: pd.DataFrame,
    schema: list[Column],
    protected: pd.DataFrame,
    y: FloatArray,
    risk: FloatArray,
    flagged: BoolArray,
    seed: int,
) -> Mistakes:
    """Return the groups of tested pupils whom the list gets wrong more often than the others.

    All arguments have a row for each tested pupil; flagged (n,) says who is marked. Cost: eight
    small trees.
    """
    at_risk = np.asarray(y) == 1
    X, clues = clues_of(frame, schema, protected)
    half = two_halves(at_risk, flagged, seed)
    everyone = np.ones(len(y), dtype=bool)
    asked = {  # kind: the pupils it is about, and the error that a tree explains
        MISSED: (at_risk, 1.0 - flagged),
        NEEDLESS: (~at_risk, 1.0 * flagged),
        TOO_LOW: (everyone, at_risk - risk),
        TOO_HIGH: (everyone, risk - at_risk),
    }
    judged, too_few = [], []
    for question, kinds in QUESTIONS.items():
        about, _ = asked[kinds[0]]
        if min((about & half).sum(), (about & ~half).sum()) < 2 * LEAST_LEAF:
            too_few.append(question)
            continue
        for kind in kinds:
            about, value = asked[kind]
            for here, there in ((half, ~half), (~half, half)):
                for cuts in suspects(X[about & here], value[about & here]):
                    rows, who = members(X, cuts), in_words(cuts, clues)
                    judged += judge(kind, who, rows, about & there, at_risk, risk, flagged)
    mark_differences([group.inside for group in judged])
    return Mistakes(clearest(judged), too_few)


def two_halves(y: BoolArray, flagged: BoolArray, seed: int) -> BoolArray:
    """Return a random half (n,) of the pupils, with its share of those at risk and of those marked.

    >>> y = np.arange(40) % 4 == 0
    >>> int(two_halves(y, ~y, seed=0)[y].sum())
    5
    """
    random = np.random.default_rng(seed).random(len(y))
    half = np.empty(len(y), dtype=bool)
    half[np.lexsort((random, flagged, y))] = np.arange(len(y)) % 2 == 0
    return half


def suspects(X: FloatArray, value: FloatArray) -> list[list[Cut]]:
    """Return up to two disjoint groups of higher value than the rest: nodes of a tree, as cuts.

    Of all nodes, not of the leaves alone, those are taken that explain most by themselves, n_in n_out
    / n (mean_in - mean_out)²: the last splits of a tree are often noise.
    """
    least = max(LEAST_LEAF, ceil(LEAST_SHARE * len(value)))
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=least).fit(X, value).tree_
    found = []
    for node in range(1, tree.node_count):
        cuts = path_cuts(tree, node, X)
        rows = members(X, cuts)
        difference = value[rows].mean() - value[~rows].mean()
        if difference > 0:
            gain = rows.sum() * (~rows).sum() * difference**2
            found.append((float(gain), cuts, rows))
    chosen: list[tuple[float, list[Cut], BoolArray]] = []
    for one in sorted(found, key=lambda group: -group[0]):
        if len(chosen) < MOST_SUSPECTS and not any((one[2] & other[2]).any() for other in chosen):
            chosen.append(one)
    return [cuts for _, cuts, _ in chosen]


def judge(
    kind: str,
    who: str,
    rows: BoolArray,
    about: BoolArray,
    y: BoolArray,
    risk: FloatArray,
    flagged: BoolArray,
) -> list[WrongGroup]:
    """Return a group as counted among the pupils ``about``; none where it or the rest is too small."""
    inside, outside = rows & about, ~rows & about
    if min(inside.sum(), outside.sum()) < LEAST_PUPILS:
        return []
    event = y if kind in (TOO_LOW, TOO_HIGH) else flagged
    here, there = (Share(int(event[r].sum()), int(r.sum())) for r in (inside, outside))
    if kind in (MISSED, NEEDLESS):
        worse = here.value < there.value if kind == MISSED else here.value > there.value
        exact = fisher_exact(here.part, here.whole, there.part, there.whole)
        here.p_value = exact if worse else 1.0
    else:
        sign = 1.0 if kind == TOO_LOW else -1.0
        here.p_value = chance_of_gap(y[inside], risk[inside], y[outside], risk[outside], sign)
    stated = float(risk[inside].mean()), float(risk[outside].mean())
    return [WrongGroup(kind, who, here, there, stated, rows)]


def chance_of_gap(
    y: BoolArray, risk: FloatArray, other_y: BoolArray, other_risk: FloatArray, sign: float
) -> float:
    """Return the p-value of a group's risk being off, for one side of y - risk (sign +1: too low).

    The group's mean y - risk must lie on that side of 0, where it would be if all risks were right,
    and on that side of the others' too, else all groups of a list that is off would stand out: the
    larger p-value of the two holds, each two-sided, and 1 on the wrong side. A pupil's variance is
    risk (1 - risk) if the risk is right; where more happened than that, (y - risk)² is taken, so
    that no stated risk of 0 makes one surprise a proof.
    """
    mean, variance = mean_and_variance(y, risk)
    other_mean, other_variance = mean_and_variance(other_y, other_risk)
    tests = ((mean, variance), (mean - other_mean, variance + other_variance))
    return max(
        2 * normal_tail(sign * off / sqrt(spread)) if sign * off > 0 else 1.0
        for off, spread in tests
    )


def mean_and_variance(y: BoolArray, risk: FloatArray) -> tuple[float, float]:
    """Return the mean of y - risk and its variance, as chance_of_gap takes it."""
    off = y - risk
    spread = max(float((risk * (1 - risk)).sum()), float((off**2).sum()))
    return float(off.mean()), spread / len(off) ** 2


def clearest(judged: list[WrongGroup]) -> list[WrongGroup]:
    """Return the groups that differ, clearest first, without those that mostly repeat a clearer one."""
    told: list[WrongGroup] = []
    for group in sorted(judged, key=lambda g: g.inside.p_value):
        repeats = any(
            group.kind == other.kind
            and 2 * (group.rows & other.rows).sum() > min(group.rows.sum(), other.rows.sum())
            for other in told
        )
        if group.inside.differs and not repeats:
            told.append(group)
    return told


def counted(share: Share) -> str:
    """Return a share as counts, percentage and interval.

    >>> counted(Share(12, 30))
    '12 of 30 (40 %; 25 to 58 %)'
    """
    low, high = share.interval
    return (
        f"{share.part} of {share.whole} ({100 * share.value:.0f} %; {100 * low:.0f} to "
        f"{100 * high:.0f} %)"
    )
