"""A simulated school whose truth is known: pupils, their weeks, and what came of them.

Several years of pupils pass through the same schools. The final scores of earlier years are known;
those of the last year lie in the future, in ``truth``, which nothing on the road may read. Whether a
pupil ends below the cut is no rule on the recorded columns: it comes from a hidden knowledge that
grows week by week, and from chance.

Notation: n pupils a year, T weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray, IntArray
from risk.school.futures import true_risk
from risk.school.learning import (
    BLOWS_A_WEEK,
    FINAL_CUT,
    ITEMS_A_WEEK,
    TEST_SPREAD,
    Plan,
    State,
    blows,
    expected_score,
    knowledge,
    live_a_week,
    plan_year,
    start,
)
from risk.school.pupils import District, YearGroup, build_district, enrol, grades_of, school_of_each
from risk.school.recording import LOWER_LABEL, Biases, Recorded, quiz_items, record_week
from risk.school.tutoring import Tutoring
from risk.skills.graph import GRADES, taught_in

TABLES = ("pupils", "attendance", "practice", "quizzes", "outcomes")
TRUTH = ("pupils", "weeks")
THIS_YEAR = 2026
PUPILS_A_PIECE = 5000
FUTURES, FEWEST_FUTURES = 128, 8  # lived through from week 0, and from a late one
NO_BIASES = Biases()
LEAVERS = 0.03  # share of a year's pupils who move away before its end
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class School:
    """What the school recorded, and apart from it what only the simulation knows."""

    tables: Tables
    truth: Tables


@dataclass(frozen=True)
class Setting:
    """What all pieces of one simulation share."""

    district: District
    n_weeks: int
    items: dict[int, FloatArray]  # of each grade's quizzes
    biases: Biases
    n_futures: int
    tutoring: Tutoring | None


def simulate_school(
    n_pupils: int = 1000,
    n_weeks: int = 18,
    seed: int = 0,
    *,
    n_years: int = 3,
    biases: Biases = NO_BIASES,
    tutoring: Tutoring | None = None,
    n_futures: int = FUTURES,
) -> School:
    """Return n_years of n_pupils each, for n_weeks; the same seed gives the same school.

    Parameters
    ----------
    n_pupils : pupils in each year
    biases : what the records get wrong about one group
    tutoring : extra help in the last year, from a week on, for pupils whom a policy chooses
    n_futures : futures lived through from week 0 for the true risk, and fewer from later weeks; 0
        leaves the true risk out

    Cost: about 0.2 s for each 1,000 pupils of 18 weeks, three quarters of it the futures.

    >>> school = simulate_school(60, 6, seed=1)
    >>> len(school.tables["pupils"]), sorted(school.tables["pupils"]["year"].unique().tolist())
    (180, [2024, 2025, 2026])
    """
    pieces = list(
        school_pieces(
            n_pupils, n_weeks, seed,
            n_years=n_years, biases=biases, tutoring=tutoring, n_futures=n_futures,
        )
    )  # fmt: skip
    return School(
        joined([piece.tables for piece in pieces], TABLES),
        joined([piece.truth for piece in pieces], TRUTH),
    )


def school_pieces(
    n_pupils: int,
    n_weeks: int,
    seed: int,
    *,
    n_years: int = 3,
    biases: Biases = NO_BIASES,
    tutoring: Tutoring | None = None,
    n_futures: int = FUTURES,
) -> Iterator[School]:
    """Yield the same school some thousand pupils at a time: all years in turn, whole schools each."""
    place, *years = np.random.default_rng(seed).spawn(1 + n_years)
    setting = Setting(
        build_district(n_pupils, place),
        n_weeks,
        {grade: quiz_items(n_weeks, place) for grade in GRADES},
        biases,
        n_futures,
        tutoring,
    )
    for year, rng in zip(range(THIS_YEAR - n_years + 1, THIS_YEAR + 1), years, strict=True):
        enrolled = school_of_each(n_pupils, setting.district, rng)
        number, width = 1, max(5, len(str(n_pupils)))
        for schools in blocks(enrolled):
            school = np.repeat(schools, enrolled[schools])
            ids = [f"{year % 100}-{i:0{width}d}" for i in range(number, number + len(school))]
            number += len(school)
            yield simulate_piece(setting, year, school, ids, rng.spawn(1)[0])


def blocks(enrolled: IntArray) -> Iterator[IntArray]:
    """Yield the numbers of schools that together enrol about PUPILS_A_PIECE pupils."""
    piece = np.cumsum(enrolled) // PUPILS_A_PIECE
    for number in np.unique(piece):
        yield np.flatnonzero(piece == number)


def simulate_piece(
    setting: Setting, year: int, school: IntArray, ids: list[str], rng: np.random.Generator
) -> School:
    """Return one year of the pupils of some schools, school (n,) naming each pupil's."""
    grade, leaving = grades_of(len(school), rng), leaving_weeks(len(school), setting.n_weeks, rng)
    # Seeds, not generators, so that a year can be lived twice under the same chances.
    seeds = {g: rng.integers(0, 2**63, 2) for g in GRADES}
    groups, rows = {}, {}
    for g in GRADES:
        rows[g] = np.flatnonzero(grade == g)
        groups[g] = enrol(
            school[rows[g]], year, g, setting.district, setting.biases.small_group,
            np.random.default_rng(seeds[g][0]),
        )  # fmt: skip

    def lived(tutored: bool) -> School:
        parts = []
        for g in GRADES:
            pupil = np.array(ids, dtype=object)[rows[g]]
            rng = np.random.default_rng(seeds[g][1])
            parts.append(live_a_year(setting, groups[g], pupil, leaving[rows[g]], tutored, rng))
        return School(
            joined([p.tables for p in parts], TABLES), joined([p.truth for p in parts], TRUTH)
        )

    if setting.tutoring is None or year != THIS_YEAR:
        piece = lived(tutored=False)
    else:
        piece = School(*setting.tutoring.carry_out(lived(False), lived(True)))
    return in_order(piece, year)


def leaving_weeks(n: int, n_weeks: int, rng: np.random.Generator) -> FloatArray:
    """Return the last week each pupil is there, (n,); NaN for those who stay."""
    week = rng.integers(1, max(2, n_weeks), n).astype(np.float64)
    return np.where(rng.random(n) < LEAVERS, week, np.nan)


def live_a_year(
    setting: Setting,
    pupils: YearGroup,
    pupil: np.ndarray,
    left_week: FloatArray,
    tutored: bool,
    rng: np.random.Generator,
) -> School:
    """Let the pupils of a grade live through the year, all tutored or none; return what came of it."""
    n_weeks, n = setting.n_weeks, len(pupil)
    life, records, ahead = rng.spawn(3)
    extra = np.zeros((n_weeks, n))
    if tutored and setting.tutoring is not None:
        extra += setting.tutoring.help_a_week(n_weeks)[:, None]
    plan, quick = (plan_year(pupils, n_weeks, extra, kind) for kind in (np.float64, np.float32))
    state = start(pupils, life)
    weeks: list[Recorded] = []
    hidden = [(knowledge(plan, state), state.engagement - state.strain)]
    risks = [foresee(quick, state, 0, setting.n_futures, ahead)]
    for week in range(1, n_weeks + 1):
        blow = blows(life.random(n) < BLOWS_A_WEEK, life)
        happened = live_a_week(plan, state, week, blow, life.standard_normal((4, n)))
        weeks.append(
            record_week(
                pupils, plan, state, week, happened, setting.items[pupils.grade], setting.biases,
                records,
            )
        )  # fmt: skip
        hidden.append((knowledge(plan, state), state.engagement - state.strain))
        risks.append(foresee(quick, state, week, setting.n_futures, ahead))
    final = expected_score(knowledge(plan, state)) + TEST_SPREAD * life.logistic(size=n)
    tables = tables_of(setting, pupils, plan, pupil, left_week, weeks, final)
    return School(tables, truth_of(pupils, pupil, weeks, hidden, risks, final))


def foresee(
    plan: Plan, state: State, week: int, n_futures: int, rng: np.random.Generator
) -> FloatArray:
    """Return the true risk after a week, (n,), or NaN where it was not asked for.

    The less of the year is left the less there is to chance, and the fewer futures are needed.
    """
    if not n_futures:
        return np.full(len(plan.ability), np.nan)
    left = 1 - week / len(plan.skill)
    return true_risk(plan, state, week, max(FEWEST_FUTURES, round(n_futures * left)), rng)


def tables_of(
    setting: Setting,
    pupils: YearGroup,
    plan: Plan,
    pupil: np.ndarray,
    left_week: FloatArray,
    weeks: list[Recorded],
    final: FloatArray,
) -> Tables:
    """Return the tables the school has of one grade's year; rows after a pupil left are not there."""
    n_weeks, n = len(weeks), len(pupil)
    table = pupils.table.assign(left_week=left_week)
    table.insert(0, "pupil", pupil)
    by_week = {
        "pupil": np.tile(pupil, n_weeks),
        "week": np.repeat(np.arange(1, n_weeks + 1), n),
    }
    there = ~(by_week["week"] > np.tile(left_week, n_weeks))  # NaN: never left
    names = np.array([skill.name for skill in taught_in(pupils.grade)], dtype=object)
    skill = np.repeat(names[plan.skill], n)
    columns = {
        name: np.concatenate([getattr(week, name) for week in weeks])
        for name in ("days_absent", "completed", "correct", "minutes")
    }
    attendance = pd.DataFrame({**by_week, "days_absent": columns["days_absent"].astype(np.int64)})
    practice = pd.DataFrame(
        {
            **by_week,
            "skill": skill,
            "assigned": ITEMS_A_WEEK,
            "completed": columns["completed"].astype(np.int64),
            "correct": columns["correct"].astype(np.int64),
            "minutes": columns["minutes"],
        }
    )
    quizzed = np.repeat([week.score is not None for week in weeks], n)
    scores = [week.score for week in weeks if week.score is not None]
    quizzes = pd.DataFrame({**by_week, "skill": skill})[quizzed].assign(
        score=np.concatenate(scores) if scores else np.empty(0)
    )
    marked = final - LOWER_LABEL * (
        setting.biases.labels & (table["ethnicity_group"] == setting.biases.group).to_numpy()
    )
    outcomes = outcomes_of(pupil, marked)[np.isnan(left_week)]
    return {
        "pupils": table,
        "attendance": attendance[there],
        "practice": practice[there],
        "quizzes": quizzes[there[quizzed]],
        "outcomes": outcomes,
    }


def outcomes_of(pupil: np.ndarray, final: FloatArray) -> pd.DataFrame:
    """Return pupil, final_score and at_risk of final scores."""
    score = np.clip(final, 0, 100).round(1)
    at_risk = np.where(score < FINAL_CUT, "yes", "no").astype(object)
    return pd.DataFrame({"pupil": pupil, "final_score": score, "at_risk": at_risk})


def truth_of(
    pupils: YearGroup,
    pupil: np.ndarray,
    weeks: list[Recorded],
    hidden: list[tuple[FloatArray, FloatArray]],
    risks: list[FloatArray],
    final: FloatArray,
) -> Tables:
    """Return what only the simulation knows: of each pupil, and of each pupil and week from 0 on."""
    n = len(pupil)
    none = np.full(n, "", dtype=object)
    by_pupil = outcomes_of(pupil, final).assign(
        ability=pupils.ability,
        status=pupils.status,
        diligence=pupils.diligence,
        prior_missing=np.where(pupils.table["prior_score"].isna(), "at random", "").astype(object),
    )
    by_week = pd.DataFrame(
        {
            "pupil": np.tile(pupil, len(risks)),
            "week": np.repeat(np.arange(len(risks)), n),
            "knowledge": np.concatenate([known for known, _ in hidden]),
            "engagement": np.concatenate([engaged for _, engaged in hidden]),
            "true_risk": np.concatenate(risks),
            "minutes_missing": np.concatenate([none, *(week.minutes_missing for week in weeks)]),
            "score_missing": np.concatenate(
                [none, *(none if w.score is None else w.score_missing for w in weeks)]
            ),
        }
    )
    return {"pupils": by_pupil, "weeks": by_week}


def joined(parts: list[Tables], names: tuple[str, ...]) -> Tables:
    """Return tables put under each other."""
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in names}


def in_order(piece: School, year: int) -> School:
    """Return a piece with its rows by pupil and week, and this year's outcomes left in the future."""
    tables, truth = (
        {
            name: table.sort_values(
                ["pupil", "week"] if "week" in table else ["pupil"], ignore_index=True
            )
            for name, table in given.items()
        }
        for given in (piece.tables, piece.truth)
    )
    if year == THIS_YEAR:
        tables["outcomes"] = tables["outcomes"].iloc[:0]
    return School(tables, truth)


def as_of(school: School, week: int) -> Tables:
    """Return the tables a school has at the end of a week: this year's later weeks are not yet."""
    pupils = school.tables["pupils"]
    current = pupils["year"] == pupils["year"].max()
    known = {}
    for name, table in school.tables.items():
        if "week" in table:
            later = table["pupil"].isin(set(pupils.loc[current, "pupil"])) & (table["week"] > week)
            table = table[~later]
        known[name] = table
    left = pupils["left_week"]
    known["pupils"] = pupils.assign(left_week=left.where(~(current & (left > week))))
    return known
