"""How 06_backtracking is checked."""

import math

import numpy as np

from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def parabola(theta):
    return float(theta @ theta)


def barrier(theta):
    return float(theta[0] - np.log(theta[0]))  # nan below 0


def at_one(move):
    """Return the arguments for the parabola from theta = 1, where the slope is 2."""
    return parabola, np.array([1.0]), np.array([2.0]), np.array([move])


def not_defined(function, rng):
    for move, expected in ((-4.0, 0.5), (-8.0, 0.25), (-1.0, 1.0)):
        args = barrier, np.array([3.0]), np.array([2 / 3]), np.array([move])
        yield args, expected, function(*args)


def uphill(function, rng):
    for _ in range(3):
        theta = rng.normal(0, 1, 2)
        args = parabola, theta, 2 * theta, theta
        yield args, 0.0, function(*args)


def one_by_one(J, theta, g, move):
    slope = sum(float(a) * float(b) for a, b in zip(g, move, strict=True))
    for halvings in range(34):  # 2**-33 is the last above 1e-10
        t = 0.5**halvings
        there = J(theta + t * move)
        if not math.isnan(there) and there <= J(theta) + 1e-4 * t * slope:
            return t
    return 0.0


def inputs(rng):
    theta = rng.normal(0, 1, 3)
    return (
        parabola,
        theta,
        2 * theta,
        -(2.0 ** rng.integers(-2, 9)) * rng.uniform(0.5, 1, 3) * theta,
    )


def search(enough, first=1.0):
    """Return a search that takes the first t for which enough(there, here, t, slope)."""

    def found(J, theta, g, move):
        t = first
        while t > 1e-10:
            if enough(J(theta + t * move), J(theta), t, g @ move):
                return t
            t /= 2
        return 0.0

    return found


def armijo(there, here, t, slope):
    return there <= here + 1e-4 * t * slope


def in_use(function):
    X = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    y = np.array([0, 0, 1, 0, 1, 1])
    A, theta, steps = np.column_stack([np.ones(6), X]), np.zeros(2), 0

    def J(at):
        return float((np.logaddexp(0, A @ at) - y * (A @ at)).mean())

    while steps < 5000:
        g = A.T @ (1 / (1 + np.exp(-A @ theta)) - y) / 6
        t = function(J, theta, g, -64 * g)  # 64 is far too long a step
        if np.abs(g).max() < 1e-8 or t == 0:
            break
        theta, steps = theta - t * 64 * g, steps + 1
    ours = LogisticRegression().fit(X, y)
    gap = np.abs(theta - np.append(ours.intercept_, ours.coef_)).max()
    return f"a descent that tries a step of 64 and backtracks with yours: {gap:.0e} from mlcore's"


EXERCISE = Exercise(
    name="backtracking",
    title="Halve the step until it is worth it",
    tutorial=3,
    hint=(
        "Begin with t = 1.0; while t is above 1e-10, return t if it is good enough, else halve it. Ask "
        "`is it good?` and not `is it bad?`: every comparison with nan is false."
    ),
    by_hand=[
        Case(at_one(-1.0), 1.0, "the whole way leads to 0, the bottom"),
        Case(at_one(-2.0001), 0.5, "the whole way leads a little up, half of it to the bottom"),
        Case(at_one(-2.0), 0.5, "the whole way leads to -1, as high as before"),
        Case(at_one(-1.99999), 0.5, "the whole way leads down, but by less than was promised"),
        Case(at_one(-3.9994), 0.5, "half the way promises half as much"),
        Case(
            (parabola, np.array([0.0]), np.array([0.0]), np.array([0.0])),
            1.0,
            "no slope, no promise: 0 <= 0 is enough",
        ),
    ],
    properties=[
        Property("where J = theta - log(theta) is not defined, the step is halved", not_defined),
        Property("a way up leads nowhere: 0.0", uphill),
    ],
    slow=one_by_one,
    inputs=inputs,
    mistakes=[
        Mistake(
            "no t was good enough: is the point theta + t move, counted from theta each time?",
            lambda J, theta, g, move: search(armijo)(lambda at: J(2 * theta - at), theta, g, move),
        ),
        Mistake("the first t is 1, the whole way", search(armijo, first=0.5)),
        Mistake(
            "`<` where the contract says `<=`",
            search(lambda there, here, t, slope: there < here + 1e-4 * t * slope),
        ),
        Mistake(
            "a fall is not enough: it must be 1e-4 t |slope| at least",
            search(lambda there, here, t, slope: there < here),
        ),
        Mistake(
            "not to rise is not enough: J must fall by 1e-4 t |slope| at least",
            search(lambda there, here, t, slope: there <= here),
        ),
        Mistake(
            "the sign is wrong: slope is below 0, so it is added",
            search(lambda there, here, t, slope: there <= here - 1e-4 * t * slope),
        ),
        Mistake(
            "the promise shrinks with the way: 1e-4 t slope",
            search(lambda there, here, t, slope: there <= here + 1e-4 * slope),
        ),
        Mistake(
            "nan was taken for good: `while J(...) > ...` is false for it",
            search(lambda there, here, t, slope: not there > here + 1e-4 * t * slope),
        ),
        Mistake(
            "that is where the step leads; the function returns t",
            lambda J, theta, g, move: theta + one_by_one(J, theta, g, move) * move,
        ),
    ],
    use=in_use,
)
