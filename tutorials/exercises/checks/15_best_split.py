"""How 15_best_split is checked."""

import time
from fractions import Fraction
from itertools import pairwise

import numpy as np

from mlcore import DecisionTreeClassifier
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

NONE = (-1, float("nan"), 0.0)


def gini(labels):
    if len(labels) == 0:
        return Fraction(0)
    share = Fraction(int(sum(labels)), len(labels))
    return 1 - share**2 - (1 - share) ** 2


def in_fractions(X, y):
    """Return the answer by loops and exact arithmetic, so that equal gains are equal."""
    best = None
    for feature in range(X.shape[1]):
        values = sorted({float(v) for v in X[:, feature]})
        for low, high in pairwise(values):
            cut = (low + high) / 2
            left = [int(y[i]) for i in range(len(y)) if X[i, feature] <= cut]
            right = [int(y[i]) for i in range(len(y)) if X[i, feature] > cut]
            after = (len(left) * gini(left) + len(right) * gini(right)) / len(y)
            gain = gini(y.tolist()) - after
            if best is None or gain > best[2]:
                best = (feature, cut, gain)
    return NONE if best is None else (best[0], best[1], float(best[2]))


def one_column_twice(function, rng):
    for _ in range(4):
        x, y = rng.integers(0, 6, 9).astype(float), rng.integers(0, 2, 9)
        X = np.column_stack([x, x])
        yield (X, y), function(X[:, :1], y), function(X, y)


def classes_exchanged(function, rng):
    for _ in range(4):
        X, y = rng.integers(0, 6, (9, 2)).astype(float), rng.integers(0, 2, 9)
        yield (X, 1 - y), function(X, y), function(X, 1 - y)


def inputs(rng):
    n = rng.integers(1, 10)
    return rng.integers(0, 5, (n, rng.integers(1, 4))).astype(float), rng.integers(0, 2, n)


def wrong(
    where="middle", factor=2.0, squared=True, last=False, needs_gain=False, between_equals=False,
    sort_y=True, weighted=True, last_feature=False,
):  # fmt: skip
    """Return a version with one thing wrong."""

    def best_split(X, y):
        n, best = len(y), NONE
        n_left = np.arange(1, n)
        for feature in range(X.shape[1] if n > 1 else 0):
            order = np.argsort(X[:, feature], kind="stable")
            x, ones = X[order, feature], np.cumsum(y[order] if sort_y else y)
            p_left, p_right = ones[:-1] / n_left, (ones[-1] - ones[:-1]) / (n - n_left)
            gain = (p_left - p_right) ** 2 if squared else abs(p_left - p_right)
            gain = factor * gain * (n_left * (n - n_left) / n**2 if weighted else 0.25)
            if not between_equals:
                gain = np.where(x[1:] > x[:-1], gain, -1.0)
            if gain.max() < (1e-12 if needs_gain else 0):
                continue
            at = np.flatnonzero(gain >= gain.max() - 1e-12)[-1 if last else 0]
            if best[0] < 0 or gain[at] > best[2] + (-1e-12 if last_feature else 1e-12):
                cut = {"middle": (x[at] + x[at + 1]) / 2, "low": x[at], "high": x[at + 1]}[where]
                best = (feature, float(cut), float(gain[at]))
        return best

    return best_split


def in_use(function):
    rng = np.random.default_rng(8)
    X = rng.normal(size=(20_000, 10))
    y = (X[:, 7] + rng.normal(size=20_000) > 0.5).astype(int)
    start = time.perf_counter()
    feature, threshold, _ = function(X, y)
    took = time.perf_counter() - start
    tree = DecisionTreeClassifier(max_depth=1).fit(X, y).tree_
    return (
        f"20,000 rows of 10 columns: you cut column {feature} at {threshold:.3f} in {took:.2f} s, "
        f"mlcore column {tree.feature[0]} at {tree.threshold[0]:.3f}"
    )


def of(*columns):
    return np.array(columns, dtype=float).T


EXERCISE = Exercise(
    name="best_split",
    title="The best cut of all columns, by running sums",
    tutorial=7,
    hint=(
        "For each column: order = np.argsort(x); ones = np.cumsum(y[order]). A cut after place i has "
        "i + 1 rows and ones[i] ones on its left. Bar the cuts where x[order] does not change."
    ),
    by_hand=[
        Case(
            (of([1, 8, 2, 9]), np.array([0, 0, 0, 1])),
            (0, 8.5, 0.375),
            "after 1, 2, 8 | 9: 2 * 3 * 1 / 16 * (0 - 1)²",
        ),
        Case(
            (of([1, 1, 1, 2, 2]), np.array([1, 0, 0, 0, 1])),
            (0, 1.5, 2 * 3 * 2 / 25 * (1 / 3 - 1 / 2) ** 2),
            "equal values stay together: 1.5 is the only cut",
        ),
        Case(
            (of([1, 2, 3, 4]), np.array([0, 1, 1, 0])),
            (0, 1.5, 1 / 6),
            "cuts at 1.5 and at 3.5 gain 1/6 each: the lower is taken",
        ),
        Case(
            (of([2, 2, 2, 2], [0, 1, 0, 1], [5, 7, 5, 7]), np.array([0, 1, 0, 1])),
            (1, 0.5, 0.5),
            "column 0 has no cut, columns 1 and 2 gain the same: the lower feature is taken",
        ),
        Case(
            (of([0, 0, 1, 1], [0, 1, 0, 1]), np.array([0, 1, 1, 0])),
            (0, 0.5, 0.0),
            "an exclusive or: nothing is gained, but it is a cut all the same",
        ),
        Case((of([7, 7, 7]), np.array([0, 1, 1])), NONE, "all values are the same: no cut"),
        Case((of([7]), np.array([1])), NONE, "one row: no cut"),
    ],
    properties=[
        Property("a column that is there twice changes nothing", one_column_twice),
        Property("with the classes exchanged it is the same cut", classes_exchanged),
    ],
    slow=in_fractions,
    inputs=inputs,
    mistakes=[
        Mistake(
            "you summed y in the order of the rows, not in the order of the column: y[order]",
            wrong(sort_y=False),
        ),
        Mistake(
            "the threshold is the middle between the two values, not the lower one",
            wrong(where="low"),
        ),
        Mistake(
            "the threshold is the middle between the two values, not the upper one",
            wrong(where="high"),
        ),
        Mistake("the factor 2 is missing: there are two classes, and both count", wrong(factor=1)),
        Mistake(
            "n_left * n_right / n² is missing: a cut that parts off one pupil gains little",
            wrong(weighted=False),
        ),
        Mistake(
            "n_left * n_right is to be divided by n², not by n",
            lambda X, y: (*wrong()(X, y)[:2], len(y) * wrong()(X, y)[2]),
        ),
        Mistake("the difference of the shares is to be squared", wrong(squared=False)),
        Mistake(
            "you cut between equal values; bar the places where x does not change",
            wrong(between_equals=True),
        ),
        Mistake(
            "of equal gains in a column you took the last; the contract says the lowest threshold",
            wrong(last=True),
        ),
        Mistake(
            "of equal gains in two columns you took the later; the contract says the lowest feature",
            wrong(last_feature=True),
        ),
        Mistake(
            "a cut that gains 0 is still a cut: begin with no cut, not with a best gain of 0",
            wrong(needs_gain=True),
        ),
    ],
    use=in_use,
)
