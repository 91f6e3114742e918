"""How 24_k_folds is checked."""

import numpy as np

from mlcore import LogisticRegression
from mlcore.model_selection import KFold, PredefinedSplit, cross_val_score
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def dealt(n, k):
    sizes = [0] * k
    for row in range(n):
        sizes[row % k] += 1
    fold = []
    for j in range(k):
        fold += [j] * sizes[j]
    return np.array(fold)


def some(rng):
    k = int(rng.integers(1, 7))
    return int(rng.integers(k, 30)), k


def every_row(function, rng):
    for _ in range(5):
        n, k = some(rng)
        yield (n, k), n, len(function(n, k))


def alike(function, rng):
    for _ in range(5):
        n, k = some(rng)
        sizes = np.bincount(function(n, k), minlength=k)
        yield (n, k), True, bool(sizes.max() - sizes.min() <= 1)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(103, 3))
    y = (X[:, 0] + rng.normal(size=103) > 0).astype(int)
    yours, ours = (
        cross_val_score(LogisticRegression(), X, y, cv=cv).mean()
        for cv in (PredefinedSplit(function(103, 5)), KFold(5))
    )
    return (
        f"103 rows in 5 folds: accuracy {yours:.4f} with your folds, {ours:.4f} with mlcore's KFold"
    )


EXERCISE = Exercise(
    name="k_folds",
    title="k folds that lose no row",
    tutorial=9,
    hint="Work out the size of each fold first: n // k for all, one more for the first n % k. "
    "np.repeat does the rest.",
    by_hand=[
        Case((8, 3), np.array([0, 0, 0, 1, 1, 1, 2, 2]), "8 = 3 + 3 + 2"),
        Case((5, 4), np.array([0, 0, 1, 2, 3]), "5 = 2 + 1 + 1 + 1, and no fold is empty"),
        Case((4, 2), np.array([0, 0, 1, 1]), "k divides n"),
        Case((8, 5), np.array([0, 0, 1, 1, 2, 2, 3, 4]), "8 = 2 + 2 + 2 + 1 + 1, the longer first"),
    ],
    properties=[
        Property("every row is in a fold", every_row),
        Property("no fold has two rows more than another", alike),
    ],
    slow=dealt,
    inputs=some,
    mistakes=[
        Mistake(
            "the rows left over are in no fold: nobody tests on them, and nothing says so",
            lambda n, k: np.arange(n // k * k) // (n // k),
        ),
        Mistake(
            "all the rows left over went into the last fold: deal them out, one each",
            lambda n, k: np.minimum(np.arange(n) // (n // k), k - 1),
        ),
        Mistake(
            "the last folds got the extra rows: the first n % k get them",
            lambda n, k: (k - 1 - dealt(n, k))[::-1],
        ),
        Mistake(
            "rows were dealt out like cards, one to each fold in turn: runs of neighbours were asked for",
            lambda n, k: np.arange(n) % k,
        ),
        Mistake(
            "a size rounded up for every fold leaves the last ones short, or empty",
            lambda n, k: np.arange(n) // -(-n // k),
        ),
        Mistake(
            "the longer folds are spread out: the first n % k get the extra rows",
            lambda n, k: np.arange(n) * k // n,
        ),
        Mistake(
            "one fold too many got an extra row: it is for j < n % k, not <=",
            lambda n, k: np.repeat(np.arange(k), n // k + (np.arange(k) <= n % k)),
        ),
        Mistake(
            "those are the rows of each fold; the fold of each row is asked for",
            lambda n, k: np.array_split(np.arange(n), k),
        ),
        Mistake("folds are numbered from 0", lambda n, k: dealt(n, k) + 1),
    ],
    use=in_use,
)
