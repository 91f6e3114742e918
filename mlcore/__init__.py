"""Machine learning from scratch in NumPy: the list below is all that is public, in reading order.

Beside it stand ``mlcore.metrics`` (how good predictions are), ``mlcore.model_selection`` (folds,
cross-validation, search, comparison), ``mlcore.inspection`` (what a fitted model sees) and
``mlcore.plot`` (pictures, which need matplotlib).
"""

from importlib import import_module
from types import ModuleType

from mlcore.calibration import CalibratedClassifierCV, FrozenEstimator, IsotonicRegression
from mlcore.checks import (
    CollinearityWarning,
    ConvergenceWarning,
    DataConversionWarning,
    NotFittedError,
    SeparationWarning,
    UndefinedMetricWarning,
)
from mlcore.compose import ColumnTransformer, make_column_transformer
from mlcore.dummy import DummyClassifier, DummyRegressor
from mlcore.estimator import clone
from mlcore.forest import RandomForestClassifier, RandomForestRegressor
from mlcore.linear import (
    LogisticRegression,
    LogisticRegressionCV,
    infer,
    likelihood_ratio_test,
    logistic_path,
)
from mlcore.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_validate,
    train_test_split,
)
from mlcore.persistence import ModelFileError, load, save
from mlcore.pipeline import Pipeline, make_pipeline
from mlcore.preprocessing import (
    MinMaxScaler,
    MissingIndicator,
    OneHotEncoder,
    OrdinalEncoder,
    SimpleImputer,
    StandardScaler,
)
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
    "StandardScaler",
    "MinMaxScaler",
    "SimpleImputer",
    "MissingIndicator",
    "OneHotEncoder",
    "OrdinalEncoder",
    "ColumnTransformer",
    "make_column_transformer",
    "Pipeline",
    "make_pipeline",
    "train_test_split",
    "StratifiedKFold",
    "cross_validate",
    "GridSearchCV",
    "RandomizedSearchCV",
    "DummyClassifier",
    "DummyRegressor",
    "IsotonicRegression",
    "CalibratedClassifierCV",
    "FrozenEstimator",
    "clone",
    "save",
    "load",
    "ModelFileError",
    "ConvergenceWarning",
    "SeparationWarning",
    "CollinearityWarning",
    "DataConversionWarning",
    "UndefinedMetricWarning",
    "NotFittedError",
]


def __getattr__(name: str) -> ModuleType:
    """Load ``mlcore.inspection`` and ``mlcore.plot`` when they are first asked for."""
    if name in ("inspection", "plot"):
        return import_module(f"mlcore.{name}")
    raise AttributeError(f"module 'mlcore' has no attribute {name!r}")
