"""Machine learning from scratch in NumPy: the list below is all that is public, in reading order."""

from mlcore.checks import ConvergenceWarning, NotFittedError
from mlcore.forest import RandomForestClassifier
from mlcore.linear import LogisticRegression
from mlcore.tree import DecisionTreeClassifier

__all__ = [
    "LogisticRegression",
    "DecisionTreeClassifier",
    "RandomForestClassifier",
    "ConvergenceWarning",
    "NotFittedError",
]
