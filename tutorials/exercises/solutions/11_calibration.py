"""Calibration: do the risks we state come true as often as we say?

Cut [0, 1] into n_bins bins of equal width. Bin j (from 0) holds the rows with

    j / n_bins < p <= (j + 1) / n_bins

and the first bin also those with p = 0. For each bin with rows in it, in order, return the share of its
rows that came true and the mean of the probabilities that were stated: two arrays (b,), b <= n_bins.
y_true (n,) holds 0 and 1; y_prob (n,) numbers from 0 to 1. The edges are np.linspace(0, 1, n_bins + 1).
Explained in tutorial 5.

>>> share, stated = calibration(np.array([0, 0, 1, 1]), np.array([0.1, 0.3, 0.7, 0.9]), 2)
>>> share.tolist(), stated.tolist()
([0.0, 1.0], [0.2, 0.8])
"""

import numpy as np


def calibration(y_true, y_prob, n_bins):
    """Return the share that came true and the mean stated (b,), of each bin with rows in it."""
    # your turn
    edges = np.linspace(0, 1, n_bins + 1)
    bin_of = np.searchsorted(edges[1:-1], y_prob)  # how many inner edges lie below p
    rows = np.bincount(bin_of, minlength=n_bins)
    there = rows > 0
    came = np.bincount(bin_of, weights=y_true, minlength=n_bins)
    said = np.bincount(bin_of, weights=y_prob, minlength=n_bins)
    return came[there] / rows[there], said[there] / rows[there]
    # until here
