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
that happens and the many futures that could have (``futures``).

Notation: arrays (..., n): leading axes are futures, n pupils · T weeks · s place of the week's skill
among the grade's seven.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from mlcore.linear.losses import sigmoid
from risk.school.pupils import YearGroup
from risk.skills.graph import curriculum, taught_in

ITEMS_A_WEEK = 20
FINAL_CUT = 43.0  # points in the final test below which a pupil counts as at risk
FINAL_MEAN, FINAL_SCALE = 51.5, 10.5  # points at knowledge 0, and for each unit of it
TEST_SPREAD = 3.4  # scale of the logistic error of the final test, in points
ABSENT_CUTS = (1.4, 1.85, 2.2, 2.5, 2.8)  # latent tendency from which 1, 2, ... 5 days are lost
BLOWS_A_WEEK = 0.01  # the chance that a pupil is struck
Draw = Callable[[], FloatArray]  # standard normal values, (..., n)


@dataclass
class State:
    """The hidden state at the end of a week; every array is (..., n)."""

    engagement: FloatArray
    strain: FloatArray
    days_absent: FloatArray  # so far
    learnt: FloatArray  # (7, ..., n) of each skill, this year
    setback: FloatArray

    def copies(self, shape: tuple[int, ...], dtype: Any) -> State:
        """Return the state repeated along new leading axes."""

        def repeat(values: FloatArray) -> FloatArray:
            return np.broadcast_to(values, shape + values.shape[-1:]).astype(dtype)

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
    plan: Plan, state: State, week: int, blow: FloatArray, draw: Draw
) -> tuple[FloatArray, FloatArray]:
    """Move the state on by one week, in place; return days absent and items completed, (..., n).

    ``blow`` is what strikes each pupil in this week, 0 for nearly all.
    """
    s = plan.skill[week - 1]
    state.engagement += 0.35 * (plan.diligence - state.engagement) + 0.45 * draw()
    state.strain = 0.98 * state.strain + blow
    drive = state.engagement - 0.35 * state.strain
    tendency = draw() - 0.5 * drive - 0.25 * plan.status
    absent = np.zeros_like(tendency)
    for cut in ABSENT_CUTS:
        absent += tendency > cut
    state.days_absent = state.days_absent + absent
    effort = 1.5 + 0.75 * drive - 0.25 * absent + 0.6 * draw()
    completed = np.rint(ITEMS_A_WEEK * sigmoid(effort))
    learn(plan, state, s, completed / ITEMS_A_WEEK)
    often_away = np.maximum(state.days_absent / (5 * week) - 0.1, 0.0)
    falling_behind = (completed < ITEMS_A_WEEK / 2) & (plan.ability < -0.3)
    state.setback = (
        state.setback
        + 0.35 * np.minimum(often_away, 0.3)
        + 0.05 * falling_behind
        - plan.help_a_week[week - 1]
        + 0.056 * state.strain
        + 0.06 * draw()
    )
    return absent, completed


def blows(struck: BoolArray, rng: np.random.Generator) -> FloatArray:
    """Return the size of the blow of those who are struck, 0 of the others."""
    size: FloatArray = np.zeros(struck.shape, dtype=np.float32)
    size[struck] = 2.0 + rng.exponential(0.7, int(struck.sum()))
    return size


def learn(plan: Plan, state: State, s: int, share: FloatArray) -> None:
    """Add what the week's practice taught of skill s, and let everything learnt fade a little."""
    gate: FloatArray | float = 0.9
    if plan.n_needs[s]:
        mastered = plan.needed[s] + sum(plan.base[p] + state.learnt[p] for p in plan.needs[s])
        gate = sigmoid(1.6 + 1.2 * mastered / plan.n_needs[s])
    state.learnt[: s + 1] *= 0.98
    state.learnt[s] += 0.6 * gate * share


def knowledge(plan: Plan, state: State) -> FloatArray:
    """Return the mean mastery of the grade's skills less the setback, (..., n)."""
    return plan.base.mean(axis=0) + state.learnt.mean(axis=0) - state.setback


def expected_score(known: FloatArray) -> FloatArray:
    """Return the final score, without the test's error, of a knowledge."""
    return FINAL_MEAN + FINAL_SCALE * known
