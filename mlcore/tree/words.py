"""What all words about a tree share: names, numbers that cannot mislead, and what a split asks.

Rules (show.py), sentences (explain.py) and pictures (mlcore.plot.tree) take their wording from
here, so a new kind of split needs its words in this file only.

Notation: m nodes, d features, k classes · a row is (d,) features.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import FloatArray, IntArray, check_integer, check_is_fitted, plural
from mlcore.tree.cart import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree.structure import Tree

DecisionTreeModel: TypeAlias = DecisionTreeClassifier | DecisionTreeRegressor


# What is asked for


def check_tree(model: Any) -> None:
    """Raise unless model is a fitted decision tree."""
    if not isinstance(model, DecisionTreeClassifier | DecisionTreeRegressor):
        raise TypeError(
            f"model is of the type {type(model).__name__}, but a DecisionTreeClassifier or a "
            "DecisionTreeRegressor was expected. Fit one tree and pass it, or one of a forest's "
            "estimators_."
        )
    check_is_fitted(model)


def check_names(what: str, names: Any, count: int, each: str) -> list[str]:
    """Return names as strings; ValueError unless there are as many as expected.

    >>> check_names("feature_names", ["score", "age"], 2, "column of X")
    ['score', 'age']
    """
    if isinstance(names, str):
        raise ValueError(
            f"{what} is the text {names!r}, but a list of names was expected. "
            f"Try {what}=[{names!r}]."
        )
    if len(names) != count:
        raise ValueError(
            f"{what} has {plural(len(names), 'name')}, but {count} were expected, one for each {each}. "
            "Give them in that order."
        )
    return [str(name) for name in names]


def names_of_features(model: DecisionTreeModel, feature_names: Sequence[str] | None) -> list[str]:
    """Return the names (d,) given, else those seen in fit, else feature_0, feature_1, ..."""
    d = model.n_features_in_
    if feature_names is None:
        feature_names = getattr(model, "feature_names_in_", [f"feature_{f}" for f in range(d)])
    return check_names("feature_names", feature_names, d, "column of X")


# Numbers


def told_apart(numbers: Iterable[float], decimals: int) -> dict[float, str]:
    """Return a text for each number, with as many decimals as it needs but no fewer than asked.

    A number gets more while its text is also another's, or is off by more than a tenth of it.
    As rounding keeps the order, so do the texts.

    >>> told_apart([11.5, 0.0004, 2.001, 2.004], 2)
    {0.0004: '0.0004', 2.001: '2.001', 2.004: '2.004', 11.5: '11.50'}
    """
    distinct = sorted({float(x) + 0.0 for x in numbers})  # + 0.0 turns -0.0 into 0.0
    told: dict[float, str] = {}
    for digits in range(decimals, max(decimals, 12) + 1):
        if len(told) == len(distinct):
            break
        texts = [f"{x:.{digits}f}" if abs(x) < 1e15 else repr(x) for x in distinct]
        seen = Counter(texts)
        for x, text in zip(distinct, texts, strict=True):
            if x not in told and seen[text] == 1 and abs(float(text) - x) <= 0.1 * abs(x):
                told[x] = text
    return {x: told.get(x, repr(x)) for x in distinct}


def digits_of_means(means: FloatArray, decimals: int) -> int:
    """Return the decimals that show means (m,) so that they differ: three digits of their range.

    >>> digits_of_means(np.array([3.0, 14.0]), 2), digits_of_means(np.array([0.001, 0.004]), 2)
    (2, 5)
    """
    scale = float(np.ptp(means)) or float(np.abs(means).max())
    if scale == 0.0:
        return decimals
    return min(max(decimals, 2 - math.floor(math.log10(scale))), max(decimals, 12))


def fixed(x: float, digits: int, sign: str = "") -> str:
    """Return x with so many decimals, never as -0.00; ``sign`` "+" is put before what rose.

    >>> fixed(-0.001, 2), fixed(3.14159, 2, "+"), fixed(1e20, 2)
    ('0.00', '+3.14', '1e+20')
    """
    if abs(x) >= 1e15:
        return f"{x:{sign}.6g}"
    return f"{round(float(x), digits) + 0.0:{sign}.{digits}f}"


def short_number(text: str) -> str:
    """Return the text of a number without the zeros that end its decimals.

    >>> short_number("9.00"), short_number("9.50"), short_number("100")
    ('9', '9.5', '100')
    """
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def percent(share: float) -> str:
    """Return a share in whole per cent, "100 %" and "0 %" only where nothing is left out.

    >>> percent(0.704), percent(0.999), percent(1.0), percent(0.001)
    ('70 %', '>99 %', '100 %', '<1 %')
    """
    rounded = f"{100 * share:.0f}"
    if rounded == "100" and share < 1.0 - 1e-9:  # sums of weights may miss 1 by rounding
        return ">99 %"
    if rounded == "0" and share > 1e-9:
        return "<1 %"
    return f"{rounded} %"


def labels_as_text(classes: NDArray[Any]) -> list[str]:
    """Return class labels (k,) as they stand in a sentence: text quoted, others as a class.

    >>> labels_as_text(np.array(["fail", "pass"])), labels_as_text(np.array([0, 1]))
    (["'fail'", "'pass'"], ['class 0', 'class 1'])
    """
    return [
        repr(label) if isinstance(label, str) else f"class {label}" for label in classes.tolist()
    ]


# Nodes


def splits_below(tree: Tree) -> IntArray:
    """Return how many splits each node's branch has, its own included (m,); one more are leaves."""
    left, right = tree.children_left.tolist(), tree.children_right.tolist()
    count = [0] * tree.node_count
    for node in range(tree.node_count - 1, -1, -1):  # children come after their parent
        if left[node] != -1:
            count[node] = 1 + count[left[node]] + count[right[node]]
    return np.array(count, dtype=np.int64)


@dataclass(frozen=True)
class Words:
    """The words of one tree: made once for all its nodes, as a number's text depends on others'."""

    tree: Tree
    names: list[str]  # (d,)
    cuts: list[str]  # (m,) each node's threshold as text; a leaf's is never asked for
    values: list[str]  # (d,) the row's values as text; empty without a row
    digits: int  # decimals of means

    @staticmethod
    def of(
        model: DecisionTreeModel,
        feature_names: Sequence[str] | None = None,
        decimals: int = 2,
        row: FloatArray | None = None,
    ) -> Words:
        """Return the words of a model; with a row (d,), its values are told from the thresholds."""
        check_tree(model)
        check_integer("decimals", decimals, 0)
        tree, names = model.tree_, names_of_features(model, feature_names)
        inner = ~tree.is_leaf
        cuts = [""] * tree.node_count
        values = [""] * (0 if row is None else len(names))
        for f in range(len(names)):
            mine = np.flatnonzero(inner & (tree.feature == f) & np.isfinite(tree.threshold))
            numbers = tree.threshold[mine].tolist()
            own = [] if row is None or np.isnan(row[f]) else [float(row[f])]
            texts = told_apart(numbers + own, decimals)
            for node, number in zip(mine.tolist(), numbers, strict=True):
                cuts[node] = texts[number]
            for value in own:
                values[f] = short_number(texts[value])
        plain = Words(tree, names, cuts, values, digits_of_means(tree.value[:, 0], decimals))
        if tree.routes is None:
            return plain
        from mlcore.tree.routed_words import RoutedWords  # which builds on this class

        return RoutedWords.around(plain, model, row)

    def condition(self, node: int) -> tuple[str, str]:
        """Return what is true of the rows that go left at a split, and of those that go right."""
        name, cut = self.names[self.tree.feature[node]], self.cuts[node]
        return f"{name} <= {cut}", f"{name} > {cut}"

    def step(self, node: int, left: bool) -> str:
        """Return what the row is and why it goes left, or right: "score is 9, at most 11.50"."""
        f = self.tree.feature[node]
        side = "at most" if left else "above"
        return f"{self.names[f]} is {self.values[f]}, {side} {self.cuts[node]}"

    def together(self, path: IntArray) -> str:
        """Return the conditions along a path (p,) as one: "9.00 < score <= 11.50 and age > 15.00".

        Each feature is named once, in the order of the path, with its narrowest bounds: a later
        threshold on a path always lies inside those before it.
        """
        return " and ".join(self._bounds(list(pairwise(path.tolist()))))

    def _bounds(self, steps: list[tuple[int, int]]) -> list[str]:
        """Return the bounds that steps (parent, child) set to each feature."""
        bounds: dict[int, list[str]] = {}  # feature -> [above, at most]
        for parent, child in steps:
            side = int(child == self.tree.children_left[parent])
            bounds.setdefault(int(self.tree.feature[parent]), ["", ""])[side] = self.cuts[parent]
        parts = []
        for f, (low, high) in bounds.items():
            name = self.names[f]
            if low and high:
                parts.append(f"{low} < {name} <= {high}")
            else:
                parts.append(f"{name} <= {high}" if high else f"{name} > {low}")
        return parts

    def mean(self, node: int) -> str:
        """Return the mean target of a node of a regression tree."""
        return fixed(self.tree.value[node, 0], self.digits)
