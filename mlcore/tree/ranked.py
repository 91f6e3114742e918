"""Columns in order: each value replaced by its rank among the column's distinct values.

The ranks order rows just as the values do, and being small whole numbers they can be packed with
the row's number into one key: key = rank * 2**bits + row. Nothing is binned, so no split is lost.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import FloatArray, IntArray

BLOCK = 2**17  # numbers worked on together: few calls, and the work stays in the cache


def blocks(lines: int, width: int) -> list[slice]:
    """Return slices of the lines of an array (lines, width), each of about BLOCK numbers.

    >>> blocks(5, BLOCK // 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(1, BLOCK // max(width, 1))
    return [slice(first, first + step) for first in range(0, lines, step)]


def key_type(bound: int) -> type[np.integer]:
    """Return the type of keys below a bound: 32 bits where they suffice, being twice as fast.

    >>> key_type(2**32).__name__, key_type(2**32 + 1).__name__
    ('uint32', 'int64')
    """
    if bound > 2**63:
        raise ValueError(
            "There are too many rows with too many distinct values to be packed into keys of 63 "
            "bits. Round the columns, or give each tree fewer rows (max_samples)."
        )
    return np.uint32 if bound <= 2**32 else np.int64


def same_value(ordered: np.ndarray) -> np.ndarray:
    """Return where a sorted line (b, n) has the value of one place before, (b, n - 1)."""
    return ordered[:, 1:] == ordered[:, :-1]


def sorted_blocks(X: FloatArray) -> Iterator[tuple[slice, IntArray, IntArray]]:
    """Yield blocks of columns of X (n, d): which, the order of their rows, and the ranks in it."""
    n, d = X.shape
    for block in blocks(d, n):
        columns = np.ascontiguousarray(X.T[block])  # (b, n)
        row = columns.argsort(axis=1)
        ordered = np.take_along_axis(columns, row, axis=1)
        rank = np.zeros(row.shape, dtype=np.int64)
        np.cumsum(~same_value(ordered), axis=1, out=rank[:, 1:])
        yield block, row, rank


@dataclass(frozen=True)
class SortedColumns:
    """Each column's rows in the order of its values: keys of rank and row, rising."""

    X: FloatArray  # (n, d)
    keys: NDArray[np.integer]  # (d, n) of uint32 or int64
    bits: int  # the low bits of a key that hold the row number
    n_ranks: int  # the most distinct values of a column

    @classmethod
    def of(cls, X: FloatArray) -> SortedColumns:
        """Sort the columns of X (n, d); O(d n log n)."""
        n, d = X.shape
        bits, n_ranks = n.bit_length(), 1
        keys = np.empty((d, n), dtype=np.uint32)
        for block, row, rank in sorted_blocks(X):
            n_ranks = max(n_ranks, 1 + int(rank[:, -1].max()))
            keys = keys.astype(key_type(n_ranks << bits), copy=False)  # wider where it must be
            keys[block] = rank << bits | row
        return cls(X, keys, bits, n_ranks)


@dataclass(frozen=True)
class RankedColumns:
    """Each value's rank in its column, and a row for each rank."""

    X: FloatArray  # (n, d)
    ranks: NDArray[np.unsignedinteger]  # (d, n) that of X[i, f] stands at [f, i]
    row_of_rank: NDArray[np.unsignedinteger]  # (d, n_ranks)
    n_ranks: int  # the most distinct values of a column

    @classmethod
    def of(cls, X: FloatArray) -> RankedColumns:
        """Rank the columns of X (n, d); O(d n log n)."""
        n, d = X.shape
        ranks = np.empty((d, n), dtype=np.min_scalar_type(n - 1))
        rows = np.zeros((d, n), dtype=ranks.dtype)
        n_ranks = 0
        for block, row, rank in sorted_blocks(X):
            np.put_along_axis(ranks[block], row, rank.astype(ranks.dtype), axis=1)
            np.put_along_axis(rows[block], rank, row.astype(rows.dtype), axis=1)
            n_ranks = max(n_ranks, 1 + int(rank[:, -1].max()))
        # Few distinct values take less room, which keeps them nearer in the cache.
        ranks = ranks.astype(np.min_scalar_type(n_ranks - 1), copy=False)
        return cls(X, ranks, np.ascontiguousarray(rows[:, :n_ranks]), n_ranks)


Columns: TypeAlias = SortedColumns | RankedColumns


def columns_for(X: FloatArray, max_features: int | None) -> Columns:
    """Return the columns as the growth needs them: sorted if every node tries all of them."""
    if max_features is None or max_features >= X.shape[1]:
        return SortedColumns.of(X)
    return RankedColumns.of(X)


def midpoint(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return thresholds halfway between low and high.

    Where no float lies strictly between the two, the lower one is the threshold, so that
    ``x <= threshold`` always parts them.

    >>> midpoint(np.array([1.0]), np.array([2.0]))
    array([1.5])
    """
    middle = 0.5 * low + 0.5 * high  # halved first: low + high could overflow
    return np.where((low <= middle) & (middle < high), middle, low)
