"""Matthews' correlation and Cohen's kappa, by hand and by counting."""

import warnings
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import cohen_kappa_score, matthews_corrcoef
from tests.mlcore.metrics.counting import labelled_rows, weight_where

SOME = settings(max_examples=40, deadline=None)

DISAGREEMENT = {
    None: lambda i, j: int(i != j),
    "linear": lambda i, j: abs(i - j),
    "quadratic": lambda i, j: (i - j) ** 2,
}


def kappa_of(t, p, w, order, weights):
    """Kappa from every pair of classes, or None where it is 0/0."""
    total = Fraction(int(w.sum()))
    seen = chance = Fraction(0)
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            d = DISAGREEMENT[weights](i, j)
            seen += d * weight_where((t == a) & (p == b), w) / total
            chance += d * weight_where(t == a, w) * weight_where(p == b, w) / total**2
    return float(1 - seen / chance) if chance else None


def test_matthews_by_hand():
    # tp 2, fp 1, fn 3, tn 4: (2 * 4 - 1 * 3) / sqrt(3 * 5 * 5 * 7)
    t, p = [1, 1, 0, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert matthews_corrcoef(t, p) == pytest.approx(5 / np.sqrt(3 * 5 * 5 * 7))
    assert matthews_corrcoef(t, t) == pytest.approx(1.0)
    assert matthews_corrcoef([0, 1, 0, 1], [1, 0, 1, 0]) == pytest.approx(-1.0)


def test_matthews_of_counts_whose_product_overflows_64_bits():
    tp, fp, fn, tn = 100007, 30001, 20009, 99987
    exact = Fraction(
        (tp * tn - fp * fn) ** 2, (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    )  # its square
    t, p = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    assert matthews_corrcoef(t, p) == pytest.approx(float(exact) ** 0.5, rel=1e-13)
    w = np.array([tp, fp, fn, tn]) * 1000
    got = matthews_corrcoef([1, 0, 1, 0], [1, 1, 0, 0], sample_weight=w)
    assert got == pytest.approx(float(exact) ** 0.5, rel=1e-13)


@SOME
@given(labelled_rows("ab"))
def test_matthews_is_the_correlation_of_two_classes(rows):
    t, p, w = rows
    x, y = (np.repeat(v == "b", w).astype(float) for v in (t, p))
    expected = np.corrcoef(x, y)[0, 1] if x.std() > 0 and y.std() > 0 else 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        assert matthews_corrcoef(t, p, sample_weight=w) == pytest.approx(expected)


def test_no_spread_is_no_correlation():
    assert matthews_corrcoef([0, 1, 1], [1, 1, 1]) == 0.0
    # Sums of such weights are rounded, which must not be taken for a correlation.
    w = [0.1, 0.2, 0.3]
    assert matthews_corrcoef([1, 1, 1], [0, 1, 2], sample_weight=w) == 0.0
    assert matthews_corrcoef([0, 1, 2], [1, 1, 1], sample_weight=w) == 0.0
    with pytest.warns(UndefinedMetricWarning, match="0/0") as caught:
        assert matthews_corrcoef(["a", "a"], ["a", "a"]) == 0.0
    assert caught[0].filename == __file__


def test_kappa_by_hand():
    # Agreement 3/5; by chance (3/5)(3/5) + (2/5)(2/5) = 13/25.
    y1, y2 = [0, 0, 0, 1, 1], [0, 0, 1, 0, 1]
    assert cohen_kappa_score(y1, y2) == pytest.approx((3 / 5 - 13 / 25) / (1 - 13 / 25))
    assert cohen_kappa_score(y1, y1) == 1.0
    # One of three is two steps off: seen 2/3 (squared 4/3); by chance 8/9 (squared 4/3).
    y1, y2 = [0, 1, 2], [2, 1, 2]
    assert cohen_kappa_score(y1, y2, weights="linear") == pytest.approx(1 - (2 / 3) / (8 / 9))
    assert cohen_kappa_score(y1, y2, weights="quadratic") == pytest.approx(0.0)


@SOME
@given(labelled_rows("abc"), st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_by_counting_every_pair(rows, weights):
    t, p, w = rows
    for order in (["a", "b", "c"], ["b", "c", "a"]):
        expected = kappa_of(t, p, w, order, weights)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            got = cohen_kappa_score(
                t, p, labels=order, weights=weights, sample_weight=w, replace_undefined_by=-0.5
            )
        assert got == pytest.approx(-0.5 if expected is None else expected)
        assert len(caught) == (expected is None)


@SOME
@given(labelled_rows("abc"), st.randoms(use_true_random=False))
def test_order_of_rows_names_of_classes_sides_and_repetitions(rows, random):
    t, p, w = rows
    order = list(range(len(t)))
    random.shuffle(order)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        scores = [matthews_corrcoef, cohen_kappa_score]
        for score in scores:
            expected = pytest.approx(score(t, p, sample_weight=w), nan_ok=True)
            assert score(t[order], p[order], sample_weight=w[order]) == expected
            assert score(p, t, sample_weight=w) == expected
            for names in permutations([3, 1, 2]):
                rename = np.vectorize(dict(zip("abc", names, strict=True)).get)
                assert score(rename(t), rename(p), sample_weight=w) == expected
            assert score(np.repeat(t, w), np.repeat(p, w)) == expected


def test_kappa_of_one_class_is_nan_or_what_is_asked_for():
    with pytest.warns(UndefinedMetricWarning, match="kappa is 0/0, and counts as nan") as caught:
        assert np.isnan(cohen_kappa_score([1, 1], [1, 1]))
    assert caught[0].filename == __file__
    with pytest.warns(UndefinedMetricWarning):
        assert cohen_kappa_score([1, 1], [1, 1], replace_undefined_by=0) == 0.0
    with pytest.warns(UndefinedMetricWarning):  # no row has a listed label on both sides
        assert np.isnan(cohen_kappa_score([0, 1], [2, 2], labels=[0, 1]))


def test_what_kappa_refuses():
    with pytest.raises(ValueError, match="weights is 'cubic'"):
        cohen_kappa_score([0, 1], [0, 1], weights="cubic")
    with pytest.raises(ValueError, match="replace_undefined_by is 2"):
        cohen_kappa_score([0, 1], [0, 1], replace_undefined_by=2)
    with pytest.raises(ValueError, match="y1 has 2 values and y2 1"):
        cohen_kappa_score([0, 1], [0])
