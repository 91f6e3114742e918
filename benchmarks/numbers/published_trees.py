"""Our figures of the trees in rpart's vignette, by the names that published.json gives them.

rpart prunes classes by their risk: the misclassified weight. So a tree of ours gets its risks in
the place of its impurities, and is pruned as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.rpart_trees import Case, gain, grown
from mlcore.tree.impurity import ENTROPY
from mlcore.tree.limits import Limits
from mlcore.tree.nodewise import grow_by_nodes
from mlcore.tree.pruning import PruningSequence, pruning_sequence

DEFAULTS = {
    "method": "class", "split": None, "prior": None, "loss": None, "minsplit": 20, "minbucket": 7,
    "cp": 0.01, "maxdepth": 30, "maxsurrogate": 5,
}  # fmt: skip
NEAR = 1e-9  # alphas as near as this are one: shares of rows that only rounding tells apart


def vignette(entry: Entry) -> dict[str, float]:
    """Return the figures of every tree of an entry, each after the tree's name."""
    figures: dict[str, float] = {}
    for name, params in entry.params["trees"].items():
        own = DEFAULTS | params
        case = grown(replace(entry, params=own, expected={"ylevels": entry.params["ylevels"]}))
        found = {**dict(splits(case, own.get("turned", []))), **dict(prunings(case, own["cp"]))}
        figures |= {f"{name} {what}": value for what, value in found.items()}
    return figures


def splits(case: Case, turned: list[int]) -> Iterator[tuple[str, float]]:
    """Yield the best gain of each column at the upper nodes, and what their surrogates are worth.

    rpart's children of node k are 2k and 2k + 1; at the nodes ``turned`` its left is our right.
    """
    names, tree = case.entry.dataset["features"], case.tree
    number, todo = {0: 1}, [0]
    while todo:
        node = todo.pop()
        left, k = int(tree.children_left[node]), number[node]
        if left < 0 or k > 7:
            continue
        number |= {left + (k in turned): 2 * k, left + (k not in turned): 2 * k + 1}
        todo += [left, left + 1]
        for j, name in enumerate(names):
            yield f"n{k} {name} improve", best_gain(case, node, j)
        for s in np.flatnonzero(case.routes.surrogate_node == node):
            name = names[case.routes.surrogate_feature[s]]
            yield f"n{k} surrogate {name} agree", float(case.routes.surrogate_agree[s])
            yield f"n{k} surrogate {name} adj", float(case.routes.surrogate_adj[s])


def best_gain(case: Case, node: int, j: int) -> float:
    """Return the improvement of the best split on column j, over a node's rows that have it."""
    rows = case.passed[:, node] & ~np.isnan(case.X[:, j])
    stump = grow_by_nodes(
        case.X[rows][:, [j]],
        case.stats[:, rows],
        case.criterion,
        Limits(max_depth=1, min_samples_leaf=case.entry.params["minbucket"]),
        n_categories=case.known.counts[[j]],
        generator=np.random.default_rng(0),
    )
    cost = stump.impurity * stump.weighted_n_node_samples
    improve = float(2 * cost[0] - cost.sum()) if len(cost) == 3 else 0.0
    return improve * np.log(2) if case.criterion is ENTROPY else improve


def prunings(case: Case, cp: float) -> Iterator[tuple[str, float]]:
    """Yield rpart's table of cp, and the columns' importances in the tree that cp leaves."""
    tree = replace(
        case.tree, impurity=1.0 - case.tree.value.reshape(len(case.passed[0]), -1).max(axis=1)
    )
    path = pruning_sequence(tree)
    root = float(tree.impurity[0])
    prices = path.ccp_alphas[path.ccp_alphas > cp * root + NEAR][::-1]
    distinct = [price for i, price in enumerate(prices) if i == 0 or prices[i - 1] - price > NEAR]
    for line, price in enumerate([*distinct, cp * root], start=1):
        left = path.ccp_alphas <= price + NEAR  # what the price has pruned
        yield f"CP row {line}", price / root
        yield f"nsplit row {line}", float(path.n_leaves[left][-1] - 1)
        yield f"rel error row {line}", float(path.impurities[left][-1]) / root
    yield from importances(case, path, cp * root)


def importances(case: Case, path: PruningSequence, price: float) -> Iterator[tuple[str, float]]:
    """Yield each column's share of all gains in %, as rpart rounds it.

    A split counts for its column, and as much as it is better than the majority for a surrogate's.
    """
    names, routes = case.entry.dataset["features"], case.routes
    worth = dict.fromkeys(names, 0.0)
    for node in np.flatnonzero(path.collapse_alpha > price + NEAR):
        improve = gain(case, int(node))
        worth[names[case.tree.feature[node]]] += improve
        for s in np.flatnonzero(routes.surrogate_node == node):
            worth[names[routes.surrogate_feature[s]]] += improve * float(routes.surrogate_adj[s])
    total = sum(worth.values())
    for name, value in worth.items():
        yield f"importance {name}", float(np.rint(100 * value / total))
