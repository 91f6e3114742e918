"""How 05_newton_step is checked."""

from pathlib import Path

import numpy as np

import benchmarks
from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def inputs(rng):
    p = rng.integers(1, 5)
    half = rng.normal(0, 1, (p + 3, p))
    return rng.normal(0, 1, p), rng.normal(0, 1, p), half.T @ half / len(half) + 0.1 * np.eye(p)


def lands(function, rng):
    for _ in range(3):
        theta, least, H = inputs(rng)
        yield (theta, H @ (theta - least), H), least, function(theta, H @ (theta - least), H)


def eliminated(theta, g, H):
    """Solve H s = g by Gauss's elimination, without exchanging rows: H is positive definite."""
    p = len(g)
    rows = [[*map(float, H[j]), float(g[j])] for j in range(p)]
    for j in range(p):
        for k in range(j + 1, p):
            share = rows[k][j] / rows[j][j]
            rows[k] = [a - share * b for a, b in zip(rows[k], rows[j], strict=True)]
    s = [0.0] * p
    for j in reversed(range(p)):
        s[j] = (rows[j][p] - sum(rows[j][k] * s[k] for k in range(j + 1, p))) / rows[j][j]
    return np.array([theta[j] - s[j] for j in range(p)])


def in_use(function):
    file = Path(benchmarks.__file__).parent / "references" / "data" / "spector.csv"
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    X, y = table[:, :3], table[:, 3].astype(int)
    A, theta, steps = np.column_stack([np.ones(len(y)), X]), np.zeros(4), 0
    while True:
        p = 1 / (1 + np.exp(-A @ theta))
        g = A.T @ (p - y) / len(y)
        if np.abs(g).max() < 1e-9 or steps == 50:
            break
        theta, steps = function(theta, g, (A * (p * (1 - p))[:, None]).T @ A / len(y)), steps + 1
    ours = LogisticRegression().fit(X, y)
    gap = np.abs(theta - np.append(ours.intercept_, ours.coef_)).max()
    return (
        f"{steps} of your steps on columns as they are: {theta.round(3).tolist()}, {gap:.0e} from "
        "mlcore's"
    )


EXERCISE = Exercise(
    name="newton_step",
    title="A step that knows the curvature",
    tutorial=3,
    hint="Find s with H s = g by np.linalg.solve, then take s away from theta.",
    by_hand=[
        Case(
            (np.array([1.0]), np.array([3.0]), np.array([[2.0]])),
            np.array([-0.5]),
            "slope 3, curvature 2: go 3/2 down",
        ),
        Case(
            (np.array([0.0, 1.0]), np.array([3.0, 0.0]), np.array([[2.0, 1.0], [1.0, 2.0]])),
            np.array([-2.0, 2.0]),
            "s = (2, -1) gives H s = (3, 0)",
        ),
    ],
    properties=[Property("on a surface of constant curvature one step lands at the bottom", lands)],
    slow=eliminated,
    inputs=inputs,
    mistakes=[
        Mistake(
            "the sign is wrong: that goes up the hill",
            lambda theta, g, H: theta + np.linalg.solve(H, g),
        ),
        Mistake("H is multiplied; it is H⁻¹ that is wanted", lambda theta, g, H: theta - H @ g),
        Mistake(
            "that is the step; the function returns where it leads, theta less the step",
            lambda theta, g, H: np.linalg.solve(H, g),
        ),
        Mistake(
            "that is a plain gradient step: the curvature is missing", lambda theta, g, H: theta - g
        ),
        Mistake(
            "only the diagonal of H was used; columns that go together need all of it",
            lambda theta, g, H: theta - g / np.diag(H),
        ),
        Mistake(
            "g / H divides entry by entry; what is wanted is the s with H s = g",
            lambda theta, g, H: theta - g / H,
        ),
        Mistake(
            "1 / H divides entry by entry; the inverse of a matrix is something else",
            lambda theta, g, H: theta - (1 / H) @ g,
        ),
    ],
    tolerance=1e-7,
    use=in_use,
)
