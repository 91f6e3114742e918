"""The area under the ROC curve, by ranks.

    AUC = the chance that a random positive scores above a random negative, ties counting one half

Looking at all pairs is slow. Rank the n scores from 1 for the lowest; equal scores share the mean of
their ranks. With m positives and R the sum of the positives' ranks,

    AUC = (R - m (m + 1) / 2) / (m (n - m))

y_true (n,) holds 0 and 1, both of them; y_score (n,) any numbers. Return one number, with no loop over
pairs. Explained in tutorial 5.

>>> float(auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])))
0.75
"""

import numpy as np


def auc(y_true, y_score):
    """Return the chance that a positive scores above a negative, ties one half."""
    # your turn
    _, index, counts = np.unique(y_score, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)  # the highest rank of each distinct score
    rank = (last - (counts - 1) / 2)[index]  # (n,) equal scores share the mean
    n, m = len(y_true), y_true.sum()
    return (rank[y_true == 1].sum() - m * (m + 1) / 2) / (m * (n - m))
    # until here
