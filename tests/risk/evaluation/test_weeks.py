"""Week by week: the same pupils, nothing from later, and what the tables and pictures say of it."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from mlcore.metrics import recall_at_k
from risk.data.records import Records
from risk.evaluation import weeks
from risk.evaluation.figures import evaluate
from risk.evaluation.splits import Split
from risk.evaluation.uncertainty import auc_pulls
from risk.evaluation.week_tables import (
    FIGURES,
    how_early,
    value_of,
    week_cells,
    week_figures,
    week_table,
)
from risk.evaluation.weeks import (
    Weekly,
    ahead_from,
    by_week,
    first_good_week,
    from_then_on,
    pupils_in_all,
    restricted,
    with_oracle,
)
from risk.features.known import school_table
from risk.models.risk_model import three_models
from risk.report.week_charts import apart, auc_by_week, draw_auc_by_week, found_by_seeing, found_of
from risk.school import simulate_school

MODELS = ["logistic_regression", "decision_tree", "random_forest"]


def known_records(n=160, weeks=6, seed=2):
    """Return a school's two years with the outcomes of both, as if a year later."""
    tables = dict(simulate_school(n, weeks, seed, n_years=2, n_futures=0).tables)
    rng = np.random.default_rng(seed)
    pupils = tables["pupils"] = tables["pupils"].assign(left_week=np.nan)
    final = pupils["prior_score"].fillna(60) + rng.normal(0, 6, len(pupils))
    at_risk = np.where(final < 50, "yes", "no")
    tables["outcomes"] = pd.DataFrame(
        {"pupil": pupils["pupil"], "final_score": final.round(1), "at_risk": at_risk}
    )
    return Records(tables)


@pytest.fixture(scope="module")
def records():
    return known_records()


@pytest.fixture(scope="module")
def weekly(records):
    return by_week(records, [6, 0, 3, 3], share=0.2, trees=30)


def test_all_are_tested_on_the_same_later_pupils(records, weekly):
    pupils = records.tables["pupils"]
    assert weekly.weeks == [0, 3, 6] and not weekly.split.optimistic
    assert set(weekly.pupils) == set(pupils.loc[pupils["year"] == pupils["year"].max(), "pupil"])
    outcome = records.tables["outcomes"].set_index("pupil")["at_risk"].loc[weekly.pupils]
    assert (weekly.at_risk == (outcome == "yes")).all()
    for name in weekly.titles:
        assert weekly.risks(name).shape[0] == len(weekly.pupils)
        assert weekly.risks(name).notna().all().all()
    assert weekly.names("model") == MODELS
    assert {"majority", "prior_score"} <= set(weekly.names("baseline"))
    assert all(list(weekly.of(name)) == [0, 3, 6] for name in MODELS)


def test_who_has_no_outcome_is_not_tested(records, weekly):
    gone = weekly.pupils[:3]
    outcomes = records.tables["outcomes"]
    fewer = Records(records.tables | {"outcomes": outcomes[~outcomes["pupil"].isin(gone)]})
    found = by_week(fewer, [0], trees=30)
    assert list(found.pupils) == list(weekly.pupils[3:])


def test_later_weeks_and_later_outcomes_change_nothing(records, weekly):
    tables = dict(records.tables)
    rng = np.random.default_rng(0)
    for name in ("attendance", "practice", "quizzes"):
        table = tables[name].copy()
        later = table.index[table["week"] > 3]
        for column in ("days_absent", "completed", "minutes", "score"):
            if column in table:
                table.loc[later, column] = rng.permutation(table.loc[later, column].to_numpy())
        tables[name] = table
    outcomes = tables["outcomes"].copy()
    tested = outcomes.index[outcomes["pupil"].isin(weekly.pupils)]
    outcomes.loc[tested, "at_risk"] = rng.permutation(outcomes.loc[tested, "at_risk"].to_numpy())
    again = by_week(Records(tables | {"outcomes": outcomes}), [0, 3], trees=30)
    for name in weekly.titles:
        pd.testing.assert_frame_equal(weekly.risks(name)[list(again.of(name))], again.risks(name))


def test_progress_is_told_of_each_test(records):
    told = []
    by_week(records, [0], trees=30, progress=told.append)
    assert {"testing: decision tree", "testing: random forest"} <= set(told)


def test_settings_reach_the_models(records, monkeypatch):
    told = []

    def noted(schema, **settings):
        told.append(settings)
        return three_models(schema, n_trees=2)

    monkeypatch.setattr(weeks, "three_models", noted)
    by_week(records, [0], trees=7, seed=3, jobs=2)
    assert told == [{"n_trees": 7, "seed": 3, "n_jobs": 2}]


def test_a_table_is_restricted_to_pupils_in_their_order(records):
    table = school_table(records, 3)
    pupils = pd.Index(["26-00003", "25-00001"])
    small = restricted(table, pupils)
    assert list(small.ids) == list(pupils) and list(small.features.index) == [0, 1]
    at = [int(np.flatnonzero(table.ids == p)[0]) for p in pupils]
    assert small.features.equals(table.features.iloc[at].reset_index(drop=True))
    assert small.at_risk.tolist() == table.at_risk.iloc[at].tolist()
    assert list(pupils_in_all([table, small])) == ["26-00003", "25-00001"]
    assert list(pupils_in_all([restricted(table, pupils[:1]), small])) == ["26-00003"]


Y = np.tile([1.0, 0.0, 0.0, 0.0], 30)


def made(**auc_noise):
    """Return a comparison whose names have risks of a given noise in each of the weeks 0, 2, 4."""
    rows = []
    weekly = Weekly(
        Split("cohort", "learnt from A, tested on B", False, np.zeros(120, int), np.ones((1, 120))),
        0.25, pd.Index([f"p{i}" for i in range(120)]), Y, None, rows,
    )  # fmt: skip
    for name, (kind, noises) in auc_noise.items():
        for week, noise in zip((0, 2, 4), noises, strict=True):
            if noise is None:
                continue
            error = np.random.default_rng(week).normal(0, 1, 120)
            risk = 1 / (1 + np.exp(-(2 * Y - 1 + noise * error))) if noise < 50 else Y * 0 + 0.25
            rows.append(weekly.row(week, name, name.title(), kind, risk))
    return weekly


def test_good_enough_only_if_it_stays_so():
    weekly = made(a=("model", (0.1, 9, 1)), b=("model", (9, 0.5, 0.5)), c=("model", (9, 9, 9)))
    assert first_good_week(weekly, "a", 0.8) == 4
    assert first_good_week(weekly, "b", 0.8) == 2
    assert first_good_week(weekly, "c", 0.8) is None
    lower = weekly.of("a")[4].auc_interval[0]
    assert first_good_week(weekly, "a", lower) == 4
    assert first_good_week(weekly, "a", np.nextafter(lower, 2)) is None


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_from_then_on_is_the_last_run(holds):
    first = from_then_on(dict(enumerate(holds)))
    if first is None:
        assert not holds[-1]
    else:
        assert all(holds[first:]) and (first == 0 or not holds[first - 1])


def test_ahead_of_a_baseline_by_the_paired_interval():
    weekly = made(
        a=("model", (3, 0.4, 0.4)), nothing=("baseline", (99, 99, 99)),
        same=("baseline", (3, 0.4, 0.4)), late=("baseline", (None, None, 9)),
    )  # fmt: skip
    assert ahead_from(weekly, "a") == {"nothing": 2, "same": None, "late": 4}
    assert how_early(weekly, 0.8) == [
        "A: AUC surely 0.8 or more from week 2 on; ahead of nothing from week 2, same not even in "
        "the last week, late from week 4."
    ]


def test_ahead_allows_for_pupils_of_a_class_being_alike():
    weekly = made(a=("model", (1, 1, 1)), late=("baseline", (3, 3, 3)))
    assert ahead_from(weekly, "a") == {"late": 0}
    e, other = weekly.of("a")[4], weekly.of("late")[4]
    apart = np.argsort(auc_pulls(Y, e.risk) - auc_pulls(Y, other.risk))
    group = pd.Series(np.empty(120))
    group[apart] = np.arange(120) // 30  # whoever speaks for the model is in one class
    assert ahead_from(replace(weekly, cluster=group), "a") == {"late": None}


def test_the_oracle_scores_each_pupil_by_name():
    weekly = made(a=("model", (1, 1, 1)))
    assert list(weekly.pupils) != sorted(weekly.pupils)
    truth = pd.DataFrame({"pupil": list(weekly.pupils) * 3, "week": np.repeat([0, 2, 4], 120)})
    truth["true_risk"] = np.arange(360) / 360
    found = with_oracle(weekly, truth.sort_values("pupil")).risks("oracle")
    assert (found.to_numpy() == truth["true_risk"].to_numpy().reshape(3, 120).T).all()


def test_the_oracle_comes_first_with_its_own_figures(weekly):
    weeks = [(p, w) for w in weekly.weeks for p in weekly.pupils]
    truth = pd.DataFrame(weeks, columns=["pupil", "week"])
    rng = np.random.default_rng(0)
    truth["true_risk"] = 0.1 + 0.8 * rng.random(len(truth))
    found = with_oracle(weekly, truth.sample(frac=1, random_state=1))
    assert next(iter(found.titles)) == "oracle" and found.names("oracle") == ["oracle"]
    assert len(found.rows) == len(weekly.rows) + 3 and len(weekly.titles) == len(found.titles) - 1
    own = truth[truth["week"] == 3].set_index("pupil")["true_risk"].loc[weekly.pupils].to_numpy()
    direct = evaluate("Oracle", weekly.at_risk, own, 0.2, kind="oracle", cluster=weekly.cluster)
    assert found.of("oracle")[3].figures() == direct.figures()
    with pytest.raises(KeyError):
        with_oracle(weekly, truth[truth["pupil"] != weekly.pupils[0]])


def test_the_table_by_hand():
    weekly = made(a=("model", (0.1, 9, 0.1)), late=("baseline", (None, None, 99)))
    cells = week_cells(weekly)
    assert cells[0] == ["Week", "A", "Late"] and cells[1] == ["0", "1.00", ""]
    assert cells[3] == ["4", "1.00", "0.50"]
    gone = made(a=("model", (0.1, 0.1, None)), b=("model", (0.1, 0.1, 0.1)))
    assert week_cells(gone)[3] == ["4", "", "1.00"]
    assert week_table(weekly).splitlines()[:2] == ["Week     A  Late", "   0  1.00"]
    assert week_cells(weekly, "calibration_slope")[3][2] == ""  # of a constant risk


def test_ties_are_shared_out_where_a_list_ends():
    weekly = made(a=("model", (0, 0, 0)), nothing=("baseline", (99, 99, 99)))
    for figure, expected in (("precision", ["1.00", "0.25"]), ("recall", ["1.00", "0.25"])):
        assert week_cells(weekly, figure)[1][1:] == expected


@pytest.mark.parametrize("figure", FIGURES)
def test_tables_are_whole(weekly, figure):
    cells = week_cells(weekly, figure)
    assert [len(line) for line in cells] == [1 + len(weekly.titles)] * 4
    lines = week_table(weekly, figure).splitlines()
    assert max(map(len, lines)) <= 100 and week_table(weekly, figure).isascii()
    assert [line.split()[0] for line in lines[-3:]] == ["0", "3", "6"]


def test_figures_can_be_written(weekly):
    figures = json.loads(json.dumps(week_figures(weekly), allow_nan=False))
    assert len(figures["weeks"]) == len(weekly.rows)
    assert set(figures["good_enough_from_week"]) == set(figures["ahead_from_week"]) == set(MODELS)
    e = weekly.rows[0].evaluation
    assert figures["weeks"][0]["auc"] == e.auc
    assert figures["weeks"][0]["recall"] == value_of(weekly, e, "recall")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.01, 0.3))
def test_names_stand_apart_in_their_order(y, gap):
    places = apart(np.array(y), gap)
    assert (np.diff(np.sort(places)) > gap - 1e-9).all()
    assert (np.argsort(places) == np.argsort(y, kind="stable")).all()
    np.testing.assert_allclose(places.mean(), np.mean(y), atol=1e-9)


def test_what_is_found_is_the_recall_of_the_capacity(weekly):
    count = round(weekly.share * len(weekly.pupils))
    weekly = replace(weekly, share=count / len(weekly.pupils))
    for name in MODELS:
        risk = weekly.of(name)[3].risk
        expected = recall_at_k(weekly.at_risk, risk, count, n_resamples=2, random_state=0).value
        np.testing.assert_allclose(found_of(weekly, name, 3), expected)


def test_pictures_are_whole_and_say_what_they_show(weekly):
    for picture, title in (
        (auc_by_week(weekly), "How early is it good enough?"),
        (found_by_seeing(weekly, 3), "How many pupils have to be seen?"),
    ):
        root = ElementTree.fromstring(picture)
        assert root[0].text == title and title in root.attrib["aria-label"]
        for name in MODELS:
            assert weekly.titles[name] in picture
    assert "random list 20%" in found_by_seeing(weekly, 3)


def test_every_line_of_the_curve_is_drawn_and_named(weekly):
    ax = draw_auc_by_week(Figure().subplots(), weekly)
    drawn = [line for line in ax.lines if line.get_transform() == ax.transData]
    assert len(drawn) == len(weekly.titles)
    for name, line in zip(weekly.titles, drawn, strict=True):
        assert line.get_ydata().tolist() == [e.auc for e in weekly.of(name).values()]
    named = [text.get_text() for text in ax.texts]
    for title in weekly.titles.values():
        assert any(text.startswith(title) for text in named)


def test_the_weeks_are_tested_as_the_list_is(records):
    weekly = by_week(records, [1], wanted="group", n_folds=2, trees=2)
    assert weekly.split.kind == "group"
    assert len(weekly.split.learn) == 2
