"""A simulated school whose truth is known: pupils, their weeks, and what came of it.

Two years of pupils pass through the same schools. Last year's final scores are known; this year's
lie in the future, in ``truth``, which nothing on the road may read. Whether a pupil ends below the
cut is no rule on the recorded columns: it comes from a hidden knowledge that grows week by week,
and from chance.

Notation: n pupils, T weeks · arrays (n,) one value a pupil, (n, T) one a pupil and week.
Scales: ability, status and knowledge have mean 0 and deviation about 1; scores are points of 100.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.linear.losses import sigmoid

FINAL_CUT = 43.0  # points in the final test below which a pupil counts as at risk
ITEMS_A_WEEK = 20
SKILLS = (
    "ratios and rates",
    "fractions",
    "negative numbers",
    "expressions",
    "equations",
    "area and volume",
)
EDUCATION = ("no secondary school", "secondary school", "college", "university")
GROUPS = ("A", "B", "C", "D")
TABLES = ("pupils", "attendance", "practice", "quizzes", "outcomes")


@dataclass(frozen=True)
class School:
    """What the school recorded, and apart from it what only the simulation knows."""

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame


@dataclass(frozen=True)
class Cohort:
    """One year's pupils as they enter: who they are, and what is hidden in them."""

    pupils: pd.DataFrame
    ability: np.ndarray  # (n,)
    status: np.ndarray  # (n,)
    diligence: np.ndarray  # (n,) personal mean of the weekly engagement


def simulate_school(n_pupils: int = 1000, n_weeks: int = 18, seed: int = 0) -> School:
    """Return two years of n_pupils each, for n_weeks; the same seed gives the same school.

    >>> school = simulate_school(50, 6, seed=1)
    >>> len(school.tables["pupils"]), sorted(school.tables["pupils"]["year"].unique().tolist())
    (100, [2025, 2026])
    """
    place, *years = np.random.default_rng(seed).spawn(3)
    n_schools = max(2, round(n_pupils / 125))
    school_status = place.normal(0.0, 0.45, n_schools)
    school_effect = 0.25 * school_status + place.normal(0.0, 0.3, n_schools)
    school_effect -= school_effect.mean()  # a district is not better or worse by its seed
    parts, truths = [], []
    for year, rng in zip((2025, 2026), years, strict=True):
        cohort = enrol(n_pupils, year, school_status, school_effect, rng)
        tables, truth = live_through(cohort, n_weeks, rng)
        if year == 2026:
            tables["outcomes"] = tables["outcomes"].iloc[:0]  # still in the future
        parts.append(tables)
        truths.append(truth)
    joined = {
        name: pd.concat([part[name] for part in parts if len(part[name])], ignore_index=True)
        for name in TABLES
    }
    return School(joined, pd.concat(truths, ignore_index=True))


def enrol(
    n: int,
    year: int,
    school_status: np.ndarray,
    school_effect: np.ndarray,
    rng: np.random.Generator,
) -> Cohort:
    """Draw n pupils. Groups differ in status only, never in ability as such."""
    school = rng.integers(0, len(school_status), n)
    class_no = rng.integers(0, max(1, round(n / len(school_status) / 25)), n)
    group = rng.choice(len(GROUPS), n, p=[0.5, 0.25, 0.15, 0.1])
    group_status = np.array([0.2, -0.25, -0.15, 0.1])
    status = school_status[school] + group_status[group] + rng.normal(0.0, 0.85, n)
    class_effect = rng.normal(0.0, 0.2, (len(school_status), class_no.max() + 1))
    ability = (
        school_effect[school]
        + class_effect[school, class_no]
        + 0.35 * status
        + rng.normal(0.0, 0.75, n)
    )
    prior = 60 + 11 * ability + rng.normal(0.0, 6.0, n)
    prior[rng.random(n) < 0.04] = np.nan  # new to the district
    education = np.digitize(status + rng.normal(0.0, 0.6, n), [-1.2, 0.0, 1.0])
    pupils = pd.DataFrame(
        {
            "pupil": [f"{year % 100}-{i:05d}" for i in range(1, n + 1)],
            "year": year,
            "school": [f"School {s + 1}" for s in school],
            "class": [f"{s + 1}{chr(97 + c % 26)}" for s, c in zip(school, class_no, strict=True)],
            "grade": rng.choice([6, 7, 8], n),
            "gender": rng.choice(["female", "male"], n),
            "ethnicity_group": np.array(GROUPS)[group],
            "lunch_status": np.where(status + rng.normal(0, 0.4, n) < -0.25, "reduced", "full"),
            "parents_education": np.array(EDUCATION)[education],
            "prior_score": np.clip(prior, 0, 100).round(1),
        }
    )
    return Cohort(pupils, ability, status, 0.35 * ability + rng.normal(0.0, 0.8, n))


@dataclass
class Hidden:
    """What nobody sees of a cohort: it changes week by week, or veils what is recorded."""

    knowledge: np.ndarray  # (n,)
    engagement: np.ndarray  # (n,)
    skill_offset: np.ndarray  # (n, skills)
    helped: np.ndarray  # (n,) with practice, at home
    at_ease: np.ndarray  # (n,) in quizzes
    days_absent: np.ndarray  # (n,) so far

    @classmethod
    def draw(cls, cohort: Cohort, rng: np.random.Generator) -> Hidden:
        """Draw a cohort's hidden state at the start of the year."""
        n = len(cohort.ability)
        return cls(
            knowledge=cohort.ability.copy(),
            engagement=cohort.diligence + rng.normal(0.0, 0.5, n),
            skill_offset=rng.normal(0.0, 0.35, (n, len(SKILLS))),
            helped=rng.normal(0.0, 0.6, n),
            at_ease=rng.normal(0.0, 0.4, n),
            days_absent=np.zeros(n),
        )


def live_through(
    cohort: Cohort, n_weeks: int, rng: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Let one cohort learn for n_weeks; return what is recorded of it and the truth."""
    pupil, hidden = cohort.pupils["pupil"], Hidden.draw(cohort, rng)
    weeks: dict[str, list[pd.DataFrame]] = {"attendance": [], "practice": [], "quizzes": []}
    states = []
    for week in range(1, n_weeks + 1):
        skill = (week - 1) * len(SKILLS) // n_weeks
        for name, columns in one_week(cohort, hidden, week, skill, rng).items():
            weeks[name].append(pd.DataFrame({"pupil": pupil, "week": week, **columns}))
        state = {"knowledge": hidden.knowledge, "engagement": hidden.engagement}
        states.append(pd.DataFrame({"pupil": pupil, "week": week, **state}))

    final = 60 + 13 * hidden.knowledge + rng.normal(0.0, 7.0, len(pupil))
    final = np.clip(final, 0, 100).round(1)
    at_risk = np.where(final < FINAL_CUT, "yes", "no")
    outcomes = pd.DataFrame({"pupil": pupil, "final_score": final, "at_risk": at_risk})
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in weeks.items()}
    truth = pd.concat(states, ignore_index=True).merge(outcomes, on="pupil")
    return {"pupils": cohort.pupils, **tables, "outcomes": outcomes}, truth


def one_week(
    cohort: Cohort, hidden: Hidden, week: int, skill: int, rng: np.random.Generator
) -> dict[str, dict[str, object]]:
    """Move the hidden state on by a week, and return the columns recorded in each table."""
    n = len(cohort.ability)
    hidden.engagement = (
        cohort.diligence
        + 0.7 * (hidden.engagement - cohort.diligence)
        + rng.normal(0.0, 0.45, n)
        - 1.2 * (rng.random(n) < 0.01)  # an unseen shock, which fades slowly
    )
    absent = rng.binomial(5, sigmoid(-3.0 - 0.6 * hidden.engagement - 0.25 * cohort.status))
    completed = rng.binomial(ITEMS_A_WEEK, sigmoid(1.4 + 0.9 * hidden.engagement - 0.25 * absent))
    at_skill = hidden.knowledge + hidden.skill_offset[:, skill]
    correct = rng.binomial(completed, sigmoid(0.75 + 0.6 * at_skill + hidden.helped))
    minutes = np.exp(rng.normal(3.6 + 0.25 * hidden.engagement, 0.55)) * (0.2 + completed / 20)
    quiz = 10.0 * rng.binomial(10, sigmoid(0.6 + 0.8 * at_skill + hidden.at_ease))
    hidden.days_absent += absent
    often_away = hidden.days_absent / (5 * week) > 0.1  # hurts only beyond one day in ten
    hidden.knowledge = hidden.knowledge + (
        0.10 * (completed / ITEMS_A_WEEK - 0.75)
        - 0.05 * often_away
        - 0.06 * ((completed < 10) & (cohort.ability < -0.3))  # falling behind feeds on itself
        + rng.normal(0.0, 0.12, n)
    )
    practice = {
        "skill": SKILLS[skill],
        "assigned": ITEMS_A_WEEK,
        "completed": completed,
        "correct": correct,
        "minutes": np.round(minutes, 1),
    }
    recorded: dict[str, dict[str, object]] = {
        "attendance": {"days_absent": absent},
        "practice": practice,
    }
    if week % 2 == 0:
        missed = rng.random(n) < 0.03 + 0.10 * absent / 5 + 0.06 * sigmoid(-2 * hidden.knowledge)
        score = np.where(missed, np.nan, quiz)
        score[rng.random(n) < 0.001] = 999  # a slip of the keyboard
        recorded["quizzes"] = {"skill": SKILLS[skill], "score": score}
    return recorded


def as_of(school: School, week: int) -> dict[str, pd.DataFrame]:
    """Return the tables a school has at the end of a week: this year's later weeks are not yet."""
    pupils = school.tables["pupils"]
    current = set(pupils.loc[pupils["year"] == pupils["year"].max(), "pupil"])
    return {
        name: table[~(table["pupil"].isin(current) & (table["week"] > week))]
        if "week" in table
        else table
        for name, table in school.tables.items()
    }
