"""Shapley values: share out what a team makes among its players, fairly.

value(S) says what the players in S make together, where S is a set of numbers from 0 to d - 1:
value(set()) is what there is without anyone, value({0, 2}) what players 0 and 2 make. The share of
player j is what j adds to a team, averaged over all orders in which the d players could arrive. Many
orders have the same players before j, so that only the subsets S without j need be asked:

    phi_j = sum over S without j of  |S|! (d - 1 - |S|)! / d!  *  (value(S and j) - value(S))

|S| is the number of players in S. The empty set is among them. d is 4 at most. Return (d,). Explained
in tutorial 10, where the players are the features of a model, and value(S) is what it is expected to say
when only those in S are known.

>>> def gloves(S):  # 0 has a left glove, 1 and 2 have right ones; only a pair is worth something
...     return 1.0 if 0 in S and len(S) > 1 else 0.0
>>> shapley(gloves, 3).round(3)
array([0.667, 0.167, 0.167])
"""

from itertools import combinations
from math import factorial

import numpy as np


def shapley(value, d):
    """Return each player's share (d,) by the formula over subsets."""
    # your turn
    shares = np.zeros(d)
    for j in range(d):
        others = [i for i in range(d) if i != j]
        for size in range(d):
            weight = factorial(size) * factorial(d - 1 - size) / factorial(d)
            for team in combinations(others, size):
                shares[j] += weight * (value({*team, j}) - value(set(team)))
    return shares
    # until here
