"""Areas of more than two classes against every pair of rows, and top k against sorting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import average_precision_score, roc_auc_score, top_k_accuracy_score
from tests.oracles import auc_of_pairs


def draw(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 6))
    y = np.append(np.arange(k), rng.integers(0, k, 30))
    P = rng.integers(1, 9, (len(y), k)).astype(float)  # few values, so ties
    w = rng.integers(0, 3, len(y))
    w[:k] += 1
    return y, P / P.sum(axis=1, keepdims=True), w, k


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_each_class_against_the_rest_by_pairs(seed):
    y, P, w, k = draw(seed)
    for weights in (None, w):
        areas = [auc_of_pairs(y == c, P[:, c], weights) for c in range(k)]
        size = np.bincount(y, weights=weights)
        how = {"multi_class": "ovr", "sample_weight": weights}
        np.testing.assert_allclose(roc_auc_score(y, P, average=None, **how), areas, atol=1e-12)
        assert roc_auc_score(y, P, **how) == pytest.approx(np.mean(areas), abs=1e-12)
        expected = np.average(areas, weights=size)
        assert roc_auc_score(y, P, average="weighted", **how) == pytest.approx(expected)
        pooled = (y[:, None] == np.arange(k)).ravel(), P.ravel()
        expected = auc_of_pairs(*pooled, None if weights is None else weights.repeat(k))
        assert roc_auc_score(y, P, average="micro", **how) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_pairs_of_classes_by_pairs_of_rows(seed):
    y, P, _, k = draw(seed)
    areas, sizes = [], []
    for a in range(k):
        for b in range(a):
            rows = (y == a) | (y == b)
            sides = [auc_of_pairs(y[rows] == c, P[rows, c]) for c in (a, b)]
            areas.append(sum(sides) / 2)
            sizes.append(rows.sum())
    assert roc_auc_score(y, P, multi_class="ovo") == pytest.approx(np.mean(areas))
    expected = np.average(areas, weights=sizes)
    assert roc_auc_score(y, P, multi_class="ovo", average="weighted") == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_average_precision_of_classes_is_that_of_each_against_the_rest(seed):
    y, P, w, k = draw(seed)
    each = [average_precision_score(y == c, P[:, c], sample_weight=w) for c in range(k)]
    np.testing.assert_allclose(average_precision_score(y, P, average=None, sample_weight=w), each)
    assert average_precision_score(y, P, sample_weight=w) == pytest.approx(np.mean(each))
    expected = np.average(each, weights=np.bincount(y, weights=w))
    found = average_precision_score(y, P, sample_weight=w, average="weighted")
    assert found == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_order_of_rows_and_names_of_classes_do_not_matter(seed):
    y, P, w, _ = draw(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    names = np.array(["a", "b", "c", "d", "e"])[y]
    for how in ({"multi_class": "ovr", "sample_weight": w}, {"multi_class": "ovo"}):
        expected = roc_auc_score(y, P, **how)
        assert roc_auc_score(names, P, **how) == expected
        if "sample_weight" in how:
            how = how | {"sample_weight": w[order]}
        assert roc_auc_score(y[order], P[order], **how) == pytest.approx(expected, abs=1e-12)


def test_a_class_of_labels_without_rows_has_no_area():
    P = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.3, 0.4, 0.3]])
    how = {"labels": ["a", "b", "c"], "multi_class": "ovr"}
    with pytest.warns(UndefinedMetricWarning, match="no positive rows"):
        areas = roc_auc_score(["a", "b", "b"], P, average=None, **how)
    np.testing.assert_array_equal(areas, [1.0, 1.0, np.nan])
    with pytest.warns(UndefinedMetricWarning):
        assert roc_auc_score(["a", "b", "b"], P, average="weighted", **how) == 1.0
    with pytest.warns(UndefinedMetricWarning, match="second class"):
        ovo = roc_auc_score(["b", "b", "b"], P, multi_class="ovo", labels=["a", "b", "c"])
    assert np.isnan(ovo)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "of 3 classes.*multi_class='ovr'.*scoring='roc_auc_ovr'"),
        ({"multi_class": "all"}, "multi_class is 'all', but one of"),
        ({"multi_class": "ovo", "sample_weight": [1, 1, 1]}, "without weights"),
        ({"multi_class": "ovo", "average": None}, "average is None"),
        ({"multi_class": "ovr", "max_fpr": 0.5}, "2 classes only"),
        ({"multi_class": "ovr", "labels": ["c", "b", "a"]}, "sorted order"),
        ({"multi_class": "ovr", "labels": ["a", "b", "d"]}, "labels lists"),
    ],
)
def test_what_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        roc_auc_score(["a", "b", "c"], np.full((3, 3), 1 / 3), **change)


def test_scores_that_add_up_to_something_else_are_refused():
    with pytest.raises(ValueError, match="adds up to 3 in row 0"):
        roc_auc_score([0, 1, 2], np.ones((3, 3)), multi_class="ovr")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_top_k_by_sorting(seed, k):
    y, P, w, c = draw(seed)
    hits = [int(t) in sorted(range(c), key=lambda j: (row[j], j))[-k:]
            for t, row in zip(y, P.tolist(), strict=True)]  # fmt: skip
    if k < c:
        assert top_k_accuracy_score(y, P, k=k) == pytest.approx(np.mean(hits))
        assert top_k_accuracy_score(y, P, k=k, normalize=False) == sum(hits)
        found = top_k_accuracy_score(y, P, k=k, sample_weight=w)
        assert found == pytest.approx(np.average(hits, weights=w))
    else:
        with pytest.warns(UndefinedMetricWarning, match="every row is a hit"):
            assert top_k_accuracy_score(y, P, k=k) == 1.0


def test_top_one_of_two_classes():
    assert top_k_accuracy_score(["n", "y", "y"], [0.2, 0.6, 0.5], k=1) == pytest.approx(2 / 3)
    assert top_k_accuracy_score(["n", "n", "y"], [0.2, 0.3, 0.6], k=1) == 1.0
    assert top_k_accuracy_score([0, 1, 1], [-2.0, 0.6, 0.5], k=1) == 1.0  # log-odds: above 0


@pytest.mark.parametrize(
    "score",
    [
        lambda P: roc_auc_score(["a", "a"], P[:, 0]),
        lambda P: roc_auc_score(["a", "a"], P[:, 0], max_fpr=0.5),
        lambda P: roc_auc_score(["a", "b"], P, multi_class="ovr", labels=["a", "b", "c"]),
        lambda P: roc_auc_score(["a", "a"], P, multi_class="ovo", labels=["a", "b", "c"]),
        lambda P: average_precision_score([0, 0], P[:, 0]),
        lambda P: average_precision_score(
            [0, 1, 2], np.vstack([P, P[:1]]), sample_weight=[0, 1, 1]
        ),
    ],
)
def test_a_warning_names_the_line_that_asked(score):
    with pytest.warns(UndefinedMetricWarning) as seen:
        score(np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1]]))
    assert seen[0].filename == __file__


@pytest.mark.parametrize("scale", [1e-310, 1e-170, 1e170, 1e300])
def test_weights_whose_products_are_no_numbers(scale):
    y, s = [0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8]
    plain = roc_auc_score(y, s, sample_weight=[1, 2, 3, 4])
    scaled = roc_auc_score(y, s, sample_weight=scale * np.array([1.0, 2.0, 3.0, 4.0]))
    assert scaled == pytest.approx(plain, abs=1e-9)
