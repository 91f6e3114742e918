"""A simulated school whose truth is known: pupils, their weeks, and what came of them.

Several years of pupils pass through the same schools. The final scores of earlier years are known;
those of the last year lie in the future, in ``truth``, which nothing on the road may read. Whether a
pupil ends below the cut is no rule on the recorded columns: it comes from a hidden knowledge that
grows week by week, and from chance.

Notation: n pupils a year, T weeks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlcore.checks import FloatArray, IntArray
from risk.school.pupils import build_district, enrol, grades_of, school_of_each
from risk.school.recording import Biases, quiz_items
from risk.school.tables import THIS_YEAR, School, in_order, joined
from risk.school.tutoring import Tutoring
from risk.school.year import Setting, live_a_year
from risk.skills.graph import GRADES

PUPILS_A_PIECE = 5000
FUTURES = 128  # lived through from week 0
NO_BIASES = Biases()
LEAVERS = 0.03  # share of a year's pupils who move away before its end


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
    return joined(pieces)


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
        return joined(parts)

    if setting.tutoring is None or year != THIS_YEAR:
        piece = lived(tutored=False)
    else:
        piece = setting.tutoring.carry_out(lived(False), lived(True))
    return in_order(piece, year)


def leaving_weeks(n: int, n_weeks: int, rng: np.random.Generator) -> FloatArray:
    """Return the last week each pupil is there, (n,); NaN for those who stay."""
    week = rng.integers(1, max(2, n_weeks), n).astype(np.float64)
    return np.where(rng.random(n) < LEAVERS, week, np.nan)
