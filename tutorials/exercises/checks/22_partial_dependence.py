"""How 22_partial_dependence is checked."""

import numpy as np

from mlcore import RandomForestClassifier, inspection
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def product(X):
    """Predict column 0 times column 1."""
    return np.asarray(X)[:, 0] * np.asarray(X)[:, 1]


def product_and_square(X):
    """Predict column 0 times the last column, plus the square of the last."""
    X = np.asarray(X)
    return X[:, 0] * X[:, -1] + X[:, -1] ** 2


def row_by_row(predict, X, j, grid):
    means = []
    for value in grid:
        total = 0.0
        for row in X:
            changed = [float(cell) for cell in row]
            changed[j] = float(value)
            total += predict(np.array([changed]))[0]
        means.append(total / len(X))
    return np.array(means)


def random_task(rng):
    n, d = rng.integers(1, 6), rng.integers(2, 4)
    X = rng.integers(-3, 4, (n, d))
    X = X if rng.random() < 0.5 else X + rng.random((n, d))
    return (
        product_and_square,
        X,
        int(rng.integers(d)),
        np.sort(rng.normal(0, 2, rng.integers(1, 5))),
    )


def unused_column_is_flat(function, rng):
    X, grid = rng.normal(0, 1, (4, 3)), np.array([-1.0, 0.0, 5.0])
    args = product_and_square, X, 1, grid
    yield args, np.full(3, product_and_square(X).mean()), function(*args)


def linear_stays_linear(function, rng):
    def line(X):
        """Predict 3 times column 0 less column 1."""
        return 3 * X[:, 0] - X[:, 1]

    X, grid = rng.normal(0, 1, (5, 2)), np.array([0.0, 1.0, 2.0])
    yield (line, X, 0, grid), np.array([3.0, 3.0]), np.diff(function(line, X, 0, grid))


def at_the_mean_row(predict, X, j, grid):
    return row_by_row(predict, X.mean(axis=0, keepdims=True), j, grid)


def rounded_by_whole_numbers(predict, X, j, grid):
    means = []
    for value in grid:
        changed = X.copy()
        changed[:, j] = value
        means.append(np.mean(predict(changed)))
    return np.array(means)


def mean_of_rows_that_have_it(predict, X, j, grid):
    nearest = [np.abs(X[:, j] - value) == np.abs(X[:, j] - value).min() for value in grid]
    return np.array([np.mean(predict(X[rows])) for rows in nearest])


def curves(predict, X, j, grid):
    lines = []
    for row in X:
        changed = np.repeat(row[None].astype(float), len(grid), axis=0)
        changed[:, j] = grid
        lines.append(predict(changed))
    return np.array(lines)  # (n, v)


def a_row_is_set(predict, X, j, grid):
    means = []
    for value in grid:
        changed = X.astype(float)
        changed[j] = value
        means.append(np.mean(predict(changed)))
    return np.array(means)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (300, 3))
    y = (X @ [2.0, 1.0, 0.0] + rng.normal(0, 1, 300) > 0).astype(int)
    forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=0).fit(X, y)
    ours = inspection.partial_dependence(forest, X, 0, grid_resolution=5)
    grid = ours.grid_values[0]
    yours = function(lambda rows: forest.predict_proba(rows)[:, 1], X, 0, grid)
    shown = ", ".join(f"{value:.2f}" for value in yours)
    return (
        f"a forest's mean probability over five values of a column: {shown}; yours and mlcore's "
        f"differ by {abs(yours - ours.average[0]).max():.0e}"
    )


EXERCISE = Exercise(
    name="partial_dependence",
    title="What the model says when a column is set",
    tutorial=10,
    hint="X.astype(float) is a copy that can hold a value such as 0.5; set its whole column j.",
    by_hand=[
        Case(
            (product, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]), 0, np.array([0.5, 2.0])),
            np.array([2.5, 10.0]),
            "with .5 in column 0 the products are 1, 2 and 4.5; with 2 they are 4, 8 and 18",
        ),
        Case(
            (
                product_and_square,
                np.array([[1, 0], [1, 2], [4, 4]]),
                1,
                np.array([0.5, 2.0]),
            ),
            np.array([1.25, 8.0]),
            "with .5 in column 1: .5 + .25, .5 + .25 and 2 + .25; X holds whole numbers",
        ),
        Case(
            (product_and_square, np.array([[0.0, 1.0], [0.0, 3.0]]), 0, np.array([0.0])),
            np.array([5.0]),
            "the mean of the squares 1 and 9, not the square of their mean",
        ),
    ],
    properties=[
        Property("of a column that the model does not use it is flat", unused_column_is_flat),
        Property("of a line it has the line's slope", linear_stays_linear),
    ],
    slow=row_by_row,
    inputs=random_task,
    mistakes=[
        Mistake(
            "that is the sum over the rows: take the mean",
            lambda predict, X, j, grid: row_by_row(predict, X, j, grid) * len(X),
        ),
        Mistake(
            "that is the mean over the grid, one for each row: take the mean over the rows",
            lambda predict, X, j, grid: curves(predict, X, j, grid).mean(axis=1),
        ),
        Mistake(
            "those are the curves of the single rows (ICE): take their mean over the rows", curves
        ),
        Mistake(
            "those are the curves of the single rows (ICE): take their mean over the rows",
            lambda *args: curves(*args).T,
        ),
        Mistake(
            "that is the mean of the rows that have about this value, where the other columns differ "
            "too: set the value in every row",
            mean_of_rows_that_have_it,
        ),
        Mistake("X[j] is a row: set the column, X[:, j]", a_row_is_set),
        Mistake(
            "that is the change since the first value of the grid",
            lambda *args: row_by_row(*args) - row_by_row(*args)[0],
        ),
        Mistake(
            "X holds whole numbers, which cut .5 down to 0: copy it as float",
            rounded_by_whole_numbers,
        ),
        Mistake(
            "that is what the model says of the mean row: take the mean of what it says of all rows",
            at_the_mean_row,
        ),
    ],
    use=in_use,
)
