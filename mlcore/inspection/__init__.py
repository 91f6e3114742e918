"""What a fitted model sees: which columns it needs, how it answers them, what moved a prediction."""

from mlcore.inspection.dependence import PartialDependence, partial_dependence
from mlcore.inspection.linear_shap import linear_shap
from mlcore.inspection.permutation import PermutationImportance, permutation_importance
from mlcore.inspection.shapley import ShapleyValues
from mlcore.inspection.tree_shap import tree_shap

__all__ = [
    "PartialDependence",
    "PermutationImportance",
    "ShapleyValues",
    "linear_shap",
    "partial_dependence",
    "permutation_importance",
    "tree_shap",
]
