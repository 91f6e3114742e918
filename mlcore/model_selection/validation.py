"""Cross-validation: the scores, or the predictions, of models on rows that they were not fitted on.

Notation: n rows, k classes, f folds · X (n, d) features · y (n,) targets.

Source: Stone (1974), Cross-validatory choice and assessment of statistical predictions, JRSS B 36;
Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 7.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import FloatArray, IntArray, check_labels
from mlcore.checks.kinds import warn_caller
from mlcore.checks.selection import (
    check_method,
    check_partition,
    check_positions,
    check_same_rows,
    saying_of_which_rows,
)
from mlcore.estimator import clone
from mlcore.model_selection.fitting import Fit, Study, fit_rows, run_fits
from mlcore.model_selection.rows import take_params
from mlcore.model_selection.scorers import model_kind
from mlcore.model_selection.scoring import check_scoring, check_single_scoring
from mlcore.model_selection.splits import Split, check_cv
from mlcore.tables import take_rows
from mlcore.workers import in_threads


def list_splits(estimator: Any, X: Any, y: Any, groups: Any, cv: Any) -> list[Split]:
    """Return the pairs (train, test) that cv means for this model and these rows."""
    n = check_same_rows(X=X, y=y, groups=groups)
    kind = model_kind(estimator)
    if y is None and kind in ("classifier", "regressor"):
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None. "
            "Pass the target of each row."
        )
    splitter = check_cv(cv, y, classifier=kind == "classifier")
    pairs = splitter.split(X, y, groups)
    return [(check_positions(train, n), check_positions(test, n)) for train, test in pairs]


def cross_validate(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    scoring: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: Mapping[str, Any] | None = None,
    return_train_score: bool = False,
    return_estimator: bool = False,
    return_indices: bool = False,
    error_score: Any = np.nan,
) -> dict[str, Any]:
    """Return the scores of each fold (f,), by a clone of the model fitted on the other rows.

    Keys: fit_time, score_time, test_score (of several scores test_<name>), and as asked for
    train_score, estimator (a list), indices (a dict of train and test).

    ``scoring`` is as in check_scoring and ``cv`` as in check_cv; ``groups`` go to the splitter.
    ``params`` go to fit, those with a value a row (sample_weight) cut to the fold's rows; scores
    are unweighted, as in scikit-learn. Where a fit fails its scores are ``error_score`` and a
    FitFailedWarning names the fold and the cause; "raise" raises it; ValueError if all fail.
    ``n_jobs`` threads give the same results. Cost: f fits.

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = [[1.0], [4.0]] * 10, ["no", "yes"] * 10
    >>> cross_validate(DecisionTreeClassifier(), X, y, cv=2)["test_score"].tolist()
    [1.0, 1.0]
    """
    splits = list_splits(estimator, X, y, groups, cv)
    scorer = check_scoring(estimator, scoring)
    study = Study(
        X, y, scorer, params or {}, train_scores=return_train_score, error_score=error_score
    )
    fits = [
        Fit(estimator, train, test, f"fold {i} of {len(splits)}")
        for i, (train, test) in enumerate(splits)
    ]
    run_fits(study, fits, n_jobs)
    results: dict[str, Any] = {
        "fit_time": np.array([fit.fit_time for fit in fits]),
        "score_time": np.array([fit.score_time for fit in fits]),
    }
    if return_estimator:
        results["estimator"] = [fit.estimator for fit in fits]
    if return_indices:
        train_rows, test_rows = zip(*splits, strict=True)
        results["indices"] = {"train": train_rows, "test": test_rows}
    return results | scores_by_name(fits, return_train_score)


def scores_by_name(fits: list[Fit], train_too: bool) -> dict[str, FloatArray]:
    """Return an array with an entry for each fit, under test_<name> and train_<name>."""
    arrays: dict[str, FloatArray] = {}
    for name in fits[0].test_scores or {}:
        arrays[f"test_{name}"] = np.array([(fit.test_scores or {})[name] for fit in fits])
        if train_too:
            arrays[f"train_{name}"] = np.array([(fit.train_scores or {})[name] for fit in fits])
    return arrays


def cross_val_score(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    scoring: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: Mapping[str, Any] | None = None,
    error_score: Any = np.nan,
) -> FloatArray:
    """Return the score of each fold (f,): cross_validate's test_score, for a single scoring.

    >>> from mlcore import DecisionTreeRegressor
    >>> X, y = [[1.0], [2.0], [3.0], [4.0]] * 5, [1.0, 1.0, 7.0, 7.0] * 5
    >>> cross_val_score(DecisionTreeRegressor(), X, y, cv=4).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    scorer = check_single_scoring(estimator, scoring)
    results = cross_validate(
        estimator, X, y, groups=groups, scoring={"score": scorer}, cv=cv, n_jobs=n_jobs,
        params=params, error_score=error_score,
    )  # fmt: skip
    return results["test_score"]


def cross_val_predict(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: Mapping[str, Any] | None = None,
    method: str = "predict",
) -> Any:
    """Return the prediction for each row, by the clone of the model that was not fitted on it.

    ``method`` is predict, predict_proba, predict_log_proba or decision_function; columns are in the
    order of all the classes of y. A class that the rows fitted on lack has probability 0 (else the
    least finite number) there, with a RuntimeWarning. ValueError unless each row is tested once,
    AttributeError where the model has no such method.

    These predictions come from f models: describe them, but judge a model by cross_val_score.

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = [[1.0], [4.0]] * 10, ["no", "yes"] * 10
    >>> cross_val_predict(DecisionTreeClassifier(), X, y, cv=2)[:3].tolist()
    ['no', 'yes', 'no']
    """
    n = check_same_rows(X=X, y=y)
    check_method(estimator, method)
    splits = list_splits(estimator, X, y, groups, cv)
    check_partition([test for _, test in splits], n)
    columns = method in _MISSING and y is not None and model_kind(estimator) == "classifier"
    classes = check_labels(y, n)[0] if columns else None

    def predicted(split: Split) -> Any:
        train, test = split
        given = take_params(params or {}, train, n)
        with saying_of_which_rows():
            model = fit_rows(clone(estimator), take_rows(X, train), take_rows(y, train), given)
        response = np.asarray(getattr(model, method)(take_rows(X, test)))
        return response if classes is None else _aligned(response, model, classes, method)

    parts = np.concatenate(in_threads(predicted, splits, n_jobs))
    back = np.argsort(np.concatenate([test for _, test in splits]))
    return parts[back]


_MISSING = {
    "predict_proba": 0.0,
    "predict_log_proba": np.finfo(np.float64).min,
    "decision_function": np.finfo(np.float64).min,
}


def _aligned(response: FloatArray, model: Any, classes: NDArray[Any], method: str) -> FloatArray:
    """Return a model's response with a column for each class, also for those it does not know."""
    known = model.classes_
    if len(known) == len(classes):
        return response
    place: IntArray = np.searchsorted(classes, known)
    missing = np.delete(classes, place).tolist()
    if response.ndim == 1 or response.shape[1] != len(known):
        raise ValueError(
            f"The rows to train on lack the classes {missing}, and {method} of the "
            f"{len(known)} others has no column for each. Use method='predict_proba' or "
            "cv=StratifiedKFold()."
        )
    warn_caller(
        f"The rows to train on lack the classes {missing} in a fold, where their {method} is "
        f"{_MISSING[method]:g}. Use cv=StratifiedKFold(), or leave the classes out.",
        RuntimeWarning,
    )
    aligned = np.full((len(response), len(classes)), _MISSING[method])
    aligned[:, place] = response
    return aligned
