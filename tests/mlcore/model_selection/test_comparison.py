"""The corrected test keeps its promise where the ordinary one does not."""

import numpy as np
import pytest

from mlcore import DecisionTreeClassifier
from mlcore.model_selection import (
    RepeatedKFold,
    StratifiedKFold,
    compare_models,
    corrected_t_test,
    cross_val_score,
)
from mlcore.student import student_quantile, student_tail


def test_by_hand():
    """Four differences 1, 2, 3, 6: mean 3, s² = 14/3; n_test/n_train = 1/3, so error² = 14/3 · 7/12."""
    result = corrected_t_test([1.0, 2.0, 3.0, 6.0], n_train=30, n_test=10)
    error = np.sqrt(14 / 3 * 7 / 12)
    assert result.difference == 3.0
    assert result.t == pytest.approx(3 / error)
    assert result.p_value == pytest.approx(2 * student_tail(3 / error, 3))
    half = 3.182446305284263 * error
    assert (result.low, result.high) == (pytest.approx(3 - half), pytest.approx(3 + half))
    assert result.folds.tolist() == [1.0, 2.0, 3.0, 6.0]
    assert "p = 0.17" in str(result)


def test_the_ordinary_test_rejects_too_often_and_the_corrected_does_not():
    """Scores of 10 times repeated 10-fold share a correlation of n_test / n; no model is better."""
    J, share, trials = 100, 0.1, 1500
    rng = np.random.default_rng(0)
    shared, own = rng.normal(size=(trials, 1)), rng.normal(size=(trials, J))
    differences = np.sqrt(share) * shared + np.sqrt(1 - share) * own
    ordinary = np.abs(differences.mean(axis=1)) / (differences.std(axis=1, ddof=1) / np.sqrt(J))
    wrongly = np.mean(ordinary > student_quantile(0.975, J - 1))
    corrected = np.mean([corrected_t_test(d, 90, 10).p_value < 0.05 for d in differences])
    assert wrongly > 0.5
    assert corrected == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / trials))


def test_sides_swap_and_interval_agrees_with_p():
    d = np.random.default_rng(1).normal(0.3, 1.0, 10)
    one, other = corrected_t_test(d, 9, 1), corrected_t_test(-d, 9, 1)
    assert one.t == -other.t
    assert one.p_value == other.p_value
    assert (one.low, one.high) == (-other.high, -other.low)
    exactly = corrected_t_test(d, 9, 1, confidence=1 - one.p_value)
    assert min(abs(exactly.low), abs(exactly.high)) == pytest.approx(0.0, abs=1e-12)


def test_equal_differences():
    none = corrected_t_test([0.0, 0.0, 0.0], 1, 1)
    assert (none.t, none.p_value, none.low, none.high) == (0.0, 1.0, 0.0, 0.0)
    sure = corrected_t_test([-0.1, -0.1, -0.1], 2, 1)
    assert (sure.t, sure.p_value) == (-np.inf, 0.0)


def test_models_are_compared_in_the_same_folds():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    deep, stump = DecisionTreeClassifier(max_depth=4), DecisionTreeClassifier(max_depth=1)
    folds = StratifiedKFold(5, shuffle=True, random_state=2)
    result = compare_models(deep, stump, X, y, cv=folds, scoring="roc_auc")
    expected = [
        cross_val_score(model, X, y, cv=folds, scoring="roc_auc") for model in (deep, stump)
    ]
    assert result.folds.tolist() == (expected[0] - expected[1]).tolist()
    assert result.t == corrected_t_test(result.folds, 48, 12).t
    same = compare_models(deep, deep, X, y, cv=RepeatedKFold(n_repeats=2))  # dealt once, for both
    assert same.p_value == 1.0


def test_mistakes_are_said():
    with pytest.raises(ValueError, match="at least 2 folds"):
        corrected_t_test([1.0], 2, 1)
    with pytest.raises(ValueError, match="differences is nan in row 1"):
        corrected_t_test([1.0, np.nan], 2, 1)
    with pytest.raises(ValueError, match="n_train is 0"):
        corrected_t_test([1.0, 2.0], 0, 1)
    with pytest.raises(ValueError, match="confidence is 1"):
        corrected_t_test([1.0, 2.0], 2, 1, confidence=1.0)
    with pytest.raises(ValueError, match="max_depth is -1"):
        X, y = np.arange(8.0)[:, None], [0, 1] * 4
        compare_models(DecisionTreeClassifier(max_depth=-1), DecisionTreeClassifier(), X, y, cv=2)
