"""Partial dependence: what the model says, on average, when a column is set to a value in every row.

    dependence(v) = (1/n) sum over rows i of predict(row i with column j set to v)

predict(X) is a function you get: it returns one number for each row of X. X is (n, d), and may hold whole
numbers; j is the column; grid (v,) holds the values to try, which need not be whole. Each value is put
into all rows, and all other columns stay as they are. X must not be changed: work on a copy. Return one
mean for each value of the grid, (v,). Explained in tutorial 10.

>>> def product(X):
...     return X[:, 0] * X[:, 1]
>>> partial_dependence(product, np.array([[1, 2], [3, 4]]), 0, np.array([0.5, 10.0]))
array([ 1.5, 30. ])
"""

import numpy as np


def partial_dependence(predict, X, j, grid):
    """Return the mean prediction (v,) with column j set to each value of the grid."""
    # your turn
    means = np.zeros(len(grid))
    for k, value in enumerate(grid):
        changed = X.astype(float)  # a copy, in which whole numbers do not round the value
        changed[:, j] = value
        means[k] = predict(changed).mean()
    return means
    # until here
