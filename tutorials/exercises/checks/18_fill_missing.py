"""How 18_fill_missing is checked."""

import math

import numpy as np

from mlcore.preprocessing import SimpleImputer
from risk.features.known import build_features
from risk.school import simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

NAN = float("nan")


def cell_by_cell(train, other):
    filled = [list(map(float, row)) for row in other]
    for j in range(len(train[0])):
        known = sorted(float(row[j]) for row in train if not math.isnan(row[j]))
        low, high = known[(len(known) - 1) // 2], known[len(known) // 2]
        for row in filled:
            if math.isnan(row[j]):
                row[j] = (low + high) / 2
    return np.array(filled).reshape(np.shape(other))


def some(rng, n, d):
    values = rng.integers(0, 20, (n, d)).astype(float)
    return np.where(rng.random((n, d)) < 0.3, NAN, values)


def inputs(rng):
    d = rng.integers(1, 4)
    train = some(rng, rng.integers(1, 8), d)
    train[0, np.isnan(train).all(axis=0)] = 5.0  # a column has some value
    return train, some(rng, rng.integers(1, 6), d)


def row_by_row(function, rng):
    """What fills a row does not depend on the rows beside it."""
    for _ in range(4):
        train, other = inputs(rng)
        alone = [function(train, row[None])[0] for row in other]
        yield (train, other), np.array(alone), function(train, other)


def nothing_missing(function, rng):
    for _ in range(3):
        train, other = inputs(rng)
        other = np.nan_to_num(other, nan=3.0)
        yield (train, other), other, function(train, other)


def with_(values_of):
    """Return a version that fills with something else, of train and other."""

    def fill_missing(train, other):
        return np.where(np.isnan(other), values_of(train, other), other)

    return fill_missing


def unsorted_middle(train, other):
    known = [column[~np.isnan(column)] for column in train.T]
    return np.array([(k[(len(k) - 1) // 2] + k[len(k) // 2]) / 2 for k in known])


def upper_middle(train, other):
    return np.array([np.sort(c[~np.isnan(c)])[np.sum(~np.isnan(c)) // 2] for c in train.T])


def in_use(function):
    school = simulate_school(300, 8, seed=5, n_futures=0)
    features = build_features(school.tables, 8)
    train = features.index.str.startswith("24")
    X = features.to_numpy()
    filled = function(X[train], X[~train])
    ours = SimpleImputer(strategy="median").fit(X[train]).transform(X[~train])
    off = abs(filled - ours).max()
    return (
        f"{int(np.isnan(X[~train]).sum())} cells of the later years filled with the medians of 2024: "
        f"yours and mlcore's SimpleImputer differ by {off:.0e}"
    )


TRAIN = np.array([[0.0, 50.0], [1.0, NAN], [8.0, 70.0], [NAN, 90.0], [2.0, 40.0]])

EXERCISE = Exercise(
    name="fill_missing",
    title="Medians of the training rows",
    tutorial=1,
    hint="np.nanmedian with axis=0 has the medians; np.where chooses cell by cell and makes a copy.",
    by_hand=[
        Case(
            (TRAIN, np.array([[NAN, 30.0], [5.0, NAN], [9.0, 35.0]])),
            np.array([[1.5, 30.0], [5.0, 60.0], [9.0, 35.0]]),
            "known in training: 0 1 2 8, median 1.5; 40 50 70 90, median 60",
        ),
        Case(
            (TRAIN, np.array([[NAN, NAN]])),
            np.array([[1.5, 60.0]]),
            "one row with nothing known",
        ),
    ],
    properties=[
        Property("a row is filled the same whatever rows stand beside it", row_by_row),
        Property("where nothing is missing, nothing changes", nothing_missing),
    ],
    slow=cell_by_cell,
    inputs=inputs,
    mistakes=[
        Mistake(
            "the medians are of the rows to be filled; take those of the training rows",
            with_(lambda train, other: np.nanmedian(other, axis=0)),
        ),
        Mistake(
            "the medians are of both tables together; what is tested must not be learnt from",
            with_(lambda train, other: np.nanmedian(np.vstack([train, other]), axis=0)),
        ),
        Mistake(
            "that is the mean; one wild value moves it, which is why the median is asked for",
            with_(lambda train, other: np.nanmean(train, axis=0)),
        ),
        Mistake(
            "np.median of values with NaN among them is NaN; leave the missing ones out",
            with_(lambda train, other: np.median(train, axis=0)),
        ),
        Mistake(
            "the median is of all columns together; each column has its own (axis=0)",
            with_(lambda train, other: np.nanmedian(train)),
        ),
        Mistake("missing is not zero", with_(lambda train, other: 0.0)),
        Mistake(
            "of an even number of values the median is the mean of the two in the middle",
            with_(upper_middle),
        ),
        Mistake(
            "the training rows came back; the other rows were to be filled",
            lambda train, other: np.where(np.isnan(train), np.nanmedian(train, axis=0), train),
        ),
        Mistake(
            "the middle of the values as they stand is no median: they are to be sorted first",
            with_(unsorted_middle),
        ),
    ],
    use=in_use,
)
