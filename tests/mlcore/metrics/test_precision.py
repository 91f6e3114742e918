"""Precision, recall, F and Jaccard and their averages, by hand and by counting."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    f1_score,
    fbeta_score,
    jaccard_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)
from tests.mlcore.metrics.counting import cells_of, labelled_rows, scores_of

SOME = settings(max_examples=40, deadline=None)

# 2 true positives, 1 false positive, 3 false negatives, 4 true negatives.
T = [1, 1, 0, 1, 1, 1, 0, 0, 0, 0]
P = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
SCORES = {
    "precision": precision_score,
    "recall": recall_score,
    "f": f1_score,
    "jaccard": jaccard_score,
}


def test_one_positive_class_by_hand():
    assert precision_score(T, P) == pytest.approx(2 / 3)
    assert recall_score(T, P) == pytest.approx(2 / 5)
    assert f1_score(T, P) == pytest.approx(4 / 8)
    assert fbeta_score(T, P, beta=2) == pytest.approx(10 / (10 + 4 * 3 + 1))
    assert jaccard_score(T, P) == pytest.approx(2 / 6)
    assert precision_score(T, P, pos_label=0) == pytest.approx(4 / 7)
    assert precision_recall_fscore_support(T, P, average="binary") == pytest.approx(
        (2 / 3, 2 / 5, 1 / 2, None)
    )


def test_f_lies_between_precision_and_recall_and_reaches_them():
    assert fbeta_score(T, P, beta=0) == precision_score(T, P)
    assert fbeta_score(T, P, beta=np.inf) == recall_score(T, P)
    assert fbeta_score(T, P, beta=1) == f1_score(T, P)
    assert recall_score(T, P) < fbeta_score(T, P, beta=3) < fbeta_score(T, P, beta=0.3) < 2 / 3


def test_averages_by_hand():
    # precision a 1/2, b 1/2, c 0/0; recall a 1, b 1/2, c 0; support 1, 2, 1
    t, p = ["a", "b", "b", "c"], ["a", "b", "a", "b"]
    assert precision_score(t, p, average=None, zero_division=0).tolist() == [1 / 2, 1 / 2, 0]
    assert recall_score(t, p, average=None).tolist() == [1, 1 / 2, 0]
    assert precision_score(t, p, average="macro", zero_division=0) == pytest.approx(1 / 3)
    assert precision_score(t, p, average="macro", zero_division=1) == pytest.approx(2 / 3)
    assert precision_score(t, p, average="macro", zero_division=np.nan) == pytest.approx(1 / 2)
    assert precision_score(t, p, average="weighted", zero_division=0) == pytest.approx(3 / 8)
    assert recall_score(t, p, average="weighted") == pytest.approx((1 + 2 / 2 + 0) / 4)
    assert recall_score(t, p, average="micro") == pytest.approx(2 / 4)
    assert recall_score(t, p, average="micro", labels=["c", "b"]) == pytest.approx(1 / 3)
    assert recall_score(t, p, average=None, labels=["c", "b"]).tolist() == [0, 1 / 2]
    assert jaccard_score(t, p, average="macro") == pytest.approx((1 / 2 + 1 / 3 + 0) / 3)
    assert jaccard_score(t, p, average="weighted") == pytest.approx((1 / 2 + 2 / 3 + 0) / 4)


@SOME
@given(labelled_rows(), st.sampled_from([0.0, 1.0, np.nan]), st.sampled_from([0.5, 1, 2]))
def test_every_class_and_average_by_counting_rows(rows, nothing, beta):
    t, p, w = rows
    options = {"labels": ["c", "a", "b"], "sample_weight": w, "zero_division": nothing}
    by_label = [scores_of(label, t, p, w, beta, nothing) for label in "cab"]
    support = np.array([scores["support"] for scores in by_label])
    calls = SCORES | {"f": lambda *rows, **kw: fbeta_score(*rows, beta=beta, **kw)}
    for name, score in calls.items():
        values = np.array([scores[name] for scores in by_label])
        np.testing.assert_allclose(score(t, p, average=None, **options), values)
        defined = ~np.isnan(values)
        if not defined.any():
            assert np.isnan(score(t, p, average="macro", **options))
            continue
        macro = values[defined].mean()
        assert score(t, p, average="macro", **options) == pytest.approx(macro)
        if support[defined].any():
            weighted = (values * support)[defined].sum() / support[defined].sum()
            assert score(t, p, average="weighted", **options) == pytest.approx(weighted)
    got = precision_recall_fscore_support(t, p, beta=beta, **options)
    for name, column in zip(("precision", "recall", "f", "support"), got, strict=True):
        np.testing.assert_allclose(column, [scores[name] for scores in by_label])


@SOME
@given(labelled_rows(), st.sampled_from(["ab", "c", "cab"]))
def test_micro_by_adding_up_counted_cells(rows, labels):
    t, p, w = rows
    tp, fp, fn, _ = (
        sum(cell) for cell in zip(*(cells_of(c, t, p, w) for c in labels), strict=True)
    )
    options = {"labels": [*labels], "sample_weight": w, "average": "micro", "zero_division": 0}
    for part, whole, score in (
        (tp, tp + fp, precision_score),
        (tp, tp + fn, recall_score),
        (2 * tp, 2 * tp + fp + fn, f1_score),
        (tp, tp + fp + fn, jaccard_score),
    ):
        expected = float(part / whole) if whole else 0.0
        assert score(t, p, **options) == pytest.approx(expected)


@SOME
@given(labelled_rows("ab"), st.randoms(use_true_random=False))
def test_order_of_rows_names_of_classes_and_repetitions(rows, random):
    t, p, w = rows
    order = list(range(len(t)))
    random.shuffle(order)
    rename = np.vectorize({"a": 5, "b": -5}.get)
    for name, score in SCORES.items():
        expected = scores_of("b", t, p, w)[name]
        for same, pos_label in (
            ((t[order], p[order], w[order]), "b"),
            ((rename(t), rename(p), w), -5),
            ((np.repeat(t, w), np.repeat(p, w), None), "b"),
        ):
            got = score(*same[:2], pos_label=pos_label, sample_weight=same[2], zero_division=0)
            assert got == pytest.approx(expected)


def test_zero_over_zero_counts_as_is_said():
    assert np.isnan(precision_score([0, 1], [0, 0], zero_division=np.nan))
    assert recall_score([0, 0], [0, 1], zero_division=1.0) == 1.0
    assert f1_score([0, 1], [0, 0], zero_division=np.nan) == 0.0  # 0/1, though precision is 0/0
    for bad in (0.5, "zero", None):
        with pytest.raises(ValueError, match="zero_division is .*Try zero_division=0"):
            f1_score([0, 1], [0, 0], zero_division=bad)


@pytest.mark.parametrize(
    ("score", "said", "why"),
    [
        (precision_score, [0, 0], "precision is 0/0 for 1, for no row is predicted"),
        (recall_score, [0, 1], "recall is 0/0 for 1, for no row truly is one"),
        (f1_score, [0, 0], "f-score is 0/0 for 1"),
        (jaccard_score, [0, 0], "jaccard is 0/0 for 1"),
    ],
)
def test_by_default_zero_over_zero_is_0_with_a_warning_in_the_callers_line(score, said, why):
    true = [0, 1] if score is precision_score else [0, 0]
    with pytest.warns(UndefinedMetricWarning, match=why) as caught:
        assert score(true, said) == 0.0
    assert [w.filename for w in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert score(true, said, zero_division=0) == 0.0


def test_only_what_is_asked_for_is_warned_of_and_by_name():
    t, p = ["a", "b", "c"], ["a", "a", "d"]
    with pytest.warns(UndefinedMetricWarning) as caught:
        precision_recall_fscore_support(t, p)
    said = [str(w.message).split(", for no")[0] for w in caught]
    assert said == ["precision is 0/0 for 'b', 'c'", "recall is 0/0 for 'd'"]
    with pytest.warns(UndefinedMetricWarning, match="for the labels together"):
        assert recall_score(t, p, labels=["d"], average="micro") == 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        precision_recall_fscore_support(t, p, warn_for=())


def test_the_positive_class_must_be_known():
    yes = ["yes", "no", "yes"]
    for score in SCORES.values():
        assert score(yes, yes, pos_label="yes") == 1.0
        with pytest.raises(
            ValueError, match="pos_label is 1, .* pos_label='no' or pos_label='yes'"
        ):
            score(yes, yes)
        with pytest.raises(ValueError, match="pos_label is 1, but the labels are .'yes'."):
            score(["yes"], ["yes"])
        with pytest.raises(ValueError, match="pos_label is 'Yes'"):
            score(yes, yes, pos_label="Yes")
        # One class only: the positive one may be in other rows.
        assert score(["no"], ["no"], pos_label="yes", zero_division=0) == 0.0


def test_more_classes_need_an_average():
    for score in SCORES.values():
        with pytest.raises(ValueError, match="3 classes, .*average='macro', 'micro'"):
            score([0, 1, 2], [0, 1, 1])
        with pytest.raises(ValueError, match="average is 'samples'"):
            score([0, 1, 2], [0, 1, 1], average="samples")
        with pytest.warns(UserWarning, match=r"pos_label is 2.*Pass labels=\[2\]"):
            score([0, 1, 2], [0, 1, 2], average="macro", pos_label=2)


def test_beta_is_a_number_of_at_least_0():
    with pytest.raises(ValueError, match="beta is -1"):
        fbeta_score(T, P, beta=-1)


def test_weights_count_in_every_cell():
    t, p, w = [1, 1, 0, 0], [1, 0, 1, 0], [1.0, 2.0, 4.0, 8.0]
    assert precision_score(t, p, sample_weight=w) == pytest.approx(1 / 5)
    assert recall_score(t, p, sample_weight=w) == pytest.approx(1 / 3)
    assert f1_score(t, p, sample_weight=w) == pytest.approx(2 / 8)
    assert jaccard_score(t, p, sample_weight=w) == pytest.approx(1 / 7)
