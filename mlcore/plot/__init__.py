"""Pictures of results: each function takes an Axes, draws on it and returns it."""

from mlcore.plot.curves import plot_calibration, plot_precision_recall, plot_roc
from mlcore.plot.path import plot_cross_validation, plot_path
from mlcore.plot.pruning import plot_pruning
from mlcore.plot.tree import plot_tree

__all__ = [
    "plot_calibration",
    "plot_cross_validation",
    "plot_path",
    "plot_precision_recall",
    "plot_pruning",
    "plot_roc",
    "plot_tree",
]
