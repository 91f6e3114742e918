"""How 25_as_of is checked."""

import math

import numpy as np

from risk.features.known import build_features
from risk.school import simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def one_by_one(pupil, week, score, k, n):
    means = []
    for i in range(n):
        known = []
        for who, when, points in zip(pupil, week, score, strict=True):
            if who == i and when <= k and not math.isnan(points):
                known.append(points)
        means.append(sum(known) / len(known) if known else math.nan)
    return np.array(means)


def some(rng):
    n, r = int(rng.integers(1, 5)), int(rng.integers(0, 15))
    score = np.where(rng.random(r) < 0.2, np.nan, rng.integers(0, 101, r))
    return rng.integers(0, n, r), rng.integers(1, 9, r), score, int(rng.integers(0, 9)), n


def future_changed(function, rng):
    for _ in range(4):
        pupil, week, score, k, n = some(rng)
        changed = np.where(week > k, 0.0, score)
        args = (pupil, week, changed, k, n)
        yield args, function(pupil, week, score, k, n), function(*args)


def future_cut_off(function, rng):
    for _ in range(4):
        pupil, week, score, k, n = some(rng)
        past = week <= k
        args = (pupil[past], week[past], score[past], k, n)
        yield args, function(pupil, week, score, k, n), function(*args)


def filled(pupil, week, score, k, n, nothing):
    means = one_by_one(pupil, week, score, k, n)
    return np.where(np.isnan(means), nothing, means)


def missed_as_zero(pupil, week, score, k, n):
    return one_by_one(pupil, week, np.nan_to_num(score), k, n)


def poisoned(pupil, week, score, k, n):
    return np.array([np.mean(score[(pupil == i) & (week <= k)]) for i in range(n)])


def latest(pupil, week, score, k, n):
    return one_by_one(pupil, week, np.where(week == k, score, np.nan), k, n)


def last_pupils_lost(pupil, week, score, k, n):
    known = (week <= k) & ~np.isnan(score)
    count = np.bincount(pupil[known])
    return np.bincount(pupil[known], score[known]) / np.where(count, count, np.nan)


def summed(pupil, week, score, k, n):
    known = (week <= k) & ~np.isnan(score)
    count = np.bincount(pupil[known], minlength=n)
    return np.where(count, np.bincount(pupil[known], score[known], n), np.nan)


def in_use(function):
    tables = simulate_school(n_pupils=150, n_weeks=12, seed=0, n_futures=0).tables
    ids, quizzes = tables["pupils"]["pupil"], tables["quizzes"]
    place = {name: i for i, name in enumerate(ids)}
    yours = function(
        quizzes["pupil"].map(place).to_numpy(),
        quizzes["week"].to_numpy(),
        quizzes["score"].to_numpy(dtype=float),
        8,
        len(ids),
    )
    ours = build_features(tables, week=8)["quiz_mean"]
    apart = np.nanmax(np.abs(yours[ours.index.map(place)] - ours.to_numpy()))
    return (
        f"{len(ours)} pupils as of week 8: your means and the road's differ by {apart:.0e} at most"
    )


EXERCISE = Exercise(
    name="as_of",
    title="What was known at the end of week k",
    tutorial=9,
    hint="First say which rows are known: dated k or earlier, and with a score. Then np.bincount with "
    "weights= and minlength= adds up by pupil.",
    by_hand=[
        Case(
            (
                np.array([0, 0, 0, 0, 1, 1, 2, 1]),
                np.array([2, 3, 4, 6, 3, 4, 6, 2]),
                np.array([40.0, 50.0, 90.0, 100.0, np.nan, 70.0, 80.0, 20.0]),
                4,
                4,
            ),
            np.array([60.0, 45.0, np.nan, np.nan]),
            "week 6 has not come yet, a missed quiz has no score, two pupils have none so far",
        ),
        Case(
            (np.array([1, 1]), np.array([5, 7]), np.array([80.0, 60.0]), 9, 2),
            np.array([np.nan, 70.0]),
            "all of it is known by week 9",
        ),
    ],
    properties=[
        Property("what happens after week k changes nothing", future_changed),
        Property("later rows may as well not be there", future_cut_off),
    ],
    slow=one_by_one,
    inputs=some,
    mistakes=[
        Mistake(
            "later weeks were used: at the end of week k nobody knows them. This is the leak",
            lambda p, w, s, k, n: one_by_one(p, w, s, np.inf, n),
        ),
        Mistake(
            "`<` where the contract says `<=`: the end of week k knows week k",
            lambda p, w, s, k, n: one_by_one(p, w, s, k - 1, n),
        ),
        Mistake(
            "a pupil without a score so far has 0: NaN, for nothing is known",
            lambda *args: filled(*args, nothing=0.0),
        ),
        Mistake("a missed quiz counted as 0 points; it has no score", missed_as_zero),
        Mistake("one missed quiz made the whole mean NaN: leave it out", poisoned),
        Mistake("that is the score of week k alone: take the mean of all up to it", latest),
        Mistake(
            "the last pupils are lost where they have no rows: give bincount minlength=n",
            last_pupils_lost,
        ),
        Mistake("that is the sum: divide by the number of scores", summed),
    ],
    use=in_use,
)
