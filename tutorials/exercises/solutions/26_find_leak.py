"""Find the leak: which columns are, each alone, too good to be true?

Rank the rows by one column alone and take the area under the ROC curve. A column may rise or fall with
the risk, so its strength is

    strength = max(AUC, 1 - AUC)

of the rows where it is known (not NaN). Return the numbers of the columns whose strength is greater than
limit, in rising order. X is (n, d), NaN where missing; y (n,) holds 0 and 1. The rows where a column is
known have both classes. auc is given. Explained in tutorial 9.

>>> X = np.array([[1.0, 9.0], [2.0, 7.0], [1.0, 3.0], [3.0, 1.0]])
>>> [int(j) for j in find_leak(X, np.array([0, 0, 1, 1]), limit=0.9)]
[1]
"""

import numpy as np


def auc(y_true, y_score):
    """Return the chance that a positive scores above a negative, ties one half (exercise 10)."""
    apart = y_score[y_true == 1][:, None] - y_score[y_true == 0]  # (positives, negatives)
    return np.mean((apart > 0) + 0.5 * (apart == 0))


def find_leak(X, y, limit):
    """Return the numbers of the columns that alone have a strength greater than limit."""
    # your turn
    found = []
    for j in range(X.shape[1]):
        known = ~np.isnan(X[:, j])
        area = auc(y[known], X[known, j])
        if max(area, 1 - area) > limit:
            found.append(j)
    return np.array(found, dtype=int)
    # until here
