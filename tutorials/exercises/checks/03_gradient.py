"""How 03_gradient is checked."""

import math
from pathlib import Path

import numpy as np

import benchmarks
from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

LOG3 = math.log(3)
ROWS = np.array([[1.0, 0.0], [1.0, 2.0], [1.0, -2.0]])  # three of two: no shape fits by chance


def loss(A, y, theta, alpha):
    z = A @ theta
    return (np.logaddexp(0.0, z) - y * z).mean() + 0.5 * alpha * (theta[1:] ** 2).sum()


def inputs(rng):
    n, d = rng.integers(1, 8), rng.integers(1, 4)
    A = np.column_stack([np.ones(n), rng.normal(0, 1, (n, d))])
    alpha = rng.choice([0.0, 0.5])
    return A, rng.integers(0, 2, n), rng.normal(0, 1, d + 1), alpha


def differences(function, rng):
    for _ in range(5):
        A, y, theta, alpha = inputs(rng)
        h = 1e-4
        near = [
            (loss(A, y, theta + h * e, alpha) - loss(A, y, theta - h * e, alpha)) / (2 * h)
            for e in np.eye(len(theta))
        ]
        got = function(A, y, theta, alpha)
        same = np.shape(got) == np.shape(near) and np.allclose(got, near, atol=1e-6)
        yield (A, y, theta, alpha), np.array(near), np.array(near) if same else got


def intercept_is_free(function, rng):
    A, y, theta, _ = inputs(rng)
    free, held = function(A, y, theta, 0.0), function(A, y, theta, 10.0)
    yield (A, y, theta, 10.0), free[0], held[0]


def one_by_one(A, y, theta, alpha):
    n, p = A.shape
    slope = np.zeros(p)
    for i in range(n):
        z = sum(A[i, j] * theta[j] for j in range(p))
        for j in range(p):
            slope[j] += (1 / (1 + math.exp(-z)) - y[i]) * A[i, j] / n
    for j in range(1, p):
        slope[j] += alpha * theta[j]
    return slope


def wrong(scale=1.0, ridge=1.0, free=True):
    """Return the gradient with its parts multiplied; free: the intercept is not penalised."""

    def slopes(A, y, theta, alpha):
        kept = theta * np.append(0.0 if free else 1.0, np.ones(len(theta) - 1))
        return scale * one_by_one(A, y, theta, 0.0) + ridge * alpha * kept

    return slopes


def summed(A, y, theta, alpha):
    return wrong(scale=len(y))(A, y, theta, alpha)


def shared(A, y, theta, alpha):
    return wrong(ridge=1 / len(y))(A, y, theta, alpha)


def in_use(function):
    file = Path(benchmarks.__file__).parent / "references" / "data" / "spector.csv"
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    X, y = table[:, :3], table[:, 3].astype(int)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    A, theta, steps = np.column_stack([np.ones(len(y)), X]), np.zeros(4), 0
    while np.abs(slope := function(A, y, theta, 0.1)).max() > 1e-10:
        theta, steps = theta - 1.0 * slope, steps + 1
    ours = LogisticRegression(alpha=0.1).fit(X, y)
    gap = np.abs(theta - np.append(ours.intercept_, ours.coef_)).max()
    return f"plain descent with your gradient, {steps} steps: coefficients {gap:.0e} from mlcore's"


EXERCISE = Exercise(
    name="gradient",
    title="Which way the loss rises",
    tutorial=2,
    hint="Each row says (p - y) times its own columns; A.T @ (p - y) adds all the rows.",
    by_hand=[
        Case(
            (ROWS, np.array([1, 0, 1]), np.array([LOG3, 0.0]), 0.0),
            np.array([1 / 12, 2 / 3]),
            "p is 3/4 in all rows, so p - y is -1/4, 3/4 and -1/4",
        ),
        Case(
            (ROWS, np.array([1, 1, 0]), np.array([0.0, LOG3 / 2]), 1.0),
            np.array([-1 / 6, -1 / 3 + LOG3 / 2]),
            "p - y is -1/2, -1/4 and 1/4; the penalty adds theta_1",
        ),
        Case(
            (ROWS, np.array([0, 1, 0]), np.array([LOG3, 0.0]), 1.0),
            np.array([5 / 12, -2 / 3]),
            "only the intercept is not 0, and it is not penalised",
        ),
    ],
    properties=[
        Property("it agrees with finite differences of J", differences),
        Property("the penalty leaves the intercept's slope alone", intercept_is_free),
    ],
    slow=one_by_one,
    inputs=inputs,
    mistakes=[
        Mistake("you forgot to divide by n: it is the mean over the rows", summed),
        Mistake("the sign is wrong: p - y, not y - p, for J is minimised", wrong(scale=-1.0)),
        Mistake(
            "the penalty is missing: add alpha theta, but not to the intercept", wrong(ridge=0.0)
        ),
        Mistake("the penalty has the wrong sign: it pushes theta away from 0", wrong(ridge=-1.0)),
        Mistake(
            "the derivative of alpha/2 theta² is alpha theta, not twice that", wrong(ridge=2.0)
        ),
        Mistake(
            "the derivative of alpha/2 theta² is alpha theta, not half of that", wrong(ridge=0.5)
        ),
        Mistake(
            "A @ (p - y) goes along the rows; the sum over the rows is A.T @ (p - y)",
            lambda A, y, theta, alpha: A @ (1 / (1 + np.exp(-A @ theta)) - y),
        ),
        Mistake(
            "you divided by the number of columns; it is the mean over the n rows",
            lambda A, y, theta, alpha: wrong(scale=len(y) / len(theta))(A, y, theta, alpha),
        ),
        Mistake(
            "that is one mean of the whole table; each column has its own (axis=0)",
            lambda A, y, theta, alpha: (
                one_by_one(A, y, theta, 0.0).mean() + alpha * np.append(0.0, theta[1:])
            ),
        ),
        Mistake("only the loss is divided by n, not the penalty", shared),
        Mistake("the intercept is penalised; alpha theta starts at theta[1]", wrong(free=False)),
        Mistake(
            "z was compared with y; it is p = sigmoid(z) that is",
            lambda A, y, theta, alpha: (
                A.T @ (A @ theta - y) / len(y) + alpha * np.append(0.0, theta[1:])
            ),
        ),
    ],
    use=in_use,
)
