"""Calibration, by hand and by adding up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import SeparationWarning
from mlcore.metrics import (
    brier_decomposition,
    brier_score_loss,
    calibration_bins,
    calibration_curve,
    calibration_slope,
    expected_calibration_error,
)
from tests.oracles import newton_logistic


def test_calibration_bins_by_hand():
    y, p = [0, 0, 1, 1, 1, 0], [0.0, 0.2, 0.2, 0.9, 1.0, 0.95]
    share, stated = calibration_curve(y, p, n_bins=5)
    np.testing.assert_allclose(share, [1 / 3, 2 / 3])  # (0, .2] holds 0 as well; 3 bins are empty
    np.testing.assert_allclose(stated, [0.4 / 3, 2.85 / 3])
    share, stated = calibration_curve(y, p, n_bins=2, strategy="quantile")
    np.testing.assert_allclose(share, [1 / 3, 2 / 3])


def test_quantile_bins_are_not_those_of_equal_width():
    y, p = [0, 1, 0, 1, 1, 1], [0.01, 0.02, 0.03, 0.04, 0.5, 0.9]
    share, stated = calibration_curve(y, p, n_bins=3, strategy="quantile")
    np.testing.assert_allclose(share, [0.5, 0.5, 1.0])
    np.testing.assert_allclose(stated, [0.015, 0.035, 0.7])


def test_quantile_bins_hold_equally_many_rows_where_nothing_is_tied():
    p = np.random.default_rng(0).random(60)
    for n_bins in (2, 3, 4, 6):
        _, size, stated = calibration_bins(p > 0.5, p, n_bins=n_bins, strategy="quantile")
        np.testing.assert_array_equal(size, 60 / n_bins)
        np.testing.assert_allclose(stated, np.sort(p).reshape(n_bins, -1).mean(axis=1))


@pytest.mark.parametrize("bad", [[-0.1, 0.5], [0.2, 1.1]])
def test_what_is_no_probability_is_refused(bad):
    for metric in (calibration_curve, expected_calibration_error, calibration_slope):
        with pytest.raises(ValueError, match="probabilities from 0 to 1"):
            metric([0, 1], bad)


def draw(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 60))
    y, p = rng.integers(0, 2, n), np.round(rng.random(n), int(rng.integers(1, 4)))
    w = rng.integers(0, 3, n)
    w[:2] += 1
    return y, p, w, int(rng.integers(1, 12)), ["uniform", "quantile"][seed % 2]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_the_parts_add_up_to_the_brier_score_for_any_bins(seed):
    y, p, w, n_bins, strategy = draw(seed)
    parts = brier_decomposition(y, p, n_bins=n_bins, strategy=strategy)
    assert parts.brier == pytest.approx(brier_score_loss(y, p), abs=1e-14)
    w = w * 0.3 if strategy == "uniform" else w
    parts = brier_decomposition(y, p, sample_weight=w, n_bins=n_bins, strategy=strategy)
    assert parts.brier == pytest.approx(brier_score_loss(y, p, sample_weight=w), abs=1e-14)


def test_bins_of_one_probability_leave_nothing_within():
    parts = brier_decomposition([0, 1, 1, 0, 1], [0.2, 0.2, 0.7, 0.7, 0.7])
    assert parts.within_variance == pytest.approx(0.0, abs=1e-30)
    assert parts.within_covariance == pytest.approx(0.0, abs=1e-15)
    assert parts.reliability == pytest.approx((2 * 0.3**2 + 3 * (2 / 3 - 0.7) ** 2) / 5)
    assert parts.resolution == pytest.approx((2 * 0.1**2 + 3 * (2 / 3 - 0.6) ** 2) / 5)
    assert parts.uncertainty == pytest.approx(0.24)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_weight_two_is_the_row_twice(seed):
    y, p, w, n_bins, strategy = draw(seed)
    how = {"n_bins": n_bins, "strategy": strategy}
    for metric in (calibration_bins, calibration_curve, expected_calibration_error):
        weighted = metric(y, p, sample_weight=w, **how)
        np.testing.assert_allclose(weighted, metric(y.repeat(w), p.repeat(w), **how), atol=1e-12)


def test_weights_of_quantile_bins_are_whole_numbers():
    with pytest.raises(ValueError, match="strategy='uniform'"):
        calibration_curve([0, 1], [0.1, 0.9], sample_weight=[1.0, 0.5], strategy="quantile")


def test_bins_of_an_unknown_kind_are_refused():
    for metric in (calibration_bins, calibration_curve, expected_calibration_error):
        with pytest.raises(ValueError, match="strategy is 'quantiles'"):
            metric([0, 1], [0.1, 0.9], strategy="quantiles")


def test_norms_of_the_calibration_error_by_hand():
    y, p = [0, 0, 0, 1], [0.2, 0.4, 0.9, 0.7]  # bins: 0 against 0.3, 0.5 against 0.8
    how = {"n_bins": 2}
    assert expected_calibration_error(y, p, **how) == pytest.approx(0.3)
    y = [0, 0, 1, 1]  # 0 against 0.3, 1 against 0.8
    assert expected_calibration_error(y, p, **how) == pytest.approx(0.25)
    assert expected_calibration_error(y, p, norm="max", **how) == pytest.approx(0.3)
    assert expected_calibration_error(y, p, norm="l2", **how) == pytest.approx(np.sqrt(0.065))


def test_calibration_slope_is_newtons():
    rng = np.random.default_rng(0)
    p = rng.random(300)
    y, w = rng.random(300) < p**2, rng.integers(0, 3, 300)
    log_odds = np.log(p / (1 - p))
    for weights in (None, w.astype(float)):
        intercept, slope = newton_logistic(log_odds[:, None], y, weights)
        found = calibration_slope(y, p, sample_weight=weights)
        assert found.slope == pytest.approx(slope, abs=1e-9)
        assert found.intercept == pytest.approx(intercept, abs=1e-9)


def test_calibration_slope_undoes_a_stretch_of_the_log_odds():
    rng = np.random.default_rng(1)
    z = rng.normal(size=500)
    y = rng.random(500) < 1 / (1 + np.exp(-z))
    slope, intercept = calibration_slope(y, 1 / (1 + np.exp(-z)))
    stretched = calibration_slope(y, 1 / (1 + np.exp(-(2 * z - 1))))
    assert stretched.slope == pytest.approx(slope / 2, rel=1e-8)
    assert stretched.intercept == pytest.approx(intercept + slope / 2, rel=1e-6)


def test_calibration_slope_of_a_perfect_ranking_warns_and_of_one_class_is_refused():
    with pytest.warns(SeparationWarning):
        calibration_slope([0, 0, 1, 1], [0.1, 0.2, 0.8, 1.0])
    with pytest.raises(ValueError, match="1 class"):
        calibration_slope([1, 1], [0.1, 0.2])
