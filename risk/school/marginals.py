"""Does the simulated school look like a real one? Its figures beside published ones.

Each figure has a band that its sources bear out; ``risk simulate --check`` prints them for several
seeds. A band says that the school is plausible, not that any real school is like it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.school.simulate import simulate_school
from risk.school.tables import School, Tables

Measure = Callable[[Tables], float]


class Marginal(NamedTuple):
    """One figure of a school, the band it should lie in, and where the band comes from."""

    title: str
    low: float
    high: float
    source: str
    measure: Measure


def at_risk(t: Tables) -> float:
    """Return the share of the pupils who end below the cut."""
    return float((t["outcomes"]["at_risk"] == "yes").mean())


def prior_to_final(t: Tables) -> float:
    """Return the correlation of last year's score and the final score."""
    pupils = ended(t)
    return float(pupils["prior_score"].corr(pupils["final_score"]))


def ended(t: Tables) -> pd.DataFrame:
    """Return the pupils with their outcomes."""
    return t["pupils"].merge(t["outcomes"], on="pupil")


def gap(t: Tables, column: str, one: str, other: str) -> float:
    """Return the difference of two groups' mean final scores, in deviations of all."""
    pupils = ended(t)
    mean = pupils.groupby(column)["final_score"].mean()
    return float((mean[one] - mean[other]) / pupils["final_score"].std())


def intraclass(values: pd.Series, group: pd.Series) -> float:
    """Return the share of the variance that lies between groups, by one-way analysis of variance.

    (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 the effective size of a group. Source: Donner & Koval
    (1980), Biometrics 36.

    >>> values, group = pd.Series([1.0, 2.0, 5.0, 6.0]), pd.Series(["a", "a", "b", "b"])
    >>> round(intraclass(values, group), 3)
    0.939
    """
    by = values.groupby(group)
    size, mean = by.count(), by.mean()
    n, k = size.sum(), len(size)
    between = (size * (mean - values.mean()) ** 2).sum() / (k - 1)
    within = ((values - group.map(mean)) ** 2).sum() / (n - k)
    n0 = (n - (size**2).sum() / n) / (k - 1)
    return float((between - within) / (between + (n0 - 1) * within))


def between_classes(t: Tables) -> float:
    """Return the intraclass correlation of the final score, schools and classes together."""
    pupils = ended(t)
    classes = pupils["year"].astype(str) + pupils["class"]
    return intraclass(pupils["final_score"], classes)


def share(t: Tables, part: str, whole: str) -> float:
    """Return a total of the practice over another."""
    return float(t["practice"][part].sum() / t["practice"][whole].sum())


def spread_of_minutes(t: Tables) -> float:
    """Return the deviation of the logarithm of a week's minutes."""
    minutes = t["practice"]["minutes"]
    return float(np.log(minutes[minutes > 0]).std())


def chronic_absence(t: Tables) -> float:
    """Return the share of the pupils who miss a tenth of their days or more."""
    days = t["attendance"].groupby("pupil")["days_absent"].agg(["sum", "count"])
    return float((days["sum"] >= 0.1 * 5 * days["count"]).mean())


def quizzes_missing(t: Tables) -> float:
    """Return the share of the quizzes without a score."""
    return float(t["quizzes"]["score"].isna().mean())


MARGINALS = (
    Marginal("at risk", 0.15, 0.30, "NAEP 2019, grade 8: 31 % below basic; cut points vary", at_risk),
    Marginal("prior to final score, r", 0.70, 0.80, "state tests a year apart; our assumption",
             prior_to_final),
    Marginal("gender gap, SD", -0.15, 0.15, "Hyde et al. (2008), Science 321",
             lambda t: gap(t, "gender", "female", "male")),
    Marginal("lunch-status gap, SD", 0.50, 0.80, "NAEP 2019, grade 8: about 0.75",
             lambda t: gap(t, "lunch_status", "full", "reduced")),
    Marginal("between classes, ICC", 0.15, 0.20, "Hedges & Hedberg (2007), EEPA 29", between_classes),
    Marginal("practice completed", 0.70, 0.80, "homework platforms; our assumption",
             lambda t: share(t, "completed", "assigned")),
    Marginal("practice correct", 0.60, 0.70, "ASSISTments 2009-10: about 0.65",
             lambda t: share(t, "correct", "completed")),
    Marginal("weekly minutes, log-SD", 0.50, 0.80, "log-normal use; our assumption", spread_of_minutes),
    Marginal("chronic absence", 0.12, 0.28, "US, 2018-19: 15 %; 2021-22: 28 %", chronic_absence),
    Marginal("quizzes missing", 0.05, 0.12, "our assumption", quizzes_missing),
)  # fmt: skip


def with_future(school: School) -> Tables:
    """Return a school's tables with everybody's outcome, as if all years were over."""
    outcomes = school.truth["pupils"][["pupil", "final_score", "at_risk"]]
    return {**school.tables, "outcomes": outcomes}


def measured(n_pupils: int, n_weeks: int, seeds: range) -> FloatArray:
    """Return each marginal (rows) of each seed's school (columns)."""
    columns = []
    for seed in seeds:
        school = simulate_school(n_pupils, n_weeks, seed, n_years=1, n_futures=0)
        tables = with_future(school)
        columns.append([marginal.measure(tables) for marginal in MARGINALS])
    return np.array(columns).T


def marginals_table(values: FloatArray, seeds: range) -> str:
    """Return the figures of each seed beside their bands and sources, as text.

    >>> print(marginals_table(np.full((len(MARGINALS), 1), 0.2), range(1)).splitlines()[1])
    at risk                   0.15 to 0.30    0.20  yes  NAEP 2019, grade 8: 31 % below basic; cut points vary
    """
    head = f"{'':25} {'band':12}" + "".join(f"  seed {seed}"[-8:].rjust(8) for seed in seeds)
    lines = [f"{head}  all  source"]
    for marginal, row in zip(MARGINALS, values, strict=True):
        inside = bool(((row >= marginal.low) & (row <= marginal.high)).all())
        band = f"{marginal.low:.2f} to {marginal.high:.2f}"
        figures = "".join(f"{value:8.2f}" for value in row)
        lines.append(
            f"{marginal.title:25} {band:12}{figures}  {'yes' if inside else 'NO '}  {marginal.source}"
        )
    return "\n".join(lines)
