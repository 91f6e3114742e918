"""The kinds of arrays and of complaints that all of mlcore shares."""

from __future__ import annotations

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


class UndefinedMetricWarning(UserWarning):
    """A score has no value for these rows, such as the area under the curve of a single class."""


def plural(count: int, noun: str) -> str:
    """Return the count with its noun.

    >>> plural(1, "row"), plural(3, "row")
    ('1 row', '3 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
