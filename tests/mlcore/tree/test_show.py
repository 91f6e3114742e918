"""Trees in words."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    RandomForestClassifier,
    export_text,
)
from mlcore.tree.words import Words, fixed, percent, splits_below, told_apart
from tests.mlcore.tree.ladder import ladder


def test_rules_of_a_stump():
    model = DecisionTreeClassifier().fit([[1.0, 0], [2.0, 0], [4.0, 1]], ["a", "a", "b"])
    assert export_text(model).splitlines() == [
        "|--- feature_0 <= 3.00",
        "|   |--- class: a (100 % of 2)",
        "|--- feature_0 > 3.00",
        "|   |--- class: b (100 % of 1)",
    ]


def test_rules_of_a_regression_tree():
    model = DecisionTreeRegressor(max_depth=1).fit([[1.0], [2.0], [8.0]], [3.0, 3.4, -7.0])
    assert export_text(model, ["score"]).splitlines() == [
        "|--- score <= 5.00",
        "|   |--- value: 3.20 (2 rows)",
        "|--- score > 5.00",
        "|   |--- value: -7.00 (1 row)",
    ]


def test_weights_are_shown_in_the_order_of_the_classes():
    X, y, w = [[1.0], [1.0], [2.0]], ["a", "b", "b"], [3.0, 1.0, 0.5]
    model = DecisionTreeClassifier().fit(X, y, sample_weight=w)
    text = export_text(model, show_weights=True)
    assert "class: a (75 % of 2), weights: [3.00, 1.00]" in text
    assert "class: b (100 % of 1), weights: [0.00, 0.50]" in text
    model = DecisionTreeRegressor().fit(X, [1.0, 5.0, 9.0], sample_weight=w)
    assert "value: 2.00 (2 rows, weight 4.00)" in export_text(model, show_weights=True)


def test_deeper_splits_are_counted():
    model = ladder(4)
    assert export_text(model, max_depth=1).splitlines() == [
        "|--- feature_0 <= 0.50",
        "|   |--- class: a (100 % of 1)",
        "|--- feature_0 > 0.50",
        "|   |--- ... (3 more splits)",
    ]
    assert export_text(model, max_depth=0) == "|--- ... (4 more splits)"
    assert export_text(model, max_depth=3).endswith("|--- ... (1 more split)")
    assert export_text(model, max_depth=4) == export_text(model)


def test_a_lone_leaf_is_one_line():
    assert export_text(DecisionTreeClassifier().fit([[1.0], [2.0]], [7, 7])) == (
        "|--- class: 7 (100 % of 2)"
    )


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.0, 0.0008], ["0.0004"]),
        ([1.0, 1.002, 1.004], ["1.001", "1.003"]),
        ([0.0, 23.0], ["11.50"]),
        ([0.0, 2e-13], ["1e-13"]),
        ([0.0, 2e300], ["1e+300"]),
    ],
)
def test_thresholds_get_the_digits_they_need(values, shown):
    model = DecisionTreeRegressor().fit(np.array(values)[:, None], np.arange(len(values)))
    assert sorted(set(re.findall(r"<= (\S+)", export_text(model)))) == shown


def test_fewer_decimals_where_they_are_asked_for():
    model = DecisionTreeClassifier().fit([[10.0], [13.0]], [0, 1])
    assert "feature_0 <= 11.5\n" in export_text(model, decimals=1)
    assert "feature_0 <= 12\n" in export_text(model, decimals=0)


NUMBERS = st.one_of(
    st.floats(-1e18, 1e18),
    st.floats(-1e-3, 1e-3),
    st.integers(-9999, 9999).map(lambda i: i / 1000),
)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.integers(0, 4))
def test_texts_of_numbers_keep_their_order_and_size(numbers, decimals):
    told = told_apart(numbers, decimals)
    texts = [told[x + 0.0] for x in sorted(set(numbers))]
    read = [float(t) for t in texts]
    assert read == sorted(set(read))
    for x, text in zip(sorted(set(numbers)), texts, strict=True):
        assert abs(float(text) - x) <= 0.1001 * abs(x)
        assert text == repr(x + 0.0) or len(text.partition(".")[2]) >= decimals


def test_shares_are_whole_only_when_nothing_is_left_out():
    assert [percent(p) for p in (0.0, 0.004, 0.006, 0.5, 0.994, 0.996, 1.0)] == [
        "0 %", "<1 %", "1 %", "50 %", "99 %", ">99 %", "100 %",
    ]  # fmt: skip
    assert fixed(-1e-17, 2) == "0.00"


def test_means_of_small_targets_do_not_vanish():
    model = DecisionTreeRegressor().fit([[0.0], [1.0]], [0.001, 0.004])
    assert "value: 0.00100 (1 row)" in export_text(model)


def test_splits_below_counts_each_branch():
    tree = DecisionTreeClassifier().fit([[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1, 0]).tree_
    passed = [0] * tree.node_count
    for node in np.flatnonzero(~tree.is_leaf).tolist():
        above = node
        while above != -1:  # a split is one of each of its ancestors' branches
            passed[above] += 1
            above = int(tree.parents[above])
    assert splits_below(tree).tolist() == passed


def test_a_deep_tree_is_written_without_recursion():
    lines = export_text(ladder(1100)).splitlines()
    assert len(lines) == 2 * 1100 + 1101
    assert lines[-1] == "|   " * 1100 + "|--- class: b (100 % of 1)"


def test_names_come_from_the_fitted_columns():
    model = DecisionTreeClassifier().fit(pd.DataFrame({"a_$": [1.0, 2.0]}), [0, 1])
    assert export_text(model).startswith("|--- a_$ <= 1.50")
    assert Words.of(model).condition(0) == ("a_$ <= 1.50", "a_$ > 1.50")


def test_wrong_number_of_names_is_said():
    model = DecisionTreeClassifier().fit([[1.0, 0], [2.0, 0]], [0, 1])
    with pytest.raises(ValueError, match="1 name, but 2"):
        export_text(model, ["only one"])
    with pytest.raises(ValueError, match="text 'ab', but a list"):
        export_text(model, "ab")


def test_what_cannot_be_written_is_said():
    with pytest.raises(ValueError, match="not fitted"):
        export_text(DecisionTreeClassifier())
    with pytest.raises(TypeError, match="RandomForestClassifier, but a DecisionTreeClassifier"):
        export_text(RandomForestClassifier())
    model = DecisionTreeClassifier().fit([[1.0], [2.0]], [0, 1])
    for wrong in ({"decimals": -1}, {"max_depth": -1}, {"show_weights": "yes"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            export_text(model, **wrong)
