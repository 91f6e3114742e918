"""Preparation, live against scikit-learn: the same numbers on random tables, and its own checks."""

import copy
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn.base
import sklearn.compose
import sklearn.impute
import sklearn.linear_model
import sklearn.model_selection
import sklearn.pipeline
import sklearn.preprocessing
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.estimator_checks import check_estimator

from mlcore import DecisionTreeClassifier, LogisticRegression
from mlcore.compose import ColumnTransformer, make_column_transformer
from mlcore.estimator import clone
from mlcore.pipeline import Pipeline, make_pipeline
from mlcore.preprocessing import (
    MinMaxScaler,
    MissingIndicator,
    OneHotEncoder,
    OrdinalEncoder,
    SimpleImputer,
    StandardScaler,
)

SEEDS = st.integers(0, 2**32 - 1)
EXACT = {"rtol": 1e-12, "atol": 1e-12}


def numbers(seed, holes=0.2):
    """Return a table with missing values, a constant column, and rows of very different size."""
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(2, 30)), int(rng.integers(1, 6))
    X = rng.normal(rng.choice([0, 1e4], d), rng.choice([1e-3, 1, 1e3], d), (n, d))
    X[:, rng.random(d) < 0.2] = rng.choice([0.0, 0.1, -1e6])
    X[1:][rng.random((n - 1, d)) < holes] = np.nan  # the first row is whole
    return X, rng


def words(seed):
    """Return a table of objects: words, None and NaN, and whole numbers."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 20))
    X = np.empty((n, 3), dtype=object)
    X[:, 0] = rng.choice(np.array(["a", "b", "cc", None, np.nan], dtype=object), n)
    X[:, 1] = rng.choice(np.array(["x", "y"], dtype=object), n)
    X[:, 2] = rng.integers(0, 4, n)
    return X, rng


def plain(array):
    """Return an array's values as text, NumPy's numbers as Python's."""
    return repr(
        [[v.item() if isinstance(v, np.generic) else v for v in row] for row in array.tolist()]
    )


def same(ours, theirs, names):
    for name in names:
        a, b = getattr(ours, name), getattr(theirs, name)
        assert (a is None) == (b is None), name
        if a is not None:
            np.testing.assert_allclose(
                np.asarray(a, float), np.asarray(b, float), **EXACT, err_msg=name
            )


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans(), st.booleans(), st.booleans())
def test_standard_scaler(seed, with_mean, with_std, weighted):
    X, rng = numbers(seed)
    w = rng.integers(0, 4, len(X)) * 0.7 if weighted else None
    if weighted:
        w[0] = 1.0
    ours = StandardScaler(with_mean=with_mean, with_std=with_std).fit(X, sample_weight=w)
    theirs = sklearn.preprocessing.StandardScaler(with_mean=with_mean, with_std=with_std)
    with np.errstate(invalid="ignore"):  # its variance of a constant column may be -1e-50
        theirs.fit(X, sample_weight=w)
    if with_mean or with_std or not weighted:  # there, scikit-learn counts rows, not weights
        same(ours, theirs, ["n_samples_seen_"])
    if with_std:
        same(ours, theirs, ["var_"])
    same(ours, theirs, ["mean_", "scale_"])
    Z = theirs.transform(X)
    # What rounding leaves of x - mean counts by the scale it is divided by.
    size = np.nanmax(np.abs(X), axis=0) / (ours.scale_ if with_std else 1.0)
    assert (np.nan_to_num(np.abs(ours.transform(X) - Z)) <= 1e-12 * (1 + size)).all()
    np.testing.assert_allclose(ours.inverse_transform(Z), theirs.inverse_transform(Z), **EXACT)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_min_max_scaler(seed, clip):
    X, rng = numbers(seed)
    ours = MinMaxScaler((-1, 3), clip=clip).fit(X)
    theirs = sklearn.preprocessing.MinMaxScaler((-1, 3), clip=clip).fit(X)
    same(
        ours, theirs, ["min_", "scale_", "data_min_", "data_max_", "data_range_", "n_samples_seen_"]
    )
    new = X * rng.normal(1, 1)
    np.testing.assert_allclose(ours.transform(new), theirs.transform(new), **EXACT)
    np.testing.assert_allclose(ours.inverse_transform(X), theirs.inverse_transform(X), **EXACT)


@settings(max_examples=60, deadline=None)
@given(
    SEEDS,
    st.sampled_from(["mean", "median", "most_frequent", "constant"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([np.nan, -1]),
)
def test_simple_imputer_of_numbers(seed, strategy, indicator, keep, marker):
    X, rng = numbers(seed)
    X[:, rng.random(X.shape[1]) < 0.2] = np.nan
    X = np.round(X, 1)
    if marker == -1:
        X[np.isnan(X)] = -1
    kwargs = {
        "missing_values": marker, "strategy": strategy, "add_indicator": indicator,
        "keep_empty_features": keep,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = SimpleImputer(**kwargs).fit(X)
        theirs = sklearn.impute.SimpleImputer(**kwargs).fit(X)
        same(ours, theirs, ["statistics_"])
        new = np.where(rng.random(X.shape) < 0.3, marker, X)
        np.testing.assert_allclose(ours.transform(new), theirs.transform(new), **EXACT)
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["most_frequent", "constant"]), st.booleans())
def test_simple_imputer_of_words(seed, strategy, frame):
    X, _ = words(seed)
    X[X == None] = np.nan  # noqa: E711 (None is no missing value to scikit-learn's)
    X[0, 0] = "b"
    X = pd.DataFrame(X, columns=list("pqr")) if frame else X
    ours = SimpleImputer(strategy=strategy).fit(X)
    theirs = sklearn.impute.SimpleImputer(strategy=strategy).fit(X)
    assert ours.transform(X).tolist() == theirs.transform(X).tolist()
    assert ours.statistics_.tolist() == theirs.statistics_.tolist()


def test_missing_indicator():
    X, _ = numbers(5, holes=0.1)
    for features in ("missing-only", "all"):
        ours = MissingIndicator(features=features, error_on_new=False).fit(X)
        theirs = sklearn.impute.MissingIndicator(features=features, error_on_new=False).fit(X)
        assert np.array_equal(ours.transform(X), theirs.transform(X))
        assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.sampled_from([None, "first", "if_binary"]), st.booleans(), st.sampled_from("ofn"))
def test_one_hot_encoder(seed, drop, ignore, kind):
    X, _ = words(seed)
    if kind == "f":
        X = pd.DataFrame(X, columns=list("pqr")).astype({"r": int})
    if kind == "n":
        X = np.round(numbers(seed)[0] % 3)
    kwargs = {
        "drop": drop,
        "handle_unknown": "ignore" if ignore else "error",
        "sparse_output": False,
    }
    ours = OneHotEncoder(**kwargs).fit(X)
    theirs = sklearn.preprocessing.OneHotEncoder(**kwargs).fit(X)
    assert repr([c.tolist() for c in ours.categories_]) == repr(
        [c.tolist() for c in theirs.categories_]
    )
    out = theirs.transform(X)
    assert np.array_equal(ours.transform(X), out)
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    if out.shape[1] == 0:  # each column has one category, and drop leaves it out
        return
    assert plain(ours.inverse_transform(out)) == plain(theirs.inverse_transform(out))
    if ignore:
        new = X.copy()
        cell = (0, 0)
        if kind == "f":
            new.iloc[cell] = "new"
        else:
            new[cell] = "new" if kind == "o" else 77
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = theirs.transform(new)
            assert np.array_equal(ours.transform(new), expected)
        assert plain(ours.inverse_transform(expected)) == plain(theirs.inverse_transform(expected))


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from([np.nan, -7]), st.sampled_from([None, -1, np.nan]))
def test_ordinal_encoder(seed, missing, unknown):
    X, _ = words(seed)
    kwargs = {"encoded_missing_value": missing}
    if unknown is not None:
        kwargs |= {"handle_unknown": "use_encoded_value", "unknown_value": unknown}
    ours = OrdinalEncoder(**kwargs).fit(X)
    theirs = sklearn.preprocessing.OrdinalEncoder(**kwargs).fit(X)
    new = X.copy()
    if unknown is not None:
        new[0, 1] = "new"
    out = theirs.transform(new)
    np.testing.assert_array_equal(ours.transform(new), out)
    if unknown == -1 and missing == -7:  # where NaN means two things, scikit-learn cannot go back
        assert plain(ours.inverse_transform(out)) == plain(theirs.inverse_transform(out.copy()))


def frame(n=60):
    rng = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "age": rng.normal(14, 2, n),
            "mark": np.where(rng.random(n) < 0.2, np.nan, rng.normal(5, 2, n)),
            "town": rng.choice(["a", "b", "c"], n),
            "flag": rng.random(n) < 0.5,
        }
    )
    return table, np.array(["no", "yes"])[(table["age"] + rng.normal(0, 2, n) > 14).astype(int)]


def groups(library):
    if library == "ours":
        return [
            ("n", make_pipeline(SimpleImputer(), StandardScaler()), ["age", "mark"]),
            ("w", OneHotEncoder(), ["town"]),
        ]
    return [
        (
            "n",
            sklearn.pipeline.make_pipeline(
                sklearn.impute.SimpleImputer(), sklearn.preprocessing.StandardScaler()
            ),
            ["age", "mark"],
        ),
        ("w", sklearn.preprocessing.OneHotEncoder(), ["town"]),
    ]


@pytest.mark.parametrize("remainder", ["drop", "passthrough"])
@pytest.mark.parametrize("verbose", [True, False])
def test_column_transformer_in_all_four_mixtures(remainder, verbose):
    X, _ = frame()
    kwargs = {"remainder": remainder, "verbose_feature_names_out": verbose}
    expected = sklearn.compose.ColumnTransformer(groups("theirs"), **kwargs).fit(X)
    for make, library in [
        (ColumnTransformer, "ours"),
        (ColumnTransformer, "theirs"),
        (sklearn.compose.ColumnTransformer, "ours"),
    ]:
        prepare = make(groups(library), **kwargs).fit(X)
        np.testing.assert_allclose(
            np.asarray(prepare.transform(X), float),
            np.asarray(expected.transform(X), float),
            **EXACT,
        )
        assert prepare.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()
        assert prepare.output_indices_ == expected.output_indices_


def test_names_of_made_pipelines_and_transformers_are_the_same():
    steps = [StandardScaler(), StandardScaler(), "passthrough", MinMaxScaler()]
    ours, theirs = make_pipeline(*steps), sklearn.pipeline.make_pipeline(*steps)
    assert list(ours.named_steps) == list(theirs.named_steps)
    assert set(ours.get_params()) == set(theirs.get_params()) - {
        "memory",
        "verbose",
        "transform_input",
    }
    pairs = [(StandardScaler(), ["age"]), (StandardScaler(), ["mark"])]
    assert [n for n, *_ in make_column_transformer(*pairs).transformers] == [
        n for n, *_ in sklearn.compose.make_column_transformer(*pairs).transformers
    ]


@pytest.mark.parametrize("make", [make_pipeline, sklearn.pipeline.make_pipeline])
@pytest.mark.parametrize(
    "last", [LogisticRegression(0.01), sklearn.linear_model.LogisticRegression(C=0.5)]
)
def test_our_pipeline_and_theirs_take_both_libraries_steps(make, last):
    X, y = frame()
    model = make(ColumnTransformer(groups("ours")), sklearn.base.clone(last)).fit(X, y)
    by_hand = ColumnTransformer(groups("ours")).fit(X)
    expected = (
        sklearn.base.clone(last).fit(by_hand.transform(X), y).predict_proba(by_hand.transform(X))
    )
    assert np.array_equal(model.predict_proba(X), expected)
    assert sklearn.base.is_classifier(model)
    copies = [sklearn.base.clone(model), clone(model), copy.deepcopy(model)]
    for other in copies:
        assert np.array_equal(other.fit(X, y).predict_proba(X), expected)


def test_scikit_learns_search_and_validation_take_our_pipelines_and_weights():
    X, y = frame()
    model = make_pipeline(ColumnTransformer(groups("ours")), LogisticRegression(0.1))
    search = sklearn.model_selection.GridSearchCV(
        model,
        {
            "logisticregression__alpha": [0.01, 1.0],
            "columntransformer__n__standardscaler": [StandardScaler(), "passthrough"],
        },
        cv=3,
    )
    w = np.linspace(0.5, 2, len(y))
    search.fit(X, y, logisticregression__sample_weight=w)
    assert search.best_estimator_.score(X, y) > 0.5
    scores = sklearn.model_selection.cross_validate(
        model, X, y, cv=3, params={"logisticregression__sample_weight": w}, error_score="raise"
    )
    assert len(scores["test_score"]) == 3
    with pytest.raises(ValueError, match="stepname__parameter"):
        model.fit(X, y, sample_weight=w)
    with pytest.raises(ValueError, match="stepname__parameter"):
        sklearn.pipeline.make_pipeline(StandardScaler()).fit(X[["age"]], y, sample_weight=w)


def test_fit_state_as_scikit_learn_asks_it():
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    model = make_pipeline(StandardScaler(), DecisionTreeClassifier())
    with pytest.raises(NotFittedError):
        check_is_fitted(model)
    check_is_fitted(model.fit([[0.0], [1.0]], [0, 1]))


# What scikit-learn's own checks find, and why that is meant.
MEANT = {
    Pipeline: {"check_estimators_overwrite_params"},  # fit fits the steps; so does scikit-learn's
}


@pytest.mark.parametrize(
    "estimator",
    [
        StandardScaler(),
        MinMaxScaler(),
        SimpleImputer(),
        MissingIndicator(),
        OneHotEncoder(),
        OrdinalEncoder(),
        Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(0.1))]),
        make_pipeline(SimpleImputer(), StandardScaler()),
        ColumnTransformer([("scale", StandardScaler(), [0])], remainder="passthrough"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_scikit_learns_own_checks(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None)
    failed = {r["check_name"]: str(r["exception"]) for r in results if r["status"] == "failed"}
    expected = MEANT.get(type(estimator), set())
    assert set(failed) == expected, failed
