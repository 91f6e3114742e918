"""Judging models on rows they never saw: folds, cross-validation, search, comparison."""

from mlcore.model_selection.grouped import (
    GroupKFold,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)
from mlcore.model_selection.shuffled import (
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

__all__ = [
    "GroupKFold",
    "KFold",
    "LeaveOneGroupOut",
    "LeaveOneOut",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "ShuffleSplit",
    "StratifiedGroupKFold",
    "StratifiedKFold",
    "StratifiedShuffleSplit",
    "TimeSeriesSplit",
    "check_cv",
    "train_test_split",
]
