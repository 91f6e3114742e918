"""Random forests: many trees on resampled rows and drawn features, whose shares are averaged.

Notation: n rows, d features, k classes, t trees · X (n, d) · y (n,) labels · w (n,) weights ·
P (n, k) probabilities · bags (t, n) how often each tree drew each row.

Source: Breiman (2001), Random Forests, Machine Learning 45.
"""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    RandomState,
    check_choice,
    check_generator,
    check_integer,
    check_is_fitted,
)
from mlcore.estimator import Classifier
from mlcore.tree.cart import impurity_importances
from mlcore.tree.descent import Descent, leaves
from mlcore.tree.growth import Entries, grow
from mlcore.tree.impurity import CLASSIFICATION, Criterion, class_stats
from mlcore.tree.limits import Limits, check_limits
from mlcore.tree.ranked import Ranked
from mlcore.tree.structure import Tree

ENTRIES_A_PASS = 2**15  # rows times trees grown together: few passes, and each stays in the cache


def draw_bag(n: int, bootstrap: bool, generator: np.random.Generator) -> IntArray:
    """Return how often each of n rows is in the sample (n,): drawn n times with replacement.

    >>> int(draw_bag(100, True, np.random.default_rng(0)).sum())
    100
    """
    if not bootstrap:
        return np.ones(n, dtype=np.int64)
    return np.bincount(generator.integers(0, n, n), minlength=n)


def grow_pass(
    ranked: Ranked,
    stats: FloatArray,
    bags: IntArray,
    criterion: Criterion,
    limits: Limits,
    generators: list[np.random.Generator],
) -> list[Tree]:
    """Grow one tree for each line of bags (t, n); stats (k, n) are the class weights of the rows."""
    tree, row = np.nonzero(bags)
    entries = Entries(row, tree, stats.take(row, axis=1) * bags[tree, row])
    return grow(ranked, entries, criterion, limits, generators)


def count_workers(n_jobs: int | None) -> int:
    """Return the number of threads: 1 for None, all processors for -1."""
    if n_jobs is not None and n_jobs == -1:
        return os.cpu_count() or 1
    check_integer("n_jobs (or -1 for all processors)", n_jobs, 1, none=True)
    return 1 if n_jobs is None else int(n_jobs)


class RandomForestClassifier(Classifier):
    """Average the class shares of trees grown on bootstrap samples, each node on drawn features.

    P(class | x) is the mean over the trees of the class shares in x's leaf. The same random_state
    gives the same forest for any n_jobs, because every tree has a generator of its own.

    Parameters
    ----------
    n_estimators : number of trees.
    criterion, max_depth, min_samples_split, min_samples_leaf, min_impurity_decrease,
    class_weight : as in DecisionTreeClassifier. The minimum counts are of distinct rows.
    max_features : features drawn for each node: "sqrt", "log2", a count, a share, or None (all).
    bootstrap : draw n rows with replacement for each tree, else give each tree all rows.
    oob_score : also score every row by the trees that did not draw it.
    n_jobs : threads; None for one, -1 for one a processor.
    random_state : seed.

    Attributes
    ----------
    trees_ (a list of Tree), classes_ (k,), feature_importances_ (d,); with oob_score
    oob_decision_function_ (n, k), NaN for a row that every tree drew or of weight 0, and
    oob_score_.

    >>> X, y = [[0.0], [1.0], [2.0], [3.0]] * 5, ["a", "a", "b", "b"] * 5
    >>> model = RandomForestClassifier(10, random_state=0).fit(X, y)
    >>> model.predict([[0.2], [2.8]]).tolist()
    ['a', 'b']
    """

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
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        n_jobs: int | None = None,
        random_state: RandomState = None,
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
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> RandomForestClassifier:
        """Grow the trees; O(t * depth * max_features * n (log n + k))."""
        check_integer("n_estimators", self.n_estimators, 1)
        check_choice("criterion", self.criterion, tuple(CLASSIFICATION))
        check_choice("bootstrap", self.bootstrap, (True, False))
        check_choice("oob_score", self.oob_score, (True, False))
        if self.oob_score and not self.bootstrap:
            raise ValueError(
                "oob_score is True and bootstrap False, but without a bootstrap no row is out of "
                "a tree's bag. Set bootstrap=True."
            )
        workers = count_workers(self.n_jobs)
        array, index, w, kept = self._check_fit(X, y, sample_weight)
        n, limits = len(array), check_limits(self, *array.shape)
        generators = check_generator(self.random_state).spawn(self.n_estimators)
        bags = np.stack([draw_bag(n, self.bootstrap, g) for g in generators])
        ranked, stats = Ranked.of(array), class_stats(index, w, len(self.classes_))
        # Passes are cut by the data alone, never by the workers, so the bits stay the same.
        size = max(1, ENTRIES_A_PASS // n)

        def grow_from(first: int) -> list[Tree]:
            last = first + size
            criterion = CLASSIFICATION[self.criterion]
            return grow_pass(
                ranked, stats, bags[first:last], criterion, limits, generators[first:last]
            )

        with ThreadPoolExecutor(workers) as pool:
            grown = pool.map(grow_from, range(0, self.n_estimators, size))
            self.trees_ = [tree for trees in grown for tree in trees]
        if self.oob_score:
            self._score_out_of_bag(array, index, bags, w, kept)
        return self

    def _score_out_of_bag(
        self, X: FloatArray, y: IntArray, bags: IntArray, w: FloatArray, kept: BoolArray
    ) -> None:
        """Average, for each row, the shares given by the trees that did not draw it."""
        summed, out = np.zeros((len(X), len(self.classes_))), bags == 0
        for tree, left_out in zip(self.trees_, out, strict=True):
            summed[left_out] += tree.value[leaves(tree, X[left_out])]
        votes = out.sum(axis=0)
        seen = votes > 0
        if not seen.all():
            warnings.warn(
                f"{int((~seen).sum())} of {len(X)} rows were drawn by every tree, so they have no "
                "out-of-bag prediction. Raise n_estimators.",
                UserWarning,
                stacklevel=3,
            )
        shares = np.full(summed.shape, np.nan)
        shares[seen] = summed[seen] / votes[seen, None]
        self.oob_decision_function_ = np.full((len(kept), summed.shape[1]), np.nan)
        self.oob_decision_function_[kept] = shares
        right = shares[seen].argmax(axis=1) == y[seen]
        self.oob_score_ = float(np.average(right, weights=w[seen])) if seen.any() else np.nan

    def apply(self, X: ArrayLike) -> IntArray:
        """Return the leaf number of each row in each tree, (n, t)."""
        array = self._check_predict_features(X)
        return Descent.through(self.trees_).leaves(array)

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the mean over the trees of the class shares in each row's leaf."""
        array = self._check_predict_features(X)
        return Descent.through(self.trees_).mean_value(array)

    @property
    def feature_importances_(self) -> FloatArray:
        """Mean over the trees of each feature's share of the impurity removed, (d,), summing to 1.

        It favours columns of many distinct values, even of pure noise.
        """
        check_is_fitted(self)
        shares = [impurity_importances(tree, self.n_features_in_) for tree in self.trees_]
        total = np.sum(shares, axis=0)
        return total / total.sum() if total.any() else total
