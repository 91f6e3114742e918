"""A tree in words: one line a node, indented by depth."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore.checks import check_flag, check_integer, plural
from mlcore.tree.cart import DecisionTreeClassifier
from mlcore.tree.words import DecisionTreeModel, Words, percent, splits_below


def export_text(
    model: DecisionTreeModel,
    feature_names: Sequence[str] | None = None,
    *,
    decimals: int = 2,
    max_depth: int | None = None,
    show_weights: bool = False,
) -> str:
    """Return the rules of a fitted tree: at each leaf the class and its share, or the mean target.

    ``feature_names`` (d,) default to those seen in fit. Thresholds have ``decimals`` decimals, and
    more where those would not tell two of a feature apart or be off by more than a tenth. Splits
    deeper than ``max_depth`` are only counted. ``show_weights`` adds the weight of each class at
    a leaf, in the order of classes_, or of all its rows in a regression tree. Shares and means are
    weighted as in fit. ValueError for a wrong number of names.

    >>> model = DecisionTreeClassifier().fit([[1.0], [2.0], [3.0]], ["low", "low", "high"])
    >>> print(export_text(model, ["score"]))
    |--- score <= 2.50
    |   |--- class: low (100 % of 2)
    |--- score > 2.50
    |   |--- class: high (100 % of 1)
    """
    words = Words.of(model, feature_names, decimals)
    check_integer("max_depth", max_depth, 0, none=True)
    check_flag("show_weights", show_weights)
    tree, below = words.tree, splits_below(words.tree)
    lines: list[str] = []
    todo = [(0, 0, "")]  # (node, depth, the condition that leads to it)
    while todo:
        node, depth, condition = todo.pop()
        if condition:
            lines.append("|   " * (depth - 1) + f"|--- {condition}")
        if tree.children_left[node] == -1:
            lines.append("|   " * depth + f"|--- {leaf_text(model, words, node, show_weights)}")
        elif depth == max_depth:
            lines.append("|   " * depth + f"|--- ... ({plural(below[node], 'more split')})")
        else:
            left, right = words.condition(node)
            todo.append((int(tree.children_right[node]), depth + 1, right))
            todo.append((int(tree.children_left[node]), depth + 1, left))
    return "\n".join(lines)


def leaf_text(model: DecisionTreeModel, words: Words, node: int, show_weights: bool) -> str:
    """Return what a leaf predicts, and of how many rows."""
    tree = words.tree
    n, weight = tree.n_node_samples[node], tree.weighted_n_node_samples[node]
    if isinstance(model, DecisionTreeClassifier):
        best = int(tree.value[node].argmax())
        text = f"class: {model.classes_[best]} ({percent(tree.value[node, best])} of {n})"
        weights = ", ".join(f"{weight * share:.2f}" for share in tree.value[node])
        return f"{text}, weights: [{weights}]" if show_weights else text
    weights = f", weight {weight:.2f}" if show_weights else ""
    return f"value: {words.mean(node)} ({plural(n, 'row')}{weights})"
