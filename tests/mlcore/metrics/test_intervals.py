"""Intervals against published values, and by how often they hold what they should."""

import numpy as np
import pytest

from mlcore.metrics import auc_interval, roc_auc_score, wilson_interval
from mlcore.metrics.delong import midranks


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
