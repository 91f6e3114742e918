"""Data to time trees on, by name: n rows, 20 columns, from scikit-learn's generators or a school's.

Notation: n rows · X (n, 20) · y (n,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlcore.checks import FloatArray

D = 20
Data = tuple[FloatArray, FloatArray]


def classes(n: int, k: int = 2) -> Data:
    """Return scikit-learn's k classes: 10 informative columns, 5 redundant ones, 5 of noise."""
    from sklearn.datasets import make_classification

    X, y = make_classification(
        n, D, n_informative=10, n_redundant=5, n_classes=k, flip_y=0.01, random_state=0
    )
    return X, y


def school(n: int) -> Data:
    """Return what a school knows: 2 to 101 distinct values a column, and noisy labels.

    A pupil's ability a shows in every column, through noise; the label depends on it and on one
    column beside, and is drawn.
    """
    rng = np.random.default_rng(0)
    values = np.round(np.geomspace(2, 101, D))
    a = rng.normal(size=n)
    Z = 0.6 * a[:, None] + 0.8 * rng.normal(size=(n, D))
    X = np.clip(np.floor(values / (1 + np.exp(-Z))), 0, values - 1)
    risk = 1 / (1 + np.exp(0.8 - 1.2 * a - 0.3 * X[:, 5]))
    return X, (rng.random(n) < risk).astype(np.int64)


def numbers(n: int) -> Data:
    """Return Friedman's regression: a smooth function of 5 columns with noise, and 15 of noise."""
    from sklearn.datasets import make_friedman1

    X, y = make_friedman1(n, D, noise=1.0, random_state=0)
    return X, y


DATA: dict[str, Callable[[int], Data]] = {
    "make_classification": classes,
    "school": school,
    "regression": numbers,
    "5 classes": lambda n: classes(n, 5),
}
