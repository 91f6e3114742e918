"""Scaling by what the training rows had: hand-worked cases, oracles, and what must not matter."""

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import NotFittedError
from mlcore.preprocessing import MinMaxScaler, StandardScaler

X = np.array([[1.0, 10.0, 7.0], [2.0, np.nan, 7.0], [6.0, 30.0, 7.0]])


def test_standard_scaler_by_hand():
    scaler = StandardScaler().fit(X)
    assert scaler.mean_.tolist() == [3.0, 20.0, 7.0]
    np.testing.assert_allclose(scaler.var_, [14 / 3, 100.0, 0.0])
    np.testing.assert_allclose(scaler.scale_, [np.sqrt(14 / 3), 10.0, 1.0])
    assert scaler.n_samples_seen_.tolist() == [3, 2, 3]
    out = scaler.transform(X)
    assert out[:, 1].tolist()[0::2] == [-1.0, 1.0]
    assert np.isnan(out[1, 1])
    assert out[:, 2].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(scaler.inverse_transform(out), X)


def test_new_rows_are_scaled_by_the_training_rows_not_by_their_own():
    scaler = StandardScaler().fit([[0.0], [2.0]])
    assert scaler.transform([[100.0]]).tolist() == [[99.0]]
    together = scaler.transform([[5.0], [100.0], [-7.0]])
    alone = [scaler.transform([[v]])[0].tolist() for v in (5.0, 100.0, -7.0)]
    assert together.tolist() == alone


@pytest.mark.parametrize(("mean", "std"), [(True, False), (False, True), (False, False)])
def test_centre_and_spread_are_each_optional(mean, std):
    scaler = StandardScaler(with_mean=mean, with_std=std).fit(X)
    expected = (X - (np.nanmean(X, axis=0) if mean else 0)) / (scaler.scale_ if std else 1)
    np.testing.assert_allclose(scaler.transform(X), expected)
    np.testing.assert_allclose(scaler.inverse_transform(expected), X)
    assert (scaler.scale_ is None, scaler.var_ is None) == (not std, not std)
    assert (scaler.mean_ is None) == (not mean and not std)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 4))
def test_weight_two_is_the_row_twice_and_weight_zero_is_no_row(seed, n, d):
    rng = np.random.default_rng(seed)
    Z = np.where(rng.random((n, d)) < 0.2, np.nan, rng.normal(1e3, 5, (n, d)))
    w = rng.integers(0, 3, n)
    w[0] = 1
    a = StandardScaler().fit(Z, sample_weight=w)
    b = StandardScaler().fit(np.repeat(Z, w, axis=0))
    for name in ("mean_", "var_", "scale_"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-9, atol=1e-9)
    assert (
        np.broadcast_to(a.n_samples_seen_, d).tolist()
        == np.broadcast_to(b.n_samples_seen_, d).tolist()
    )


def test_rounding_does_not_make_a_constant_column_vary():
    Z = np.full((1000, 1), 0.1) + np.array([[0.0, 1e9, -1e-5]])
    assert StandardScaler().fit(Z).scale_.tolist() == [1.0, 1.0, 1.0]
    assert MinMaxScaler().fit(Z).scale_.tolist() == [1.0, 1.0, 1.0]


def test_rounding_leaves_no_variance_below_zero():
    rng = np.random.default_rng(0)
    for constant in rng.normal(size=300).tolist():  # by the plain formula 39 of them fall below 0
        w = rng.integers(1, 4, 24) * 0.7
        scaler = StandardScaler().fit(np.full((24, 1), constant), sample_weight=w)
        assert scaler.var_[0] >= 0.0
        assert scaler.scale_[0] == 1.0


def test_what_comes_out_shares_no_memory_with_what_went_in():
    Z = np.arange(6.0).reshape(3, 2)
    for scaler in (StandardScaler(with_mean=False, with_std=False), MinMaxScaler()):
        for turned in (scaler.fit_transform(Z), scaler.inverse_transform(Z)):
            assert not np.shares_memory(turned, Z)


def test_a_large_mean_costs_the_variance_no_digits():
    Z = np.array([[1e9], [1e9 + 1], [1e9 + 2]])
    assert StandardScaler().fit(Z).var_[0] == pytest.approx(2 / 3, rel=1e-12)


def test_a_column_without_values_stays_missing():
    for scaler in (StandardScaler(), MinMaxScaler()):
        out = scaler.fit_transform([[np.nan, 1.0], [np.nan, 2.0]])
        assert np.isnan(out[:, 0]).all()
        assert np.isfinite(out[:, 1]).all()


def test_min_max_by_hand():
    scaler = MinMaxScaler((-1, 1)).fit(X)
    assert scaler.data_range_.tolist() == [5.0, 20.0, 0.0]
    np.testing.assert_allclose(scaler.transform([[3.5, 20, 7]]), [[0.0, 0.0, -1.0]], atol=1e-12)
    np.testing.assert_allclose(scaler.transform([[11, 10, 9]]), [[3.0, -1.0, 3.0]])
    np.testing.assert_allclose(scaler.set_params(clip=True).transform([[11, 0, 9]]), [[1, -1, 1]])
    np.testing.assert_allclose(scaler.inverse_transform([[0.0, 0.0, -1.0]]), [[3.5, 20, 7]])


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="feature_range is \\(1, 1\\)"):
        MinMaxScaler((1, 1)).fit(X)
    with pytest.raises(NotFittedError, match="StandardScaler instance is not fitted"):
        StandardScaler().transform(X)
    with pytest.raises(NotFittedError):
        StandardScaler().inverse_transform(X)
    with pytest.raises(ValueError, match="2 columns, but 3 were expected"):
        StandardScaler().fit(X).inverse_transform(X[:, :2])
    with pytest.raises(ValueError, match="infinite value in column 1, row 0"):
        StandardScaler().fit([[1.0, np.inf]])
    with pytest.raises(ValueError, match="'x' in column 0, row 1"):
        StandardScaler().fit([[1.0], ["x"]])
    with pytest.raises(ValueError, match="with_mean is 3"):
        StandardScaler(with_mean=3).fit(X)


def test_frames_keep_their_names_and_the_data_is_not_changed():
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": pandas.array([4, None], dtype="Int64")})
    kept = frame.copy()
    scaler = StandardScaler().fit(frame)
    assert scaler.mean_.tolist() == [1.5, 4.0]
    assert scaler.get_feature_names_out().tolist() == ["a", "b"]
    assert frame.equals(kept)
    with pytest.raises(ValueError, match="in the same order"):
        scaler.transform(frame[["b", "a"]])
    given = X.copy()
    StandardScaler().fit_transform(given)
    np.testing.assert_array_equal(given, X)
    unnamed = StandardScaler().fit(X)
    assert unnamed.get_feature_names_out().tolist() == ["x0", "x1", "x2"]
    assert unnamed.get_feature_names_out(["p", "q", "r"]).tolist() == ["p", "q", "r"]
    with pytest.raises(ValueError, match="number of features \\(3\\), got 1"):
        unnamed.get_feature_names_out(["p"])


def test_a_narrow_column_is_stretched_and_one_that_is_equal_but_for_rounding_is_not():
    narrow = MinMaxScaler().fit([[1.0, 0.3], [1.0 + 1e-9, 0.1 + 0.2]])
    assert narrow.transform([[1.0 + 1e-9, 0.3]]).tolist() == [[1.0, 0.0]]
    assert narrow.scale_[1] == 1.0
