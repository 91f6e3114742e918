"""The bootstrap against a slow independent writing of it, and by how often it holds the truth."""

from statistics import NormalDist

import numpy as np
import pytest

from mlcore.metrics import (
    accuracy_score,
    average_precision_score,
    bootstrap_interval,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)


def rows(seed, n=40):
    rng = np.random.default_rng(seed)
    y = np.append([0, 0, 1, 1], rng.random(n - 4) < 0.4).astype(int)
    return y, np.round(np.clip(0.3 + 0.3 * y + rng.normal(size=n) * 0.25, 0.01, 0.99), 2)


def slow_interval(metric, y, s, B, seed, strata, bca=True):
    """Efron & Tibshirani's BCa with Davison & Hinkley's acceleration for several strata."""
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(B):
        u, chosen = list(rng.random(len(y))), []
        for rows_of in strata:
            chosen += [rows_of[int(u.pop(0) * len(rows_of))] for _ in rows_of]
        values.append(metric(y[chosen], s[chosen]))
    values, estimate, normal = np.array(values), metric(y, s), NormalDist()
    if not bca:
        return np.quantile(values, [0.05, 0.95])
    z0 = normal.inv_cdf(np.mean([(v < estimate) + 0.5 * (v == estimate) for v in values]))
    cubes = squares = 0.0
    for rows_of in strata:
        holes = [metric(np.delete(y, i), np.delete(s, i)) for i in rows_of]
        n_h = len(rows_of)
        pulls = [(n_h - 1) * (np.mean(holes) - hole) for hole in holes]
        cubes += sum(u**3 for u in pulls) / n_h**3
        squares += sum(u**2 for u in pulls) / n_h**2
    a = cubes / (6 * squares**1.5)
    ends = []
    for p in (0.05, 0.95):
        z = z0 + normal.inv_cdf(p)
        ends.append(normal.cdf(z0 + z / (1 - a * z)))
    return np.quantile(values, ends)


@pytest.mark.parametrize("metric", [roc_auc_score, average_precision_score, log_loss])
@pytest.mark.parametrize("seed", [0, 1])
def test_against_the_slow_writing(metric, seed):
    y, s = rows(seed)
    strata = [np.flatnonzero(y == c) for c in (0, 1)]
    how = {"n_resamples": 200, "confidence": 0.9, "random_state": seed}
    expected = slow_interval(metric, y, s, 200, seed, strata)
    np.testing.assert_allclose(bootstrap_interval(metric, y, s, **how), expected, atol=1e-10)
    expected = slow_interval(metric, y, s, 200, seed, strata, bca=False)
    found = bootstrap_interval(metric, y, s, method="percentile", **how)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_numbers_without_strata_against_the_slow_writing():
    rng = np.random.default_rng(3)
    y, s = rng.exponential(size=25), rng.exponential(size=25)

    def worst(y_true, y_score):
        return np.abs(y_true - y_score).mean()

    found = bootstrap_interval(
        worst, y, s, stratify=False, n_resamples=300, confidence=0.9, random_state=5
    )
    expected = slow_interval(worst, y, s, 300, 5, [np.arange(25)])
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_formula_of_the_holes_is_that_of_leaving_rows_out():
    y, s = rows(7)
    how = {"n_resamples": 100, "random_state": 0}

    def slow_auc(y_true, y_score):
        return roc_auc_score(y_true, y_score)

    expected = bootstrap_interval(slow_auc, y, s, **how)
    assert bootstrap_interval(roc_auc_score, y, s, **how) == pytest.approx(expected, abs=1e-12)
    names = np.array(["no", "yes"])[y]
    assert bootstrap_interval(roc_auc_score, names, s, **how) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("method", "least", "most"), [("bca", 0.9, 0.98), ("percentile", 0.87, 0.97)]
)
def test_it_holds_the_truth_about_as_often_as_it_says(method, least, most):
    # The mean of n exponential errors is 1 in truth and skewed, which BCa allows for.
    rng = np.random.default_rng(0)
    held = 0
    for i in range(150):
        y = rng.exponential(size=30)
        low, high = bootstrap_interval(
            lambda t, s: t.mean(), y, np.zeros(30), method=method, stratify=False,
            n_resamples=300, random_state=i,
        )  # fmt: skip
        held += low <= 1.0 <= high
    assert least <= held / 150 <= most


def test_bca_moves_to_the_side_of_the_long_tail():
    y = np.random.default_rng(1).exponential(size=40)
    how = {"stratify": False, "random_state": 0}
    bca = bootstrap_interval(lambda t, s: t.mean(), y, y, **how)
    plain = bootstrap_interval(lambda t, s: t.mean(), y, y, method="percentile", **how)
    assert bca[0] > plain[0]
    assert bca[1] > plain[1]


def test_seeds_weights_and_columns():
    y, s = rows(2)
    w = np.random.default_rng(0).integers(0, 3, len(y)).astype(float)
    how = {"n_resamples": 60, "sample_weight": w, "random_state": 0}
    one = bootstrap_interval(brier_score_loss, y, s, **how)
    assert one == bootstrap_interval(brier_score_loss, y, s, **how)
    assert one != bootstrap_interval(brier_score_loss, y, s, **how | {"random_state": 1})
    kept = w > 0  # weight 0 equals no row
    shorter = how | {"sample_weight": w[kept]}
    assert one == bootstrap_interval(brier_score_loss, y[kept], s[kept], **shorter)
    two = bootstrap_interval(brier_score_loss, y, np.column_stack([1 - s, s]), **how)
    assert two == pytest.approx(one, abs=1e-12)


def test_further_arguments_go_to_the_metric():
    y, s = rows(2)
    names = np.where(y == 1, "fail", "pass")  # of which the lesser one is positive
    how = {"n_resamples": 60, "random_state": 0}
    low, high = bootstrap_interval(roc_auc_score, names, s, pos_label="fail", **how)
    mirrored = bootstrap_interval(roc_auc_score, names, s, **how)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-12)

    def auc(y_true, y_score, pos_label):  # of which the interval knows no formula
        return roc_auc_score(y_true, y_score, pos_label=pos_label)

    slow = bootstrap_interval(auc, names, s, pos_label="fail", **how)
    assert slow == pytest.approx((low, high), abs=1e-12)
    capped = bootstrap_interval(roc_auc_score, y, s, max_fpr=0.5, **how)
    assert capped != bootstrap_interval(roc_auc_score, y, s, **how)


def test_a_single_positive_row_can_not_be_left_out():
    y, s = np.array([0, 0, 0, 0, 1]), np.array([0.1, 0.2, 0.6, 0.9, 0.7])
    how = {"n_resamples": 50, "random_state": 0}
    slow = bootstrap_interval(lambda t, p: roc_auc_score(t, p), y, s, **how)  # no formula for it
    assert bootstrap_interval(roc_auc_score, y, s, **how) == pytest.approx(slow, abs=1e-12)


def test_labels_as_objects_are_those_as_text():
    y, predicted = np.array(list("aabbab")), np.array(list("abbbaa"))
    one = bootstrap_interval(accuracy_score, y, predicted, n_resamples=50, random_state=0)
    for weights in ({}, {"sample_weight": np.ones(6)}):
        how = {"n_resamples": 50, "random_state": 0} | weights
        two = bootstrap_interval(accuracy_score, y.astype(object), predicted.astype(object), **how)
        assert two == pytest.approx(one, abs=1e-12)


def test_nothing_scatters_without_width():
    y, s = [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]
    assert bootstrap_interval(roc_auc_score, y, s, n_resamples=20, random_state=0) == (1.0, 1.0)


def test_what_is_refused():
    y, s = [0, 0, 0, 1], [0.1, 0.2, 0.8, 0.9]
    with pytest.raises(ValueError, match=r"NaN for \d+ of 50 resamples. Use stratify=True"):
        bootstrap_interval(roc_auc_score, y, s, stratify=False, n_resamples=50, random_state=0)
    with pytest.raises(ValueError, match="stratify=False"):
        bootstrap_interval(brier_score_loss, [0, 1], [0.1, 0.2])
    with pytest.raises(ValueError, match="a score for each row"):
        bootstrap_interval(brier_score_loss, y, s[:3])
    with pytest.raises(TypeError, match="metric is 'roc_auc'.*Pass the function"):
        bootstrap_interval("roc_auc", y, s)
    with pytest.raises(ValueError, match="stratify is 'yes'"):
        bootstrap_interval(brier_score_loss, y, s, stratify="yes")
    with pytest.raises(ValueError, match="method is 'student'"):
        bootstrap_interval(brier_score_loss, y, s, method="student")
