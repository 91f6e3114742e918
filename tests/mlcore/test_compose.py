"""Columns by group: how they are selected, transformed, put side by side and named."""

import numpy as np
import pandas
import pytest

from mlcore import NotFittedError
from mlcore.compose import ColumnTransformer, make_column_transformer
from mlcore.estimator import clone
from mlcore.preprocessing import MinMaxScaler, OneHotEncoder, SimpleImputer, StandardScaler

X = np.array([[1.0, 10.0, 0.0, 5.0], [3.0, 30.0, 1.0, 6.0]])


def frame():
    return pandas.DataFrame(
        {"age": [10, 12, 14], "town": ["a", "b", None], "mark": [1.0, np.nan, 3.0], "id": [7, 8, 9]}
    )


@pytest.mark.parametrize(
    "columns",
    [
        [0, 2],
        slice(0, 3, 2),
        [True, False, True, False],
        np.array([0, 2]),
        [-4, -2],
        lambda X: [0, 2],
    ],
)
def test_columns_by_number_slice_mask_and_function(columns):
    out = ColumnTransformer([("s", StandardScaler(), columns)]).fit_transform(X)
    assert out.tolist() == StandardScaler().fit_transform(X[:, [0, 2]]).tolist()


@pytest.mark.parametrize(
    "columns",
    [
        ["age", "mark"],
        lambda X: [c for c in X.columns if c in ("mark", "age")],
        [0, 2],
        [True, False, True, False],
    ],
)
def test_columns_of_a_frame(columns):
    prepare = ColumnTransformer([("s", SimpleImputer(), columns)]).fit(frame())
    assert prepare.transform(frame()).tolist() == [[10, 1], [12, 2], [14, 3]]
    assert prepare.get_feature_names_out().tolist() == ["s__age", "s__mark"]
    assert prepare.named_transformers_.s.feature_names_in_.tolist() == ["age", "mark"]


def test_one_column_and_a_slice_of_names():
    prepare = ColumnTransformer(
        [("a", "passthrough", "id"), ("b", "passthrough", slice("mark", "id"))]
    )
    assert prepare.fit_transform(frame()).tolist()[0] == [7, 1, 7]
    assert prepare.output_indices_ == {"a": slice(0, 1), "b": slice(1, 3), "remainder": slice(0, 0)}


def test_groups_in_their_order_and_the_remainder_last():
    groups = [("two", MinMaxScaler(), [3]), ("one", "passthrough", [1]), ("no", "drop", [0])]
    for remainder, width in (("drop", 2), ("passthrough", 3), (StandardScaler(), 3)):
        prepare = ColumnTransformer(groups, remainder=remainder).fit(X)
        out = prepare.transform(X)
        assert out.shape == (2, width)
        assert out[:, :2].tolist() == [[0, 10], [1, 30]]
        assert prepare.output_indices_["no"] == slice(0, 0)
    assert out[:, 2].tolist() == [-1.0, 1.0]
    assert prepare.get_feature_names_out().tolist() == ["two__x3", "one__x1", "remainder__x2"]
    assert prepare.set_params(verbose_feature_names_out=False).get_feature_names_out().tolist() == [
        "x3", "x1", "x2",
    ]  # fmt: skip


def test_names_that_are_the_same_need_their_group():
    twice = ColumnTransformer(
        [("a", StandardScaler(), [0]), ("b", MinMaxScaler(), [0])], verbose_feature_names_out=False
    ).fit(X)
    with pytest.raises(ValueError, match=r"\['x0'\] are not unique"):
        twice.get_feature_names_out()


def test_copies_are_fitted_and_parameters_have_names():
    scaler = StandardScaler()
    prepare = ColumnTransformer([("s", scaler, [0])], remainder=MinMaxScaler()).fit(X)
    assert not hasattr(scaler, "mean_")
    assert prepare["s"].mean_.tolist() == [2.0]
    prepare.set_params(s__with_std=False, remainder__clip=True)
    assert prepare.transformers[0][1].with_std is False
    prepare.set_params(s="drop")
    assert prepare.transformers == [("s", "drop", [0])]
    assert prepare.get_params()["remainder__clip"] is True
    assert repr(clone(prepare)) == repr(prepare)
    assert prepare.fit_transform(X).shape == (2, 3)


def test_frames_are_read_by_name():
    prepare = make_column_transformer(
        (OneHotEncoder(), ["town"]), (SimpleImputer(), ["mark", "age"]), remainder="drop"
    ).fit(frame())
    expected = prepare.transform(frame())
    assert expected.dtype == np.float64
    shuffled = frame().assign(more=1)[["more", "mark", "town", "age"]]
    assert np.array_equal(prepare.transform(shuffled), expected)
    assert np.array_equal(prepare.transform(frame().to_numpy()), expected)
    with pytest.raises(ValueError, match=r"columns are missing: \['town'\]"):
        prepare.transform(frame().drop(columns="town"))
    with pytest.raises(ValueError, match="3 features, but"):
        prepare.transform(frame().to_numpy()[:, :3])


def test_words_passed_through_stay_words():
    out = ColumnTransformer([("m", SimpleImputer(), ["mark"])], remainder="passthrough")
    assert out.fit_transform(frame()).tolist()[1] == [2.0, 12, "b", 8]
    numbers = frame()[["age", "mark"]].assign(flag=[True, False, True])
    kept = ColumnTransformer([("all", "passthrough", ["age", "mark", "flag"])])
    assert kept.fit_transform(numbers).dtype == np.float64


def test_empty_selections():
    prepare = ColumnTransformer([("none", StandardScaler(), []), ("s", StandardScaler(), [0])])
    assert prepare.fit_transform(X).shape == (2, 1)
    assert ColumnTransformer([("no", "drop", [0])]).fit_transform(X).shape == (2, 0)
    assert ColumnTransformer([]).fit(X).get_feature_names_out().tolist() == []


def test_what_is_wrong_is_said():
    for columns, message in [
        (["town"], "transformer 's' names the column 'town', but X has no column names"),
        ([4], "transformer 's' holds 4, but a column name or a number from 0 to 3"),
        ([True, False], "transformer 's' is a mask of 2 values, but 4"),
        ([1.5], "transformer 's' holds 1.5"),
    ]:
        with pytest.raises(ValueError, match=message):
            ColumnTransformer([("s", StandardScaler(), columns)]).fit(X)
    with pytest.raises(
        ValueError, match="'nothing', but the columns of X are .* Choose among them"
    ):
        ColumnTransformer([("s", StandardScaler(), ["nothing"])]).fit(frame())
    with pytest.raises(ValueError, match="names the column 'Age'.* Did you mean 'age'[?]$"):
        ColumnTransformer([("s", StandardScaler(), ["Age"])]).fit(frame())
    with pytest.raises(ValueError, match="list of \\(name, transformer, columns\\)"):
        ColumnTransformer([("s", StandardScaler())]).fit(X)
    with pytest.raises(TypeError, match="transformer 's' is 3"):
        ColumnTransformer([("s", 3, [0])]).fit(X)
    with pytest.raises(TypeError, match="remainder is 'keep'"):
        ColumnTransformer([("s", "drop", [0])], remainder="keep").fit(X)
    with pytest.raises(TypeError, match="takes no sample_weight"):
        ColumnTransformer([("s", "drop", [0])]).fit_transform(X, sample_weight=[1, 1])
    with pytest.raises(NotFittedError):
        ColumnTransformer([("s", "drop", [0])]).transform(X)
    prepare = ColumnTransformer([("s", StandardScaler(), [0])]).fit(X)
    with pytest.raises(ValueError, match="mask"):
        prepare.set_params(transformers=[("s", StandardScaler(), [True])]).fit(X)
    with pytest.raises(NotFittedError):  # a fit that failed is no fit
        prepare.transform(X)
