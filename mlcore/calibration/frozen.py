"""A fitted model that fit leaves as it is: the way to calibrate a model on rows it never saw."""

from __future__ import annotations

from typing import Any

from mlcore.estimator import Estimator


class FrozenEstimator(Estimator):
    """A fitted model in ice: fit changes nothing, a clone is the model itself, all else is its own.

    >>> from mlcore import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit([[0.0], [1.0]], ["no", "yes"])
    >>> FrozenEstimator(tree).fit([[0.0], [1.0]], ["yes", "no"]).predict([[1.0]]).tolist()
    ['yes']
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def __getattr__(self, name: str) -> Any:
        """Return what the model has; copying asks for names before there is a model."""
        if name in ("estimator", "fit_predict", "fit_transform") or name.startswith("__"):
            raise AttributeError(f"FrozenEstimator has no {name}.")
        return getattr(self.estimator, name)

    def __sklearn_clone__(self) -> FrozenEstimator:
        return self

    def __sklearn_tags__(self) -> Any:
        return self.estimator.__sklearn_tags__()

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> FrozenEstimator:
        """Return the frozen model itself; nothing is learnt."""
        return self

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the model; its own parameters can no more be set, so they are not listed."""
        return super().get_params(deep=False)

    def set_params(self, **params: Any) -> Estimator:
        """Replace the model; a ValueError for parameters inside it."""
        inner = sorted(name for name in params if "__" in name)
        if inner:
            raise ValueError(
                f"{inner} cannot be set, for the model inside is frozen. "
                "Set them on a model of its own and fit that."
            )
        return super().set_params(**params)
