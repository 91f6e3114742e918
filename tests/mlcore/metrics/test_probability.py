"""Scores of probabilities, by hand."""

import numpy as np
import pytest

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import brier_score_loss, d2_brier_score, d2_log_loss_score, log_loss


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


@pytest.mark.parametrize("bad", [[-0.1, 0.5], [0.2, 1.1]])
def test_what_is_no_probability_is_refused(bad):
    for metric in (log_loss, brier_score_loss, d2_log_loss_score, d2_brier_score):
        with pytest.raises(ValueError, match="probabilities from 0 to 1"):
            metric([0, 1], bad)


def test_weights_of_log_loss_by_hand():
    expected = -(3 * np.log(0.9) + np.log(0.8)) / 4
    assert log_loss([0, 1], [0.1, 0.8], sample_weight=[3, 1]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("P", "message"),
    [
        ([[0.9, 0.9], [0.1, 0.9]], "adds up to 1.8 in row 0"),
        ([[0.5, 0.5]], "shape \\(1, 2\\)"),
        ([np.nan, 0.5], "nan in row 0"),
    ],
)
def test_what_log_loss_refuses(P, message):
    with pytest.raises(ValueError, match=message):
        log_loss([0, 1], P)


def test_a_class_without_rows_is_named_by_labels():
    with pytest.raises(
        ValueError, match=r"shape \(3,\), read .* y_true has \[0\]. Name both classes"
    ):
        log_loss([0, 0, 0], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"shape \(2, 3\), .* Name all classes with labels="):
        log_loss([0, 0], [[0.1, 0.2, 0.7]] * 2)
    with pytest.raises(ValueError, match=r"y_proba has shape \(2,\), but 3 values were expected"):
        log_loss([0, 1, 0], [0.1, 0.2])
    expected = -np.log([0.9, 0.8, 0.7]).mean()
    assert log_loss([0, 0, 0], [0.1, 0.2, 0.3], labels=[0, 1]) == pytest.approx(expected)
    total = log_loss([0, 0, 0], [0.1, 0.2, 0.3], labels=[0, 1], normalize=False)
    assert total == pytest.approx(3 * expected)
    with pytest.raises(ValueError, match="sorted order"):
        log_loss([0, 0], [0.1, 0.2], labels=[1, 0])
    with pytest.raises(ValueError, match=r"y_true has the labels \[2\]"):
        log_loss([0, 2], [0.1, 0.2], labels=[0, 1])


def test_float32_keeps_its_own_distance_from_zero():
    p = np.array([1.0, 0.0], dtype=np.float32)
    assert log_loss([0, 1], p) == pytest.approx(-np.log(np.finfo(np.float32).eps))
    # But the base rates of d2 are float64, and 1 for rows of one class.
    p = np.array([0.5, 0.5], dtype=np.float32)
    expected = 1 - np.log(2) / -np.log1p(-np.finfo(np.float64).eps)
    assert d2_log_loss_score([1, 1], p, labels=[0, 1]) == pytest.approx(expected)


def test_brier_of_three_classes_by_hand():
    P = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]
    whole = (0.09 + 0.04 + 0.01 + 0.01 + 0.09 + 0.16) / 2
    assert brier_score_loss(["a", "c"], P, labels=["a", "b", "c"]) == pytest.approx(whole)
    halved = brier_score_loss(["a", "c"], P, labels=["a", "b", "c"], scale_by_half=True)
    assert halved == pytest.approx(whole / 2)


def test_brier_of_two_columns_is_that_of_one():
    y, p = ["n", "y", "y"], np.array([0.1, 0.8, 0.4])
    one = brier_score_loss(y, p, pos_label="y")
    assert brier_score_loss(y, np.column_stack([1 - p, p])) == pytest.approx(one, abs=1e-15)
    assert brier_score_loss([2, 5, 5], p) == pytest.approx(one)  # the greater number is positive
    for negative in (0, -1):
        assert brier_score_loss([negative] * 3, p) == pytest.approx((p**2).mean())
    with pytest.raises(ValueError, match="pos_label='n' or pos_label='y'"):
        brier_score_loss(y, p)


def test_d2_by_hand():
    y, p, w = [0, 1, 1], [0.1, 0.8, 0.7], [1.0, 2.0, 1.0]
    brier, base = (0.01 + 2 * 0.04 + 0.09) / 4, 0.75 * 0.25
    assert d2_brier_score(y, p, sample_weight=w) == pytest.approx(1 - brier / base)
    log = -(np.log(0.9) + 2 * np.log(0.8) + np.log(0.7))
    base = -(3 * np.log(0.75) + np.log(0.25))
    assert d2_log_loss_score(y, p, sample_weight=w) == pytest.approx(1 - log / base)
    assert d2_brier_score(y, [2 / 3] * 3) == pytest.approx(0.0, abs=1e-15)


def test_d2_is_undefined_for_one_row_or_one_class():
    for metric in (d2_log_loss_score, d2_brier_score):
        with pytest.warns(UndefinedMetricWarning, match="fewer than two rows"):
            assert np.isnan(metric([1], [0.5]))
    with pytest.warns(UndefinedMetricWarning, match="one class only"):
        assert d2_brier_score([1, 1], [0.9, 0.8]) == -np.inf
    with pytest.warns(UndefinedMetricWarning, match="one class only"):
        assert np.isnan(d2_brier_score([1, 1], [1.0, 1.0]))


@pytest.mark.parametrize("seed", range(20))
def test_weight_two_is_the_row_twice(seed):
    rng = np.random.default_rng(seed)
    y, P = rng.integers(0, 3, 30), rng.dirichlet(np.ones(3), 30)
    y[:3] = 0, 1, 2
    w = rng.integers(0, 3, 30)
    w[:3] += 1
    for metric in (log_loss, brier_score_loss, d2_log_loss_score, d2_brier_score):
        twice = metric(y.repeat(w), P.repeat(w, axis=0))
        assert metric(y, P, sample_weight=w) == pytest.approx(twice, abs=1e-12)
