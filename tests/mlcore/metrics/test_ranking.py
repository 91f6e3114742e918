"""ROC and precision-recall against every pair and every threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    auc,
    average_precision_score,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from tests.oracles import auc_of_pairs


def draw(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 40))
    y = rng.integers(0, 2, n)
    y[:2] = 0, 1
    return y, np.round(rng.random(n), int(rng.integers(1, 3))), rng.integers(0, 3, n) + (seed % 2)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_auc_is_the_share_of_pairs_in_order(seed):
    y, score, w = draw(seed)
    assert roc_auc_score(y, score) == pytest.approx(auc_of_pairs(y, score), abs=1e-12)
    if w[y == 1].sum() and w[y == 0].sum():
        expected = auc_of_pairs(y, score, w)
        assert roc_auc_score(y, score, sample_weight=w) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_curves_by_trying_every_threshold(seed):
    y, score, _ = draw(seed)
    fpr, tpr, thresholds = roc_curve(y, score, drop_intermediate=False)
    for f, t, cut in zip(fpr, tpr, thresholds, strict=True):
        flagged = score >= cut
        assert f == pytest.approx(flagged[y == 0].mean())
        assert t == pytest.approx(flagged[y == 1].mean())
    precision, recall, thresholds = precision_recall_curve(y, score)
    for p, r, cut in zip(precision, recall, thresholds, strict=False):
        flagged = score >= cut
        assert p == pytest.approx(y[flagged].mean())
        assert r == pytest.approx(flagged[y == 1].mean())
    assert (precision[-1], recall[-1]) == (1.0, 0.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_only_the_order_of_scores_and_no_order_of_rows_matters(seed):
    y, score, _ = draw(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    for metric in (roc_auc_score, average_precision_score):
        assert metric(y[order], np.exp(3 * score[order])) == pytest.approx(metric(y, score))
    assert roc_auc_score(y, -score) == pytest.approx(1 - roc_auc_score(y, score))


def test_dropping_points_on_straight_lines_keeps_the_area():
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, 500), rng.random(500)
    full, bent = roc_curve(y, score, drop_intermediate=False), roc_curve(y, score)
    assert len(bent[0]) < len(full[0])
    area = [float(np.sum(np.diff(f) * (t[1:] + t[:-1]) / 2)) for f, t, _ in (full, bent)]
    assert area[0] == pytest.approx(area[1], abs=1e-12)


def test_no_information():
    y = np.array([1, 0, 0, 1, 0])
    assert roc_auc_score(y, np.full(5, 0.3)) == 0.5
    assert average_precision_score(y, np.full(5, 0.3)) == pytest.approx(0.4)


def test_curves_of_text_need_to_be_told_which_is_positive_and_the_area_takes_the_greater():
    for curve in (roc_curve, precision_recall_curve, det_curve):
        with pytest.raises(ValueError, match="not said.* pos_label='no' or pos_label='yes'"):
            curve(["no", "yes"], [0.1, 0.9])
        with pytest.raises(ValueError, match="'ja', but .* pos_label='no' or pos_label='yes'"):
            curve(["no", "yes"], [0.1, 0.9], pos_label="ja")
    assert roc_auc_score(["no", "yes"], [0.1, 0.9]) == 1.0
    assert roc_auc_score(["no", "yes"], [0.1, 0.9], pos_label="no") == 0.0


@pytest.mark.parametrize("y", [[1, 1], [0, 0]])
def test_one_class_has_no_area(y):
    with pytest.warns(UndefinedMetricWarning, match="area under the ROC curve is undefined"):
        assert np.isnan(roc_auc_score(y, [0.1, 0.2]))
    with pytest.warns(UndefinedMetricWarning, match=f"no {['positive', 'negative'][y[0]]} rows"):
        fpr, tpr, _ = roc_curve(y, [0.1, 0.2])
    assert np.isnan(fpr if y[0] else tpr).all()
    np.testing.assert_allclose(tpr if y[0] else fpr, [0.0, 0.5, 1.0])
    with pytest.raises(ValueError, match="both errors need rows of both classes"):
        det_curve(y, [0.1, 0.2])


def test_no_positives_have_recall_one_and_average_precision_zero():
    with pytest.warns(UndefinedMetricWarning, match="recall is undefined"):
        precision, recall, _ = precision_recall_curve([0, 0], [0.1, 0.2])
    assert (precision.tolist(), recall.tolist()) == ([0.0, 0.0, 1.0], [1.0, 1.0, 0.0])
    with pytest.warns(UndefinedMetricWarning):
        assert average_precision_score([0, 0], [0.1, 0.2]) == 0.0


def test_three_classes_and_scores_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="3 classes"):
        roc_auc_score([0, 1, 2], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="nan in row 1"):
        roc_auc_score([0, 1], [0.1, np.nan])


def test_weights_of_average_precision_and_weight_zero():
    y, score, w = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1]), np.array([2.0, 3, 1, 5])
    by_hand = (2 / 3) * 1.0 + (1 / 3) * (3 / 6)
    assert average_precision_score(y, score, sample_weight=w) == pytest.approx(by_hand)
    without = roc_curve(y[1:], score[1:])
    for a, b in zip(roc_curve(y, score, sample_weight=[0, 1, 1, 1]), without, strict=True):
        assert a.tolist() == b.tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_weight_two_is_the_row_twice(seed):
    y, score, w = draw(seed)
    w[:2] += 1
    twice = y.repeat(w), score.repeat(w)
    for f in (det_curve, roc_auc_score, average_precision_score):
        np.testing.assert_allclose(f(y, score, sample_weight=w), f(*twice), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_det_curve_by_trying_every_threshold(seed):
    y, score, _ = draw(seed)
    fpr, fnr, thresholds = det_curve(y, score)
    for f, m, cut in zip(fpr, fnr, thresholds, strict=True):
        assert f == pytest.approx((score[y == 0] >= cut).mean())
        assert m == pytest.approx((score[y == 1] < cut).mean())
    assert fnr[0] == 0.0
    assert fpr[-1] == 0.0
    assert (fpr[:-1] > 0).all()
    assert (fnr[1:] > 0).all()


def test_the_area_up_to_a_rate_by_hand():
    # ROC points (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1): up to 0.25 the area is 0.125.
    y, score = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    chance, best = 0.25**2 / 2, 0.25
    expected = 0.5 * (1 + (0.125 - chance) / (best - chance))
    assert roc_auc_score(y, score, max_fpr=0.25) == pytest.approx(expected, abs=1e-15)
    assert roc_auc_score(y, score, max_fpr=1.0) == 0.75
    assert roc_auc_score([0, 1] * 50, np.zeros(100), max_fpr=0.1) == pytest.approx(0.5)


def test_points_of_one_recall_are_dropped_but_for_its_ends():
    y, score = [1, 0, 0, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.5]
    _, recall, thresholds = precision_recall_curve(y, score, drop_intermediate=True)
    assert thresholds.tolist() == [0.5, 0.6, 0.9]
    assert recall.tolist() == [1.0, 0.5, 0.5, 0.0]


def test_a_named_class_may_be_scored_against_several_others():
    y, score = np.array([0, 1, 2, 2]), [0.1, 0.4, 0.3, 0.9]
    for curve in (roc_curve, precision_recall_curve):
        for a, b in zip(curve(y, score, pos_label=2), curve(y == 2, score), strict=True):
            assert a.tolist() == b.tolist()


def test_area_of_any_curve():
    assert auc([1.0, 0.5, 0.0], [1.0, 1.0, 0.0]) == 0.75  # a falling x counts as a rising one
    with pytest.raises(ValueError, match="rises and falls"):
        auc([0.0, 1.0, 0.5], [0.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="at least 2"):
        auc([0.0], [1.0])


def test_the_area_of_points_that_are_no_numbers_is_refused():
    with pytest.raises(ValueError, match="x is nan in row 1"):
        auc([0.0, np.nan, 1.0], [0.0, 1.0, 1.0])
