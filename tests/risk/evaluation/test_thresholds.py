"""Thresholds by capacity and by cost, worked by hand."""

import numpy as np
import pytest

from risk.data.reading import DataError
from risk.evaluation.thresholds import (
    Rule,
    capacity_count,
    cost_ratio,
    read_rule,
    threshold_for,
    threshold_for_cost,
)


def test_capacity():
    assert [capacity_count(c, 250) for c in ("10%", "12.5 %", "40", "9999", "0.1%", "100%")] == [
        25, 31, 40, 250, 1, 250,
    ]  # fmt: skip
    for bad in ("", "ten", "0", "-5", "101%", "2.5", "nan", "inf"):
        with pytest.raises(DataError, match="--capacity is"):
            capacity_count(bad, 100)


def test_cost():
    assert [cost_ratio(c) for c in ("5", " 0.5 ", "1e2")] == [5.0, 0.5, 100.0]
    for bad in ("", "five", "0", "-5", "10%", "nan", "inf"):
        with pytest.raises(DataError, match="--cost is .* a number above 0, such as 5"):
            cost_ratio(bad)


def test_threshold_flags_the_nearest_count_and_ties_together():
    risk = np.array([0.9, 0.8, 0.8, 0.8, 0.1])
    assert [threshold_for(risk, k) for k in (1, 2, 3, 4, 5)] == [0.9, 0.9, 0.8, 0.8, 0.1]
    assert threshold_for(np.full(9, 0.5), 1) == 0.5
    assert threshold_for(np.array([0.9, 0.8, 0.8, 0.8]), 3) == 0.8  # four are nearer than one


def test_a_rule_goes_by_cost_where_there_is_one():
    risk = np.arange(20) / 20
    by_share, by_cost = read_rule("10%", None, 200), read_rule("10%", "4", 200)
    assert by_share == Rule(0.1)
    assert (risk >= by_share.threshold(risk)).sum() == 2
    for share, count in ((0.13, 3), (0.12, 2), (0.01, 1)):  # the nearest count, but never nobody
        assert (risk >= Rule(share).threshold(risk)).sum() == count
    assert by_cost.threshold(risk) == 0.2
    assert (risk >= by_cost.threshold(risk)).sum() == 16
    with pytest.raises(DataError, match="--cost"):
        read_rule("10%", "x", 200)


def test_one_over_one_plus_n_is_cheapest_of_calibrated_risks():
    rng = np.random.default_rng(0)
    risk = rng.beta(1, 3, 200_000)
    y = (rng.random(len(risk)) < risk).astype(float)
    for ratio in (1, 4, 9):
        cost = {
            t: np.where(y == 1, ratio * (risk < t), 1.0 * (risk >= t)).mean()
            for t in (0.6 * threshold_for_cost(ratio), threshold_for_cost(ratio), 0.65)
        }
        assert min(cost, key=cost.get) == threshold_for_cost(ratio)
