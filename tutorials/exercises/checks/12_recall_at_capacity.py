"""How 12_recall_at_capacity is checked."""

from itertools import permutations

import numpy as np

from mlcore.metrics import recall_at_k
from risk.data.records import Records
from risk.features.known import school_table
from risk.school import as_of, simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def all_orders(y_true, y_score, k):
    recalls = []
    for order in permutations(range(len(y_true))):  # every way to break the ties
        listed = sorted(order, key=lambda i: -y_score[i])[:k]
        recalls.append(sum(y_true[i] for i in listed) / sum(y_true))
    return sum(recalls) / len(recalls)


def some(rng, most=7):
    n = int(rng.integers(1, most))
    y = rng.permutation(np.append([1], rng.integers(0, 2, n - 1)))
    return (
        y,
        rng.random(n).round(1) if rng.random() < 0.5 else rng.integers(0, 3, n) / 2,
        int(rng.integers(1, n + 1)),
    )


def everyone(function, rng):
    y, s, _ = some(rng)
    yield (y, s, len(y)), 1.0, function(y, s, len(y))


def nothing_known(function, rng):
    y = np.array([1, 0, 0, 1, 1])
    for k in (1, 2, 4):
        yield (y, np.full(5, 0.5), k), k / 5, function(y, np.full(5, 0.5), k)


def first_rows(y, s, k):
    return y[np.argsort(-s, kind="stable")[:k]].sum() / y.sum()


def all_tied(y, s, k):
    return y[s >= np.sort(s)[-k]].sum() / y.sum()


def none_tied(y, s, k):
    return y[s > np.sort(s)[-k]].sum() / y.sum()


def one_place(y, s, k):
    tied = s == np.sort(s)[-k]
    return none_tied(y, s, k) + y[tied].mean() / y.sum()


def fast(y, s, k):
    return float(recall_at_k(y, s, k, n_resamples=1, pos_label=1).value)


def in_use(function):
    school = simulate_school(n_pupils=300, n_weeks=18, seed=0, n_futures=0)
    table = school_table(Records(as_of(school, week=8)), week=8)
    known = table.at_risk.notna().to_numpy()
    y = table.at_risk[known].to_numpy(dtype=int)
    missed = table.features["quizzes_missed"][known].to_numpy()
    seen = [function(y, missed, k) for k in (30, 100)]
    return (
        f"the school, seeing those with most quizzes missed, who tie: of those at risk 30 places reach "
        f"{seen[0]:.0%} and 100 places {seen[1]:.0%}"
    )


EXERCISE = Exercise(
    name="recall_at_capacity",
    title="What a list of k pupils finds",
    tutorial=5,
    hint="np.sort(y_score)[-k] is the score of the last place. Count those above it, then those equal to it.",
    by_hand=[
        Case(
            (
                np.array([1, 0, 1, 0, 1, 1, 1, 1]),
                np.array([0.9, 0.8, 0.6, 0.6, 0.6, 0.6, 0.2, 0.1]),
                4,
            ),
            (1 + 2 * 3 / 4) / 6,
            "two places for four who tie, three of them at risk: one hit and a half",
        ),
        Case(
            (np.array([0, 1, 1]), np.array([0.3, 0.2, 0.1]), 2),
            1 / 2,
            "no ties: one of two is listed",
        ),
    ],
    properties=[
        Property("a list of everybody finds all", everyone),
        Property("the same score for everybody finds a share of k / n", nothing_known),
    ],
    slow=all_orders,
    inputs=some,
    mistakes=[
        Mistake(
            "these are hits; recall divides them by all positives",
            lambda y, s, k: fast(y, s, k) * y.sum(),
        ),
        Mistake("r places are left, not one: each brings g / t", one_place),
        Mistake(
            "that is precision, hits / k: recall divides by all positives",
            lambda y, s, k: fast(y, s, k) * y.sum() / k,
        ),
        Mistake(
            "ties went by the order of the rows: count what is expected when they are drawn",
            first_rows,
        ),
        Mistake("all who tie were listed, more than k: only so many fit", all_tied),
        Mistake("nobody who ties was listed: some of them fit", none_tied),
        Mistake("the lowest scores were listed, not the highest", lambda y, s, k: fast(y, -s, k)),
        Mistake(
            "it was divided by n: recall is a share of the positives",
            lambda y, s, k: fast(y, s, k) * np.mean(y),
        ),
    ],
    use=in_use,
)
