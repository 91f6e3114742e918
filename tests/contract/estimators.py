"""One instance at least of every public estimator, and data for it: what every promise is tested on.

The contract beside this file and the conformance tests with scikit-learn both run over these lists.
"""

import inspect

import numpy as np

import mlcore
from mlcore import (
    CalibratedClassifierCV,
    ColumnTransformer,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    DummyClassifier,
    DummyRegressor,
    FrozenEstimator,
    GridSearchCV,
    IsotonicRegression,
    LogisticRegression,
    LogisticRegressionCV,
    MinMaxScaler,
    MissingIndicator,
    OneHotEncoder,
    OrdinalEncoder,
    Pipeline,
    RandomForestClassifier,
    RandomForestRegressor,
    RandomizedSearchCV,
    SimpleImputer,
    StandardScaler,
)
from mlcore.estimator import Estimator

CLASSIFIERS = [
    LogisticRegression(0.01),
    LogisticRegressionCV([0.1, 1e-3, 1e-4], cv=3, random_state=0),
    DecisionTreeClassifier(max_depth=4),
    RandomForestClassifier(10, max_depth=3, random_state=0),
    Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(0.01))]),
    GridSearchCV(DecisionTreeClassifier(max_depth=4), {"min_samples_leaf": [1, 5]}, cv=3),
    RandomizedSearchCV(
        LogisticRegression(), {"alpha": [0.01, 0.1]}, n_iter=1, cv=3, random_state=0
    ),
    CalibratedClassifierCV(DecisionTreeClassifier(max_depth=4), cv=3),
]
REGRESSORS = [
    DecisionTreeRegressor(max_depth=4),
    RandomForestRegressor(10, max_depth=3, random_state=0),
    GridSearchCV(DecisionTreeRegressor(max_depth=4), {"min_samples_leaf": [1, 5]}, cv=3),
]
TRANSFORMERS = [
    StandardScaler(),
    MinMaxScaler(),
    SimpleImputer(),
    MissingIndicator(),
    OneHotEncoder(handle_unknown="ignore"),
    OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    ColumnTransformer([("scale", StandardScaler(), [0, 1])], remainder="passthrough"),
]
ESTIMATORS = [*CLASSIFIERS, *REGRESSORS, *TRANSFORMERS]

PUBLIC = [getattr(mlcore, name) for name in mlcore.__all__]
PUBLIC = [cls for cls in PUBLIC if inspect.isclass(cls) and issubclass(cls, Estimator)]
# What is fitted already, what takes a single column and what looks at none have their own tests.
APART = {DummyClassifier, DummyRegressor, FrozenEstimator, IsotonicRegression}

# These leave the judging of rows to their model, whose complaint they repeat as a ValueError.
SEARCHES = (GridSearchCV, RandomizedSearchCV)

# These deal the rows out to folds, so a row twice is not a row of weight 2.
DEALT = (CalibratedClassifierCV, LogisticRegressionCV, *SEARCHES)


def name_of(estimator):
    return type(estimator).__name__


def classes(k=2, n=120, d=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = (X[:, :k] + rng.normal(0, 0.5, (n, k))).argmax(axis=1)
    return X, y


def numbers(n=120, d=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X[:, 0] + rng.normal(0, 0.3, n)


def data_for(estimator, **shape):
    regression = getattr(estimator, "_estimator_type", None) == "regressor"
    return numbers(**shape) if regression else classes(**shape)


def takes_weights(estimator):
    return bool(weights(estimator, None))


def weights(estimator, w):
    """Return weights as fit takes them, by name; nothing where it takes none."""
    if isinstance(estimator, Pipeline):
        return {"scale__sample_weight": w, "model__sample_weight": w}
    if isinstance(estimator, SEARCHES):
        return {"sample_weight": w}  # passed on by **params
    known = inspect.signature(estimator.fit).parameters
    return {"sample_weight": w} if "sample_weight" in known else {}


def without_chance(estimator):
    """Have every tree of a forest see all rows and columns: draws are of rows, not of weights."""
    every = {"bootstrap": False, "max_features": None}
    return estimator.set_params(
        **{
            k: v
            for k, v in every.items()
            if k in estimator.get_params() and "bootstrap" in vars(estimator)
        }
    )


def outcome(estimator, X):
    """Return what a fitted estimator makes of X, in the most telling way it has."""
    for method in ("predict_proba", "predict", "transform"):
        if hasattr(estimator, method):
            return np.asarray(getattr(estimator, method)(X))
    raise TypeError(f"{estimator!r} neither predicts nor transforms.")
