"""Random forests for classes and for numbers: their parameters, fit and predictions.

Notation: n rows, d features, k classes, t trees · X (n, d) · y (n,) labels or targets · w (n,)
weights · P (n, k) probabilities.

Source: Breiman (2001), Random Forests, Machine Learning 45.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    IntArray,
    RandomState,
    check_choice,
    check_finite_vector,
    check_known_labels,
    check_weights,
)
from mlcore.estimator import Classifier, Regressor
from mlcore.forest.ensemble import Forest
from mlcore.forest.uncertainty import infinitesimal_jackknife, leaf_quantiles
from mlcore.metrics.regression import r2_score
from mlcore.tree.cart import DecisionTreeClassifier, DecisionTreeRegressor, about_the_mean
from mlcore.tree.descent import forest_leaves
from mlcore.tree.impurity import CLASSIFICATION, REGRESSION
from mlcore.tree.structure import Tree
from mlcore.tree.target import Sample


class RandomForestClassifier(Forest, Classifier):
    """Average the class shares of trees grown on bootstrap samples, each node on drawn features.

    P(class | x) is the mean over the trees of the class shares in x's leaf. The same random_state
    gives the same forest for any number of workers, because every tree has a generator of its own.

    Parameters
    ----------
    n_estimators : number of trees.
    criterion, max_depth, min_samples_split, min_samples_leaf, min_weight_fraction_leaf,
    max_leaf_nodes, min_impurity_decrease, ccp_alpha : as in DecisionTreeClassifier. The minimum
        counts are of distinct rows.
    max_features : features drawn for each node: "sqrt", "log2", a count, a share, or None (all).
    bootstrap : draw rows with replacement for each tree, else give each tree all rows.
    oob_score : also score every row by the trees that did not draw it.
    n_jobs : threads; None for one, -1 for one a processor.
    random_state : seed.
    verbose : above 0, tell on standard error how many trees there are.
    warm_start : keep the trees and the seed of the last fit, of the same rows, and grow those that
        lack.
    class_weight : None, "balanced", a weight for each label, or "balanced_subsample", which
        balances each tree's own sample.
    max_samples : rows each tree draws, a count or a share; None for as many as there are.
    missing, categorical_features, max_surrogates : as in DecisionTreeClassifier; they grow trees
        node by node, which is slower.

    Attributes
    ----------
    trees_ (a list of Tree), estimators_ (the same as models), classes_ (k,), n_classes_,
    feature_importances_ (d,), seed_; with oob_score oob_decision_function_ (n, k), NaN for a row
    that every tree drew or of weight 0, and oob_score_.

    >>> X, y = [[0.0], [1.0], [2.0], [3.0]] * 5, ["a", "a", "b", "b"] * 5
    >>> model = RandomForestClassifier(10, random_state=0).fit(X, y)
    >>> model.predict([[0.2], [2.8]]).tolist()
    ['a', 'b']
    """

    _kind = "classification"
    _tree_class = DecisionTreeClassifier

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: bool = False,
        n_jobs: int | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: int | float | None = None,
        missing: str | None = None,
        categorical_features: Any = None,
        max_surrogates: int = 5,
    ) -> None:
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.missing = missing
        self.categorical_features = categorical_features
        self.max_surrogates = max_surrogates

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        executor: Executor | None = None,
    ) -> RandomForestClassifier:
        """Grow the trees; O(t * depth * max_features * n log n).

        ``executor`` is any concurrent.futures.Executor, whose workers then grow the trees in place
        of threads: a process pool, or that of a cluster.
        """
        check_choice("criterion", self.criterion, tuple(CLASSIFICATION))
        earlier = self._earlier()
        array, index, w, kept = self._check_fit(X, y, sample_weight)
        k = len(self.classes_)
        sample = Sample(array, index, w, k, CLASSIFICATION[self.criterion])
        recipe = self._grow(sample, earlier, executor)
        if self.oob_score:
            shares = self._out_of_bag(recipe)
            self.oob_decision_function_ = np.full((len(kept), k), np.nan)
            self.oob_decision_function_[kept] = shares
            seen = np.isfinite(shares[:, 0])
            right = shares[seen].argmax(axis=1) == index[seen]
            self.oob_score_ = float(np.average(right, weights=w[seen])) if seen.any() else np.nan
        return self

    def _row_class_weight(self) -> Any:
        """Return None where every tree balances its own sample."""
        return None if self.class_weight == "balanced_subsample" else self.class_weight

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the mean over the trees of the class shares in each row's leaf."""
        return self._mean_value(X)

    def standard_errors(self, X: ArrayLike) -> FloatArray:
        """Return a standard error of each probability, (n, k), by the infinitesimal jackknife.

        It tells how much P would change with other training rows. See mlcore.forest.uncertainty.
        """
        self._check_bootstrap()
        bags, k = self.bags(), len(self.classes_)
        columns = [infinitesimal_jackknife(bags, self._tree_values(X, c)) for c in range(k)]
        return np.stack(columns, axis=1)

    def _check_targets(
        self, y: ArrayLike, sample_weight: ArrayLike | None, n: int
    ) -> tuple[IntArray, FloatArray]:
        return check_known_labels(y, self.classes_, n), check_weights(sample_weight, n)

    def _fits_tree(self, tree: Tree, leaf: IntArray, target: IntArray, w: FloatArray) -> bool:
        drawn = w > 0
        return bool((tree.value[leaf[drawn], target[drawn]] > 0).all())


class RandomForestRegressor(Forest, Regressor):
    """Average the means of trees grown on bootstrap samples.

    Parameters
    ----------
    criterion : "squared_error".
    max_features : features drawn for each node; all by default (1.0), a third is often better.
    Others as in RandomForestClassifier.

    Attributes
    ----------
    trees_ (a list of Tree), estimators_ (the same as models), feature_importances_ (d,), seed_;
    with oob_score oob_prediction_ (n,), NaN for a row that every tree drew or of weight 0, and
    oob_score_ (R²).

    >>> X, y = [[0.0], [1.0], [2.0], [3.0]] * 5, [1.0, 1.0, 4.0, 4.0] * 5
    >>> RandomForestRegressor(10, random_state=0).fit(X, y).predict([[0.2], [2.8]]).round(1).tolist()
    [1.0, 4.0]
    """

    _kind = "regression"
    _tree_class = DecisionTreeRegressor

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: bool = False,
        n_jobs: int | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: int | float | None = None,
        missing: str | None = None,
        categorical_features: Any = None,
        max_surrogates: int = 5,
    ) -> None:
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.missing = missing
        self.categorical_features = categorical_features
        self.max_surrogates = max_surrogates

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        executor: Executor | None = None,
    ) -> RandomForestRegressor:
        """Grow the trees; O(t * depth * max_features * n log n). ``executor`` as for classes."""
        check_choice("criterion", self.criterion, tuple(REGRESSION))
        earlier = self._earlier()
        array, target, w, kept = self._check_fit(X, y, sample_weight)
        off, mean = about_the_mean(target, w)
        sample = Sample(array, off, w, 0, REGRESSION[self.criterion])
        recipe = self._grow(sample, earlier, executor)
        for tree in self.trees_[len(earlier.get("trees_", [])) :]:
            # Within the targets seen: rounding must not make a share of -1e-16.
            tree.value = np.clip(tree.value + mean, target.min(), target.max())
        if self.oob_score:
            predicted = self._out_of_bag(recipe)[:, 0]
            self.oob_prediction_ = np.full(len(kept), np.nan)
            self.oob_prediction_[kept] = predicted
            seen = np.isfinite(predicted)
            score = r2_score(target[seen], predicted[seen], sample_weight=w[seen])
            self.oob_score_ = score if seen.any() else np.nan
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the mean over the trees of the mean target in each row's leaf, (n,)."""
        return self._mean_value(X)[:, 0]

    def predict_quantiles(
        self,
        X: ArrayLike,
        quantiles: ArrayLike,
        X_train: ArrayLike,
        y_train: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> FloatArray:
        """Return quantiles of the target of new rows, (n, q), from the targets in their leaves.

        X_train, y_train and sample_weight are those of fit. Quantiles .05 and .95 make a prediction
        interval of 90 %. Leaves of five rows or more make better ones. Source: Meinshausen (2006).
        """
        train, target, w, bags = self._fitted_on(X_train, y_train, sample_weight)
        known = forest_leaves(self.trees_, train)  # already checked, and its categories codes
        return leaf_quantiles(self.apply(X), known, bags * w, target, quantiles)

    def standard_errors(self, X: ArrayLike) -> FloatArray:
        """Return a standard error of each predicted mean, (n,), by the infinitesimal jackknife.

        It tells how much the mean would change with other training rows, not how far a new target
        lies from it. See mlcore.forest.uncertainty.
        """
        self._check_bootstrap()
        return infinitesimal_jackknife(self.bags(), self._tree_values(X, 0))

    def _check_targets(
        self, y: ArrayLike, sample_weight: ArrayLike | None, n: int
    ) -> tuple[FloatArray, FloatArray]:
        return check_finite_vector(y, "y", n), check_weights(sample_weight, n)

    def _fits_tree(self, tree: Tree, leaf: IntArray, target: FloatArray, w: FloatArray) -> bool:
        spread = float(np.ptp(target))
        return bool(abs(np.average(target, weights=w) - tree.value[0, 0]) <= 1e-9 * spread)
