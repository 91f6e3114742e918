"""How 13_gini is checked."""

from fractions import Fraction

import numpy as np

from mlcore import DecisionTreeClassifier
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def two_drawn(function, rng):
    """Gini is the chance that two pupils drawn with replacement are of different classes."""
    for counts in rng.integers(1, 5, (4, 1, 3)):
        labels = np.repeat(np.arange(3), counts[0])
        yield (counts,), [(labels[:, None] != labels).mean()], function(counts)


def twice_as_many(function, rng):
    for counts in rng.integers(1, 9, (4, 3, 3)):
        yield (2 * counts,), function(counts), function(2 * counts)


def one_by_one(counts):
    found = []
    for row in counts:
        n = sum(int(c) for c in row)
        found.append(float(1 - sum(Fraction(int(c), n) ** 2 for c in row)))
    return np.array(found)


def inputs(rng):
    counts = rng.integers(0, 9, (rng.integers(1, 5), rng.integers(1, 5)))
    counts[:, 0] += counts.sum(axis=1) == 0  # no node is empty
    return (counts,)


def entropy(counts):
    p = counts / counts.sum(axis=1, keepdims=True)
    return -(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=1)


def in_use(function):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(200, 4))
    y = (X[:, 0] + rng.normal(size=200) > 0).astype(int)
    tree = DecisionTreeClassifier().fit(X, y).tree_
    yours = function(np.rint(tree.value * tree.weighted_n_node_samples[:, None]))
    off = abs(yours - tree.impurity).max()
    return f"the {tree.node_count} nodes of an mlcore tree: yours and ours differ by {off:.0e}"


EXERCISE = Exercise(
    name="gini",
    title="How mixed a node is",
    tutorial=6,
    hint="First turn each row of counts into shares: divide by its own sum, with keepdims=True.",
    by_hand=[
        Case((np.array([[3, 1]]),), [0.375], "shares 3/4 and 1/4: 1 - 9/16 - 1/16"),
        Case(
            (np.array([[2, 4], [5, 0], [1, 1]]),),
            [4 / 9, 0.0, 0.5],
            "three nodes: 1 - 1/9 - 4/9; all of one class; half and half",
        ),
        Case((np.array([[2, 2, 2]]),), [2 / 3], "three classes of a third each"),
    ],
    properties=[
        Property("it is the chance that two pupils drawn are of different classes", two_drawn),
        Property("with twice as many pupils of each class it is the same", twice_as_many),
    ],
    slow=one_by_one,
    inputs=inputs,
    mistakes=[
        Mistake(
            "each row is to be divided by its own sum: keepdims=True keeps the sums as a column, (m, 1)",
            lambda counts: 1 - ((counts / counts.sum(axis=1)) ** 2).sum(axis=1),
        ),
        Mistake(
            "that is entropy, with natural logarithms; Gini squares the shares",
            lambda counts: entropy(counts) * np.log(2),
        ),
        Mistake(
            "that is the sum of the squared shares, which is high where a node is pure: take it from 1",
            lambda counts: ((counts / counts.sum(axis=1, keepdims=True)) ** 2).sum(axis=1),
        ),
        Mistake(
            "you squared the counts themselves; divide by the number of pupils in the node first",
            lambda counts: 1 - (counts**2).sum(axis=1),
        ),
        Mistake("that is entropy, with log base 2; Gini squares the shares", entropy),
        Mistake(
            "that is the share of pupils not of the commonest class; Gini squares every share",
            lambda counts: 1 - counts.max(axis=1) / counts.sum(axis=1),
        ),
        Mistake(
            "that is the impurity times the number of pupils; leave it as a share",
            lambda counts: counts.sum(axis=1) - (counts**2).sum(axis=1) / counts.sum(axis=1),
        ),
        Mistake(
            "you divided by the sum of all nodes together; each row has its own sum (axis=1)",
            lambda counts: 1 - ((counts / counts.sum()) ** 2).sum(axis=1),
        ),
        Mistake(
            "you summed down the columns, over nodes; the classes of a node are in a row (axis=1)",
            lambda counts: 1 - ((counts / counts.sum(axis=0)) ** 2).sum(axis=0),
        ),
    ],
    use=in_use,
)
