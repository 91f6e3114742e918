"""Parameters of fit for some of the rows.

Notation: n rows · rows (q,) their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlcore.checks import IntArray
from mlcore.tables import take_rows


def take_params(params: Mapping[str, Any], rows: IntArray, n: int) -> dict[str, Any]:
    """Return parameters of fit for some of n rows: what has a value a row is cut, the rest is not.

    >>> take_params({"sample_weight": [1.0, 2.0, 3.0], "check": True}, [0, 2], 3)
    {'sample_weight': [1.0, 3.0], 'check': True}
    """
    return {name: take_rows(v, rows) if _has_rows(v, n) else v for name, v in params.items()}


def _has_rows(value: Any, n: int) -> bool:
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__len__"):
        return False
    shape = getattr(value, "shape", None)
    return (shape[0] if shape else len(value)) == n
