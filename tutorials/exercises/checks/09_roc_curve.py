"""How 09_roc_curve is checked."""

import numpy as np

from mlcore import metrics
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def one_by_one(y_true, y_score):
    thresholds = [np.inf, *sorted(set(y_score.tolist()), reverse=True)]
    fpr, tpr = [], []
    for threshold in thresholds:
        false = true = 0
        for truth, score in zip(y_true, y_score, strict=True):
            if score >= threshold:
                true += truth
                false += 1 - truth
        fpr.append(false / sum(1 - y_true))
        tpr.append(true / sum(y_true))
    return np.array(fpr), np.array(tpr), np.array(thresholds)


def some(rng, decimals=1):
    n = int(rng.integers(2, 12))
    y = rng.permutation(np.append([0, 1], rng.integers(0, 2, n - 2)))
    return y, rng.random(n).round(decimals)


def order_of_rows(function, rng):
    y, s = some(rng)
    shuffled = rng.permutation(len(y))
    yield (y[shuffled], s[shuffled]), function(y, s), function(y[shuffled], s[shuffled])


def stretched_scores(function, rng):
    for _ in range(3):
        y, s = some(rng)
        rates = function(y, s)[:2]
        yield (y, 10 * s - 3), rates, function(y, 10 * s - 3)[:2]


def ties_apart(y, s):
    order = np.argsort(-s, kind="stable")
    tps, fps = np.append(0, np.cumsum(y[order])), np.append(0, np.cumsum(1 - y[order]))
    return fps / fps[-1], tps / tps[-1], np.append(np.inf, s[order])


def strictly_above(y, s):
    thresholds = np.append(np.inf, np.unique(s)[::-1])
    flagged = s > thresholds[:, None]
    return (
        (flagged & (y == 0)).sum(1) / sum(1 - y),
        (flagged & (y == 1)).sum(1) / sum(y),
        thresholds,
    )


def first_of_ties(y, s):
    fpr, tpr, thresholds = ties_apart(y, s)
    kept = np.append(True, thresholds[1:] != thresholds[:-1])
    return fpr[kept], tpr[kept], thresholds[kept]


def in_use(function):
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [9000, 1000])
    risk = (rng.normal(0, 1, len(y)) + y).round(1)
    fpr, tpr, _ = function(y, risk)
    area = metrics.auc(fpr, tpr)
    ours = metrics.roc_auc_score(y, risk)
    return (
        f"10,000 risks with ties: the area under your curve is {area:.4f}, mlcore's AUC {ours:.4f}"
    )


EXERCISE = Exercise(
    name="roc_curve",
    title="All thresholds with one sort",
    tutorial=5,
    hint="Sort by falling score, cumulate y and 1 - y, and keep only the last place of each run of ties.",
    by_hand=[
        Case(
            (np.array([1, 0, 0, 1, 0]), np.array([0.8, 0.6, 0.6, 0.6, 0.2])),
            (
                np.array([0, 0, 2 / 3, 1]),
                np.array([0, 0.5, 1, 1]),
                np.array([np.inf, 0.8, 0.6, 0.2]),
            ),
            "three of the same score are flagged together",
        ),
        Case(
            (np.array([0, 1]), np.array([0.5, 0.5])),
            (np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([np.inf, 0.5])),
            "all alike: nobody or everybody",
        ),
    ],
    properties=[
        Property("the order of the rows does not matter", order_of_rows),
        Property("only the order of the scores matters for the rates", stretched_scores),
    ],
    slow=one_by_one,
    inputs=some,
    mistakes=[
        Mistake(
            "these are counts; divide by all negatives, and by all positives",
            lambda y, s: (
                one_by_one(y, s)[0] * sum(1 - y),
                one_by_one(y, s)[1] * sum(y),
                one_by_one(y, s)[2],
            ),
        ),
        Mistake(
            "the first row of each run of ties was kept; only after the last are all of them counted",
            first_of_ties,
        ),
        Mistake(
            "the last score is missing: it is the end of a run of ties, too",
            lambda y, s: tuple(part[:-1] for part in one_by_one(y, s)),
        ),
        Mistake(
            "each row has a point of its own: rows with the same score are flagged together",
            ties_apart,
        ),
        Mistake(
            "the curve has no start: put the threshold infinity first, where nobody is flagged",
            lambda y, s: tuple(part[1:] for part in one_by_one(y, s)),
        ),
        Mistake(
            "the two rates are exchanged: fpr comes first",
            lambda y, s: (one_by_one(y, s)[1], one_by_one(y, s)[0], one_by_one(y, s)[2]),
        ),
        Mistake(
            "both were divided by n: fpr is a share of the negatives, tpr of the positives",
            lambda y, s: (
                one_by_one(y, s)[0] * np.mean(1 - y),
                one_by_one(y, s)[1] * np.mean(y),
                one_by_one(y, s)[2],
            ),
        ),
        Mistake(
            "thresholds rise: the first point is (0, 0), of the highest threshold",
            lambda y, s: tuple(part[::-1] for part in one_by_one(y, s)),
        ),
        Mistake(
            "`>` where the contract says `>=`: a score flags at its own threshold", strictly_above
        ),
    ],
    use=in_use,
)
