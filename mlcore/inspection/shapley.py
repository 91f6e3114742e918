"""Shapley values: a prediction shared out among the features, fairly.

Let v(S) be what a model is expected to predict when only the features in S are known. A feature's
share is what it adds to v, averaged over all orders in which the d features can become known:

    phi_j = sum over S without j of |S|! (d - |S| - 1)! / d! * (v(S + j) - v(S))

No other rule gives alike features alike shares, gives a feature that never changes v nothing, adds
up over models that are added, and has shares that sum to v(all) - v(none). Models differ only in
their v: see mlcore.inspection.linear_shap and mlcore.inspection.tree_shap.

Notation: n rows, d features, k classes.

Source: Shapley (1953), A value for n-person games; Lundberg & Lee (2017), A unified approach to
interpreting model predictions, NeurIPS 30.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from mlcore.checks import FloatArray


@dataclass(frozen=True, eq=False)
class ShapleyValues:
    """Each feature's share in each row's prediction; ``values.sum(axis=1) + expected_value`` is it.

    A share tells what the model does with a feature, not what the feature does in the world.
    """

    values: FloatArray  # (n, d), or (n, d, k) for several classes
    expected_value: float | FloatArray  # v(none): a number, or one for each class (k,)
    classes: NDArray[Any] | None = None  # (k,) the labels of several classes
