"""How 02_log_loss is checked."""

import math

import numpy as np

from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property

LOG3 = math.log(3)


def moved(function, rng):
    for _ in range(5):
        y, z = rng.integers(0, 2, 6), rng.normal(0, 2, 6)
        yield (y, z), function(1 - y, -z), function(y, z)


def far_out(function, rng):
    y, z = np.array([1, 0]), np.array([-1000.0, 1000.0])
    yield (y, z), 1000.0, function(y, z)


def one_by_one(y, z):
    total = 0.0
    for label, score in zip(y, z, strict=True):
        p = 1 / (1 + math.exp(-score))
        total += -math.log(p) if label == 1 else -math.log(1 - p)
    return total / len(y)


def rows(y, z):
    return np.logaddexp(0.0, z) - y * z


def clipped(y, z):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def in_use(function):
    X = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    y = np.array([0, 0, 1, 0, 1, 1])
    model = LogisticRegression().fit(X, y)
    yours = function(y, model.decision_function(X))
    return (
        f"the loss mlcore reached on six rows is {model.loss_curve_[-1]:.6f}, by yours {yours:.6f}"
    )


EXERCISE = Exercise(
    name="log_loss",
    title="The loss that likelihood asks for",
    tutorial=2,
    hint="np.logaddexp(a, b) is log(exp(a) + exp(b)) without overflow, and 1 is exp(0).",
    by_hand=[
        Case(
            (np.array([1, 1, 0]), np.array([LOG3, LOG3, 0.0])),
            (2 * math.log(4 / 3) + math.log(2)) / 3,
            "twice 3/4 was said of what happened, once 1/2",
        ),
        Case((np.array([0]), np.array([LOG3])), math.log(4), "1/4 was said of what happened"),
    ],
    properties=[
        Property("turning labels and scores round changes nothing", moved),
        Property("a score of 1000 on the wrong side costs 1000", far_out),
    ],
    slow=one_by_one,
    inputs=lambda rng: (rng.integers(0, 2, n := rng.integers(1, 9)), rng.normal(0, 3, n)),
    mistakes=[
        Mistake("y z is taken off, not added", lambda y, z: (rows(y, z) + 2 * y * z).mean()),
        Mistake("you forgot to divide by n: it is the mean", lambda y, z: rows(y, z).sum()),
        Mistake("log base 2: natural logarithms", lambda y, z: rows(y, z).mean() / math.log(2)),
        Mistake(
            "that is the log-likelihood, which is below 0; the loss is minus that",
            lambda y, z: -rows(y, z).mean(),
        ),
        Mistake(
            "rows with y = 0 cost something too: -log(1 - p)",
            lambda y, z: (y * np.logaddexp(0.0, -z)).mean(),
        ),
        Mistake(
            "the labels are the wrong way round: y z is taken off where y is 1",
            lambda y, z: rows(1 - y, z).mean(),
        ),
        Mistake(
            "exp(z) overflowed, or p rounded to 0 or 1: np.logaddexp(0, z) does neither",
            lambda y, z: (np.log(1 + np.exp(z)) - y * z).mean(),
        ),
        Mistake("a p that is clipped hides how wrong the score was: work from z", clipped),
    ],
    use=in_use,
)
