"""Errors of predicted numbers, by hand, by loops and by what must not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    d2_absolute_error_score,
    d2_pinball_score,
    explained_variance_score,
    max_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_pinball_loss,
    mean_squared_error,
    mean_squared_log_error,
    median_absolute_error,
    r2_score,
    root_mean_squared_error,
    root_mean_squared_log_error,
)
from mlcore.metrics.regression import weighted_quantile

SOME = settings(max_examples=40, deadline=None)

WEIGHTED = [
    d2_absolute_error_score,
    d2_pinball_score,
    explained_variance_score,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_pinball_loss,
    mean_squared_error,
    mean_squared_log_error,
    median_absolute_error,
    r2_score,
    root_mean_squared_error,
    root_mean_squared_log_error,
]
Y, PREDICTED = [1.0, 2.0, 4.0, 5.0], [2.0, 2.0, 1.0, 7.0]  # errors -1, 0, 3, -2; mean 3


@st.composite
def number_rows(draw):
    """Targets, predictions and whole weights of at least two rows of weight."""
    number = st.integers(0, 12).map(lambda i: i / 2)
    rows = draw(
        st.lists(st.tuples(number, number, st.integers(0, 3)), min_size=2, max_size=12).filter(
            lambda rows: sum(w > 0 for _, _, w in rows) >= 2
        )
    )
    y, prediction, w = zip(*rows, strict=True)
    return np.array(y), np.array(prediction), np.array(w)


def test_every_score_by_hand():
    for score, expected in (
        (mean_squared_error, 14 / 4),
        (root_mean_squared_error, (14 / 4) ** 0.5),
        (mean_absolute_error, 6 / 4),
        (median_absolute_error, 1.5),
        (max_error, 3),
        (mean_absolute_percentage_error, (1 + 0 + 3 / 4 + 2 / 5) / 4),
        (mean_pinball_loss, 6 / 4 / 2),
        (r2_score, 1 - 14 / 10),
        (explained_variance_score, 1 - 14 / 10),  # the errors' mean is 0
        (d2_absolute_error_score, 1 - 6 / 6),
        (d2_pinball_score, 1 - 6 / 6),
    ):
        assert score(Y, PREDICTED) == pytest.approx(expected), score.__name__
    logs = [np.log(2 / 3) ** 2, 0, np.log(5 / 2) ** 2, np.log(6 / 8) ** 2]
    assert mean_squared_log_error(Y, PREDICTED) == pytest.approx(sum(logs) / 4)
    assert root_mean_squared_log_error(Y, PREDICTED) == pytest.approx((sum(logs) / 4) ** 0.5)


def test_pinball_asks_more_of_one_side():
    # Too low by 3 costs alpha of it, too high by 1 and by 2 cost 1 - alpha of it.
    assert mean_pinball_loss(Y, PREDICTED, alpha=0.8) == pytest.approx((0.8 * 3 + 0.2 * 3) / 4)
    assert mean_pinball_loss(Y, PREDICTED, alpha=1) == pytest.approx(3 / 4)
    # Against the quantile 0.75 of y, which is 4.5: too low by 0.5, too high by 3.5, 2.5, 0.5.
    whole = (0.75 * 0.5 + 0.25 * 6.5) / 4
    assert d2_pinball_score(Y, PREDICTED, alpha=0.75) == pytest.approx(
        1 - mean_pinball_loss(Y, PREDICTED, alpha=0.75) / whole
    )


@SOME
@given(number_rows(), st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.9, 1.0]))
def test_no_constant_has_a_smaller_pinball_loss_than_the_quantile(rows, alpha):
    y, _, w = rows

    def loss(constant):
        return mean_pinball_loss(y, np.full(len(y), constant), sample_weight=w, alpha=alpha)

    best = loss(weighted_quantile(y, w.astype(float), alpha))
    assert best <= min(loss(value) for value in y) + 1e-12


@pytest.mark.parametrize(
    ("share", "expected"), [(0, 2.0), (0.25, 2.0), (0.5, 2.5), (0.51, 3.0), (1, 3.0)]
)
def test_rows_of_no_weight_have_no_say_in_a_quantile(share, expected):
    values, w = np.array([9.0, 3.0, 2.4, 2.0, 1.0]), np.array([0.0, 2.0, 0.0, 2.0, 0.0])
    assert weighted_quantile(values, w, share) == expected


@SOME
@given(number_rows())
def test_the_median_is_that_of_the_rows_repeated(rows):
    y, prediction, w = rows
    errors = np.repeat(np.abs(y - prediction), w)
    assert median_absolute_error(y, prediction, sample_weight=w) == np.median(errors)
    tenths = median_absolute_error(y, prediction, sample_weight=w * 0.1)
    assert tenths == np.median(errors)  # sums of tenths are rounded


@SOME
@given(number_rows())
def test_shares_explained_by_loops(rows):
    y, prediction, w = rows
    e = y - prediction
    repeated, errors = np.repeat(y, w), np.repeat(e, w)
    if np.ptp(repeated) == 0:
        return
    spread = sum((v - repeated.mean()) ** 2 for v in repeated)
    assert r2_score(y, prediction, sample_weight=w) == pytest.approx(
        1 - sum(v**2 for v in errors) / spread
    )
    assert explained_variance_score(y, prediction, sample_weight=w) == pytest.approx(
        1 - sum((v - errors.mean()) ** 2 for v in errors) / spread
    )
    spread = sum(abs(v - np.median(repeated)) for v in repeated)
    assert d2_absolute_error_score(y, prediction, sample_weight=w) == pytest.approx(
        1 - sum(abs(v) for v in errors) / spread
    )


@SOME
@given(number_rows(), st.randoms(use_true_random=False))
def test_order_repetitions_and_rows_of_no_weight(rows, random):
    y, prediction, w = rows
    order = list(range(len(y)))
    random.shuffle(order)
    kept = w > 0
    for score in WEIGHTED:
        expected = pytest.approx(score(y, prediction, sample_weight=w), rel=1e-9)
        assert score(y[order], prediction[order], sample_weight=w[order]) == expected
        assert score(np.repeat(y, w), np.repeat(prediction, w)) == expected
        assert score(y[kept], prediction[kept], sample_weight=w[kept]) == expected
        assert score(y, prediction, sample_weight=w * 7) == expected


@SOME
@given(number_rows(), st.sampled_from([0.25, 3.0, 1000.0]))
def test_units(rows, unit):
    y, prediction, w = rows
    for score in (mean_absolute_error, median_absolute_error, root_mean_squared_error):
        assert score(unit * y, unit * prediction, sample_weight=w) == pytest.approx(
            unit * score(y, prediction, sample_weight=w)
        )
    for score in (r2_score, explained_variance_score, d2_absolute_error_score):
        assert score(unit * y, unit * prediction, sample_weight=w) == pytest.approx(
            score(y, prediction, sample_weight=w)
        )


@pytest.mark.parametrize("constant", [2.0, 0.1])  # the mean of three 0.1 is not 0.1
def test_a_constant_target(constant):
    y, off = [constant] * 3, [constant, constant + 1, constant - 1]
    for score in (r2_score, explained_variance_score):
        assert score(y, y) == 1.0
        assert score(y, off) == 0.0
        assert np.isnan(score(y, y, force_finite=False))
        assert score(y, off, force_finite=False) == -np.inf
    assert d2_pinball_score(y, y, alpha=0.2) == 1.0
    assert d2_absolute_error_score(y, off) == 0.0
    assert explained_variance_score(y, [constant + 1] * 3) == 1.0


def test_one_row_has_no_spread():
    for score in (r2_score, d2_pinball_score, d2_absolute_error_score):
        with pytest.warns(UndefinedMetricWarning, match="only 1 row") as caught:
            assert np.isnan(score([3.0], [2.5]))
        assert caught[0].filename == __file__


def test_a_share_of_zero_is_huge_but_finite():
    assert mean_absolute_percentage_error([0.0], [1.0]) == pytest.approx(1 / np.finfo(float).eps)


def test_what_is_refused():
    for score in (*WEIGHTED, max_error):
        with pytest.raises(ValueError, match=r"y_true has shape \(2, 2\)"):
            score([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])
        with pytest.raises(ValueError, match="2 values and y_pred 1"):
            score([1.0, 2.0], [1.0])
        with pytest.raises(ValueError, match="y_true is empty"):
            score([], [])
        with pytest.raises(ValueError, match="y_pred is nan in row 1"):
            score([1.0, 2.0], [1.0, np.nan])
    for score in (mean_squared_log_error, root_mean_squared_log_error):
        with pytest.raises(ValueError, match=r"y_pred is -1.0 in row 1, .* mean_squared_error"):
            score([1.0, 2.0], [1.0, -1.0])
    for score in (mean_pinball_loss, d2_pinball_score):
        with pytest.raises(ValueError, match="alpha is 1.5"):
            score([1.0, 2.0], [1.0, 2.0], alpha=1.5)
    for score in (r2_score, explained_variance_score):
        with pytest.raises(ValueError, match="force_finite is None"):
            score([1.0, 2.0], [1.0, 2.0], force_finite=None)
