"""Decision trees: growth level by level, the grown structure, pruning, and a tree in words."""

from mlcore.tree.cart import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree.explain import Explanation, explain
from mlcore.tree.pruning import PruningSequence, prune, pruning_sequence
from mlcore.tree.selection import PruningResult, pruned_by_cross_validation
from mlcore.tree.show import export_text
from mlcore.tree.structure import Tree

__all__ = [
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "Explanation",
    "PruningResult",
    "PruningSequence",
    "Tree",
    "explain",
    "export_text",
    "prune",
    "pruned_by_cross_validation",
    "pruning_sequence",
]
