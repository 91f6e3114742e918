"""Checks of X: its numbers and its columns.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcore.checks.arrays import as_table
from mlcore.checks.cells import describe_column, missing_message, to_float
from mlcore.checks.kinds import FloatArray


def column_names(X: Any) -> list[str] | None:
    """Return the column names of a DataFrame-like X; None if it has none, or they are no texts.

    TypeError when only some are texts, ValueError when two are the same.
    """
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    texts = [isinstance(name, str) for name in names]
    if not any(texts):
        return None
    if not all(texts):
        raise TypeError(
            f"X has the column name {names[texts.index(False)]!r} beside {names[texts.index(True)]!r}, "
            "but all names or none must be texts. Convert them: X.columns = X.columns.astype(str)."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"X has the column name {twice!r} more than once, but each must be one column's own. "
            "Rename one of them."
        )
    return names


def listed_columns(columns: Any, names: list[str] | None, most: int = 5) -> str:
    """Name several columns for a message, the first few and how many more.

    >>> listed_columns([0, 2], None)
    'the columns 0 and 2'
    """
    if len(columns) == 1:
        return describe_column(int(columns[0]), names)
    shown = [repr(names[j]) if names else str(j) for j in columns[:most]]
    if len(columns) > most:
        return f"the columns {', '.join(shown)} and {len(columns) - most} more"
    return f"the columns {', '.join(shown[:-1])} and {shown[-1]}"


def check_features(X: Any) -> FloatArray:
    """Return X as a finite (n, d) float64 array; a TypeError or ValueError says why it cannot be.

    >>> check_features([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    names = column_names(X)
    array = to_float(as_table(X), names)
    with np.errstate(over="ignore", invalid="ignore"):
        finite = bool(np.isfinite(array.sum()))  # one pass; the sum of finite values may overflow
    if not finite and not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        where = f"{describe_column(int(column), names)}, row {row}"
        if np.isnan(array[row, column]):
            raise ValueError(missing_message(where))
        raise ValueError(
            f"X has an infinite value in {where}, but finite numbers were expected. "
            "Look for a division by 0 in that column, or leave the row out."
        )
    return array


def check_same_columns(
    X: Any, n_features: int, names: list[str] | None, *, what: str = "this model"
) -> None:
    """Raise ValueError unless X has the number of columns, and their names, seen in fit."""
    seen = column_names(X)
    if names is not None and seen is not None and seen != names:
        raise ValueError(
            "The feature names should match those that were passed during fit.\n"
            f"{_difference(seen, names)}Select the columns {what} was fitted on, in the order of "
            "its feature_names_in_."
        )
    shape = X.shape if hasattr(X, "shape") else np.asarray(X).shape
    if len(shape) == 2 and shape[1] != n_features:
        raise ValueError(
            f"X has {shape[1]} features, but {what} is expecting {n_features} features as input. "
            "Give the columns that fit was given."
        )


def _difference(seen: list[str], names: list[str], most: int = 5) -> str:
    """Say how the names seen differ from those of fit, a line for each of the first few."""
    parts = {
        "Feature names unseen at fit time": set(seen) - set(names),
        "Feature names seen at fit time, yet now missing": set(names) - set(seen),
    }
    lines = []
    for what, differing in parts.items():
        if differing:
            shown = [f"- {name}" for name in sorted(differing)[:most]]
            lines += [f"{what}:", *shown, *(["- ..."] if len(differing) > most else [])]
    return "\n".join(
        [*(lines or ["Feature names must be in the same order as they were in fit."]), ""]
    )
