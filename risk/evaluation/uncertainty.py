"""How far a figure may lie from that of many more pupils, by each pupil's pull on it.

A pupil's pull is what the figure would gain from a little more of that pupil: its derivative by the
pupil's weight. The squared pulls add up to the figure's variance. Pupils of one class are alike, so
with clusters the pulls of each class are first added up. Two figures of the same pupils differ with
the difference of their pulls, in which all that they share cancels.

Notation: n pupils, m of them at risk · y (n,) 1 at risk, 0 not · risk (n,) · pulls (n,) · cluster
(n,) the number of each pupil's class or school, or None.

Sources: Jaeckel (1972), The infinitesimal jackknife; DeLong, DeLong & Clarke-Pearson (1988),
Biometrics 44; Liang & Zeger (1986), Biometrika 73, for clusters; Kish (1965), Survey Sampling, for
the effective number of trials.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.linear.losses import sigmoid
from mlcore.metrics import wilson_interval
from mlcore.metrics.delong import worths
from mlcore.metrics.intervals import normal_quantile
from mlcore.student import student_quantile, student_tail
from mlcore.tails import normal_tail
from risk.odds import log_odds

Interval = tuple[float, float]
Z = normal_quantile(0.95)


def auc_pulls(y: FloatArray, risk: FloatArray) -> FloatArray:
    """Return the pulls on the area under the ROC curve; their squares add up to DeLong's variance.

    >>> from mlcore.metrics import delong_test
    >>> y, risk = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    >>> variance = delong_test(y, risk, risk).covariance[0, 0]
    >>> bool(np.isclose(np.sum(auc_pulls(y, risk) ** 2), variance))
    True
    """
    pulls = np.empty(len(y))
    for side, worth in zip((y == 1, y != 1), worths(y == 1, risk), strict=True):
        pulls[side] = mean_pulls(worth)
    return pulls


def mean_pulls(values: FloatArray) -> FloatArray:
    """Return the pulls on a mean; their squares add up to its usual variance s² / n.

    >>> pulls = mean_pulls(np.array([0.0, 1.0, 2.0]))
    >>> round(float(np.sum(pulls**2)), 6)  # s² / n = 1 / 3
    0.333333
    """
    n = len(values)
    return (values - values.mean()) / np.sqrt(n * (n - 1))


def average_precision_pulls(y: FloatArray, risk: FloatArray) -> FloatArray:
    """Return the pulls on the average precision.

    It is the mean over the pupils i at risk of P_i, the precision of the list that ends with i. A
    pupil at risk pulls by its own P_i, and every pupil j pulls on the lists that hold it, by
    (y_j - P_i) / length of list i. Cost: O(n log n).
    """
    _, place, size = np.unique(-risk, return_inverse=True, return_counts=True)
    found = np.bincount(place, weights=y)  # at risk, by distinct risk from the highest
    length = np.cumsum(size)
    precision = np.cumsum(found) / length
    # Summed over the lists that hold a risk: those that end with it or below it.
    lists = np.cumsum((found / length)[::-1])[::-1]
    expected = np.cumsum((found * precision / length)[::-1])[::-1]
    m = found.sum()
    own = y * (precision[place] - found @ precision / m)
    return (own + y * lists[place] - expected[place]) / m


def slope_pulls(y: FloatArray, log_odds: FloatArray, slope: float, intercept: float) -> FloatArray:
    """Return the pulls on the slope of a logistic regression of y on one column (n,).

    They are the slope's row of H⁻¹ xᵢ (yᵢ - qᵢ), H = sum q (1 - q) x xᵀ, x = (1, log-odds): the
    squares add up to the "sandwich" variance, right also where the line does not fit.
    """
    x = np.column_stack([np.ones(len(y)), log_odds])
    q = sigmoid(intercept + slope * log_odds)
    information = x.T @ (x * (q * (1 - q))[:, None])
    return (y - q) * np.linalg.solve(information, x.T)[1]


def list_pulls(
    y: FloatArray, flagged: BoolArray, margin: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return the pulls on the precision and on the recall of those flagged.

    On a list of a fixed share of the pupils whoever comes on it pushes another off its end, who is
    at risk with chance ``margin``, see margin_rate; 0 where the threshold is fixed, not the share.

    >>> y, flagged = np.array([1.0, 1.0, 0.0, 0.0]), np.array([True, False, True, False])
    >>> of_precision, of_recall = list_pulls(y, flagged)
    >>> of_precision.tolist(), of_recall.tolist()
    ([0.25, 0.0, -0.25, -0.0], [0.25, -0.25, 0.0, 0.0])
    """
    listed, m = flagged.sum(), y.sum()
    hits, pushed = y @ flagged, margin * (flagged - flagged.mean())
    of_recall = (y * (flagged - hits / m) - pushed) / m
    if margin == 0:
        return flagged * (y - hits / max(listed, 1)) / max(listed, 1), of_recall
    return (y * flagged - pushed - hits / len(y)) / listed, of_recall


def margin_rate(y: FloatArray, risk: FloatArray, listed: int) -> float:
    """Return the share at risk of the pupils around the end of a list, n^0.8 / 4 on either side.

    >>> y, risk = np.tile([1.0, 0.0], 50), np.linspace(1, 0, 100)
    >>> margin_rate(y, risk, 20)
    0.5
    """
    n = len(y)
    reach = max(5, round(0.25 * n**0.8))
    ordered = np.sort(risk)[::-1]
    high, low = ordered[max(listed - reach, 0)], ordered[min(listed + reach, n) - 1]
    return float(y[(risk <= high) & (risk >= low)].mean())


def standard_error(pulls: FloatArray, cluster: IntArray | None = None) -> float:
    """Return the standard error of the figure with these pulls.

    With g clusters their sums are squared and scaled by g / (g - 1).

    >>> pulls = np.array([0.3, 0.3, -0.3, -0.3])
    >>> standard_error(pulls), round(standard_error(pulls, np.array([0, 0, 1, 1])), 3)
    (0.6, 1.2)
    """
    sums = pulls if cluster is None else np.bincount(cluster, weights=pulls)
    scale = 1.0 if cluster is None else len(sums) / (len(sums) - 1)
    return float(np.sqrt(np.sum(sums**2) * scale))


def reach(pulls: FloatArray, cluster: IntArray | None = None) -> float:
    """Return half the width of the 95 % interval: z errors.

    With g clusters z is Student's quantile with g - 1 degrees of freedom. The sums of a few clusters
    may by chance scatter hardly at all, so the interval is never narrower than independent pupils'.
    """
    alone = Z * standard_error(pulls)
    if cluster is None:
        return alone
    return max(
        alone, student_quantile(0.975, float(cluster.max())) * standard_error(pulls, cluster)
    )


def interval(
    value: float,
    pulls: FloatArray,
    cluster: IntArray | None = None,
    within: Interval = (-np.inf, np.inf),
) -> Interval:
    """Return the 95 % interval value ± reach, cut to what the figure can be.

    >>> low, high = interval(0.9, mean_pulls(np.tile([0.8, 1.0], 5)), within=(0.0, 1.0))
    >>> round(low, 3), round(high, 3)
    (0.835, 0.965)
    """
    half = reach(pulls, cluster)
    return max(within[0], value - half), min(within[1], value + half)


def logit_interval(value: float, pulls: FloatArray, cluster: IntArray | None = None) -> Interval:
    """Return the interval on the scale of log-odds, for figures that are skew near 0 and 1.

    log-odds ± reach / (value (1 - value)), and back. Source: Boyd, Eng & Page (2013), ECML, who
    found it the one to use for average precision.

    >>> low, high = logit_interval(0.9, mean_pulls(np.tile([0.8, 1.0], 5)))
    >>> round(low, 3), round(high, 3)
    (0.813, 0.949)
    """
    if not 0 < value < 1:
        return value, value
    half = reach(pulls, cluster) / (value * (1 - value))
    low, high = sigmoid(log_odds(np.array([value])) + np.array([-half, half]))
    return float(low), float(high)


def share_interval(
    part: float, whole: float, pulls: FloatArray, cluster: IntArray | None = None
) -> Interval:
    """Return Wilson's interval of a share, for as many trials as would scatter as its pulls do.

    The effective number is s (1 - s) / variance; for a share of 0 or 1, which has no scatter to see,
    it is the whole.

    >>> pulls = mean_pulls(np.repeat([1.0, 0.0], [15, 85]))
    >>> [round(end, 3) for end in share_interval(15, 100, pulls)]
    [0.093, 0.233]
    """
    share, error = part / whole, reach(pulls, cluster) / Z
    trials = share * (1 - share) / error**2 if 0 < share < 1 and error > 0 else whole
    return wilson_interval(share * trials, trials)


def p_value(value: float, pulls: FloatArray, cluster: IntArray | None = None) -> float:
    """Return how often a difference would be this large or larger, were it 0 in truth.

    As in ``reach``, clusters can only make it larger.

    >>> round(p_value(Z, np.array([0.6, 0.8])), 6)
    0.05
    """
    if standard_error(pulls) <= 1e-15:
        return 1.0 if abs(value) <= 1e-15 else 0.0
    tail = normal_tail(abs(value) / standard_error(pulls))
    if cluster is not None:
        error = max(standard_error(pulls, cluster), 1e-300)
        tail = max(tail, student_tail(abs(value) / error, float(cluster.max())))
    return 2.0 * tail
