"""Categories as columns and as codes, and back."""

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import NotFittedError
from mlcore.preprocessing import OneHotEncoder, OrdinalEncoder

NAN = np.nan
TABLE = [["red", 3], ["blue", 1], [None, 3], ["red", 1]]


def test_one_hot_by_hand():
    encoder = OneHotEncoder().fit(TABLE)
    assert [c.tolist() for c in encoder.categories_] == [["blue", "red", None], [1, 3]]
    out = encoder.transform(TABLE)
    assert out.dtype == np.float64
    assert out.tolist() == [[0, 1, 0, 0, 1], [1, 0, 0, 1, 0], [0, 0, 1, 0, 1], [0, 1, 0, 1, 0]]
    assert encoder.inverse_transform(out).tolist() == TABLE
    assert encoder.get_feature_names_out(["c", "n"]).tolist() == [
        "c_blue", "c_red", "c_None", "n_1", "n_3",
    ]  # fmt: skip


def test_three_columns_and_back():
    table = [["a", 1, "x"], ["b", 2, "y"], ["c", 2, "z"], ["a", 3, "x"]]
    encoder = OneHotEncoder().fit(table)
    assert encoder.inverse_transform(encoder.transform(table)).tolist() == table


def test_none_and_nan_are_categories_of_their_own():
    column = np.array([["a"], [None], [NAN], ["a"]], dtype=object)
    out = OneHotEncoder().fit_transform(column)
    assert out.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    numbers = OneHotEncoder().fit([[2.0], [NAN], [1.0], [NAN]])
    assert numbers.transform([[NAN], [1.0]]).tolist() == [[0, 0, 1], [1, 0, 0]]
    frame = pandas.DataFrame({"w": ["x", pandas.NA, "y"]})
    assert OneHotEncoder().fit_transform(frame).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize(
    ("drop", "width", "zeros"),
    [("first", 3, ["blue", 1]), ("if_binary", 4, None), (["red", 3], 3, ["red", 3])],
)
def test_drop(drop, width, zeros):
    encoder = OneHotEncoder(drop=drop).fit(TABLE)
    out = encoder.transform(TABLE)
    assert out.shape[1] == width == len(encoder.get_feature_names_out())
    assert encoder.inverse_transform(out).tolist() == TABLE
    if zeros:
        assert encoder.inverse_transform(np.zeros((1, width))).tolist() == [zeros]


def test_unknown_categories():
    encoder = OneHotEncoder().fit(TABLE)
    with pytest.raises(ValueError, match=r"unknown categories \['green'\] in column 0 .*row 1"):
        encoder.transform([["red", 1], ["green", 1]])
    lenient = OneHotEncoder(handle_unknown="ignore").fit(TABLE)
    assert lenient.transform([["green", 2]]).tolist() == [[0, 0, 0, 0, 0]]
    assert lenient.inverse_transform([[0, 0, 0, 0, 0]]).tolist() == [[None, None]]
    with pytest.raises(ValueError, match="can not be inverted"):
        encoder.inverse_transform([[0, 0, 0, 1, 0]])
    dropping = OneHotEncoder(handle_unknown="ignore", drop="first").fit(TABLE)
    with pytest.warns(UserWarning, match="unknown categories in column 0"):
        assert dropping.transform([["green", 1]]).tolist() == [[0, 0, 0]]
    # A word is never a number, and a longer word no shorter one.
    assert lenient.transform([["re", "1"]]).tolist() == [[0, 0, 0, 0, 0]]
    short = OneHotEncoder(handle_unknown="ignore").fit(np.array([["a"], ["b"]]))
    assert short.transform(np.array([["apple"]])).tolist() == [[0, 0]]


def test_categories_given():
    encoder = OrdinalEncoder(categories=[["low", "mid", "high"]])
    assert encoder.fit_transform([["high"], ["low"]]).tolist() == [[2], [0]]
    with pytest.raises(ValueError, match="during fit"):
        encoder.fit([["huge"]])
    with pytest.raises(ValueError, match="Unsorted categories"):
        OrdinalEncoder(categories=[[2, 1]]).fit([[1]])
    with pytest.raises(ValueError, match="duplicate"):
        OrdinalEncoder(categories=[["a", "a"]]).fit([["a"]])
    with pytest.raises(ValueError, match="Nan should be the last"):
        OrdinalEncoder(categories=[[NAN, 1.0]]).fit([[1.0]])
    with pytest.raises(ValueError, match="Shape mismatch"):
        OrdinalEncoder(categories=[["a"]]).fit(TABLE)


def test_codes_of_missing_and_unknown():
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
    ).fit([["b"], ["a"], [NAN]])
    out = encoder.transform([["a"], ["z"], [NAN], ["b"]])
    assert out.tolist() == [[0], [-1], [-2], [1]]
    back = encoder.inverse_transform(out)[:, 0].tolist()
    assert back[:2] == ["a", None]
    assert back[2] != back[2]
    assert np.isnan(OrdinalEncoder().fit_transform([[1.0], [NAN]])[1, 0])


def test_what_is_wrong_is_said():
    for wrong in ({"unknown_value": -1}, {"handle_unknown": "use_encoded_value"}):
        with pytest.raises(TypeError, match="unknown_value"):
            OrdinalEncoder(**wrong).fit(TABLE)
    with pytest.raises(ValueError, match="unknown_value is 1, which is already used"):
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=1).fit(TABLE)
    with pytest.raises(ValueError, match="encoded_missing_value is 0"):
        OrdinalEncoder(encoded_missing_value=0).fit([["a"], [NAN]])
    with pytest.raises(ValueError, match="code from 0 to 1"):
        OrdinalEncoder().fit([["a"], ["b"]]).inverse_transform([[-1]])
    with pytest.raises(TypeError, match="types \\['int', 'str'\\] in column 0"):
        OneHotEncoder().fit([["a"], [1]])
    with pytest.raises(ValueError, match="sparse_output is True"):
        OneHotEncoder(sparse_output=True).fit(TABLE)
    with pytest.raises(ValueError, match="drop names 'green' in column 0"):
        OneHotEncoder(drop=["green", 1]).fit(TABLE)
    encoder = OneHotEncoder().fit(TABLE)
    with pytest.raises(ValueError, match="drop has 1 values"):
        encoder.set_params(drop=["red"]).fit(TABLE)
    with pytest.raises(NotFittedError):  # a fit that failed is no fit
        encoder.transform(TABLE)


values = st.one_of(st.none(), st.just(NAN), st.text("ab", max_size=2))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(values, values), min_size=1, max_size=8), st.randoms())
def test_there_and_back_whatever_the_order(rows, random):
    table = np.empty((len(rows), 2), dtype=object)
    for i, row in enumerate(rows):
        table[i] = row
    order = random.sample(range(len(rows)), len(rows))
    for encoder in (OneHotEncoder(), OrdinalEncoder(encoded_missing_value=-1)):
        out = encoder.fit_transform(table)
        again = type(encoder)(**encoder.get_params()).fit(table[order])
        assert repr(again.categories_) == repr(encoder.categories_)
        assert np.array_equal(again.transform(table), out)
        assert repr(encoder.inverse_transform(out).tolist()) == repr(table.tolist())
