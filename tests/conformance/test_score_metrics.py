"""Metrics of scores and probabilities, live against scikit-learn, SciPy and statsmodels.

CI runs it by path where those are installed: python -m pytest tests/conformance/test_score_metrics.py
"""

import warnings

import numpy as np
import pytest
import sklearn.metrics as theirs
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from sklearn.calibration import calibration_curve
from sklearn.exceptions import UndefinedMetricWarning as TheirWarning
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

import mlcore.metrics as ours
from mlcore import student, tails
from mlcore.checks import UndefinedMetricWarning

LABELS = [(0, 1), (-1, 1), (False, True), (0.0, 1.0)]
often = settings(max_examples=80, deadline=None)
seldom = settings(max_examples=25, deadline=None)  # scikit-learn takes its time
seeds = st.integers(0, 10**9)


def two_classes(seed):
    """Labels, scores with ties or without, and weights, zeros and None among them."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    y = rng.integers(0, 2, n)
    if seed % 7:  # else possibly of one class
        y[:2] = 0, 1
    kind = seed % 5
    s = rng.random(n) if kind == 0 else np.round(rng.random(n), kind - 1 if kind < 3 else 1)
    weights = [None, rng.random(n) + 0.1, rng.integers(0, 3, n).astype(float)]
    w = weights[seed % 3]
    if w is not None:
        w[:2] += 1.0
    return np.array(LABELS[seed % 4])[y], s, w


def classes(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 6))
    y = np.append(np.arange(k), rng.integers(0, k, int(rng.integers(1, 40))))
    P = rng.dirichlet(np.ones(k), len(y)) if seed % 2 else rng.integers(1, 6, (len(y), k))
    w = [None, rng.random(len(y)) + 0.1, np.append(np.ones(k), rng.integers(0, 3, len(y) - k))]
    return np.array(["a", "b", "c", "d", "e"])[y], P / P.sum(axis=1, keepdims=True), w[seed % 3]


def same(name, *args, **how):
    """Compare one function of both; where theirs warns of an undefined score, so must ours."""
    with warnings.catch_warnings(record=True) as expected_warnings:
        warnings.simplefilter("always")
        expected = getattr(theirs, name)(*args, **how)
    with warnings.catch_warnings(record=True) as found_warnings:
        warnings.simplefilter("always")
        found = getattr(ours, name)(*args, **how)
    undefined = any(issubclass(w.category, TheirWarning) for w in expected_warnings)
    warned = any(issubclass(w.category, UndefinedMetricWarning) for w in found_warnings)
    assert warned or not undefined
    for a, b in zip(np.atleast_1d(found), np.atleast_1d(expected), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@often
@given(seeds, st.booleans())
def test_curves(seed, drop):
    y, s, w = two_classes(seed)
    counted = y if w is None else y[w > 0]  # weight 0 is no row
    for name in ("roc_curve", "precision_recall_curve", "det_curve"):
        if name == "det_curve" and len(set(counted.tolist())) < 2:
            with pytest.raises(ValueError, match="both classes"):
                ours.det_curve(y, s, sample_weight=w)
            continue
        whole = w is None or not (w % 1).any()
        if drop and not whole:  # whether points lie on a line turns on the last bit of a sum
            continue
        same_curve(name, y, s, sample_weight=w, drop_intermediate=drop)


def same_curve(name, *args, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        curves = [getattr(side, name)(*args, **how) for side in (ours, theirs)]
    for a, b in zip(*curves, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@often
@given(seeds, st.sampled_from([None, 1.0, 0.9, 0.3, 0.05]))
def test_areas_of_two_classes(seed, max_fpr):
    y, s, w = two_classes(seed)
    if max_fpr in (None, 1.0) or len(set(y.tolist())) == 2:
        same("roc_auc_score", y, s, sample_weight=w, max_fpr=max_fpr)
    same("average_precision_score", y, s, sample_weight=w)
    x = np.sort(s)
    if len(x) > 1:
        same("auc", x, s)
        same("auc", x[::-1], s)


def test_areas_of_float32_and_of_named_labels():
    rng = np.random.default_rng(0)
    y, s = rng.integers(0, 2, 500), rng.normal(size=500).astype(np.float32)
    names = np.array(["no", "yes"])[y]
    same("roc_auc_score", names, s)
    same("roc_auc_score", y * 3 + 2, s)
    same("average_precision_score", names, s, pos_label="yes")
    for name in ("roc_curve", "precision_recall_curve", "det_curve"):
        same_curve(name, names, s, pos_label="no")
    for name in ("roc_curve", "precision_recall_curve"):
        same_curve(name, rng.integers(0, 4, 500), s, pos_label=2)


@seldom
@given(seeds)
def test_areas_of_classes(seed):
    y, P, w = classes(seed)
    for average in ("macro", "weighted", "micro", None):
        same("roc_auc_score", y, P, multi_class="ovr", average=average, sample_weight=w)
        same("average_precision_score", y, P, average=average, sample_weight=w)
    for average in ("macro", "weighted"):
        same("roc_auc_score", y, P, multi_class="ovo", average=average)


@seldom
@given(seeds)
def test_classes_without_rows(seed):
    y, P, w = classes(seed)
    labels, keep = np.unique(y), y != "b"
    y, P, w = y[keep], P[keep], None if w is None else w[keep]
    for average in ("macro", "weighted", "micro", None):
        how = {"multi_class": "ovr", "average": average, "labels": labels, "sample_weight": w}
        same("roc_auc_score", y, P, **how)
    same("roc_auc_score", y, P, multi_class="ovo", labels=labels)
    for name in ("log_loss", "brier_score_loss", "d2_log_loss_score", "d2_brier_score"):
        same(name, y, P, labels=labels, sample_weight=w)
    same("top_k_accuracy_score", y, P, labels=labels, sample_weight=w)


@often
@given(seeds, st.integers(1, 6), st.booleans())
def test_top_k(seed, k, normalize):
    y, P, w = classes(seed)
    same("top_k_accuracy_score", y, P, k=k, normalize=normalize, sample_weight=w)
    y, s, w = two_classes(seed)
    if len(set(y.tolist())) == 2:
        same("top_k_accuracy_score", y, s, k=min(k, 2), normalize=normalize, sample_weight=w)
        same("top_k_accuracy_score", y, 4 * s - 2, k=1, normalize=normalize, sample_weight=w)


@seldom
@given(seeds)
def test_probabilities_of_two_classes(seed):
    y, p, w = two_classes(seed)
    known = {"labels": np.unique(LABELS[seed % 4])}
    same("log_loss", y, p, sample_weight=w, **known)
    same("log_loss", y, p, sample_weight=w, normalize=False, **known)
    same("log_loss", y, np.column_stack([1 - p, p]), sample_weight=w, **known)
    for scale in ("auto", True, False):
        same("brier_score_loss", y, p, sample_weight=w, scale_by_half=scale)
    same("brier_score_loss", y, np.column_stack([1 - p, p]), sample_weight=w, **known)
    if len(set(y.tolist())) == 2:
        same("d2_log_loss_score", y, p, sample_weight=w)
        same("d2_brier_score", y, p, sample_weight=w)
        same("brier_score_loss", np.where(y == y.max(), 5, 2), p, sample_weight=w)
        same("brier_score_loss", np.where(y == y.max(), "u", "v"), p, pos_label="u")


@seldom
@given(seeds)
def test_probabilities_of_classes(seed):
    y, P, w = classes(seed)
    for name in ("log_loss", "brier_score_loss", "d2_log_loss_score", "d2_brier_score"):
        same(name, y, P, sample_weight=w)
    for scale in ("auto", True, False):
        same("brier_score_loss", y, P, sample_weight=w, scale_by_half=scale)


def test_one_row_has_no_d2():
    for name in ("d2_log_loss_score", "d2_brier_score"):
        same(name, [1], [0.3])


@often
@given(seeds, st.integers(1, 12), st.sampled_from(["uniform", "quantile"]))
def test_calibration(seed, n_bins, strategy):
    y, p, _ = two_classes(seed)
    how = {"n_bins": n_bins, "strategy": strategy, "pos_label": 1}
    for a, b in zip(
        ours.calibration_curve(y, p, **how), calibration_curve(y, p, **how), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize(
    "name",
    ["roc_curve", "precision_recall_curve", "det_curve", "roc_auc_score", "log_loss",
     "average_precision_score", "brier_score_loss", "d2_log_loss_score", "d2_brier_score"],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_both(name, bad):
    for side in (ours, theirs):
        with pytest.raises(ValueError, match=r"inf|nan|NaN|greater|lower|less"):
            getattr(side, name)([0, 1, 1], [0.1, bad, 0.3])


@often
@given(seeds)
def test_incomplete_beta_and_its_inverse(seed):
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.integers(0, 4)
    a, b = (rng.random(2) * scale + 0.1).tolist()
    x, p = float(np.clip(rng.beta(a, b), 1e-9, 1 - 1e-9)), float(rng.random())
    assert tails.incomplete_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-12)
    assert tails.beta_quantile(p, a, b) == pytest.approx(special.betaincinv(a, b, p), rel=1e-11)


@often
@given(st.floats(-30, 30), st.sampled_from([1, 2, 3.5, 10, 100]), st.floats(0.001, 0.999))
def test_student(t, df, p):
    # SciPy's t of 1 degree of freedom loses 8 digits near 0; its Cauchy distribution, the same, not.
    theirs_tail = stats.cauchy.sf(t) if df == 1 else stats.t.sf(t, df)
    assert student.student_tail(t, df) == pytest.approx(theirs_tail, rel=1e-11)
    quantile = student.student_quantile(p, df)
    assert quantile == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-9)


@often
@given(st.integers(1, 2000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_intervals_of_shares(n, share, confidence):
    s = round(share * n)
    for method, interval in (
        ("beta", ours.clopper_pearson_interval),
        ("wilson", ours.wilson_interval),
    ):
        expected = proportion_confint(s, n, alpha=1 - confidence, method=method)
        np.testing.assert_allclose(interval(s, n, confidence), expected, rtol=1e-11, atol=1e-12)


@often
@given(st.integers(0, 60), st.integers(0, 60), st.booleans(), st.booleans())
def test_mcnemar(b, c, exact, correction):
    if b + c == 0 or (b == c and correction and not exact):
        return  # theirs corrects a distance of 0 to -1, and squares it
    y = np.ones(b + c + 2, dtype=int)
    first, second = np.repeat([1, 0, 1, 0], [b, c, 1, 1]), np.repeat([0, 1, 1, 0], [b, c, 1, 1])
    found = ours.mcnemar_test(y, first, second, exact=exact, correction=correction)
    expected = mcnemar([[1, b], [c, 1]], exact=exact, correction=correction)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-11)


def test_bootstrap_of_a_mean_is_near_scipys():
    y = np.random.default_rng(0).exponential(size=60)
    expected = stats.bootstrap((y,), np.mean, n_resamples=20_000, rng=np.random.default_rng(1))
    found = ours.bootstrap_interval(
        lambda t, s: t.mean(), y, y, stratify=False, n_resamples=20_000, random_state=2
    )
    np.testing.assert_allclose(found, expected.confidence_interval, atol=0.015)
