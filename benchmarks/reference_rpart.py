"""Our trees with holes and categories set beside those of R's rpart, node by node.

rpart prunes while it grows (by ``cp`` and the misclassification rate), we do not: its tree must be
the top of ours. The two are walked down side by side. At every node the rows, classes or mean, the
split, its gain and its surrogates must agree; below a leaf of rpart's ours is cut off, and the
predictions of both are compared, for rows with holes too.

Left and right are conventions, so a child of rpart's is met by ours on the same side of the split.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reference_comparisons import Comparison
from benchmarks.reference_entries import Entry, _rows
from benchmarks.reference_numbers import Results
from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.categories import Categories
from mlcore.tree.impurity import ENTROPY, GINI, SQUARED_ERROR, Criterion, class_stats, target_stats
from mlcore.tree.limits import Limits
from mlcore.tree.nodewise import grow_by_nodes
from mlcore.tree.routes import Routes, route
from mlcore.tree.structure import LEAF, UNDEFINED, Tree

# Where we do otherwise, on purpose, and what of an entry is not compared for it.
OTHERWISE = {
    "rpart__stagec_usesurrogate0": "rows without a value stop at the node; ours always go on",
    "rpart__syn_mixed_binary_us0": "rows without a value stop at the node; ours always go on",
    "rpart__syn_mixed_binary_us1": "rows without surrogates stop; ours go with the majority",
    "rpart__penguins_class": "a tied split, where ours takes the lower threshold",
    "rpart__cu_summary_price_anova": "a surrogate that tells one row from all others; ours needs two",
}


@dataclass
class Case:
    """An entry with its data and our tree of it."""

    entry: dict[str, Any]
    X: FloatArray
    stats: FloatArray
    criterion: Criterion
    known: Categories
    tree: Tree
    routes: Routes
    passed: BoolArray  # (n, m) which nodes each row passes
    differences: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def compare(self, what: str, ours: Any, reference: Any) -> bool:
        """Note the largest difference, relative to the reference or 1; unlike shapes are inf."""
        a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
        gap = np.abs(a - b) / np.maximum(np.abs(b), 1.0) if a.shape == b.shape else np.inf
        worst = float(np.max(gap, initial=0.0))
        self.differences += np.ravel(gap).tolist()
        if not worst <= 1e-6:
            self.notes.append(f"{what}: {worst:.1e}")
        return worst <= 1e-6


def compare_rpart(folder: Path) -> Results:
    """Return the comparisons of every tree of rpart's in a folder of references.

    Where ours differs on purpose the reason stands in the place of the figure's name.
    """
    results = []
    for body in json.loads((folder / "json/tree_rpart.json").read_text("utf-8"))["entries"]:
        entry = Entry(
            "tree_rpart",
            body["id"],
            body["dataset"],
            body["params"],
            body["expected"],
            None,
            folder,
        )
        data = _rows(folder / body["dataset"]["file"], body["dataset"]["sha256"])
        n, worst, note = compare_entry(body, data)
        if body["id"] in OTHERWISE:
            known = [Comparison(OTHERWISE[body["id"]], 0.0, 1e-6, "relative", 0)]
        else:
            worst = worst if note == "agrees" else np.nan
            known = [Comparison("tree, surrogates", worst, 1e-6, "relative", n)]
        results.append((entry, known))
    return results


def compare_entry(entry: dict[str, Any], data: list[dict[str, str]]) -> tuple[int, float, str]:
    """Return the numbers compared, the largest relative difference and what is to be said of it.

    entry is one of tree_rpart.json, data the rows of its CSV file.
    """
    case = grown(entry, data)
    leaf_of = dict(walk(case))
    complete = {node["node"] for node in entry["expected"]["nodes"] if node["var"] == "<leaf>"}
    if complete == set(leaf_of.values()):
        predictions(case, leaf_of)
    else:
        case.notes.append(f"{len(leaf_of)} of {len(complete)} leaves met")
    return len(case.differences), max(case.differences), "; ".join(case.notes) or "agrees"


def grown(entry: dict[str, Any], data: list[dict[str, str]]) -> Case:
    """Read the data of an entry and grow our tree of it."""
    dataset, params = entry["dataset"], entry["params"]
    data = [row for row in data if row[dataset["target"]] not in ("", "NA")]
    factors = [dataset["features"].index(name) for name in dataset["factors"]]
    table = [[row[name] or None for name in dataset["features"]] for row in data]
    known = Categories.learn(table, factors)
    X = known.encode(table, allow_missing=True)
    w = np.ones(len(data))
    if dataset["sample_weight"]:
        w = np.array([float(row[dataset["sample_weight"]]) for row in data])
    target = [row[dataset["target"]] for row in data]
    if params["method"] == "anova":
        y = np.array(target, dtype=float)
        stats, criterion = target_stats(y - np.average(y, weights=w), w), SQUARED_ERROR
    else:
        levels = entry["expected"]["ylevels"]
        stats = class_stats(np.array([levels.index(label) for label in target]), w, len(levels))
        stats *= altered_priors(stats.sum(axis=1), params["prior"], params["loss"])[:, None]
        criterion = ENTROPY if params["split"] == "information" else GINI
    limits = Limits(
        max_depth=params["maxdepth"],
        min_samples_split=params["minsplit"],
        min_samples_leaf=params["minbucket"],
    )
    tree = grow_by_nodes(
        X,
        stats,
        criterion,
        limits,
        n_categories=known.counts,
        missing="surrogate",
        max_surrogates=params["maxsurrogate"],
        generator=np.random.default_rng(0),
    )
    assert tree.routes is not None
    return Case(entry, X, stats, criterion, known, tree, tree.routes, paths(tree, route(tree, X)))


def altered_priors(counts: FloatArray, prior: Any, loss: Any) -> FloatArray:
    """Return the weight of each class (k,) that stands for priors and losses in the splits."""
    shares = counts / counts.sum()
    wanted = shares if prior is None else np.array(prior)
    if loss is not None:
        wanted = wanted * np.sum(loss, axis=1)
    return wanted / wanted.sum() / shares


def paths(tree: Tree, leaf: IntArray) -> BoolArray:
    """Return which nodes (n, m) the rows with these leaves pass."""
    passed = np.zeros((len(leaf), tree.node_count), dtype=bool)
    row, node = np.arange(len(leaf)), leaf
    while len(row):
        passed[row, node] = True
        node = tree.parents[node]
        row, node = row[node >= 0], node[node >= 0]
    return passed


def walk(case: Case) -> Iterator[tuple[int, int]]:
    """Compare node by node from the roots on; yield our node and rpart's for each of its leaves."""
    nodes = {node["node"]: node for node in case.entry["expected"]["nodes"]}
    plain = case.entry["params"]["prior"] is None and case.entry["params"]["loss"] is None
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
            yield ours, number
        elif case.tree.children_left[ours] == LEAF:
            case.notes.append(f"node {number} is a leaf of ours")
        elif (turned := compare_split(case, ours, node)) is not None:
            left = int(case.tree.children_left[ours])
            if plain and case.entry["params"]["surrogatestyle"] == 0:
                compare_surrogates(case, ours, node, turned)
            todo += [(left + turned, 2 * number), (left + 1 - turned, 2 * number + 1)]


def stays_behind(case: Case, ours: int, node: dict[str, Any]) -> bool:
    """Return whether rows are missing at a node because rpart was told to leave them above it.

    With usesurrogate 0 all rows without the primary value end at the node that splits on it, with
    1 those without surrogates too; ours always go on.
    """
    fewer = node["n"] < case.tree.n_node_samples[ours]
    return bool(fewer) and case.entry["params"]["usesurrogate"] < 2


def compare_node(case: Case, ours: int, node: dict[str, Any]) -> None:
    """Compare the weight of a node and its class shares, or its deviance."""
    tree, number = case.tree, node["node"]
    weight = tree.weighted_n_node_samples[ours]
    case.compare(f"weight of node {number}", weight, node["wt"])
    if case.entry["params"]["method"] == "anova":
        deviance = tree.impurity[ours] * weight
        case.compare(f"deviance of node {number}", deviance, node["dev"])
    else:
        case.compare(f"shares of node {number}", tree.value[ours], node["class_probs"])


def compare_split(case: Case, ours: int, node: dict[str, Any]) -> bool | None:
    """Return whether rpart's left child is our right one; None if the splits are not the same."""
    primary, feature = node["primary"], int(case.tree.feature[ours])
    case.compare(f"improve of node {node['node']}", gain(case, ours), primary["improve"])
    same = case.entry["dataset"]["features"][feature] == primary["var"]
    threshold, sides = float(case.tree.threshold[ours]), case.routes.sides_of(ours)
    turned = same_rule(case, feature, threshold, sides, primary) if same else None
    if turned is None:
        tied = [tie["node"] for tie in case.entry["checks"]["nodes_with_tied_primary"]]
        kind = "tied" if node["node"] in tied else "other"
        case.notes.append(f"{kind} split at node {node['node']}")
    return turned


def gain(case: Case, ours: int) -> float:
    """Return rpart's improvement of our split, over the rows where its feature is known."""
    left = int(case.tree.children_left[ours])
    known = case.passed[:, ours] & ~np.isnan(case.X[:, case.tree.feature[ours]])
    parts = (known, known & case.passed[:, left], known & case.passed[:, left + 1])
    sums = np.stack([case.stats[:, part].sum(axis=1) for part in parts], axis=1)
    whole, below, above = case.criterion.cost(sums)
    improve = float(whole - below - above)
    if case.entry["params"]["method"] == "anova":
        all_rows = case.stats[:, case.passed[:, ours]].sum(axis=1, keepdims=True)
        return improve / float(case.criterion.cost(all_rows)[0])
    return improve * np.log(2) if case.criterion is ENTROPY else improve


def same_rule(
    case: Case, feature: int, threshold: float, sides: Any, theirs: dict[str, Any]
) -> bool | None:
    """Return whether a split of ours has rpart's left on its right; None for another split."""
    if theirs["type"] == "numeric":
        same = abs(threshold - theirs["cut"]) <= 1e-9 * max(1.0, abs(theirs["cut"]))
        return theirs["left"] != "<" if same and len(sides) == 0 else None
    levels = case.known.categories[feature]
    if levels is None:
        return None
    ours = tuple(set(levels[sides == side].tolist()) for side in (1, -1))
    reference = (set(theirs["left_levels"]), set(theirs["right_levels"]))
    return False if ours == reference else True if ours[::-1] == reference else None


def compare_surrogates(case: Case, ours: int, node: dict[str, Any], turned: bool) -> None:
    """Compare the surrogates of a split: agreements in order, and the rules where none tie."""
    routes, number = case.routes, node["node"]
    at = np.flatnonzero(routes.surrogate_node == ours)
    for name in ("agree", "adj"):
        reference = [surrogate[name] for surrogate in node["surrogates"]]
        array = getattr(routes, f"surrogate_{name}")[at]
        if not case.compare(f"{name} at node {number}", array, reference):
            return
    names = [case.entry["dataset"]["features"][f] for f in routes.surrogate_feature[at]]
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
            tied = number in case.entry["checks"]["nodes_with_tied_surrogates"]
            case.notes.append(f"{'tied' if tied else 'other'} surrogate at node {number}")


def predictions(case: Case, leaf_of: dict[int, int]) -> None:
    """Cut our tree off where rpart's ends; compare the leaves and what they say of rows."""
    expected, params = case.entry["expected"], case.entry["params"]
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
    node = next(n for n in case.entry["expected"]["nodes"] if n["node"] == number)
    return node["yval"] if case.entry["params"]["method"] == "anova" else node["class_probs"]


def with_holes(X: FloatArray, rule: str) -> FloatArray:
    """Return the first rows of X with the holes of the references punched into them."""
    n = int(re.search(r"rows 1\.\.(\d+)", rule)[1])  # type: ignore[index]
    i, j = np.arange(1, n + 1)[:, None], np.arange(1, X.shape[1] + 1)
    holes = (i * (2 * j + 1)) % 7 < 3
    holes[n - 1] = True
    return np.where(holes, np.nan, X[:n])
