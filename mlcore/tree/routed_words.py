"""The words of splits on categories, and of where missing values and new categories go.

Notation: m nodes, d features · a row is (d,) features, categories as codes, NaN where missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.routes import Routes
from mlcore.tree.words import DecisionTreeModel, Words, percent

LEFT, RIGHT = 1, -1  # sides of categories, as mlcore.tree.routes keeps them
HEAVIER = "so it goes with most rows"


@dataclass(frozen=True)
class RoutedWords(Words):
    """Words of a tree that has routes."""

    routes: Routes
    categories: list[Any]  # (d,) category names, None for a numeric column
    learned: bool  # whether the side of missing values was learned at each split
    row: FloatArray | None  # (d,)

    @classmethod
    def around(cls, plain: Words, model: DecisionTreeModel, row: FloatArray | None) -> RoutedWords:
        """Return the words of a model with routes, from those of its numbers."""
        known = [None if c is None else [str(v) for v in c] for c in model.categories_]
        values = list(plain.values)
        for f in range(len(values)):
            values[f] = spoken(values[f], None if row is None else float(row[f]), known[f])
        routes = plain.tree.routes
        assert routes is not None  # the caller has looked
        return cls(
            plain.tree, plain.names, plain.cuts, values, plain.digits,
            routes, known, model.missing == "direction", row,
        )  # fmt: skip

    def _names(self, node: int, side: int) -> list[str]:
        """Return the categories that a node sends to a side."""
        of_feature = self.categories[self.tree.feature[node]]
        return [of_feature[c] for c in np.flatnonzero(self.routes.sides_of(node) == side)]

    def _bare(self, node: int) -> tuple[str, str]:
        """Return the conditions of a split, without a word on missing values."""
        name = self.names[self.tree.feature[node]]
        if self.routes.n_sides[node]:
            return (
                f"{name} in {{{', '.join(self._names(node, LEFT))}}}",
                f"{name} in {{{', '.join(self._names(node, RIGHT))}}}",
            )
        if np.isinf(self.tree.threshold[node]):
            return f"{name} is known", f"{name} is missing"
        return super().condition(node)

    def condition(self, node: int) -> tuple[str, str]:
        """Return what is true of the rows that go left at a split, and of those that go right."""
        left, right = self._bare(node)
        if not self.learned or np.isinf(self.tree.threshold[node]):
            return left, right
        if self.routes.missing_go_to_left[node]:
            return f"{left} or missing", right
        return left, f"{right} or missing"

    def step(self, node: int, left: bool) -> str:
        """Return what the row is and why it goes left, or right."""
        f = int(self.tree.feature[node])
        name, value = self.names[f], self.values[f]
        x = np.nan if self.row is None else float(self.row[f])
        condition = self._bare(node)[0 if left else 1]
        if np.isinf(self.tree.threshold[node]):
            return f"{name} is {value if np.isnan(x) else 'known'}"
        if np.isnan(x):
            return f"{name} is missing, {self._stand_in(node)}: {condition}"
        if not self.routes.n_sides[node]:
            return super().step(node, left)
        side = self.routes.sides_of(node)
        if x < 0 or side[int(x)] == 0:  # new, or not among the rows of this node in fit
            return f"{name} is {value}, {HEAVIER}: {condition}"
        others = self._names(node, LEFT if left else RIGHT)
        return f"{name} is {value}" + (f", one of {', '.join(others)}" if len(others) > 1 else "")

    def _stand_in(self, node: int) -> str:
        """Return who says where a missing value goes at a node."""
        if self.learned:
            return "which was learned to go"
        for s in np.flatnonzero(self.routes.surrogate_node == node).tolist():
            f = int(self.routes.surrogate_feature[s])
            if self.row is not None and self._answers(s, float(self.row[f])):
                agree = percent(self.routes.surrogate_agree[s])
                return f"so {self.names[f]} stands in ({self.values[f]}; it agrees for {agree})"
        return HEAVIER

    def _answers(self, s: int, x: float) -> bool:
        """Return whether a surrogate split knows a side for a value."""
        if not self.routes.surrogate_n_sides[s]:
            return not np.isnan(x)
        return x >= 0 and bool(self.routes.surrogate_sides_of(s)[int(x)])

    def together(self, path: IntArray) -> str:
        """Return the conditions along a path (p,) as one, each feature named once."""
        allowed: dict[int, list[str]] = {}  # categorical feature -> the categories still possible
        numeric, single = [int(path[0])], []
        for parent, child in pairwise(path.tolist()):
            f, left = int(self.tree.feature[parent]), child == self.tree.children_left[parent]
            if self.routes.n_sides[parent]:
                here = self._names(parent, LEFT if left else RIGHT)
                before = allowed.get(f, here)
                allowed[f] = [c for c in before if c in here]
            elif np.isinf(self.tree.threshold[parent]):
                single.append(self._bare(parent)[0 if left else 1])
            else:
                numeric += [parent, child]
        bounds = self._bounds(list(zip(numeric[1::2], numeric[2::2], strict=True)))
        sets = [f"{self.names[f]} in {{{', '.join(c)}}}" for f, c in allowed.items() if c]
        return " and ".join([*bounds, *sets, *dict.fromkeys(single)])


def spoken(text: str, x: float | None, categories: list[str] | None) -> str:
    """Return a row's value in words: a category's name, "missing", "a new category", or the text.

    >>> spoken("1", 1.0, ["blue", "red"]), spoken("nan", float("nan"), None), spoken("3", 3.0, None)
    ('red', 'missing', '3')
    """
    if x is None:
        return text
    if np.isnan(x):
        return "missing"
    if categories is None:
        return text
    return categories[int(x)] if x >= 0 else "a new category"
