"""Intervals of shares against published values, exact sums, and what they should hold."""

import math

import numpy as np
import pytest

from mlcore.metrics import clopper_pearson_interval, wilson_interval


def test_wilson_against_published_values():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81/263, 15/148, 0/20, 1/29.
    published = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605),
                 (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}  # fmt: skip
    for (s, n), expected in published.items():
        np.testing.assert_allclose(wilson_interval(s, n), expected, atol=5e-5)


def test_wilson_of_all_and_of_none():
    low, high = wilson_interval(2, 2)
    assert low == pytest.approx(0.342, abs=5e-4)
    assert high == 1.0
    assert np.isnan(wilson_interval(0, 0)).all()


@pytest.mark.parametrize("n", [1, 5, 20])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_clopper_pearson_ends_where_a_one_sided_test_would_reject(n, confidence):
    beyond = (1 - confidence) / 2
    for s in range(n + 1):
        low, high = clopper_pearson_interval(s, n, confidence)
        if s > 0:
            tail = sum(math.comb(n, i) * low**i * (1 - low) ** (n - i) for i in range(s, n + 1))
            assert tail == pytest.approx(beyond, rel=1e-10)
        if s < n:
            tail = sum(math.comb(n, i) * high**i * (1 - high) ** (n - i) for i in range(s + 1))
            assert tail == pytest.approx(beyond, rel=1e-10)
    assert clopper_pearson_interval(0, n)[0] == 0.0
    assert clopper_pearson_interval(n, n)[1] == 1.0


def test_clopper_pearson_holds_the_truth_at_least_as_often_as_it_says():
    n = 20
    for truth in np.linspace(0.01, 0.99, 33):
        held = 0.0
        for s in range(n + 1):
            low, high = clopper_pearson_interval(s, n)
            if low <= truth <= high:
                held += math.comb(n, s) * truth**s * (1 - truth) ** (n - s)
        assert held >= 0.95


def test_clopper_pearson_against_published_values_and_without_trials():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 5.
    published = {(81, 263): (0.2527, 0.3676), (15, 148): (0.0578, 0.1617), (0, 20): (0.0, 0.1684)}
    for (s, n), expected in published.items():
        np.testing.assert_allclose(clopper_pearson_interval(s, n), expected, atol=5e-5)
    assert np.isnan(clopper_pearson_interval(0, 0)).all()


@pytest.mark.parametrize("interval", [wilson_interval, clopper_pearson_interval])
def test_what_is_no_confidence_is_refused(interval):
    for bad in (0.0, 1.0, 95, None):
        with pytest.raises(ValueError, match="confidence"):
            interval(1, 2, bad)
    with pytest.raises(ValueError, match="successes"):
        interval(3, 2)


def test_counts_of_small_integer_types_do_not_overflow():
    for interval in (wilson_interval, clopper_pearson_interval):
        assert interval(np.int32(50_000), np.int32(100_000)) == interval(50_000, 100_000)
        assert interval(np.int8(50), np.int8(100)) == interval(50, 100)
