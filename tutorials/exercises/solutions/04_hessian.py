"""The Hessian: how the gradient itself changes, in every pair of directions.

    H = mean over the rows of p (1 - p) a aᵀ  +  alpha diag(0, 1, ..., 1),   p = sigmoid(a · theta)

A (n, d+1) has a column of ones first; a is a row of A, and a aᵀ is the table of all products of two of its
entries. theta (d+1,) has the intercept first, which is never penalised. The labels are not needed: the
curvature does not depend on them. Return H, (d+1, d+1). Explained in tutorial 2.

>>> hessian(np.array([[1.0, 2.0]]), np.array([0.0, 0.0]), 0.0)
array([[0.25, 0.5 ],
       [0.5 , 1.  ]])
"""

import numpy as np


def hessian(A, theta, alpha):
    """Return the second derivatives of J, (d+1, d+1)."""
    # your turn
    p = 1.0 / (1.0 + np.exp(-A @ theta))
    weight = p * (1.0 - p)
    H = (A * weight[:, None]).T @ A / len(A)
    inner = np.arange(1, len(theta))
    H[inner, inner] += alpha
    return H
    # until here
