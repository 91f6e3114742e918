"""What the trees say of the rows they did not draw, and the error as trees are added.

A bootstrap sample leaves out about 37 % of the rows. Those are new to its tree, so the trees that
left a row out predict it as honestly as they would a row of a test set.

Notation: n rows, d features, t trees, k classes (1 for a regression) · X (n, d) · y (n,) class
numbers or targets · w (n,) weights · bags (t, n) how often each tree drew each row, 0 if it is out
of the bag · out (n,) the rows out of one tree's bag, o in number.

Source: Breiman (2001), Random Forests, Machine Learning 45, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, check_choice, check_vector, check_weights
from mlcore.tree.descent import leaves
from mlcore.tree.structure import Tree

KINDS = ("classification", "regression")


def check_bags(bags: ArrayLike, t: int, n: int) -> FloatArray:
    """Return bags as a float array (t, n); ValueError for another shape or a count below 0.

    >>> check_bags([[2, 0], [1, 1]], 2, 2).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """
    array = np.asarray(bags, dtype=np.float64)
    if array.shape != (t, n):
        raise ValueError(
            f"bags has the shape {array.shape}, but {(t, n)} was expected, a line for each tree "
            "and a column for each row. Transpose it, or pass the rows the forest was fitted on."
        )
    if not (array >= 0).all():
        tree, row = np.argwhere(~(array >= 0))[0]
        raise ValueError(
            f"bags is {array[tree, row]} for tree {tree} and row {row}, but counts of 0 or more "
            "were expected. Draw it with np.bincount."
        )
    return array


def out_of_bag_values(
    trees: list[Tree], bags: ArrayLike, X: FloatArray
) -> Iterator[tuple[BoolArray, FloatArray]]:
    """Yield for each tree which rows are out of its bag (n,), and its values for them (o, k).

    >>> lone_leaf = Tree(*np.array([[-1], [-1], [-2]]), *np.zeros((4, 1)), np.array([[0.3, 0.7]]))
    >>> [(out, value)] = out_of_bag_values([lone_leaf], [[2, 0]], np.zeros((2, 1)))
    >>> out.tolist(), value.tolist()
    ([False, True], [[0.3, 0.7]])
    """
    for tree, bag in zip(trees, check_bags(bags, len(trees), len(X)), strict=True):
        out = bag == 0
        yield out, tree.value[leaves(tree, X[out])]


def losses(values: FloatArray, y: FloatArray, kind: str) -> FloatArray:
    """Return for values (..., k) whether the greatest is not that of class y, or (value - y)².

    The lowest class wins a tie.

    >>> losses(np.array([[0.5, 0.5], [0.1, 0.9]]), np.array([1, 1]), "classification")
    array([1., 0.])
    """
    if kind == "classification":
        return (values.argmax(axis=-1) != y).astype(np.float64)
    return (values[..., 0] - y) ** 2


def out_of_bag_error_curve(
    per_tree: Iterable[tuple[BoolArray, FloatArray]],
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    kind: str = "classification",
) -> FloatArray:
    """Return the out-of-bag error (t,) of the first 1, 2, ..., t trees.

    After b trees a row is judged by the mean value of those among them that left it out; the error
    is the weighted mean over the rows that any of them left out, NaN while there is none: the share
    of wrong classes, or the mean squared error. Only sums over the trees are kept, so per_tree may
    be an iterator such as out_of_bag_values; each tree costs O(n).

    >>> first = np.array([True, False, True]), np.array([[1.0, 0.0], [0.4, 0.6]])
    >>> second = np.array([False, True, True]), np.array([[0.3, 0.7], [0.9, 0.1]])
    >>> out_of_bag_error_curve([first, second], [0, 0, 0]).round(3).tolist()
    [0.5, 0.333]
    """
    check_choice("kind", kind, KINDS)
    truth = check_vector(y, "y")
    w = check_weights(sample_weight, len(truth))
    summed: FloatArray | None = None
    votes, loss, errors = np.zeros(len(truth)), np.zeros(len(truth)), []
    for out, values in per_tree:
        if summed is None:
            summed = np.zeros((len(truth), values.shape[1]))
        summed[out] += values
        votes[out] += 1
        # Rows in this tree's bag are judged as before it.
        loss[out] = losses(summed[out] / votes[out, None], truth[out], kind)
        seen = w * (votes > 0)
        errors.append(seen @ loss / seen.sum() if seen.any() else np.nan)
    return np.array(errors)
