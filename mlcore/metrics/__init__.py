"""How good predictions are: of labels, of rankings, of probabilities, and how sure we are of it."""

from mlcore.metrics.agreement import cohen_kappa_score, matthews_corrcoef
from mlcore.metrics.classification import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    hamming_loss,
    multilabel_confusion_matrix,
    zero_one_loss,
)
from mlcore.metrics.intervals import auc_interval, wilson_interval
from mlcore.metrics.precision import (
    f1_score,
    fbeta_score,
    jaccard_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)
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
from mlcore.metrics.regression import (
    d2_absolute_error_score,
    d2_pinball_score,
    explained_variance_score,
    max_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_pinball_loss,
    mean_squared_error,
    mean_squared_log_error,
    median_absolute_error,
    r2_score,
    root_mean_squared_error,
    root_mean_squared_log_error,
)
from mlcore.metrics.report import classification_report

__all__ = [
    "accuracy_score",
    "auc_interval",
    "average_precision_score",
    "balanced_accuracy_score",
    "brier_score_loss",
    "calibration_bins",
    "calibration_curve",
    "classification_report",
    "cohen_kappa_score",
    "confusion_matrix",
    "d2_absolute_error_score",
    "d2_pinball_score",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "hamming_loss",
    "jaccard_score",
    "log_loss",
    "matthews_corrcoef",
    "max_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_pinball_loss",
    "mean_squared_error",
    "mean_squared_log_error",
    "median_absolute_error",
    "multilabel_confusion_matrix",
    "precision_recall_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
    "root_mean_squared_log_error",
    "wilson_interval",
    "zero_one_loss",
]
