"""How 07_proximal_step is checked."""

import numpy as np

from mlcore import LogisticRegression
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def inputs(rng):
    p = rng.integers(1, 6)
    lasso = np.append(0.0, rng.choice([0.0, 0.5, 2.0], p - 1))
    return rng.normal(0, 1, p), rng.normal(0, 1, p), rng.choice([0.25, 0.5, 1.0]), lasso


def least_of_model(function, rng):
    """The step is where (x - moved)² / (2 step) + lasso |x| is least; all of a fine grid is not."""
    for _ in range(3):
        theta, g, step, lasso = inputs(rng)
        x = function(theta, g, step, lasso)
        grid = np.linspace(-6, 6, 2401)[:, None]
        moved = theta - step * g
        least = ((grid - moved) ** 2 / (2 * step) + lasso * abs(grid)).min(axis=0)
        value = (x - moved) ** 2 / (2 * step) + lasso * abs(x)
        yield (theta, g, step, lasso), np.ones(len(theta), dtype=bool), value <= least + 1e-12


def small_ones_are_zero(function, rng):
    theta, lasso = rng.uniform(-0.9, 0.9, 4), np.ones(4)
    yield (theta, np.zeros(4), 1.0, lasso), np.zeros(4), function(theta, np.zeros(4), 1.0, lasso)


def one_by_one(theta, g, step, lasso):
    new = []
    for j in range(len(theta)):
        moved, amount = theta[j] - step * g[j], step * lasso[j]
        if moved > amount:
            new.append(moved - amount)
        elif moved < -amount:
            new.append(moved + amount)
        else:
            new.append(0.0)
    return np.array(new)


def soft(x, amount):
    return np.sign(x) * np.maximum(np.abs(x) - amount, 0.0)


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (200, 6))
    y = (X[:, 0] - X[:, 1] + rng.logistic(size=200) > 0).astype(int)
    A, theta, lasso = (
        np.column_stack([np.ones(200), X]),
        np.zeros(7),
        np.append(0, np.full(6, 0.08)),
    )
    for _ in range(500):
        g = A.T @ (1 / (1 + np.exp(-A @ theta)) - y) / 200
        theta = function(theta, g, 1.0, lasso)
    ours = LogisticRegression(alpha=0.08, l1_ratio=1.0).fit(X, y).coef_[0]
    return (
        f"500 of your steps on six columns: {int((theta[1:] == 0).sum())} coefficients are exactly 0, "
        f"in mlcore's lasso {int((ours == 0).sum())}; they differ by {abs(theta[1:] - ours).max():.0e}"
    )


EXERCISE = Exercise(
    name="proximal_step",
    title="A step that lands on exact zeros",
    tutorial=4,
    hint="np.sign(moved) keeps the side, np.maximum(abs(moved) - amount, 0) shortens and stops.",
    by_hand=[
        Case(
            (
                np.array([2.0, -0.5, 0.2]),
                np.array([2.0, -4.0, 0.0]),
                0.5,
                np.array([0.0, 2.0, 2.0]),
            ),
            np.array([1.0, 0.5, 0.0]),
            "moved is (1, 1.5, 0.2); all but the first come nearer to 0 by 1/2 times 2, or stop at 0",
        ),
        Case(
            (np.array([0.4, -3.0]), np.array([0.0, 0.0]), 0.5, np.array([1.0, 1.0])),
            np.array([0.0, -2.5]),
            "0.4 would pass 0, so it stops there",
        ),
    ],
    properties=[
        Property("all that is nearer to 0 than the threshold becomes 0", small_ones_are_zero),
        Property("no other x has a smaller (x - moved)² / (2 step) + lasso |x|", least_of_model),
    ],
    slow=one_by_one,
    inputs=inputs,
    mistakes=[
        Mistake("the threshold is step times lasso", lambda t, g, s, a: soft(t - s * g, a)),
        Mistake(
            "the sign is wrong: theta - step g goes down", lambda t, g, s, a: soft(t + s * g, s * a)
        ),
        Mistake(
            "the threshold comes after the gradient step, not before",
            lambda t, g, s, a: soft(t, s * a) - s * g,
        ),
        Mistake("the step is missing from step g", lambda t, g, s, a: soft(t - g, s * a)),
        Mistake(
            "the lasso was taken for a slope, which passes 0 and comes back for ever: stop at 0",
            lambda t, g, s, a: t - s * g - s * a * np.sign(t - s * g),
        ),
        Mistake("the threshold is missing: bring moved nearer to 0", lambda t, g, s, a: t - s * g),
        Mistake(
            "it is the sign of moved that is kept, not that of theta",
            lambda t, g, s, a: np.sign(t) * np.maximum(np.abs(t - s * g) - s * a, 0.0),
        ),
        Mistake(
            "that is a hard threshold: what is kept must also be brought nearer to 0",
            lambda t, g, s, a: np.where(np.abs(t - s * g) <= s * a, 0.0, t - s * g),
        ),
        Mistake(
            "negative entries were lost: shorten abs(moved), then give the sign back",
            lambda t, g, s, a: np.maximum(t - s * g - s * a, 0.0),
        ),
        Mistake(
            "the sign was lost: multiply by np.sign(moved)",
            lambda t, g, s, a: np.maximum(np.abs(t - s * g) - s * a, 0.0),
        ),
    ],
    use=in_use,
)
