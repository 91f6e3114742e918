"""Every message says what was seen, what was expected and one way to mend it."""

import subprocess
import sys

import numpy as np
import pytest

from mlcore import checks

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
        ([[10**400]], "column 0, row 0"),
    ],
)
def test_features(X, message):
    with pytest.raises(ValueError, match=f"(?i){message}"):
        checks.check_features(X)


def test_features_of_a_frame_are_named():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"age": [10, 11], "score": ["7", "seven"]})
    with pytest.raises(ValueError, match="'seven' in column 'score', row 1"):
        checks.check_features(frame)


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
        (None, "y is None"),
    ],
)
def test_labels(y, message):
    with pytest.raises(ValueError, match=message):
        checks.check_labels(y, 2, least_classes=2)


@pytest.mark.parametrize(
    ("w", "message"),
    [
        ([1.0, -1.0], "-1.0 in row 1.*0 or more"),
        ([0.0, 0.0], "zero in every row"),
        ([1.0], "1 value, but 2"),
        ([np.nan, 1.0], "nan in row 0"),
        (["a", "b"], "not numbers"),
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


def test_unknown_class_weights_are_said():
    y = np.array([0, 1])
    with pytest.raises(ValueError, match=r"\['x'\].*\[0, 1\]"):
        checks.class_weights({"x": 1.0}, np.array([0, 1]), y, np.ones(2))
    with pytest.raises(ValueError, match="'often'"):
        checks.class_weights("often", np.array([0, 1]), y, np.ones(2))
    for bad in (-1.0, np.nan, "heavy"):
        with pytest.raises(ValueError, match="class_weight of 0"):
            checks.class_weights({0: bad}, np.array([0, 1]), y, np.ones(2))


def test_importing_prints_loads_and_seeds_nothing():
    code = (
        "import numpy as np, sys; a = np.random.get_state()[1].copy(); import mlcore; "
        "assert (a == np.random.get_state()[1]).all(); "
        "assert not {'pandas', 'matplotlib', 'sklearn', 'risk'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
