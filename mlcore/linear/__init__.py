"""Linear models: the loss, the steps that minimise it, and the class that holds the answer."""

from mlcore.linear.logistic import LogisticRegression

__all__ = ["LogisticRegression"]
