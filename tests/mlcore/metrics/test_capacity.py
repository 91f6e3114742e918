"""Lists of k rows: against every way to break the ties, and by how often they hold the truth."""

from itertools import permutations

import numpy as np
import pytest

from mlcore.metrics import clopper_pearson_interval, precision_at_k, recall_at_k, wilson_interval


@pytest.mark.parametrize("seed", range(6))
def test_hits_are_the_mean_over_all_orders_of_tied_rows(seed):
    rng = np.random.default_rng(seed)
    y, s = np.append(1, rng.integers(0, 2, 5)), rng.integers(0, 3, 6).astype(float)
    orders = np.array([o for o in permutations(range(6)) if (np.diff(s[list(o)]) <= 0).all()])
    for k in range(1, 7):
        hits = y[orders[:, :k]].sum(axis=1).mean()
        assert precision_at_k(y, s, k).value == pytest.approx(hits / k)
        found = recall_at_k(y, s, k, n_resamples=1, random_state=0)
        assert (found.value, found.hits) == pytest.approx((hits / y.sum(), hits))


def test_intervals_of_precision():
    y, s = [1, 0, 1, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    assert precision_at_k(y, s, 4) == (0.75, *wilson_interval(3, 4), 3.0)
    exact = precision_at_k(y, s, 4, method="clopper_pearson", confidence=0.9)
    assert exact == (0.75, *clopper_pearson_interval(3, 4, 0.9), 3.0)


def test_recall_of_everybody_is_not_certain():
    found = recall_at_k([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1], 2, random_state=0)
    assert found.value == 1.0
    assert found.low <= wilson_interval(2, 2)[0]
    for seed in range(5):  # some of these single resamples have no positive
        low, high = recall_at_k([1, 0, 0], [3, 2, 1], 1, n_resamples=1, random_state=seed)[1:3]
        assert low <= wilson_interval(1, 1)[0] < high == 1.0
    assert np.isnan(recall_at_k([0, 0], [0.1, 0.2], 1, random_state=0)[:3]).all()


def test_recall_of_too_few_places_scatters_with_the_number_of_positives():
    y, s = np.arange(100) < 30, -np.arange(100.0)  # all of the 20 places go to positives
    found = recall_at_k(y, s, 20, random_state=0)
    low, high = wilson_interval(20, 30)
    assert found.high > high + 0.1  # 20 of 23 positives, in some other year
    assert found.low <= low


@pytest.mark.parametrize(("gap", "k"), [(1.5, 20), (6.0, 20), (1.0, 60)])
def test_recall_holds_the_truth_nineteen_times_of_twenty(gap, k):
    # With a gap of 6 all places go to positives and recall is k / m: only m scatters.
    rng = np.random.default_rng(0)
    n, share = 100, 0.3
    y = rng.random(200_000) < share
    s = rng.normal(size=len(y)) + gap * y
    truth = (y & (s >= np.quantile(s, 1 - k / n))).sum() / y.sum()
    held = 0
    for _ in range(150):
        y = rng.random(n) < share
        found = recall_at_k(y, rng.normal(size=n) + gap * y, k, n_resamples=150, random_state=rng)
        held += found.low <= truth <= found.high
    assert held / 150 >= 0.92


def test_seeds_and_what_is_refused():
    y, s = np.arange(20) % 3 == 0, np.arange(20) % 7
    one, same, other = (
        recall_at_k(y, s, 5, n_resamples=20, random_state=seed) for seed in (0, 0, 1)
    )
    assert one == same != other
    for metric in (precision_at_k, recall_at_k):
        with pytest.raises(ValueError, match="only 20 rows"):
            metric(y, s, 21)
        with pytest.raises(ValueError, match="k is 0"):
            metric(y, s, 0)
        with pytest.raises(ValueError, match="confidence"):
            metric(y, s, 3, confidence=1.0)
