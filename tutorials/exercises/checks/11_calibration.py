"""How 11_calibration is checked."""

import numpy as np

from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def one_by_one(y_true, y_prob, n_bins):
    edges, share, stated = np.linspace(0, 1, n_bins + 1), [], []
    for j in range(n_bins):
        came, said, rows = 0, 0.0, 0
        for y, p in zip(y_true, y_prob, strict=True):
            if edges[j] < p <= edges[j + 1] or (j == 0 and p == 0):
                came, said, rows = came + y, said + p, rows + 1
        if rows:
            share.append(came / rows)
            stated.append(said / rows)
    return np.array(share), np.array(stated)


def some(rng):
    n = int(rng.integers(1, 15))
    p = rng.random(n).round(1)
    return (rng.random(n) < p).astype(int), p, int(rng.choice([1, 2, 4, 5, 10]))


def one_bin(function, rng):
    y, p, _ = some(rng)
    yield (y, p, 1), (np.array([y.mean()]), np.array([p.mean()])), function(y, p, 1)


def order_of_rows(function, rng):
    y, p, b = some(rng)
    i = rng.permutation(len(y))
    yield (y[i], p[i], b), function(y, p, b), function(y[i], p[i], b)


def grouped(y, p, bin_of, n_bins, stated=None):
    found = [
        (y[bin_of == j].mean(), p[bin_of == j].mean()) for j in range(n_bins) if (bin_of == j).any()
    ]
    return np.array([a for a, _ in found]), np.array([b for _, b in found])


def lower_edge(y, p, b):
    return grouped(y, p, np.minimum(np.digitize(p, np.linspace(0, 1, b + 1)) - 1, b - 1), b)


def by_counts(y, p, b):
    bin_of = np.empty(len(p), dtype=int)
    bin_of[np.argsort(p, kind="stable")] = np.arange(len(p)) * b // len(p)
    return grouped(y, p, bin_of, b)


def middles(y, p, b):
    bin_of = np.searchsorted(np.linspace(0, 1, b + 1)[1:-1], p)
    share, _ = grouped(y, p, bin_of, b)
    return share, (np.unique(bin_of) + 0.5) / b


def with_empty(y, p, b, value):
    bin_of = np.searchsorted(np.linspace(0, 1, b + 1)[1:-1], p)
    rows, whole = np.bincount(bin_of, minlength=b), np.full((2, b), value)
    whole[:, rows > 0] = grouped(y, p, bin_of, b)
    return whole[0], whole[1]


def zero_left_out(y, p, b):
    return one_by_one(y[p > 0], p[p > 0], b)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 30))
    new = rng.normal(size=(5000, 30))
    y, then = ((rng.random(len(Z)) < 1 / (1 + np.exp(-Z[:, 0]))).astype(int) for Z in (X, new))
    risk = LogisticRegression().fit(X, y).predict_proba(new)[:, 1]
    share, stated = function(then, risk, 5)
    return (
        f"30 columns learnt from 200 rows: where the model stated {stated[-1]:.0%} on average it came "
        f"true for {share[-1]:.0%}, where {stated[0]:.0%}, for {share[0]:.0%}"
    )


EXERCISE = Exercise(
    name="calibration",
    title="Do the risks come true as often as stated?",
    tutorial=5,
    hint="np.searchsorted(edges[1:-1], p) gives each row's bin; np.bincount with weights adds up by bin.",
    by_hand=[
        Case(
            (
                np.array([0, 1, 0, 0, 1, 0, 1]),
                np.array([0.0, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0]),
                4,
            ),
            (np.array([1 / 3, 0, 2 / 3]), np.array([0.1, 0.5, 0.9])),
            "four bins; .5 is in the second, nobody in the third",
        ),
        Case(
            (np.array([1, 0]), np.array([0.25, 0.25]), 2),
            (np.array([0.5]), np.array([0.25])),
            "one bin with rows, where one of two came true",
        ),
    ],
    properties=[
        Property("one bin gives the base rate and the mean risk", one_bin),
        Property("the order of the rows does not matter", order_of_rows),
    ],
    slow=one_by_one,
    inputs=some,
    mistakes=[
        Mistake(
            "`<` where the contract says `<=`: a risk on an edge belongs to the bin below it",
            lower_edge,
        ),
        Mistake(
            "a risk of 1 got a bin of its own, and one on an edge went up: `<=` at a bin's upper edge",
            lambda y, p, b: grouped(y, p, np.floor(p * b + 1e-12).astype(int), b + 1),
        ),
        Mistake(
            "these are sums; divide each by the number of rows in its bin",
            lambda y, p, b: tuple(
                part
                * np.unique(np.searchsorted(np.linspace(0, 1, b + 1)[1:-1], p), return_counts=True)[
                    1
                ]
                for part in one_by_one(y, p, b)
            ),
        ),
        Mistake(
            "the middle of the bin was returned, not the mean of what was stated in it", middles
        ),
        Mistake("these bins hold equally many rows; equal width was asked for", by_counts),
        Mistake(
            "bins without rows were kept: leave them out",
            lambda y, p, b: with_empty(y, p, b, np.nan),
        ),
        Mistake(
            "bins without rows were kept as 0: leave them out",
            lambda y, p, b: with_empty(y, p, b, 0.0),
        ),
        Mistake("a risk of exactly 0 fell out: it belongs to the first bin", zero_left_out),
        Mistake(
            "the two are exchanged: the share that came true comes first",
            lambda y, p, b: one_by_one(y, p, b)[::-1],
        ),
    ],
    use=in_use,
)
