"""The guesses every model must beat, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mlcore.metrics import roc_auc_score
from risk.data.columns import Condition, parse_rule
from risk.data.reading import read_csv
from risk.data.roles import Roles
from risk.data.table import pupil_table
from risk.evaluation.baselines import (
    DistrictsRule,
    GroupAlone,
    Majority,
    PriorAlone,
    alone,
    baseline_frame,
    baselines,
    rule_flags,
)
from risk.features.known import DISTRICTS_RULE
from risk.text import in_a_sentence


def pupils(tmp_path, **roles):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "school": rng.choice(["a", "b", "c"], 60),
            "G1": rng.integers(0, 20, 60),
            "absences": rng.integers(0, 40, 60),
            "score": rng.normal(10, 3, 60).round(2),
        }
    )
    frame.loc[::7, "G1"] = np.nan
    frame.to_csv(tmp_path / "pupils.csv", index=False)
    return pupil_table(read_csv(tmp_path / "pupils.csv"), Roles("score", below=10, **roles))


def test_there_is_a_baseline_for_each_column_there_is(tmp_path):
    alone = pupils(tmp_path)
    assert list(baselines(alone)) == ["majority"]
    assert baseline_frame(alone).shape == (60, 0)
    assert list(baselines(pupils(tmp_path, group="school"))) == ["majority", "school"]
    assert list(baselines(pupils(tmp_path, prior="G1"))) == ["majority", "prior_score"]
    rule = parse_rule("absences > 20, G1 < 10")
    table = pupils(tmp_path, group="school", prior="G1", rule=rule)
    found = baselines(table)
    assert list(found) == ["majority", "prior_score", "school", "districts_rule"]
    assert [b.title for b in found.values()] == [
        "The same risk for everybody", "G1 alone", "School alone", "Your rule",
    ]  # fmt: skip
    frame, y = baseline_frame(table)[10:], table.at_risk[10:].to_numpy()
    for baseline in found.values():
        risk = baseline.fresh().fit(frame, y).risk(frame)
        assert risk.shape == (50,)
        assert ((risk >= 0) & (risk <= 1)).all()
        np.testing.assert_allclose(risk.mean(), y.mean(), atol=0.02)
        assert not hasattr(baseline, "share_")  # the fresh one learnt, not this


def test_majority_gives_everybody_the_base_rate():
    train, new = pd.DataFrame(index=range(5)), pd.DataFrame(index=range(2))
    assert Majority().fit(train, np.array([1.0, 0, 0, 0, 1])).risk(new).tolist() == [0.4, 0.4]


def test_a_rule_is_called_the_districts_only_where_it_is(tmp_path):
    own = pupils(tmp_path, rule=parse_rule("absences > 20"))
    assert baselines(own)["districts_rule"].title == "Your rule"
    theirs = replace(own, rule=DISTRICTS_RULE[:1])
    assert baselines(theirs)["districts_rule"].title == "The districts' rule"


@pytest.mark.parametrize("name", ["school", "G1", "Klasse", "Vorjahr (Punkte)", "classID", "école"])
def test_a_users_column_keeps_its_capitals_within_a_sentence(name):
    assert name in in_a_sentence(alone(name))


def test_prior_alone_falls_with_the_score_and_knows_who_has_none():
    rng = np.random.default_rng(0)
    score = rng.uniform(20, 90, 2000)
    true = 1 / (1 + np.exp(0.1 * (score - 50)))
    y = (rng.random(2000) < true).astype(float)
    score[:200], y[:200] = np.nan, [1.0] * 150 + [0.0] * 50
    model = PriorAlone().fit(pd.DataFrame({"prior": score}), y)
    new = model.risk(pd.DataFrame({"prior": [30.0, 50.0, 70.0, np.nan]}))
    np.testing.assert_allclose(
        new[:3], [1 / (1 + np.exp(0.1 * d)) for d in (-20, 0, 20)], atol=0.05
    )
    np.testing.assert_allclose(new[3], 0.75, atol=0.02)  # not the median pupil's risk


def test_prior_alone_ranks_as_the_score_does_even_where_it_tells_all():
    frame = pd.DataFrame({"prior": [1.0, 2.0, 3.0, 4.0]})
    risk = PriorAlone().fit(frame, np.array([1.0, 1.0, 0.0, 0.0])).risk(frame)
    assert (np.diff(risk) < 0).all()
    assert (risk > 0).all() and (risk < 1).all()


def test_each_school_has_its_own_share_drawn_to_the_overall_one():
    train = pd.DataFrame({"group": ["a"] * 10 + ["b"] * 29 + [None]})
    y = np.array([1.0] * 8 + [0.0] * 32)  # 8 of 40; a has 8 of 10, b none of 29
    model = GroupAlone().fit(train, y)
    risk = model.risk(pd.DataFrame({"group": ["a", "b", "never seen", None]}))
    np.testing.assert_allclose(risk, [(8 + 2) / 20, (0 + 2) / 39, 0.2, 0.2])


def test_schools_never_seen_rank_nobody():
    rng = np.random.default_rng(0)
    train = pd.DataFrame({"group": rng.choice(["a", "b"], 100)})
    y = rng.integers(0, 2, 100).astype(float)
    risk = GroupAlone().fit(train, y).risk(pd.DataFrame({"group": ["c", "d"] * 50}))
    assert roc_auc_score(y.astype(int), risk) == 0.5


def test_the_rule_has_the_share_at_risk_by_conditions_met_never_falling():
    met = np.repeat([0, 1, 2, 4], [10, 4, 6, 5])
    # At risk: 1 of 10, 2 of 4, then only 1 of 6 (so 3 of 10 together), 4 of 5.
    y = np.concatenate([np.arange(n) < k for n, k in ((10, 1), (4, 2), (6, 1), (5, 4))])
    model = DistrictsRule().fit(pd.DataFrame({"conditions met": met}), y.astype(float))
    risk = model.risk(pd.DataFrame({"conditions met": [0, 1, 2, 3, 4, 9]}))
    np.testing.assert_allclose(risk, [0.1, 0.3, 0.3, 0.3, 0.8, 0.8])


def test_fewer_conditions_than_ever_seen_have_the_lowest_share():
    train = pd.DataFrame({"conditions met": [1, 1, 2, 2]})
    model = DistrictsRule().fit(train, np.array([0.0, 1.0, 1.0, 1.0]))
    assert model.risk(pd.DataFrame({"conditions met": [0, 1, 2]})).tolist() == [0.5, 0.5, 1.0]


@pytest.mark.parametrize(
    ("sign", "met"), [("<", [1, 0, 0, 0]), ("<=", [1, 1, 0, 0]), (">", [0, 0, 1, 0]), (">=", [0, 1, 1, 0])]
)  # fmt: skip
def test_conditions_are_met_as_they_are_written_and_never_by_what_is_missing(sign, met):
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, np.nan]})
    assert rule_flags(frame, [Condition("x", sign, 2.0)]).tolist() == met
    assert rule_flags(frame, [Condition("x", sign, 2.0)] * 2).tolist() == [2 * m for m in met]
    assert rule_flags(frame, []).tolist() == [0, 0, 0, 0]
