"""Picking rows out of whatever holds them: an array, a DataFrame or a list.

Notation: n rows · rows (q,) their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlcore.checks import IntArray


def take(data: Any, rows: IntArray) -> Any:
    """Return some rows of data, in the order given and in the kind of thing it is.

    >>> take(["a", "b", "c"], [2, 0])
    ['c', 'a']
    """
    if data is None:
        return None
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    if hasattr(data, "tocsr"):  # a sparse matrix, of which this kind has rows
        return data.tocsr()[rows]
    if hasattr(data, "shape"):
        return data[rows]
    if hasattr(data, "__array__"):
        return np.asarray(data)[rows]
    return [data[row] for row in rows]


def take_params(params: Mapping[str, Any], rows: IntArray, n: int) -> dict[str, Any]:
    """Return parameters of fit for some of n rows: what has a value a row is cut, the rest is not.

    >>> take_params({"sample_weight": [1.0, 2.0, 3.0], "check": True}, [0, 2], 3)
    {'sample_weight': [1.0, 3.0], 'check': True}
    """
    return {name: take(v, rows) if _has_rows(v, n) else v for name, v in params.items()}


def _has_rows(value: Any, n: int) -> bool:
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__len__"):
        return False
    shape = getattr(value, "shape", None)
    return (shape[0] if shape else len(value)) == n
