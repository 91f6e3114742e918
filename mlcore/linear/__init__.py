"""Linear models, in reading order: losses, penalties, objective, solvers, the models, inference."""

from mlcore.linear.inference import Inference, infer
from mlcore.linear.logistic import LogisticRegression
from mlcore.linear.nested import LikelihoodRatio, likelihood_ratio_test
from mlcore.linear.path import LogisticRegressionCV, Path, logistic_path

__all__ = [
    "Inference",
    "LikelihoodRatio",
    "LogisticRegression",
    "LogisticRegressionCV",
    "Path",
    "infer",
    "likelihood_ratio_test",
    "logistic_path",
]
