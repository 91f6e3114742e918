"""How messages show values and names: as plain Python has them, not too many, and the one meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Return a NumPy number or text as Python's own, also inside a dict; all else as it is.

    >>> type(plain(np.int64(4))), plain({"depth": np.int64(4)})
    (<class 'int'>, {'depth': 4})
    """
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return value.item() if isinstance(value, np.generic) else value


def listed(names: Iterable[Any], most: int = 12) -> str:
    """Return names for a message, the first few and how many more.

    >>> listed(["age", "size"]), listed(range(100), most=2)
    ("'age', 'size'", '0, 1 and 98 more')
    """
    names = list(names)
    shown = ", ".join(repr(plain(name)) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def did_you_mean(name: Any, known: Iterable[Any]) -> str:
    """Return "Did you mean ...? " with the known name most like this one, "" where none is.

    Capitals, underscores, hyphens and blanks make no difference.

    >>> did_you_mean("rocauc", ["accuracy", "roc_auc"]), did_you_mean("zzz", ["accuracy"])
    ("Did you mean 'roc_auc'? ", '')
    """
    if not isinstance(name, str):
        return ""
    by_letters = {_letters(one): one for one in known if isinstance(one, str)}
    like = difflib.get_close_matches(_letters(name), by_letters, n=1)
    return f"Did you mean {by_letters[like[0]]!r}? " if like else ""


def _letters(name: str) -> str:
    return name.casefold().translate(dict.fromkeys(map(ord, "_- ")))
