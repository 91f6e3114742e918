"""Areas with their uncertainty: against every pair of rows, and by how often they hold the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import auc_interval, delong_test, roc_auc_score
from mlcore.metrics.delong import midranks, worths


def test_auc_interval_as_in_proc():
    # pROC 1.18.0, ci.auc(c(0,0,1,1), c(.1,.4,.35,.8)): variance 0.125, cut at 1.
    low, high = auc_interval([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    assert low == pytest.approx(0.05704808782516124, abs=1e-12)
    assert high == 1.0


def test_auc_interval_holds_the_truth_nineteen_times_of_twenty():
    rng = np.random.default_rng(0)
    truth = 0.7602499  # of two normals one apart: Phi(1 / sqrt 2)
    hits = 0
    for _ in range(400):
        y = np.repeat([0, 1], [60, 40])
        low, high = auc_interval(y, rng.normal(y.astype(float)))
        hits += low <= truth <= high
    assert 0.91 <= hits / 400 <= 0.98


def test_midranks_and_auc_agree():
    rng = np.random.default_rng(1)
    y, s = rng.integers(0, 2, 60), rng.integers(0, 9, 60).astype(float)
    m = y.sum()
    rank_sum = midranks(s)[y == 1].sum()
    assert (rank_sum - m * (m + 1) / 2) / (m * (60 - m)) == pytest.approx(roc_auc_score(y, s))


def test_too_few_rows_are_said():
    with pytest.raises(ValueError, match="at least 2 of each"):
        auc_interval([0, 1, 1], [0.1, 0.2, 0.3])


def worths_by_pairs(y, s):
    above = (s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0])
    return above.mean(axis=1), above.mean(axis=0)


def draw(seed):
    rng = np.random.default_rng(seed)
    y = np.append([0, 0, 1, 1], rng.integers(0, 2, rng.integers(0, 40)))
    return y, rng.integers(0, 9, len(y)).astype(float), rng.integers(0, 5, len(y)).astype(float)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_worths_and_covariance_by_pairs(seed):
    y, a, b = draw(seed)
    (va, ua), (vb, ub) = worths_by_pairs(y, a), worths_by_pairs(y, b)
    for found, expected in zip(worths(y == 1, a), (va, ua), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)
    S = np.cov(va, vb) / len(va) + np.cov(ua, ub) / len(ua)
    variance = S[0, 0] + S[1, 1] - 2 * S[0, 1]
    if variance < 1e-12:
        return
    test = delong_test(y, a, b)
    np.testing.assert_allclose(test.covariance, S, atol=1e-14)
    assert test.auc_a == pytest.approx(roc_auc_score(y, a), abs=1e-12)
    assert test.z == pytest.approx((va.mean() - vb.mean()) / np.sqrt(variance), rel=1e-8, abs=1e-9)
    half = 1.959963984540054 * np.sqrt(variance)
    expected = (test.difference - half, test.difference + half)
    assert test.interval == pytest.approx(expected, rel=1e-8, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_swapping_the_scores_turns_the_sign_and_stretching_them_nothing(seed):
    y, a, b = draw(seed)
    if np.array_equal(midranks(a), midranks(b)):
        return
    test, swapped = delong_test(y, a, np.exp(b)), delong_test(y, b, a)
    assert test.z == pytest.approx(-swapped.z, abs=1e-9, nan_ok=True)  # nan: no variance
    assert test.p_value == pytest.approx(swapped.p_value, abs=1e-9, nan_ok=True)


def test_equal_rankings_have_nothing_between_them():
    y, a = [0, 0, 1, 1, 0], np.array([0.1, 0.4, 0.35, 0.8, 0.2])
    test = delong_test(y, a, 2 * a)
    assert (test.difference, test.z, test.p_value) == (0.0, 0.0, 1.0)


def test_a_difference_without_variance_is_undefined():
    with pytest.warns(UndefinedMetricWarning, match="z is undefined"):
        test = delong_test([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])
    assert np.isnan([test.z, test.p_value]).all()
    assert test.difference == 1.0


def test_p_is_below_a_twentieth_once_in_twenty_when_the_areas_are_equal():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [50, 30])
    p = []
    for _ in range(400):
        common = y + rng.normal(size=80)
        p.append(delong_test(y, common + rng.normal(size=80), common + rng.normal(size=80)).p_value)
    assert 0.025 <= np.mean(np.array(p) < 0.05) <= 0.085
