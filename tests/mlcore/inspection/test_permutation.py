"""Shuffled columns against a loop, what noise and twins are worth, and what may be passed."""

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor, LogisticRegression
from mlcore.inspection import permutation_importance
from mlcore.metrics import roc_auc_score


def table(n=300, d=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, (2 * X[:, 0] + X[:, 1] + rng.normal(0, 0.5, n) > 0).astype(int)


def brier(model, X, y, sample_weight=None):
    return -np.average((model.predict_proba(X)[:, 1] - y) ** 2, weights=sample_weight)


class Recorder:
    """A model of no library that keeps what it is given to score."""

    def __init__(self):
        self.seen = []

    def score(self, X, y):
        self.seen.append((X, y))
        return 0.0


def test_a_fall_is_that_of_a_loop_over_columns_and_repeats():
    X, y = table()
    w = np.random.default_rng(1).uniform(0.5, 2, len(y))
    model = LogisticRegression(0.01).fit(X, y)
    found = permutation_importance(
        model, X, y, scoring=brier, n_repeats=3, random_state=5, sample_weight=w
    )
    expected = np.zeros((4, 3))
    for j, generator in enumerate(np.random.default_rng(5).spawn(4)):
        for r in range(3):
            order = generator.permutation(len(y))
            shuffled = np.array(
                [[X[order[i] if c == j else i, c] for c in range(4)] for i in range(300)]
            )
            expected[j, r] = brier(model, X, y, w) - brier(model, shuffled, y, w)
    np.testing.assert_allclose(found.importances, expected, atol=1e-12)
    np.testing.assert_allclose(found.importances_mean, expected.mean(axis=1), atol=1e-12)
    np.testing.assert_allclose(found.importances_std, expected.std(axis=1), atol=1e-12)


def test_unused_columns_are_worth_nothing_and_noise_is_on_new_rows():
    X, y = table(n=1000)
    y[:500] ^= np.random.default_rng(1).random(500) < 0.15  # so that the tree learns noise
    model = DecisionTreeClassifier().fit(X[:500], y[:500])
    assert model.feature_importances_[2:].min() > 0.08  # the noise was worth a lot in growing
    found = permutation_importance(model, X[500:], y[500:], n_repeats=20, random_state=0)
    assert found.importances_mean[0] > 0.2
    assert np.abs(found.importances_mean[2:]).max() < 0.03
    stump = DecisionTreeClassifier(max_depth=1).fit(X, y)
    assert not permutation_importance(stump, X, y, random_state=0).importances[1:].any()


def test_the_score_of_a_regressor_is_r2():
    X, _ = table()
    model = DecisionTreeRegressor(max_depth=4).fit(X, X[:, 0])
    found = permutation_importance(model, X, X[:, 0], n_repeats=20, random_state=0)
    assert 1.5 < found.importances_mean[0] < 2.1  # R² of shuffled predictions is about -1


def test_twins_hide_each_other_unless_shuffled_together():
    X, y = table()
    X = np.column_stack([X[:, 0], X])
    model = LogisticRegression(1.0).fit(X, y)  # the penalty shares the weight among the twins
    alone = permutation_importance(model, X, y, n_repeats=20, random_state=0)
    group = permutation_importance(
        model, X, y, n_repeats=20, random_state=0, columns=[[0, 1], 2, [3]]
    )
    assert group.importances.shape == (3, 20)
    assert group.importances_mean[0] > 1.5 * alone.importances_mean[:2].max()


def test_a_group_keeps_its_rows_together_and_the_table_is_left_alone():
    X = np.arange(30.0).reshape(10, 3)
    kept, recorder = X.copy(), Recorder()
    permutation_importance(
        recorder, X, np.arange(10), columns=[[0, 2]], n_repeats=2, random_state=0
    )
    for seen, y in recorder.seen[1:]:
        np.testing.assert_array_equal(seen[:, 2] - seen[:, 0], 2.0)
        np.testing.assert_array_equal(seen[:, 1], X[:, 1])
        assert sorted(seen[:, 0]) == sorted(X[:, 0])
        assert not np.array_equal(seen[:, 0], X[:, 0])
        np.testing.assert_array_equal(y, np.arange(10))
    np.testing.assert_array_equal(X, kept)


def test_a_data_frame_keeps_names_types_and_index():
    frame = pd.DataFrame(
        {"a": np.arange(20), "b": pd.Categorical(list("xyzw") * 5), "c": list("uv") * 10},
        index=np.arange(20)[::-1],
    )
    kept, recorder = frame.copy(), Recorder()
    permutation_importance(recorder, frame, np.arange(20), columns=["b"], random_state=0)
    seen = recorder.seen[-1][0]
    assert seen.dtypes.equals(frame.dtypes)
    assert seen.index.equals(frame.index)
    assert seen["b"].tolist() != frame["b"].tolist()
    assert sorted(seen["b"]) == sorted(frame["b"])
    assert seen[["a", "c"]].equals(frame[["a", "c"]])
    pd.testing.assert_frame_equal(frame, kept)


def test_rows_of_words_and_numbers_can_be_shuffled():
    X = [[i % 5, "yes" if i % 3 else "no"] for i in range(60)]
    y = [int(word == "yes") for _, word in X]
    model = DecisionTreeClassifier(categorical_features=[1]).fit(X, y)
    found = permutation_importance(model, X, y, random_state=0)
    assert found.importances_mean[1] > 0.2
    assert not found.importances[0].any()


def test_threads_and_seeds():
    X, y = table()
    model = DecisionTreeClassifier(max_depth=4).fit(X, y)
    one, two, other = (
        permutation_importance(model, X, y, random_state=seed, n_jobs=jobs).importances
        for seed, jobs in ((0, None), (0, 2), (1, None))
    )
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


def test_rows_of_weight_0_are_no_rows():
    X, y = table()
    model = LogisticRegression(0.01).fit(X, y)
    w = np.repeat([1.0, 0.0], 150)
    spoilt = np.where(w[:, None] > 0, X, 1e6)
    found = permutation_importance(model, spoilt, y, sample_weight=w, random_state=0)
    same = permutation_importance(model, X[:150], y[:150], random_state=0)
    np.testing.assert_array_equal(found.importances, same.importances)


@pytest.mark.parametrize(("max_samples", "count"), [(0.25, 5), (7, 7), (1.0, 20), (0.001, 1)])
def test_some_rows_are_drawn_for_each_column(max_samples, count):
    X, recorder = np.arange(40.0).reshape(20, 2), Recorder()
    permutation_importance(
        recorder, X, np.arange(20), max_samples=max_samples, n_repeats=1, random_state=0
    )
    whole, *parts = recorder.seen
    assert len(whole[1]) == 20
    for j, (seen, y) in enumerate(parts):
        assert len(seen) == len(set(y.tolist())) == count
        np.testing.assert_array_equal(seen[:, 1 - j], X[y, 1 - j])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n_repeats": 0}, "n_repeats is 0"),
        ({"max_samples": 21}, "max_samples is 21, but there are 20 rows"),
        ({"max_samples": 1.5}, "at most 1"),
        ({"columns": [2]}, "columns holds 2, but a column name or a number from 0 to 1"),
        ({"columns": ["a"]}, "columns names the column 'a', but X has no column names"),
        ({"columns": [[]]}, "at least one column"),
        ({"scoring": ["r2"]}, r"scoring is \['r2'\], but a single score was expected"),
        ({"scoring": roc_auc_score}, r"the metric roc_auc_score.*make_scorer\(roc_auc_score\)"),
        ({"scoring": "rocauc"}, "Did you mean 'roc_auc'"),
        ({"y": np.arange(3)}, "y has 3 values"),
    ],
)
def test_what_makes_no_sense_is_said(wrong, message):
    given = {"y": np.arange(20)} | wrong
    with pytest.raises(ValueError, match=message):
        permutation_importance(Recorder(), np.ones((20, 2)), **given)
