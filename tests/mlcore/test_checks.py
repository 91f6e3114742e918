"""Every message says what was seen, what was expected and one way to mend it."""

import datetime
import pathlib
import pickle
import subprocess
import sys
import types

import numpy as np
import pandas as pd
import pytest

from mlcore import checks
from mlcore.checks.selection import saying_of_which_rows

GOOD = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], "1 dimension.*reshape"),
        ([[1.0, np.nan]], "missing value.*column 1, row 0.*median"),
        ([[1.0], [np.inf]], "infinite value.*column 0, row 1"),
        ([["a", 1.0]], "'a' in column 0, row 0.*numbers.*Encode"),
        (np.empty((0, 3)), "0 rows and 3 columns.*at least 1"),
        ([[1 + 2j]], "complex"),
        (np.array([["2026-01-01"]], "datetime64[D]"), "dates or times"),
        ([[10**400]], "column 0, row 0.*too large"),
        ([[1.0], ["3,5"]], "'3,5' in column 0, row 1.*comma by a point, '3.5'"),
        ([["1,000,000"]], "'1,000,000'.*Encode"),
        ([[" N/A "]], "' N/A ' in column 0, row 0.*missing value.*NaN"),
        (np.array([[datetime.date(2026, 1, 1)]], object), "dates or times in column 0, row 0"),
        (np.array([[1j]], object), "complex data not supported"),
        (np.array([[None, 1]], object), "missing value.*column 0, row 0"),
        ([[1, 2], [3, 4], [5]], "Row 2 of X has 1 value, but row 0 has 2 values"),
        ([[1, 2], 3], "Row 1 of X is a single value"),
        ([[1, 2], [3, [4]]], "nested deeper"),
        (np.ma.masked_array([[1.0, 2.0]], [[False, True]]), "masked values.*X.filled"),
        (None, "X is None.*list of rows"),
        ({"a": [1, 2]}, "X is {'a'.*DataFrame"),
    ],
)
def test_features(X, message):
    with pytest.raises(ValueError, match=f"(?i){message}"):
        checks.check_features(X)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (["7", "seven"], "'seven' in column 'score', row 1"),
        (pd.to_datetime(["2026-01-01", None]), "dates or times in column 'score', row 0"),
        (pd.array([7, None], dtype="Int64"), "missing value.*column 'score', row 1"),
    ],
)
def test_features_of_a_frame_are_named(column, message):
    frame = pd.DataFrame({"age": [10, 11], "score": column})
    with pytest.raises(ValueError, match=message):
        checks.check_features(frame)


def test_a_frame_of_dates_alone_is_named():
    with pytest.raises(ValueError, match="dates or times in column 'born'"):
        checks.check_features(pd.DataFrame({"born": pd.to_datetime(["2012-01-01"])}))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ("grades.csv", "X is a text, 'grades.csv'.*Read the file first"),
        (pathlib.Path("grades.csv"), "X is a text"),
        ([[{"a": 1}]], "{'a': 1} in column 0, row 0, a dict.*string or a number"),
    ],
)
def test_what_is_no_number_at_all(X, message):
    with pytest.raises(TypeError, match=message):
        checks.check_features(np.array(X, dtype=object) if isinstance(X, list) else X)


def test_column_names_are_each_their_own_and_all_texts():
    X = np.ones((2, 2))
    assert checks.column_names(pd.DataFrame(X)) is None
    assert checks.column_names(pd.DataFrame(X, columns=["a", "b"])) == ["a", "b"]
    with pytest.raises(ValueError, match="'a' more than once"):
        checks.column_names(pd.DataFrame(X, columns=["a", "a"]))
    with pytest.raises(TypeError, match="name 1 beside 'a'.*astype"):
        checks.column_names(pd.DataFrame(X, columns=["a", 1]))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 1, 1], "3 values, but 2"),
        ([0.5, 1.0], "0.5 in row 0.*continuous.*y >= 10"),
        ([np.nan, 1.0], "missing in row 0"),
        ([1, 1], "only 1 class \\(1\\)"),
        ([np.inf, 1.0], "inf in row 0"),
        (np.array([None, "a"], object), "missing in row 0"),
        (np.array([1, "a"], object), "types \\['int', 'str'\\]"),
        ([[0, 1], [1, 0]], "shape \\(2, 2\\)"),
        (None, "requires y to be passed, but the target y is None"),
        ("label", "y is a text, 'label'.*frame"),
        ([[0], [1, 2]], "Row 1 of y has 2 values"),
    ],
)
def test_labels(y, message):
    with pytest.raises((TypeError, ValueError), match=message):
        checks.check_labels(y, 2, least_classes=2)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["1", "much"], "'much' in row 1.*use a classifier"),
        ([1.0, 2j], "complex numbers"),
        (np.array(["2026-01-01", "2026-01-02"], "datetime64[D]"), "dates or times"),
        ([1.0, None], "nan in row 1"),
    ],
)
def test_targets(y, message):
    with pytest.raises(ValueError, match=message):
        checks.check_finite_vector(y, "y", 2)


@pytest.mark.parametrize(
    ("w", "message"),
    [
        ([1.0, -1.0], "-1.0 in row 1.*0 or more"),
        ([0.0, 0.0], "zero in every row"),
        ([1.0], "1 value, but 2"),
        ([np.nan, 1.0], "nan in row 0"),
        (["a", "b"], "not numbers"),
        ([1e308, 1e308], "adds up to infinity"),
    ],
)
def test_weights(w, message):
    with pytest.raises(ValueError, match=message):
        checks.check_weights(w, 2)


def test_parameters():
    for bad in (0, -1, 2.5, "3", True):
        with pytest.raises(ValueError, match="max_depth is .* at least 1"):
            checks.check_integer("max_depth", bad, 1)
    for bad in (-0.1, np.nan, np.inf, "1", True):
        with pytest.raises(ValueError, match="alpha is .* at least 0"):
            checks.check_real("alpha", bad, 0.0)
    with pytest.raises(ValueError, match="one of 'a', 'b'"):
        checks.check_choice("kind", "c", ("a", "b"))
    for bad in (-1, 1.0, "seed"):
        with pytest.raises(ValueError, match="random_state is"):
            checks.check_generator(bad)
    with pytest.raises(ValueError, match=r"is a RandomState.*numpy.random.default_rng\(0\)"):
        checks.check_generator(np.random.RandomState(0))


def test_unknown_class_weights_are_said():
    y = np.array([0, 1])
    with pytest.raises(ValueError, match=r"\['x'\].*\[0, 1\]"):
        checks.class_weights({"x": 1.0}, np.array([0, 1]), y, np.ones(2))
    with pytest.raises(ValueError, match="'often'"):
        checks.class_weights("often", np.array([0, 1]), y, np.ones(2))
    for bad in (-1.0, np.nan, "heavy"):
        with pytest.raises(ValueError, match="class_weight of 0"):
            checks.class_weights({0: bad}, np.array([0, 1]), y, np.ones(2))


def test_complaints_are_of_scikit_learns_kind_too_where_it_is_loaded(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn.exceptions", raising=False)
    assert checks.also_of_scikit_learn(checks.NotFittedError) is checks.NotFittedError
    theirs = types.ModuleType("sklearn.exceptions")
    theirs.NotFittedError = type("NotFittedError", (ValueError, AttributeError), {})
    monkeypatch.setitem(sys.modules, "sklearn.exceptions", theirs)
    with pytest.raises(theirs.NotFittedError, match="not fitted yet") as caught:
        checks.check_is_fitted(types.SimpleNamespace())
    assert isinstance(caught.value, checks.NotFittedError)
    again = pickle.loads(pickle.dumps(caught.value))  # as a worker process sends it
    assert type(again) is type(caught.value)
    assert again.args == caught.value.args


def test_complaining_loads_nothing():
    code = (
        "import sys, mlcore\n"
        "try: mlcore.LogisticRegression().predict([[0]])\n"
        "except mlcore.NotFittedError: assert 'sklearn' not in sys.modules\n"
        "else: raise SystemExit('not said')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_prints_loads_and_seeds_nothing():
    code = (
        "import numpy as np, sys; a = np.random.get_state()[1].copy(); import mlcore; "
        "assert (a == np.random.get_state()[1]).all(); "
        "assert not {'pandas', 'matplotlib', 'sklearn', 'risk'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_column_names_that_differ_are_listed():
    names = [f"c{j}" for j in range(7)]
    with pytest.raises(ValueError, match="in the same order as they were in fit") as turned:
        checks.check_same_columns(pd.DataFrame(np.ones((1, 7)), columns=names[::-1]), 7, names)
    assert "unseen" not in str(turned.value)
    with pytest.raises(ValueError, match="unseen at fit time:\n- new\nFeature names seen"):
        checks.check_same_columns(
            pd.DataFrame(np.ones((1, 7)), columns=["new", *names[1:]]), 7, names
        )
    with pytest.raises(
        ValueError, match="now missing:\n- c0\n- c1\n- c2\n- c3\n- c4\n- ...\nSelect"
    ):
        checks.check_same_columns(pd.DataFrame(np.ones((1, 1)), columns=["c6"]), 7, names)


def test_a_model_may_say_itself_whether_it_is_fitted():
    class Told:
        def __init__(self, fitted):
            self.fitted_ = fitted

        def __sklearn_is_fitted__(self):
            return self.fitted_

    checks.check_is_fitted(Told(True))
    with pytest.raises(checks.NotFittedError, match="Told instance is not fitted"):
        checks.check_is_fitted(Told(False))


class Numbered(ValueError):
    """An error that is not made from a message alone."""

    def __init__(self, row, what):
        super().__init__(f"{what} in row {row}")


def test_only_errors_about_rows_that_can_be_made_anew_are_said_otherwise():
    for error in (ValueError("X has 3 rows."), Numbered(3, "NaN")):
        with pytest.raises(type(error)) as caught, saying_of_which_rows():
            raise error
        assert caught.value is error
    counted = "NaN in row 3 .rows are counted within the fold's"
    with pytest.raises(ValueError, match=counted), saying_of_which_rows():
        raise ValueError("X is NaN in row 3.")
