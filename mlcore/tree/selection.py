"""How far to prune a tree: cross-validation of the whole pruning sequence, and the 1-SE rule.

Each subtree of the sequence is best for the prices from its alpha up to the next one's; the
geometric mean beta of the two stands for it. A fold's rows are predicted by the tree grown on the
others, pruned at every beta. Pruning at a beta makes a leaf of the first node on a row's way down
whose split is given up. So each row climbs from its leaf to the root once, and each node on the way
answers for the betas at which it is the leaf.

The error of a subtree is uncertain, and the curve of errors is flat around its minimum. The 1-SE
rule takes the smallest tree whose error is within one standard error of the least.

Notation: n rows, m nodes, s subtrees, from the whole tree to the root · w (n,) weights.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4;
Therneau & Atkinson, An introduction to recursive partitioning using the rpart routines, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    FloatArray,
    IntArray,
    RandomState,
    check_choice,
    check_finite_vector,
    check_generator,
    check_integer,
    check_labels,
    check_weights,
    class_weights,
    plural,
)
from mlcore.estimator import Classifier
from mlcore.model_selection.splits import stratified_folds
from mlcore.tables import take_rows
from mlcore.tree.cart import DecisionTree
from mlcore.tree.pruning import TIE, PruningSequence, prune, pruning_sequence


@dataclass(frozen=True)
class PruningResult:
    """The subtrees of a tree with their cross-validated errors, and the one that was chosen.

    Errors are shares of rows misclassified, or mean squared errors.
    """

    estimator: Any  # fitted on all rows and pruned at ccp_alphas[chosen]
    rule: str
    ccp_alphas: FloatArray  # (s,) beta, rising
    n_leaves: IntArray  # (s,) falling
    train_error: FloatArray  # (s,) of the rows the tree was grown on
    cv_error: FloatArray  # (s,)
    cv_std: FloatArray  # (s,) standard error of cv_error
    best: int  # least cv_error, of equals the smallest tree
    chosen: int

    @property
    def limit(self) -> float:
        """The least cross-validated error plus its standard error."""
        return float(self.cv_error[self.best] + self.cv_std[self.best])

    def table(self, most: int = 20) -> str:
        """Return a line for each of the ``most`` smallest trees, the best and the chosen one."""
        s = len(self.n_leaves)
        shown = sorted({*range(max(s - most, 0), s), self.best, self.chosen}, reverse=True)
        lines = [f"{'ccp_alpha':>12}{'leaves':>8}{'training':>10}{'left out ± SE':>21}"]
        for at, smaller in zip([*shown, -1], [s, *shown], strict=True):
            if smaller - at > 1:
                lines.append(f"{'...':>12}   ({plural(smaller - at - 1, 'tree')} not shown)")
            if at >= 0:
                lines.append(self._line(at))
        return "\n".join(lines)

    def _line(self, at: int) -> str:
        marks = "  best" * (at == self.best) + "  chosen" * (at == self.chosen)
        return (
            f"{self.ccp_alphas[at]:12.4g}{self.n_leaves[at]:8d}{self.train_error[at]:10.4g}"
            f"{self.cv_error[at]:10.4g} ± {self.cv_std[at]:<8.2g}{marks}"
        ).rstrip()

    def __str__(self) -> str:
        return self.table()


def pruned_by_cross_validation(
    model: Any,
    X: Any,
    y: ArrayLike,
    *,
    cv: int = 10,
    rule: str = "1se",
    sample_weight: ArrayLike | None = None,
    random_state: RandomState = None,
) -> PruningResult:
    """Return a copy of a tree model, fitted and pruned as far as cross-validation advises.

    Rows are dealt into cv folds at random, each class evenly; ``rule`` is "1se" or "min". Rows
    of weight 0 are left out; sample and class weights weigh the errors as well. ValueError for
    what is no decision tree, or fewer rows than folds. Cost: cv + 1 trees and O(n * depth).

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = np.arange(40.0)[:, None], np.arange(40) // 10 % 2
    >>> y[[3, 33]] = 1, 0
    >>> print(pruned_by_cross_validation(DecisionTreeClassifier(), X, y, cv=5, random_state=0))
       ccp_alpha  leaves  training        left out ± SE
           1.367       1       0.5       0.5 ± 0.079
         0.05545       4      0.05      0.15 ± 0.056     best  chosen
               0       8         0      0.15 ± 0.056
    """
    check_choice("rule", rule, ("1se", "min"))
    if not isinstance(model, DecisionTree):
        raise ValueError(
            f"model is {model!r}, but one decision tree was expected. "
            "Use DecisionTreeClassifier() or DecisionTreeRegressor()."
        )
    grown = _copy(model).fit(X, y, sample_weight)  # first of all, because it checks the rows
    rows = _rows(model, X, y, sample_weight)
    folds = _folds(model, rows, cv, random_state)

    sequence = pruning_sequence(grown.tree_)
    tie = TIE * grown.tree_.impurity[0]
    member = members(sequence, tie)
    betas = midpoints(sequence.ccp_alphas[member], tie if member[0] else 0.0)
    train_error, _ = mean_and_error(summed_losses(grown, rows, betas), rows.w)
    cv_error, cv_std = cross_validated_errors(model, rows, folds, betas)
    best, chosen = choose(cv_error, cv_std, rule)

    grown.set_params(ccp_alpha=float(betas[chosen]))
    grown.tree_ = prune(grown.tree_, betas[chosen])
    leaves = sequence.n_leaves[member]
    return PruningResult(grown, rule, betas, leaves, train_error, cv_error, cv_std, best, chosen)


def members(sequence: PruningSequence, tie: float) -> IntArray:
    """Return the entries of a sequence that differ in alpha by more than tie, each the last such.

    The first is the smallest tree that is as pure as the whole.
    """
    return np.flatnonzero(np.append(np.diff(sequence.ccp_alphas) > tie, True))


def midpoints(alphas: FloatArray, first: float = 0.0) -> FloatArray:
    """Return the geometric mean of each alpha (s,) and the next; 10 times the last, as rpart has.

    The whole tree's alpha is 0 and so would be its mean: ``first`` stands there.

    >>> midpoints(np.array([0.0, 1.0, 4.0])).tolist()
    [0.0, 2.0, 40.0]
    """
    betas = np.sqrt(alphas) * np.sqrt(np.append(alphas[1:], 100 * alphas[-1]))
    betas[0] = first
    return betas


def choose(error: FloatArray, std: FloatArray, rule: str) -> tuple[int, int]:
    """Return the place of the least error and of the rule's choice; of equals the smallest tree.

    >>> choose(np.array([0.30, 0.20, 0.25, 0.26, 0.50]), np.full(5, 0.055), "1se")
    (1, 2)
    """
    slack = 1e-12 * error.max()  # errors may differ by rounding where no row is answered otherwise
    best = int(np.flatnonzero(error <= error.min() + slack)[-1])
    limit = error[best] + (std[best] if rule == "1se" else 0.0)
    return best, int(np.flatnonzero(error <= limit + slack)[-1])


@dataclass(frozen=True)
class Rows:
    """Rows of weight above 0, with the weights they are fitted and judged with."""

    X: Any
    y: NDArray[Any]  # (n,)
    w: FloatArray  # (n,) class weights included

    def take(self, at: IntArray) -> Rows:
        """Return some of the rows."""
        return Rows(take_rows(self.X, at), self.y[at], self.w[at])


def _rows(model: Any, X: Any, y: ArrayLike, sample_weight: ArrayLike | None) -> Rows:
    """Return the rows, their targets as labels or as numbers."""
    if not isinstance(model, Classifier):
        target: NDArray[Any] = check_finite_vector(y, "y")
        w = check_weights(sample_weight, len(target))
    else:
        labels, index = check_labels(y)
        target, w = labels[index], check_weights(sample_weight, len(index))
        present = labels[np.unique(index[w > 0])]
        w = class_weights(getattr(model, "class_weight", None), present, target, w)
    return Rows(X, target, w).take(np.flatnonzero(w > 0))


def _copy(model: Any, **params: Any) -> Any:
    """Return a model of the same parameters, but for those given; neither fitted nor pruned."""
    copy = type(model)(**model.get_params(deep=False))
    return copy.set_params(**{"ccp_alpha": 0.0} | params)


def _folds(model: Any, rows: Rows, cv: int, random_state: RandomState) -> IntArray:
    """Return the fold (n,) of each row; classes are dealt out evenly, numbers as one class."""
    check_integer("cv", cv, 2)
    n = len(rows.y)
    if n < cv:
        raise ValueError(
            f"cv is {cv}, but X has {plural(n, 'row')} of weight above 0: a fold would be empty. "
            "Use fewer folds or more rows."
        )
    index = np.zeros(n, dtype=np.int64)
    if isinstance(model, Classifier):
        _, index = check_labels(rows.y)
    return stratified_folds(index, cv, check_generator(random_state))


def cross_validated_errors(
    model: Any, rows: Rows, fold: IntArray, betas: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the error (s,) at each beta of rows predicted by trees that never saw them, and SE.

    ``fold`` (n,) numbers the rows' folds from 0. Class weights are in the rows' already.
    """
    sums = np.zeros((2, len(betas)))
    weighted = {"class_weight": None} if "class_weight" in model.get_params() else {}
    for k in range(int(fold.max()) + 1):
        seen, unseen = rows.take(np.flatnonzero(fold != k)), rows.take(np.flatnonzero(fold == k))
        grown = _copy(model, **weighted).fit(seen.X, seen.y, seen.w)
        sums += summed_losses(grown, unseen, betas)
    return mean_and_error(sums, rows.w)


def summed_losses(grown: Any, rows: Rows, betas: FloatArray) -> FloatArray:
    """Return the sums (2, s) of w loss and w loss² of the rows, pruning a grown tree at each beta.

    Betas rise. Cost: O(n * depth + s * depth).
    """
    parents, s = grown.tree_.parents, len(betas)
    # A node is the leaf from the first beta that gives up its split until its parent's is given up.
    begin = np.searchsorted(betas, pruning_sequence(grown.tree_).collapse_alpha)  # (m,)
    steps = np.zeros((2, s + 1))  # changes of the sums from one beta to the next
    row, node = np.arange(len(rows.y)), grown.apply(rows.X)
    while len(row):  # one level up at a time
        above = parents[node]
        end = np.where(above >= 0, begin[above], s)
        loss = losses(grown, node, rows.y[row])
        for line, amount in zip(steps, (rows.w[row] * loss, rows.w[row] * loss**2), strict=True):
            line += np.bincount(begin[node], amount, s + 1) - np.bincount(end, amount, s + 1)
        row, node = row[above >= 0], above[above >= 0]
    return steps[:, :s].cumsum(axis=1)


def losses(grown: Any, node: IntArray, y: NDArray[Any]) -> FloatArray:
    """Return the loss (n,) of each row if its node were a leaf: 1 if wrong, or squared error."""
    value = grown.tree_.value[node]
    if isinstance(grown, Classifier):
        return (grown.classes_[value.argmax(axis=1)] != y).astype(np.float64)
    return (value[:, 0] - y) ** 2


def mean_and_error(sums: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean loss (s,) and its standard error sqrt(variance * sum w²) / sum w.

    Without weights it is rpart's, sqrt(variance / n); it is the same whatever the weights' unit.
    """
    mean, square = sums / w.sum()
    variance = np.maximum(square - mean**2, 0.0)
    return mean, np.sqrt(variance * (w @ w)) / w.sum()
