"""The true risk is the chance of what comes: calibrated, unbeaten, and exact at the end."""

from statistics import NormalDist

import numpy as np
import pytest

from mlcore.linear.losses import sigmoid
from mlcore.metrics import brier_score_loss, calibration_slope, roc_auc_score
from risk.features.known import build_features
from risk.school import Tutoring, simulate_school
from risk.school.futures import (
    NODE_SHARES,
    NODES,
    blows_to_come,
    chance_below_cut,
    draw_futures,
    first_blow,
    spread_out,
    true_risk,
)
from risk.school.learning import (
    BLOWS_A_WEEK,
    FINAL_CUT,
    FINAL_SCALE,
    blows,
    logistic,
    plan_year,
    start,
)
from risk.school.pupils import build_district, enrol

SCHOOL = simulate_school(4000, 18, seed=5, n_years=1)


def known_at(week):
    weeks = SCHOOL.truth["weeks"]
    risk = weeks[weeks["week"] == week].set_index("pupil")["true_risk"]
    ended = SCHOOL.truth["pupils"].set_index("pupil")["at_risk"].reindex(risk.index)
    return (ended == "yes").astype(int).to_numpy(), risk.to_numpy()


@pytest.mark.parametrize("week", [0, 9, 18])
def test_the_oracle_is_calibrated(week):
    y, risk = known_at(week)
    inside = np.clip(risk, 1e-9, 1 - 1e-9)
    z = np.log(inside / (1 - inside))
    information = (
        inside * (1 - inside) * (z - np.average(z, weights=inside * (1 - inside))) ** 2
    ).sum()
    slope = calibration_slope(y, inside).slope
    assert abs(slope - 1) < 4 / np.sqrt(information)
    variance = (risk * (1 - risk)).sum()
    assert abs(y.sum() - risk.sum()) < 4 * np.sqrt(variance)


def test_the_oracle_sees_better_as_weeks_pass_and_no_feature_beats_it():
    auc = {week: roc_auc_score(*known_at(week)) for week in (0, 6, 12, 18)}
    assert list(auc.values()) == sorted(auc.values())
    brier = [brier_score_loss(*known_at(week)) for week in (0, 6, 12, 18)]
    assert brier == sorted(brier, reverse=True)
    for week in (0, 12):
        features = build_features(SCHOOL.tables, week)
        truth = SCHOOL.truth["weeks"]
        there = truth[truth["week"] == week].set_index("pupil")["true_risk"].reindex(features.index)
        ended = (
            SCHOOL.truth["pupils"].set_index("pupil")["at_risk"].reindex(features.index) == "yes"
        )
        best = roc_auc_score(ended, there)
        for name in features.columns[features.nunique() > 1]:
            values = features[name].fillna(features[name].median())
            alone = roc_auc_score(ended, values)
            assert max(alone, 1 - alone) < best, name


def test_at_the_end_the_risk_is_the_tests_error_alone():
    assert chance_below_cut(np.array([-100.0, 100.0])).tolist() == pytest.approx([1.0, 0.0])
    weeks, ended = SCHOOL.truth["weeks"], SCHOOL.truth["pupils"].set_index("pupil")
    last = weeks[weeks["week"] == 18].set_index("pupil")
    np.testing.assert_allclose(last["true_risk"], chance_below_cut(last["knowledge"]), rtol=1e-5)
    sure = last.index[last["true_risk"] < 1e-4]
    assert (ended.loc[sure, "final_score"] >= FINAL_CUT).mean() > 0.998


def test_more_futures_agree_with_few():
    rng = np.random.default_rng(0)
    district = build_district(400, rng)
    pupils = enrol(rng.integers(0, len(district.status), 200), 2026, 7, district, False, rng)
    plan = plan_year(pupils, 10, np.zeros((10, 200)), np.float32)
    state = start(pupils, rng)
    few = np.mean(
        [true_risk(plan, state, 0, 32, np.random.default_rng(i)) for i in range(20)], axis=0
    )
    many = true_risk(plan, state, 0, 4000, np.random.default_rng(99))
    assert np.abs(few - many).max() < 0.02
    assert abs((few - many).mean()) < 0.003  # no bias


def test_first_blows_come_as_often_as_they_should():
    first = first_blow(10, 100_000, np.random.default_rng(1))
    chance = BLOWS_A_WEEK * (1 - BLOWS_A_WEEK) ** np.arange(10) / (1 - (1 - BLOWS_A_WEEK) ** 10)
    np.testing.assert_allclose(
        np.bincount(first.ravel(), minlength=10) / first.size, chance, atol=0.003
    )
    # Whatever comes after it, the first blow stays the first.
    blow = blows_to_come(10, 100_000, np.random.default_rng(2))
    np.testing.assert_allclose(
        np.bincount((blow > 0).argmax(axis=0), minlength=10) / 100_000, chance, atol=0.003
    )
    assert blow[blow > 0].min() >= 2 and blow[blow > 0].mean() == pytest.approx(2.7, abs=0.01)
    size = blows(np.array([True, False, True]), np.random.default_rng(0))
    assert size[1] == 0 and size[0] >= 2 and size[2] >= 2


def test_draws_are_normal_and_each_future_has_a_part_of_its_own():
    draws = spread_out((3, 2, 256), np.random.default_rng(0))
    cuts = [NormalDist().inv_cdf(i / 256) for i in range(1, 256)]
    for row in draws.reshape(6, 256):
        assert sorted(np.digitize(row, cuts)) == list(range(256))
    assert abs(np.corrcoef(draws.reshape(6, 256)) - np.eye(6)).max() < 0.3
    many = spread_out((500, 7), np.random.default_rng(1))
    assert abs(many.mean()) < 0.01 and many.std() == pytest.approx(1, abs=0.02)
    assert many.max() > 2.8  # no part of the tail is left out


def test_a_quarter_of_the_futures_are_struck_and_count_by_their_chance():
    futures = draw_futures(10, 64, np.random.default_rng(0))
    struck = (futures.blow > 0).any(axis=0)
    assert struck.sum() == 16
    assert futures.share.sum() == pytest.approx(1)
    assert futures.share[struck].sum() == pytest.approx(1 - (1 - BLOWS_A_WEEK) ** 10)
    # The weighted number of blows is the expected one.
    draws = (draw_futures(10, 400, np.random.default_rng(i)) for i in range(20))
    blows_a_future = np.mean([(f.share * (f.blow > 0)).sum() for f in draws])
    assert blows_a_future == pytest.approx(10 * BLOWS_A_WEEK, rel=0.03)


def test_the_luck_of_the_setback_is_integrated_not_drawn():
    z, spread = np.linspace(-4, 4, 9), 0.8  # wider than 18 weeks of it, in units of the logistic
    x = np.linspace(-8, 8, 4001)
    exact = (
        sigmoid(z[:, None] + spread * x)
        @ (np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
        * (x[1] - x[0])
    )
    nodes = sum(
        share * logistic(z + spread * node) for node, share in zip(NODES, NODE_SHARES, strict=True)
    )
    np.testing.assert_allclose(nodes, exact, atol=2e-4)
    np.testing.assert_allclose(logistic(z), sigmoid(z), rtol=1e-13)


def help_the_weak(tables):
    pupils = tables["pupils"]
    return pupils.loc[pupils["prior_score"] < 50, "pupil"]


def test_help_begins_after_its_week_and_adds_up_to_the_effect():
    policy = Tutoring(week=6, effect=5.0, policy=help_the_weak)
    assert policy.help_a_week(9).tolist() == [0.0] * 6 + [5.0 / FINAL_SCALE / 3] * 3
    assert policy.help_a_week(6).tolist() == [0.0] * 6  # too late to help
    helped, plain = (
        simulate_school(60, 9, seed=2, n_years=1, n_futures=0, tutoring=t) for t in (policy, None)
    )
    early = plain.truth["weeks"]["week"] <= 6
    assert helped.truth["weeks"][early].equals(plain.truth["weeks"][early])
    gain = helped.truth["weeks"]["knowledge"] - plain.truth["weeks"]["knowledge"]
    tutored = plain.truth["weeks"]["pupil"].isin(help_the_weak(plain.tables))
    steps = np.maximum(plain.truth["weeks"]["week"] - 6, 0)
    np.testing.assert_allclose(gain, tutored * steps * 5.0 / FINAL_SCALE / 3, atol=1e-12)


def test_tutoring_keeps_both_outcomes_and_its_effect_is_what_was_given():
    policy = Tutoring(week=6, effect=5.0, policy=help_the_weak)
    with_help = simulate_school(500, 12, seed=2, n_years=2, n_futures=0, tutoring=policy)
    plain = simulate_school(500, 12, seed=2, n_years=2, n_futures=0)
    truth = with_help.truth["pupils"].dropna(subset=["tutored"]).set_index("pupil")
    assert len(truth) == 500  # the last year
    tutored = truth["tutored"].astype(bool)
    prior = with_help.tables["pupils"].set_index("pupil")["prior_score"].reindex(truth.index)
    assert (tutored == (prior < 50)).all()
    effect = truth["final_with_tutoring"] - truth["final_without_tutoring"]
    unclipped = truth["final_with_tutoring"] < 100
    np.testing.assert_allclose(effect[unclipped], 5.0, atol=0.11)
    got = truth["final_score"]
    assert (got[tutored] == truth["final_with_tutoring"][tutored]).all()
    assert (got[~tutored] == truth["final_without_tutoring"][~tutored]).all()
    before = plain.truth["pupils"].set_index("pupil")["final_score"].reindex(truth.index)
    assert (truth["final_without_tutoring"] == before).all()


def test_a_policy_sees_no_later_week_and_no_outcome():
    seen = {}

    def curious(tables):
        seen.update(tables)
        return []

    curiosity = Tutoring(3, 5.0, curious)
    school = simulate_school(300, 8, seed=2, n_years=1, n_futures=0, tutoring=curiosity)
    assert set(seen) == {"pupils", "attendance", "practice", "quizzes"}
    last = {name: table["week"].max() for name, table in seen.items() if "week" in table}
    assert last == {"attendance": 3, "practice": 3, "quizzes": 2}
    left = school.tables["pupils"].set_index("pupil")["left_week"]
    known = seen["pupils"].set_index("pupil")["left_week"].reindex(left.index)
    assert (left > 3).any() and (left == 3).any()
    assert known.equals(left.where(left <= 3))
