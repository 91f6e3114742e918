"""How 10_auc is checked."""

import time

import numpy as np

from mlcore.metrics import roc_auc_score
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def over_pairs(y_true, y_score, tie=0.5):
    wins, pairs = 0.0, 0
    for truth, score in zip(y_true, y_score, strict=True):
        for other_truth, other in zip(y_true, y_score, strict=True):
            if truth == 1 and other_truth == 0:
                wins += 1.0 if score > other else tie if score == other else 0.0
                pairs += 1
    return wins / pairs


def some(rng):
    n = int(rng.integers(2, 14))
    y = rng.permutation(np.append([0, 1], rng.integers(0, 2, n - 2)))
    return y, rng.random(n).round(int(rng.integers(0, 3)))


def turned_round(function, rng):
    for _ in range(4):
        y, s = some(rng)
        yield (y, -s), 1 - function(y, s), function(y, -s)


def stretched_scores(function, rng):
    for _ in range(4):
        y, s = some(rng)
        yield (y, np.exp(3 * s)), function(y, s), function(y, np.exp(3 * s))


def nothing_known(function, rng):
    y = np.array([0, 1, 1, 0, 1])
    yield (y, np.full(5, 0.3)), 0.5, function(y, np.full(5, 0.3))


def in_order(y, s):
    rank = np.argsort(np.argsort(s, kind="stable")) + 1
    m = y.sum()
    return (rank[y == 1].sum() - m * (m + 1) / 2) / (m * (len(y) - m))


def in_use(function):
    rng = np.random.default_rng(0)
    y = (rng.random(20_000) < 0.2).astype(int)
    risk = (rng.normal(0, 1, len(y)) + y).round(2)
    start = time.perf_counter()
    area = function(y, risk)
    took = time.perf_counter() - start
    pairs = int(y.sum() * (1 - y).sum())
    return (
        f"20,000 pupils, {pairs / 1e6:.0f} million pairs: yours is {area:.6f} in {took * 1000:.0f} ms, "
        f"mlcore's {roc_auc_score(y, risk):.6f}"
    )


EXERCISE = Exercise(
    name="auc",
    title="The area under the curve, with ties",
    tutorial=5,
    hint="np.unique(..., return_inverse=True, return_counts=True): the cumulated counts are the highest "
    "ranks; the mean rank of c equal scores lies (c - 1) / 2 below the highest.",
    by_hand=[
        Case(
            (np.array([0, 0, 1, 0, 1]), np.array([0.4, 0.4, 0.4, 0.4, 0.7])),
            0.75,
            "6 pairs: three are won and three tie",
        ),
        Case(
            (np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])), 0.75, "3 of 4 pairs are won"
        ),
    ],
    properties=[
        Property("scores turned round have 1 - AUC", turned_round),
        Property("only the order of the scores matters", stretched_scores),
        Property("the same score for everybody has 1/2", nothing_known),
    ],
    slow=over_pairs,
    inputs=some,
    mistakes=[
        Mistake("a tie counts as lost; it counts one half", lambda y, s: over_pairs(y, s, tie=0.0)),
        Mistake("a tie counts as won; it counts one half", lambda y, s: over_pairs(y, s, tie=1.0)),
        Mistake(
            "equal scores have different ranks, by the order of the rows; they share the mean",
            in_order,
        ),
        Mistake(
            "it is turned round: rank 1 is the lowest score", lambda y, s: 1 - over_pairs(y, s)
        ),
        Mistake(
            "the positives' own ranks were not taken off: m (m + 1) / 2 of them are pairs among positives",
            lambda y, s: over_pairs(y, s) + (y.sum() + 1) / 2 / (1 - y).sum(),
        ),
        Mistake(
            "ranks begin at 1, not at 0: you lost one for each positive",
            lambda y, s: over_pairs(y, s) - 1 / (1 - y).sum(),
        ),
        Mistake(
            "divide by the pairs of a positive and a negative, m (n - m), not by m n",
            lambda y, s: over_pairs(y, s) * np.mean(1 - y),
        ),
    ],
    use=in_use,
)
