"""Recall at capacity: how many of those at risk are on a list of k pupils?

    recall at k = (positives among the k rows of highest score) / (all positives)

Where several rows tie for the last places, as many of them as fit are drawn at random. Count what is
expected: t tied rows, g of them positive, and r places left give r g / t positives. So the order of the
rows cannot matter. y_true (n,) holds 0 and 1, at least one 1; y_score (n,) any numbers; 1 <= k <= n.
Explained in tutorial 5.

>>> float(recall_at_capacity(np.array([1, 0, 1, 1, 0]), np.array([0.9, 0.8, 0.6, 0.6, 0.1]), 3))
0.6666666666666666
"""

import numpy as np


def recall_at_capacity(y_true, y_score, k):
    """Return the expected share of the positives that is among the k rows of highest score."""
    # your turn
    cut = np.sort(y_score)[-k]  # the score of the last place
    above, tied = y_score > cut, y_score == cut
    places_left = k - above.sum()
    hits = y_true[above].sum() + places_left * y_true[tied].mean()
    return hits / y_true.sum()
    # until here
