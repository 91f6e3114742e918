"""How 08_confusion_counts is checked."""

import numpy as np

from risk.data.records import Records
from risk.features.known import school_table
from risk.school import as_of, simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def one_by_one(y_true, y_pred):
    C = np.zeros((2, 2), dtype=int)
    for truth, prediction in zip(y_true, y_pred, strict=True):
        C[truth, prediction] += 1
    return C


def everyone_counted(function, rng):
    for n in (1, 6, 11):
        y, flagged = rng.integers(0, 2, n), rng.integers(0, 2, n)
        yield (y, flagged), n, np.sum(function(y, flagged))


def roles_swapped(function, rng):
    y, flagged = rng.integers(0, 2, 9), rng.integers(0, 2, 9)
    yield (y, flagged), np.transpose(function(flagged, y)), function(y, flagged)


def some(rng):
    n = rng.integers(1, 12)
    return rng.integers(0, 2, n), rng.integers(0, rng.integers(1, 3), n)


def in_use(function):
    school = simulate_school(n_pupils=300, n_weeks=18, seed=0, n_futures=0)
    table = school_table(Records(as_of(school, week=8)), week=8)
    known = (table.at_risk.notna() & table.features["quiz_mean"].notna()).to_numpy()
    y = table.at_risk[known].to_numpy(dtype=int)
    flagged = (table.features["quiz_mean"][known] < 50).to_numpy(dtype=int)
    (_, fp), (fn, tp) = function(y, flagged)
    return (
        f"the school, flagging a quiz mean below 50: precision {tp / (tp + fp):.0%}, "
        f"recall {tp / (tp + fn):.0%}"
    )


def true_positives_first(y, p):
    (tn, fp), (fn, tp) = one_by_one(y, p)
    return np.array([[tp, fp], [fn, tn]])


EXERCISE = Exercise(
    name="confusion_counts",
    title="Who was flagged, and who should have been",
    tutorial=5,
    hint="2 * y_true + y_pred numbers the four cells; np.bincount counts, and minlength keeps empty ones.",
    by_hand=[
        Case(
            (np.array([1, 1, 1, 0, 0, 0]), np.array([1, 0, 0, 0, 0, 1])),
            np.array([[2, 1], [2, 1]]),
            "of three at risk one was flagged, of three others one",
        ),
        Case(
            (np.array([0, 0, 1]), np.array([0, 0, 0])),
            np.array([[2, 0], [1, 0]]),
            "nobody flagged: the right column is 0, but it is there",
        ),
    ],
    properties=[
        Property("the four cells add up to n", everyone_counted),
        Property("exchanging truth and prediction transposes C", roles_swapped),
    ],
    slow=one_by_one,
    inputs=some,
    mistakes=[
        Mistake(
            "C[y_true, y_pred] += 1 adds to each cell only once, however many rows fall into it: use a "
            "loop, np.add.at or np.bincount",
            lambda y, p: np.minimum(one_by_one(y, p), 1),
        ),
        Mistake(
            "that is [[tp, fp], [fn, tn]]; [[tn, fp], [fn, tp]] was asked for",
            true_positives_first,
        ),
        Mistake(
            "both rows are one list: [[0] * 2] * 2 holds it twice. np.zeros((2, 2), dtype=int) does not",
            lambda y, p: np.tile(one_by_one(y, p).sum(axis=0), (2, 1)),
        ),
        Mistake(
            "rows and columns are exchanged: the true class chooses the row",
            lambda y, p: one_by_one(p, y),
        ),
        Mistake(
            "class 1 stands first: classes are in sorted order, so C[0, 0] counts the true negatives",
            lambda y, p: one_by_one(1 - y, 1 - p),
        ),
        Mistake(
            "these are shares of n; counts were asked for", lambda y, p: one_by_one(y, p) / len(y)
        ),
        Mistake(
            "these are shares of each row; counts were asked for",
            lambda y, p: one_by_one(y, p) / np.maximum(one_by_one(y, p).sum(1, keepdims=True), 1),
        ),
        Mistake(
            "where nobody falls into the last cells, bincount leaves them out: give it minlength=4",
            lambda y, p: np.bincount(2 * y + p).reshape(2, 2),
        ),
    ],
    use=in_use,
)
