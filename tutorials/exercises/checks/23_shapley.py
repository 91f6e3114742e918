"""How 23_shapley is checked."""

from itertools import combinations, permutations

import numpy as np

from mlcore import LogisticRegression
from mlcore.inspection import linear_shap
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def gloves(S):
    """Make 1 with a left glove (player 0) and a right one (players 1 and 2)."""
    return 1.0 if 0 in S and len(set(S)) > 1 else 0.0


def wages(S):
    """Make 2 with player 0, 5 with player 1, -3 with player 2, and 1 whoever is there."""
    return 1.0 + sum((2.0, 5.0, -3.0)[j] for j in set(S))


def game(table):
    """Return the value of a table from sets of players to numbers."""

    def value(S):
        """Look the team up in a table."""
        return table[frozenset(S)]

    return value


def subsets(players):
    return [set(team) for size in range(len(players) + 1) for team in combinations(players, size)]


def random_game(rng, d):
    return game({frozenset(S): float(rng.integers(-9, 10)) for S in subsets(range(d))})


def order_by_order(value, d):
    shares, orders = np.zeros(d), list(permutations(range(d)))
    for order in orders:
        team = set()
        for player in order:
            shares[player] += value(team | {player}) - value(team)
            team.add(player)
    return shares / len(orders)


def random_task(rng):
    d = int(rng.integers(1, 5))
    return random_game(rng, d), d


def add_up(function, rng):
    for d in (1, 2, 4):
        value = random_game(rng, d)
        yield (value, d), value(range(d)) - value(()), np.sum(function(value, d))


def of_a_sum(function, rng):
    first, second = random_game(rng, 3), random_game(rng, 3)

    def both(S):
        """Make what two games make together."""
        return first(S) + second(S)

    yield (both, 3), function(first, 3) + function(second, 3), function(both, 3)


def idle(function, rng):
    def only_the_last(S):
        """Make 4 with player 2."""
        return 4.0 if 2 in S else 0.0

    yield (only_the_last, 3), np.array([0.0, 0.0, 4.0]), function(only_the_last, 3)


def weighted(weight, keep=lambda S: True):
    """Return a wrong version with another weight for a team of some size, or fewer teams."""

    def function(value, d):
        shares = np.zeros(d)
        for j in range(d):
            for S in subsets([i for i in range(d) if i != j]):
                if keep(S):
                    shares[j] += weight(len(S), d) * (value(S | {j}) - value(S))
        return shares

    return function


def right(size, d):
    return 1 / (d * len(list(combinations(range(d - 1), size))))


def without_the_largest(value, d):
    shares = np.zeros(d)
    for j in range(d):
        for S in subsets([i for i in range(d) if i != j]):
            if len(S) < d - 1:
                shares[j] += right(len(S), d) * (value(S | {j}) - value(S))
    return shares


def mean_of_values(value, d):
    shares = np.zeros(d)
    for j in range(d):
        for S in subsets([i for i in range(d) if i != j]):
            shares[j] += right(len(S), d) * value(S | {j})
    return shares


def one_order(value, d):
    return np.array([value(set(range(j + 1))) - value(set(range(j))) for j in range(d)])


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (200, 3))
    y = (X @ [2.0, 1.0, 0.0] + rng.normal(0, 1, 200) > 0).astype(int)
    model, row, mean = LogisticRegression().fit(X, y), X[0], X.mean(axis=0)

    def log_odds(S):
        known = [j in S for j in range(3)]
        return float(model.decision_function(np.where(known, row, mean)[None])[0])

    yours, ours = function(log_odds, 3), linear_shap(model, X[:1], X).values[0]
    shown = ", ".join(f"{share:+.2f}" for share in yours)
    return (
        f"what moved a logistic regression's log-odds for one row: {shown}; yours and mlcore's differ "
        f"by {abs(yours - ours).max():.0e}"
    )


EXERCISE = Exercise(
    name="shapley",
    title="Share out a prediction",
    tutorial=10,
    hint="itertools.combinations(others, size) gives the teams of one size; {*team, j} adds player j.",
    by_hand=[
        Case(
            (gloves, 3),
            np.array([4 / 6, 1 / 6, 1 / 6]),
            "of the six orders player 0 completes a pair in four, player 1 in one and player 2 in one",
        ),
        Case(
            (wages, 3),
            np.array([2.0, 5.0, -3.0]),
            "each adds the same to every team; the 1 that is there without anyone is nobody's",
        ),
    ],
    properties=[
        Property("the shares sum to what all make, less what there is without anyone", add_up),
        Property("of two games together they are the sums of each game's", of_a_sum),
        Property("who never adds anything has 0", idle),
    ],
    slow=order_by_order,
    inputs=random_task,
    mistakes=[
        Mistake(
            "the sign is wrong: it is the value with j less the value without",
            lambda value, d: -order_by_order(value, d),
        ),
        Mistake("that is the mean value of the teams with j, not what j adds", mean_of_values),
        Mistake(
            "the empty set is left out: j may be the first to arrive", weighted(right, lambda S: S)
        ),
        Mistake(
            "the set of all others is left out: sizes go from 0 to d - 1, as range(d) does",
            without_the_largest,
        ),
        Mistake(
            "the weight has (d - 1 - |S|)!, not (d - |S|)!: j itself is not among those who come later",
            weighted(lambda size, d: right(size, d) * (d - size)),
        ),
        Mistake(
            "that is the sum over all orders: divide by d!",
            weighted(lambda size, d: right(size, d) * (1, 1, 2, 6, 24)[d]),
        ),
        Mistake(
            "that is the sum of the sizes' means: divide by d",
            weighted(lambda size, d: right(size, d) * d),
        ),
        Mistake(
            "all teams weigh the same (that is Banzhaf's index): the weight depends on the size",
            weighted(lambda size, d: 1 / 2 ** (d - 1)),
        ),
        Mistake(
            "that is what j adds when all others are there already: average over all teams",
            lambda value, d: np.array(
                [value(set(range(d))) - value(set(range(d)) - {j}) for j in range(d)]
            ),
        ),
        Mistake(
            "that is what j makes alone: average over all teams",
            lambda value, d: np.array([value({j}) - value(set()) for j in range(d)]),
        ),
        Mistake("that is one order of arrival, 0, 1, 2: average over all of them", one_order),
    ],
    use=in_use,
)
