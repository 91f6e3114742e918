"""Why a tree predicts what it does for one row: the row's path in sentences, and what moved it.

Notation: d features, k classes (1 for a mean) · p nodes on the path from the root to a leaf ·
value (m, k) class shares or mean of each node.

Source: Saabas (2014), Interpreting random forests, for the contributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.checks import FloatArray, IntArray, plural
from mlcore.tree.cart import DecisionTreeClassifier
from mlcore.tree.descent import leaves
from mlcore.tree.structure import Tree
from mlcore.tree.words import (
    DecisionTreeModel,
    Words,
    check_tree,
    fixed,
    labels_as_text,
    names_of_features,
    percent,
)


@dataclass(frozen=True, eq=False)
class Explanation:
    """A prediction and how it came about; ``str()`` gives the sentences, one a line.

    The contributions of all features and ``start`` add up to ``value``, but for rounding.
    """

    prediction: Any  # the class predicted, or the mean
    path: IntArray  # (p,) nodes passed, the root first
    start: FloatArray  # (k,) class shares, or mean, of all rows
    contributions: FloatArray  # (d, k) what the splits on each feature added
    value: FloatArray  # (k,) class shares, or mean, of the leaf
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def explain(
    model: DecisionTreeModel,
    row: Any,
    feature_names: Sequence[str] | None = None,
    *,
    decimals: int = 2,
) -> Explanation:
    """Explain what a fitted tree predicts for one row: a list, array, Series or dict of (d,) values.

    A feature's contribution is what its splits on the row's path changed:

        contributions_f = sum over passed splits on f of (value of the child - value of the parent)

    so that start + contributions = prediction. It depends on the path: a feature asked further up
    takes the credit it shares with those below, and one that is not asked gets none. So it is not
    a Shapley value (SHAP), which averages over all orders in which features could be asked.
    ValueError for more than one row, a wrong number of values or names, or a missing value that the
    model refuses.

    >>> model = DecisionTreeClassifier().fit([[5.0], [9.0], [12.0], [15.0]], ["a", "b", "b", "b"])
    >>> print(explain(model, [8.0], ["score"]))
    Of 4 rows, 75 % are 'b'.
    score is 8, above 7.00: 3 rows, 100 % 'b'.
    From 75 % to 100 %: score +25 points.
    So 'b' is predicted: 100 % of the 3 rows that ended here.
    """
    check_tree(model)
    array = read_row(model, row, names_of_features(model, feature_names))
    words = Words.of(model, feature_names, decimals, array[0])
    tree, path = model.tree_, path_of(model, array)
    moved = contributions(tree, path, model.n_features_in_)
    if isinstance(model, DecisionTreeClassifier):
        best = int(tree.value[path[-1]].argmax())
        prediction = model.classes_[best]
        steps = class_sentences(words, path, best, labels_as_text(model.classes_)[best])
    else:
        best, prediction = 0, float(tree.value[path[-1], 0])
        steps = mean_sentences(words, path)
    summary = [f"Together: {words.together(path)}."] if len(path) > 2 else []
    if len(path) > 1:
        is_share = isinstance(model, DecisionTreeClassifier)
        summary.append(movement(words, path, tree.value[path, best], moved[:, best], is_share))
    if is_weighted(model):
        what = "Shares" if isinstance(model, DecisionTreeClassifier) else "Means"
        steps.insert(1, f"{what} are by weight, as the rows were weighted in fit.")
    sentences = (*steps[:-1], *summary, steps[-1])
    start, value = tree.value[0].copy(), tree.value[path[-1]].copy()
    return Explanation(prediction, path, start, moved, value, sentences)


# The row and its path


def read_row(model: DecisionTreeModel, row: Any, names: list[str]) -> FloatArray:
    """Return one row as a (1, d) array; a dict is read by the names of the features."""
    if isinstance(row, Mapping):
        missing = [name for name in names if name not in row]
        extra = [key for key in row if key not in names]
        if missing or extra:
            raise ValueError(
                f"row has other keys than the features (missing {missing}, unexpected {extra}). "
                "Give one value for each feature, under its name."
            )
        row = [row[name] for name in names]
    shape = np.shape(row)
    if len(shape) == 1 and hasattr(row, "to_frame"):  # a pandas Series keeps its names to check
        row = row.to_frame().T
    elif len(shape) == 1:
        row = [list(row)]
    elif len(shape) != 2 or shape[0] != 1:
        raise ValueError(
            f"row has shape {shape}, but one row of {plural(len(names), 'value')} was expected. "
            "Pass a single row, such as X[0]."
        )
    return model._check_predict_features(row)


def path_of(model: DecisionTreeModel, row: FloatArray) -> IntArray:
    """Return the nodes (p,) a row (1, d) passes, from the root to its leaf."""
    parents, path = model.tree_.parents, [int(leaves(model.tree_, row)[0])]
    while path[-1] != 0:
        path.append(int(parents[path[-1]]))
    return np.array(path[::-1], dtype=np.int64)


def contributions(tree: Tree, path: IntArray, d: int) -> FloatArray:
    """Return what the splits on each feature added to the value along a path, (d, k)."""
    moved = np.zeros((d, tree.value.shape[1]))
    np.add.at(moved, tree.feature[path[:-1]], np.diff(tree.value[path], axis=0))
    return moved


def is_weighted(model: DecisionTreeModel) -> bool:
    """Return whether rows had unequal weights, so that shares are not those of the counts."""
    tree = model.tree_
    per_row = tree.weighted_n_node_samples / tree.n_node_samples
    return getattr(model, "class_weight", None) is not None or bool(
        np.ptp(per_row) > 1e-9 * per_row.max()
    )


# Sentences


def class_sentences(words: Words, path: IntArray, best: int, label: str) -> list[str]:
    """Return a sentence for the root, for each step and for the prediction."""
    size = words.tree.n_node_samples[path]
    shares = [percent(share) for share in words.tree.value[path, best]]
    return [
        f"Of {plural(size[0], 'row')}, {shares[0]} are {label}.",
        *(
            f"{reason}: {plural(n, 'row')}, {share} {label}."
            for reason, n, share in zip(reasons(words, path), size[1:], shares[1:], strict=True)
        ),
        f"So {label} is predicted: {shares[-1]} of {ended(size[-1])}.",
    ]


def mean_sentences(words: Words, path: IntArray) -> list[str]:
    """Return a sentence for the root, for each step and for the prediction."""
    size = words.tree.n_node_samples[path]
    means = [words.mean(node) for node in path.tolist()]
    return [
        f"Of {plural(size[0], 'row')}, the mean is {means[0]}.",
        *(
            f"{reason}: {plural(n, 'row')}, mean {mean}."
            for reason, n, mean in zip(reasons(words, path), size[1:], means[1:], strict=True)
        ),
        f"So {means[-1]} is predicted: the mean of {ended(size[-1])}.",
    ]


def ended(n: int) -> str:
    """Name the rows of a leaf."""
    return "the only row that ended here" if n == 1 else f"the {n} rows that ended here"


def reasons(words: Words, path: IntArray) -> list[str]:
    """Return why the row took each step of its path (p - 1,)."""
    return [
        words.step(parent, child == words.tree.children_left[parent])
        for parent, child in zip(path[:-1].tolist(), path[1:].tolist(), strict=True)
    ]


def movement(
    words: Words, path: IntArray, along: FloatArray, moved: FloatArray, is_share: bool
) -> str:
    """Return how much each feature of the path moved the value, from the first to the last.

    The running total is rounded rather than each addend, so the figures shown add up.
    """
    asked = np.unique(words.tree.feature[path[:-1]])
    asked = asked[np.argsort(-np.abs(moved[asked]), kind="stable")]
    scale, digits = (100.0, 0) if is_share else (1.0, words.digits)
    totals = along[0] + np.concatenate([[0.0], np.cumsum(moved[asked])])
    totals[-1] = along[-1]  # which it is, but for rounding
    shown = np.diff([round(scale * float(total), digits) for total in totals])
    unit = " points" if is_share else ""
    parts = [
        f"{words.names[f]} {fixed(change, digits, '+')}{unit}"
        for f, change in zip(asked.tolist(), shown, strict=True)
    ]
    ends = [percent(v) if is_share else fixed(v, digits) for v in (along[0], along[-1])]
    return f"From {ends[0]} to {ends[1]}: {', '.join(parts)}."
