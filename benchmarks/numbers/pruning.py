"""Pruned trees beside their references.

scikit-learn's pruning paths, and rpart's tables of cp for numbers, with their cross-validation on
the same folds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.numbers.comparisons import Comparison
from benchmarks.numbers.entries import Entry
from benchmarks.numbers.nodes import preorder
from benchmarks.numbers.tables import Table, read_rows, read_table
from benchmarks.numbers.trees import Kinds
from mlcore import DecisionTreeRegressor
from mlcore.tree.pruning import pruning_sequence
from mlcore.tree.selection import Rows, cross_validated_errors


def has_cp(entry: Entry) -> bool:
    """Whether rpart's table of cp is one that ours has: of numbers, without holes or categories."""
    numbers = entry.params["method"] == "anova" and not entry.dataset["factors"]
    return numbers and len(read_table(entry).y) == entry.dataset["rows_used"]


def labelled_table(entry: Entry) -> Table:
    """Return the rows and columns of an entry, class labels as their place among the sorted."""
    labels, target = entry.dataset.get("class_labels_sorted"), entry.dataset["target"]
    if labels is None:
        return read_table(entry)
    X, _, w = read_table(
        replace(entry, dataset=entry.dataset | {"target": entry.dataset["features"][0]})
    )
    rows = read_rows(entry)
    return Table(X, np.array([float(labels.index(row[target])) for row in rows]), w)


def path(entry: Entry, kinds: Kinds = Kinds()) -> dict[str, Any]:  # noqa: B008 is immutable
    """Return a pruning path, and of the tree between any two of its alphas what it is like."""
    table = labelled_table(entry)
    whole = kinds.of(**entry.params).cost_complexity_pruning_path(*table)
    prices = [member["ccp_alpha"] for member in entry.expected["subtrees"]]
    trees = [kinds.of(**entry.params, ccp_alpha=price).fit(*table) for price in prices]
    return {
        "ccp_alphas": whole.ccp_alphas,
        "impurities": whole.impurities,
        "n_leaves": [tree.get_n_leaves() for tree in trees],
        "depth": [tree.get_depth() for tree in trees],
        "train_score": [tree.score(*table) for tree in trees],
        "splits": [split for tree in trees for split in splits(tree.tree_)],
    }


def splits(tree: Any) -> list[list[float]]:
    """Return feature and threshold of the inner nodes in pre-order."""
    inner = [node for node in preorder(tree) if tree.children_left[node] >= 0]
    return [[float(tree.feature[node]), float(tree.threshold[node])] for node in inner]


def compare_cp(entry: Entry) -> list[Comparison]:
    """Compare rpart's table of cp; its last line is no link but where growth was stopped.

    rpart's cp is alpha as a share of the root's risk, and its folds are the rows in turn.
    """
    table = read_table(entry)
    minsplit, minbucket = entry.params["minsplit"], entry.params["minbucket"]
    if minsplit == 20 and minbucket != 7:  # the entry has the default, but rpart changes it then
        minsplit = 3 * minbucket
    params = {
        "min_samples_split": minsplit,
        "min_samples_leaf": minbucket,
        "max_depth": entry.params["maxdepth"],
    }
    model = LessThan(**params).fit(table.X, table.y, table.w)
    lines = entry.expected["cptable"]
    root, n = model.tree_.impurity[0], len(table.y)
    cp, nsplit, rel_error, xerror, xstd = np.array([list(line.values()) for line in lines]).T
    path = pruning_sequence(model.tree_)
    shown = slice(None, -len(cp) - 1, -1)
    w = np.ones(n) if table.w is None else table.w
    rows = Rows(table.X, table.y, w)
    betas = np.sqrt(cp * np.append(100 * cp[0], cp[:-1]))[::-1] * root
    betas[0] = max(betas[0], 1e-12 * root)  # cp 0 stands for the smallest tree as pure as the whole
    error, std = cross_validated_errors(model, rows, np.arange(n) % 10, betas)
    found = [
        _near("cp", path.ccp_alphas[shown][: len(cp) - 1] / root, cp[:-1], 1e-9),
        _near("nsplit", path.n_leaves[shown] - 1, nsplit, 0.0),
        _near("rel error", path.impurities[shown] / root, rel_error, 1e-9),
        _near("xerror", error[::-1] / root, xerror, entry.tolerance["xerror_atol"]),
    ]
    if table.w is None:  # with weights rpart's depends on their unit
        found.append(_near("xstd", std[::-1] / root, xstd, entry.tolerance["xerror_atol"]))
    return found


class LessThan(DecisionTreeRegressor):
    """A tree that sends rows on a threshold to the right, as rpart does: x < threshold is left."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LessThan:
        """Grow the tree and put each threshold just below where it was."""
        super().fit(X, y, sample_weight)
        tree = self.tree_
        below = np.nextafter(tree.threshold, -np.inf)
        tree.threshold = np.where(tree.is_leaf, tree.threshold, below)
        return self


def _near(what: str, ours: Any, reference: Any, tolerance: float) -> Comparison:
    """Compare figures by their largest difference, relative where they are above 1."""
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    if a.size == b.size == 0:
        return Comparison(what, 0.0, tolerance, "absolute", 0)
    worst = np.nan
    if a.shape == b.shape or a.size == b.size:
        worst = float((np.abs(a.ravel() - b.ravel()) / np.maximum(1.0, np.abs(b.ravel()))).max())
    return Comparison(what, worst, tolerance, "absolute", b.size)
