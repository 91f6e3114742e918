"""A bootstrap sample: draw rows with replacement, and count how often each was drawn.

Every tree of a forest learns from its own sample of the rows. To draw one row out of n, take a random
number u in [0, 1) and go down to the whole number below n u: row floor(n u), from 0 to n - 1. The
same row may be drawn again.

Write a function of n and of the random numbers u, one for each draw, that returns the bag: how often
each of the n rows was drawn, (n,). Most often there are n draws, but there may be more or fewer.
Explained in tutorial 8.

>>> bootstrap_rows(4, np.array([0.1, 0.6, 0.05, 0.99]))
array([2, 0, 1, 1])
"""

import numpy as np


def bootstrap_rows(n, u):
    """Return how often each of n rows is drawn, (n,), by the random numbers u."""
    # your turn
    rows = np.floor(n * u).astype(int)
    return np.bincount(rows, minlength=n)  # without minlength the last rows could be lacking
    # until here
