"""How 17_prune is checked."""

import copy
from fractions import Fraction

import numpy as np

from mlcore import DecisionTreeClassifier
from mlcore.tree import pruning_sequence
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def leaf(zeros, ones):
    return {"counts": [zeros, ones]}


def split(feature, threshold, left, right):
    counts = [a + b for a, b in zip(left["counts"], right["counts"], strict=True)]
    return {
        "counts": counts, "feature": feature, "threshold": threshold, "left": left, "right": right,
    }  # fmt: skip


def splits(node):
    """Return the nodes that are split, each before those below it, left before right."""
    if "left" not in node:
        return []
    return [node, *splits(node["left"]), *splits(node["right"])]


def leaves(node):
    return leaves(node["left"]) + leaves(node["right"]) if "left" in node else [node]


def cost(node, n):
    n_t = sum(node["counts"])
    return Fraction(n_t, n) * (1 - sum(Fraction(c, n_t) ** 2 for c in node["counts"]))


def misclassified(node, n):
    return Fraction(min(node["counts"]), n)


def cut(tree, number):
    """Return the tree with the split of a number in the walk made a leaf."""
    smaller = copy.deepcopy(tree)
    gone = splits(smaller)[number]
    for key in ("feature", "threshold", "left", "right"):
        del gone[key]
    return smaller


def in_fractions(tree):
    """Return the answer by a list of all splits and exact arithmetic."""
    n = sum(tree["counts"])
    alphas = []
    for node in splits(tree):
        below = leaves(node)
        alphas.append((cost(node, n) - sum(cost(t, n) for t in below)) / (len(below) - 1))
    weakest = alphas.index(min(alphas))
    return float(alphas[weakest]), cut(tree, weakest)


def some_tree(rng, depth):
    """Return a random tree whose leaves hold 0 to 4 pupils of each kind."""
    if depth == 0 or rng.random() < 0.2:
        zeros, ones = rng.integers(0, 5, 2).tolist()
        return leaf(zeros + (zeros + ones == 0), ones)
    sides = some_tree(rng, depth - 1), some_tree(rng, depth - 1)
    return split(int(rng.integers(0, 3)), float(rng.integers(0, 9)), *sides)


def inputs(rng):
    while True:
        tree = some_tree(rng, 3)
        if "left" in tree:
            return (tree,)


def twice_the_pupils(function, rng):
    def twice(node):
        if "left" not in node:
            return leaf(*(2 * c for c in node["counts"]))
        return split(node["feature"], node["threshold"], twice(node["left"]), twice(node["right"]))

    for _ in range(5):
        (tree,) = inputs(rng)
        alpha, smaller = function(tree)
        yield (twice(tree),), (alpha, twice(smaller)), function(twice(tree))


def alphas_rise(function, rng):
    for _ in range(5):
        (tree,) = inputs(rng)
        before = -1.0
        while "left" in tree:
            alpha, smaller = function(tree)
            yield (tree,), True, alpha >= before - 1e-9
            yield (tree,), True, len(leaves(smaller)) < len(leaves(tree))
            before, tree = alpha, smaller


def wrong(cost=cost, less=1, greatest=False, last=False, lowest_only=False, own_gain=False,
          share_of_all=True):  # fmt: skip
    """Return a version with one thing wrong."""

    def prune(tree):
        n, alphas = sum(tree["counts"]), []
        for node in splits(tree):
            n_here = n if share_of_all else sum(node["counts"])
            below = [node["left"], node["right"]] if own_gain else leaves(node)
            saved = cost(node, n_here) - sum(cost(t, n_here) for t in below)
            alphas.append(saved / (len(below) - less))
            if lowest_only and len(leaves(node)) > 2:
                alphas[-1] = Fraction(99)
        wanted = max(alphas) if greatest else min(alphas)
        places = [i for i, alpha in enumerate(alphas) if alpha == wanted]
        place = places[-1 if last else 0]
        return float(alphas[place]), cut(tree, place)

    return prune


def impurity_alone(node, n):
    return cost(node, sum(node["counts"]))


def as_dict(tree, node=0):
    """Return an mlcore tree as the dict of the exercises."""
    shares = tree.value[node] * tree.weighted_n_node_samples[node]
    counts = {"counts": np.rint(shares).astype(int).tolist()}
    if tree.children_left[node] < 0:
        return counts
    return counts | {
        "feature": int(tree.feature[node]),
        "threshold": float(tree.threshold[node]),
        "left": as_dict(tree, tree.children_left[node]),
        "right": as_dict(tree, tree.children_right[node]),
    }


def in_use(function):
    rng = np.random.default_rng(17)
    X = rng.integers(0, 20, (150, 3)).astype(float)
    y = (X[:, 0] + rng.normal(0, 6, 150) > 12).astype(int)
    tree = DecisionTreeClassifier().fit(X, y).tree_
    smaller, yours = as_dict(tree), []
    while "left" in smaller:
        alpha, smaller = function(smaller)
        yours.append(alpha)
    ours = pruning_sequence(tree).ccp_alphas[1:]
    same = len(yours) == len(ours) and np.allclose(yours, ours)
    return (
        f"a tree of {tree.n_leaves} leaves cut back to its root in {len(yours)} steps, "
        f"{'with' if same else 'not with'} the alphas of mlcore's pruning_sequence"
    )


SIX = split(0, 55.0, split(1, 3.5, leaf(1, 1), leaf(0, 1)), leaf(3, 0))
XOR = split(0, 0.5, split(1, 0.5, leaf(1, 0), leaf(0, 1)), split(1, 0.5, leaf(0, 1), leaf(1, 0)))
TWIN = split(0, 0.5, split(1, 0.5, leaf(7, 0), leaf(0, 1)), split(1, 0.5, leaf(0, 7), leaf(1, 0)))

EXERCISE = Exercise(
    name="prune",
    title="The weakest link of a tree",
    tutorial=6,
    hint=(
        "Write small functions inside: cost(node), leaves(node) by recursion, then alpha of every "
        "split. To cut, build a new dict on the way back up; change none that is there."
    ),
    by_hand=[
        Case(
            (SIX,),
            (1 / 18, cut(SIX, 1)),
            "the six pupils: 1/18 for the left split, 5/36 for the root",
        ),
        Case(
            (XOR,),
            (1 / 6, leaf(2, 2)),
            "an exclusive or: 1/4 for each lower split, (1/2 - 0) / (4 - 1) for the root",
        ),
        Case((TWIN,), (7 / 64, cut(TWIN, 1)), "both lower splits have 7/64: the left one goes"),
    ],
    properties=[
        Property("with twice as many pupils of each kind it is the same link", twice_the_pupils),
        Property("cut again and again, alpha never falls and the tree gets smaller", alphas_rise),
    ],
    slow=in_fractions,
    inputs=inputs,
    mistakes=[
        Mistake(
            "R(t) is the impurity times the node's share of all pupils: n_t / n is missing",
            wrong(cost=impurity_alone),
        ),
        Mistake(
            "n is the number of pupils in the whole tree, not in the node looked at",
            wrong(share_of_all=False),
        ),
        Mistake("divide by the leaves below, less 1: cutting t leaves one", wrong(less=0)),
        Mistake(
            "every split is a candidate, with what all splits below it save together, divided by the "
            "leaves they cost; not only the splits just above the leaves",
            wrong(lowest_only=True),
        ),
        Mistake(
            "that is the strongest link; the one of the least alpha goes first",
            wrong(greatest=True),
        ),
        Mistake(
            "R is here the share misclassified; the task has Gini's impurity",
            wrong(cost=misclassified),
        ),
        Mistake(
            "you took what the node's own split saves; a leaf there gives up all the splits below",
            wrong(own_gain=True),
        ),
        Mistake(
            "of equal alphas you took the last; the contract says the first on the walk",
            wrong(last=True),
        ),
    ],
    use=in_use,
)
