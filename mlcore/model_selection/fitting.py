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
from mlcore.checks.selection import FitFailedWarning, check_error_score, row_count
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

    def score(self, estimator: Any, rows: IntArray) -> Scores:
        """Return the scores of a fitted estimator on some rows by name, "score" if it has none."""
        params = take_params(self.score_params, rows, row_count(self.X))
        y = () if self.y is None else (take_rows(self.y, rows),)
        args = (estimator, take_rows(self.X, rows), *y)
        if isinstance(self.scorer, MultiScorer):
            value: Any = {
                name: self._value(part, args, params, name)
                for name, part in self.scorer.parts().items()
            }
        else:
            value = self._value(self.scorer, args, params, "score")
        named = value if isinstance(value, Mapping) else {"score": value}
        return {name: _number(part, name) for name, part in named.items()}

    def _value(self, scorer: Callable[..., Any], args: Any, params: Any, name: str) -> Any:
        try:
            return scorer(*args, **params)
        except Exception as error:
            if self.error_score == "raise":
                raise
            warn_caller(
                f"Scoring failed, so that {name} is {self.error_score} in a fold: "
                f"{_cause(error)}. Pass error_score='raise' to see where.",
            )
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


def fit_rows(estimator: Any, X: Any, y: Any, params: Mapping[str, Any]) -> Any:
    """Return the estimator, fitted; y is passed unless it is None."""
    if y is None:
        estimator.fit(X, **params)
    else:
        estimator.fit(X, y, **params)
    return estimator


def run_fits(study: Study, fits: Sequence[Fit], n_jobs: int | None) -> None:
    """Make all fits, each of a clone of its estimator, and complete them with their scores.

    A fit that fails gets error_score and a FitFailedWarning; ValueError if all fail.
    """
    check_error_score(study.error_score)
    if not fits:
        raise ValueError(
            "There is nothing to fit: cv or the parameters are empty. Pass at least one of each."
        )
    in_threads(lambda fit: _run(study, fit), fits, n_jobs)
    _report_failures(study, fits)
    names = next(list(fit.test_scores) for fit in fits if fit.test_scores is not None)
    for fit in fits:
        if fit.test_scores is None:
            fit.test_scores = dict.fromkeys(names, study.error_score)
            fit.train_scores = dict(fit.test_scores)


def _run(study: Study, fit: Fit) -> None:
    fit.estimator = clone(fit.estimator)
    begin = time.perf_counter()
    try:
        if fit.parameters:  # cloned, for a parameter may be a model, which other folds fit as well
            fit.estimator.set_params(**clone_values(fit.parameters))
        study.fit(fit.estimator, fit.train)
    except Exception as error:
        if study.error_score == "raise":
            raise
        fit.error = error
        fit.fit_time = time.perf_counter() - begin
        return
    fit.fit_time = time.perf_counter() - begin
    begin = time.perf_counter()
    fit.test_scores = study.score(fit.estimator, fit.test)
    fit.score_time = time.perf_counter() - begin
    if study.train_scores:
        fit.train_scores = study.score(fit.estimator, fit.train)


def clone_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with the models among them cloned and all else copied."""
    return {name: clone(value, safe=False) for name, value in parameters.items()}


def _report_failures(study: Study, fits: Sequence[Fit], most: int = 5) -> None:
    """Warn of the fits that failed; ValueError if all did."""
    failed = [fit for fit in fits if fit.error is not None]
    if not failed:
        return
    by_cause: dict[str, list[str]] = {}  # most often it is the same for all
    for fit in failed:
        by_cause.setdefault(_cause(fit.error), []).append(fit.name)
    shown = [
        f"{cause} ({names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''})"
        for cause, names in list(by_cause.items())[:most]
    ]
    if len(by_cause) > most:
        shown.append(f"and {plural(len(by_cause) - most, 'other cause')}")
    causes = "; ".join(shown)
    if len(failed) == len(fits):
        raise ValueError(
            f"All the {len(fits)} fits failed: {causes}. Pass error_score='raise' to see where."
        ) from failed[0].error
    warn_caller(
        f"{plural(len(failed), 'fit')} of {len(fits)} failed, and the scores are "
        f"{study.error_score}: {causes}. Pass error_score='raise' to see where.",
        FitFailedWarning,
    )


def _cause(error: Exception | None) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".")


def _number(value: Any, name: str) -> float:
    """Return a score as a float, or raise ValueError."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"scoring must return a number, but {name} is {value!r}. Check the scorer."
        ) from None
