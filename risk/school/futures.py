"""The true risk: from each pupil's hidden state, many futures are lived through.

    true risk = mean over futures of sigmoid((cut - expected final score) / spread of the test)

The error of the final test is logistic, so its part is known exactly and only the weeks to come need
chance. Half of the futures are spared of any blow and half are not; each half counts by its chance,
which is known, so that a rare blow does not make the answer noisy. Futures also come in pairs with
opposite draws (antithetic), which cancels most of the error of the mean.

Source: Owen (2013), Monte Carlo theory, methods and examples, sections 8.2 and 8.4.

Notation: n pupils, T weeks, f futures.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.linear.losses import sigmoid
from risk.school.learning import (
    BLOWS_A_WEEK,
    FINAL_CUT,
    TEST_SPREAD,
    Plan,
    State,
    blows,
    expected_score,
    knowledge,
    live_a_week,
)

ROUNDING = 0.05  # a score is rounded to 0.1 before it is held against the cut


def true_risk(
    plan: Plan, state: State, week: int, n_futures: int, rng: np.random.Generator
) -> FloatArray:
    """Return each pupil's probability of ending below the cut, given the state after a week, (n,).

    ``plan`` is of 32-bit numbers: twice as fast, and far more exact than chance is.
    Cost: n * f * (T - week) steps of one pupil and week, about 40 ns each.
    """
    n, weeks_left = len(plan.ability), range(week + 1, len(plan.skill) + 1)
    if not weeks_left:
        return chance_below_cut(knowledge(plan, state)).astype(np.float64)
    pairs = 2 * max(1, n_futures // 4)  # an even number, so that a pair is of one kind
    future = state.copies((2 * pairs,), np.float32)
    spared = np.arange(2 * pairs)[:, None] % 2 == 0
    first = first_blow(len(weeks_left), (2 * pairs, n), rng)

    def draw() -> FloatArray:
        once = rng.standard_normal((pairs, n), dtype=np.float32)
        return np.concatenate([once, -once])

    for i, later in enumerate(weeks_left):
        again = (first < i) & (rng.random((2 * pairs, n), dtype=np.float32) < BLOWS_A_WEEK)
        struck = ~spared & ((first == i) | again)
        live_a_week(plan, future, later, blows(struck, rng), draw)
    below = chance_below_cut(knowledge(plan, future))
    none = (1 - BLOWS_A_WEEK) ** len(weeks_left)
    return none * mean(below[0::2]) + (1 - none) * mean(below[1::2])


def first_blow(n_weeks: int, shape: tuple[int, int], rng: np.random.Generator) -> IntArray:
    """Return which of the weeks to come brings the first blow, given that one does, (f, n).

    By inversion: the chance that it comes within i weeks is (1 - q^i) / (1 - q^n). The futures of a
    pupil share the time out evenly (stratified), so that each sees early blows and late ones.
    """
    q, pairs = 1 - BLOWS_A_WEEK, shape[0] // 2
    place = np.arange(shape[0])[:, None] // 2 + rng.random(shape, dtype=np.float32)
    within = place / pairs * (1 - q**n_weeks)
    return np.clip(np.log1p(-within) / np.log(q), 0, n_weeks - 1).astype(np.int8)


def mean(values: FloatArray) -> FloatArray:
    """Return the mean over futures, (n,)."""
    return values.mean(axis=0, dtype=np.float64)


def chance_below_cut(known: FloatArray) -> FloatArray:
    """Return the probability that the final test of a given knowledge comes out below the cut."""
    return sigmoid((FINAL_CUT - ROUNDING - expected_score(known)) / TEST_SPREAD)
