"""Steps in a row: each transforms the columns for the next, and the last may be a model.

fit fits every step on the training rows alone; what it learned is then applied to new rows as it
is. So no row that is predicted can change how it, or any other row, is prepared. Cross-validate the
pipeline as a whole, never a model on columns that were prepared before the split.

Notation: n rows, d features, k classes · X (n, d) · y (n,).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import NotFittedError, check_is_fitted, takes
from mlcore.checks.names import did_you_mean, listed
from mlcore.composition import (
    Composition,
    Named,
    check_transformer,
    if_last_has,
    names_from_types,
    passes,
    weight_names,
)
from mlcore.estimator import Estimator


class Pipeline(Composition):
    """Transformers one after another, then a model: fitted, searched and saved as one.

    The steps themselves are fitted, as in scikit-learn. Weights go to the steps that are to hear
    them, by name: ``fit(X, y, model__sample_weight=w)``. A bare ``sample_weight`` is refused: some
    steps (an imputer, an encoder) take none, so a row of weight 0 would still count there.

    Parameters
    ----------
    steps : list of (name, step); all but the last have fit and transform. "passthrough" or None
        does nothing.

    Attributes
    ----------
    named_steps, classes_, n_features_in_, feature_names_in_ : those of the steps.

    >>> from mlcore import LogisticRegression
    >>> from mlcore.preprocessing import StandardScaler
    >>> pipe = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(0.1))])
    >>> pipe.fit([[100.0], [300.0]], ["no", "yes"]).predict([[290.0]]).tolist()
    ['yes']
    >>> pipe.set_params(model__alpha=1.0)["model"], pipe.named_steps.scale.mean_.tolist()
    (LogisticRegression(alpha=1.0), [200.0])
    """

    _members = "steps"

    def __init__(self, steps: list[tuple[str, Any]]) -> None:
        self.steps = steps

    @property
    def named_steps(self) -> Named:
        """The steps by name, as keys and as attributes."""
        return Named(self._named_members())

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: Any) -> Any:
        """Return a step by number or name, or for a slice a pipeline that shares its steps."""
        if isinstance(index, slice):
            if index.step not in (None, 1):
                raise ValueError(f"Pipeline slicing only supports a step of 1, not {index.step}.")
            return type(self)(self.steps[index])
        return self.named_steps[index] if isinstance(index, str) else self.steps[index][1]

    @property
    def _last(self) -> Any:
        members = list(self._named_members().values())
        return members[-1] if members else None

    def _check_steps(self) -> None:
        """Raise unless steps are named transformers and a last step that can be fitted."""
        try:
            pairs = [(name, step) for name, step in self.steps]
        except (TypeError, ValueError):
            raise ValueError(
                f"steps is {self.steps!r}, but a list of (name, step) was expected. "
                "Or use make_pipeline(step, ...)."
            ) from None
        if not pairs:
            raise ValueError("The pipeline is empty. Please add steps.")
        self._check_names(name for name, _ in pairs)
        for name, step in pairs[:-1]:
            if not passes(step):
                check_transformer(step, f"The step {name!r}", ("passthrough",))
        name, last = pairs[-1]
        if not passes(last) and (isinstance(last, type) or not hasattr(last, "fit")):
            raise TypeError(
                f"The step {name!r} is {last!r}, but the last step should implement fit or be "
                "'passthrough'. Give a model, such as LogisticRegression()."
            )

    def _step_params(self, params: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what fit is given for each step by name; ValueError for what names no step."""
        given: dict[str, dict[str, Any]] = {name: {} for name, _ in self.steps}
        for key, value in params.items():
            name, _, inner = key.partition("__")
            if inner and name not in given:
                raise ValueError(
                    f"{key} was given to fit, but there is no step {name!r}; the steps are "
                    f"{listed(given)}. {did_you_mean(name, given)}".rstrip()
                )
            if not inner:
                takers = [
                    f"{n}__{key}" for n, s in self.steps if takes(getattr(s, "fit", None), key)
                ]
                advice = f"Pass {' and '.join(takers)}." if takers else "Leave it out."
                raise ValueError(
                    f"Pipeline.fit does not accept the {key} parameter: which step is meant is not "
                    f"said. You can pass parameters to specific steps using the "
                    f"stepname__parameter format. {advice}"
                )
            given[name][inner] = value
        return given

    def _weight_names(self) -> list[str]:
        members = self._named_members().items()
        return [f"{name}__{inner}" for name, step in members for inner in weight_names(step)]

    def _fit_but_last(self, X: Any, y: Any, params: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Fit all steps but the last; return what the last is given, and its parameters."""
        self._check_steps()
        given = self._step_params(params)
        for _, step in self.steps:
            if isinstance(step, Estimator):
                step._forget()  # a fit that fails half way must not leave an old model behind
        for name, step in self.steps[:-1]:
            if not passes(step):
                X = _fit_transform(step, X, y, given[name])
        return X, given[self.steps[-1][0]]

    def fit(self, X: Any, y: ArrayLike | None = None, **params: Any) -> Pipeline:
        """Fit each step on what the one before makes of X; ``name__sample_weight=w`` and the like.

        ValueError for parameters that name no step, such as a bare sample_weight.
        """
        X, given = self._fit_but_last(X, y, params)
        if not passes(self._last):
            self._last.fit(X, y, **given)
        return self

    @if_last_has
    def fit_transform(self, X: Any, y: ArrayLike | None = None, **params: Any) -> Any:
        """Return transform(X) after fit(X, y)."""
        X, given = self._fit_but_last(X, y, params)
        return X if passes(self._last) else _fit_transform(self._last, X, y, given)

    def __sklearn_is_fitted__(self) -> bool:
        last = next((s for _, s in reversed(self.steps) if not passes(s)), None)
        if last is None:
            return True
        try:
            check_is_fitted(last)
        except NotFittedError:
            return False
        return True

    def _before_last(self, X: Any) -> Any:
        """Return what the fitted steps make of X for the last."""
        check_is_fitted(self)
        for _, step in self.steps[:-1]:
            if not passes(step):
                X = step.transform(X)
        return X

    @if_last_has
    def transform(self, X: Any) -> Any:
        """Return what all steps make of X, (n, d_out)."""
        X = self._before_last(X)
        return X if passes(self._last) else self._last.transform(X)

    @property
    def inverse_transform(self) -> Callable[[Any], Any]:
        """The way back through all steps; it exists only where each of them has one."""
        steps = [(name, step) for name, step in self.steps if not passes(step)]
        for name, step in steps:
            if not hasattr(step, "inverse_transform"):
                raise AttributeError(f"The step {name!r}, {step!r}, has no inverse_transform.")

        def inverse(X: Any) -> Any:
            for _, step in reversed(steps):
                X = step.inverse_transform(X)
            return X

        return inverse

    @if_last_has
    def predict(self, X: Any, **params: Any) -> NDArray[Any]:
        """Return the last step's predictions (n,)."""
        return self._last.predict(self._before_last(X), **params)

    @if_last_has
    def predict_proba(self, X: Any, **params: Any) -> NDArray[Any]:
        """Return the last step's probabilities, (n, k)."""
        return self._last.predict_proba(self._before_last(X), **params)

    @if_last_has
    def predict_log_proba(self, X: Any, **params: Any) -> NDArray[Any]:
        """Return the logarithms of the last step's probabilities, (n, k)."""
        return self._last.predict_log_proba(self._before_last(X), **params)

    @if_last_has
    def decision_function(self, X: Any, **params: Any) -> NDArray[Any]:
        """Return the last step's scores, (n,) or (n, k)."""
        return self._last.decision_function(self._before_last(X), **params)

    @if_last_has
    def score(
        self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the last step's score, of weighted rows if sample_weight is given."""
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        return self._last.score(self._before_last(X), y, **weights)

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels (k,) the last step knows."""
        return self._last.classes_

    @property
    def _first(self) -> Any:
        return next((step for _, step in self.steps if not passes(step)), None)

    @property
    def n_features_in_(self) -> int:
        """The number of columns seen in fit."""
        return self._first.n_features_in_

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:  # type: ignore[override]
        """The names of the columns seen in fit, if they had names."""
        return self._first.feature_names_in_

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Return the names of the columns that come out of the last step."""
        names = input_features
        for name, step in self.steps:
            if passes(step):
                continue
            if not hasattr(step, "get_feature_names_out"):
                raise AttributeError(
                    f"The step {name!r} has no get_feature_names_out. "
                    "Ask the steps before it: pipeline[:-1].get_feature_names_out()."
                )
            names = step.get_feature_names_out(names)
        return names

    @property
    def _estimator_type(self) -> str | None:
        kind = getattr(self._last, "_estimator_type", None)
        if kind is None and hasattr(self._last, "__sklearn_tags__"):
            kind = self._last.__sklearn_tags__().estimator_type
        return kind

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        if hasattr(self._last, "__sklearn_tags__"):
            last = self._last.__sklearn_tags__()
            for name in ("target_tags", "classifier_tags", "regressor_tags", "transformer_tags"):
                setattr(tags, name, getattr(last, name))
            tags.estimator_type = last.estimator_type
        asked = [s.__sklearn_tags__() for _, s in self.steps if hasattr(s, "__sklearn_tags__")]
        tags.input_tags.allow_nan = bool(asked) and all(t.input_tags.allow_nan for t in asked)
        return tags


def _fit_transform(step: Any, X: Any, y: Any, params: dict[str, Any]) -> Any:
    if hasattr(step, "fit_transform"):
        return step.fit_transform(X, y, **params)
    return step.fit(X, y, **params).transform(X)


def make_pipeline(*steps: Any) -> Pipeline:
    """Return a Pipeline of the steps, named by their types in small letters.

    >>> from mlcore.preprocessing import MinMaxScaler, SimpleImputer
    >>> list(make_pipeline(SimpleImputer(), MinMaxScaler()).named_steps)
    ['simpleimputer', 'minmaxscaler']
    """
    return Pipeline(list(zip(names_from_types(steps), steps, strict=True)))
