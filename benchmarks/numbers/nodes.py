"""Trees as columns, a node an entry and a parent before its left branch: how they are compared.

Whoever has a ``tree_`` with scikit-learn's arrays can be described: mlcore's models and theirs.

Notation: n rows, m nodes in pre-order, i of them inner, k classes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcore.checks import IntArray

OF_INNER = {"threshold", "weighted_impurity_decrease"}  # leaves have none


def flat(expected: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of an entry with the nodes of its tree, however given, as columns."""
    ours = ("sklearn", "weighted")  # beside other tools' trees, or beside one of repeated rows
    figures = expected | next((expected[name] for name in ours if name in expected), {})
    nodes = figures.pop("nodes_preorder", None)
    if "tree" in figures:
        nodes = _unnested(figures.pop("tree"))
    if {"tied_splits", "root_choices"} & set(expected):
        figures["is_best"] = 1.0  # ours may be any of them
    return figures | (_columns(nodes) if nodes else {})


def _unnested(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes of a tree whose children are inside it."""
    node = {"feature": -1} | {name: v for name, v in tree.items() if name not in ("left", "right")}
    return [node] + [inner for side in ("left", "right") if side in tree
                     for inner in _unnested(tree[side])]  # fmt: skip


def _columns(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    inner = [node for node in nodes if node["feature"] >= 0]
    names = set(nodes[0]) - {"depth"}  # which stands for the depth of the whole tree
    return {name: [node[name] for node in (inner if name in OF_INNER else nodes)] for name in names}


def in_columns(expected: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a path's trees by name, as pruning.path does."""
    trees = expected["subtrees"]
    columns = {
        name: [tree[name] for tree in trees] for name in ("n_leaves", "depth", "train_score")
    }
    return expected | columns | {"splits": [s for tree in trees for s in tree["splits_preorder"]]}


def preorder(tree: Any) -> IntArray:
    """Return the nodes (m,) as met on a walk that takes the left branch before the right one."""
    found, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if tree.children_left[node] >= 0:
            waiting += [tree.children_right[node], tree.children_left[node]]
    return np.array(found)


def described(model: Any, X: Any, y: Any, w: Any = None) -> dict[str, Any]:
    """Return the figures of a fitted tree, by the names of the references."""
    tree, order = model.tree_, preorder(model.tree_)
    m = len(order)
    place = np.empty(m, dtype=np.int64)  # node -> its place in the order
    place[order] = np.arange(m)
    inner = order[tree.children_left[order] >= 0]
    child = {"left": tree.children_left, "right": tree.children_right}
    is_leaf = tree.children_left[order] < 0
    weight = tree.weighted_n_node_samples
    cost = tree.impurity * weight
    below = cost[tree.children_left[inner]] + cost[tree.children_right[inner]]
    return {
        "node_count": m,
        "n_leaves": model.get_n_leaves(),
        "depth": model.get_depth(),
        **{side: np.where(is_leaf, -1, place[child[side][order]]) for side in child},
        "feature": np.where(is_leaf, -1, tree.feature[order]),  # (m,)
        "threshold": tree.threshold[inner],  # (i,)
        "impurity": tree.impurity[order],
        "n": tree.n_node_samples[order],
        "w": weight[order],
        "value": tree.value.reshape(m, -1)[order],  # (m, k)
        "weighted_impurity_decrease": (cost[inner] - below) / weight[0],
        "train_score": model.score(X, y, w),
        "feature_importances": model.feature_importances_,
        "apply_first_40": place[model.apply(X[:40])],
        "pred": model.predict(X),
    }
