"""Separation against a search of all lines, on data where each kind is certain, and by name."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import ConvergenceWarning, LogisticRegression, SeparationWarning
from mlcore.linear import separation as module
from mlcore.linear.objective import Objective
from mlcore.linear.separation import certify, find_separation, margins


def objective(X, y):
    A = np.column_stack([np.ones(len(X)), X])
    k = int(y.max()) + 1
    p = A.shape[1]
    return Objective(A, y, np.ones(len(y)), np.zeros(p), np.zeros(p), 1 if k == 2 else k)


def search(X, y):
    J = objective(X, y)
    separation, overlap, _ = find_separation(J, J.at(np.zeros((J.n_scores, J.A.shape[1]))))
    assert overlap == (separation is None)  # one of the two is proven
    return separation


def separated_by_a_line(X, y):
    """Whether some line has no row on its wrong side and not all rows on it: exact, integers.

    If any line separates, one through two different rows does, for a line can be moved until it
    touches a row and turned until it touches another.
    """
    s = np.where(y == 1, 1, -1)
    points = sorted({tuple(row) for row in X.tolist()})
    for (a, b), (c, d) in itertools.combinations(points, 2):
        normal = np.array([b - d, c - a])
        m = s * (X @ normal - normal @ [a, b])
        for side in (m, -m):
            if (side >= 0).all() and (side > 0).any():
                return True
    return False


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.integers(4, 25), st.integers(2, 5))
def test_agrees_with_a_search_of_all_lines(seed, n, size):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, size, size=(n, 2))
    y = (X @ [2, -1] + rng.integers(0, 3, n) * rng.integers(0, 2) > 1).astype(int)
    flat = np.linalg.matrix_rank(X - X.mean(axis=0)) < 2
    if flat or len(set(y.tolist())) < 2:
        return
    assert (search(X.astype(float), y) is not None) == separated_by_a_line(X, y)


@pytest.mark.parametrize("k", [2, 3])
def test_rows_seen_with_every_label_overlap(k):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(8, 3)) * 100
    assert search(np.tile(X, (k, 1)), np.repeat(np.arange(k), 8)) is None


@pytest.mark.parametrize("k", [2, 4])
def test_complete_and_quasi_complete_separation(k):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(120, 3))
    Z = X @ rng.normal(size=(3, k))
    complete = search(X, Z.argmax(axis=1))
    assert complete.sure.all()
    y = (Z + rng.gumbel(size=Z.shape)).argmax(axis=1)
    assert search(X, y) is None
    only = np.zeros(120)
    only[np.flatnonzero(y == k - 1)[:4]] = 1.0  # a rare category, all of one class
    quasi = search(np.column_stack([X, only]), y)
    assert np.array_equal(quasi.sure, only == 1)


def test_a_proof_is_a_proof():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 3))
    y = (X @ [1.0, 2.0, -1.0] > 0.2).astype(int)
    J = objective(X, y)
    assert (margins(J, search(X, y).direction) > 0).all()
    assert certify(J, np.array([[-0.2, 1.0, 2.0, -1.0]])) is not None
    assert certify(J, np.array([[-0.2, 1.0, 2.0, 1.0]])) is None
    assert certify(J, np.zeros((1, 4))) is None


def test_a_rare_category_in_many_rows_is_found():
    rng = np.random.default_rng(0)
    n = 30_000
    X = rng.normal(size=(n, 3))
    y = (X[:, 0] + rng.logistic(size=n) > 0).astype(int)
    rare = np.zeros(n)
    rare[np.flatnonzero(y == 1)[:3]] = 1.0
    frame = pd.DataFrame(np.column_stack([X, rare]), columns=["a", "b", "c", "rare"])
    with pytest.warns(
        SeparationWarning, match=r"quasi-completely by column 'rare': 3 rows of 30000"
    ):
        model = LogisticRegression().fit(frame, np.where(y == 1, "pass", "fail"))
    assert not model.converged_


def fit_quietly(X, y, **parameters):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LogisticRegression(**parameters).fit(X, y)
    return [w for w in caught if w.category is SeparationWarning]


@pytest.mark.parametrize("solver", ["gradient_descent", "momentum", "nesterov", "sgd", "newton"])
@pytest.mark.parametrize("learning_rate", [None, 0.1])
def test_every_solver_warns_in_bounded_time(solver, learning_rate):
    X = np.random.default_rng(0).normal(size=(12, 2))
    y = (X[:, 0] > 0).astype(int)
    options = {"solver": solver, "learning_rate": learning_rate, "max_iter": 40}
    assert len(fit_quietly(X, y, random_state=0, **options)) == 1
    both = np.append(y, 1 - y)
    assert not fit_quietly(np.tile(X, (2, 1)), both, random_state=0, **options)


def test_message_names_columns_that_separate_alone_before_those_that_do_together():
    X, y = np.array([[0.0, 5.0], [1.0, 3.0], [2.0, 4.0], [3.0, 3.5]]), ["no", "no", "yes", "yes"]
    (warning,) = fit_quietly(X, y)
    text = str(warning.message)
    assert "completely by column 0: 4 rows of 4 (2 of class 'no', 2 of class 'yes')" in text
    assert "alpha=0.01" in text
    together = np.random.default_rng(0).normal(size=(40, 2))
    side = (together[:, 1] > together[:, 0]).astype(int)
    (warning,) = fit_quietly(together, side)
    assert "by the columns" in str(warning.message)


def test_a_penalty_or_overlap_is_no_reason_to_warn():
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    assert not fit_quietly(X, y, alpha=0.01)
    assert not fit_quietly(X, y, alpha=0.01, l1_ratio=1.0)
    assert not fit_quietly(X, [0, 1, 0, 1])


def test_huge_scores_that_overlap_are_no_separation():
    X = np.concatenate([np.linspace(-1e4, 1e4, 41), [-3.0, 3.0]])[:, None]
    y = np.concatenate([(np.linspace(-1, 1, 41) > 0), [True, False]]).astype(int)
    assert not fit_quietly(X, y)


def test_rows_that_overlap_too_far_out_to_be_reached_are_not_called_settled():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = (X[:, 0] + rng.logistic(size=200) > 0).astype(int)
    # Both rows of the rare column are of class 1; a third of class 0 overlaps, 1e5 deviations off.
    rare = np.zeros((203, 1))
    rare[200:, 0] = [1.0, 1.0, 1.0]
    X = np.concatenate([X, [[0.0, 0.0], [0.0, 0.0], [-1e5, 0.0]]])
    X, y = np.column_stack([X, rare]), np.append(y, [1, 1, 0])
    with pytest.warns(ConvergenceWarning):
        assert not LogisticRegression().fit(X, y).converged_


def test_many_coefficients_are_judged_by_the_answer_at_hand(monkeypatch):
    monkeypatch.setattr(module, "LARGEST_METRIC", 2)
    monkeypatch.setattr(module, "MOST_WORK", 2)
    X = np.random.default_rng(0).normal(size=(50, 3))
    J = objective(X, (X[:, 0] > 0.1).astype(int))
    found = find_separation(J, J.at(np.array([[-0.1, 1.0, 0.0, 0.0]])))
    assert found.separation.sure.all()
    assert find_separation(J, J.at(np.zeros((1, 4))))[:2] == (None, False)


def test_a_direction_a_little_off_is_projected_onto_the_border():
    J = objective(np.array([[0.0], [1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1]))
    found = certify(J, np.array([[-1 + 1e-8, 1.0]]))
    assert found.sure.tolist() == [True, False, False, True]


def test_a_column_that_tells_only_the_top_class_apart_is_named():
    x = np.arange(30.0)
    y = np.where(x >= 20, 2, x.astype(int) % 2)
    (warning,) = fit_quietly(np.column_stack([np.random.default_rng(0).normal(size=30), x]), y)
    assert "by column 1:" in str(warning.message)


def test_blame_counts_columns_of_X_not_those_of_the_design():
    X = np.random.default_rng(0).normal(size=(40, 4))
    X[:, 1] = 0.0  # left out, so that the numbers shift
    (warning,) = fit_quietly(X, X[:, 0] + X[:, 2] > 0)
    assert "1" not in str(warning.message).split("by the columns")[1].split(":")[0]


@pytest.mark.parametrize("seed", range(6))
def test_unequal_weights_change_no_verdict(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(20, 2))
    y = (X[:, 0] > 0).astype(int)
    if seed % 2:
        y[[0, 1, 2]] = 1 - y[[0, 1, 2]]
    w = 10.0 ** rng.uniform(-3, 3, 20)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LogisticRegression().fit(X, y, w)
    told = any(warning.category is SeparationWarning for warning in caught)
    assert told == (search(X, y) is not None)


def test_more_coefficients_than_the_descent_writes_down_are_judged_all_the_same():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(700, 60)), rng.integers(0, 10, 700)  # 610 coefficients
    assert not fit_quietly(X, y)
    rare = np.zeros(700)
    rare[np.flatnonzero(y == 3)[:6]] = 1.0
    (warning,) = fit_quietly(np.column_stack([X, rare]), y)
    assert "by column 60: 6 rows of 700 (6 of class 3)" in str(warning.message)
