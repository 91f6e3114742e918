"""Scorers: a metric together with which prediction of a model it wants, where greater is better.

A scorer is called with a fitted model, X and y. Losses are negated, and so named "neg_...".

Notation: n rows, k classes · P (n, k) probabilities · Z (n, k) or z (n,) scores · w (n,) weights.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore import metrics
from mlcore.checks import BoolArray, FloatArray
from mlcore.estimator import Estimator

_RANKING = ("decision_function", "predict_proba")

# Each name: the metric in mlcore.metrics, the methods it may be given, its further arguments.
_NAMED: dict[str, tuple[str, str | tuple[str, ...], dict[str, Any]]] = {
    "accuracy": ("accuracy_score", "predict", {}),
    "balanced_accuracy": ("balanced_accuracy_score", "predict", {}),
    "top_k_accuracy": ("top_k_accuracy_score", _RANKING, {}),
    "matthews_corrcoef": ("matthews_corrcoef", "predict", {}),
    "roc_auc": ("roc_auc_score", _RANKING, {}),
    "roc_auc_ovr": ("roc_auc_score", "predict_proba", {"multi_class": "ovr"}),
    "roc_auc_ovo": ("roc_auc_score", "predict_proba", {"multi_class": "ovo"}),
    "average_precision": ("average_precision_score", _RANKING, {}),
    "neg_log_loss": ("log_loss", "predict_proba", {}),
    "neg_brier_score": ("brier_score_loss", "predict_proba", {}),
    "d2_log_loss_score": ("d2_log_loss_score", "predict_proba", {}),
    "d2_brier_score": ("d2_brier_score", "predict_proba", {}),
    "r2": ("r2_score", "predict", {}),
    "explained_variance": ("explained_variance_score", "predict", {}),
    "d2_absolute_error_score": ("d2_absolute_error_score", "predict", {}),
    **{
        f"neg_{name}": (name, "predict", {})
        for name in (
            "max_error",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_gamma_deviance",
            "mean_poisson_deviance",
            "mean_squared_error",
            "mean_squared_log_error",
            "median_absolute_error",
            "root_mean_squared_error",
            "root_mean_squared_log_error",
        )
    },
    **{name: (f"{name}_score", "predict", {}) for name in ("f1", "jaccard", "precision", "recall")},
    **{
        f"roc_auc_{way}_weighted": (
            "roc_auc_score",
            "predict_proba",
            {"multi_class": way, "average": "weighted"},
        )
        for way in ("ovr", "ovo")
    },
    **{
        f"{name}_{average}": (f"{name}_score", "predict", {"average": average})
        for name in ("f1", "jaccard", "precision", "recall")
        for average in ("macro", "micro", "weighted")
    },
}


def model_kind(estimator: Any) -> str | None:
    """Return "classifier", "regressor" or whatever else a model says that it is, or None."""
    kind = getattr(estimator, "_estimator_type", None)
    if kind is not None or isinstance(estimator, Estimator):
        return kind
    tags = getattr(estimator, "__sklearn_tags__", None)  # how models of scikit-learn say it
    return None if tags is None else tags().estimator_type


def _accepts(function: Callable[..., Any], name: str) -> bool:
    parameters = inspect.signature(function).parameters
    return name in parameters


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
        response, extra = self._response(estimator, X)
        if sample_weight is not None:
            extra["sample_weight"] = sample_weight
        return self.sign * self.score_func(y_true, response, **extra | self.kwargs)

    def _response(self, estimator: Any, X: Any) -> tuple[Any, dict[str, Any]]:
        """Return what the metric is to be given, and which class of it is which."""
        method = _response_name(estimator, self.response_method)
        response = getattr(estimator, method)(X)
        classes = getattr(estimator, "classes_", None)
        if method == "predict" or classes is None or model_kind(estimator) != "classifier":
            return response, {}
        parameters = inspect.signature(self.score_func).parameters
        extra: dict[str, Any] = {}
        if len(classes) == 2:
            default = parameters["pos_label"].default if "pos_label" in parameters else None
            positive = self.kwargs.get("pos_label", default)
            if positive is None and "pos_label" in parameters:
                extra["pos_label"] = classes[1]
            response = _of_class(
                response, classes == (classes[1] if positive is None else positive)
            )
        # A fold may lack a class, but its column of P is still there.
        if "labels" in parameters and method == "predict_proba":
            extra["labels"] = classes
        return response, extra

    def accepts_sample_weight(self) -> bool:
        """Return whether the metric has weights."""
        return _accepts(self.score_func, "sample_weight")

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
    if not chosen.any():
        raise ValueError(
            "pos_label is not one of the two classes of the model. Pass one of classes_."
        )
    values = np.asarray(response)
    if values.ndim == 2:
        return values[:, int(np.argmax(chosen))]
    return values if chosen[1] else -values  # z speaks for the second class


class _OwnScore:
    """The model's own ``score``."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def __call__(self, estimator: Any, *args: Any, **params: Any) -> Any:
        return estimator.score(*args, **params)

    def accepts_sample_weight(self) -> bool:
        return _accepts(self.estimator.score, "sample_weight")

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
        return {
            name: scorer(estimator, *args, **_weights_for(scorer, sample_weight))
            for name, scorer in self.scorers.items()
        }

    def accepts_sample_weight(self) -> bool:
        """Return whether any scorer has weights."""
        return any(accepts_sample_weight(scorer) for scorer in self.scorers.values())


def _weights_for(scorer: Callable[..., Any], sample_weight: ArrayLike | None) -> dict[str, Any]:
    if sample_weight is None or not accepts_sample_weight(scorer):
        return {}
    return {"sample_weight": sample_weight}


def accepts_sample_weight(scorer: Any) -> bool:
    """Return whether a scorer, or any callable used as one, can be given weights."""
    if isinstance(scorer, (Scorer, MultiScorer, _OwnScore)):
        return scorer.accepts_sample_weight()
    return _accepts(scorer, "sample_weight")


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

    >>> make_scorer(metrics.mean_squared_error, greater_is_better=False)
    make_scorer(mean_squared_error, greater_is_better=False, response_method='predict')
    """
    methods = response_method if isinstance(response_method, str) else tuple(response_method)
    return Scorer(score_func, 1 if greater_is_better else -1, kwargs, methods)


def get_scorer(scoring: Any) -> Any:
    """Return the scorer of a name; a callable is returned as it is. ValueError lists the names.

    >>> get_scorer("neg_log_loss")
    make_scorer(log_loss, greater_is_better=False, response_method='predict_proba')
    """
    if callable(scoring) or scoring is None:
        return scoring
    if scoring not in get_scorer_names():
        raise ValueError(
            f"scoring is {scoring!r}, but a callable or one of {', '.join(get_scorer_names())} "
            "was expected."
        )
    function, methods, kwargs = _NAMED[scoring]
    return make_scorer(
        getattr(metrics, function),
        response_method=methods,
        greater_is_better=not scoring.startswith("neg_"),
        **kwargs,
    )


def get_scorer_names() -> list[str]:
    """Return the names that get_scorer knows, sorted: those whose metric mlcore.metrics has.

    >>> "roc_auc" in get_scorer_names()
    True
    """
    return sorted(name for name in _NAMED if _is_there(*_NAMED[name]))


def _is_there(function: str, _methods: Any, kwargs: dict[str, Any]) -> bool:
    metric = getattr(metrics, function, None)
    return metric is not None and all(_accepts(metric, name) for name in kwargs)


def check_scoring(estimator: Any = None, scoring: Any = None, *, allow_none: bool = False) -> Any:
    """Return the scorer that ``scoring`` means for a model.

    It is a name, a callable scorer(estimator, X, y), several names, a dict of names and scorers,
    or None for the model's own ``score``. TypeError for a model without one, unless allow_none.

    >>> check_scoring(scoring="r2")
    make_scorer(r2_score, response_method='predict')
    """
    if estimator is not None and not hasattr(estimator, "fit"):
        raise TypeError(
            f"estimator should be an estimator implementing 'fit' method, {estimator!r} was passed."
        )
    if isinstance(scoring, str) or callable(scoring):
        return get_scorer(_not_a_metric(scoring))
    if scoring is None:
        if estimator is not None and hasattr(estimator, "score"):
            return _OwnScore(estimator)
        if allow_none:
            return None
        raise TypeError(
            f"{estimator!r} has no score method, so scoring must say how to judge it. "
            "Try scoring='accuracy' or scoring='r2'."
        )
    return MultiScorer(_several(scoring))


def _several(scoring: Any) -> dict[str, Any]:
    """Return scorers by name from several names or a dict."""
    named = scoring if isinstance(scoring, Mapping) else {name: name for name in scoring}
    if not named or not all(isinstance(name, str) for name in named):
        raise ValueError(
            f"scoring is {scoring!r}, but names of scores were expected, at least one. "
            "Try scoring=['accuracy', 'roc_auc']."
        )
    if not isinstance(scoring, Mapping) and len(named) < len(scoring):
        raise ValueError(f"scoring is {scoring!r}, which has a name twice. Give each name once.")
    return {name: get_scorer(_not_a_metric(scorer)) for name, scorer in named.items()}


def _not_a_metric(scoring: Any) -> Any:
    """Return scoring, or raise ValueError for a metric, which takes no model."""
    if getattr(scoring, "__module__", None) is not None and inspect.isfunction(scoring):
        package = scoring.__module__
        if package.startswith(("mlcore.metrics.", "sklearn.metrics.")):
            raise ValueError(
                f"scoring is the metric {scoring.__name__}, but a scorer was expected, which is "
                f"called with a model. Use make_scorer({scoring.__name__})."
            )
    return scoring
