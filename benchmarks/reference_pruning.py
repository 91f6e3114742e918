"""Pruned trees beside their references.

scikit-learn's pruning paths, and rpart's tables of cp for numbers, with their cross-validation on
the same folds.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reference_comparisons import Comparison
from benchmarks.reference_entries import Entry, Table, _rows, read_table
from benchmarks.reference_numbers import Results
from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.checks import FloatArray
from mlcore.tree import Tree
from mlcore.tree.pruning import prune, pruning_sequence, walk_order
from mlcore.tree.selection import Rows, cross_validated_errors

TOPICS = ("tree_ccp_path_sklearn", "tree_rpart")


def load(folder: Path) -> list[Entry]:
    """Return the entries about pruning: of rpart's, the trees for numbers without holes."""
    found = []
    for topic in TOPICS:
        for body in json.loads((folder / f"json/{topic}.json").read_text("utf-8"))["entries"]:
            entry = Entry(
                f"pruning, {topic}", body["id"], body["dataset"], body["params"],
                body["expected"], body.get("tolerance"), folder,
            )  # fmt: skip
            if _is_about_pruning(entry):
                found.append(entry)
    return found


def _is_about_pruning(entry: Entry) -> bool:
    if entry.topic.endswith("tree_rpart"):
        numbers = entry.params["method"] == "anova" and not entry.dataset["factors"]
        return numbers and len(read_table(entry).y) == entry.dataset["rows_used"]
    return True


def labelled_table(entry: Entry) -> Table:
    """Return the rows and columns of an entry, class labels as their place among the sorted."""
    labels, target = entry.dataset.get("class_labels_sorted"), entry.dataset["target"]
    if labels is None:
        return read_table(entry)
    X, _, w = read_table(
        replace(entry, dataset=entry.dataset | {"target": entry.dataset["features"][0]})
    )
    rows = _rows(entry.folder / entry.dataset["file"], entry.dataset["sha256"])
    return Table(X, np.array([float(labels.index(row[target])) for row in rows]), w)


def check(entry: Entry) -> list[Comparison]:
    """Return a comparison for each kind of figure of an entry."""
    return CHECKS[entry.topic.removeprefix("pruning, ")](entry, labelled_table(entry))


def check_path(entry: Entry, table: Table) -> list[Comparison]:
    """Compare a pruning path, and the tree between any two of its alphas."""
    model = _grown(entry.params, table)
    tree, path, expected = model.tree_, pruning_sequence(model.tree_), entry.expected
    tolerance = entry.tolerance["ccp_alphas_atol"]
    found = [
        _near("ccp_alphas", path.ccp_alphas, expected["ccp_alphas"], tolerance),
        _near("impurities", path.impurities, expected["impurities"], tolerance),
    ]
    ours: dict[str, list[Any]] = {"n_leaves": [], "depth": [], "train_score": [], "splits": []}
    for member in expected["subtrees"]:
        model.tree_ = prune(tree, member["ccp_alpha"])
        ours["n_leaves"].append(model.get_n_leaves())
        ours["depth"].append(model.get_depth())
        ours["train_score"].append(model.score(table.X, table.y, table.w))
        ours["splits"] += preorder(model.tree_, inner=True)[:, :2].tolist()
    wanted = {name: [one.get(name) for one in expected["subtrees"]] for name in ours}
    wanted["splits"] = [split for one in expected["subtrees"] for split in one["splits_preorder"]]
    exact = {"n_leaves": 0.0, "depth": 0.0, "train_score": 1e-12, "splits": 1e-6}
    return found + [_near(name, ours[name], wanted[name], exact[name]) for name in ours]


def check_cp(entry: Entry, table: Table) -> list[Comparison]:
    """Compare rpart's table of cp; its last line is no link but where growth was stopped.

    rpart's cp is alpha as a share of the root's risk, and its folds are the rows in turn.
    """
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


def _grown(params: dict[str, Any], table: Table) -> Any:
    """Return the model of an entry, grown as far as its other limits let it."""
    numbers = params["criterion"] == "squared_error"
    kind = DecisionTreeRegressor if numbers else DecisionTreeClassifier
    kept = {name: value for name, value in params.items() if name != "max_leaf_nodes"}
    return kind(**kept).fit(table.X, table.y, table.w)


def preorder(tree: Tree, inner: bool = False) -> FloatArray:
    """Return feature, threshold, rows and impurity (m, 4) of the nodes, or of the inner ones."""
    order = np.argsort(walk_order(tree))
    if inner:
        order = order[~tree.is_leaf[order]]
    columns = (tree.feature, tree.threshold, tree.n_node_samples, tree.impurity)
    return np.stack([column[order] for column in columns], axis=1).astype(float)


def _near(what: str, ours: Any, reference: Any, tolerance: float) -> Comparison:
    """Compare figures by their largest difference, relative where they are above 1."""
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    if a.size == b.size == 0:
        return Comparison(what, 0.0, tolerance, "absolute", 0)
    worst = np.nan
    if a.shape == b.shape or a.size == b.size:
        worst = float((np.abs(a.ravel() - b.ravel()) / np.maximum(1.0, np.abs(b.ravel()))).max())
    return Comparison(what, worst, tolerance, "absolute", b.size)


CHECKS = {
    "tree_ccp_path_sklearn": check_path,
    "tree_rpart": check_cp,
}


def compare_pruning(folder: Path) -> Results:
    """Return the comparisons of every entry about pruning in a folder of references."""
    return [(entry, check(entry)) for entry in load(folder)]
