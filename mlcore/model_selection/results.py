"""The table a search leaves: each candidate's times, parameters, scores and ranks; and a choice.

Notation: m candidates, f folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.checks.kinds import warn_caller
from mlcore.model_selection.fitting import Fit
from mlcore.model_selection.validation import scores_by_name


def search_results(
    candidates: Sequence[Mapping[str, Any]], fits: Sequence[Fit], train_too: bool
) -> dict[str, Any]:
    """Return cv_results_ of fits listed candidate by candidate, with scikit-learn's keys."""
    m = len(candidates)
    results: dict[str, Any] = {}
    for name in ("fit_time", "score_time"):
        _store(results, name, np.array([getattr(fit, name) for fit in fits]).reshape(m, -1))
    results |= parameter_columns(candidates)
    results["params"] = list(candidates)
    for name, scores in scores_by_name(list(fits), train_too).items():
        table = scores.reshape(m, -1)
        results |= {f"split{i}_{name}": column for i, column in enumerate(table.T)}
        _store(results, name, table)
        mean = results[f"mean_{name}"]
        if name.startswith("test_"):
            results[f"rank_{name}"] = ranks(mean)
        if not np.isfinite(mean).all():
            warn_caller(
                f"The mean {name} of {int((~np.isfinite(mean)).sum())} of {m} candidates is not "
                "finite, and they rank last. Look at params and the splits in cv_results_.",
            )
    return results


def _store(results: dict[str, Any], name: str, table: FloatArray) -> None:
    """Add the mean and the standard deviation over folds of a table (m, f)."""
    mean = table.mean(axis=1)
    results[f"mean_{name}"] = mean
    results[f"std_{name}"] = np.sqrt(((table - mean[:, None]) ** 2).mean(axis=1))


def ranks(scores: FloatArray) -> Any:
    """Return each score's place (m,) from 1, the greatest first; equals share the better place.

    Scores that are NaN share the last place.

    >>> ranks(np.array([0.5, 0.9, np.nan, 0.9])).tolist()
    [3, 1, 4, 1]
    """
    known = scores[~np.isnan(scores)]
    filled = np.where(np.isnan(scores), known.min() - 1 if len(known) else 0.0, scores)
    return (1 + (filled[:, None] < filled).sum(axis=1)).astype(np.int32)


def parameter_columns(candidates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a masked array (m,) of each parameter's values, masked where it was not set.

    >>> columns = parameter_columns([{"a": 1}, {"b": "x"}])
    >>> columns["param_a"].tolist(), columns["param_b"].tolist()
    ([1, None], [None, 'x'])
    """
    columns: dict[str, Any] = {}
    for name in dict.fromkeys(name for candidate in candidates for name in candidate):
        values = [candidate[name] for candidate in candidates if name in candidate]
        column = np.ma.MaskedArray(np.empty(len(candidates), dtype=_dtype(values)), mask=True)
        for i, candidate in enumerate(candidates):
            if name in candidate:
                column[i] = candidate[name]  # setting a value also unmasks it
        columns[f"param_{name}"] = column
    return columns


def _dtype(values: list[Any]) -> Any:
    """Return NumPy's type for flat numbers, and object for text, sequences and models."""
    try:
        array = np.array(values)
    except ValueError:  # sequences of different lengths
        return object
    return object if array.ndim != 1 or array.dtype.kind in "US" else array.dtype


def one_standard_error(cv_results: Mapping[str, Any], metric: str = "score") -> int:
    """Return the first candidate whose mean score is within one standard error of the best.

    List candidates from the simplest to the most complex: this takes the simplest that is as good
    as chance allows us to tell. For GridSearchCV(refit=one_standard_error). The standard error is
    the best's deviation over the f folds, divisor f - 1, over sqrt(f).

    >>> one_standard_error({
    ...     "mean_test_score": np.array([0.70, 0.79, 0.80]),
    ...     "split0_test_score": np.array([0.70, 0.79, 0.77]),
    ...     "split1_test_score": np.array([0.70, 0.79, 0.83]),
    ... })
    1
    """
    mean = np.asarray(cv_results[f"mean_test_{metric}"])
    if np.isnan(mean).all():
        raise ValueError("The scores of all candidates are NaN. See the warnings of the search.")
    best = int(np.nanargmax(mean))
    folds = np.array(_fold_scores(cv_results, metric))[:, best]
    limit = mean[best] - folds.std(ddof=1) / np.sqrt(len(folds))
    within: IntArray = np.flatnonzero(mean >= limit)
    return int(within[0])


def _fold_scores(cv_results: Mapping[str, Any], metric: str) -> list[FloatArray]:
    """Return the scores (m,) of each fold."""
    names = (f"split{i}_test_{metric}" for i in range(len(cv_results)))
    return [np.asarray(cv_results[name]) for name in names if name in cv_results]
