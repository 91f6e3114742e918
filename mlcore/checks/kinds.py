"""The kinds of arrays and of complaints that all of mlcore shares."""

from __future__ import annotations

import functools
import inspect
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
RandomState = int | np.random.Generator | None


class NotFittedError(ValueError, AttributeError):
    """A prediction was asked of a model that has not seen any data."""


class ConvergenceWarning(UserWarning):
    """An iterative method stopped before it reached its tolerance."""


class SeparationWarning(ConvergenceWarning):
    """Some columns separate the classes, so that the coefficients have no finite answer."""


class CollinearityWarning(UserWarning):
    """Some columns repeat others, so that the coefficients have more than one answer."""


class DataConversionWarning(UserWarning):
    """What was given was read as something else, such as a column as a flat list of values."""


class UndefinedMetricWarning(UserWarning):
    """A score has no value for these rows, such as the area under the curve of a single class."""


Complaint = TypeVar("Complaint", bound=Exception)


def also_of_scikit_learn(kind: type[Complaint]) -> type[Complaint]:
    """Return a kind of complaint that is scikit-learn's of the same name too, where that is loaded.

    Its tools look out for their own kinds. Nothing is imported for their sake.
    """
    theirs = sys.modules.get("sklearn.exceptions")
    if theirs is None:
        return kind
    ours: Any = kind
    joined: type[Complaint] = _joined(ours, getattr(theirs, kind.__name__))
    return joined


@functools.cache
def _joined(ours: Any, theirs: Any) -> Any:
    def __reduce__(self: Exception) -> tuple[Any, ...]:  # a pickle cannot find a class made here
        return _remade, (ours, self.args)

    body = {"__doc__": ours.__doc__, "__module__": ours.__module__, "__reduce__": __reduce__}
    return type(ours.__name__, (ours, theirs), body)


def _remade(kind: type[Exception], args: tuple[Any, ...]) -> Exception:
    return also_of_scikit_learn(kind)(*args)


def plural(count: int, noun: str) -> str:
    """Return the count with its noun.

    >>> plural(1, "row"), plural(3, "row")
    ('1 row', '3 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


# Which warnings are kept at present, and where. A context variable is each thread's own;
# warnings.catch_warnings changes the whole process, and two threads in it at once leave it changed.
_KEPT: ContextVar[tuple[type[Warning], list[str]] | None] = ContextVar("_KEPT", default=None)


@contextmanager
def kept_warnings(category: type[Warning]) -> Iterator[list[str]]:
    """Keep the messages of warn_caller of a category in a list, instead of warning, in this thread.

    >>> with kept_warnings(ConvergenceWarning) as messages:
    ...     warn_caller("not yet", ConvergenceWarning)
    >>> messages
    ['not yet']
    """
    messages: list[str] = []
    token = _KEPT.set((category, messages))
    try:
        yield messages
    finally:
        _KEPT.reset(token)


def warn_caller(message: str | Warning, category: type[Warning] = UserWarning) -> None:
    """Warn at the line outside of mlcore that called it, however deep inside this is."""
    kept = _KEPT.get()
    kind = type(message) if isinstance(message, Warning) else category
    if kept is not None and issubclass(kind, kept[0]):
        kept[1].append(str(message))
        return
    depth, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith("mlcore."):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, category, stacklevel=depth)
