"""Trees with holes and categories grown as R's rpart grows them, to be set beside its own.

rpart knows priors of the classes and losses of mistakes; both are weights of the classes here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.tables import read_rows
from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.tree.categories import Categories
from mlcore.tree.impurity import ENTROPY, GINI, SQUARED_ERROR, Criterion, class_stats, target_stats
from mlcore.tree.limits import Limits
from mlcore.tree.nodewise import grow_by_nodes
from mlcore.tree.routes import Routes, route
from mlcore.tree.structure import Tree


@dataclass
class Case:
    """An entry with its data and our tree of it."""

    entry: Entry
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


def grown(entry: Entry) -> Case:
    """Read the data of an entry and grow our tree of it."""
    dataset, params = entry.dataset, entry.params
    data = [row for row in read_rows(entry) if row[dataset["target"]] not in ("", "NA")]
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
        levels = entry.expected["ylevels"]
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


def gain(case: Case, ours: int) -> float:
    """Return rpart's improvement of our split, over the rows where its feature is known."""
    left = int(case.tree.children_left[ours])
    known = case.passed[:, ours] & ~np.isnan(case.X[:, case.tree.feature[ours]])
    parts = (known, known & case.passed[:, left], known & case.passed[:, left + 1])
    sums = np.stack([case.stats[:, part].sum(axis=1) for part in parts], axis=1)
    whole, below, above = case.criterion.cost(sums)
    improve = float(whole - below - above)
    if case.entry.params["method"] == "anova":
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
