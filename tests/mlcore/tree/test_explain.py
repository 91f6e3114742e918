"""The path of one row in sentences, and what each feature added on the way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    NotFittedError,
    RandomForestClassifier,
    explain,
)
from tests.mlcore.tree.ladder import ladder

NAMES = ["score", "absences"]
ROWS = np.array([[8, 1], [9, 9], [10, 2], [11, 8], [11, 9], [12, 3], [14, 9], [16, 0]], float)
LABELS = np.array(["fail", "fail", "pass", "fail", "fail", "pass", "pass", "pass"])
KINDS = [DecisionTreeClassifier, DecisionTreeRegressor]


@pytest.fixture
def model():
    """Score at most 11.5, then absences at most 5, then score at most 9."""
    return DecisionTreeClassifier().fit(ROWS, LABELS)


def random_model(kind, seed):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 6, (40, 3)).astype(float)
    y, w = rng.integers(0, 3, 40), rng.integers(1, 4, 40)
    return kind(max_depth=5).fit(X, y, sample_weight=w), X


def test_the_sentences_of_a_classifier(model):
    assert str(explain(model, [10.0, 2.0], NAMES)).splitlines() == [
        "Of 8 rows, 50 % are 'pass'.",
        "score is 10, at most 11.50: 5 rows, 20 % 'pass'.",
        "absences is 2, at most 5.00: 2 rows, 50 % 'pass'.",
        "score is 10, above 9.00: 1 row, 100 % 'pass'.",
        "Together: 9.00 < score <= 11.50 and absences <= 5.00.",
        "From 50 % to 100 %: absences +30 points, score +20 points.",
        "So 'pass' is predicted: 100 % of the only row that ended here.",
    ]


def test_the_sentences_of_a_regressor():
    target = 2 * ROWS[:, 0] - ROWS[:, 1]
    model = DecisionTreeRegressor(max_depth=2).fit(ROWS, target)
    assert explain(model, [10.0, 9.5], NAMES).sentences == (
        "Of 8 rows, the mean is 17.62.",  # 141 / 8
        "score is 10, at most 15.00: 7 rows, mean 15.57.",
        "score is 10, at most 11.50: 5 rows, mean 13.80.",
        "Together: score <= 11.50.",
        "From 17.62 to 13.80: score -3.82.",
        "So 13.80 is predicted: the mean of the 5 rows that ended here.",
    )


def test_one_split_is_not_summed_up_and_numbers_are_classes():
    model = DecisionTreeClassifier().fit([[1.0], [2.0], [4.0]], [0, 0, 1])
    assert explain(model, [5.0]).sentences == (
        "Of 3 rows, 33 % are class 1.",
        "feature_0 is 5, above 3.00: 1 row, 100 % class 1.",
        "From 33 % to 100 %: feature_0 +67 points.",
        "So class 1 is predicted: 100 % of the only row that ended here.",
    )


def test_a_lone_leaf_has_no_steps():
    model = DecisionTreeRegressor().fit([[1.0], [2.0]], [3.0, 3.0])
    assert explain(model, [9.0]).sentences == (
        "Of 2 rows, the mean is 3.00.",
        "So 3.00 is predicted: the mean of the 2 rows that ended here.",
    )


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (DecisionTreeClassifier(class_weight="balanced").fit(ROWS, LABELS), "Shares"),
        (DecisionTreeClassifier().fit(ROWS, LABELS, sample_weight=np.arange(1, 9)), "Shares"),
        (DecisionTreeRegressor().fit(ROWS, ROWS[:, 1], sample_weight=np.arange(1, 9)), "Means"),
    ],
)
def test_weights_are_said(model, what):
    assert explain(model, ROWS[0]).sentences[1] == (
        f"{what} are by weight, as the rows were weighted in fit."
    )


def test_equal_weights_are_not_worth_a_word():
    model = DecisionTreeClassifier().fit(ROWS, LABELS, sample_weight=np.full(8, 0.1))
    assert "by weight" not in str(explain(model, ROWS[0]))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (11.5, "is 11.5, above 11.496"),  # both would be 11.50
        (11.496, "is 11.5, at most 11.50"),  # one number, rounded alike
        (11.4964, "is 11.4964, above 11.4960"),
        (3.14159, "is 3.14, at most 11.50"),
    ],
)
def test_the_value_and_the_threshold_shown_agree_with_the_step(value, said):
    model = DecisionTreeClassifier().fit([[11.0], [11.992]], [0, 1])
    assert f"feature_0 {said}: 1 row" in str(explain(model, [value]))


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
def test_contributions_add_up_and_the_path_is_the_rows(kind, seed):
    model, X = random_model(kind, seed)
    passed, leaf = model.decision_path(X), model.apply(X)
    for i in (0, 7, 39):
        e = explain(model, X[i])
        assert e.path.tolist() == np.flatnonzero(passed[i]).tolist()
        assert e.path[0] == 0
        assert e.path[-1] == leaf[i]
        np.testing.assert_allclose(e.start + e.contributions.sum(axis=0), e.value, atol=1e-12)
        assert e.prediction == model.predict(X[i : i + 1])[0]
        unasked = np.setdiff1d(np.arange(3), model.tree_.feature[e.path[:-1]])
        assert not e.contributions[unasked].any()


def test_contributions_of_hand_worked_shares(model):
    e = explain(model, [10.0, 2.0])
    # fail, pass: 1/2 -> score: 1/5 -> absences: 1/2 -> score: 1
    np.testing.assert_allclose(e.contributions, [[-0.2, 0.2], [-0.3, 0.3]])
    np.testing.assert_allclose(e.start, [0.5, 0.5])
    np.testing.assert_allclose(e.value, [0.0, 1.0])


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
def test_the_figures_shown_add_up(kind, seed):
    model, X = random_model(kind, seed)
    line = next((s for s in explain(model, X[0]).sentences if s.startswith("From ")), "")
    if not line or "<" in line or ">" in line:
        return
    ends, _, parts = line.removesuffix(".").replace(" %", "").partition(": ")
    first, last = (float(t) for t in ends.removeprefix("From ").split(" to "))
    moved = [float(p.split()[1]) for p in parts.split(", ")]
    assert first + sum(moved) == pytest.approx(last, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
def test_the_summary_is_true_of_the_rows_of_the_leaf_and_of_no_others(kind, seed):
    model, X = random_model(kind, seed)
    for i in (0, 20):
        e = explain(model, X[i], ["u", "v", "w"])
        line = next((s for s in e.sentences if s.startswith("Together: ")), None)
        if line is None:
            continue
        parts = line.removeprefix("Together: ").removesuffix(".").split(" and ")
        true = np.ones(len(X), dtype=bool)
        for part in parts:
            words = part.split()
            column = X[:, ["u", "v", "w"].index(words[2] if len(words) == 5 else words[0])]
            if len(words) == 5:
                true &= (float(words[0]) < column) & (column <= float(words[4]))
            elif words[1] == "<=":
                true &= column <= float(words[2])
            else:
                true &= column > float(words[2])
        np.testing.assert_array_equal(true, model.apply(X) == e.path[-1])


def test_all_ways_to_give_a_row_agree(model):
    frame = pd.DataFrame(ROWS, columns=NAMES)
    named = DecisionTreeClassifier().fit(frame, LABELS)
    told = str(explain(named, [10, 2]))
    assert "score is 10" in told
    for row in (
        (10.0, 2.0),
        ROWS[2],
        ROWS[2:3],
        frame.iloc[2],
        frame.iloc[2:3],
        {"absences": 2, "score": 10},
    ):
        assert str(explain(named, row)) == told
    assert str(explain(model, {"absences": 2, "score": 10}, NAMES)) == told


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([[1.0, 2.0], [3.0, 4.0]], r"row has shape \(2, 2\), but one row of 2 values"),
        (3.0, r"row has shape \(\)"),
        (np.zeros((1, 1, 2)), r"row has shape \(1, 1, 2\)"),
        ([1.0], "X has 1 features, but DecisionTreeClassifier is expecting 2"),
        ([1.0, "many"], "X has 'many' in column 1"),
        ([np.inf, 2.0], "infinite value"),
        ({"score": 1.0, "sore": 2.0}, r"missing \['absences'\], unexpected \['sore'\]"),
        ({"score": 1.0}, r"missing \['absences'\], unexpected \[\]"),
    ],
)
def test_rows_that_are_no_row_are_said(model, row, message):
    with pytest.raises(ValueError, match=message):
        explain(model, row, NAMES)


def test_a_missing_value_is_said(model):
    with pytest.raises(ValueError, match=r"missing value \(NaN\) in column 1"):
        explain(model, [1.0, np.nan])


def test_columns_of_another_order_are_said():
    frame = pd.DataFrame(ROWS, columns=NAMES)
    model = DecisionTreeClassifier().fit(frame, LABELS)
    with pytest.raises(ValueError, match="in the same order"):
        explain(model, frame.iloc[0][::-1])


def test_models_that_cannot_be_explained_are_said():
    with pytest.raises(TypeError, match="RandomForestClassifier, but a DecisionTreeClassifier"):
        explain(RandomForestClassifier(), [1.0])
    with pytest.raises(NotFittedError):
        explain(DecisionTreeRegressor(), [1.0])
    model = DecisionTreeRegressor().fit(ROWS, ROWS[:, 0])
    with pytest.raises(ValueError, match="3 names, but 2"):
        explain(model, ROWS[0], ["a", "b", "c"])


def test_names_stand_as_they_are():
    model = DecisionTreeClassifier().fit(ROWS, LABELS)
    assert "$x$_<&> is 10" in str(explain(model, ROWS[2], ["$x$_<&>", "b"]))


def test_a_deep_path_is_told_without_recursion():
    e = explain(ladder(1100), [5000.0])
    assert len(e.path) == 1101
    assert e.sentences[-3] == "Together: feature_0 > 1099.50."
    assert e.prediction == "b"
