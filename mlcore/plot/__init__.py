"""Pictures of results: each function takes an Axes first, draws on it and returns it."""

from mlcore.plot.confusion import plot_confusion_matrix
from mlcore.plot.curves import (
    plot_calibration,
    plot_decision_curve,
    plot_precision_recall,
    plot_roc,
)
from mlcore.plot.importances import plot_importances, plot_partial_dependence
from mlcore.plot.learning import plot_learning_curve, plot_validation_curve
from mlcore.plot.path import plot_cross_validation, plot_path
from mlcore.plot.pruning import plot_pruning
from mlcore.plot.regions import plot_decision_regions
from mlcore.plot.shap import plot_shap_summary, plot_shap_waterfall
from mlcore.plot.tree import plot_tree

__all__ = [
    "plot_calibration",
    "plot_confusion_matrix",
    "plot_cross_validation",
    "plot_decision_curve",
    "plot_decision_regions",
    "plot_importances",
    "plot_learning_curve",
    "plot_partial_dependence",
    "plot_path",
    "plot_precision_recall",
    "plot_pruning",
    "plot_roc",
    "plot_shap_summary",
    "plot_shap_waterfall",
    "plot_tree",
    "plot_validation_curve",
]
