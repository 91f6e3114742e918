"""The classification report: its text by hand, its figures from the scores themselves."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    accuracy_score,
    classification_report,
    f1_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)
from tests.mlcore.metrics.counting import labelled_rows

SOME = settings(max_examples=40, deadline=None)

T, P = ["a", "b", "b", "c"], ["a", "b", "a", "c"]


def test_the_text_by_hand():
    assert classification_report(T, P).splitlines() == [
        "              precision    recall  f1-score   support",
        "",
        "           a       0.50      1.00      0.67         1",
        "           b       1.00      0.50      0.67         2",
        "           c       1.00      1.00      1.00         1",
        "",
        "    accuracy                           0.75         4",
        "   macro avg       0.83      0.83      0.78         4",
        "weighted avg       0.88      0.75      0.75         4",
    ]


def test_some_labels_have_a_micro_average_and_other_names_and_digits():
    text = classification_report(
        T, P, labels=["b", "a"], target_names=["the letter bee", "the letter a"], digits=3
    )
    assert text.splitlines() == [
        "                precision    recall  f1-score   support",
        "",
        "the letter bee      1.000     0.500     0.667         2",
        "  the letter a      0.500     1.000     0.667         1",
        "",
        "     micro avg      0.667     0.667     0.667         3",
        "     macro avg      0.750     0.750     0.667         3",
        "  weighted avg      0.833     0.667     0.667         3",
    ]


def test_supports_are_weights_where_there_are_weights():
    lines = classification_report([0, 1], [1, 0], zero_division=0).splitlines()
    assert [line.split()[-1] for line in lines if line] == ["support", *"11", *"222"]
    lines = classification_report([0, 1], [0, 1], sample_weight=[0.5, 2]).splitlines()
    assert lines[2].split() == ["0", "1.00", "1.00", "1.00", "0.5"]


@SOME
@given(labelled_rows())
def test_every_figure_is_the_score_of_that_name(rows):
    t, p, w = rows
    for labels in (None, ["c", "b"]):
        options = {"labels": labels, "sample_weight": w, "zero_division": 1}
        report = classification_report(t, p, output_dict=True, **options)
        shown = sorted({*t, *p}) if labels is None else labels
        columns = precision_recall_fscore_support(t, p, **options)
        for label, *figures in zip(shown, *columns, strict=True):
            assert list(report[label].values()) == pytest.approx(figures)
        for average in ("micro", "macro", "weighted"):
            if average == "micro" and {*shown} >= {*t, *p}:
                right = accuracy_score(t, p, sample_weight=w)
                assert report["accuracy"] == pytest.approx(right)
                continue
            row = report[f"{average} avg"]
            for column, score in (
                ("precision", precision_score),
                ("recall", recall_score),
                ("f1-score", f1_score),
            ):
                assert row[column] == pytest.approx(score(t, p, average=average, **options))
            assert row["support"] == pytest.approx(columns[3].sum())


def test_scores_of_nothing_are_warned_of_once_each():
    with pytest.warns(UndefinedMetricWarning) as caught:
        classification_report(["a", "b"], ["a", "c"])
    said = [str(w.message).split(", for no")[0] for w in caught]
    assert said == ["precision is 0/0 for 'b'", "recall is 0/0 for 'c'"]
    assert {w.filename for w in caught} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = classification_report(["a", "b"], ["a", "c"], zero_division=np.nan)
    assert text.splitlines()[3].split() == ["b", "nan", "0.00", "0.00", "1"]


def test_a_name_for_each_class():
    with pytest.raises(ValueError, match="2 names, but one for each of the 3 labels"):
        classification_report(T, P, target_names=["x", "y"])
    with pytest.warns(UserWarning, match="1 name, but one for each of the 2 labels"):
        text = classification_report(T, P, labels=["a", "b"], target_names=["x"])
    assert "           x       0.50" in text


def test_what_the_report_refuses():
    with pytest.raises(ValueError, match="digits is -1"):
        classification_report(T, P, digits=-1)
    with pytest.raises(ValueError, match="output_dict is 'yes'"):
        classification_report(T, P, output_dict="yes")
    with pytest.raises(ValueError, match="zero_division is 2"):
        classification_report(T, P, zero_division=2)
