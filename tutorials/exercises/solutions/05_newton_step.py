"""Newton's step: go to where the gradient would be 0 if the curvature stayed as it is here.

    theta <- theta - H⁻¹ g

theta (p,), g (p,) the gradient at theta, H (p, p) the Hessian there. Return the new theta, (p,). The
inverse need not be written down: np.linalg.solve(H, g) gives the s with H s = g, faster and with less
rounding. Explained in tutorial 3.

>>> newton_step(np.array([1.0, 1.0]), np.array([2.0, 3.0]), np.array([[2.0, 0.0], [0.0, 1.0]]))
array([ 0., -2.])
"""

import numpy as np


def newton_step(theta, g, H):
    """Return theta - H⁻¹ g, (p,)."""
    # your turn
    return theta - np.linalg.solve(H, g)
    # until here
