"""How 19_bootstrap_rows is checked."""

import numpy as np

from mlcore import DecisionTreeClassifier
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def adds_up(function, rng):
    for n, draws in ((5, 5), (6, 3), (2, 9)):
        u = rng.random(draws)
        yield (n, u), draws, np.sum(function(n, u))


def every_row_alike(function, rng):
    u = (np.arange(12) + 0.5) / 12  # evenly spread
    yield (4, u), np.array([3, 3, 3, 3]), function(4, u)


def one_by_one(n, u):
    bag = np.zeros(n, dtype=int)
    for value in u:
        bag[int(n * value)] += 1
    return bag


def only_present(n, u):
    return np.minimum(one_by_one(n, u), 1)


def without_replacement(n, u):
    return np.bincount(np.argsort(u, kind="stable")[:n], minlength=n)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (300, 5))
    y = (X.sum(axis=1) + rng.normal(0, 2, 300) > 0).astype(int)
    bags = [function(200, rng.random(200)) for _ in range(50)]
    trees = [DecisionTreeClassifier().fit(X[:200], y[:200], sample_weight=bag) for bag in bags]
    votes = np.mean([tree.predict(X[200:]) for tree in trees], axis=0)
    alone = DecisionTreeClassifier().fit(X[:200], y[:200]).score(X[200:], y[200:])
    right, out = ((votes > 0.5) == y[200:]).mean(), np.mean([bag == 0 for bag in bags])
    return (
        f"50 of your bags leave out {out:.0%} of the rows each; trees grown on them and averaged are "
        f"right of {right:.0%} of new rows, one tree on all rows of {alone:.0%}"
    )


EXERCISE = Exercise(
    name="bootstrap_rows",
    title="Draw a bootstrap sample",
    tutorial=8,
    hint="Make whole numbers of n * u first; np.bincount counts, and has an argument for the length.",
    by_hand=[
        Case(
            (4, np.array([0.1, 0.7, 0.2, 0.95])),
            np.array([2, 0, 1, 1]),
            "4 u is .4, 2.8, .8 and 3.8: rows 0, 2, 0 and 3",
        ),
        Case(
            (3, np.array([0.0, 0.5, 0.4])),
            np.array([1, 2, 0]),
            "3 u is 0, 1.5 and 1.2: rows 0, 1 and 1; the last row is not drawn",
        ),
        Case(
            (3, np.array([0.1, 0.5, 0.9, 0.99, 0.4])),
            np.array([1, 2, 2]),
            "five draws from three rows: 3 u is .3, 1.5, 2.7, 2.97 and 1.2",
        ),
        Case((2, np.array([])), np.array([0, 0]), "no draws"),
    ],
    properties=[
        Property("the counts sum to the number of draws", adds_up),
        Property("evenly spread numbers draw every row equally often", every_row_alike),
    ],
    slow=one_by_one,
    inputs=lambda rng: (int(rng.integers(1, 9)), rng.random(rng.integers(0, 12))),
    mistakes=[
        Mistake(
            "those are the rows drawn; how often each was drawn is asked for",
            lambda n, u: np.floor(n * u).astype(int),
        ),
        Mistake(
            "a row drawn twice counts twice: that is what 'with replacement' means", only_present
        ),
        Mistake("that draws every row once: it is without replacement", without_replacement),
        Mistake(
            "n u is rounded to the nearest: row 0 is drawn half as often as the others, and row n "
            "does not exist; go down to the whole number below",
            lambda n, u: np.bincount(np.round(n * u).astype(int), minlength=n),
        ),
        Mistake(
            "the numbers are multiplied by n - 1, so that the last row is never drawn",
            lambda n, u: np.bincount(((n - 1) * u).astype(int), minlength=n),
        ),
        Mistake(
            "multiply by the number of rows n, not by the number of draws",
            lambda n, u: np.bincount((len(u) * u).astype(int), minlength=n),
        ),
        Mistake(
            "rows at the end that were not drawn are lacking: the bag must have n counts",
            lambda n, u: np.bincount((n * u).astype(int)),
        ),
        Mistake(
            "those are shares of the draws; counts are asked for",
            lambda n, u: one_by_one(n, u) / max(len(u), 1),
        ),
    ],
    use=in_use,
)
