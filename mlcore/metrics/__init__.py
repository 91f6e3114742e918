"""How good predictions are: of labels, of rankings, of probabilities, and how sure we are of it."""

from mlcore.metrics.classification import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_score,
    recall_score,
)
from mlcore.metrics.intervals import auc_interval, wilson_interval
from mlcore.metrics.probability import (
    brier_score_loss,
    calibration_bins,
    calibration_curve,
    log_loss,
)
from mlcore.metrics.ranking import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from mlcore.metrics.regression import mean_squared_error, r2_score

__all__ = [
    "accuracy_score",
    "auc_interval",
    "average_precision_score",
    "brier_score_loss",
    "calibration_bins",
    "calibration_curve",
    "confusion_matrix",
    "f1_score",
    "log_loss",
    "mean_squared_error",
    "precision_recall_curve",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "wilson_interval",
]
