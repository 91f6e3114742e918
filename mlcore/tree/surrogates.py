"""Surrogate splits: what says best where a row would have gone, had the value it lacks been known.

A surrogate is a split of another feature that sends rows to the same sides as the primary split.
Its agreement is the weight of the rows both send alike, as a share of the rows whose primary value
is known. The simplest guess sends every row to the heavier side, the majority; a surrogate is kept
if it is right more often. The adjusted agreement is the part of the majority's errors it mends:
(agree - majority) / (1 - majority), 1 for a perfect surrogate.

At least two rows must go each way, so that a feature without any bearing on the split does not
beat the majority by one lucky row. (For categories rpart 4.1 counts the rows that agree and those
that do not, instead of left and right: it keeps a surrogate that sends one row away from all
others, and drops a perfect one.)

Notation: n rows of the node, d features, f of them other than the primary, r surrogates.

Source: Breiman, Friedman, Olshen & Stone, Classification and Regression Trees, section 5.3;
Therneau & Atkinson, An Introduction to Recursive Partitioning Using the RPART Routines, section 5
(surrogatestyle 0: rows without the surrogate's value count as not agreeing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.cuts import LEFT, RIGHT, UNKNOWN, Sample, Sides, midpoint
from mlcore.tree.structure import UNDEFINED

LEAST_ROWS = 2  # that a surrogate must send each way
LEAST_ADJUSTED = 1e-10  # adjusted agreements below this are rounding


@dataclass(frozen=True)
class Surrogate:
    """One surrogate split: a threshold and the side below it, or the side of each category."""

    feature: int
    agree: float
    adj: float
    threshold: float
    below: int  # LEFT or RIGHT: where values up to the threshold go
    sides: Sides  # empty if numeric


@dataclass(frozen=True)
class Primary:
    """What surrogates imitate: the side of each row and its weight, by row of the whole table."""

    side: Sides  # (N,) UNKNOWN where the primary value is missing
    weight: FloatArray  # (N,)
    w_left: float  # weight of the node's rows on each side
    w_right: float

    @property
    def total(self) -> float:
        """Weight of the rows whose primary value is known."""
        return self.w_left + self.w_right

    @property
    def majority(self) -> float:
        """Share of the known weight on the heavier side."""
        return max(self.w_left, self.w_right) / self.total


def find_surrogates(
    sample: Sample, order: IntArray, feature: int, primary: Primary, most: int
) -> list[Surrogate]:
    """Return at most ``most`` surrogates of a split on the feature, the best agreement first.

    Of equal agreements the lower feature comes first. order (d, n) as in best_cut.
    """
    if most == 0:
        return []
    others = np.arange(len(order))
    others = others[others != feature]
    categorical = sample.n_categories[others] > 0
    found = numeric_surrogates(sample, order, others[~categorical], primary)
    found += categorical_surrogates(sample, order[0], others[categorical], primary)
    found.sort(key=lambda s: (-round(s.agree, 12), s.feature))
    return found[:most]


def numeric_surrogates(
    sample: Sample, order: IntArray, features: IntArray, primary: Primary
) -> list[Surrogate]:
    """Return each numeric feature's best surrogate, where it has one; of equals the lowest cut."""
    if len(features) == 0 or order.shape[1] < 2 * LEAST_ROWS:
        return []
    order = order[features]
    x = sample.columns[features[:, None], order]  # (f, n)
    side, w = primary.side[order], primary.weight[order]
    side[np.isnan(x)] = UNKNOWN
    lefts = np.where(side == LEFT, w, 0.0).cumsum(axis=1)
    rights = np.where(side == RIGHT, w, 0.0).cumsum(axis=1)
    rows = (side != UNKNOWN).cumsum(axis=1)

    w_left, w_right, n = lefts[:, -1:], rights[:, -1:], rows[:, -1:]
    alike = lefts[:, :-1] + (w_right - rights[:, :-1])  # below goes left
    crossed = rights[:, :-1] + (w_left - lefts[:, :-1])  # below goes right
    agreement = np.maximum(alike, crossed)
    below = rows[:, :-1]
    allowed = (x[:, 1:] > x[:, :-1]) & (below >= LEAST_ROWS) & (n - below >= LEAST_ROWS)
    agreement[~allowed] = -np.inf
    tie = 1e-12 * primary.total
    best = agreement.max(axis=1, keepdims=True)
    at = (agreement >= best - tie).argmax(axis=1)

    found = []
    for j in np.flatnonzero(best[:, 0] > np.maximum(w_left, w_right)[:, 0] + tie):
        agree, adj = agreements(float(best[j, 0]), primary)
        if adj > LEAST_ADJUSTED:
            threshold = float(midpoint(x[j, at[j]], x[j, at[j] + 1]))
            to = LEFT if alike[j, at[j]] >= crossed[j, at[j]] else RIGHT
            sides = np.zeros(0, dtype=np.int8)
            found.append(Surrogate(int(features[j]), agree, adj, threshold, to, sides))
    return found


def categorical_surrogates(
    sample: Sample, rows: IntArray, features: IntArray, primary: Primary
) -> list[Surrogate]:
    """Return each categorical feature's best surrogate, where it has one.

    Every category goes to the side most of its weight went to; where that is a tie, with the
    majority. So no other split of these categories agrees better.
    """
    found = []
    for feature in features:
        code, c = sample.columns[feature, rows], int(sample.n_categories[feature])
        known = ~np.isnan(code) & (primary.side[rows] != UNKNOWN)
        code, at = code[known].astype(np.int64), rows[known]
        left = primary.side[at] == LEFT
        w = primary.weight[at]
        w_left = np.bincount(code[left], weights=w[left], minlength=c)
        w_right = np.bincount(code[~left], weights=w[~left], minlength=c)
        n = np.bincount(code, minlength=c)
        gap = w_left - w_right
        gap[np.abs(gap) <= 1e-12 * primary.total] = 1e-300 if gap.sum() > 0 else -1e-300
        sides = np.where(n == 0, UNKNOWN, np.sign(gap)).astype(np.int8)
        if min(n[sides == LEFT].sum(), n[sides == RIGHT].sum()) < LEAST_ROWS:
            continue
        agree, adj = agreements(float(np.maximum(w_left, w_right).sum()), primary)
        if adj > LEAST_ADJUSTED:
            found.append(Surrogate(int(feature), agree, adj, float(UNDEFINED), LEFT, sides))
    return found


def agreements(weight: float, primary: Primary) -> tuple[float, float]:
    """Return the agreement and the adjusted agreement of a weight of rows sent alike."""
    agree, majority = weight / primary.total, primary.majority
    return agree, (agree - majority) / (1.0 - majority) if majority < 1.0 else 0.0
