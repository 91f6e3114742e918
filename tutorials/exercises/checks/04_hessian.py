"""How 04_hessian is checked."""

import math
from pathlib import Path

import numpy as np

import benchmarks
from mlcore import LogisticRegression
from mlcore.linear import infer
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

LOG3 = math.log(3)
ROWS = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])  # three of two: no shape fits by chance


def inputs(rng):
    n, d = rng.integers(1, 8), rng.integers(1, 4)
    A = np.column_stack([np.ones(n), rng.normal(0, 1, (n, d))])
    return A, rng.normal(0, 1, d + 1), rng.choice([0.0, 0.5])


def gradient(A, theta, alpha):
    """Return the gradient for labels that are all 0; others only add a constant."""
    return A.T @ (1 / (1 + np.exp(-A @ theta))) / len(A) + alpha * np.append(0.0, theta[1:])


def differences(function, rng):
    for _ in range(5):
        A, theta, alpha = inputs(rng)
        h = 1e-5
        near = np.array(
            [
                (gradient(A, theta + h * e, alpha) - gradient(A, theta - h * e, alpha)) / (2 * h)
                for e in np.eye(len(theta))
            ]
        )
        got = function(A, theta, alpha)
        same = np.shape(got) == near.shape and np.allclose(got, near, atol=1e-7)
        yield (A, theta, alpha), near, near if same else got


def symmetric(function, rng):
    A, theta, alpha = inputs(rng)
    H = function(A, theta, alpha)
    yield (A, theta, alpha), H.T, H


def one_by_one(A, theta, alpha):
    n, p = A.shape
    H = np.zeros((p, p))
    for i in range(n):
        chance = 1 / (1 + math.exp(-sum(A[i, j] * theta[j] for j in range(p))))
        for j in range(p):
            for k in range(p):
                H[j, k] += chance * (1 - chance) * A[i, j] * A[i, k] / n
    for j in range(1, p):
        H[j, j] += alpha
    return H


def wrong(weight, ridge=None):
    """Return the Hessian with another weight of a row, or another penalty (a function of p, alpha)."""

    def curvature(A, theta, alpha):
        p = 1 / (1 + np.exp(-A @ theta))
        H = (A * weight(p)[:, None]).T @ A / len(A)
        size = len(theta)
        return H + (
            alpha * np.diag(np.append(0.0, np.ones(size - 1)))
            if ridge is None
            else ridge(size, alpha)
        )

    return curvature


def right_weight(p):
    return p * (1 - p)


def in_use(function):
    file = Path(benchmarks.__file__).parent / "references" / "data" / "spector.csv"
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    X, y = table[:, :3], table[:, 3].astype(int)
    model = LogisticRegression().fit(X, y)
    theta = np.append(model.intercept_, model.coef_)
    H = function(np.column_stack([np.ones(len(y)), X]), theta, 0.0)
    yours = np.sqrt(np.diag(np.linalg.inv(len(y) * H)))
    ours = infer(model, X, y).standard_errors
    return (
        f"standard errors of Spector and Mazzeo's study by your Hessian: {yours.round(3).tolist()}; "
        f"{abs(yours - ours).max():.0e} from mlcore's"
    )


EXERCISE = Exercise(
    name="hessian",
    title="How the gradient changes",
    tutorial=2,
    hint="Multiply each row of A by its p (1 - p), with weight[:, None], then by A once more.",
    by_hand=[
        Case(
            (ROWS, np.array([LOG3, 0.0]), 0.0),
            np.array([[3 / 16, 3 / 16], [3 / 16, 5 / 16]]),
            "p (1 - p) is 3/16 in all rows",
        ),
        Case(
            (ROWS, np.array([0.0, 0.0]), 2.0),
            np.array([[0.25, 0.25], [0.25, 5 / 12 + 2.0]]),
            "the penalty curves theta_1 only",
        ),
    ],
    properties=[
        Property("it agrees with finite differences of the gradient", differences),
        Property("it is symmetric", symmetric),
    ],
    slow=one_by_one,
    inputs=inputs,
    mistakes=[
        Mistake(
            "you forgot to divide by n: it is the mean over the rows",
            lambda A, theta, alpha: (
                one_by_one(A, theta, 0.0) * len(A)
                + alpha * np.diag(np.append(0.0, np.ones(len(theta) - 1)))
            ),
        ),
        Mistake("the weights p (1 - p) are missing", wrong(np.ones_like)),
        Mistake("a row's weight is p (1 - p), not p", wrong(lambda p: p)),
        Mistake(
            "the weight is squared: put p (1 - p) on one side of the product only",
            wrong(lambda p: right_weight(p) ** 2),
        ),
        Mistake("the penalty is missing", wrong(right_weight, lambda size, alpha: 0.0)),
        Mistake(
            "the intercept is penalised; alpha is added from H[1, 1] on",
            wrong(right_weight, lambda size, alpha: alpha * np.eye(size)),
        ),
        Mistake(
            "alpha belongs on the diagonal only",
            wrong(right_weight, lambda size, alpha: alpha),
        ),
        Mistake(
            "alpha was added to all entries from H[1, 1] on; it belongs on the diagonal only",
            wrong(
                right_weight,
                lambda size, alpha: alpha * np.pad(np.ones((size - 1,) * 2), (1, 0))[:size, :size],
            ),
        ),
        Mistake(
            "a row's weight must meet its whole row: weight[:, None] is a column, (n, 1)",
            lambda A, theta, alpha: (A * right_weight(1 / (1 + np.exp(-A @ theta)))).T @ A,
        ),
        Mistake(
            "a * a multiplies entry by entry; the table of all products is np.outer(a, a)",
            lambda A, theta, alpha: np.tile(np.diag(one_by_one(A, theta, 0.0)), (len(theta), 1)),
        ),
    ],
    use=in_use,
)
