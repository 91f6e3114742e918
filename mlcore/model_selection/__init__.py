"""Judging models on rows they never saw: folds, cross-validation, search, comparison."""

from mlcore.model_selection.splits import StratifiedKFold

__all__ = ["StratifiedKFold"]
