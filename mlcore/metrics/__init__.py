"""How good predictions are: of labels, of rankings, of probabilities, and how sure we are of it."""

from mlcore.metrics.agreement import (
    cohen_kappa_score,
    matthews_corrcoef,
)
from mlcore.metrics.areas import (
    average_precision_score,
    roc_auc_score,
)
from mlcore.metrics.capacity import (
    ShareAtK,
    precision_at_k,
    recall_at_k,
)
from mlcore.metrics.classification import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    hamming_loss,
    multilabel_confusion_matrix,
    zero_one_loss,
)
from mlcore.metrics.decisions import (
    CostCurve,
    DecisionCurve,
    NormalisedCostCurve,
    cost_curve,
    decision_curve,
    net_benefit,
    normalised_cost_curve,
)
from mlcore.metrics.delong import (
    DeLongTest,
    auc_interval,
    delong_test,
)
from mlcore.metrics.intervals import (
    clopper_pearson_interval,
    wilson_interval,
)
from mlcore.metrics.mcnemar import (
    McNemarTest,
    mcnemar_test,
)
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
    d2_brier_score,
    d2_log_loss_score,
    log_loss,
)
from mlcore.metrics.ranking import (
    auc,
    det_curve,
    precision_recall_curve,
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
from mlcore.metrics.reliability import (
    BrierDecomposition,
    CalibrationSlope,
    brier_decomposition,
    calibration_bins,
    calibration_curve,
    calibration_slope,
    expected_calibration_error,
)
from mlcore.metrics.report import (
    classification_report,
)
from mlcore.metrics.resampled import (
    bootstrap_interval,
)
from mlcore.metrics.top_k import (
    top_k_accuracy_score,
)

__all__ = [
    "BrierDecomposition",
    "CalibrationSlope",
    "CostCurve",
    "DeLongTest",
    "DecisionCurve",
    "McNemarTest",
    "NormalisedCostCurve",
    "ShareAtK",
    "accuracy_score",
    "auc",
    "auc_interval",
    "average_precision_score",
    "balanced_accuracy_score",
    "bootstrap_interval",
    "brier_decomposition",
    "brier_score_loss",
    "calibration_bins",
    "calibration_curve",
    "calibration_slope",
    "classification_report",
    "clopper_pearson_interval",
    "cohen_kappa_score",
    "confusion_matrix",
    "cost_curve",
    "d2_absolute_error_score",
    "d2_brier_score",
    "d2_log_loss_score",
    "d2_pinball_score",
    "decision_curve",
    "delong_test",
    "det_curve",
    "expected_calibration_error",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "hamming_loss",
    "jaccard_score",
    "log_loss",
    "matthews_corrcoef",
    "max_error",
    "mcnemar_test",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_pinball_loss",
    "mean_squared_error",
    "mean_squared_log_error",
    "median_absolute_error",
    "multilabel_confusion_matrix",
    "net_benefit",
    "normalised_cost_curve",
    "precision_at_k",
    "precision_recall_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "r2_score",
    "recall_at_k",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
    "root_mean_squared_log_error",
    "top_k_accuracy_score",
    "wilson_interval",
    "zero_one_loss",
]
