"""Missing values filled in by what fit saw, and marked."""

import numpy as np
import pandas
import pytest

from mlcore import NotFittedError
from mlcore.preprocessing import MissingIndicator, SimpleImputer

NAN = np.nan
X = np.array([[1.0, NAN, 5.0], [2.0, 8.0, NAN], [9.0, 4.0, 5.0], [2.0, NAN, 7.0]])


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("mean", [3.5, 6.0, 17 / 3]),
        ("median", [2.0, 6.0, 5.0]),
        ("most_frequent", [2.0, 4.0, 5.0]),
        ("constant", [0.0, 0.0, 0.0]),
    ],
)
def test_statistics_by_hand(strategy, expected):
    imputer = SimpleImputer(strategy=strategy).fit(X)
    np.testing.assert_allclose(imputer.statistics_, expected)
    out = imputer.transform(X)
    assert out[0].tolist() == [1.0, expected[1], 5.0]
    assert out[1, 2] == imputer.statistics_[2]
    np.testing.assert_allclose(imputer.transform([[NAN] * 3]), [expected])


def test_words_of_all_kinds_of_missing():
    table = [["b", 1], [None, 2], ["a", NAN], ["b", 2], ["a", 1]]
    imputer = SimpleImputer(strategy="most_frequent")
    assert imputer.fit_transform(table).tolist() == [
        ["b", 1],
        ["a", 2],
        ["a", 1],
        ["b", 2],
        ["a", 1],
    ]
    filled = SimpleImputer(strategy="constant").fit_transform([["a"], [None]])
    assert filled.tolist() == [["a"], ["missing_value"]]
    frame = pandas.DataFrame({"w": ["x", pandas.NA, "x"], "n": [1.0, NAN, 3.0]})
    out = SimpleImputer(strategy="constant", fill_value="?").fit_transform(frame)
    assert out.tolist() == [["x", 1.0], ["?", "?"], ["x", 3.0]]


def test_a_marker_other_than_nan():
    out = SimpleImputer(missing_values=-1).fit_transform([[1, -1], [-1, 4], [3, 6]])
    assert out.tolist() == [[1, 5], [2, 4], [3, 6]]
    words = SimpleImputer(missing_values="?", strategy="most_frequent")
    assert words.fit_transform([["?"], ["a"], ["a"], ["b"]]).tolist() == [
        ["a"],
        ["a"],
        ["a"],
        ["b"],
    ]
    with pytest.raises(ValueError, match="missing value \\(NaN\\) in column 1, row 0"):
        SimpleImputer(missing_values=-1).fit([[1.0, NAN]])


def test_indicator_columns_and_names():
    imputer = SimpleImputer(add_indicator=True).fit(X)
    assert imputer.indicator_.features_.tolist() == [1, 2]
    out = imputer.transform([[NAN, 1.0, NAN]])
    np.testing.assert_allclose(out, [[3.5, 1.0, 17 / 3, 0.0, 1.0]])
    assert imputer.get_feature_names_out(["a", "b", "c"]).tolist() == [
        "a", "b", "c", "missingindicator_b", "missingindicator_c",
    ]  # fmt: skip


def test_empty_columns_are_left_out_or_kept():
    Z = [[1.0, NAN], [2.0, NAN]]
    with pytest.warns(UserWarning, match="column 1 had none in fit"):
        out = SimpleImputer().fit(Z).transform(Z)
    assert out.tolist() == [[1.0], [2.0]]
    assert SimpleImputer(keep_empty_features=True).fit_transform(Z).tolist() == [[1, 0], [2, 0]]
    kept = SimpleImputer(keep_empty_features=True, strategy="constant", fill_value=7)
    assert kept.fit_transform(Z).tolist() == [[1, 7], [2, 7]]
    assert SimpleImputer().fit(Z).get_feature_names_out().tolist() == ["x0"]


@pytest.mark.parametrize("strategy", ["most_frequent", "mean"])
def test_words_in_a_column_that_was_empty_in_fit_are_left_out(strategy):
    imputer = SimpleImputer(strategy=strategy).fit([[None, 1.0], [None, 1.0]])
    with pytest.warns(UserWarning, match="column 0 had none in fit"):
        assert imputer.transform([["word", NAN]]).tolist() == [[1.0]]


def test_missing_indicator():
    marks = MissingIndicator().fit(X)
    assert marks.transform([[1.0, NAN, 2.0]]).tolist() == [[True, False]]
    with pytest.raises(ValueError, match="column 0, where fit saw none"):
        marks.transform([[NAN, 1.0, 2.0]])
    every = MissingIndicator(features="all", missing_values=5).fit([[5, 1], [2, 5]])
    assert every.transform([[5, 5], [1, 2]]).tolist() == [[True, True], [False, False]]


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="strategy is 'mode'"):
        SimpleImputer(strategy="mode").fit(X)
    with pytest.raises(ValueError, match="'a' in column 0, row 0"):
        SimpleImputer().fit([["a"], [None]])
    with pytest.raises(ValueError, match="fill_value is 'a'"):
        SimpleImputer(strategy="constant", fill_value="a").fit(X)
    with pytest.raises(ValueError, match="several types in column 0"):
        SimpleImputer(strategy="most_frequent").fit([["a"], [1], [None]])
    with pytest.raises(NotFittedError):
        SimpleImputer().transform(X)
    imputer = SimpleImputer().fit(X)
    with pytest.raises(ValueError, match="several types"):
        imputer.set_params(strategy="most_frequent").fit([["a"], [1], [None]])
    with pytest.raises(NotFittedError):  # a fit that failed is no fit
        imputer.transform(X)


def test_the_data_is_not_changed_and_rows_are_filled_one_by_one():
    given = X.copy()
    imputer = SimpleImputer(strategy="median").fit(given)
    together = imputer.transform(given)
    np.testing.assert_array_equal(given, X)
    assert together.tolist() == [imputer.transform(row[None])[0].tolist() for row in X]
