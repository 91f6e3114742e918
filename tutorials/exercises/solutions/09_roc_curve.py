"""The ROC curve, with one sort.

Let the threshold fall through the distinct scores. A row is flagged when its score >= threshold.

    fpr = negatives flagged / all negatives        tpr = positives flagged / all positives

Return fpr, tpr and the thresholds, each (q + 1,) for q distinct scores. The first threshold is
infinity, where nobody is flagged; then come the distinct scores, falling. Rows with the same score are
flagged together: one point for all of them. y_true (n,) holds 0 and 1, both of them; y_score (n,) any
numbers. Explained in tutorial 5.

>>> fpr, tpr, thresholds = roc_curve(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.4, 0.8]))
>>> fpr.tolist(), tpr.tolist(), thresholds.tolist()
([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0], [inf, 0.8, 0.4, 0.1])
"""

import numpy as np


def roc_curve(y_true, y_score):
    """Return fpr, tpr and thresholds (q + 1,), from (0, 0) to (1, 1)."""
    # your turn
    order = np.argsort(-y_score)
    y, s = y_true[order], y_score[order]
    last = np.append(np.flatnonzero(s[1:] != s[:-1]), len(s) - 1)  # of each run of equal scores
    tps = np.append(0, np.cumsum(y)[last])
    fps = np.append(0, np.cumsum(1 - y)[last])
    return fps / fps[-1], tps / tps[-1], np.append(np.inf, s[last])
    # until here
