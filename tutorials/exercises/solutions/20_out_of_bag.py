"""The out-of-bag error: judge every row by the trees that have not seen it.

Each of t trees was grown on a bag of the n rows. bags (t, n) says how often each tree drew each row: 0
means that the row is new to the tree. votes (t, n) holds each tree's probability of class 1 for each
row, from 0 to 1. Do this for each row:

    take the trees with bag 0, and the mean of their votes;
    say class 1 if the mean is above 1/2, else class 0 (at 1/2 the lower class wins).

Return the share of wrong rows among those that some tree left out. A row that every tree drew cannot
be judged and does not count. If there is no row to judge, return nan. Explained in tutorial 8.

>>> votes, bags = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0, 2], [1, 0]])
>>> out_of_bag(votes, bags, np.array([1, 0]))  # row 0 by tree 0: 1, right; row 1 by tree 1: wrong
0.5
"""

import numpy as np


def out_of_bag(votes, bags, y):
    """Return the share of rows that the trees which did not draw them get wrong."""
    # your turn
    new = bags == 0  # (t, n)
    judges = new.sum(axis=0)
    judged = judges > 0
    if not judged.any():
        return np.nan
    mean = (votes * new).sum(axis=0)[judged] / judges[judged]
    return float(np.mean((mean > 0.5) != (y[judged] == 1)))
    # until here
