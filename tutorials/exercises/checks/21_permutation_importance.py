"""How 21_permutation_importance is checked."""

import numpy as np

from mlcore import RandomForestClassifier, inspection
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def share_right(X, y):
    """Score a model that says 1 where the two columns sum to 2 or more."""
    return float(np.mean((X[:, 0] + X[:, 1] >= 2) == y))


def minus_squared_error(X, y):
    """Score a model that says y = 2 times column 0 plus the last column."""
    return -float(np.mean((y - 2 * X[:, 0] - X[:, -1]) ** 2))


def column_by_column(score, X, y, orders):
    importances = []
    for j in range(X.shape[1]):
        falls = []
        for order in orders:
            rows = [list(row) for row in X]
            for i in range(len(rows)):
                rows[i][j] = X[order[i]][j]
            falls.append(score(X, y) - score(np.array(rows), y))
        importances.append(sum(falls) / len(falls))
    return np.array(importances)


def random_task(rng):
    n, d = rng.integers(2, 7), rng.integers(1, 4)
    X = rng.integers(0, 4, (n, d)).astype(float)
    orders = np.stack([rng.permutation(n) for _ in range(rng.integers(1, 4))])
    return minus_squared_error, X, rng.integers(0, 6, n).astype(float), orders


def unused_column(function, rng):
    X = rng.normal(0, 1, (6, 3))
    y = 2 * X[:, 0] + X[:, -1]
    orders = np.stack([rng.permutation(6) for _ in range(3)])
    yield (minus_squared_error, X, y, orders), 0.0, function(minus_squared_error, X, y, orders)[1]


def nothing_shuffled(function, rng):
    X, y = rng.normal(0, 1, (5, 2)), rng.normal(0, 1, 5)
    orders = np.tile(np.arange(5), (2, 1))
    args = minus_squared_error, X, y, orders
    yield args, np.zeros(2), function(*args)


def kept_shuffled(score, X, y, orders):
    falls = []
    for order in orders:
        shuffled = X.copy()
        for j in range(X.shape[1]):
            shuffled[:, j] = X[order, j]
            falls.append(score(X, y) - score(shuffled, y))
    return np.reshape(falls, (len(orders), -1)).mean(axis=0)


def kept_throughout(score, X, y, orders):
    shuffled, importances = X.copy(), []
    for j in range(X.shape[1]):
        falls = []
        for order in orders:
            shuffled[:, j] = X[order, j]
            falls.append(score(X, y) - score(shuffled, y))
        importances.append(np.mean(falls))
    return np.array(importances)


def sent_to(score, X, y, orders):
    return column_by_column(score, X, y, [np.argsort(order) for order in orders])


def whole_rows(score, X, y, orders):
    falls = [score(X, y) - score(X[order], y) for order in orders]
    return np.full(X.shape[1], np.mean(falls))


def last_shuffle(score, X, y, orders):
    return column_by_column(score, X, y, orders[-1:])


def summed(score, X, y, orders):
    return column_by_column(score, X, y, orders) * len(orders)


def relative(score, X, y, orders):
    return column_by_column(score, X, y, orders) / score(X, y)


def score_itself(score, X, y, orders):
    return score(X, y) - column_by_column(score, X, y, orders)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (400, 3))
    y = (X @ [2.0, 1.0, 0.0] + rng.normal(0, 1, 400) > 0).astype(int)
    forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=0).fit(X[:200], y[:200])
    orders = np.stack([rng.permutation(200) for _ in range(10)])
    yours = function(forest.score, X[200:], y[200:], orders)
    ours = inspection.permutation_importance(
        forest, X[200:], y[200:], n_repeats=10, random_state=0
    ).importances_mean
    yours, ours = (", ".join(f"{value:.2f}" for value in found) for found in (yours, ours))
    return (
        f"a forest on three columns that count for 2, 1 and 0: yours {yours}; mlcore's, by other "
        f"shuffles, {ours}"
    )


EXERCISE = Exercise(
    name="permutation_importance",
    title="What a column is worth to a model",
    tutorial=10,
    hint="Start every trial from a fresh copy of X; X[order, j] is column j in the shuffled order.",
    by_hand=[
        Case(
            (
                share_right,
                np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0], [1.0, 1.0]]),
                np.array([0, 1, 1, 1]),
                np.array([[1, 3, 0, 2], [3, 2, 1, 0]]),
            ),
            np.array([0.125, 0.625]),
            "X says 0, 1, 0, 1: .75 right; column 0 in the first order is 0, 1, 1, 0, so that it says "
            "0, 1, 0, 0: .5",
        ),
        Case(
            (
                share_right,
                np.array([[0.0, 5.0], [2.0, 5.0]]),
                np.array([0, 1]),
                np.array([[1, 0]]),
            ),
            np.array([0.0, 0.0]),
            "all four sums are 5 or 7, so every answer stays 1 and nothing falls",
        ),
    ],
    properties=[
        Property("a column that the score does not use is worth exactly 0", unused_column),
        Property(
            "where the shuffle leaves every row in its place, nothing falls", nothing_shuffled
        ),
    ],
    slow=column_by_column,
    inputs=random_task,
    mistakes=[
        Mistake(
            "the sign is wrong: it is the score before less the score after, so that a column that "
            "is needed is above 0",
            lambda *args: -column_by_column(*args),
        ),
        Mistake(
            "the columns shuffled before stay shuffled: start from a fresh copy for each column",
            kept_shuffled,
        ),
        Mistake(
            "the columns shuffled before stay shuffled: start from a fresh copy for each column",
            kept_throughout,
        ),
        Mistake(
            "you sent the value of row i to row order[i]; row i gets what row order[i] had: X[order, j]",
            sent_to,
        ),
        Mistake("all columns are shuffled at once: shuffle column j alone", whole_rows),
        Mistake("only the last shuffle counts: take the mean over all of them", last_shuffle),
        Mistake("that is the sum over the shuffles: divide by how many there are", summed),
        Mistake("that is a share of the score: the fall itself is asked for", relative),
        Mistake(
            "that is the score of the shuffled rows: how far it falls is asked for", score_itself
        ),
    ],
    use=in_use,
)
