"""Scorers: a metric together with which prediction of a model it wants, where greater is better.

A scorer is called with a fitted model, X and y.

Notation: n rows, k classes · P (n, k) probabilities · z (n,) scores of the second of two classes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, takes
from mlcore.checks.names import listed
from mlcore.estimator import Estimator


def model_kind(estimator: Any) -> str | None:
    """Return "classifier", "regressor" or whatever else a model says that it is, or None."""
    kind = getattr(estimator, "_estimator_type", None)
    if kind is not None or isinstance(estimator, Estimator):
        return kind
    tags = getattr(estimator, "__sklearn_tags__", None)  # how models of scikit-learn say it
    return None if tags is None else tags().estimator_type


class Scorer:
    """What make_scorer returns: called with (estimator, X, y), it gives a score, greater better."""

    def __init__(
        self,
        score_func: Callable[..., float],
        sign: int,
        kwargs: Mapping[str, Any],
        response_method: str | tuple[str, ...],
    ) -> None:
        self.score_func = score_func
        self.sign = sign
        self.kwargs = dict(kwargs)
        self.response_method = response_method

    def __call__(
        self, estimator: Any, X: Any, y_true: Any, *, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the (weighted) score of the model's predictions for the rows of X."""
        return self.score(estimator, X, y_true, sample_weight, {})

    def score(
        self,
        estimator: Any,
        X: Any,
        y_true: Any,
        sample_weight: ArrayLike | None,
        responses: dict[str, Any],
    ) -> float:
        """Return the score; ``responses`` keeps what each method of the model says of these rows."""
        response, extra = self._response(estimator, X, responses)
        if sample_weight is not None:
            extra["sample_weight"] = sample_weight
        return self.sign * self.score_func(y_true, response, **extra | self.kwargs)

    def _response(
        self, estimator: Any, X: Any, responses: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        """Return what the metric is to be given, and which class of it is which."""
        method = _response_name(estimator, self.response_method)
        if method not in responses:
            responses[method] = getattr(estimator, method)(X)
        response = responses[method]
        classes = getattr(estimator, "classes_", None)
        if classes is None or model_kind(estimator) != "classifier":
            return response, {}
        parameters = inspect.signature(self.score_func).parameters
        if method == "predict":
            self._check_positive(parameters, np.asarray(classes).tolist())
            return response, {}
        extra: dict[str, Any] = {}
        if len(classes) == 2:
            default = parameters["pos_label"].default if "pos_label" in parameters else None
            default = default if default in classes.tolist() else classes[1]
            given = self.kwargs.get("pos_label")
            positive = default if given is None else given
            if "pos_label" in parameters:
                extra["pos_label"] = positive
            response = _of_class(response, classes == positive)
        # A fold may lack a class, but its column is still there.
        if "labels" in parameters:
            extra["labels"] = classes
        return response, extra

    def _check_positive(self, parameters: Mapping[str, Any], classes: list[Any]) -> None:
        """Raise ValueError where the metric takes a positive label that the model does not know."""
        wanted = {name: parameter.default for name, parameter in parameters.items()} | self.kwargs
        binary = wanted.get("average", "binary") == "binary"
        positive = wanted.get("pos_label")
        if not binary or positive is None or positive in classes or len(classes) != 2:
            return
        if positive is inspect.Parameter.empty:
            return
        name = getattr(self.score_func, "__name__", "score_func")
        scorers = [f"make_scorer({name}, pos_label={label!r})" for label in classes]
        raise ValueError(
            f"{name} scores the positive class, by default {positive!r}, but the classes are "
            f"{listed(classes)}. Say which is positive: scoring={' or '.join(scorers)}."
        )

    def accepts_sample_weight(self) -> bool:
        """Return whether the metric has weights."""
        return takes(self.score_func, "sample_weight")

    def __repr__(self) -> str:
        loss = "" if self.sign > 0 else ", greater_is_better=False"
        further = "".join(f", {name}={value!r}" for name, value in self.kwargs.items())
        name = getattr(self.score_func, "__name__", repr(self.score_func))
        return f"make_scorer({name}{loss}, response_method={self.response_method!r}{further})"


def _response_name(estimator: Any, methods: str | tuple[str, ...]) -> str:
    """Return the first of the methods that the model has."""
    wanted = (methods,) if isinstance(methods, str) else tuple(methods)
    for name in wanted:
        if hasattr(estimator, name):
            return name
    raise AttributeError(
        f"{type(estimator).__name__} has none of the methods {', '.join(wanted)} that this score "
        "needs. Choose a score of predicted labels, such as 'accuracy', or another model."
    )


def _of_class(response: Any, chosen: BoolArray) -> FloatArray:
    """Return one score a row (n,) for the chosen one of two classes, from P (n, 2) or z (n,)."""
    if not np.any(chosen):
        raise ValueError(
            "pos_label is not one of the two classes of the model. Pass one of classes_."
        )
    values = np.asarray(response)
    if values.ndim == 2:
        return values[:, int(np.argmax(chosen))]
    return values if chosen[1] else -values  # z speaks for the second class


class OwnScore:
    """The model's own ``score``."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def __call__(self, estimator: Any, *args: Any, **params: Any) -> Any:
        """Return estimator.score(X, y)."""
        return estimator.score(*args, **params)

    def accepts_sample_weight(self) -> bool:
        """Return whether the model's score has weights."""
        return takes(self.estimator.score, "sample_weight")

    def __repr__(self) -> str:
        return f"{type(self.estimator).__name__}.score"


class MultiScorer:
    """Several scorers in one: returns a score by name, each scorer given what it takes."""

    def __init__(self, scorers: Mapping[str, Callable[..., Any]]) -> None:
        self.scorers = dict(scorers)

    def __call__(
        self, estimator: Any, *args: Any, sample_weight: ArrayLike | None = None
    ) -> dict[str, float]:
        """Return the score of each name."""
        parts = self.parts()
        return {
            name: part(estimator, *args, sample_weight=sample_weight)
            for name, part in parts.items()
        }

    def parts(self) -> dict[str, Callable[..., Any]]:
        """Return the scorers, for one model and the same rows: they ask it for each response once.

        One without weights passes over those it is given.
        """
        responses: dict[str, Any] = {}

        def part(scorer: Callable[..., Any]) -> Callable[..., Any]:
            def scored(
                estimator: Any, X: Any, *y: Any, sample_weight: ArrayLike | None = None
            ) -> Any:
                w = sample_weight if accepts_sample_weight(scorer) else None
                if isinstance(scorer, Scorer) and y:
                    return scorer.score(estimator, X, y[0], w, responses)
                return scorer(estimator, X, *y, **({} if w is None else {"sample_weight": w}))

            return scored

        return {name: part(scorer) for name, scorer in self.scorers.items()}

    def accepts_sample_weight(self) -> bool:
        """Return whether any scorer has weights."""
        return any(accepts_sample_weight(scorer) for scorer in self.scorers.values())


def accepts_sample_weight(scorer: Any) -> bool:
    """Return whether a scorer, or any callable used as one, can be given weights."""
    if isinstance(scorer, (Scorer, MultiScorer, OwnScore)):
        return scorer.accepts_sample_weight()
    return takes(scorer, "sample_weight")


def make_scorer(
    score_func: Callable[..., float],
    *,
    response_method: str | tuple[str, ...] | list[str] = "predict",
    greater_is_better: bool = True,
    **kwargs: Any,
) -> Scorer:
    """Return a scorer from a metric called as score_func(y_true, prediction, **kwargs).

    ``response_method`` names the model's method, or several of which the first it has is called.
    Of two classes the metric is given the positive one's score: that of pos_label, or the second.

    >>> from mlcore.metrics import mean_squared_error
    >>> make_scorer(mean_squared_error, greater_is_better=False)
    make_scorer(mean_squared_error, greater_is_better=False, response_method='predict')
    """
    methods = response_method if isinstance(response_method, str) else tuple(response_method)
    return Scorer(score_func, 1 if greater_is_better else -1, kwargs, methods)
