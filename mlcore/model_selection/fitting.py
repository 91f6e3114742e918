"""One fit of a cross-validation: clone, fit on some rows, score on others; and what became of it.

Notation: n rows · train, test the numbers of some of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlcore.checks import IntArray, plural
from mlcore.checks.kinds import warn_caller
from mlcore.checks.names import plain
from mlcore.checks.selection import (
    FitFailedWarning,
    check_error_score,
    of_which_rows,
    row_count,
)
from mlcore.estimator import clone
from mlcore.model_selection.rows import take_params
from mlcore.model_selection.scorers import MultiScorer
from mlcore.tables import take_rows
from mlcore.workers import in_threads

Scores = dict[str, float]


@dataclass(frozen=True)
class Study:
    """What all fits share: the data, the scorer, and what fit and the scorer are given besides.

    ``scorer`` gives a number or a dict of them. Params with a value a row are cut to the rows.
    """

    X: Any
    y: Any
    scorer: Callable[..., Any]
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    score_params: Mapping[str, Any] = field(default_factory=dict)
    train_scores: bool = False
    error_score: Any = float("nan")

    def fit(self, estimator: Any, train: IntArray) -> Any:
        """Return the estimator itself, fitted on the rows to train on."""
        params = take_params(self.fit_params, train, row_count(self.X))
        return fit_rows(estimator, take_rows(self.X, train), take_rows(self.y, train), params)

    def score(
        self, estimator: Any, rows: IntArray, errors: dict[str, Exception] | None = None
    ) -> Scores:
        """Return the scores of a fitted estimator on some rows by name, "score" if it has none.

        One that fails is error_score, and what it failed of is put into ``errors``.
        """
        failed = {} if errors is None else errors
        params = take_params(self.score_params, rows, row_count(self.X))
        y = () if self.y is None else (take_rows(self.y, rows),)
        args = (estimator, take_rows(self.X, rows), *y)
        if isinstance(self.scorer, MultiScorer):
            value: Any = {
                name: self._value(part, args, params, name, failed)
                for name, part in self.scorer.parts().items()
            }
        else:
            value = self._value(self.scorer, args, params, "score", failed)
        named = value if isinstance(value, Mapping) else {"score": value}
        return {name: _number(part, name) for name, part in named.items()}

    def _value(
        self,
        scorer: Callable[..., Any],
        args: Any,
        params: Any,
        name: str,
        errors: dict[str, Exception],
    ) -> Any:
        try:
            return scorer(*args, **params)
        except Exception as error:
            if self.error_score == "raise":
                raise
            errors[name] = error
            return self.error_score


@dataclass
class Fit:
    """One fit to be made, and later what became of it."""

    estimator: Any
    train: IntArray
    test: IntArray
    name: str  # for messages
    parameters: Mapping[str, Any] = field(default_factory=dict)
    fit_time: float = 0.0
    score_time: float = 0.0
    test_scores: Scores | None = None  # None where the fit failed
    train_scores: Scores | None = None
    error: Exception | None = None
    score_errors: dict[str, Exception] = field(default_factory=dict)  # by name of the score


def fit_rows(estimator: Any, X: Any, y: Any, params: Mapping[str, Any]) -> Any:
    """Return the estimator, fitted; y is passed unless it is None."""
    if y is None:
        estimator.fit(X, **params)
    else:
        estimator.fit(X, y, **params)
    return estimator


def run_fits(study: Study, fits: Sequence[Fit], n_jobs: int | None) -> None:
    """Make all fits, each of a clone of its estimator, and complete them with their scores.

    A fit that fails gets error_score and a FitFailedWarning; ValueError if all fail. Parameters
    that the estimator does not have raise its own error, before anything is fitted.
    """
    check_error_score(study.error_score)
    if not fits:
        raise ValueError(
            "There is nothing to fit: cv or the parameters are empty. Pass at least one of each."
        )
    for fit in fits:
        fit.estimator = _with_parameters(fit.estimator, fit.parameters)
    in_threads(lambda fit: _run(study, fit), fits, n_jobs)
    _report_failures(study, fits)
    _report_failed_scores(study, fits)
    names = next(list(fit.test_scores) for fit in fits if fit.test_scores is not None)
    for fit in fits:
        if fit.test_scores is None:
            fit.test_scores = dict.fromkeys(names, study.error_score)
            fit.train_scores = dict(fit.test_scores)


def _with_parameters(estimator: Any, parameters: Mapping[str, Any]) -> Any:
    """Return a clone with parameters, themselves cloned: one may be a model that others fit too."""
    model = clone(estimator)
    return model.set_params(**clone_values(parameters)) if parameters else model


def _run(study: Study, fit: Fit) -> None:
    begin = time.perf_counter()
    try:
        study.fit(fit.estimator, fit.train)
    except Exception as error:
        if study.error_score == "raise":
            raise
        fit.error = error
        fit.fit_time = time.perf_counter() - begin
        return
    fit.fit_time = time.perf_counter() - begin
    begin = time.perf_counter()
    fit.test_scores = study.score(fit.estimator, fit.test, fit.score_errors)
    fit.score_time = time.perf_counter() - begin
    if study.train_scores:
        of_train: dict[str, Exception] = {}
        fit.train_scores = study.score(fit.estimator, fit.train, of_train)
        fit.score_errors = of_train | fit.score_errors


def clone_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with the models among them cloned and all else copied."""
    return {name: clone(value, safe=False) for name, value in parameters.items()}


def _report_failures(study: Study, fits: Sequence[Fit]) -> None:
    """Warn of the fits that failed; ValueError if all did."""
    failed = [fit for fit in fits if fit.error is not None]
    if not failed:
        return
    causes = _causes([(_cause(fit.error), fit.name) for fit in failed])
    causes += of_which_rows(causes)
    if len(failed) == len(fits):
        raise ValueError(
            f"{'The only fit' if len(fits) == 1 else f'All the {len(fits)} fits'} failed: {causes}. "
            "Pass error_score='raise' to see where."
        ) from failed[0].error
    warn_caller(
        f"{plural(len(failed), 'fit')} of {len(fits)} failed, and the scores are "
        f"{study.error_score}: {causes}. Pass error_score='raise' to see where.",
        FitFailedWarning,
    )


def _report_failed_scores(study: Study, fits: Sequence[Fit]) -> None:
    """Warn once of all scores that failed."""
    failed = [fit for fit in fits if fit.score_errors]
    if not failed:
        return
    names = dict.fromkeys(name for fit in failed for name in fit.score_errors)
    causes = _causes(
        [(_cause(error), fit.name) for fit in failed for error in fit.score_errors.values()]
    )
    verb = "is" if len(names) == 1 else "are"
    warn_caller(
        f"Scoring failed, so that {' and '.join(names)} {verb} {study.error_score} in "
        f"{plural(len(failed), 'fit')} of {len(fits)}: {causes}"
        f"{of_which_rows(causes, 'scored rows')}. Pass error_score='raise' to see where."
    )


def _causes(failed: Sequence[tuple[str, str]], most: int = 5) -> str:
    """Return the different causes, each with the names of the fits it befell."""
    by_cause: dict[str, dict[str, None]] = {}  # most often it is the same for all
    for cause, name in failed:
        by_cause.setdefault(cause, {})[name] = None
    shown = []
    for cause, names in list(by_cause.items())[:most]:
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        shown.append(f"{cause} ({next(iter(names))}{others})")
    if len(by_cause) > most:
        shown.append(f"and {plural(len(by_cause) - most, 'other cause')}")
    return "; ".join(shown)


def _cause(error: Exception | None) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".")


def _number(value: Any, name: str) -> float:
    """Return a score as a float, or raise ValueError."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"scoring must return a number, but {name} is {plain(value)!r}. Check the scorer."
        ) from None
