"""Judging models on rows they never saw: folds, cross-validation, search, comparison."""

from mlcore.checks.selection import FitFailedWarning
from mlcore.model_selection.candidates import ParameterGrid, ParameterSampler
from mlcore.model_selection.comparison import PairedComparison, compare_models, corrected_t_test
from mlcore.model_selection.curves import learning_curve, permutation_test_score, validation_curve
from mlcore.model_selection.grouped import (
    GroupKFold,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)
from mlcore.model_selection.predefined import PredefinedSplit
from mlcore.model_selection.results import one_standard_error
from mlcore.model_selection.scorers import make_scorer
from mlcore.model_selection.scoring import check_scoring, get_scorer, get_scorer_names
from mlcore.model_selection.search import GridSearchCV, RandomizedSearchCV
from mlcore.model_selection.shuffled import (
    GroupShuffleSplit,
    ShuffleSplit,
    StratifiedShuffleSplit,
    train_test_split,
)
from mlcore.model_selection.splits import (
    KFold,
    LeaveOneOut,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    check_cv,
)
from mlcore.model_selection.validation import cross_val_predict, cross_val_score, cross_validate

__all__ = [
    "FitFailedWarning",
    "GridSearchCV",
    "GroupKFold",
    "GroupShuffleSplit",
    "KFold",
    "LeaveOneGroupOut",
    "LeaveOneOut",
    "PairedComparison",
    "ParameterGrid",
    "ParameterSampler",
    "PredefinedSplit",
    "RandomizedSearchCV",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "ShuffleSplit",
    "StratifiedGroupKFold",
    "StratifiedKFold",
    "StratifiedShuffleSplit",
    "TimeSeriesSplit",
    "check_cv",
    "check_scoring",
    "compare_models",
    "corrected_t_test",
    "cross_val_predict",
    "cross_val_score",
    "cross_validate",
    "get_scorer",
    "get_scorer_names",
    "learning_curve",
    "make_scorer",
    "one_standard_error",
    "permutation_test_score",
    "train_test_split",
    "validation_curve",
]
