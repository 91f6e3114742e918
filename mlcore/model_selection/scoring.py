"""The names of scores, and what the ``scoring`` of a cross-validation or a search may be.

A loss is negated, so that greater is better, and its name begins with "neg_".
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from mlcore import metrics
from mlcore.checks import takes
from mlcore.checks.names import did_you_mean, listed
from mlcore.model_selection.scorers import MultiScorer, OwnScore, make_scorer

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


def get_scorer(scoring: Any) -> Any:
    """Return the scorer of a name; a callable is returned as it is. ValueError for no name.

    >>> get_scorer("neg_log_loss")
    make_scorer(log_loss, greater_is_better=False, response_method='predict_proba')
    """
    if callable(scoring) or scoring is None:
        return scoring
    if scoring not in get_scorer_names():
        raise ValueError(
            f"scoring is {scoring!r}, but a scorer (see make_scorer) or one of "
            f"{listed(get_scorer_names())} was expected. "
            + (did_you_mean(scoring, get_scorer_names()) or "See get_scorer_names().").rstrip()
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
    return metric is not None and all(takes(metric, name) for name in kwargs)


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
            return OwnScore(estimator)
        if allow_none:
            return None
        raise TypeError(
            f"{estimator!r} has no score method, so scoring must say how to judge it. "
            "Try scoring='accuracy' or scoring='r2'."
        )
    return MultiScorer(_several(scoring))


def check_single_scoring(estimator: Any, scoring: Any) -> Any:
    """Return check_scoring's scorer; ValueError if it is several."""
    scorer = check_scoring(estimator, scoring)
    if isinstance(scorer, MultiScorer):
        raise ValueError(
            f"scoring is {scoring!r}, but a single score was expected. "
            "Give one name here; cross_validate takes several."
        )
    return scorer


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
