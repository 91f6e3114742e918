"""The confusion matrix and what is read off it, by hand and by counting."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    hamming_loss,
    multilabel_confusion_matrix,
    zero_one_loss,
)
from tests.mlcore.metrics.counting import cells_of, labelled_rows, scores_of, weight_where

SOME = settings(max_examples=40, deadline=None)

# 2 true positives, 1 false positive, 3 false negatives, 4 true negatives.
T = [1, 1, 0, 1, 1, 1, 0, 0, 0, 0]
P = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_the_four_cells_by_hand():
    assert confusion_matrix(T, P).tolist() == [[4, 1], [3, 2]]
    assert multilabel_confusion_matrix(T, P).tolist() == [[[2, 3], [1, 4]], [[4, 1], [3, 2]]]
    assert accuracy_score(T, P) == pytest.approx(0.6)
    assert accuracy_score(T, P, normalize=False) == 6
    assert zero_one_loss(T, P) == hamming_loss(T, P) == pytest.approx(0.4)
    assert zero_one_loss(T, P, normalize=False) == 4
    assert balanced_accuracy_score(T, P) == pytest.approx((4 / 5 + 2 / 5) / 2)
    assert balanced_accuracy_score(T, P, adjusted=True) == pytest.approx(0.2)


def test_labels_order_and_select():
    assert confusion_matrix(["b", "a", "c"], ["b", "b", "c"], labels=["c", "b"]).tolist() == [
        [1, 0],
        [0, 1],
    ]
    assert confusion_matrix(["a", "b"], ["b", "z"], labels=["a", "b"]).tolist() == [[0, 1], [0, 0]]
    assert confusion_matrix([3, 3], [3, 5], labels=[9, 3]).tolist() == [[0, 0], [0, 1]]
    # Class by class no row is left out: the one said to be "z" is a false negative of "b".
    assert multilabel_confusion_matrix(["a", "b"], ["b", "z"], labels=["b", "q"]).tolist() == [
        [[0, 1], [1, 0]],
        [[2, 0], [0, 0]],
    ]


def test_shares_of_rows_columns_and_all():
    t, p = [0, 0, 0, 1, 2], [0, 0, 1, 1, 0]  # nothing is predicted as 2
    assert confusion_matrix(t, p, normalize="true").tolist() == [
        [2 / 3, 1 / 3, 0],
        [0, 1, 0],
        [1, 0, 0],
    ]
    assert confusion_matrix(t, p, normalize="pred").tolist() == [
        [2 / 3, 0.5, 0],
        [0, 0.5, 0],
        [1 / 3, 0, 0],
    ]
    assert confusion_matrix(t, p, normalize="all").tolist() == [
        [0.4, 0.2, 0],
        [0, 0.2, 0],
        [0.2, 0, 0],
    ]
    with pytest.raises(ValueError, match="normalize is 'rows'"):
        confusion_matrix(t, p, normalize="rows")


def test_counts_are_whole_unless_weights_are_not():
    for weights, kind in ((None, "i"), ([2, 1], "i"), ([2.0, 1.0], "f")):
        assert confusion_matrix([0, 1], [1, 1], sample_weight=weights).dtype.kind == kind


def test_a_single_class_has_one_cell_and_a_warning():
    with pytest.warns(UserWarning, match="one label 'no'") as caught:
        assert confusion_matrix(["no", "no"], ["no", "no"]).tolist() == [[2]]
    assert caught[0].filename == __file__
    assert confusion_matrix(["no"], ["no"], labels=["no", "yes"]).tolist() == [[1, 0], [0, 0]]


def test_accuracy_can_be_anything_from_zero_to_one():
    assert accuracy_score([0, 1, 0], [1, 0, 1]) == 0.0
    assert accuracy_score([0, 1, 0], [0, 1, 0]) == 1.0


@SOME
@given(labelled_rows())
def test_every_cell_by_counting_rows(rows):
    t, p, w = rows
    C = confusion_matrix(t, p, labels=["c", "a", "b"], sample_weight=w)
    for i, true in enumerate("cab"):
        for j, said in enumerate("cab"):
            assert C[i, j] == weight_where((t == true) & (p == said), w)
    M = multilabel_confusion_matrix(t, p, labels=["c", "a", "b"], sample_weight=w)
    for m, label in zip(M, "cab", strict=True):
        tp, fp, fn, tn = cells_of(label, t, p, w)
        assert m.tolist() == [[tn, fp], [fn, tp]]
    right = weight_where(t == p, w)
    assert accuracy_score(t, p, sample_weight=w) == pytest.approx(float(right) / w.sum())
    assert hamming_loss(t, p, sample_weight=w) == pytest.approx(1 - float(right) / w.sum())
    assert zero_one_loss(t, p, sample_weight=w, normalize=False) == w.sum() - right


@SOME
@given(labelled_rows())
def test_balanced_accuracy_by_counting_rows(rows):
    t, p, w = rows
    occur = [label for label in "abc" if w[t == label].any()]
    recalls = [scores_of(label, t, p, w)["recall"] for label in occur]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        assert balanced_accuracy_score(t, p, sample_weight=w) == pytest.approx(np.mean(recalls))
        if len(occur) > 1:
            chance = 1 / len(occur)
            adjusted = balanced_accuracy_score(t, p, sample_weight=w, adjusted=True)
            assert adjusted == pytest.approx((np.mean(recalls) - chance) / (1 - chance))


def test_balanced_accuracy_of_classes_that_do_not_occur():
    with pytest.warns(
        UndefinedMetricWarning, match=r"labels \[2\], which y_true has not"
    ) as caught:
        assert balanced_accuracy_score([0, 1, 1], [0, 2, 1]) == pytest.approx(0.75)
    assert caught[0].filename == __file__
    with pytest.warns(UndefinedMetricWarning, match="the one class 4"):
        assert np.isnan(balanced_accuracy_score([4, 4], [4, 4], adjusted=True))
    with pytest.warns(UndefinedMetricWarning) as caught:
        assert balanced_accuracy_score([4, 4], [4, 5], adjusted=True) == -np.inf
    assert len(caught) == 2


SCORES = (accuracy_score, zero_one_loss, hamming_loss)


@SOME
@given(labelled_rows(), st.randoms(use_true_random=False))
def test_order_of_rows_names_of_classes_and_rows_of_no_weight(rows, random):
    t, p, w = rows
    order = list(range(len(t)))
    random.shuffle(order)
    rename = np.vectorize({"a": 7, "b": -2, "c": 30}.get)
    kept = w > 0
    for same in (
        (t[order], p[order], w[order]),
        (rename(t), rename(p), w),
        (t[kept], p[kept], w[kept]),
        (np.repeat(t, w), np.repeat(p, w), np.ones(w.sum())),
    ):
        for score in SCORES:
            assert score(*same[:2], sample_weight=same[2]) == pytest.approx(
                score(t, p, sample_weight=w)
            )
        listed = ["b", "c", "a"] if same[0].dtype.kind == "U" else [-2, 30, 7]
        M = multilabel_confusion_matrix(t, p, sample_weight=w, labels=["b", "c", "a"])
        again = multilabel_confusion_matrix(*same[:2], sample_weight=same[2], labels=listed)
        assert M.tolist() == again.tolist()


def test_unequal_lengths_and_emptiness_are_said():
    with pytest.raises(ValueError, match="3 values and y_pred 2"):
        accuracy_score([1, 0, 1], [1, 0])
    with pytest.raises(ValueError, match="y_true is empty"):
        accuracy_score([], [])


ALL = (*SCORES, confusion_matrix, multilabel_confusion_matrix, balanced_accuracy_score)


@pytest.mark.parametrize("score", ALL)
def test_what_is_no_label_is_refused(score):
    for true, said in (
        (["0", "1"], [0, 1]),
        (np.array(["0", "1"], dtype=object), [0, 1]),
        (np.array(["0", 1], dtype=object), np.array(["0", "1"], dtype=object)),
    ):
        with pytest.raises(ValueError, match="text never equals a number"):
            score(true, said)
    with pytest.raises(ValueError, match=r"y_pred is 0.3 in row 1: a continuous value.*>= 0.5"):
        score([0, 1], [1.0, 0.3])
    with pytest.raises(ValueError, match="y_true is missing in row 1"):
        score([0, np.nan], [0, 1])
    with pytest.raises(ValueError, match="y_pred is missing in row 0"):
        score(["a", "b"], np.array([None, "b"], dtype=object))
    with pytest.raises(ValueError, match=r"y_true has shape \(2, 2\)"):
        score([[0, 1], [1, 0]], [[0, 1], [1, 0]])


@pytest.mark.parametrize("matrix", [confusion_matrix, multilabel_confusion_matrix])
def test_labels_that_cannot_be_meant_are_refused(matrix):
    with pytest.raises(ValueError, match="labels is empty"):
        matrix([0, 1], [0, 1], labels=[])
    with pytest.raises(ValueError, match="labels has 1 more than once"):
        matrix([0, 1], [0, 1], labels=[1, 0, 1])
    with pytest.raises(ValueError, match="labels holds text and y_true numbers"):
        matrix([0, 1], [0, 1], labels=["0", "1"])


def test_some_listed_label_must_truly_occur():
    with pytest.raises(ValueError, match=r"labels is \[2, 5\], but none .* which has \[0, 1\]"):
        confusion_matrix([0, 1], [0, 2], labels=[2, 5])


def test_flags_are_flags():
    for score in (accuracy_score, zero_one_loss):
        with pytest.raises(ValueError, match="normalize is 'no'"):
            score([0, 1], [0, 1], normalize="no")
    with pytest.raises(ValueError, match="adjusted is 1"):
        balanced_accuracy_score([0, 1], [0, 1], adjusted=1)
