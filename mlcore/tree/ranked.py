"""Columns in order: each value replaced by its rank among the column's distinct values.

The ranks order rows just as the values do, and being small whole numbers they can be packed with
the row's number into one key: key = rank * 2**bits + row. Nothing is binned, so no split is lost.

Notation: n rows, d features · X (n, d) features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import FloatArray

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


@dataclass(frozen=True)
class Ranked:
    """X and the sorted keys (d, n) of its columns."""

    X: FloatArray  # (n, d)
    keys: NDArray[np.integer]  # (d, n) of uint32 or int64
    bits: int  # the low bits of a key that hold the row number

    @classmethod
    def of(cls, X: FloatArray) -> Ranked:
        """Sort and rank the columns of X (n, d); O(d n log n)."""
        n, d = X.shape
        bits = n.bit_length()
        keys = np.zeros((d, n), dtype=key_type(n << bits))
        for block in blocks(d, n):
            columns = np.ascontiguousarray(X.T[block])  # (b, n)
            row = columns.argsort(axis=1)
            ordered = np.take_along_axis(columns, row, axis=1)
            np.cumsum(~same_value(ordered), axis=1, out=keys[block, 1:])
            keys[block] <<= bits
            keys[block] |= row.astype(keys.dtype)
        n_ranks = 1 + int(keys[:, -1].max() >> bits)
        return cls(X, keys.astype(key_type(n_ranks << bits), copy=False), bits)

    @cached_property
    def ranks(self) -> NDArray[np.unsignedinteger]:
        """The rank of every value, (d, n): that of X[i, f] stands at [f, i]."""
        ranks = np.empty(self.keys.shape, dtype=np.min_scalar_type(self.n_ranks - 1))
        for f, keys in enumerate(self.keys):
            ranks[f, keys & (2**self.bits - 1)] = keys >> self.bits
        return ranks

    @cached_property
    def row_of_rank(self) -> NDArray[np.int32]:
        """A row that has each rank, (d, n_ranks)."""
        rows = np.zeros((len(self.keys), self.n_ranks), dtype=np.int32)
        for f, keys in enumerate(self.keys):
            rows[f, keys >> self.bits] = keys & (2**self.bits - 1)
        return rows

    @property
    def n_ranks(self) -> int:
        """The most distinct values of a column."""
        return 1 + int(self.keys[:, -1].max() >> self.bits)


def midpoint(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return thresholds halfway between low and high.

    Where no float lies strictly between the two, the lower one is the threshold, so that
    ``x <= threshold`` always parts them.

    >>> midpoint(np.array([1.0]), np.array([2.0]))
    array([1.5])
    """
    middle = 0.5 * low + 0.5 * high  # halved first: low + high could overflow
    return np.where((low <= middle) & (middle < high), middle, low)
