"""What a column is worth to a fitted model: how far its score falls once the column is shuffled.

Shuffling breaks a column's tie to y and to the other columns, and leaves its values as they were.
Measured on rows that the model has not seen, the fall tells what its predictions there rest on.
Columns that tell the same are each worth little, as the model can still read the other one: shuffle
them together. What a forest can measure without further rows, out of the bags of its trees, is in
mlcore.forest.importance.

Notation: n rows, d features, g groups of columns, r repeats · X (n, d) · y (n,) · w (n,) weights.

Source: Breiman (2001), Random Forests, section 10; Fisher, Rudin & Dominici (2019), All models are
wrong, but many are useful, Journal of Machine Learning Research 20.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    RandomState,
    check_generator,
    check_integer,
    check_real,
    check_vector,
    check_weights,
    column_names,
)
from mlcore.inspection.columns import column_of, with_columns
from mlcore.model_selection.scorers import OwnScore
from mlcore.model_selection.scoring import check_single_scoring
from mlcore.tables import column_number, frame_or_array, take_rows
from mlcore.workers import in_threads


@dataclass(frozen=True, eq=False)
class PermutationImportance:
    """Fall of the score when a column, or a group of columns, is shuffled."""

    importances: FloatArray  # (g, r) score of the rows as they are - that of the shuffled ones
    importances_mean: FloatArray  # (g,)
    importances_std: FloatArray  # (g,) over the repeats: from the shuffles, not from the rows


def permutation_importance(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    scoring: Any = None,
    n_repeats: int = 5,
    n_jobs: int | None = None,
    random_state: RandomState = None,
    sample_weight: ArrayLike | None = None,
    max_samples: int | float = 1.0,
    columns: Sequence[Any] | None = None,
) -> PermutationImportance:
    """Return by how much a fitted model's score falls when a column of X is shuffled, (d, r).

    ``scoring`` is None for the model's own ``score``, a function (model, X, y[, sample_weight])
    of which more is better, or the name of a score. ``max_samples`` (a count, or a share of the
    rows) are drawn for each column and shuffled. ``columns`` are those to try (all), by number or
    name; a list among them is a group whose rows are shuffled together, such as the columns of
    one category. Rows of weight 0 are left out. Models may be of any library, X a DataFrame.
    The bits depend on the seed only, not on ``n_jobs``, the number of threads. O(g r) scores.

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = [[i % 2, 7.0] for i in range(200)], [i % 2 for i in range(200)]
    >>> model = DecisionTreeClassifier().fit(X, y)
    >>> found = permutation_importance(model, X, y, n_repeats=30, random_state=0)
    >>> found.importances_mean.round(1).tolist()  # half of the shuffled rows go the wrong way
    [0.5, 0.0]
    """
    check_integer("n_repeats", n_repeats, 1)
    table = frame_or_array(X)
    y = check_vector(y, "y", table.shape[0])
    w = None if sample_weight is None else check_weights(sample_weight, len(y))
    if w is not None and not w.all():
        kept = np.flatnonzero(w)
        table, y, w = take_rows(table, kept), y[kept], w[kept]
    drawn = _count(max_samples, len(y))
    groups = _groups(table, columns)
    score = partial(_score, _scorer(estimator, scoring), estimator)
    whole = score(table, y, w)

    def shuffled(job: tuple[list[int], np.random.Generator]) -> list[float]:
        group, generator = job
        rows = generator.choice(len(y), drawn, replace=False) if drawn < len(y) else None
        part = (table, y, w) if rows is None else _part(table, y, w, rows)
        return [score(_shuffle(part[0], group, generator), *part[1:]) for _ in range(n_repeats)]

    jobs = list(zip(groups, check_generator(random_state).spawn(len(groups)), strict=True))
    importances = whole - np.array(in_threads(shuffled, jobs, n_jobs))
    return PermutationImportance(importances, importances.mean(axis=1), importances.std(axis=1))


def _count(max_samples: Any, n: int) -> int:
    """Return how many of n rows are drawn."""
    if isinstance(max_samples, numbers.Integral):
        check_integer("max_samples", max_samples, 1)
        if int(max_samples) > n:
            raise ValueError(
                f"max_samples is {max_samples}, but there are {n} rows of weight above 0. "
                "Pass a smaller number, or 1.0 for all."
            )
        return int(max_samples)
    check_real("max_samples", max_samples, np.finfo(float).tiny, 1.0, advice="1.0")
    return max(1, int(max_samples * n))


def _groups(X: Any, columns: Sequence[Any] | None) -> list[list[int]]:
    """Return the numbers of the columns of each group."""
    if columns is None:
        return [[j] for j in range(X.shape[1])]
    listed = [[c] if isinstance(c, (str, numbers.Integral)) else list(c) for c in columns]
    if not listed or not all(listed):
        raise ValueError(
            f"columns is {columns!r}, but at least one column was expected, and in each group. "
            "Leave columns out to try each by itself."
        )
    return [
        [column_number(c, X.shape[1], column_names(X), "columns") for c in group]
        for group in listed
    ]


def _scorer(estimator: Any, scoring: Any) -> Any:
    """Return the scorer of a model that is fitted already, and so need not have a fit."""
    if scoring is None and hasattr(estimator, "score"):
        return OwnScore(estimator)
    return check_single_scoring(estimator if scoring is None else None, scoring)


def _score(scorer: Any, estimator: Any, X: Any, y: Any, w: FloatArray | None) -> float:
    weights = {} if w is None else {"sample_weight": w}
    return float(scorer(estimator, X, y, **weights))


def _part(X: Any, y: Any, w: FloatArray | None, rows: Any) -> tuple[Any, Any, FloatArray | None]:
    return take_rows(X, rows), y[rows], None if w is None else w[rows]


def _shuffle(X: Any, group: list[int], generator: np.random.Generator) -> Any:
    """Return a copy of X whose rows have swapped what they hold in a group of columns."""
    order = generator.permutation(X.shape[0])
    return with_columns(X, group, [column_of(X, j)[order] for j in group])
