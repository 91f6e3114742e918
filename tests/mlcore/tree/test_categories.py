"""Columns of words and holes turned into codes, and what is said of those that cannot be."""

import numpy as np
import pandas as pd
import pytest

from mlcore.tables import check_features_with_missing
from mlcore.tree.categories import Categories

FRAME = pd.DataFrame(
    {
        "kind": pd.Categorical(["x", "y", None]),
        "whole": pd.array([1, None, 3], dtype="Int64"),
        "size": [1.5, np.nan, 2.0],
        "word": pd.array(["u", pd.NA, "v"], dtype="string"),
        "flag": [True, False, True],
    }
)


def test_a_data_frame_of_all_kinds():
    known = Categories.learn(FRAME, ["kind", "word"])
    assert known.counts.tolist() == [2, 0, 0, 2, 0]
    assert [None if c is None else c.tolist() for c in known.categories] == [
        ["x", "y"],
        None,
        None,
        ["u", "v"],
        None,
    ]
    nan = np.nan
    np.testing.assert_array_equal(
        known.encode(FRAME, allow_missing=True),
        [[0, 1, 1.5, 0, 1], [1, nan, nan, nan, 0], [nan, 3, 2, 1, 1]],
    )


@pytest.mark.parametrize("chosen", [[1], ["b"], "b", [False, True], np.array([False, True])])
def test_columns_are_chosen_by_number_name_or_mask(chosen):
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["q", "p"]})
    known = Categories.learn(frame, chosen)
    assert known.encode(frame, allow_missing=False).tolist() == [[1.0, 1.0], [2.0, 0.0]]


@pytest.mark.parametrize(
    "X",
    [
        [["b", 1], ["a", None], [None, 3]],
        np.array([["b", 1], ["a", np.nan], [None, 3]], dtype=object),
        pd.DataFrame([["b", 1], ["a", None], [None, 3]]),
    ],
)
def test_lists_arrays_and_frames_are_alike(X):
    known = Categories.learn(X, [0])
    seen = known.encode(X, allow_missing=True)
    np.testing.assert_array_equal(seen, [[1, 1], [0, np.nan], [np.nan, 3]])


def test_numbers_can_be_categories_whatever_their_type():
    known = Categories.learn(np.array([[30.0, 1.0], [10.0, 2.0], [np.nan, 3.0]]), [0])
    assert known.categories[0].tolist() == [10.0, 30.0]
    seen = known.encode([[10, 0], [30, 0], [20, 0], ["10", 0], [None, 0]], allow_missing=True)
    np.testing.assert_array_equal(seen[:, 0], [0, 1, -1, -1, np.nan])


def test_text_keeps_its_holes_and_numbers_in_text_are_numbers():
    known = Categories.learn([[np.nan, "1.5"], ["a", "2"]], [0])
    assert known.categories[0].tolist() == ["a"]
    seen = known.encode(np.array([["a", "3.5"], ["b", "4"]]), allow_missing=False)
    assert seen.tolist() == [[0.0, 3.5], [-1.0, 4.0]]


def test_no_categories_and_none_known():
    known = Categories.learn([[None, 1.0], [None, 2.0]], [0])
    assert known.counts.tolist() == [0, 0]
    seen = known.encode([["a", 1.0], [None, 1.0]], allow_missing=True)
    np.testing.assert_array_equal(seen[:, 0], [-1, np.nan])
    assert Categories.learn([[1.0]], None).categories == [None]


def test_the_given_data_are_left_alone():
    X = np.array([[1.0, np.nan], [2.0, 3.0]])
    before = X.copy()
    seen = check_features_with_missing(X)
    np.testing.assert_array_equal(X, before)
    seen[0, 0] = 99.0
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([7], "holds 7, but a column name or a number from 0 to 4"),
        ([-6], "holds -6"),
        ([1.5], "holds 1.5"),
        (["colour"], "names the column 'colour', but the columns of X are"),
        ([True, False], "a mask of 2 values, but 5 were expected"),
    ],
)
def test_columns_that_are_not_there(chosen, message):
    with pytest.raises(ValueError, match=message):
        Categories.learn(FRAME, chosen)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([["a", np.inf]], "an infinite value in column 1, row 0"),
        ([["a", "b"]], "has 'b' in column 1, row 0, but numbers"),
        ([["a", 1.0, 2.0]], "3 columns, but 2 were expected"),
        (["a", "b"], "1 dimension, but 2"),
        (np.zeros((0, 2)), "0 rows"),
        ([[["a"], 1.0]], "nested deeper"),
    ],
)
def test_tables_that_cannot_be_encoded(X, message):
    known = Categories.learn([["a", 1.0]], [0])
    with pytest.raises(ValueError, match=message):
        known.encode(X, allow_missing=True)


def test_missing_values_are_refused_unless_allowed():
    known = Categories.learn(FRAME, ["kind"])
    with pytest.raises(ValueError, match="missing value in column 'kind', row 2"):
        known.encode(FRAME, allow_missing=False)
    with pytest.raises(ValueError, match=r"missing value \(NaN\) in column 'size', row 1"):
        known.encode(FRAME.assign(kind="x", whole=1, word="1"), allow_missing=False)


def test_names_without_a_frame_and_types_that_do_not_sort():
    with pytest.raises(ValueError, match="names the column 'a', but X has no column names"):
        Categories.learn([[1, 2]], ["a"])
    with pytest.raises(ValueError, match=r"types \['int', 'str'\] in column 0"):
        Categories.learn([[1, 0], ["a", 0]], [0])


def test_sparse_tables_are_refused():
    class Sparse:
        def toarray(self):
            return np.zeros((2, 2))

    with pytest.raises(TypeError, match="sparse"):
        Categories.learn(Sparse(), [0])
