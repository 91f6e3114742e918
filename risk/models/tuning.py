"""How to set a model, decided among the rows it learns from.

Logistic regression takes the penalty of least log loss in inner folds. The tree is grown with each
minimum leaf and pruned as far as inner folds advise: growing by Gini is growing by the squared error
of a 0/1 target, so the folds are judged by the Brier score. The subtree of least error is taken, not
the smallest within one standard error: pupils at risk are few and the error's scatter is wide, so
that the smaller tree lost 0.05 of AUC, the mean of eight trials on a school's and the UCI pupils.
The forest takes the settings of least log loss out of bag; where groups must not be split, in inner
folds.

Notation: n rows, d features, f folds, g settings · X (n, d) · y (n,) 1 at risk, 0 not · groups (n,).

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, chapter 3.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    LogisticRegressionCV,
    RandomForestClassifier,
)
from mlcore.checks import ConvergenceWarning, FloatArray, IntArray
from mlcore.estimator import Classifier
from mlcore.metrics import log_loss
from mlcore.model_selection import ParameterGrid, PredefinedSplit, cross_val_predict
from mlcore.model_selection.splits import stratified_folds
from mlcore.tree.pruning import TIE, pruning_sequence
from mlcore.tree.selection import Rows, choose, cross_validated_errors, members, midpoints
from risk.data.groups import clusters, group_folds
from risk.odds import kept_inside

Grid = dict[str, list[Any]]
INNER_FOLDS = 5
ALPHAS: Grid = {"alpha": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]}
TREE: Grid = {"min_samples_leaf": [10, 20, 40]}
FOREST: Grid = {"min_samples_leaf": [3, 10], "max_features": ["sqrt", 0.33]}
# Trees grown with each setting of a forest. Out of bag a row is judged by 37 % of them, so as many
# judge it either way.
OUT_OF_BAG_TREES, FOLD_TREES = 100, 40
MOST_CELLS, LEAST_ROWS = 50_000, 300  # of the rows that a forest's settings are chosen on


def choose_settings(
    classifier: Classifier,
    grid: Grid,
    X: FloatArray,
    y: IntArray,
    groups: ArrayLike | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the parameters to set, chosen from a grid by a classifier's own method.

    The same seed gives the same choice for any number of workers.
    """
    together = clusters(groups)
    fold = inner_folds(y, together, seed)
    if isinstance(classifier, LogisticRegression):
        return {"alpha": best_alpha(grid["alpha"], X, y, fold)}
    if isinstance(classifier, DecisionTreeClassifier):
        return best_tree(classifier, grid, X, y, fold)
    assert isinstance(classifier, RandomForestClassifier)
    some = sampled_rows(y, X.shape[1], seed)
    return best_forest(classifier, grid, X[some], y[some], None if together is None else fold[some])


def inner_folds(y: IntArray, together: IntArray | None, seed: int) -> IntArray:
    """Return the inner fold (n,) of each row, with its share of rows at risk; groups stay whole.

    Where there are fewer groups than folds there are as many folds as groups; and if whole groups
    cannot give every fold's training rows both kinds, groups are split after all.

    >>> np.bincount(inner_folds(np.tile([0, 1], 10), None, seed=0)).tolist()
    [4, 4, 4, 4, 4]
    """
    rng = np.random.default_rng(seed)
    if together is not None:
        parts = min(INNER_FOLDS, int(together.max()) + 1)
        fold = group_folds(y, together, parts, rng)
        at_risk, rows = np.bincount(fold, weights=y), np.bincount(fold)
        if (
            len(rows) == parts
            and (at_risk < y.sum()).all()
            and (rows - at_risk < (1 - y).sum()).all()
        ):
            return fold
    parts = min(INNER_FOLDS, int(np.bincount(y, minlength=2).min()))
    return stratified_folds(y, max(parts, 2), rng)


def sampled_rows(y: IntArray, d: int, seed: int) -> IntArray:
    """Return the rows to choose a forest's settings on: all, or of a large table a sample.

    The sample is stratified, and refused where it would have fewer than 10 of a kind.

    >>> y = np.arange(10_000) % 4 // 3
    >>> len(sampled_rows(y, 25, 0)), len(sampled_rows(y[:1000], 25, 0))
    (2000, 1000)
    """
    parts = -(-len(y) // max(LEAST_ROWS, MOST_CELLS // d))
    if parts == 1 or np.bincount(y, minlength=2).min() < 10 * parts:
        return np.arange(len(y))
    return np.flatnonzero(stratified_folds(y, parts, np.random.default_rng(seed)) == 0)


def best_alpha(alphas: list[float], X: FloatArray, y: IntArray, fold: IntArray) -> float:
    """Return the alpha of least mean log loss over the folds."""
    with warnings.catch_warnings():
        # The grid is ours, so a best alpha at its end is nothing the user can mend.
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegressionCV(alphas, cv=PredefinedSplit(fold)).fit(X, y).alpha_


def best_tree(
    classifier: DecisionTreeClassifier, grid: Grid, X: FloatArray, y: IntArray, fold: IntArray
) -> dict[str, Any]:
    """Return the settings and the ccp_alpha of the tree of least Brier score over the folds.

    For each setting the whole pruning sequence is cross-validated.
    """
    rows, best = Rows(X, y.astype(np.float64), np.ones(len(y))), (np.inf, dict[str, Any]())
    for settings in ParameterGrid(grid):
        tree = DecisionTreeRegressor(max_depth=classifier.max_depth, **settings)
        sequence = pruning_sequence(tree.fit(X, rows.y).tree_)
        tie = TIE * tree.tree_.impurity[0]
        member = members(sequence, tie)
        betas = midpoints(sequence.ccp_alphas[member], tie if member[0] else 0.0)
        error, spread = cross_validated_errors(tree, rows, fold, betas)
        least, _ = choose(error, spread, "min")
        if error[least] < best[0]:
            # Gini impurity is twice the squared error of a 0/1 target.
            best = float(error[least]), settings | {"ccp_alpha": 2.0 * float(betas[least])}
    return best[1]


def best_forest(
    classifier: RandomForestClassifier,
    grid: Grid,
    X: FloatArray,
    y: IntArray,
    fold: IntArray | None,
) -> dict[str, Any]:
    """Return the settings of least log loss, out of bag or on the folds given."""
    n_trees = min(classifier.n_estimators, OUT_OF_BAG_TREES if fold is None else FOLD_TREES)

    def loss(settings: dict[str, Any]) -> float:
        parameters = classifier.get_params(deep=False) | settings | {"n_estimators": n_trees}
        risk = unseen_risk(parameters, X, y, fold)
        seen = ~np.isnan(risk)
        # A risk of 0 must not cost the infinite.
        return log_loss(y[seen], kept_inside(risk[seen], len(y)), labels=[0, 1])

    return min(ParameterGrid(grid), key=loss)


def unseen_risk(
    parameters: dict[str, Any], X: FloatArray, y: IntArray, fold: IntArray | None
) -> FloatArray:
    """Return each row's risk (n,) by trees that did not draw it, or that grew on other folds."""
    if fold is None:
        with warnings.catch_warnings():
            # Of few trees some row may be in every bag.
            warnings.simplefilter("ignore", UserWarning)
            forest = RandomForestClassifier(**parameters | {"oob_score": True}).fit(X, y)
        return forest.oob_decision_function_[:, 1]
    forest = RandomForestClassifier(**parameters)
    return cross_val_predict(forest, X, y, cv=PredefinedSplit(fold), method="predict_proba")[:, 1]
