"""Standardised columns, the way back, and columns that repeat others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.linear.design import as_given, repeated_columns, standardised


def make(n=50, d=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * [1.0, 100.0, 1e-6][:d] + [0.0, 300.0, 5.0][:d]
    return X, rng.uniform(0.1, 3, n)


@pytest.mark.parametrize("n", [50, 70_000])
def test_standardised_columns_have_weighted_mean_0_and_deviation_1(n):
    X, w = make(n)
    design = standardised(X, w)
    assert (design.A[:, 0] == 1).all()
    share = w / w.sum()
    np.testing.assert_allclose(share @ design.A[:, 1:], 0.0, atol=1e-8)
    np.testing.assert_allclose(share @ design.A[:, 1:] ** 2, 1.0, rtol=1e-9)
    np.testing.assert_allclose(
        design.A[:, 1:], (X - design.centre) / design.scale, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("make_design", [standardised, lambda X, w, fit: as_given(X, fit)])
def test_scores_and_coefficients_map_both_ways(make_design, fit_intercept):
    X, w = make()
    design = make_design(X, w, fit_intercept)
    theta = np.random.default_rng(1).normal(size=(2, design.A.shape[1]))
    coef, intercept = design.coefficients(theta)
    np.testing.assert_allclose(X @ coef.T + intercept, design.A @ theta.T, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(design.theta(coef, intercept), theta, rtol=1e-8)
    given = np.column_stack([intercept, coef])[:, design.kept]
    np.testing.assert_allclose(theta @ design.to_given().T, given, rtol=1e-8)


def test_penalty_is_that_of_the_coefficients_as_given():
    X, w = make()
    design = standardised(X, w)
    theta = np.array([[5.0, 1.0, -2.0, 3.0]])
    coef, _ = design.coefficients(theta)
    ridge, lasso = design.penalty(0.7, 0.25)
    assert ridge @ theta[0] ** 2 / 2 == pytest.approx(0.7 * 0.75 * (coef**2).sum() / 2)
    assert lasso @ np.abs(theta[0]) == pytest.approx(0.7 * 0.25 * np.abs(coef).sum())


def test_a_column_that_does_not_vary_is_zeros_even_with_rounding_dust():
    X = np.column_stack([np.arange(10.0), np.full(10, 7.3), np.full(10, 0.3)])
    X[::2, 2] = 0.1 + 0.2
    design = standardised(X, np.ones(10))
    assert (design.A[:, 2:] == 0).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_repeated_columns_are_those_that_do_not_raise_the_rank(seed):
    rng = np.random.default_rng(seed)
    A = rng.integers(0, 3, size=(30, 6)).astype(float)
    A[:, 0] = 1.0
    A[:, 4] = A[:, 1] - 2 * A[:, 2] + 1
    order = rng.permutation(6)
    A = A[:, order]
    rank = [np.linalg.matrix_rank(A[:, : j + 1]) for j in range(6)]
    expected = [j for j in range(6) if rank[j] == (rank[j - 1] if j else 0)]
    assert repeated_columns(A, np.ones(30)).tolist() == expected


def test_a_column_that_only_repeats_in_the_rows_looked_at_first_is_kept():
    A = np.column_stack([np.ones(2000), np.zeros(2000)])
    A[1234, 1] = 1.0
    assert repeated_columns(A, np.ones(2000)).tolist() == []
    assert repeated_columns(A, np.where(A[:, 1] > 0, 0.0, 1.0)).tolist() == [1]


def test_without_leaves_out_and_puts_back_zeros():
    X, w = make()
    design = standardised(X, w).without(np.array([2]))
    coef, intercept = design.coefficients(np.ones((1, 3)))
    assert coef[0, 1] == 0.0
    np.testing.assert_allclose(X @ coef[0] + intercept, design.A.sum(axis=1), rtol=1e-9, atol=1e-9)


def test_without_leaves_the_design_as_it_was():
    design = standardised(*make())
    design.without(np.array([2]))
    assert design.kept.all()
