"""Pictures of results: each function takes an Axes, draws on it and returns it."""

from mlcore.plot.curves import plot_calibration, plot_precision_recall, plot_roc

__all__ = ["plot_calibration", "plot_precision_recall", "plot_roc"]
