"""Fisher's and Welch's tests and Holm's correction: by hand, by adding up tables, by shuffling."""

from math import comb

import numpy as np
import pytest

from risk.significance import fisher_exact, holm, welch_test


def test_fisher_by_adding_up_all_tables():
    def by_hand(a, n, b, m):
        chance = [
            comb(n, k) * comb(m, a + b - k) for k in range(a + b + 1) if k <= n and a + b - k <= m
        ]
        seen = comb(n, a) * comb(m, b)
        return sum(c for c in chance if c <= seen) / sum(chance)

    rng = np.random.default_rng(0)
    for _ in range(200):
        n, m = rng.integers(1, 30, 2).tolist()
        a, b = int(rng.integers(0, n + 1)), int(rng.integers(0, m + 1))
        assert fisher_exact(a, n, b, m) == pytest.approx(by_hand(a, n, b, m), abs=1e-9)


def test_welch_against_shuffling_the_groups():
    rng = np.random.default_rng(3)
    for shift in (0.0, 0.25, 0.5):
        a, b = rng.normal(shift, 1, 60), rng.normal(0, 1, 90)
        both, seen = np.concatenate([a, b]), abs(a.mean() - b.mean())
        shuffled = rng.permuted(np.tile(both, (4000, 1)), axis=1)
        apart = np.abs(shuffled[:, :60].mean(axis=1) - shuffled[:, 60:].mean(axis=1))
        assert welch_test(a, b) == pytest.approx((apart >= seen).mean(), abs=0.03)


def test_welch_of_values_that_do_not_vary():
    same, other = np.full(10, 0.5), np.full(12, 0.25)
    assert welch_test(same, np.full(12, 0.5)) == 1.0
    assert welch_test(same, other) == 0.0
    assert welch_test(same, np.array([0.5, 0.6])) == welch_test(np.array([0.5, 0.6]), same)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
