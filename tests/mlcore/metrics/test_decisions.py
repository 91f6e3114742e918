"""Costs and benefits by trying every threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import cost_curve, decision_curve, net_benefit, normalised_cost_curve


def draw(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 40))
    y, w = rng.integers(0, 2, n), rng.integers(0, 3, n)
    y[:2], w[:2] = (0, 1), w[:2] + 1
    return y, np.round(rng.random(n), 1), w


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_costs_by_trying_every_threshold(seed):
    y, s, w = draw(seed)
    curve = cost_curve(y, s, cost_fp=2.0, cost_fn=7.0, sample_weight=w)
    for cut, cost in zip(*curve, strict=True):
        flagged = s >= cut
        paid = 2.0 * (flagged & (y == 0)) + 7.0 * (~flagged & (y == 1))
        assert cost == pytest.approx(np.average(paid, weights=w))
    assert curve.best[1] == curve.costs.min()
    twice = cost_curve(y.repeat(w), s.repeat(w), cost_fp=2.0, cost_fn=7.0)
    np.testing.assert_allclose(curve.costs, twice.costs, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_normalised_costs_by_trying_every_threshold(seed):
    y, s, w = draw(seed)
    curve = normalised_cost_curve(y, s, n_points=11, sample_weight=w)
    for x, cost, chosen in zip(*curve, strict=True):
        costs = {}
        for cut in [np.inf, *s[w > 0]]:
            fnr = np.average(s[y == 1] < cut, weights=w[y == 1])
            fpr = np.average(s[y == 0] >= cut, weights=w[y == 0])
            costs[cut] = fnr * x + fpr * (1 - x)
        assert cost == pytest.approx(min(costs.values()), abs=1e-12)
        assert costs[chosen] == pytest.approx(cost, abs=1e-12)
        assert cost <= min(x, 1 - x) + 1e-12


def test_the_two_cost_curves_agree():
    y, s, _ = draw(5)
    share = y.mean()
    c_fp, c_fn = 1.0, 4.0
    worst = share * c_fn + (1 - share) * c_fp
    grid = normalised_cost_curve(y, s, n_points=1001)
    at = np.interp(share * c_fn / worst, grid.probability_cost, grid.costs)
    assert at * worst == pytest.approx(cost_curve(y, s, cost_fn=c_fn).best[1], abs=1e-3)


def test_normalised_costs_without_a_class_are_undefined():
    with pytest.warns(UndefinedMetricWarning):
        assert np.isnan(normalised_cost_curve([1, 1], [0.1, 0.2]).costs).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_net_benefit_by_counting(seed):
    y, p, w = draw(seed)
    grid = np.array([0.0, 0.1, 0.15, 0.5, 0.9, 0.99])
    curve = decision_curve(y, p, thresholds=grid, sample_weight=w)
    for i, t in enumerate(grid):
        for found, flagged in ((curve.net_benefit, p >= t), (curve.treat_all, p >= 0)):
            gain = (flagged & (y == 1)) - (flagged & (y == 0)) * t / (1 - t)
            assert found[i] == pytest.approx(np.average(gain, weights=w), abs=1e-12)
    assert (curve.treat_none == 0).all()


def test_thresholds_of_a_decision_curve():
    y, p = [0, 1, 1], [0.2, 0.6, 0.9]
    assert decision_curve(y, p).thresholds.tolist() == [i / 100 for i in range(1, 100)]
    assert net_benefit(y, p, 0.5).tolist() == [pytest.approx(2 / 3)]
    with pytest.raises(ValueError, match="below 1"):
        net_benefit(y, p, [0.5, 1.0])
    with pytest.raises(ValueError, match="probabilities from 0 to 1"):
        net_benefit(y, [0.1, 2.0, 0.3], [0.5])
    with pytest.raises(ValueError, match="cost_fp is -1"):
        cost_curve(y, p, cost_fp=-1)
