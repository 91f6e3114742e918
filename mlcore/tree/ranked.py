"""Columns as ranks: each value replaced by its place among the column's distinct values.

The ranks order rows just as the values do, and being small whole numbers they fit into sort keys.
Nothing is binned, so no split is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray


@dataclass(frozen=True)
class Ranked:
    """The columns of X as ranks: X[i, f] == values[offset[f] + ranks[f, i]]."""

    ranks: IntArray  # (d, n)
    values: FloatArray  # the distinct values of all columns, one column after another
    offset: IntArray  # (d,)

    @classmethod
    def of(cls, X: FloatArray) -> Ranked:
        """Rank the columns of X (n, d); O(d n log n)."""
        ranks = np.empty(X.shape[::-1], dtype=np.int64)
        values = []
        for f, column in enumerate(X.T):
            distinct, inverse = np.unique(column, return_inverse=True)
            values.append(distinct)
            ranks[f] = inverse
        sizes = [len(distinct) for distinct in values]
        return cls(ranks, np.concatenate(values), np.concatenate([[0], np.cumsum(sizes)[:-1]]))

    def midpoint(self, feature: IntArray, low: IntArray, high: IntArray) -> FloatArray:
        """Return thresholds halfway between two ranks of a feature.

        Where no float lies strictly between the two values, the lower one is the threshold, so
        that ``x <= threshold`` always parts them.
        """
        a, b = self.values[self.offset[feature] + low], self.values[self.offset[feature] + high]
        middle = 0.5 * a + 0.5 * b  # halved first: a + b could overflow
        return np.where((a <= middle) & (middle < b), middle, a)
