"""A search stands for the best model it found: it predicts, transforms and scores as that does."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from numpy.typing import ArrayLike, NDArray

from mlcore.checks import check_is_fitted
from mlcore.composition import weight_names
from mlcore.estimator import Estimator
from mlcore.model_selection.scorers import model_kind


class _OfBest:
    """A method that the search has if its model has it: that of best_estimator_."""

    name: str

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, search: Any, owner: type | None = None) -> Any:
        if search is None:
            return self
        if not search.refit:
            raise AttributeError(
                f"refit is False, so {type(search).__name__} has no best model for {self.name}. "
                "Set refit=True, or fit a model with best_params_."
            )
        # An AttributeError where the model has none.
        getattr(vars(search).get("best_estimator_", search.estimator), self.name)

        def of_best(*args: Any, **kwargs: Any) -> Any:
            check_is_fitted(search)
            return getattr(search.best_estimator_, self.name)(*args, **kwargs)

        of_best.__name__ = self.name  # scikit-learn's stacking asks methods for their names
        return of_best


class StandsForBest(Estimator):
    """An estimator with the methods of its best_estimator_, which exists once fit has set it."""

    estimator: Any
    refit: Any
    best_estimator_: Any
    multimetric_: bool
    scorer_: Any

    predict = _OfBest()
    predict_proba = _OfBest()
    predict_log_proba = _OfBest()
    decision_function = _OfBest()
    transform = _OfBest()
    inverse_transform = _OfBest()
    score_samples = _OfBest()

    def score(self, X: Any, y: Any = None, sample_weight: ArrayLike | None = None) -> float:
        """Return the best model's score, by the scoring that chose it."""
        check_is_fitted(self)
        scorer, metric = self.scorer_, self.refit
        if not hasattr(self, "best_estimator_"):
            raise AttributeError(
                "refit is False, so there is no best model to score. Set refit=True."
            )
        if self.multimetric_ and not isinstance(metric, str):
            raise ValueError(
                "refit is a function, so no single one of the scores decides. "
                "Score best_estimator_ with the one you mean."
            )
        if isinstance(scorer, Mapping):
            scorer = scorer[metric]
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        value = scorer(self.best_estimator_, X, *(() if y is None else (y,)), **weights)
        return value[metric] if isinstance(value, Mapping) else value

    def _weight_names(self) -> list[str]:
        return weight_names(self.estimator)  # fit passes on what it is given

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels that the best model knows."""
        return self._fitted_best("classes_")

    @property
    def n_features_in_(self) -> int:
        """The number of columns of fit."""
        return self._fitted_best("n_features_in_")

    def _fitted_best(self, name: str) -> Any:
        if "best_estimator_" not in vars(self):
            raise AttributeError(f"{type(self).__name__} has no {name}: no best model is fitted.")
        return getattr(self.best_estimator_, name)

    @property
    def _estimator_type(self) -> str | None:
        return model_kind(self.estimator)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import get_tags

        tags, inner = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.classifier_tags = deepcopy(inner.classifier_tags)
        tags.regressor_tags = deepcopy(inner.regressor_tags)
        tags.target_tags = deepcopy(inner.target_tags)
        tags.input_tags = deepcopy(inner.input_tags)
        return tags
