"""How 16_grow is checked."""

import numpy as np

from mlcore import DecisionTreeClassifier
from mlcore.metrics import roc_auc_score
from mlcore.preprocessing import SimpleImputer
from risk.features.known import build_features
from risk.school import simulate_school
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def best_split(X, y):
    """Return (feature, threshold, gain) of the best cut; (-1, nan, 0.0) if there is none."""
    n, best = len(y), (-1, float("nan"), 0.0)
    n_left = np.arange(1, n)
    for feature in range(X.shape[1] if n > 1 else 0):
        order = np.argsort(X[:, feature], kind="stable")
        x, ones = X[order, feature], np.cumsum(y[order])
        p_left, p_right = ones[:-1] / n_left, (ones[-1] - ones[:-1]) / (n - n_left)
        gain = 2 * n_left * (n - n_left) / n**2 * (p_left - p_right) ** 2
        gain = np.where(x[1:] > x[:-1], gain, -1.0)
        at = np.flatnonzero(gain >= gain.max() - 1e-12)[0]
        if gain[at] >= 0 and (best[0] < 0 or gain[at] > best[2] + 1e-12):
            best = (feature, float((x[at] + x[at + 1]) / 2), float(gain[at]))
    return best


def cut_at_two(X, y):
    """Return a cut at a value that rows have, unlike the middles of best_split."""
    return 0, 2.0, 4 / 9


def leaf(zeros, ones):
    return {"counts": [zeros, ones]}


def split(feature, threshold, left, right):
    counts = [a + b for a, b in zip(left["counts"], right["counts"], strict=True)]
    return {
        "counts": counts, "feature": feature, "threshold": threshold, "left": left, "right": right,
    }  # fmt: skip


def with_a_list_of_nodes(X, y, max_depth, best_split):
    """Return the tree without recursion: nodes wait in a list until they are looked at."""
    root = {}
    waiting = [(root, X, y, 0)]
    while waiting:
        node, rows, labels, depth = waiting.pop()
        node["counts"] = [int((labels == 0).sum()), int((labels == 1).sum())]
        if depth == max_depth or 0 in node["counts"]:
            continue
        feature, threshold, _ = best_split(rows, labels)
        if feature < 0:
            continue
        node.update(feature=feature, threshold=threshold, left={}, right={})
        goes = rows[:, feature] <= threshold
        waiting.append((node["left"], rows[goes], labels[goes], depth + 1))
        waiting.append((node["right"], rows[~goes], labels[~goes], depth + 1))
    return root


def any_rows(rng):
    n = rng.integers(1, 12)
    return rng.integers(0, 5, (n, 2)).astype(float), rng.integers(0, 2, n)


def children_add_up(function, rng):
    for _ in range(4):
        X, y = any_rows(rng)
        waiting = [function(X, y, 9, best_split)]
        while waiting:
            node = waiting.pop()
            if "left" in node:
                sides = np.add(node["left"]["counts"], node["right"]["counts"])
                yield (X, y, 9, best_split), node["counts"], sides
                waiting += [node["left"], node["right"]]


def order_of_rows(function, rng):
    for _ in range(4):
        X, y = any_rows(rng)
        order = rng.permutation(len(y))
        yield (
            (X[order], y[order], 3, best_split),
            function(X, y, 3, best_split),
            function(X[order], y[order], 3, best_split),
        )


def wrong(
    depth_left=0, less=1, needs_gain=False, exchanged=False, all_rows=False, stops_pure=True,
    stops_alike=True, ones_first=False, both_left=False, strict=False, one_class=False,
):  # fmt: skip
    """Return a version with one thing wrong."""

    def grow(X, y, max_depth, best_split):
        ones = int(y.sum())
        node = {"counts": [ones, len(y) - ones] if ones_first else [len(y) - ones, ones]}
        if one_class and ones == 0:
            node["counts"] = [len(y)]
        if max_depth + depth_left <= 0 or len(y) == 0 or (stops_pure and ones in (0, len(y))):
            return node
        feature, threshold, gain = best_split(X, y)
        if (stops_alike and feature < 0) or (needs_gain and gain <= 1e-12):
            return node
        goes = X[:, feature] < threshold if strict else X[:, feature] <= threshold
        first, second = (~goes, goes) if exchanged else (goes, goes if both_left else ~goes)
        if all_rows:
            first = second = goes | True
        left = grow(X[first], y[first], max_depth - less, best_split)
        right = grow(X[second], y[second], max_depth - less, best_split)
        return node | {
            "feature": feature, "threshold": threshold, "left": left, "right": right,
        }  # fmt: skip

    return grow


def in_use(function):
    school = simulate_school(500, 8, seed=3, n_futures=0)
    ended = school.tables["outcomes"].set_index("pupil")["at_risk"].eq("yes")
    features = build_features(school.tables, 8).reindex(ended.index)
    learnt = ended.index.str.startswith("24")  # the pupils of 2024; those of 2025 are scored
    X = SimpleImputer(strategy="median").fit(features[learnt]).transform(features)
    y = ended.to_numpy().astype(int)
    tree = function(X[learnt], y[learnt], 4, best_split)
    ours = DecisionTreeClassifier(max_depth=4).fit(X[learnt], y[learnt])

    def share(row):
        node = tree
        while "left" in node:
            node = node["left" if row[node["feature"]] <= node["threshold"] else "right"]
        return node["counts"][1] / sum(node["counts"])

    yours = roc_auc_score(y[~learnt], [share(row) for row in X[~learnt]])
    auc = roc_auc_score(y[~learnt], ours.predict_proba(X[~learnt])[:, 1])
    return (
        f"your tree on the school's data, tested on the next year: AUC {yours:.2f}, ours {auc:.2f}"
    )


def of(*columns):
    return np.array(columns, dtype=float).T


SIX = of([90, 80, 40, 70, 40, 40], [1, 6, 5, 3, 2, 2])

EXERCISE = Exercise(
    name="grow",
    title="A whole tree by recursion",
    tutorial=6,
    hint=(
        "First make the node with its counts. Return it as it is in the three cases of a leaf; else "
        "call grow on X[left], y[left] and on X[~left], y[~left], each with max_depth - 1."
    ),
    by_hand=[
        Case(
            (of([1, 2, 3]), np.array([0, 0, 1]), 9, best_split),
            split(0, 2.5, leaf(2, 0), leaf(0, 1)),
            "one cut, and both sides are pure",
        ),
        Case(
            (of([1, 2, 3]), np.array([0, 0, 1]), 9, cut_at_two),
            split(0, 2.0, leaf(2, 0), leaf(0, 1)),
            "this best_split cuts at 2, which a row has: x <= 2 goes left",
        ),
        Case(
            (of([1, 2]), np.array([0, 1]), 0, best_split),
            leaf(1, 1),
            "no depth: the root is a leaf",
        ),
        Case(
            (of([1, 2, 3]), np.array([0, 1, 0]), 1, best_split),
            split(0, 1.5, leaf(1, 0), leaf(1, 1)),
            "a depth of 1 is one split",
        ),
        Case(
            (of([0, 0, 1, 1], [0, 1, 0, 1]), np.array([0, 1, 1, 0]), 2, best_split),
            split(
                0,
                0.5,
                split(1, 0.5, leaf(1, 0), leaf(0, 1)),
                split(1, 0.5, leaf(0, 1), leaf(1, 0)),
            ),
            "an exclusive or: the first split gains 0, the next two all",
        ),
        Case(
            (of([5, 5]), np.array([0, 1]), 3, best_split),
            leaf(1, 1),
            "two alike who ended differently: no cut",
        ),
        Case(
            (SIX, np.array([0, 0, 1, 0, 1, 0]), 9, best_split),
            split(0, 55.0, split(1, 3.5, leaf(1, 1), leaf(0, 1)), leaf(3, 0)),
            "the six pupils of tutorial 6",
        ),
    ],
    properties=[
        Property("the counts of two children add up to their parent's", children_add_up),
        Property("the order of the rows does not matter", order_of_rows),
    ],
    slow=with_a_list_of_nodes,
    inputs=lambda rng: (*any_rows(rng), int(rng.integers(0, 5)), best_split),
    mistakes=[
        Mistake("left and right are exchanged: x <= threshold goes left", wrong(exchanged=True)),
        Mistake(
            "`<` where the contract says `<=`: x equal to the threshold goes left",
            wrong(strict=True),
        ),
        Mistake("the counts are the wrong way round: zeros first", wrong(ones_first=True)),
        Mistake("all y are the same there: make a leaf", wrong(stops_pure=False)),
        Mistake(
            "both children were grown from the left rows; the right ones are X[~left], y[~left]",
            wrong(both_left=True),
        ),
        Mistake(
            "the children were grown from all rows again; give them only their own",
            wrong(all_rows=True),
        ),
        Mistake("the depth is never used up: grow the children with max_depth - 1", wrong(less=0)),
        Mistake(
            "the depth is used up one split too early: max_depth=0 is a leaf, max_depth=1 one split",
            wrong(depth_left=-1),
        ),
        Mistake(
            "counts holds two numbers, also where one is 0: np.bincount(y, minlength=2)",
            wrong(one_class=True),
        ),
        Mistake("max_depth=1 gave a depth of 2: stop at 0 already", wrong(depth_left=1)),
        Mistake(
            "you stopped where the gain is 0; split all the same, the next split may gain all",
            wrong(needs_gain=True),
        ),
        Mistake(
            "there is no cut (feature is -1), but you split all the same: make a leaf",
            wrong(stops_alike=False),
        ),
    ],
    use=in_use,
)
