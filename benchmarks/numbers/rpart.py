"""Our trees with holes and categories set beside those of R's rpart, node by node.

rpart prunes while it grows (by ``cp`` and the misclassification rate), we do not: its tree must be
the top of ours. The two are walked down side by side. At every node the rows, classes or mean, the
split, its gain and its surrogates must agree; below a leaf of rpart's ours is cut off, and the
predictions of both are compared, for rows with holes too.

Left and right are conventions, so a child of rpart's is met by ours on the same side of the split.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.numbers.comparisons import CHOICE, Comparison
from benchmarks.numbers.entries import Entry
from benchmarks.numbers.pruning import compare_cp, has_cp
from benchmarks.numbers.rpart_trees import Case, gain, grown, same_rule
from mlcore.checks import FloatArray
from mlcore.tree.routes import route
from mlcore.tree.structure import LEAF, UNDEFINED

# Where we do otherwise, on purpose, and what of an entry is not compared for it.
OTHERWISE = {
    "rpart__stagec_usesurrogate0": "rows without a value stop at the node; ours always go on",
    "rpart__syn_mixed_binary_us0": "rows without a value stop at the node; ours always go on",
    "rpart__syn_mixed_binary_us1": "rows without surrogates stop; ours go with the majority",
    "rpart__penguins_class": "a tied split, where ours takes the lower threshold",
    "rpart__cu_summary_price_anova": "a surrogate that tells one row from all others; ours needs two",
}


def compare_rpart(entry: Entry) -> list[Comparison]:
    """Return the comparison of a tree of rpart's, and of its table of cp where ours has one.

    Where ours differs on purpose the reason stands in the place of the figure's name.
    """
    case = grown(entry)
    leaf_of = {ours: number for ours, number, is_leaf in walk(case) if is_leaf}
    complete = {node["node"] for node in entry.expected["nodes"] if node["var"] == "<leaf>"}
    if complete == set(leaf_of.values()):
        predictions(case, leaf_of)
    else:
        case.notes.append(f"{len(leaf_of)} of {len(complete)} leaves met")
    if entry.id in OTHERWISE:
        return [Comparison(OTHERWISE[entry.id], 0.0, 0.0, CHOICE, 0)]
    worst = max(case.differences) if not case.notes else np.nan
    what = "; ".join(case.notes) or "tree, surrogates"
    return [
        Comparison(what, worst, 1e-6, "relative", len(case.differences)),
        *(compare_cp(entry) if has_cp(entry) else []),
    ]


def walk(case: Case) -> Iterator[tuple[int, int, bool]]:
    """Compare node by node from the roots on; yield our node, rpart's, and whether it is a leaf."""
    nodes = {node["node"]: node for node in case.entry.expected["nodes"]}
    plain = case.entry.params["prior"] is None and case.entry.params["loss"] is None
    todo = [(0, 1)]
    while todo:
        ours, number = todo.pop()
        node = nodes[number]
        if stays_behind(case, ours, node):
            case.notes.append(f"rows stayed behind on the way to node {number}")
            continue
        if not case.compare(f"n of node {number}", case.tree.n_node_samples[ours], node["n"]):
            continue
        if plain:
            compare_node(case, ours, node)
        if node["var"] == "<leaf>":
            yield ours, number, True
        elif case.tree.children_left[ours] == LEAF:
            case.notes.append(f"node {number} is a leaf of ours")
        elif (turned := compare_split(case, ours, node)) is not None:
            yield ours, number, False
            left = int(case.tree.children_left[ours])
            if plain and case.entry.params["surrogatestyle"] == 0:
                compare_surrogates(case, ours, node, turned)
            todo += [(left + turned, 2 * number), (left + 1 - turned, 2 * number + 1)]


def stays_behind(case: Case, ours: int, node: dict[str, Any]) -> bool:
    """Return whether rows are missing at a node because rpart was told to leave them above it.

    With usesurrogate 0 all rows without the primary value end at the node that splits on it, with
    1 those without surrogates too; ours always go on.
    """
    fewer = node["n"] < case.tree.n_node_samples[ours]
    return bool(fewer) and case.entry.params["usesurrogate"] < 2


def compare_node(case: Case, ours: int, node: dict[str, Any]) -> None:
    """Compare the weight of a node and its class shares, or its deviance."""
    tree, number = case.tree, node["node"]
    weight = tree.weighted_n_node_samples[ours]
    case.compare(f"weight of node {number}", weight, node["wt"])
    if case.entry.params["method"] == "anova":
        deviance = tree.impurity[ours] * weight
        case.compare(f"deviance of node {number}", deviance, node["dev"])
    else:
        case.compare(f"shares of node {number}", tree.value[ours], node["class_probs"])


def compare_split(case: Case, ours: int, node: dict[str, Any]) -> bool | None:
    """Return whether rpart's left child is our right one; None if the splits are not the same."""
    primary, feature = node["primary"], int(case.tree.feature[ours])
    case.compare(f"improve of node {node['node']}", gain(case, ours), primary["improve"])
    same = case.entry.dataset["features"][feature] == primary["var"]
    threshold, sides = float(case.tree.threshold[ours]), case.routes.sides_of(ours)
    turned = same_rule(case, feature, threshold, sides, primary) if same else None
    if turned is None:
        tied = [tie["node"] for tie in case.entry.expected["checks"]["nodes_with_tied_primary"]]
        kind = "tied" if node["node"] in tied else "other"
        case.notes.append(f"{kind} split at node {node['node']}")
    return turned


def compare_surrogates(case: Case, ours: int, node: dict[str, Any], turned: bool) -> None:
    """Compare the surrogates of a split: agreements in order, and the rules where none tie."""
    routes, number = case.routes, node["node"]
    at = np.flatnonzero(routes.surrogate_node == ours)
    for name in ("agree", "adj"):
        reference = [surrogate[name] for surrogate in node["surrogates"]]
        array = getattr(routes, f"surrogate_{name}")[at]
        if not case.compare(f"{name} at node {number}", array, reference):
            return
    names = [case.entry.dataset["features"][f] for f in routes.surrogate_feature[at]]
    ends = np.cumsum(routes.surrogate_n_sides)
    for s, name, theirs in zip(at, names, node["surrogates"], strict=True):
        sides = routes.surrogate_sides[ends[s] - routes.surrogate_n_sides[s] : ends[s]]
        threshold = float(routes.surrogate_threshold[s])
        other = None
        if name == theirs["var"]:
            feature = int(routes.surrogate_feature[s])
            other = same_rule(case, feature, threshold, sides, theirs)
        below_right = len(sides) == 0 and not routes.surrogate_below_left[s]
        if other is None or (other ^ below_right) != turned:
            tied = number in case.entry.expected["checks"]["nodes_with_tied_surrogates"]
            case.notes.append(f"{'tied' if tied else 'other'} surrogate at node {number}")


def predictions(case: Case, leaf_of: dict[int, int]) -> None:
    """Cut our tree off where rpart's ends; compare the leaves and what they say of rows."""
    expected, params = case.entry.expected, case.entry.params
    left, right, feature = (
        np.array(a) for a in (case.tree.children_left, case.tree.children_right, case.tree.feature)
    )
    cut = list(leaf_of)
    left[cut] = right[cut] = LEAF
    feature[cut] = UNDEFINED
    tree = replace(case.tree, children_left=left, children_right=right, feature=feature)
    theirs = [leaf_of[leaf] for leaf in route(tree, case.X).tolist()]
    case.compare("leaves", theirs, expected["where_node"])
    if "na_test_pred" in expected and params["usesurrogate"] == 2:
        leaf = route(tree, with_holes(case.X, expected["na_test_rule"]))
        means = [node_value(case, leaf_of[number]) for number in leaf.tolist()]
        case.compare("predictions with holes", means, expected["na_test_pred"])


def node_value(case: Case, number: int) -> Any:
    """Return rpart's class shares or mean of a node: ours were compared with them."""
    node = next(n for n in case.entry.expected["nodes"] if n["node"] == number)
    return node["yval"] if case.entry.params["method"] == "anova" else node["class_probs"]


def with_holes(X: FloatArray, rule: str) -> FloatArray:
    """Return the first rows of X with the holes of the references punched into them."""
    n = int(re.search(r"rows 1\.\.(\d+)", rule)[1])  # type: ignore[index]
    i, j = np.arange(1, n + 1)[:, None], np.arange(1, X.shape[1] + 1)
    holes = (i * (2 * j + 1)) % 7 < 3
    holes[n - 1] = True
    return np.where(holes, np.nan, X[:n])
