"""Missing values filled with the medians of the training rows.

``train`` (n, d) and ``other`` (m, d) are tables of numbers with NaN where a value is missing. Return a
copy of ``other`` in which each NaN is the median of the known values of its column in ``train``: the
rows a model learns from, and nothing else. A column has at least one value in ``train``; in ``other``
it may have none. Explained in tutorial 1.

>>> train = np.array([[1.0], [2.0], [9.0], [np.nan]])
>>> fill_missing(train, np.array([[np.nan], [4.0]]))
array([[2.],
       [4.]])
"""

import numpy as np


def fill_missing(train, other):
    """Return other (m, d) with each NaN replaced by its column's median in train (n, d)."""
    # your turn
    return np.where(np.isnan(other), np.nanmedian(train, axis=0), other)
    # until here
