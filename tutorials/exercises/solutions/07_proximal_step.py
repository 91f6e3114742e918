"""The step of the lasso: down the gradient, then towards 0, and stop at 0.

The lasso adds sum(lasso_j |theta_j|) to what is minimised, which has a corner at 0. One step:

    moved = theta - step g                                    as without the lasso
    new   = moved brought nearer to 0 by step lasso, or 0 where that would pass it

theta (p,), g (p,) the gradient of the smooth part at theta, step a number above 0, lasso (p,) the penalty
of each entry, 0 for the intercept. Return the new theta, (p,). Explained in tutorial 4.

>>> proximal_step(np.array([1.0, 3.0, 0.2]), np.zeros(3), 0.5, np.array([0.0, 2.0, 2.0]))
array([1., 2., 0.])
"""

import numpy as np


def proximal_step(theta, g, step, lasso):
    """Return the gradient step followed by the soft threshold, (p,)."""
    # your turn
    moved = theta - step * g
    return np.sign(moved) * np.maximum(np.abs(moved) - step * lasso, 0.0)
    # until here
