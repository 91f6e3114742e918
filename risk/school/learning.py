"""How a week changes a pupil: the hidden state, and what absence and practice come of it.

    engagement   drifts around a personal mean (an autoregression)
    strain       an unobserved blow, rare, heavy and slow to fade: anyone can be struck
    days absent  more often when engagement is low or strain high
    completed    practice items done, fewer after absence
    mastery      of the week's skill grows by what was completed, more slowly where the skills it
                 needs are weak; what was learnt fades a little each week
    setback      grows only beyond 10 % absence, and where little practice meets low ability: the two
                 true non-linearities

Everything is a function of the state and of standard normal draws, so the same step serves the year
that happens and the many futures that could have (``futures``). The futures are many, so the state
moves in place and stays in the numbers it came in, of 64 bits or of 32.

Notation: arrays (..., n): leading axes are futures, n pupils · T weeks · s place of the week's skill
among the grade's seven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from risk.school.pupils import YearGroup
from risk.skills.graph import curriculum, taught_in

ITEMS_A_WEEK = 20
FINAL_CUT = 43.0  # points in the final test below which a pupil counts as at risk
FINAL_MEAN, FINAL_SCALE = 51.5, 10.5  # points at knowledge 0, and for each unit of it
TEST_SPREAD = 3.4  # scale of the logistic error of the final test, in points
ABSENT_CUTS = (1.4, 1.85, 2.2, 2.5, 2.8)  # latent tendency from which 1, 2, ... 5 days are lost
BLOWS_A_WEEK = 0.01  # the chance that a pupil is struck
BLOW_LEAST, BLOW_BEYOND = 2.0, 0.7  # the size of a blow, and the mean of what it is beyond that
SETBACK_SPREAD = 0.06  # of what a week adds to the setback by luck alone


@dataclass
class State:
    """The hidden state at the end of a week; every array is (..., n)."""

    engagement: FloatArray
    strain: FloatArray
    days_absent: FloatArray  # so far
    learnt: FloatArray  # (7, ..., n) of each skill, this year
    setback: FloatArray

    def of(self, pupils: slice) -> State:
        """Return the state of some pupils (not a copy)."""
        return State(*(values[..., pupils] for values in vars(self).values()))

    def copies(self, shape: tuple[int, ...], dtype: Any) -> State:
        """Return the state repeated along new leading axes."""

        def repeat(values: FloatArray) -> FloatArray:
            wide = np.broadcast_to(values, shape + values.shape[-1:])
            return wide.astype(dtype, order="C")  # as all that is reckoned from it: pupils together

        return State(
            repeat(self.engagement),
            repeat(self.strain),
            repeat(self.days_absent),
            np.stack([repeat(values) for values in self.learnt]),
            repeat(self.setback),
        )


@dataclass(frozen=True)
class Plan:
    """What stays the same all year for the pupils of one grade."""

    skill: list[int]  # of each week, its place among the grade's seven
    needs: list[list[int]]  # of each skill, the places of its needs in the same grade
    n_needs: list[int]  # of each skill, in all grades
    ability: FloatArray  # (n,)
    status: FloatArray
    diligence: FloatArray
    base: FloatArray  # (7, n)
    needed: FloatArray  # (7, n)
    help_a_week: FloatArray  # (T, n) what tutoring adds to knowledge in each week

    def of(self, pupils: slice) -> Plan:
        """Return the plan of some pupils (not a copy)."""
        return replace(
            self,
            ability=self.ability[pupils],
            status=self.status[pupils],
            diligence=self.diligence[pupils],
            base=self.base[:, pupils],
            needed=self.needed[:, pupils],
            help_a_week=self.help_a_week[:, pupils],
        )


def plan_year(
    pupils: YearGroup, n_weeks: int, help_a_week: FloatArray, dtype: Any = np.float64
) -> Plan:
    """Return the plan of a grade's year."""
    own = taught_in(pupils.grade)
    names = [skill.name for skill in own]
    hidden = (
        pupils.ability,
        pupils.status,
        pupils.diligence,
        pupils.base,
        pupils.needed,
        help_a_week,
    )
    return Plan(
        [names.index(skill.name) for skill in curriculum(pupils.grade, n_weeks)],
        [[names.index(need) for need in skill.needs if need in names] for skill in own],
        [len(skill.needs) for skill in own],
        *(values.astype(dtype) for values in hidden),
    )  # fmt: skip


def start(pupils: YearGroup, rng: np.random.Generator) -> State:
    """Return the state at the end of week 0."""
    n = len(pupils.ability)
    engagement = pupils.diligence + rng.normal(0.0, 0.5, n)
    return State(engagement, np.zeros(n), np.zeros(n), np.zeros((len(pupils.base), n)), np.zeros(n))


def live_a_week(
    plan: Plan,
    state: State,
    week: int,
    blow: FloatArray,
    luck: FloatArray | Sequence[FloatArray | float],
) -> tuple[FloatArray, FloatArray]:
    """Move the state on by one week, in place; return days absent and items completed, (..., n).

    ``blow`` is what strikes each pupil in this week, 0 for nearly all. ``luck`` is four standard
    normal values of each pupil: of engagement, absence, practice and setback.
    """
    s = plan.skill[week - 1]
    state.engagement += 0.35 * (plan.diligence - state.engagement) + 0.45 * luck[0]
    state.strain *= 0.98
    state.strain += blow
    drive = state.engagement - 0.35 * state.strain
    absent = days_lost(luck[1] - 0.5 * drive - 0.25 * plan.status)
    state.days_absent += absent
    effort = 1.5 + 0.75 * drive - 0.25 * absent + 0.6 * luck[2]
    completed = np.rint(ITEMS_A_WEEK * logistic(effort))
    learn(plan, state, s, completed / ITEMS_A_WEEK)
    often_away = np.clip(state.days_absent / (5 * week), 0.1, 0.4) - 0.1
    falling_behind = (completed < ITEMS_A_WEEK / 2) & (plan.ability < -0.3)
    state.setback += 0.35 * often_away
    state.setback += 0.05 * falling_behind.astype(completed.dtype)  # a truth value becomes 64 bits
    state.setback -= plan.help_a_week[week - 1]
    state.setback += 0.056 * state.strain
    state.setback += SETBACK_SPREAD * luck[3]
    return absent, completed


def days_lost(tendency: FloatArray) -> FloatArray:
    """Return how many of the cuts a tendency to be absent is beyond: the days absent, (..., n).

    >>> days_lost(np.array([0.0, 2.0, 9.0])).tolist()
    [0.0, 2.0, 5.0]
    """
    beyond = np.zeros(tendency.shape, dtype=np.int8)  # a byte, as a truth value is: fast to add
    for cut in ABSENT_CUTS:
        beyond += (tendency > cut).view(np.int8)
    return beyond.astype(tendency.dtype)


def logistic(z: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-z)) as (1 + tanh(z / 2)) / 2.

    It cannot overflow, and of 32-bit numbers it is three times as fast as mlcore's sigmoid, which is
    exact to the last digit near 0 too.

    >>> logistic(np.array([0.0, 2.0])).round(4).tolist()
    [0.5, 0.8808]
    """
    half: FloatArray = np.tanh(0.5 * z)
    half *= 0.5
    half += 0.5
    return half


def blows(struck: BoolArray, rng: np.random.Generator) -> FloatArray:
    """Return the size of the blow of those who are struck, 0 of the others."""
    size: FloatArray = np.zeros(struck.shape, dtype=np.float32)
    size[struck] = BLOW_LEAST + rng.exponential(BLOW_BEYOND, int(struck.sum()))
    return size


def learn(plan: Plan, state: State, s: int, share: FloatArray) -> None:
    """Add what the week's practice taught of skill s, and let everything learnt fade a little."""
    gate: FloatArray | float = 0.9
    if plan.n_needs[s]:
        mastered = plan.needed[s] + sum(plan.base[p] + state.learnt[p] for p in plan.needs[s])
        gate = logistic(1.6 + 1.2 * mastered / plan.n_needs[s])
    state.learnt[: s + 1] *= 0.98
    state.learnt[s] += 0.6 * gate * share


def knowledge(plan: Plan, state: State) -> FloatArray:
    """Return the mean mastery of the grade's skills less the setback, (..., n)."""
    return plan.base.mean(axis=0) + state.learnt.mean(axis=0) - state.setback


def expected_score(known: FloatArray) -> FloatArray:
    """Return the final score, without the test's error, of a knowledge.

    >>> expected_score(np.array([-1.0, 0.0])).tolist()
    [41.0, 51.5]
    """
    return FINAL_MEAN + FINAL_SCALE * known
