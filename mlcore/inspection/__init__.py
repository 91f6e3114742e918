"""What a fitted model sees: which columns it needs, how it answers them, what moved a prediction."""

from mlcore.inspection.shapley import ShapleyValues
from mlcore.inspection.tree_shap import tree_shap

__all__ = ["ShapleyValues", "tree_shap"]
