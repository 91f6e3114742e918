"""Checks of what splitting, cross-validation and search are given.

Notation: n rows.
"""

from __future__ import annotations

import math
import numbers
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.checks.arrays import as_array
from mlcore.checks.kinds import IntArray, plural, warn_caller
from mlcore.checks.names import did_you_mean, listed, plain
from mlcore.checks.targets import check_labels, check_vector


class FitFailedWarning(RuntimeWarning):
    """Some fits of a cross-validation failed, so that their scores are error_score."""


def warn_unused_groups(groups: Any, splitter: Any) -> None:
    """Warn when groups are given to a splitter that does not keep them together."""
    if groups is not None:
        warn_caller(
            f"The groups parameter is ignored by {type(splitter).__name__}: rows of a group may be "
            "both trained on and tested. Use GroupKFold to keep them together."
        )


def row_count(data: Any, name: str = "X") -> int:
    """Return the number of rows of an array, a DataFrame or a list.

    >>> row_count([[1.0], [2.0]]), row_count(np.zeros((3, 2)))
    (2, 3)
    """
    if isinstance(data, (str, bytes, os.PathLike)):
        as_array(data, name)  # says to read the file first
    shape = getattr(data, "shape", None)
    if shape is None and not isinstance(data, type) and hasattr(data, "__array__"):
        shape = np.shape(np.asarray(data))
    if shape is not None and len(shape):
        return int(shape[0])
    if not hasattr(data, "__len__") or isinstance(data, dict):
        raise TypeError(
            f"{name} is {data!r}, which has no rows. Pass an array, a DataFrame or a list."
        )
    return len(data)


def check_seed_is_used(shuffle: Any, random_state: Any) -> None:
    """Raise ValueError for a seed of folds that are not shuffled."""
    if random_state is not None and not shuffle:
        raise ValueError(
            f"random_state is {random_state!r}, but shuffle is {shuffle!r}, so it would change "
            "nothing. Set shuffle=True, or leave random_state out."
        )


def refuse_class(cv: Any) -> None:
    """Raise TypeError for the class of a splitter in place of a splitter."""
    if isinstance(cv, type):
        raise TypeError(f"cv is the class {cv.__name__}: pass {cv.__name__}().")


def check_pairs(cv: Any) -> list[tuple[Any, Any]]:
    """Return the pairs (train, test) of a list of them, else raise ValueError."""
    parts = list(cv)
    for part in parts:
        if isinstance(part, str) or not hasattr(part, "__len__") or len(part) != 2:
            raise ValueError(
                f"cv holds {plain(part)!r}, but pairs (train, test) of the positions of rows were "
                "expected. For a fold number for each row, pass PredefinedSplit(fold)."
            )
    return [(train, test) for train, test in parts]


def check_positions(rows: Any, n: int) -> IntArray:
    """Return some of n rows as their positions, given as such or as a mask, else raise ValueError.

    >>> check_positions([0, 2], 3).tolist(), check_positions([True, False, True], 3).tolist()
    ([0, 2], [0, 2])
    """
    array = np.asarray(rows)
    if array.dtype.kind == "b" and array.shape == (n,):
        return np.flatnonzero(array)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    flat = array.ravel()
    wrong = (flat < 0) | (flat >= n) if flat.dtype.kind in "iu" else np.ones(len(flat), dtype=bool)
    if array.ndim != 1 or wrong.any():
        raise ValueError(
            f"cv names the row {plain(flat[wrong.argmax()])!r}, but positions from 0 to {n - 1} were "
            "expected, whatever the index of a DataFrame. Positions of labels are "
            "frame.index.get_indexer(labels)."
        )
    return array.astype(np.int64, copy=False)


def check_same_rows(**data: Any) -> int:
    """Return the number of rows that all of the named data have; None is passed over.

    >>> check_same_rows(X=[[1.0], [2.0]], y=[0, 1], groups=None)
    2
    """
    counts = {name: row_count(part, name) for name, part in data.items() if part is not None}
    if not counts:
        raise ValueError(
            f"{' and '.join(data)} are None, so there are no rows to split. Pass one of them."
        )
    (first, n), *others = counts.items()
    for name, count in others:
        if count != n:
            raise ValueError(
                f"{name} has {plural(count, 'row')}, but {first} has {n}: they have inconsistent "
                "numbers of samples. Check that both were selected alike."
            )
    return n


def check_stratify(stratify: Any, n: int) -> NDArray[Any]:
    """Return the class of each of n rows that train_test_split is to share out, else raise."""
    if isinstance(stratify, (bool, np.bool_, str, numbers.Number)):
        advice = f"frame[{stratify!r}]" if isinstance(stratify, str) else "y"
        raise TypeError(
            f"stratify is {plain(stratify)!r}, but the class of each row was expected. "
            f"Pass stratify={advice}."
        )
    labels, index = check_labels(stratify, n, name="stratify")
    if labels.dtype.kind == "f" and (labels != np.round(labels)).any():
        labels = labels.astype(str)  # classes that happen to be written as fractions
    return labels[index]


def check_groups(groups: Any, n: int, n_splits: int) -> IntArray:
    """Return the number of each row's group (n,); ValueError if there are fewer than n_splits."""
    if groups is None:
        raise ValueError(
            "groups is None, but the group of each row was expected. Pass groups, such as the "
            "pupil each row is about. To a search inside a cross-validation they come only if the "
            "latter is called with params={'groups': groups} too."
        )
    labels, group = check_labels(groups, n, name="groups")
    if len(labels) < n_splits:
        raise ValueError(
            f"groups has {plural(len(labels), 'group')}, but {n_splits} were expected, one for each "
            f"side or fold at least. Use {f'n_splits={len(labels)} or ' * (len(labels) > 1)}more groups."
        )
    return group


def check_split_sizes(
    n: int,
    test_size: float | None,
    train_size: float | None,
    default: float,
    noun: str = "row",
) -> tuple[int, int]:
    """Return how many of n rows (or groups, the ``noun``) to train on and to test on.

    A share is rounded up for testing and down for training; a size left out is the rest, and of
    both ``default`` is the share to test on.

    >>> check_split_sizes(10, 0.25, None, 0.1), check_split_sizes(10, None, None, 0.1)
    ((7, 3), (9, 1))
    """
    if test_size is None and train_size is None:
        test_size = default
    tests = _size(n, "test_size", test_size, math.ceil, noun)
    trains = _size(n, "train_size", train_size, math.floor, noun)
    n_test = n - trains if tests is None and trains is not None else tests or 0
    n_train = n - n_test if trains is None else trains
    shares = [size for size in (test_size, train_size) if size is not None and size < 1]
    if sum(shares) > 1:  # of few rows, rounding may hide it
        raise ValueError(
            f"test_size and train_size add up to {sum(shares):g}, but shares of 1 at most were "
            "expected. Make one of them smaller."
        )
    if n_train + n_test > n:
        raise ValueError(
            f"train_size and test_size ask for {plural(n_train + n_test, noun)}, but there are {n}. "
            "Make one of them smaller."
        )
    if n_train < 1 or n_test < 1:
        raise ValueError(
            f"Of {plural(n, noun)} {n_train} would be left to train on and {n_test} to test on, "
            "but at least 1 of each was expected. Change test_size or train_size."
        )
    return n_train, n_test


def _size(n: int, name: str, size: float | None, rounded: Any, noun: str) -> int | None:
    """Return a size as a number of rows, or of what the noun says."""
    if size is None:
        return None
    if isinstance(size, numbers.Integral) and not isinstance(size, bool) and 0 < size < n:
        return int(size)
    if isinstance(size, numbers.Real) and not isinstance(size, numbers.Integral) and 0 < size < 1:
        return int(rounded(float(size) * n))
    raise ValueError(
        f"{name} is {plain(size)!r}, but a share between 0 and 1 or a number of {noun}s from 1 to {n - 1} "
        f"was expected. Try {name}=0.25."
    )


def check_partition(fold_rows: list[IntArray], n: int) -> None:
    """Raise ValueError unless each of n rows is in exactly one of the folds."""
    tested = np.bincount(np.concatenate(fold_rows), minlength=n)
    if len(tested) > n or (tested != 1).any():
        row = int(np.flatnonzero(tested != 1)[0])
        raise ValueError(
            f"Row {row} is tested {tested[row]} times, but cv must be a partition, which tests "
            "every row once. Use KFold, StratifiedKFold or GroupKFold."
        )


def check_method(estimator: Any, method: str) -> None:
    """Raise AttributeError unless a model has the method, with those that it has."""
    if not isinstance(method, str) or not hasattr(estimator, method):
        known = ("predict", "predict_proba", "predict_log_proba", "decision_function", "transform")
        there = [name for name in known if hasattr(estimator, name)]
        raise AttributeError(
            f"method is {method!r}, which {type(estimator).__name__} has not. It has "
            f"{listed(there) or 'none to predict with'}. {did_you_mean(method, there)}".rstrip()
        )


def of_which_rows(message: str, rows: str = "training rows") -> str:
    """Return where the rows that a message numbers are counted; "" where it numbers none.

    >>> of_which_rows("X is NaN in row 3"), of_which_rows("y has 3 rows")
    (" (rows are counted within the fold's training rows)", '')
    """
    numbered = re.search(r"\b[Rr]ow \d", message)
    return f" (rows are counted within the fold's {rows})" if numbered else ""


@contextmanager
def saying_of_which_rows() -> Iterator[None]:
    """Add to a ValueError or TypeError about numbered rows that they are those of a fold."""
    try:
        yield
    except (TypeError, ValueError) as error:
        where = of_which_rows(str(error))
        if not where or type(error) not in (TypeError, ValueError):  # others may be made otherwise
            raise
        raise type(error)(f"{str(error).rstrip('.')}{where}.") from error


def check_error_score(error_score: Any) -> None:
    """Raise unless error_score is "raise" or a number."""
    if error_score != "raise" and not isinstance(error_score, numbers.Real):
        raise ValueError(
            f"error_score is {error_score!r}, but 'raise' or a number was expected. "
            "Try error_score='raise'."
        )


def holds_classes(y: Any) -> bool:
    """Return whether y looks like classes: one label a row, and no fractions.

    >>> holds_classes(["a", "b"]), holds_classes([0.5, 1.0]), holds_classes(None)
    (True, False, False)
    """
    if y is None:
        return False
    try:
        labels = check_vector(y, "y")
    except ValueError:
        return False
    if labels.dtype.kind != "f":
        return True
    return bool(np.isfinite(labels).all() and (labels == np.round(labels)).all())
