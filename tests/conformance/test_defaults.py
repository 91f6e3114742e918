"""A parameter that scikit-learn also has has scikit-learn's default, but for those listed here."""

import importlib
import inspect

import numpy as np
import pytest
from sklearn.utils import all_estimators

import mlcore

ROOMS = ("metrics", "model_selection", "preprocessing", "calibration", "inspection")
FUNCTIONS = (*ROOMS, "compose", "pipeline", "tree")  # of scikit-learn
NOTHING = inspect.Parameter.empty
OTHERWISE = {  # ours, where it differs on purpose: answers are exact, and tables never sparse
    ("LogisticRegression", "solver"): "gradient_descent",
    ("LogisticRegression", "max_iter"): 1000,
    ("LogisticRegression", "tol"): 1e-12,
    ("LogisticRegressionCV", "cv"): 5,
    ("LogisticRegressionCV", "max_iter"): 1000,
    ("LogisticRegressionCV", "tol"): 1e-10,
    ("OneHotEncoder", "sparse_output"): False,
    ("d2_log_loss_score", "y_proba"): NOTHING,  # a name they are changing
    ("export_text", "max_depth"): None,
    ("log_loss", "y_proba"): NOTHING,
}


def theirs():
    found = dict(all_estimators())
    for name in FUNCTIONS:
        found = vars(importlib.import_module(f"sklearn.{name}")) | found
    return found


def ours():
    found = {name: getattr(mlcore, name) for name in mlcore.__all__}
    for room in ROOMS:
        module = importlib.import_module(f"mlcore.{room}")
        found |= {name: getattr(module, name) for name in module.__all__}
    return found


def defaults(thing):
    return {name: p.default for name, p in inspect.signature(thing).parameters.items()}


THEIRS, OURS = theirs(), ours()
SHARED = sorted(
    name for name in OURS if name in THEIRS and callable(OURS[name]) and "Error" not in name
)


def same(one, other):
    if np.ndim(one) or np.ndim(other):
        return np.array_equal(one, other)
    return one is other or one == other or (one != one and other != other)  # NaN is no number


@pytest.mark.parametrize("name", SHARED)
def test_defaults(name):
    here, there = defaults(OURS[name]), defaults(THEIRS[name])
    for parameter in here.keys() & there.keys():
        expected = OTHERWISE.get((name, parameter), there[parameter])
        assert same(here[parameter], expected), parameter


def test_what_is_listed_differs():
    for (name, parameter), default in OTHERWISE.items():
        assert not same(defaults(THEIRS[name])[parameter], default)
