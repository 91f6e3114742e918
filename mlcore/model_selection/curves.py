"""What more rows, or another parameter, would do to a model; and whether it has learnt at all.

Notation: n rows, f folds, m sizes or values of a parameter, p permutations.

Source: Ojala & Garriga (2010), Permutation tests for studying classifier performance, JMLR 11;
Phipson & Smyth (2010), Permutation P-values should never be zero, Statistical Applications in
Genetics and Molecular Biology 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    IntArray,
    RandomState,
    check_flag,
    check_generator,
    check_integer,
    check_vector,
    plural,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.names import plain
from mlcore.checks.selection import check_same_rows
from mlcore.estimator import clone
from mlcore.model_selection.fitting import Fit, Study, run_fits
from mlcore.model_selection.scoring import check_single_scoring
from mlcore.model_selection.validation import list_splits
from mlcore.tables import take_rows
from mlcore.workers import in_threads


def learning_curve(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    groups: Any = None,
    train_sizes: ArrayLike = (0.1, 0.325, 0.55, 0.775, 1.0),
    cv: Any = None,
    scoring: Any = None,
    n_jobs: int | None = None,
    shuffle: bool = False,
    random_state: RandomState = None,
    error_score: Any = np.nan,
    return_times: bool = False,
    params: Mapping[str, Any] | None = None,
) -> tuple[Any, ...]:
    """Return sizes (m,), training scores and test scores (m, f) of models fitted on more rows.

    ``train_sizes`` are shares of the first fold's rows to train on, or numbers of rows; sizes that
    come out equal are taken once. The first rows of each fold are fitted, or with ``shuffle``
    random ones. ``return_times`` adds the fit and score times (m, f). The other arguments are those
    of cross_validate. Cost: m * f fits.

    >>> from mlcore import DecisionTreeRegressor
    >>> X, y = [[i % 5] for i in range(20)], [i % 5 for i in range(20)]
    >>> sizes, train, test = learning_curve(
    ...     DecisionTreeRegressor(), X, y, cv=2, train_sizes=[5, 10])
    >>> sizes.tolist(), test.tolist()
    ([5, 10], [[1.0, 1.0], [1.0, 1.0]])
    """
    check_flag("shuffle", shuffle)
    splits = list_splits(estimator, X, y, groups, cv)
    sizes = count_sizes(train_sizes, len(splits[0][0]))
    if shuffle:
        generator = check_generator(random_state)
        splits = [(generator.permutation(train), test) for train, test in splits]
    fits = [
        Fit(
            estimator,
            train[:size],
            test,
            f"{plural(int(size), 'row')} of fold {i} of {len(splits)}",
        )
        for size in sizes
        for i, (train, test) in enumerate(splits)
    ]
    scorer = check_single_scoring(estimator, scoring)
    study = Study(X, y, scorer, params or {}, train_scores=True, error_score=error_score)
    run_fits(study, fits, n_jobs)
    curve = (sizes, *_both_scores(fits, len(sizes)))
    if not return_times:
        return curve
    times = np.array([(fit.fit_time, fit.score_time) for fit in fits]).T
    return (*curve, *times.reshape(2, len(sizes), -1))


def count_sizes(train_sizes: ArrayLike, most: int) -> IntArray:
    """Return distinct numbers of rows, rising, from shares of ``most`` or from numbers.

    >>> count_sizes([0.1, 0.5, 1.0], 10).tolist(), count_sizes([2, 8], 10).tolist()
    ([1, 5, 10], [2, 8])
    """
    sizes = check_vector(train_sizes, "train_sizes")
    share = sizes.dtype.kind == "f"
    low, high = (0.0, 1.0) if share else (0, most)
    if not len(sizes) or not ((sizes > low) & (sizes <= high)).all():
        raise ValueError(
            f"train_sizes is {sizes.tolist()}, but shares above 0 and at most 1, or numbers of rows "
            f"up to the {most} that a fold leaves, were expected. Try train_sizes=[0.5, 1.0]."
        )
    counts = np.maximum((sizes * most).astype(np.int64), 1) if share else sizes.astype(np.int64)
    distinct = np.unique(counts)
    if len(distinct) < len(sizes):
        warn_caller(
            f"train_sizes gives only {len(distinct)} different numbers of rows instead of "
            f"{len(sizes)}. Spread the sizes, or use more rows.",
            RuntimeWarning,
        )
    return distinct


def _both_scores(fits: list[Fit], m: int) -> tuple[FloatArray, FloatArray]:
    """Return training and test scores (m, f) of fits listed size by size."""
    train = np.array([(fit.train_scores or {})["score"] for fit in fits])
    test = np.array([(fit.test_scores or {})["score"] for fit in fits])
    return train.reshape(m, -1), test.reshape(m, -1)


def validation_curve(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    param_name: str,
    param_range: Any,
    groups: Any = None,
    cv: Any = None,
    scoring: Any = None,
    n_jobs: int | None = None,
    error_score: Any = np.nan,
    params: Mapping[str, Any] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return training scores and test scores (m, f) for each value of one parameter.

    ``param_name`` may be nested (step__alpha). The other arguments are those of cross_validate.
    Cost: m * f fits.

    >>> from mlcore import DecisionTreeRegressor
    >>> X, y = [[i % 4] for i in range(16)], [i % 4 for i in range(16)]
    >>> train, test = validation_curve(
    ...     DecisionTreeRegressor(), X, y, param_name="max_depth", param_range=[1, 2], cv=2)
    >>> test.round(1).tolist()
    [[0.8, 0.8], [1.0, 1.0]]
    """
    splits = list_splits(estimator, X, y, groups, cv)
    values = list(param_range)
    fits = [
        Fit(
            estimator,
            train,
            test,
            f"fold {i} of {len(splits)} with {param_name}={plain(value)!r}",
            {param_name: value},
        )
        for value in values
        for i, (train, test) in enumerate(splits)
    ]
    scorer = check_single_scoring(estimator, scoring)
    study = Study(X, y, scorer, params or {}, train_scores=True, error_score=error_score)
    run_fits(study, fits, n_jobs)
    return _both_scores(fits, len(values))


def permutation_test_score(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    groups: Any = None,
    cv: Any = None,
    n_permutations: int = 100,
    n_jobs: int | None = None,
    random_state: RandomState = 0,
    scoring: Any = None,
    params: Mapping[str, Any] | None = None,
) -> tuple[float, FloatArray, float]:
    """Return the mean score of the folds, those (p,) after shuffling y, and the p-value.

    Shuffled targets have nothing to do with X, so their scores show what luck and the folds alone
    can do. The p-value is (1 + how many of them are at least the score) / (1 + p). With ``groups``
    y is shuffled within each group, and the splitter is given them as well. Cost: (1 + p) * f fits.

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = [[1.0], [4.0]] * 10, [0, 1] * 10
    >>> score, _, p = permutation_test_score(
    ...     DecisionTreeClassifier(), X, y, cv=2, n_permutations=19)
    >>> score, p
    (1.0, 0.05)
    """
    check_integer("n_permutations", n_permutations, 1)
    n = check_same_rows(X=X, y=y, groups=groups)
    scorer = check_single_scoring(estimator, scoring)
    generator = check_generator(random_state)
    group = (
        np.zeros(n, dtype=np.int64) if groups is None else np.unique(groups, return_inverse=True)[1]
    )
    orders = [np.arange(n), *(_shuffled(group, generator) for _ in range(n_permutations))]
    targets = [take_rows(y, order) for order in orders]
    # Folds are dealt before the threads begin, so that a random cv does not depend on them.
    tasks = [(target, list_splits(estimator, X, target, groups, cv)) for target in targets]

    def mean_score(task: Any) -> float:
        study = Study(X, task[0], scorer, params or {}, error_score="raise")
        return float(
            np.mean(
                [
                    study.score(study.fit(clone(estimator), train), test)["score"]
                    for train, test in task[1]
                ]
            )
        )

    score, *permuted = in_threads(mean_score, tasks, n_jobs)
    at_least = int(np.sum(np.array(permuted) >= score))
    return score, np.array(permuted), (1 + at_least) / (1 + n_permutations)


def _shuffled(group: IntArray, generator: np.random.Generator) -> IntArray:
    """Return the rows (n,) shuffled within their groups."""
    rows = generator.permutation(len(group))
    drawn = rows[np.argsort(group[rows], kind="stable")]  # random rows of each group in turn
    order = np.empty(len(group), dtype=np.int64)
    order[np.argsort(group, kind="stable")] = drawn
    return order
