"""What a column is worth: how much worse each tree does, out of its bag, once it is shuffled.

Shuffling a column among the rows a tree did not draw breaks its tie to y and leaves all else as it
was. Impurity importances count what a column gained on the rows the tree grew on, which is above 0
even for noise; here noise gains nothing on average.

Notation: n rows, d features, t trees, k classes, o rows out of one tree's bag, u features that one
tree uses, r repeats · X (n, d) · y (n,) class numbers or targets · w (n,) weights · bags (t, n) how
often each tree drew each row.

Source: Breiman (2001), Random Forests, section 10; Liaw & Wiener (2002), R's randomForest; Strobl &
Zeileis (2008), Danger: High Power! for what z does not mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import FloatArray, IntArray, check_choice, check_integer
from mlcore.forest.out_of_bag import KINDS, check_bags, losses
from mlcore.tree.descent import leaves
from mlcore.tree.structure import Tree

CELLS_A_WALK = 2**20  # cells of the shuffled copies that walk down a tree together: 8 MB


@dataclass(frozen=True)
class Importance:
    """Rise of the out-of-bag loss when a column is shuffled, over the trees that left rows out.

    More trees make the standard error as small as one likes, but they all know the same rows: z
    grows with the trees, and for noise too it often lies beyond 3.
    """

    importances: FloatArray  # (t, d) by tree, mean over the repeats; NaN if no row was left out
    importances_mean: FloatArray  # (d,)
    importances_std: FloatArray  # (d,) over the trees
    standard_error: FloatArray  # (d,) std / sqrt(trees): from drawing these trees, not these rows
    z: FloatArray  # (d,) mean / standard_error, R's scaled importance; no test, see below
    by_class: FloatArray | None  # (k, d) mean rise among the rows of each class


def out_of_bag_permutation_importance(
    trees: list[Tree],
    bags: ArrayLike,
    X: FloatArray,
    y: IntArray | FloatArray,
    w: FloatArray,
    *,
    generators: list[np.random.Generator],
    kind: str = "classification",
    n_repeats: int = 1,
) -> Importance:
    """Return by how much each tree's out-of-bag loss rises when a column is shuffled among its rows.

    The loss is the weighted share of wrong classes (so the rise is the drop in accuracy), or the
    weighted mean squared error. Every tree has its own generator, so seeds make the bits. A column
    the tree does not use scores exactly 0. Columns that tell the same are each worth little.

    >>> stump = Tree(*np.array([[1, -1, -1], [2, -1, -1], [0, -2, -2]]), np.array([0.5, 0, 0]),
    ...              *np.zeros((3, 3)), np.array([[0.5, 0.5], [1, 0], [0, 1]]))
    >>> X, y = np.array([[0.0, 7.0], [1.0, 7.0]] * 500), np.array([0, 1] * 500)
    >>> found = out_of_bag_permutation_importance([stump], np.zeros((1, 1000)), X, y, np.ones(1000),
    ...                                           generators=[np.random.default_rng(0)])
    >>> found.importances_mean.round(1).tolist()  # half of the shuffled rows go the wrong way
    [0.5, 0.0]
    """
    check_choice("kind", kind, KINDS)
    check_integer("n_repeats", n_repeats, 1)
    out = (check_bags(bags, len(trees), len(X)) == 0) & (w > 0)
    if not out.any():
        raise ValueError(
            "No row is out of any tree's bag, so nothing can be scored. Set bootstrap=True."
        )
    groups = _groups(y, w, kind)
    rises = np.full((len(trees), X.shape[1], groups.shape[1]), np.nan)
    for tree, left_out, generator, rise in zip(trees, out, generators, rises, strict=True):
        if left_out.any():
            rise[:] = _rise(
                tree, X[left_out], y[left_out], groups[left_out], kind, generator, n_repeats
            )
    return _summary(rises, kind)


def _groups(y: IntArray | FloatArray, w: FloatArray, kind: str) -> FloatArray:
    """Return the weights with which rows are averaged: w, then w within each class, (n, 1 + k)."""
    if kind == "regression":
        return w[:, None]
    return w[:, None] * np.column_stack([np.ones(len(y)), np.eye(int(y.max()) + 1)[y.astype(int)]])


def _rise(
    tree: Tree,
    X: FloatArray,
    y: FloatArray,
    groups: FloatArray,
    kind: str,
    generator: np.random.Generator,
    n_repeats: int,
) -> FloatArray:
    """Return one tree's rise of the mean loss for each feature and group, (d, 1 + k).

    X (o, d) are the rows out of its bag. Copies of them, each with one column shuffled, walk down
    the tree as one long table.
    """
    (o, d), used = X.shape, np.unique(tree.feature[~tree.is_leaf])
    before = losses(tree.value[leaves(tree, X)], y, kind)  # (o,)
    total = groups.sum(axis=0)
    rise = np.zeros((d, len(total)))
    rise[:, total == 0] = np.nan  # a class of which no row was left out
    size = max(1, CELLS_A_WALK // X.size)
    jobs = np.repeat(used, n_repeats)
    for start in range(0, len(jobs), size):
        columns = jobs[start : start + size]
        copies = np.repeat(X[None], len(columns), axis=0)  # (columns, o, d)
        copies[np.arange(len(columns)), :, columns] = generator.permuted(X.T[columns], axis=1)
        found = tree.value[leaves(tree, copies.reshape(-1, d))].reshape(len(columns), o, -1)
        risen = (losses(found, y, kind) - before) @ groups  # (columns, 1 + k)
        np.add.at(rise, columns, risen / np.where(total > 0, total, 1.0) / n_repeats)
    return rise


def _summary(rises: FloatArray, kind: str) -> Importance:
    """Average the rises (t, d, 1 + k) over the trees that have any."""
    known = ~np.isnan(rises)
    trees = known.sum(axis=0)  # (d, 1 + k)
    mean = np.full(trees.shape, np.nan)
    np.divide(np.nansum(rises, axis=0), trees, out=mean, where=trees > 0)
    overall = rises[..., 0]
    std = overall[known[:, 0, 0]].std(axis=0)
    error = std / np.sqrt(trees[0, 0])
    z = np.where(mean[:, 0] == 0, 0.0, np.nan)
    np.divide(mean[:, 0], error, out=z, where=error > 0)
    by_class = mean[:, 1:].T if kind == "classification" else None
    return Importance(overall, mean[:, 0], std, error, z, by_class)
