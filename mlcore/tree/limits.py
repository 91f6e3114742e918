"""What stops a tree from growing: the growth parameters, checked and turned into numbers."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.checks import check_integer, check_real


@dataclass(frozen=True)
class Limits:
    """When a node is not split, with scikit-learn's names and meanings."""

    max_depth: float = np.inf
    min_samples_split: int = 2
    min_samples_leaf: int = 1
    min_weight_fraction_leaf: float = 0.0  # of the weight of the tree's root
    min_impurity_decrease: float = 0.0
    max_features: int | None = None  # features each node draws; None for all, in order


def count_features(max_features: Any, d: int) -> int | None:
    """Return how many features a node draws: from "sqrt", "log2", a count, a share or None."""
    if max_features is None:
        return None
    if isinstance(max_features, str) and max_features == "sqrt":
        return max(1, int(np.sqrt(d)))
    if isinstance(max_features, str) and max_features == "log2":
        return max(1, int(np.log2(d)))
    if isinstance(max_features, numbers.Integral) and not isinstance(max_features, bool):
        check_integer("max_features", max_features, 1)
        return min(int(max_features), d)
    if isinstance(max_features, numbers.Real) and 0.0 < float(max_features) <= 1.0:
        return max(1, int(float(max_features) * d))
    raise ValueError(
        f"max_features is {max_features!r}, but None, 'sqrt', 'log2', a count from 1 or a share in "
        "(0, 1] was expected. Try max_features='sqrt'."
    )


def count_rows(name: str, value: Any, low: int, n: int) -> int:
    """Return a number of rows, from a count of at least low or from a share of the n rows.

    >>> count_rows("min_samples_leaf", 0.02, 1, 120), count_rows("min_samples_leaf", 5, 1, 120)
    (3, 5)
    """
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        if 0.0 < float(value) <= 1.0:
            return max(low, math.ceil(float(value) * n))
        raise ValueError(
            f"{name} is {value!r}, but a count of at least {low} or a share of the rows in (0, 1] "
            f"was expected. Try {name}={low}."
        )
    check_integer(name, value, low)
    return int(value)


def check_limits(model: Any, n: int, d: int) -> Limits:
    """Check the growth parameters of a tree or forest for n rows and return them as Limits."""
    check_integer("max_depth", model.max_depth, 1, none=True)
    least_leaf = count_rows("min_samples_leaf", model.min_samples_leaf, 1, n)
    least_split = count_rows("min_samples_split", model.min_samples_split, 2, n)
    check_real("min_weight_fraction_leaf", model.min_weight_fraction_leaf, 0.0, 0.5)
    check_real("min_impurity_decrease", model.min_impurity_decrease, 0.0)
    check_integer("max_leaf_nodes", model.max_leaf_nodes, 2, none=True)
    check_real("ccp_alpha", model.ccp_alpha, 0.0)
    return Limits(
        max_depth=np.inf if model.max_depth is None else int(model.max_depth),
        min_samples_split=max(least_split, 2 * least_leaf),
        min_samples_leaf=least_leaf,
        min_weight_fraction_leaf=float(model.min_weight_fraction_leaf),
        min_impurity_decrease=float(model.min_impurity_decrease),
        max_features=count_features(model.max_features, d),
    )
