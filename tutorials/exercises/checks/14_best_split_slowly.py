"""How 14_best_split_slowly is checked."""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from mlcore import DecisionTreeClassifier
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

NONE = (float("nan"), 0.0)


def gini(labels):
    if len(labels) == 0:
        return Fraction(0)
    share = Fraction(int(sum(labels)), len(labels))
    return 1 - share**2 - (1 - share) ** 2


def in_fractions(x, y):
    """Return the answer by exact arithmetic, so that equal gains are equal."""
    best, values = None, sorted({float(v) for v in x})
    for low, high in pairwise(values):
        cut = (low + high) / 2
        left = [int(label) for value, label in zip(x, y, strict=True) if value <= cut]
        right = [int(label) for value, label in zip(x, y, strict=True) if value > cut]
        after = (len(left) * gini(left) + len(right) * gini(right)) / len(y)
        gain = gini(list(y)) - after
        if best is None or gain > best[1]:
            best = (cut, gain)
    return NONE if best is None else (best[0], float(best[1]))


def in_any_order(function, rng):
    for _ in range(5):
        x, y = rng.integers(0, 6, 8).astype(float), rng.integers(0, 2, 8)
        order = rng.permutation(8)
        yield (x[order], y[order]), function(x, y), function(x[order], y[order])


def other_units(function, rng):
    for _ in range(5):
        x, y = rng.integers(0, 6, 8).astype(float), rng.integers(0, 2, 8)
        threshold, gain = function(x, y)
        yield (4 * x, y), (4 * threshold, gain), function(4 * x, y)


def inputs(rng):
    n = rng.integers(1, 10)
    return rng.integers(0, 5, n).astype(float), rng.integers(0, 2, n)


def wrong(
    where="middle",
    weighted=True,
    last=False,
    needs_gain=False,
    pairs=False,
    gain_of=None,
    left="le",
):
    """Return a version with one thing wrong."""

    def best_split_slowly(x, y):
        best, values = NONE, np.sort(x) if pairs else np.unique(x)
        for low, high in pairwise(values):
            threshold = {"middle": (low + high) / 2, "low": low, "high": high}[where]
            goes = x <= threshold if left == "le" else x < threshold
            parts = [y[goes], y[~goes]]
            shares = [{True: len(p) / len(y), False: 0.5, None: 1.0}[weighted] for p in parts]
            after = sum(s * float(gini(p)) for s, p in zip(shares, parts, strict=True))
            gain = float(gini(y)) - after
            if gain_of == "after":
                gain = after
            first = np.isnan(best[0]) and not (needs_gain and gain < 1e-12)
            if first or gain > best[1] + (-1e-12 if last else 1e-12):
                best = (float(threshold), gain)
        return best

    return best_split_slowly


def stops_early(x, y):
    values = np.unique(x)
    return wrong()(x[x < values[-1]], y[x < values[-1]]) if len(values) > 1 else NONE


def in_use(function):
    rng = np.random.default_rng(8)
    x = rng.integers(0, 30, 400).astype(float)
    y = (x + rng.normal(0, 8, 400) > 20).astype(int)
    tree = DecisionTreeClassifier(max_depth=1).fit(x[:, None], y).tree_
    return (
        f"400 pupils' days absent: you cut at {function(x, y)[0]:g}, "
        f"mlcore's tree of one split at {tree.threshold[0]:g}"
    )


def of(*values):
    return np.array(values, dtype=float)


EXERCISE = Exercise(
    name="best_split_slowly",
    title="The best cut of a column, by a loop over the cuts",
    tutorial=6,
    hint=(
        "np.unique(x) has the different values in order. Loop over neighbours, part y by the middle "
        "between them, and keep the best gain so far."
    ),
    by_hand=[
        Case(
            (of(1, 2, 8, 9), np.array([0, 0, 0, 1])),
            (8.5, 0.375),
            "cut between 8 and 9: both sides are pure, and all of 3/8 is gained",
        ),
        Case(
            (of(1, 2, 3, 4), np.array([0, 1, 1, 0])),
            (1.5, 1 / 6),
            "cuts at 1.5 and at 3.5 gain 1/6 each: the lower is taken",
        ),
        Case(
            (of(5, 2, 2, 9, 5), np.array([1, 0, 1, 1, 1])),
            (3.5, 0.12),
            "equal values stay together: only 3.5 and 7 are cuts",
        ),
        Case(
            (of(1, 1, 2, 2, 3, 3), np.array([0, 1, 0, 1, 0, 1])),
            (1.5, 0.0),
            "nothing is gained, but it is a cut all the same",
        ),
        Case((of(7, 7, 7), np.array([0, 1, 1])), NONE, "all values are the same: no cut"),
    ],
    properties=[
        Property("the order of the rows does not matter", in_any_order),
        Property("in other units the cut is the same cut", other_units),
    ],
    slow=in_fractions,
    inputs=inputs,
    mistakes=[
        Mistake(
            "you cut between equal values; only between different ones is there a cut (np.unique)",
            wrong(pairs=True),
        ),
        Mistake(
            "the threshold is the middle between the two values, not the lower one",
            wrong(where="low"),
        ),
        Mistake(
            "the threshold is the middle between the two values, not the upper one",
            wrong(where="high", left="lt"),
        ),
        Mistake(
            "each side counts by its share of the pupils: n_left / n, not one half",
            wrong(weighted=False),
        ),
        Mistake(
            "you kept the impurity after the cut; the gain is what it takes away from the one before",
            wrong(gain_of="after"),
        ),
        Mistake(
            "of equal gains you took the last; the contract says the lowest threshold (use >, not >=)",
            wrong(last=True),
        ),
        Mistake(
            "a cut that gains 0 is still a cut: begin with no cut, not with a best gain of 0",
            wrong(needs_gain=True),
        ),
        Mistake("the last cut, below the greatest value, was not tried", stops_early),
        Mistake(
            "each side counts by its share of the pupils: n_left / n and n_right / n are missing",
            wrong(weighted=None),
        ),
        Mistake("the two are exchanged: (threshold, gain)", lambda x, y: in_fractions(x, y)[::-1]),
    ],
    use=in_use,
)
