"""Make the figures of metrics.json anew: python -m benchmarks.references.metrics_peers

Needs the ``bench`` extra, with scikit-learn 1.9 or later, whose metrics are called as ours are.
DeLong's test, which it has not, goes through all pairs of a positive and a negative row here, where
ours goes by ranks. Prints how far each entry is from its frozen figures; exits with 1 if one is too
far.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np

try:
    import sklearn.metrics
    from scipy import stats
    from sklearn.calibration import calibration_curve
except ImportError as error:
    raise SystemExit(f'{error}: get it by pip install -e ".[bench]".') from None

from benchmarks.numbers import labels, published, scores
from benchmarks.numbers.checks import agrees, check, show
from benchmarks.numbers.entries import FROZEN, Entry, load
from benchmarks.numbers.figures import quietly


def worths(t: Any, score: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return what each positive and each negative row is worth, tie by tie."""
    t, score = np.asarray(t), np.asarray(score, dtype=float)
    above, below = score[t == 1][:, None], score[t != 1]
    won = (above > below) + 0.5 * (above == below)  # (m, n)
    return won.mean(axis=1), won.mean(axis=0)


def delong_test(t: Any, a: Any, b: Any) -> SimpleNamespace:
    """Return DeLong's test of two areas, by all pairs of rows."""
    positives, negatives = (np.stack(each) for each in zip(worths(t, a), worths(t, b), strict=True))
    if min(positives.shape[1], negatives.shape[1]) < 2:
        raise ValueError("one row has no variance")
    area = positives.mean(axis=1)
    S = np.cov(positives) / positives.shape[1] + np.cov(negatives) / negatives.shape[1]
    error = np.sqrt(S[0, 0] + S[1, 1] - 2 * S[0, 1])
    z = (area[0] - area[1]) / error if error else np.nan
    p = 2 * stats.norm.sf(abs(z))
    return SimpleNamespace(auc_a=area[0], auc_b=area[1], covariance=S, z=z, p_value=p)


def auc_interval(t: Any, score: Any) -> tuple[float, float]:
    """Return DeLong's interval, cut to [0, 1]."""
    test = delong_test(t, score, score)
    half = stats.norm.ppf(0.975) * np.sqrt(test.covariance[0, 0])
    return max(0.0, test.auc_a - half), min(1.0, test.auc_a + half)


def calibration_bins(
    t: Any, p: Any, *, n_bins: int, strategy: str, pos_label: Any
) -> tuple[None, np.ndarray, None]:
    """Return, in its middle, the rows of each bin that has any."""
    edges = np.linspace(0.0, 1.0, n_bins + 1)
    if strategy == "quantile":
        edges = np.quantile(p, edges)
    used = np.digitize(p, edges[1:-1], right=True)
    return None, np.unique(used, return_counts=True)[1], None


TOOLS = SimpleNamespace(
    **{name: getattr(sklearn.metrics, name) for name in sklearn.metrics.__all__},
    calibration_curve=calibration_curve,
    calibration_bins=calibration_bins,
    delong_test=delong_test,
    auc_interval=auc_interval,
)
FIGURES = {
    "metrics_labels": labels.labels,
    "metrics_probability": scores.probability,
    "metrics_ranking": scores.ranking,
    "metrics_regression": scores.regression,
    "metrics_delong_paired": scores.delong_paired,
    "published": published.auc,
}


def figures_of(entry: Entry) -> Any:
    """Return the other tools' figures of an entry."""
    return FIGURES[entry.topic](entry, TOOLS)


def main() -> int:
    """Print the table."""
    tables = [entry for entry in load(FROZEN, "published") if entry.params["model"] == "auc"]
    entries = load(FROZEN, "metrics") + tables
    results = [(entry, check(entry, quietly(figures_of))) for entry in entries]
    print(show(results))
    return 0 if all(agrees(found) for _, found in results) else 1


if __name__ == "__main__":
    sys.exit(main())
