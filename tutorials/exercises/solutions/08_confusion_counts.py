"""The confusion matrix: who was flagged, and who should have been.

    C[i, j] = the number of rows of class i that were predicted as class j

For two classes, 1 "at risk" and 0 "not", C is [[tn, fp], [fn, tp]]: the true class chooses the row, the
prediction the column. y_true and y_pred are arrays (n,) of 0 and 1; C is (2, 2), whole numbers. A cell
that nobody falls into holds 0. Explained in tutorial 5.

>>> confusion_counts(np.array([1, 1, 0, 0, 0]), np.array([1, 0, 0, 0, 1])).tolist()
[[2, 1], [1, 1]]
"""

import numpy as np


def confusion_counts(y_true, y_pred):
    """Return C (2, 2), C[i, j] the rows of class i predicted as class j."""
    # your turn
    cell = 2 * y_true + y_pred  # (n,) from 0 to 3, in the order of tn, fp, fn, tp
    return np.bincount(cell, minlength=4).reshape(2, 2)
    # until here
