"""Who the pupils are: schools, classes, status, ability, and what was recorded before the year.

Groups differ through the status of their families and the schools they go to, never by a constant
of ability of their own. Of all that is drawn here, the school records the columns of ``table``; the
rest is hidden and stays in ``truth``.

Notation: n pupils of one grade, s schools · arrays (n,) one value a pupil, (skills, n) one a skill.
Scales: ability and status have mean 0 and deviation about 1; scores are points of 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray, IntArray
from risk.skills.graph import GRADES, SKILLS, taught_in

PUPILS_A_SCHOOL, PUPILS_A_CLASS = 125, 22
EDUCATION = ("no secondary school", "secondary school", "college", "university")
GROUPS = ("A", "B", "C", "D")
GROUP_SHARE = (0.5, 0.25, 0.15, 0.1)
GROUP_STATUS = (0.2, -0.25, -0.15, 0.1)  # groups differ in status, in nothing else
SMALL_GROUP, SMALL_SHARE = "E", 0.003
NEW_TO_DISTRICT = 0.1  # pupils without a score of last year


@dataclass(frozen=True)
class District:
    """The schools, which stay the same from year to year."""

    status: FloatArray  # (s,) mean status of a school's families
    effect: FloatArray  # (s,) what a school adds to ability


@dataclass(frozen=True)
class YearGroup:
    """One year's pupils of one grade as they enter: what is recorded, and what is hidden."""

    table: pd.DataFrame  # the rows of ``pupils``
    grade: int
    status: FloatArray  # (n,)
    ability: FloatArray  # (n,)
    diligence: FloatArray  # (n,) personal mean of the weekly engagement
    base: FloatArray  # (7, n) mastery of the grade's skills at the start
    needed: FloatArray  # (7, n) sum of the mastery of the needs taught in earlier grades
    helped: FloatArray  # (n,) with practice, at home
    at_ease: FloatArray  # (n,) in quizzes


def build_district(n_pupils: int, rng: np.random.Generator) -> District:
    """Draw the schools.

    Status and effect are normal quantiles in random order, not normal draws, and the part of the
    effect that has nothing to do with status is made so exactly: with few schools, chance alone would
    otherwise make districts of very different spread.
    """
    n_schools = max(2, round(n_pupils / PUPILS_A_SCHOOL))
    status, other = (shuffled_quantiles(n_schools, rng) for _ in range(2))
    other = standardised(other - status * (status @ other) / n_schools)
    return District(0.45 * status, 0.19 * status + 0.3 * other)


def shuffled_quantiles(n: int, rng: np.random.Generator) -> FloatArray:
    """Return the n normal quantiles, at mean 0 and deviation 1, in random order, (n,)."""
    return rng.permutation(standardised(normal_quantiles(n)))


def normal_quantiles(n: int) -> FloatArray:
    """Return n evenly spaced quantiles of the standard normal distribution, (n,).

    >>> normal_quantiles(3).round(2).tolist()
    [-0.97, 0.0, 0.97]
    """
    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / n) for i in range(n)])


def standardised(values: FloatArray) -> FloatArray:
    """Return values at mean 0 and deviation 1; all 0 where they do not vary.

    >>> standardised(np.array([1.0, 3.0])).tolist()
    [-1.0, 1.0]
    """
    centred = values - values.mean()
    spread = centred.std()
    return centred / spread if spread > 1e-9 else np.zeros_like(centred)


def school_of_each(n_pupils: int, district: District, rng: np.random.Generator) -> IntArray:
    """Return how many pupils each school enrols in a year, (s,)."""
    n_schools = len(district.status)
    return rng.multinomial(n_pupils, np.full(n_schools, 1.0 / n_schools))


def enrol(
    school: IntArray, year: int, grade: int, district: District, small_group: bool,
    rng: np.random.Generator,
) -> YearGroup:  # fmt: skip
    """Draw the pupils of one grade, given the school of each, (n,)."""
    n = len(school)
    class_no = draw_classes(school, rng)
    group, recorded = draw_groups(n, small_group, rng)
    status = district.status[school] + np.array(GROUP_STATUS)[group] + rng.normal(0, 0.85, n)
    class_effect = rng.normal(0.0, 0.2, (len(district.status), class_no.max(initial=0) + 1))
    ability = (
        district.effect[school]
        + class_effect[school, class_no]
        + 0.38 * status
        + rng.normal(0.0, 0.74, n)
    )
    base, needed = draw_mastery(ability, grade, rng)
    table = pd.DataFrame(
        {
            "year": year,
            "school": [f"School {s + 1}" for s in school],
            "class": [f"{s + 1}-{grade}{chr(97 + c % 26)}" for s, c in zip(school, class_no, strict=True)],
            "grade": grade,
            "gender": rng.choice(["female", "male"], n),
            "ethnicity_group": np.array([*GROUPS, SMALL_GROUP], dtype=object)[recorded],
            "lunch_status": np.where(status + rng.normal(0, 0.4, n) < -0.25, "reduced", "full"),
            "parents_education": np.array(EDUCATION, dtype=object)[
                np.digitize(status + rng.normal(0.0, 0.6, n), [-1.2, 0.0, 1.0])
            ],
            "prior_score": prior_score(ability, rng),
        }
    )  # fmt: skip
    return YearGroup(
        table, grade, status, ability,
        diligence=0.45 * ability + rng.normal(0.0, 0.5, n),
        base=base, needed=needed,
        helped=rng.normal(0.0, 0.8, n), at_ease=rng.normal(0.0, 1.0, n),
    )  # fmt: skip


def draw_classes(school: IntArray, rng: np.random.Generator) -> IntArray:
    """Return the class of each pupil within the school, (n,): 0, 1, ..."""
    sizes = np.bincount(school)
    classes = np.maximum(1, np.round(sizes / PUPILS_A_CLASS)).astype(np.int64)
    return rng.integers(0, classes[school])


def draw_groups(n: int, small_group: bool, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Return each pupil's group, and the one recorded, (n,) both.

    With the switch, three pupils in a thousand are recorded as of a fifth group; it changes nothing
    of what they are.
    """
    group = rng.choice(len(GROUPS), n, p=GROUP_SHARE)
    moved = rng.random(n) < SMALL_SHARE
    return group, np.where(moved & small_group, len(GROUPS), group)


def prior_score(ability: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return last year's score, (n,): less exact for the weak, who guess more, and missing for some."""
    exactness = np.where(ability < -0.3, 7.0, 3.0)
    score = 60 + 12 * ability + rng.normal(size=len(ability)) * exactness
    score[rng.random(len(ability)) < NEW_TO_DISTRICT] = np.nan
    return np.clip(score, 0, 100).round(1)


def draw_mastery(
    ability: FloatArray, grade: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return the mastery of the grade's skills, and of what they need from earlier grades, (7, n) both.

    A pupil who is weak in a skill is often weak in those that build on it: half of a skill's offset
    is the mean offset of its needs.
    """
    offset: dict[str, FloatArray] = {}
    for skill in SKILLS:
        offset[skill.name] = rng.normal(0.0, 0.3, len(ability))
        if skill.needs:
            offset[skill.name] += 0.5 * np.mean([offset[need] for need in skill.needs], axis=0)
    own = taught_in(grade)
    base = np.array([ability + offset[skill.name] for skill in own])
    needed = np.zeros_like(base)
    for s, skill in enumerate(own):
        for need in skill.needs:
            if need not in [k.name for k in own]:
                needed[s] += ability + offset[need]
    return base, needed


def grades_of(n: int, rng: np.random.Generator) -> IntArray:
    """Return the grade of each of n pupils."""
    return rng.choice(GRADES, n)
