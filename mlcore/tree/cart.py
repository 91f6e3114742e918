"""Decision trees for classes and for numbers: what they are told, and what they say of new rows.

Notation: n rows, d features, k classes, m nodes · X (n, d) · y (n,) labels or targets · w (n,)
weights · P (n, k) probabilities.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees.
"""

from __future__ import annotations

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
    check_is_fitted,
)
from mlcore.estimator import Classifier, Regressor
from mlcore.tree.descent import leaves
from mlcore.tree.growth import grow
from mlcore.tree.impurity import CLASSIFICATION, REGRESSION
from mlcore.tree.inputs import TreeInput
from mlcore.tree.limits import check_limits
from mlcore.tree.nodewise import grow_by_nodes
from mlcore.tree.pruning import PruningSequence, cut_back, pruning_sequence
from mlcore.tree.ranked import RankedColumns, columns_for
from mlcore.tree.structure import Tree
from mlcore.tree.target import Sample


def impurity_importances(tree: Tree, d: int) -> FloatArray:
    """Return each feature's share (d,) of the impurity the tree removed; zeros for a lone leaf."""
    cost = tree.weighted_n_node_samples * tree.impurity
    parents = np.flatnonzero(~tree.is_leaf)
    children = cost[tree.children_left[parents]] + cost[tree.children_right[parents]]
    removed = np.bincount(tree.feature[parents], weights=cost[parents] - children, minlength=d)
    total = removed.sum()
    return np.asarray(removed / total if total > 0 else removed, dtype=np.float64)


def about_the_mean(y: FloatArray, w: FloatArray) -> tuple[FloatArray, float]:
    """Return targets (n,) less their weighted mean, whose squares lose fewer digits, and the mean.

    ValueError where the sum of the squares is infinite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(np.average(y, weights=w))
        off = y - mean
        finite = np.isfinite(w @ off**2)
    if not finite:
        raise ValueError(
            f"y lies between {y.min():g} and {y.max():g}, so far apart that squared errors are "
            "infinite. Measure it in larger units."
        )
    return off, mean


class DecisionTree(TreeInput):
    """What the trees for classes and for numbers share: growth, and the way down for new rows."""

    tree_: Tree
    max_leaf_nodes: int | None
    random_state: RandomState
    ccp_alpha: float

    def _grow(self, sample: Sample) -> None:
        """Grow tree_, and prune it as the parameters ask."""
        limits = check_limits(self, *sample.X.shape)
        self.max_features_ = limits.max_features or sample.X.shape[1]
        generator = check_generator(self.random_state)
        if self._plain:
            n = len(sample.X)
            one = np.zeros(n, dtype=np.int64)  # all entries are of tree 0
            columns, target = columns_for(sample.X, limits.max_features), sample.target()
            draws = [generator] if isinstance(columns, RankedColumns) else []
            (tree,) = grow(columns, target, np.arange(n), one, limits, draws, once=True)
        else:
            tree = grow_by_nodes(
                sample.X, sample.stats(), sample.criterion, limits,
                n_categories=self._n_categories(), missing=self.missing,
                max_surrogates=self.max_surrogates, generator=generator,
            )  # fmt: skip
        self.tree_ = cut_back(tree, self.max_leaf_nodes, self.ccp_alpha)

    def apply(self, X: ArrayLike) -> IntArray:
        """Return the number of the leaf (n,) each row falls into."""
        array = self._check_predict_features(X)
        return leaves(self.tree_, array)

    def decision_path(self, X: ArrayLike) -> BoolArray:
        """Return which nodes each row passes, (n, m), its leaf included."""
        node = self.apply(X)
        passed = np.zeros((len(node), self.tree_.node_count), dtype=bool)
        row = np.arange(len(node))
        while len(row):  # every row climbs from its leaf to the root, one level at a time
            passed[row, node] = True
            parent = self.tree_.parents[node]
            row, node = row[parent >= 0], parent[parent >= 0]
        return passed

    @property
    def feature_importances_(self) -> FloatArray:
        """Each feature's share (d,) of the impurity removed; it favours columns of many values."""
        check_is_fitted(self)
        return impurity_importances(self.tree_, self.n_features_in_)

    def cost_complexity_pruning_path(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> PruningSequence:
        """Return the nested sequence of pruned trees: ccp_alphas, impurities and n_leaves (s,).

        The tree is grown anew with the other parameters of this one, which stays as it is.
        ``pruned_by_cross_validation`` chooses among the sequence.
        """
        full: Any = type(self)(**(self.get_params() | {"ccp_alpha": 0.0}))
        return pruning_sequence(full.fit(X, y, sample_weight).tree_)

    def get_depth(self) -> int:
        """Return the number of splits on the longest way from the root to a leaf."""
        check_is_fitted(self)
        return self.tree_.max_depth

    def get_n_leaves(self) -> int:
        """Return the number of leaves."""
        check_is_fitted(self)
        return self.tree_.n_leaves


class DecisionTreeClassifier(DecisionTree, Classifier):
    """Split rows on one feature at a time, ``x <= threshold`` to the left, until nodes are pure.

    Each split is the one that lowers the summed impurity of the two children most; of equal ones
    the lowest feature, then the lowest threshold. Rows of weight 0 are left out.

    Parameters
    ----------
    criterion : "gini", or "entropy" (also called "log_loss").
    max_depth : most splits between the root and a leaf; None for no limit.
    min_samples_split, min_samples_leaf : least rows in a node that is split, and in a child; a
        float is a share of the rows of weight above 0.
    min_weight_fraction_leaf : least weight of a child, as a share of all weight.
    max_features : features drawn for each node: None (all), "sqrt", "log2", a count or a share.
    random_state : seed of the draws; without effect while max_features is None.
    max_leaf_nodes : most leaves; the splits that lower impurity most are made first.
    min_impurity_decrease : least decrease of impurity, weighted by the node's share of all rows.
    class_weight : None, "balanced" (all classes weigh the same; scikit-learn's trees balance counts
        of rows even where rows have weights), or a weight for each label.
    ccp_alpha : prune every branch whose splits each save less impurity than this.
    missing : None refuses missing values; "direction" learns at each split the side they go to;
        "surrogate" sends them by splits on other features that agree with it best, as CART does.
    categorical_features : columns (numbers, names or a mask) whose values are categories, words or
        numbers. A split sends some of them left: the best such subset for two classes and for
        numbers, but for what min_samples_leaf bars; for more classes the best of all while a node
        has at most 10 categories, else along the first principal component of their class shares. A
        category that is new at prediction follows the heavier side.
    max_surrogates : most surrogate splits kept for a node.

    Attributes
    ----------
    tree_ (flat arrays, see mlcore.tree.structure), classes_ (k,), n_classes_, max_features_ drawn for
    each node, feature_importances_ (d,); with missing or categorical_features also categories_, a
    sorted array or None for each column.

    >>> model = DecisionTreeClassifier().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> model.predict([[0, 1], [1, 1]]).tolist(), model.get_depth()
    ([1, 0], 2)
    """

    def __init__(
        self,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: RandomState = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        missing: str | None = None,
        categorical_features: Any = None,
        max_surrogates: int = 5,
    ) -> None:
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.missing = missing
        self.categorical_features = categorical_features
        self.max_surrogates = max_surrogates

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> DecisionTreeClassifier:
        """Grow the tree; O(depth * d * n (log n + k))."""
        check_choice("criterion", self.criterion, tuple(CLASSIFICATION))
        array, index, w, _ = self._check_fit(X, y, sample_weight)
        criterion = CLASSIFICATION[self.criterion]
        self._grow(Sample(array, index, w, len(self.classes_), criterion))
        return self

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k): the class shares of each row's leaf."""
        leaf = self.apply(X)
        return self.tree_.value[leaf]


class DecisionTreeRegressor(DecisionTree, Regressor):
    """Split rows on one feature at a time so that the squared error within the children is least.

    The prediction is the (weighted) mean target of a leaf. Ties and weights are as in
    DecisionTreeClassifier.

    Parameters
    ----------
    criterion : "squared_error".
    max_depth, min_samples_split, min_samples_leaf, min_weight_fraction_leaf, max_features,
    random_state, max_leaf_nodes, min_impurity_decrease, ccp_alpha, missing, categorical_features,
    max_surrogates : as in DecisionTreeClassifier.

    Attributes
    ----------
    tree_ (flat arrays, see mlcore.tree.structure), max_features_, feature_importances_ (d,).

    >>> model = DecisionTreeRegressor(max_depth=1).fit([[1], [2], [8], [9]], [1.0, 3.0, 10.0, 12.0])
    >>> model.predict([[0], [10]]).tolist()
    [2.0, 11.0]
    """

    def __init__(
        self,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: RandomState = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        ccp_alpha: float = 0.0,
        missing: str | None = None,
        categorical_features: Any = None,
        max_surrogates: int = 5,
    ) -> None:
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.ccp_alpha = ccp_alpha
        self.missing = missing
        self.categorical_features = categorical_features
        self.max_surrogates = max_surrogates

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> DecisionTreeRegressor:
        """Grow the tree; O(depth * d * n log n)."""
        check_choice("criterion", self.criterion, tuple(REGRESSION))
        array, target, w, _ = self._check_fit(X, y, sample_weight)
        off, mean = about_the_mean(target, w)
        self._grow(Sample(array, off, w, 0, REGRESSION[self.criterion]))
        # Within the targets seen: rounding must not make a share of -1e-16.
        self.tree_.value = np.clip(self.tree_.value + mean, target.min(), target.max())
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the mean target of each row's leaf, (n,)."""
        leaf = self.apply(X)
        return self.tree_.value[leaf, 0]
