"""How 26_find_leak is checked."""

import numpy as np

from risk.data.records import Records
from risk.features.known import school_table
from risk.school import as_of, simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def over_pairs(y, x, tie=0.5):
    wins = pairs = 0.0
    for a in x[y == 1]:
        for b in x[y == 0]:
            wins += 1.0 if a > b else tie if a == b else 0.0
            pairs += 1
    return wins / pairs


def one_by_one(X, y, limit, strength=lambda area: max(area, 1 - area)):
    found = []
    for j in range(X.shape[1]):
        known = np.array([i for i in range(len(X)) if X[i, j] == X[i, j]])
        if strength(over_pairs(y[known], X[known, j])) > limit:
            found.append(j)
    return np.array(found, dtype=int)


def some(rng):
    n, d = int(rng.integers(6, 12)), int(rng.integers(1, 5))
    y = rng.permutation(np.append([0, 0, 1, 1], rng.integers(0, 2, n - 4)))
    X = rng.choice([-3, -1, 0, 1, 3], d) * y[:, None] + rng.normal(0, 1, (n, d)).round(1)
    for j in range(d):  # a hole, but both classes stay known
        X[rng.integers(0, n), j] = np.nan
    return X, y, float(rng.choice([0.6, 0.75, 0.9]))


def turned_round(function, rng):
    for _ in range(4):
        X, y, limit = some(rng)
        yield (-X, y, limit), function(X, y, limit), function(-X, y, limit)


def another_scale(function, rng):
    for _ in range(4):
        X, y, limit = some(rng)
        yield (np.exp(X), y, limit), function(X, y, limit), function(np.exp(X), y, limit)


def holes_as_zero(X, y, limit):
    return one_by_one(np.nan_to_num(X), y, limit)


def complete_rows(X, y, limit):
    whole = ~np.isnan(X).any(axis=1)
    return one_by_one(X[whole], y[whole], limit)


def holes_lose(X, y, limit):
    areas = np.array([over_pairs(y, column) for column in X.T])
    return np.flatnonzero(np.maximum(areas, 1 - areas) > limit)


def correlations(X, y, limit):
    found = []
    for j in range(X.shape[1]):
        known = ~np.isnan(X[:, j])
        if abs(np.corrcoef(X[known, j], y[known])[0, 1]) > limit:
            found.append(j)
    return np.array(found, dtype=int)


def in_use(function):
    school = simulate_school(n_pupils=200, n_weeks=18, seed=0, n_futures=0)
    table = school_table(Records(as_of(school, week=8)), week=8)
    known = table.at_risk.notna().to_numpy()
    y = table.at_risk[known].to_numpy(dtype=int)
    X = table.features[known].to_numpy(dtype=float)
    outcomes = school.tables["outcomes"].set_index("pupil")["final_score"]
    late = outcomes.reindex(table.ids[known]).to_numpy() + np.random.default_rng(0).normal(
        0, 5, len(y)
    )
    names = [*table.features, "report_mark"]
    found = [names[j] for j in function(np.column_stack([X, late]), y, 0.9)]
    return (
        f"{len(names)} columns of the school, one of them written after the end: you found {found}"
    )


COLUMNS = np.array(
    [
        # rises  falls  weak  at the limit  holes  a jump
        [1.0, 9.0, 1.0, 1.0, 5.0, 0.0],
        [2.0, 8.0, 4.0, 2.0, 6.0, 0.1],
        [3.0, 7.0, 2.0, 4.0, np.nan, 0.2],
        [4.0, 3.0, 3.0, 3.0, 7.0, 0.3],
        [5.0, 2.0, 5.0, 5.0, 8.0, 99.0],
    ]
)

EXERCISE = Exercise(
    name="find_leak",
    title="Which column is too good to be true?",
    tutorial=9,
    hint="One column at a time: keep the rows where it is known, take auc, and look at both directions.",
    by_hand=[
        Case(
            (COLUMNS, np.array([0, 0, 0, 1, 1]), 5 / 6),
            np.array([0, 1, 4, 5]),
            "columns 0, 4 and 5 rise with the risk and 1 falls; 3 has exactly the limit, 5/6",
        ),
        Case(
            (np.array([[2.0], [1.0], [2.0], [1.0]]), np.array([0, 0, 1, 1]), 0.9),
            np.array([], dtype=int),
            "a column that knows nothing: no leak",
        ),
    ],
    properties=[
        Property("turning all columns round changes nothing", turned_round),
        Property("another scale changes nothing, for only the order counts", another_scale),
    ],
    slow=one_by_one,
    inputs=some,
    mistakes=[
        Mistake(
            "a column that falls with the risk leaks as much: take max(AUC, 1 - AUC)",
            lambda X, y, limit: one_by_one(X, y, limit, strength=lambda area: area),
        ),
        Mistake(
            "`>=` where the contract says `>`: a strength of exactly the limit is not found",
            lambda X, y, limit: one_by_one(X, y, limit - 1e-9),
        ),
        Mistake(
            "NaN is neither above nor below: compare only the rows where the column is known",
            holes_lose,
        ),
        Mistake(
            "rows with a hole in another column were left out too: look at one column at a time",
            complete_rows,
        ),
        Mistake(
            "those are true and false; the numbers of the columns are asked for",
            lambda X, y, limit: np.isin(np.arange(X.shape[1]), one_by_one(X, y, limit)),
        ),
        Mistake("a hole counted as 0: compare the rows where the column is known", holes_as_zero),
        Mistake(
            "that is the correlation, which one far-off value spoils: rank the rows, with auc",
            correlations,
        ),
        Mistake(
            "these are the columns that look honest: return those above the limit",
            lambda X, y, limit: np.setdiff1d(np.arange(X.shape[1]), one_by_one(X, y, limit)),
        ),
        Mistake(
            "no column was found: is it auc(y, column), with the labels first?",
            lambda X, y, limit: np.array([], dtype=int),
        ),
        Mistake(
            "only the best column was returned: several may leak",
            lambda X, y, limit: one_by_one(X, y, limit)[:1],
        ),
    ],
    use=in_use,
)
