"""The gradient: which way the loss rises, and how steeply.

    J(theta) = mean over the rows of (log(1 + exp(z)) - y z) + alpha/2 (theta_1² + ... + theta_d²)
    z = A theta

    dJ/dtheta = mean over the rows of (sigmoid(z) - y) a  +  alpha (0, theta_1, ..., theta_d)

A (n, d+1) has a column of ones first, then the features; a is a row of A. y (n,) holds 0 and 1.
theta (d+1,) has the intercept first, which is never penalised. alpha is a number, 0 or more.
Return the gradient, (d+1,). Explained in tutorial 2.

>>> gradient(np.array([[1.0, 2.0]]), np.array([1]), np.array([0.0, 0.0]), 0.0)
array([-0.5, -1. ])
"""

import numpy as np


def gradient(A, y, theta, alpha):
    """Return the slope of J in each entry of theta, (d+1,)."""
    # your turn
    p = 1.0 / (1.0 + np.exp(-A @ theta))
    slope = A.T @ (p - y) / len(y)
    slope[1:] += alpha * theta[1:]
    return slope
    # until here
