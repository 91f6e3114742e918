"""The classes and functions that a model file may name, and where they are: nothing else is made.

A class is looked up only when a file or a model needs it, so that this list imports nothing. A
new estimator, splitter or part of a model needs one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

CLASSES = {
    "LogisticRegression": "mlcore.linear",
    "LogisticRegressionCV": "mlcore.linear",
    "DecisionTreeClassifier": "mlcore.tree",
    "DecisionTreeRegressor": "mlcore.tree",
    "Tree": "mlcore.tree",
    "Routes": "mlcore.tree.routes",
    "RandomForestClassifier": "mlcore.forest",
    "RandomForestRegressor": "mlcore.forest",
    "StandardScaler": "mlcore.preprocessing",
    "MinMaxScaler": "mlcore.preprocessing",
    "SimpleImputer": "mlcore.preprocessing",
    "MissingIndicator": "mlcore.preprocessing",
    "OneHotEncoder": "mlcore.preprocessing",
    "OrdinalEncoder": "mlcore.preprocessing",
    "ColumnTransformer": "mlcore.compose",
    "Pipeline": "mlcore.pipeline",
    "KFold": "mlcore.model_selection",
    "StratifiedKFold": "mlcore.model_selection",
    "LeaveOneOut": "mlcore.model_selection",
    "RepeatedKFold": "mlcore.model_selection",
    "RepeatedStratifiedKFold": "mlcore.model_selection",
    "ShuffleSplit": "mlcore.model_selection",
    "StratifiedShuffleSplit": "mlcore.model_selection",
    "GroupShuffleSplit": "mlcore.model_selection",
    "PredefinedSplit": "mlcore.model_selection",
    "GroupKFold": "mlcore.model_selection",
    "StratifiedGroupKFold": "mlcore.model_selection",
    "LeaveOneGroupOut": "mlcore.model_selection",
    "TimeSeriesSplit": "mlcore.model_selection",
    "GridSearchCV": "mlcore.model_selection",
    "RandomizedSearchCV": "mlcore.model_selection",
    "Scorer": "mlcore.model_selection.scorers",
    "OwnScore": "mlcore.model_selection.scorers",
    "MultiScorer": "mlcore.model_selection.scorers",
    "_GivenSplits": "mlcore.model_selection.splits",
    "DummyClassifier": "mlcore.dummy",
    "DummyRegressor": "mlcore.dummy",
    "CalibratedClassifierCV": "mlcore.calibration",
    "FrozenEstimator": "mlcore.calibration",
    "IsotonicRegression": "mlcore.calibration",
    "CalibratedClassifier": "mlcore.calibration.curves",
    "Sigmoid": "mlcore.calibration.sigmoid",
    "Temperature": "mlcore.calibration.temperature",
}


def find_class(name: str, further: Sequence[type] = ()) -> type | None:
    """Return the class of that name, of ``further`` or of the list; None if it is in neither.

    >>> find_class("Tree").__module__, find_class("Popen")
    ('mlcore.tree.structure', None)
    """
    for cls in further:
        if cls.__name__ == name:
            return cls
    module = CLASSES.get(name)
    return None if module is None else getattr(import_module(module), name)


def find_metric(name: str) -> Callable[..., Any] | None:
    """Return the function of that name in mlcore.metrics, the only ones that a file may name.

    >>> find_metric("roc_auc_score").__name__, find_metric("system")
    ('roc_auc_score', None)
    """
    metrics = import_module("mlcore.metrics")
    return getattr(metrics, name) if name in metrics.__all__ else None
