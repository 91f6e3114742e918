"""Label scores by hand and by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_score,
    recall_score,
)

# 2 true positives, 1 false positive, 3 false negatives, 4 true negatives.
T = [1, 1, 0, 1, 1, 1, 0, 0, 0, 0]
P = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_the_four_cells_by_hand():
    assert confusion_matrix(T, P).tolist() == [[4, 1], [3, 2]]
    assert precision_score(T, P) == pytest.approx(2 / 3)
    assert recall_score(T, P) == pytest.approx(2 / 5)
    assert f1_score(T, P) == pytest.approx(4 / 8)
    assert accuracy_score(T, P) == pytest.approx(0.6)


def test_labels_order_and_select():
    assert confusion_matrix(["b", "a", "c"], ["b", "b", "c"], labels=["c", "b"]).tolist() == [
        [1, 0],
        [0, 1],
    ]
    assert confusion_matrix(["a", "b"], ["b", "z"], labels=["a", "b"]).tolist() == [[0, 1], [0, 0]]


def test_nobody_flagged_gives_zero_division():
    assert precision_score([0, 1], [0, 0]) == 0.0
    assert np.isnan(precision_score([0, 1], [0, 0], zero_division=np.nan))
    assert recall_score([0, 0], [0, 1], zero_division=1.0) == 1.0


def test_accuracy_can_be_anything_from_zero_to_one():
    assert accuracy_score([0, 1, 0], [1, 0, 1]) == 0.0
    assert accuracy_score([0, 1, 0], [0, 1, 0]) == 1.0


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), min_size=1))
def test_weights_are_repetitions(rows):
    t, p, w = (np.array(v) for v in zip(*rows, strict=True))
    if w.sum() == 0:
        return
    weighted = confusion_matrix(t, p, labels=[0, 1, 2], sample_weight=w)
    assert weighted.tolist() == confusion_matrix(
        np.repeat(t, w), np.repeat(p, w), labels=[0, 1, 2]
    ).tolist()  # fmt: skip
    assert accuracy_score(t, p, sample_weight=w) == pytest.approx(
        np.trace(weighted) / weighted.sum()
    )


def test_unequal_lengths_and_emptiness_are_said():
    with pytest.raises(ValueError, match="3 values and y_pred 2"):
        accuracy_score([1, 0, 1], [1, 0])
    with pytest.raises(ValueError, match="y_true is empty"):
        accuracy_score([], [])


def test_the_positive_class_must_be_known():
    yes = ["yes", "no", "yes"]
    assert precision_score(yes, yes, pos_label="yes") == 1.0
    for metric in (precision_score, recall_score, f1_score):
        with pytest.raises(ValueError, match="pos_label='yes'"):
            metric(yes, yes)
        with pytest.raises(ValueError, match="pos_label is 'Yes'"):
            metric(yes, yes, pos_label="Yes")
        with pytest.raises(ValueError, match="3 classes"):
            metric([0, 1, 2], [0, 1, 1])


def test_text_against_numbers_is_refused():
    for metric in (accuracy_score, confusion_matrix, recall_score):
        with pytest.raises(ValueError, match="never equals"):
            metric(["0", "1"], [0, 1])
    with pytest.raises(ValueError, match="labels is empty"):
        confusion_matrix([0, 1], [0, 1], labels=[])


def test_weights_count_in_every_cell():
    t, p, w = [1, 1, 0, 0], [1, 0, 1, 0], [1.0, 2.0, 4.0, 8.0]
    assert precision_score(t, p, sample_weight=w) == pytest.approx(1 / 5)
    assert recall_score(t, p, sample_weight=w) == pytest.approx(1 / 3)
    assert f1_score(t, p, sample_weight=w) == pytest.approx(2 / 8)
