"""Backtracking: halve a step until it keeps enough of its promise.

A move from theta promises a fall: for a small share t of the way J changes by t times the slope,
slope = g · move, which is below 0 for a way down. Of t = 1, 1/2, 1/4, ... return the first with

    J(theta + t move) <= J(theta) + 1e-4 t slope          (Armijo's rule)

J is a function of theta that returns a number; theta, g and move are (p,). J may be nan or infinite
where it is not defined: such a t will not do. If no t above 1e-10 will, return 0.0: stay. Explained in
tutorial 3.

>>> def parabola(theta): return float(theta @ theta)
>>> backtracking(parabola, np.array([1.0]), np.array([2.0]), np.array([-4.0]))
0.25
"""

import numpy as np


def backtracking(J, theta, g, move):
    """Return the largest t of 1, 1/2, 1/4, ... that lowers J enough, or 0.0."""
    # your turn
    here, slope = J(theta), np.dot(g, move)
    t = 1.0
    while t > 1e-10:
        if J(theta + t * move) <= here + 1e-4 * t * slope:  # false for nan, as it should be
            return t
        t /= 2
    return 0.0
    # until here
