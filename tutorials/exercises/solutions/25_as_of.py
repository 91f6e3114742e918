"""A feature as of a week, from dated rows: the mean quiz score of each pupil.

Each row is one quiz of one pupil: pupil (r,) the pupil's number, from 0 to n - 1; week (r,) the week it
was written in; score (r,) from 0 to 100, NaN where it was missed. Return, for each of the n pupils, the
mean of the scores known at the end of week k: those of rows dated k or earlier. A missed quiz has no
score, so it does not count. A pupil without any score so far has NaN, not 0: nothing is known.
Explained in tutorial 9.

>>> pupil, week = np.array([0, 0, 0, 1]), np.array([2, 4, 6, 6])
>>> as_of(pupil, week, np.array([50.0, 70.0, 90.0, 80.0]), k=4, n=2).tolist()
[60.0, nan]
"""

import numpy as np


def as_of(pupil, week, score, k, n):
    """Return each pupil's mean score (n,) of the rows dated k or earlier; NaN where there is none."""
    # your turn
    known = (week <= k) & ~np.isnan(score)
    total = np.bincount(pupil[known], weights=score[known], minlength=n)
    count = np.bincount(pupil[known], minlength=n)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
    # until here
