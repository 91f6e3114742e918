"""How 01_sigmoid is checked."""

import math

import numpy as np

from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def mirrored(function, rng):
    for z in rng.normal(0, 4, (5, 3)):
        yield (z,), 1 - function(z), function(-z)


def far_out(function, rng):
    z = np.array([-1000.0, -800.0, 800.0, 1000.0])
    with np.errstate(over="raise", invalid="raise"):  # as a warning would, in a learner's own run
        yield (z,), np.array([0.0, 0.0, 1.0, 1.0]), function(z)


def one_by_one(z):
    return np.array([1 / (1 + math.exp(-value)) for value in z])


def careless(z):
    with np.errstate(over="raise"):
        return 1 / (1 + np.exp(-z))


def in_use(function):
    hours, passed = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]), [0, 0, 1, 0, 1, 1]
    model = LogisticRegression().fit(hours, passed)
    ours = model.predict_proba(hours)[:, 1]
    yours = function(model.decision_function(hours))
    return f"six probabilities of mlcore's model, yours and ours differ by {abs(yours - ours).max():.0e}"


EXERCISE = Exercise(
    name="sigmoid",
    title="From a score to a probability",
    tutorial=2,
    hint=(
        "e = np.exp(-np.abs(z)) cannot overflow. Say both forms of tutorial 2 with it, one for z >= 0 and "
        "one for z < 0. np.where computes both for every z and then chooses, so both must be safe."
    ),
    by_hand=[
        Case((np.array([0.0]),), np.array([0.5]), "a score of 0 is a coin"),
        Case((np.array([math.log(3), -math.log(3)]),), np.array([0.75, 0.25]), "odds of 3 to 1"),
    ],
    properties=[
        Property("sigmoid(-z) is 1 - sigmoid(z)", mirrored),
        Property("far from 0 it is 0 or 1, and nothing overflows", far_out),
    ],
    slow=one_by_one,
    inputs=lambda rng: (rng.normal(0, 3, rng.integers(1, 8)),),
    mistakes=[
        Mistake("the sign is wrong: it is exp(-z), not exp(z)", lambda z: 1 / (1 + np.exp(z))),
        Mistake("that is tanh, which runs from -1 to 1", np.tanh),
        Mistake(
            "exp overflows for a large argument, also in the half that np.where does not choose: use "
            "exp(-|z|), which cannot",
            careless,
        ),
    ],
    use=in_use,
)
