"""The log loss: how surprised a model is by what happened, as a mean over the rows.

    loss of a row = -log(p) where y is 1, -log(1 - p) where y is 0, p = sigmoid(z)
                  = log(1 + exp(z)) - y z

y (n,) holds 0 and 1, z (n,) the scores. Return the mean over the rows, a number, with natural logarithms.
The second form needs no p, so nothing rounds to 0 or 1. exp(z) itself may be too large for a number:
a score of 1000 for a row of y = 0 costs 1000, not infinity. Explained in tutorial 2.

>>> round(log_loss(np.array([1, 0]), np.array([0.0, 0.0])), 4)
0.6931
"""

import numpy as np


def log_loss(y, z):
    """Return the mean of log(1 + exp(z)) - y z over the rows."""
    # your turn
    return float((np.logaddexp(0.0, z) - y * z).mean())
    # until here
