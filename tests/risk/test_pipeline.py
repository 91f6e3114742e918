"""Whose risk is given by which model: nobody's by one that knows the outcome by heart."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from risk import pipeline
from risk.data.columns import Column
from risk.data.records import Records
from risk.data.table import PupilTable
from risk.evaluation.splits import Split
from risk.explanation import effects
from risk.models.risk_model import RiskModel
from risk.pipeline import Settings, by_judge, judges, not_recorded, travel, weeks_to_compare

# Six pupils, the fifth of unknown outcome; two tests. Known pupils: tested in 0, unseen by 0 alone,
# tested in 1, unseen by 1 alone, learnt from in both.
KNOWN = np.array([True, True, True, True, False, True])
LEARN = np.array([[False, False, True, True, True], [True, True, False, False, True]])
SPLIT = Split("cohort", "", False, np.array([0, -1, 1, -1, -1]), LEARN)


def test_judges_by_hand():
    assert judges(KNOWN, SPLIT).tolist() == [0, 0, 1, 1, -1, -1]
    both = Split("cohort", "", False, np.array([1, 0]), np.zeros((2, 2), dtype=bool))
    assert judges(np.array([True, True]), both).tolist() == [1, 0]  # the test it is scored in


def test_each_pupil_has_risk_and_effects_of_one_model(monkeypatch):
    def giving(number):
        return SimpleNamespace(number=number, risk=lambda rows: number + rows["x"].to_numpy())

    def constant(model, rows, typical):
        added = model.number + rows[["x"]].to_numpy()
        return added, 10 * added

    monkeypatch.setattr(pipeline, "effects", constant)
    frame = pd.DataFrame({"x": np.arange(6) / 10})
    judge = judges(KNOWN, SPLIT)
    risk, added, moved = by_judge(frame, judge, giving(7), [giving(1), giving(2)], {})
    expected = np.array([1.0, 1.1, 2.2, 2.3, 7.4, 7.5])
    np.testing.assert_allclose(risk, expected)
    np.testing.assert_allclose(added[:, 0], expected)
    np.testing.assert_allclose(moved[:, 0], 10 * expected)


@pytest.fixture(scope="module")
def table():
    """Two years, all on the list: the first is learnt from, the second tested."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(240, 2)), columns=["a", "b"])
    y = pd.Series((frame["a"] + rng.normal(size=240) > 0.5).astype(float))
    return PupilTable(
        "two years", pd.Series([f"p{i:03d}" for i in range(240)]), frame,
        [Column("a", "number"), Column("b", "number")], y, pd.DataFrame(index=y.index), "y",
        pd.Series(True, index=y.index), cohort=pd.Series([2024] * 120 + [2025] * 120, name="year"),
    )  # fmt: skip


def test_who_is_learnt_from_in_every_test_is_not_called_out_of_fold(table):
    settings = Settings(trees=3, model="logistic_regression")
    result = travel(table, settings, previous=["p000", "p200", "gone"])
    told = result.predictions.set_index("pupil")
    at = told.index.str[1:].astype(int)
    assert set(told["basis"][at < 120]) == {"forecast"}
    assert set(told["basis"][at >= 120]) == {"out of fold"}
    later = told[at >= 120].sort_index()["risk"]
    np.testing.assert_allclose(later, result.best.risk[120:], atol=5e-5)
    assert result.notes[0].startswith("Previous list: 3 pupils; ")
    assert "1 no longer here" in result.notes[0]


def test_weeks_compared_are_the_first_the_last_and_some_between():
    def of(last, week=0):
        return weeks_to_compare(Records({"attendance": pd.DataFrame({"week": [1, last]})}), week)

    assert of(18) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert of(3) == [0, 1, 2, 3]
    assert of(18, 9) == [0, 2, 4, 6, 8, 9, 10, 12, 14, 16, 18]  # and the one asked for
    assert (of(36)[0], of(36)[-1], len(of(36))) == (0, 36, 10)


def test_what_is_not_recorded_is_what_the_table_says_or_a_gap(table):
    gap = table.features.mask(table.features.index.to_series() == 5)
    assert np.flatnonzero(not_recorded(replace(table, features=gap))).tolist() == [5]
    said = table.features.index.to_series() == 7
    told = replace(table, features=gap, not_recorded=said)
    assert np.flatnonzero(not_recorded(told)).tolist() == [7]


def test_what_is_told_of_known_pupils_and_of_listed_ones_is_theirs():
    rng = np.random.default_rng(1)
    year = np.repeat([2024, 2025, 2026], 100)
    frame = pd.DataFrame({"a": rng.normal(size=300) + 0.6 * (year == 2026)})  # a harder year
    outcome = (frame["a"] + rng.normal(size=300) > 0.4).astype(float)
    table = PupilTable(
        "three years", pd.Series([f"p{i:03d}" for i in range(300)]), frame, [Column("a", "number")],
        outcome.where(year < 2026), pd.DataFrame({"sex": np.tile(["f", "m"], 150)}), "y",
        pd.Series(year == 2026), cohort=pd.Series(year, name="year"),
    )  # fmt: skip
    result = travel(table, Settings(trees=3, model="logistic_regression"))
    assert result.base_rate == outcome[:200].mean()
    listed = frame[200:]
    _, moved = effects(result.models["logistic_regression"], listed, result.typical)
    assert result.weights == {"a": pytest.approx(np.abs(moved).mean())}
    # The audit marks by the threshold of the tested pupils, which is not that of the list.
    assert result.threshold > result.best.threshold
    marked = result.best.risk[100:200] >= result.best.threshold
    women = next(group for group in result.groups if group.group == "f").shares["marked"]
    assert (women.part, women.whole) == (marked[::2].sum(), 50)


def test_classes_reach_all_that_must_allow_for_them(table, monkeypatch):
    group = pd.Series([f"class {i // 12}" for i in range(240)], name="class")
    given = {}

    def noted(owner, name, place):
        whole = getattr(owner, name)

        def noting(*args, **named):
            groups = args[place] if len(args) > place else named.get("groups")
            given.setdefault(name, []).append(groups)
            return whole(*args, **named)

        monkeypatch.setattr(owner, name, noting)

    for name, place in (("out_of_fold", 5), ("evaluate", 5), ("choose", 2), ("compare", 3)):
        noted(pipeline, name, place)
    noted(RiskModel, "fit", 3)
    travel(replace(table, group=group), Settings(trees=3, model="logistic_regression"))
    n_models, n_baselines = 3, 2  # majority, class alone: these choose no settings
    assert [None if g is None else len(g) for g in given["out_of_fold"]] == (
        [240] * n_models + [None] * n_baselines
    )
    assert len(given["evaluate"]) == n_models + n_baselines
    for name in ("evaluate", "choose", "compare"):
        assert all(g.equals(group) for g in given[name]), name
    # The final fit of each model, on everybody; those of the test are out_of_fold's.
    assert sum(g is not None and len(g) == 240 for g in given["fit"]) == n_models
