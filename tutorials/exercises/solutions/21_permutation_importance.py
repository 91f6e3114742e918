"""Permutation importance: how far the score falls once a column is shuffled.

    importance of column j = mean over the shuffles of  score(X, y) - score(X with column j shuffled, y)

Shuffling breaks what the column tells of y, and leaves its values as they were. All other columns
stay. score(X, y) is a function you get: it returns a number, of which more is better. orders (r, n) holds
r shuffles of the n rows, each an array of row numbers: in shuffle k, row i gets the value that row
orders[k][i] had. Use the same shuffles for every column. X is (n, d), and must not be changed: work on
a copy. Return (d,). Explained in tutorial 10.

>>> def right(X, y):  # says y = column 0
...     return np.mean(X[:, 0] == y)
>>> X, y = np.array([[0.0, 5.0], [1.0, 6.0]]), np.array([0, 1])
>>> permutation_importance(right, X, y, np.array([[1, 0]]))
array([1., 0.])
"""

import numpy as np


def permutation_importance(score, X, y, orders):
    """Return the mean fall of the score for each column (d,) when it is shuffled."""
    # your turn
    falls = np.zeros((len(orders), X.shape[1]))
    before = score(X, y)
    for k, order in enumerate(orders):
        for j in range(X.shape[1]):
            shuffled = X.copy()
            shuffled[:, j] = X[order, j]
            falls[k, j] = before - score(shuffled, y)
    return falls.mean(axis=0)
    # until here
