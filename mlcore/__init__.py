"""Machine learning from scratch in NumPy: the list below is all that is public, in reading order.

Metrics are in ``mlcore.metrics`` and pictures in ``mlcore.plot`` (which needs matplotlib).
"""

from mlcore.checks import (
    CollinearityWarning,
    ConvergenceWarning,
    NotFittedError,
    SeparationWarning,
)
from mlcore.forest import RandomForestClassifier, RandomForestRegressor
from mlcore.linear import (
    LogisticRegression,
    LogisticRegressionCV,
    infer,
    likelihood_ratio_test,
    logistic_path,
)
from mlcore.model_selection import StratifiedKFold
from mlcore.persistence import ModelFileError, load, save
from mlcore.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    explain,
    export_text,
    pruned_by_cross_validation,
)

__all__ = [  # noqa: RUF022 (reading order, not the alphabet)
    "LogisticRegression",
    "infer",
    "likelihood_ratio_test",
    "logistic_path",
    "LogisticRegressionCV",
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "export_text",
    "explain",
    "pruned_by_cross_validation",
    "RandomForestClassifier",
    "RandomForestRegressor",
    "StratifiedKFold",
    "save",
    "load",
    "ModelFileError",
    "ConvergenceWarning",
    "SeparationWarning",
    "CollinearityWarning",
    "NotFittedError",
]
