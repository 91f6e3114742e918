"""What forests for classes and for numbers share: growth, votes, and what the trees know of rows.

The methods that ask for the training rows again do so because a forest does not keep them; it keeps
its seed, from which every tree's bag of rows is drawn anew.

Notation: n rows, d features, t trees · X (n, d) · y (n,) labels or targets · w (n,) weights · bags
(t, n) how often each tree drew each row.

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
    check_flag,
    check_generator,
    check_integer,
    check_is_fitted,
)
from mlcore.checks.kinds import warn_caller
from mlcore.forest.bagging import Recipe, draw_bag, grow_forest, tree_generator
from mlcore.forest.importance import Importance, out_of_bag_permutation_importance
from mlcore.forest.out_of_bag import out_of_bag_error_curve, out_of_bag_values
from mlcore.forest.proximity import outlier_measure, proximities
from mlcore.tree.cart import DecisionTree, impurity_importances
from mlcore.tree.descent import forest_leaves, leaves, mean_value
from mlcore.tree.inputs import TreeInput
from mlcore.tree.limits import check_limits, count_rows
from mlcore.tree.structure import Tree
from mlcore.tree.target import Sample


def forest_seed(random_state: RandomState) -> int:
    """Return the whole number that all trees' generators come from.

    A whole number is its own seed, so tree i has the generator default_rng(seed).spawn(t)[i].
    """
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    generator = check_generator(random_state)
    if isinstance(random_state, np.random.Generator):
        return int(generator.integers(2**63))
    return int(random_state)


SEEN = ("n_features_in_", "feature_names_in_", "categories_", "classes_")
KEPT = (*SEEN, "n_rows_")


def same_values(before: Any, now: Any) -> bool:
    """Return whether two values, arrays or lists of arrays are the same."""
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(same_values, before, now))
    return np.array_equal(np.asarray(before, dtype=object), np.asarray(now, dtype=object))


class Forest(TreeInput):
    """Trees on resampled rows whose leaves are averaged."""

    _kind: str  # "classification" or "regression"
    _tree_class: type[DecisionTree]  # the model that one tree of it is
    trees_: list[Tree]
    seed_: int
    n_rows_: int  # rows of weight above 0 in fit
    n_estimators: int
    bootstrap: bool
    oob_score: bool
    max_samples: int | float | None
    max_leaf_nodes: int | None
    ccp_alpha: float
    warm_start: bool
    n_jobs: int | None
    random_state: RandomState
    verbose: int

    def _check_forest(self, n: int) -> int | None:
        """Check the parameters beyond a tree's; return how many rows each tree draws."""
        check_integer("n_estimators", self.n_estimators, 1)
        for name in ("bootstrap", "oob_score", "warm_start"):
            check_flag(name, getattr(self, name))
        if not isinstance(self.verbose, bool):
            check_integer("verbose", self.verbose, 0)
        if not self.bootstrap and (self.oob_score or self.max_samples is not None):
            name = "oob_score" if self.oob_score else "max_samples"
            raise ValueError(
                f"{name} is {getattr(self, name)} and bootstrap False, but without a bootstrap "
                "every tree has all rows. Set bootstrap=True."
            )
        if not self.bootstrap:
            return None
        return n if self.max_samples is None else count_rows("max_samples", self.max_samples, 1, n)

    def _earlier(self) -> dict[str, Any]:
        """Return what a warm start keeps of the last fit: its trees, and what they are true of."""
        if not self.warm_start or "trees_" not in vars(self):
            return {}
        if self.n_estimators < len(self.trees_):
            raise ValueError(
                f"n_estimators is {self.n_estimators}, but the forest has {len(self.trees_)} trees "
                "already and warm_start only adds. Raise n_estimators."
            )
        return {name: vars(self)[name] for name in ("trees_", "seed_", *KEPT) if name in vars(self)}

    def _check_continues(self, earlier: dict[str, Any]) -> None:
        """Raise unless the trees of the last fit are of the same rows, columns and classes."""
        for name in KEPT:
            before, now = earlier.get(name), vars(self).get(name)
            if not same_values(before, now):
                raise ValueError(
                    f"warm_start adds trees to a forest whose {name} is {before}, but that of the "
                    f"data given is {now}. Pass the rows of the last fit, or set warm_start=False."
                )

    def _grow(self, sample: Sample, earlier: dict[str, Any], executor: Executor | None) -> Recipe:
        """Grow trees_ beyond the earlier ones, and return what they were grown from."""
        self.n_rows_ = n = len(sample.X)
        if earlier:
            self._check_continues(earlier)
        kept = earlier.get("trees_", [])
        recipe = Recipe(
            sample,
            check_limits(self, *sample.X.shape),
            earlier["seed_"] if earlier else forest_seed(self.random_state),
            self._check_forest(n),
            getattr(self, "class_weight", None) == "balanced_subsample",
            self.max_leaf_nodes,
            self.ccp_alpha,
            None if self._plain else self._n_categories(),
            self.missing,
            self.max_surrogates,
        )
        numbers = range(len(kept), self.n_estimators)
        grown = grow_forest(recipe, numbers, self.n_jobs, executor, int(self.verbose))
        self.seed_, self.trees_ = recipe.seed, kept + grown
        return recipe

    def _out_of_bag(self, recipe: Recipe) -> FloatArray:
        """Return the mean value (n, k) over the trees that did not draw a row; NaN without any."""
        n, k = recipe.n, self.trees_[0].value.shape[1]
        summed, votes = np.zeros((n, k)), np.zeros(n)
        bags = (recipe.bag(number) for number in range(len(self.trees_)))
        for tree, bag in zip(self.trees_, bags, strict=True):
            for out, value in out_of_bag_values([tree], bag[None], recipe.sample.X):
                summed[out] += value
                votes[out] += 1
        if not votes.all():
            warn_caller(
                f"{int((votes == 0).sum())} of {n} rows were drawn by every tree, so they have no "
                "out-of-bag prediction. Raise n_estimators.",
            )
        with np.errstate(invalid="ignore"):
            return summed / votes[:, None]

    def apply(self, X: ArrayLike) -> IntArray:
        """Return the leaf number of each row in each tree, (n, t)."""
        array = self._check_predict_features(X)
        return forest_leaves(self.trees_, array)

    def _mean_value(self, X: ArrayLike) -> FloatArray:
        """Return the mean over the trees of the value of each row's leaf, (n, k)."""
        array = self._check_predict_features(X)
        return mean_value(self.trees_, array)

    def _check_bootstrap(self) -> None:
        """Raise where every tree had all rows, so that none is out of a bag."""
        if not self.bootstrap:
            raise ValueError(
                "bootstrap is False, so every tree had all rows, but this compares trees that "
                "drew a row with trees that did not. Fit with bootstrap=True."
            )

    def _tree_values(self, X: ArrayLike, column: int) -> FloatArray:
        """Return one column of the value of each row's leaf in each tree, (t, n)."""
        pairs = zip(self.trees_, self.apply(X).T, strict=True)
        return np.stack([tree.value[leaf, column] for tree, leaf in pairs])

    @property
    def estimators_(self) -> list[Any]:
        """The trees as models (t,), each to be printed, drawn or asked by itself.

        They share the forest's arrays. What a tree knows of rows is of those in its bag.
        """
        check_is_fitted(self)
        names = self._tree_class._parameter_names()
        params = {name: value for name, value in self.get_params().items() if name in names}
        if params.get("class_weight") == "balanced_subsample":
            params["class_weight"] = "balanced"  # which a tree's own bag is
        drawn = check_limits(self, self.n_rows_, self.n_features_in_).max_features
        seen = {name: vars(self)[name] for name in SEEN if name in vars(self)}
        seen["max_features_"] = drawn or self.n_features_in_
        models = [self._tree_class(**params) for _ in self.trees_]
        for model, tree in zip(models, self.trees_, strict=True):
            vars(model).update(seen, tree_=tree)
        return models

    @property
    def feature_importances_(self) -> FloatArray:
        """Mean over the trees of each feature's share of the impurity removed, (d,), summing to 1.

        Beware: it favours columns of many distinct values, even of pure noise, since they offer
        more cuts to choose from. ``permutation_importances`` does not.
        """
        check_is_fitted(self)
        shares = [impurity_importances(tree, self.n_features_in_) for tree in self.trees_]
        total = np.sum(shares, axis=0)
        return total / total.sum() if total.any() else total

    def _fitted_on(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[FloatArray, Any, FloatArray, IntArray]:
        """Return the training rows, their targets, weights and the bags (t, n) that drew them."""
        array = self._check_predict_features(X)
        target, w = self._check_targets(y, sample_weight, len(array))
        kept = w > 0
        if int(kept.sum()) != self.n_rows_:
            raise ValueError(
                f"X has {int(kept.sum())} rows of weight above 0, but the forest was fitted on "
                f"{self.n_rows_}. Pass the rows and weights that were given to fit."
            )
        array, target, w, bags = array[kept], target[kept], w[kept], self.bags()
        leaf, drawn = leaves(self.trees_[0], array), bags[0] > 0
        size = np.bincount(leaf[drawn], minlength=self.trees_[0].node_count)
        ends = self.trees_[0].is_leaf
        if not np.array_equal(size[ends], self.trees_[0].n_node_samples[ends]) or not (
            self._fits_tree(self.trees_[0], leaf, target, w * bags[0])
        ):
            raise ValueError(
                "X, y or sample_weight are not those of fit: the first tree does not have them in "
                "its leaves. Pass the same rows in the same order."
            )
        return array, target, w, bags

    def _fits_tree(self, tree: Tree, leaf: IntArray, target: Any, w: FloatArray) -> bool:
        """Return whether a tree can have grown from rows (n,) of these leaves, targets, weights."""
        raise TypeError(f"{type(self).__name__} does not say what its targets are.")

    def _check_targets(
        self, y: ArrayLike, sample_weight: ArrayLike | None, n: int
    ) -> tuple[Any, FloatArray]:
        """Return targets as the trees see them, and weights, both (n,)."""
        raise TypeError(f"{type(self).__name__} does not say what its targets are.")

    def bags(self) -> IntArray:
        """Return how often each tree drew each row of weight above 0, (t, n)."""
        check_is_fitted(self)
        draws, t = self._check_forest(self.n_rows_), len(self.trees_)
        generators = (tree_generator(self.seed_, number) for number in range(t))
        return np.stack([draw_bag(self.n_rows_, draws, generator) for generator in generators])

    def permutation_importances(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        n_repeats: int = 1,
        random_state: RandomState = None,
    ) -> Importance:
        """Return how much worse the trees judge rows out of their bags when a column is shuffled.

        X, y and sample_weight are those of fit. See mlcore.forest.importance.
        """
        array, target, w, bags = self._fitted_on(X, y, sample_weight)
        generators = check_generator(random_state).spawn(len(self.trees_))
        return out_of_bag_permutation_importance(
            self.trees_, bags, array, target, w, generators=generators, kind=self._kind,
            n_repeats=n_repeats,
        )  # fmt: skip

    def out_of_bag_errors(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> FloatArray:
        """Return the out-of-bag error of the first 1, 2, ..., t trees, (t,).

        X, y and sample_weight are those of fit. The error is the share of wrong classes, or the
        mean squared error.
        """
        self._check_bootstrap()
        array, target, w, bags = self._fitted_on(X, y, sample_weight)
        values = out_of_bag_values(self.trees_, bags, array)
        return out_of_bag_error_curve(values, target, w, kind=self._kind)

    def proximities(self, X: ArrayLike) -> FloatArray:
        """Return the share of trees in which two rows share a leaf, (n, n); O(n² t)."""
        return proximities(self.apply(X))

    def outliers(self, X: ArrayLike, labels: ArrayLike | None = None) -> FloatArray:
        """Return how far each row is from its class by proximity, (n,); above 10 is suspicious."""
        return outlier_measure(self.proximities(X), labels)
