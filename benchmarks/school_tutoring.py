"""Tutoring of a known effect, for whoever a policy names: how many are kept from ending at risk?

Every policy names as many pupils at the end of the same week, and the same pupils would live through
the same year. Each pupil's outcome with tutoring and without is known from the truth, so nothing is
estimated but by the number of pupils.

Who is most at risk is not who gains most: many of them end too far below the cut for some points to
lift them over it. So a better list of risks need not avoid more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.school_audit import N_WEEKS, WEEK, learnt
from risk.features.known import build_features
from risk.models.risk_model import RiskModel
from risk.school import FINAL_CUT, School, Tutoring, simulate_school
from risk.school.tables import Tables

EFFECT, TUTORED = 5.0, 0.1  # points of the final test; share of the pupils
NOBODY, BY_LOT = "nobody", "by lot"
Policy = Callable[[Tables], Iterable[str]]


class Help(NamedTuple):
    """What a policy came to, of all the pupils of this year."""

    policy: str
    pupils: int
    tutored: int
    effect: float  # mean of all pupils, in points of the final test
    at_risk: float  # share of all who end at risk
    needed: int  # tutored pupils who would have ended at risk without
    avoided: int  # of those, who do not end at risk

    @property
    def share(self) -> float:
        """Pupils kept from ending at risk, of those tutored; 0 of nobody."""
        return self.avoided / self.tutored if self.tutored else 0.0

    @property
    def error(self) -> float:
        """The standard error of that share."""
        return float(np.sqrt(self.share * (1 - self.share) / max(self.tutored, 1)))


def policies(model: RiskModel) -> dict[str, Policy]:
    """Return the policies, from none to the model's list; each names the same number of pupils."""

    def first(order: pd.Series) -> Iterable[str]:
        return order.sort_values(kind="stable").index[: round(TUTORED * len(order))]

    def by_lot(tables: Tables) -> Iterable[str]:
        there = build_features(tables, WEEK).index
        return first(pd.Series(np.random.default_rng(0).random(len(there)), there))

    def by_prior_score(tables: Tables) -> Iterable[str]:
        return first(build_features(tables, WEEK)["prior_score"])  # unknown ones come last

    def by_model(tables: Tables) -> Iterable[str]:
        frame = build_features(tables, WEEK)
        return first(pd.Series(-model.risk(frame), frame.index))

    return {
        NOBODY: lambda tables: [],
        BY_LOT: by_lot,
        "lowest score last year": by_prior_score,
        "the model's list": by_model,
    }


def tutoring(n: int, seed: int = 0) -> list[Help]:
    """Return a line for each policy, in a school of n pupils a year."""
    model = learnt(simulate_school(n, N_WEEKS, seed, n_years=2, n_futures=0))
    lines = []
    for name, policy in policies(model).items():
        plan = Tutoring(WEEK, EFFECT, policy)
        school = simulate_school(n, N_WEEKS, seed, n_years=2, n_futures=0, tutoring=plan)
        lines.append(helped(name, school))
    return lines


def helped(policy: str, school: School) -> Help:
    """Return what a policy came to in a school, from both outcomes of each pupil."""
    truth = school.truth["pupils"]
    truth = truth[truth["tutored"].notna()]  # this year's
    tutored = truth["tutored"].to_numpy(dtype=bool)
    without = truth["final_without_tutoring"].to_numpy()
    got = truth["final_score"].to_numpy()
    return Help(
        policy,
        len(truth),
        int(tutored.sum()),
        float((got - without).mean()),
        float((got < FINAL_CUT).mean()),
        int((tutored & (without < FINAL_CUT)).sum()),
        int(((without < FINAL_CUT) & (got >= FINAL_CUT)).sum()),
    )


def worthwhile(lines: list[Help]) -> list[bool]:
    """Return for each policy that looks at pupils whether it avoids more than tutoring by lot."""
    least = next(line.avoided for line in lines if line.policy == BY_LOT)
    return [line.policy in (NOBODY, BY_LOT) or line.avoided > least for line in lines]


def show(lines: list[Help]) -> str:
    """Return the table."""
    head = (
        f"Tutoring of {EFFECT:g} points from week {WEEK + 1} on, for {TUTORED:.0%} of "
        f"{lines[0].pupils:,} pupils, by whom it is given to\n"
        f"{'':24}{'tutored':>9}{'mean effect':>13}{'at risk':>9}{'at risk without':>17}"
        f"{'avoided':>9}{'of the tutored':>16} (SE)"
    )
    rows = [
        f"{line.policy:24}{line.tutored:9}{line.effect:13.2f}{line.at_risk:9.1%}{line.needed:17}"
        f"{line.avoided:9}{line.share:16.1%} ({line.error:.1%})"
        + ("" if better else "  not more than by lot")
        for line, better in zip(lines, worthwhile(lines), strict=True)
    ]
    return "\n".join([head, *rows])
