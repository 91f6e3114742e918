"""Tiers say what they mean and how they turned out; lists keep their pupils through noise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.metrics import wilson_interval
from risk.data.reading import DataError, write_csv
from risk.evaluation.figures import evaluate
from risk.evaluation.thresholds import Rule
from risk.lists import (
    FIRST,
    ON_TRACK,
    WATCH,
    keep_stable,
    places_kept,
    predict_table,
    read_previous,
    stable_list,
    tier_meaning,
    tiers,
    trade,
    turnover,
)

RISK = pd.Series([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], index=list("abcdef"))


def test_tiers_by_hand():
    assert tiers(np.array([0.9, 0.5, 0.3, 0.2]), 0.5, 0.3).tolist() == [
        FIRST, FIRST, WATCH, ON_TRACK,
    ]  # fmt: skip


def test_predictions_by_hand():
    ids, risk = pd.Series(["a", "b", "c"], index=[4, 7, 9]), np.array([0.20004, 0.61236, 0.2])
    told = [["far", "late", "new"], [], ["ill"]]
    table = predict_table(ids, risk, told, 0.5, 0.2)
    assert table.to_dict("list") == {
        "pupil": ["b", "a", "c"],
        "risk": [0.6124, 0.2, 0.2],
        "tier": [FIRST, WATCH, WATCH],
        "reason_1": ["", "far", "ill"],
        "reason_2": ["", "late", ""],
        "reason_3": ["", "new", ""],
    }
    assert table.index.tolist() == [1, 0, 2]


def test_a_tier_tells_its_share_from_tested_pupils():
    y = np.array([1, 1, 0, 1, 0, 0, 0, 0], dtype=float)
    risk = np.array([0.9, 0.8, 0.7, 0.5, 0.4, 0.2, 0.1, 0.0])
    first, watch, on_track = tier_meaning(y, risk, 0.7, 0.375)
    assert [(t.pupils, t.at_risk) for t in (first, watch, on_track)] == [(3, 2), (2, 1), (3, 0)]
    assert first.share == 2 / 3 and first.interval == pytest.approx(wilson_interval(2, 3))
    assert "70 % or more" in first.meaning and "38 % to under 70 %" in watch.meaning
    assert str(on_track) == (
        "on track: risk under 38 %, less than that of an average pupil. Of 3 such pupils with a "
        "known outcome 0 ended at risk: 0 % (with 95 % confidence 0 to 56 %)."
    )


def test_tiers_when_all_of_average_risk_have_a_place():
    y, risk = np.array([1.0, 0.0, 0.0]), np.array([0.6, 0.3, 0.1])
    _, watch, on_track = tier_meaning(y, risk, 0.3, 1 / 3)
    assert watch.pupils == 0 and np.isnan(watch.share)
    assert watch.meaning.startswith("nobody") and str(watch).endswith("was there.")
    assert on_track.meaning.startswith("risk under 30 %")


@pytest.mark.parametrize("cluster", [None, np.arange(300) // 20])
@pytest.mark.parametrize("rule", [Rule(0.1), Rule(0.1, cost=2.0)])
def test_the_first_tier_has_the_precision_of_the_list_and_its_interval(rule, cluster):
    rng = np.random.default_rng(4)
    risk = rng.random(300).round(3)
    y = (rng.random(300) < risk).astype(float)
    e = evaluate("m", y, risk, rule, cluster=cluster)
    first = tier_meaning(y, risk, e.threshold, y.mean(), rule, cluster)[0]
    assert (first.share, first.interval) == (e.precision, e.precision_interval)


@pytest.mark.parametrize("threshold", [0.25, 0.6])
def test_with_a_cost_nobody_speaks_of_places(threshold):
    y, risk = np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.7, 0.5, 0.3, 0.1])
    for rule, spoken_of in ((Rule(0.1, cost=3.0), False), (Rule(0.1), True)):
        told = " ".join(map(str, tier_meaning(y, risk, threshold, 0.4, rule)))
        assert ("place" in told) is spoken_of
        assert ("talk" in told) is not spoken_of


def test_a_place_kept_below_the_threshold_is_noticed():
    predictions = pd.DataFrame({"pupil": list("abc"), "risk": [0.9, 0.8, 0.7], "tier": FIRST})
    assert not places_kept(predictions, 0.70004)  # as it was before it was rounded
    assert places_kept(predictions, 0.75)
    assert not places_kept(predictions.assign(tier=[FIRST, FIRST, WATCH]), 0.75)


@pytest.mark.parametrize(
    ("previous", "slack", "expected"),
    [
        ("", 1.5, "ab"),  # the first list is by risk alone
        ("bc", 1.5, "bc"),  # c has two above: 2 < 3
        ("bd", 1.5, "ab"),  # d has three above
        ("bd", 2.0, "bd"),
        ("bc", 1.0, "ab"),
        ("abc", 1.5, "ab"),  # the places became fewer
        ("xyc", 1.5, "ac"),  # x and y left
    ],
)
def test_a_list_by_hand(previous, slack, expected):
    assert stable_list(RISK, set(previous), 2, slack) == list(expected)


def test_ties_go_to_the_previous_list_and_then_by_id():
    equal = pd.Series(0.5, index=list("dbca"))
    assert stable_list(equal, {"d"}, 2, 1.0) == ["d", "a"]
    assert stable_list(equal, {"c", "d"}, 2, 1.0) == ["c", "d"]
    assert stable_list(equal, set(), 9) == list("abcd")


@st.composite
def lists(draw):
    n = draw(st.integers(1, 12))
    risk = draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    order = draw(st.permutations(range(n)))
    previous = draw(st.sets(st.integers(0, 14)))
    count, slack = draw(st.integers(1, 12)), draw(st.sampled_from([1.0, 1.25, 1.5, 3.0]))
    return pd.Series(risk, index=range(n), dtype=float), order, previous, count, slack


@given(lists())
def test_size_order_and_places(drawn):
    risk, order, previous, count, slack = drawn
    chosen = stable_list(risk, previous, count, slack)
    assert len(chosen) == len(set(chosen)) == min(count, len(risk))
    assert stable_list(risk.iloc[order], previous, count, slack) == chosen
    assert risk[chosen].is_monotonic_decreasing
    outside = risk.drop(chosen)
    for pupil in set(chosen) - previous:
        assert (outside <= risk[pupil]).all()
    for pupil in previous & set(outside.index):  # given up only by fall, or by lack of places
        stayed = previous & set(chosen)
        assert (risk > risk[pupil]).sum() >= count * slack or (
            len(stayed) == count and all(risk[p] >= risk[pupil] for p in stayed)
        )


@given(lists(), st.data())
def test_a_higher_risk_never_loses_a_place(drawn, data):
    risk, _, previous, count, slack = drawn
    pupil = data.draw(st.sampled_from(stable_list(risk, previous, count, slack)))
    risk[pupil] += 1
    assert pupil in stable_list(risk, previous, count, slack)


def test_a_list_is_stable_under_itself():
    chosen = stable_list(RISK, {"c"}, 3)
    assert stable_list(RISK, chosen, 3) == chosen


def test_turnover_by_hand():
    assert turnover([], ["a"]) == 1 and turnover(["a"], ["a"]) == 0
    assert np.isnan(turnover(["a"], []))


def test_trade_by_hand():
    risks = pd.DataFrame({1: [4, 3, 2, 1], 2: [4, 2, 3, 1], 3: [3, 1, 4, 2]}, index=list("abcd"))
    y = pd.Series([1.0, 0.0, 1.0, 0.0], index=list("abcd"))
    alone = trade(risks, y, 2, slack=1.0)  # ab, ac, ac
    assert (alone.turnover, alone.precision, alone.recall) == (0.25, 5 / 6, 5 / 6)
    stable = trade(risks, y, 2, slack=1.5)  # ab, ab, ac
    assert (stable.turnover, stable.precision, stable.recall) == (0.25, 4 / 6, 4 / 6)
    assert np.isnan(trade(risks[[1]], y, 2).turnover)


def test_noise_at_the_edge_costs_fewer_changes():
    rng = np.random.default_rng(0)
    level = rng.normal(size=400)
    y = pd.Series((level + rng.normal(size=400) > 1.2).astype(float))
    risks = pd.DataFrame({k: level + rng.normal(0, 0.3, 400) for k in range(10)})
    alone, stable = trade(risks, y, 60, 1.0), trade(risks, y, 60)
    assert stable.turnover < 0.6 * alone.turnover
    assert stable.precision > alone.precision - 0.03


def predictions():
    return pd.DataFrame(
        {
            "pupil": ["=a", "b", "c", "d", "007"],
            "risk": [0.9, 0.8, 0.7, 0.6, 0.1],
            "tier": [FIRST, FIRST, WATCH, WATCH, ON_TRACK],
        }
    )


def test_a_file_of_an_earlier_week_keeps_its_pupils(tmp_path):
    earlier = pd.DataFrame({"pupil": ["=a", "c", "gone", "007"], "risk": 0.5,
                            "tier": [FIRST, FIRST, FIRST, WATCH]})  # fmt: skip
    write_csv(earlier, tmp_path / "predictions.csv")
    previous = read_previous(tmp_path / "predictions.csv")
    assert previous == {"'=a", "c", "gone"}
    before = predictions()
    stable, note = keep_stable(before, previous, 2)
    assert stable["tier"].tolist() == [FIRST, WATCH, FIRST, WATCH, ON_TRACK]
    assert before.equals(predictions())
    assert note == (
        "Previous list: 3 pupils; 2 stay, 0 give up their place, 1 no longer here. "
        "New on the list: 0 (by risk alone: 1)."
    )


def test_capitals_make_no_other_tier(tmp_path):
    (tmp_path / "old.csv").write_text("pupil,tier\na,See first\nb,Watch\n")
    assert read_previous(tmp_path / "old.csv") == {"a"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pupil,risk\na,0.5\n", "no column 'tier'"),
        ("id,tier\na,see first\n", "no column 'pupil'"),
        ("pupil,tier\na,watch\n", "no pupil's tier is 'see first'"),
        ("pupil,tier\na,watch\na,watch\n", "one row a pupil"),
    ],
)
def test_a_file_that_is_no_list(tmp_path, text, words):
    (tmp_path / "old.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        read_previous(tmp_path / "old.csv")
