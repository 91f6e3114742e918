"""Levels, trends, swings and runs of weekly figures.

Every measure skips the weeks in which nothing was recorded, and is NaN for a pupil it cannot be
said of: what is not recorded is not nothing.

Notation: n pupils · k weeks so far · figures (n, k), NaN where not recorded · results (n,).
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray


def total(figures: FloatArray) -> FloatArray:
    """Return the sum of each pupil's recorded weeks.

    >>> total(np.array([[1.0, np.nan, 2.0], [np.nan, np.nan, np.nan]])).tolist()
    [3.0, nan]
    """
    known = ~np.isnan(figures)
    return np.where(known.any(axis=1), np.where(known, figures, 0.0).sum(axis=1), np.nan)


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole cell by cell, NaN where the whole is 0 or either is NaN.

    >>> quotient(np.array([3.0, 3.0, np.nan]), np.array([4.0, 0.0, 4.0])).tolist()
    [0.75, nan, nan]
    """
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def mean(figures: FloatArray) -> FloatArray:
    """Return the mean of each pupil's recorded weeks.

    >>> mean(np.array([[1.0, np.nan, 2.0]])).tolist()
    [1.5]
    """
    return quotient(total(figures), (~np.isnan(figures)).sum(axis=1).astype(np.float64))


def share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return 100 * sum of part / sum of whole, in %.

    >>> share(np.array([[8.0, 2.0]]), np.array([[10.0, 10.0]])).tolist()
    [50.0]
    """
    return 100 * quotient(total(part), total(whole))


def slope(figures: FloatArray) -> FloatArray:
    """Return the slope of the least-squares line through the recorded weeks, for two or more.

    With t the weeks and x the figures: sum of (t - mean t) x / sum of (t - mean t)^2.

    >>> slope(np.array([[1.0, np.nan, 5.0], [4.0, np.nan, np.nan]])).tolist()
    [2.0, nan]
    """
    known = ~np.isnan(figures)
    weeks = np.where(known, np.arange(figures.shape[1], dtype=np.float64), np.nan)  # (n, k)
    centred = weeks - mean(weeks)[:, None]
    return quotient(total(centred * figures), total(centred**2))


def before(figures: FloatArray) -> FloatArray:
    """Return in each recorded week the figure of the recorded week before it, (n, k).

    >>> before(np.array([[3.0, np.nan, 4.0, 5.0]])).tolist()
    [[nan, nan, 3.0, 4.0]]
    """
    known = ~np.isnan(figures)
    place = np.where(known, np.arange(1, figures.shape[1] + 1), 0)
    latest = np.maximum.accumulate(place, axis=1)  # the latest recorded week, counted from 1
    earlier = np.column_stack([np.zeros(len(figures), dtype=np.int64), latest])[:, :-1]
    padded = np.column_stack([np.full(len(figures), np.nan), figures])
    return np.where(known, np.take_along_axis(padded, earlier, axis=1), np.nan)


def swing(figures: FloatArray) -> FloatArray:
    """Return the mean size of the change from one recorded week to the next.

    >>> swing(np.array([[3.0, 7.0, np.nan, 5.0]])).tolist()
    [3.0]
    """
    return mean(np.abs(figures - before(figures)))


def last(figures: FloatArray) -> FloatArray:
    """Return the latest recorded figure.

    >>> last(np.array([[3.0, 7.0, np.nan], [np.nan, np.nan, np.nan]])).tolist()
    [7.0, nan]
    """
    place = np.where(np.isnan(figures), 0, np.arange(1, figures.shape[1] + 1))
    padded = np.column_stack([np.full(len(figures), np.nan), figures])
    return padded[np.arange(len(figures)), place.max(axis=1, initial=0)]


def count(figures: FloatArray, below: float) -> FloatArray:
    """Return in how many recorded weeks the figure was below a number.

    >>> count(np.array([[0.3, 0.7, np.nan], [np.nan, np.nan, np.nan]]), below=0.5).tolist()
    [1.0, nan]
    """
    return total(np.where(np.isnan(figures), np.nan, figures < below))


def in_row(figures: FloatArray, below: float) -> FloatArray:
    """Return for how many recorded weeks in a row, up to the latest, the figure was below a number.

    >>> in_row(np.array([[0.3, 0.7, 0.4, np.nan, 0.1], [0.1, 0.2, 0.3, 0.4, 0.9]]), 0.5).tolist()
    [2.0, 0.0]
    """
    known = ~np.isnan(figures)
    so_far = known.cumsum(axis=1)
    broken = np.where(figures >= below, so_far, 0).max(axis=1, initial=0)
    number = known.sum(axis=1)
    return np.where(number > 0, number - broken, np.nan)
