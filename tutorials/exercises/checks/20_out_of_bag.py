"""How 20_out_of_bag is checked."""

import numpy as np

from mlcore import RandomForestClassifier
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def one_by_one(votes, bags, y):
    wrong = judged = 0
    for row in range(len(y)):
        mine = [votes[tree][row] for tree in range(len(votes)) if bags[tree][row] == 0]
        if mine:
            judged += 1
            wrong += int(sum(mine) / len(mine) > 0.5) != y[row]
    return wrong / judged if judged else np.nan


def random_forest(rng):
    t, n = rng.integers(1, 7), rng.integers(1, 9)
    votes = rng.choice([0.0, 0.25, 0.5, 0.75, 1.0], (t, n))
    return votes, rng.choice([0, 0, 1, 2], (t, n)), rng.integers(0, 2, n)


def seen_votes_do_not_count(function, rng):
    votes, bags, y = random_forest(rng)
    bags[0] = 0
    changed = np.where(bags > 0, 1 - votes, votes)
    yield (changed, bags, y), function(votes, bags, y), function(changed, bags, y)


def order_of_trees(function, rng):
    votes, bags, y = random_forest(rng)
    bags[-1] = 0
    yield (
        (votes[::-1], bags[::-1], y),
        function(votes, bags, y),
        function(votes[::-1], bags[::-1], y),
    )


def of_rows(judges, wrong_of_mean=lambda mean, y: (mean > 0.5) != (y == 1)):
    """Return a wrong version that asks other trees, or says otherwise of their mean."""

    def function(votes, bags, y):
        asked = judges(bags)
        judged = asked.any(axis=0)
        if not judged.any():
            return np.nan
        mean = (votes * asked).sum(axis=0)[judged] / asked.sum(axis=0)[judged]
        return float(np.mean(wrong_of_mean(mean, y[judged])))

    return function


def new(bags):
    return bags == 0


def divided_by_all(votes, bags, y):
    judged = (bags == 0).any(axis=0)
    return one_by_one(votes, bags, y) * judged.mean()


def hard_votes(votes, bags, y):
    return one_by_one((votes > 0.5).astype(float), bags, y)


def over_all_trees(votes, bags, y):
    judged = (bags == 0).any(axis=0)
    said = (votes * (bags == 0)).mean(axis=0) > 0.5
    return float((said != y)[judged].mean()) if judged.any() else np.nan


def nothing_is_zero(votes, bags, y):
    return one_by_one(votes, bags, y) if (bags == 0).any() else 0.0


def tree_by_tree(votes, bags, y):
    errors = [
        ((v > 0.5) != y)[b == 0].mean() for v, b in zip(votes, bags, strict=True) if (b == 0).any()
    ]
    return float(np.mean(errors)) if errors else np.nan


def in_use(function):
    rng = np.random.default_rng(0)
    X = rng.normal(0, 1, (250, 5))
    y = (X.sum(axis=1) + rng.normal(0, 2, 250) > 0).astype(int)
    forest = RandomForestClassifier(60, random_state=0).fit(X, y)
    votes = np.stack([tree.predict_proba(X)[:, 1] for tree in forest.estimators_])
    yours, ours = function(votes, forest.bags(), y), forest.out_of_bag_errors(X, y)[-1]
    return (
        f"a forest of 60 trees: its error out of bag is {yours:.1%} by yours, {ours:.1%} by mlcore's; "
        f"on the rows as they are {1 - forest.score(X, y):.1%}, for it knows them by heart"
    )


EXERCISE = Exercise(
    name="out_of_bag",
    title="Judge a forest by the rows its trees left out",
    tutorial=8,
    hint="bags == 0 is a mask of the same shape as votes: multiply by it, and sum over the trees.",
    by_hand=[
        Case(
            (
                np.array([[0.9, 0.7, 0.9, 0.9], [0.4, 0.9, 0.1, 0.9], [0.4, 0.6, 0.2, 0.9]]),
                np.array([[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]),
                np.array([1, 0, 1, 1]),
            ),
            0.5,
            "row 0 by all three: .57, right; row 1 by trees 0 and 2: .65, wrong; row 2 by trees 1 and "
            "2: .15, wrong; row 3 by all: .9, right",
        ),
        Case(
            (
                np.array(
                    [
                        [0.2, 0.2, 0.6, 0.0, 1.0],
                        [0.9, 0.2, 0.6, 0.0, 0.2],
                        [0.0, 1.0, 0.6, 0.6, 0.9],
                    ]
                ),
                np.array([[0, 0, 1, 2, 2], [0, 2, 0, 2, 1], [1, 2, 2, 0, 0]]),
                np.array([1, 1, 0, 1, 0]),
            ),
            0.6,
            "row 0 by trees 0 and 1: .55, right; row 1 by tree 0: .2, wrong; row 2 by tree 1: .6, "
            "wrong; row 3 by tree 2: .6, right; row 4 by tree 2: .9, wrong",
        ),
        Case(
            (
                np.array([[0.3, 1.0, 0.8, 0.9, 0.1], [0.7, 1.0, 0.9, 0.9, 0.1]]),
                np.array([[0, 1, 0, 0, 1], [0, 3, 0, 1, 0]]),
                np.array([0, 0, 0, 1, 0]),
            ),
            0.25,
            "row 0 has a tie, so class 0: right; row 1 was drawn by all and does not count; row 2 is "
            "wrong, rows 3 and 4 right",
        ),
        Case(
            (np.array([[1.0, 0.0]]), np.array([[1, 1]]), np.array([0, 0])),
            np.nan,
            "every row was drawn by every tree",
        ),
    ],
    properties=[
        Property("what a tree says of rows it has seen changes nothing", seen_votes_do_not_count),
        Property("the order of the trees does not matter", order_of_trees),
    ],
    slow=one_by_one,
    inputs=random_forest,
    mistakes=[
        Mistake(
            "all trees are asked, also those that have seen the row: that is the error on rows known "
            "by heart",
            of_rows(lambda bags: np.ones_like(bags)),
        ),
        Mistake(
            "the wrong trees are asked: bag 0 means that the tree has NOT seen the row",
            of_rows(lambda bags: bags > 0),
        ),
        Mistake(
            "that is the share of right rows; the error is the share of wrong ones",
            of_rows(new, lambda mean, y: (mean > 0.5) == (y == 1)),
        ),
        Mistake(
            "a mean of 1/2 is a tie, and goes to the lower class: `>`, not `>=`",
            of_rows(new, lambda mean, y: (mean >= 0.5) != (y == 1)),
        ),
        Mistake(
            "that is the mean of the trees' own errors: let them vote first, then count",
            tree_by_tree,
        ),
        Mistake(
            "each vote was made 0 or 1 before the mean: take the mean of the probabilities",
            hard_votes,
        ),
        Mistake(
            "the votes are divided by all trees: divide by how many left the row out",
            over_all_trees,
        ),
        Mistake("where no row can be judged the answer is nan, not 0", nothing_is_zero),
        Mistake(
            "the wrong rows are divided by all rows; divide by those that some tree left out",
            divided_by_all,
        ),
    ],
    use=in_use,
)
