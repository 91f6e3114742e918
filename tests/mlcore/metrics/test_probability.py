"""Scores of probabilities, by hand."""

import numpy as np
import pytest

from mlcore.metrics import brier_score_loss, calibration_curve, log_loss


def test_log_loss_by_hand_for_two_and_three_classes():
    assert log_loss([0, 1], [0.1, 0.8]) == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2)
    P = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3]]
    expected = -(np.log(0.7) + np.log(0.6) + np.log(0.5)) / 3
    assert log_loss(["a", "c", "b"], P) == pytest.approx(expected)


def test_log_of_zero_is_a_large_number_not_infinity():
    assert log_loss([0, 1], [1.0, 0.0]) == pytest.approx(36.04, abs=0.01)
    assert log_loss([0, 1], [0.0, 1.0]) == pytest.approx(0.0, abs=1e-15)


def test_brier_by_hand_and_weighted():
    assert brier_score_loss([0, 1], [0.1, 0.8]) == pytest.approx((0.01 + 0.04) / 2)
    assert brier_score_loss([0, 1], [0.1, 0.8], sample_weight=[3, 1]) == pytest.approx(0.07 / 4)


def test_calibration_bins_by_hand():
    y, p = [0, 0, 1, 1, 1, 0], [0.0, 0.2, 0.2, 0.9, 1.0, 0.95]
    share, stated = calibration_curve(y, p, n_bins=5)
    np.testing.assert_allclose(share, [1 / 3, 2 / 3])  # (0, .2] holds 0 as well; 3 bins are empty
    np.testing.assert_allclose(stated, [0.4 / 3, 2.85 / 3])
    share, stated = calibration_curve(y, p, n_bins=2, strategy="quantile")
    np.testing.assert_allclose(share, [1 / 3, 2 / 3])


@pytest.mark.parametrize("bad", [[-0.1, 0.5], [0.2, 1.1]])
def test_what_is_no_probability_is_refused(bad):
    for metric in (log_loss, brier_score_loss, calibration_curve):
        with pytest.raises(ValueError, match="probabilities from 0 to 1"):
            metric([0, 1], bad)


def test_weights_of_log_loss_by_hand():
    expected = -(3 * np.log(0.9) + np.log(0.8)) / 4
    assert log_loss([0, 1], [0.1, 0.8], sample_weight=[3, 1]) == pytest.approx(expected)


def test_quantile_bins_are_not_those_of_equal_width():
    y, p = [0, 1, 0, 1, 1, 1], [0.01, 0.02, 0.03, 0.04, 0.5, 0.9]
    share, stated = calibration_curve(y, p, n_bins=3, strategy="quantile")
    np.testing.assert_allclose(share, [0.5, 0.5, 1.0])
    np.testing.assert_allclose(stated, [0.015, 0.035, 0.7])


@pytest.mark.parametrize(
    ("P", "message"),
    [
        ([[0.9, 0.9], [0.1, 0.9]], "adds up to 1.8 in row 0"),
        ([[0.5, 0.5]], "shape \\(1, 2\\)"),
        ([np.nan, 0.5], "probabilities from 0 to 1"),
    ],
)
def test_what_log_loss_refuses(P, message):
    with pytest.raises(ValueError, match=message):
        log_loss([0, 1], P)
