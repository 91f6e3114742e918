"""A tree in words: one line a node, indented by depth."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore.checks import check_is_fitted
from mlcore.tree.cart import DecisionTreeClassifier


def export_text(
    model: DecisionTreeClassifier,
    feature_names: Sequence[str] | None = None,
    decimals: int = 2,
) -> str:
    """Return the rules of a fitted tree, the class and its share at each leaf.

    >>> model = DecisionTreeClassifier().fit([[1.0], [2.0], [3.0]], ["low", "low", "high"])
    >>> print(export_text(model, ["score"]))
    |--- score <= 2.50
    |   |--- class: low (100 % of 2)
    |--- score > 2.50
    |   |--- class: high (100 % of 1)
    """
    check_is_fitted(model)
    tree = model.tree_
    if feature_names is None:
        feature_names = getattr(
            model, "feature_names_in_", [f"feature_{f}" for f in range(model.n_features_in_)]
        )
    if len(feature_names) != model.n_features_in_:
        raise ValueError(
            f"feature_names has {len(feature_names)} names, but {model.n_features_in_} were "
            "expected, one for each column of X."
        )
    lines: list[str] = []
    todo = [(0, 0, "")]  # (node, depth, the condition that leads to it)
    while todo:
        node, depth, condition = todo.pop()
        if condition:
            lines.append("|   " * (depth - 1) + f"|--- {condition}")
        if tree.children_left[node] == -1:
            best = int(tree.value[node].argmax())
            share = f"{100 * tree.value[node, best]:.0f} % of {tree.n_node_samples[node]}"
            lines.append("|   " * depth + f"|--- class: {model.classes_[best]} ({share})")
            continue
        name, cut = feature_names[tree.feature[node]], f"{tree.threshold[node]:.{decimals}f}"
        todo.append((int(tree.children_right[node]), depth + 1, f"{name} > {cut}"))
        todo.append((int(tree.children_left[node]), depth + 1, f"{name} <= {cut}"))
    return "\n".join(lines)
