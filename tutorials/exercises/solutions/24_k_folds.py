"""k folds that lose no row.

Deal n rows into k folds of neighbouring rows: rows of fold 0 first, then of fold 1, and so on. No fold
may have two rows more than another, and no row may be left out: where k does not divide n, the first
n % k folds get one row more. Return the fold (n,) in which each row is tested, whole numbers from 0 to
k - 1. 1 <= k <= n. Explained in tutorial 9.

>>> k_folds(7, 3).tolist()
[0, 0, 0, 1, 1, 2, 2]
"""

import numpy as np


def k_folds(n, k):
    """Return the fold (n,) of each row: runs whose lengths differ by at most one."""
    # your turn
    sizes = n // k + (np.arange(k) < n % k)
    return np.repeat(np.arange(k), sizes)
    # until here
