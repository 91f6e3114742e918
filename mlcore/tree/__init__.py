"""Decision trees: impurity, growth level by level, the grown structure, and the class over them."""

from mlcore.tree.cart import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.tree.explain import Explanation, explain
from mlcore.tree.show import export_text
from mlcore.tree.structure import Tree

__all__ = [
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "Explanation",
    "Tree",
    "explain",
    "export_text",
]
