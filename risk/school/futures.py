"""The true risk: from each pupil's hidden state, many futures are lived through.

    true risk = mean over futures of P(final score < cut | the future)

What chance adds at the very end is not drawn but integrated: the error of the final test, which is
logistic, by its formula, and the luck of the setback, a normal sum, by Gauss and Hermite's rule.

Three things make few futures go far. The pupils of a block live through the same futures, so that
they differ by their state and not by luck, and a draw costs next to nothing. Over the futures each
draw takes the normal distribution's quantiles evenly, in random order (a Latin hypercube), so that
none sees too much good luck. And a quarter of the futures are struck by a blow while the rest are
not; each part counts by its chance, which is known, so that a rare blow is not left to luck either.

Source: Owen (2013), Monte Carlo theory, methods and examples, sections 8.4, 8.6 and 10.3.

Notation: n pupils, T weeks, m weeks to come, f futures · arrays (f, n).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mlcore.checks import FloatArray, IntArray
from risk.school.learning import (
    BLOW_BEYOND,
    BLOW_LEAST,
    BLOWS_A_WEEK,
    FINAL_CUT,
    SETBACK_SPREAD,
    TEST_SPREAD,
    Plan,
    State,
    blows,
    expected_score,
    knowledge,
    live_a_week,
    logistic,
)
from risk.school.pupils import normal_quantiles

ROUNDING = 0.05  # a score is rounded to 0.1 before it is held against the cut
CELLS = (
    32768  # of pupil and future in a block: its arrays, 128 kB each, stay in the processor's cache
)
QUANTILES = 16384  # of the normal distribution, from which draws are taken
NODES, NODE_SHARES = np.polynomial.hermite_e.hermegauss(5)
NODE_SHARES = NODE_SHARES / NODE_SHARES.sum()


class Futures(NamedTuple):
    """What chance brings in each of f futures and m weeks."""

    luck: FloatArray  # (m, 3, f) standard normal: of engagement, absence, practice
    blow: FloatArray  # (m, f) 0 for nearly all
    share: FloatArray  # (f,) what each future counts; the sum is 1


def true_risk(
    plan: Plan, state: State, week: int, n_futures: int, rng: np.random.Generator
) -> FloatArray:
    """Return each pupil's probability of ending below the cut, given the state after a week, (n,).

    ``plan`` is of 32-bit numbers: twice as fast, and far more exact than chance is.
    Cost: n * f * (T - week) steps of one pupil and week, about 10 ns each.
    """
    n, weeks_left = len(plan.ability), len(plan.skill) - week
    if not weeks_left:
        return chance_below_cut(knowledge(plan, state)).astype(np.float64)
    size = max(32, CELLS // n_futures)
    starts = range(0, n, size)
    risk = np.empty(n)
    for first, chance in zip(starts, rng.spawn(len(starts)), strict=True):
        block = slice(first, first + size)
        futures = draw_futures(weeks_left, n_futures, chance)
        risk[block] = risk_of_block(plan.of(block), state.of(block), week, futures)
    return risk


def risk_of_block(plan: Plan, state: State, week: int, futures: Futures) -> FloatArray:
    """Return the share of the futures in which each pupil of a block ends below the cut, (n,)."""
    future = state.copies((len(futures.share),), np.float32)
    for luck, blow in zip(futures.luck, futures.blow, strict=True):
        week += 1
        live_a_week(plan, future, week, blow[:, None], [*luck[:, :, None], 0.0])
    spread = SETBACK_SPREAD * len(futures.luck) ** 0.5
    known, below = knowledge(plan, future), np.zeros(len(plan.ability))
    for node, share in zip(NODES.tolist(), NODE_SHARES.tolist(), strict=True):
        below += share * (futures.share @ chance_below_cut(known + node * spread))
    return np.clip(below, 0.0, 1.0)  # 32 bits may add up to 1.00000003


def draw_futures(n_weeks: int, n_futures: int, rng: np.random.Generator) -> Futures:
    """Return what chance brings: a quarter of the futures are struck, once or more often."""
    n_struck = max(1, n_futures // 4)
    n_spared = max(1, n_futures - n_struck)
    luck = [spread_out((n_weeks, 3, f), rng) for f in (n_spared, n_struck)]
    blow: FloatArray = np.zeros((n_weeks, n_spared + n_struck), dtype=np.float32)
    blow[:, n_spared:] = blows_to_come(n_weeks, n_struck, rng)
    none = (1 - BLOWS_A_WEEK) ** n_weeks
    share = np.repeat([none / n_spared, (1 - none) / n_struck], [n_spared, n_struck])
    return Futures(np.concatenate(luck, axis=2), blow, share.astype(np.float32))


def spread_out(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """Return standard normal draws, spread evenly along the last axis.

    The last axis has f places. The distribution is cut into f parts of the same chance; each place
    gets a part of its own, in random order, and a random value in it.
    """
    f = shape[-1]
    part = rng.permuted(np.broadcast_to(np.arange(f), shape), axis=-1)
    place = (part * QUANTILES + rng.integers(0, QUANTILES, shape)) // f
    return quantiles_to_draw()[place]


@lru_cache
def quantiles_to_draw() -> FloatArray:
    """Return QUANTILES quantiles of the standard normal distribution, as 32-bit numbers."""
    return normal_quantiles(QUANTILES).astype(np.float32)


def blows_to_come(n_weeks: int, n_futures: int, rng: np.random.Generator) -> FloatArray:
    """Return the size of the blow in each week, given that at least one comes, (m, f)."""
    first = first_blow(n_weeks, n_futures, rng)
    later = np.arange(n_weeks)[:, None] > first
    blow = blows(later & (rng.random(later.shape) < BLOWS_A_WEEK), rng)
    beyond = -BLOW_BEYOND * np.log1p(-evenly(n_futures, rng))
    blow[first, np.arange(n_futures)] = BLOW_LEAST + beyond
    return blow


def first_blow(n_weeks: int, n_futures: int, rng: np.random.Generator) -> IntArray:
    """Return which of the weeks to come brings the first blow, given that one does, (f,).

    By inversion: the chance that it comes within i weeks is (1 - q^i) / (1 - q^m). The futures share
    the time out evenly, so that there are early blows and late ones.
    """
    q = 1 - BLOWS_A_WEEK
    within = evenly(n_futures, rng) * (1 - q**n_weeks)
    return np.clip(np.log1p(-within) / np.log(q), 0, n_weeks - 1).astype(np.int64)


def evenly(f: int, rng: np.random.Generator) -> FloatArray:
    """Return f numbers in [0, 1), one in each f-th part, in random order."""
    return (rng.permutation(f) + rng.random(f)) / f


def chance_below_cut(known: FloatArray) -> FloatArray:
    """Return the probability that the final test of a given knowledge comes out below the cut.

    >>> chance_below_cut(np.array([-1.0, 0.0, 1.0])).round(3).tolist()
    [0.64, 0.075, 0.004]
    """
    return logistic((FINAL_CUT - ROUNDING - expected_score(known)) / TEST_SPREAD)
