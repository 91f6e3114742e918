"""Features that cannot see the future, worked by hand, and the rows each comes from."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.data.columns import Condition
from risk.data.reading import DataError
from risk.data.records import Records
from risk.features import known as module
from risk.features.known import FEATURES, build_features, features_of, rows_behind, school_table
from risk.features.register import register_of
from risk.school import simulate_school
from risk.skills.graph import taught_in

NAMES = [feature.name for feature in FEATURES]
SIXTH = [skill.name for skill in taught_in(6)]


def tables_of(practice=(), absent=(), quizzes=(), pupils=(("a", 50.0, np.nan),)):
    """Return a tiny school's tables from rows."""
    rows = {
        "pupils": (pupils, ["pupil", "prior_score", "left_week"]),
        "attendance": (absent, ["pupil", "week", "days_absent"]),
        "practice": (
            practice,
            ["pupil", "week", "skill", "assigned", "completed", "correct", "minutes"],
        ),
        "quizzes": (quizzes, ["pupil", "week", "skill", "score"]),
    }
    return {n: pd.DataFrame(list(r), columns=c) for n, (r, c) in rows.items()}


def random_tables(seed, n_pupils=5, n_weeks=7, gaps=0.15):
    """Return tables with gaps, three skills a week, leavers, and values that do not add exactly."""
    rng = np.random.default_rng(seed)
    ids = [f"p{i}" for i in rng.permutation(n_pupils)]

    def maybe(value):
        return np.nan if rng.random() < gaps else value

    absent, practice, quizzes = [], [], []
    for pupil in ids:
        for week in range(1, n_weeks + 1):
            if rng.random() > gaps:
                absent.append((pupil, week, maybe(float(rng.integers(0, 6)))))
            for skill in rng.choice(SIXTH, 3, replace=False):
                done = float(rng.integers(0, 21))
                right = float(rng.integers(0, done + 1))
                if rng.random() > gaps:
                    minutes = maybe(rng.uniform(0, 60))
                    row = (maybe(20.0), maybe(done), maybe(right), minutes)
                    practice.append((pupil, week, skill, *row))
            if week % 2 == 0 and rng.random() > gaps:
                score = maybe(rng.uniform(0, 100))
                quizzes.append((pupil, week, rng.choice(SIXTH), score))
    left = [(p, maybe(rng.uniform(0, 100)), rng.choice([np.nan, 3.0, 6.0])) for p in ids]
    return tables_of(practice, absent, quizzes, left)


def with_future_scrambled(tables, week, rng):
    """Return the same tables with later rows changed, removed and doubled, and later leaving."""
    scrambled = {}
    for name, table in tables.items():
        table = table.copy()
        if name == "pupils":
            later = ~(table["left_week"] <= week)
            table.loc[later, "left_week"] = rng.choice(
                [np.nan, week + 1.0, week + 5.0], later.sum()
            )
        else:
            later = np.flatnonzero(table["week"] > week)
            for column in table.columns.difference(["pupil", "week", "skill"]):
                values = table[column].to_numpy(dtype=float, copy=True)
                values[later] = rng.permutation(values[later]) * rng.uniform(-9, 9)
                table[column] = values
            if "skill" in table:
                skills = table["skill"].to_numpy(dtype=object, copy=True)
                skills[later] = rng.choice(["Aardvarks", *SIXTH, "zeros"], len(later))
                table["skill"] = skills
            gone, twice = rng.random((2, len(later))) < 0.3
            table = pd.concat([table, table.iloc[later[twice]]], ignore_index=True)
            table = table.drop(index=later[gone])
        scrambled[name] = table
    return scrambled


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), week=st.integers(0, 7))
def test_nothing_later_changes_any_bit(seed, week):
    tables = random_tables(seed)
    other = with_future_scrambled(tables, week, np.random.default_rng(seed + 1))
    once = build_features(tables, week)
    pd.testing.assert_frame_equal(once, build_features(other, week), check_exact=True)
    reused = features_of(register_of(other).as_of(week))
    pd.testing.assert_frame_equal(once, reused, check_exact=True)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), week=st.integers(1, 7))
def test_the_order_of_rows_and_pupils_changes_no_bit(seed, week):
    rng, tables = np.random.default_rng(seed), random_tables(seed)
    mixed = {name: t.iloc[rng.permutation(len(t))] for name, t in tables.items()}
    before, after = build_features(tables, week), build_features(mixed, week)
    here = mixed["pupils"]["pupil"][~(mixed["pupils"]["left_week"] <= week)]
    assert after.index.tolist() == here.tolist()
    pd.testing.assert_frame_equal(before.loc[after.index], after, check_exact=True)


@pytest.mark.parametrize("week", [0, 1, 6, 12])
def test_a_simulated_school_cut_at_a_week_has_the_same_features(week):
    tables = simulate_school(40, 12, seed=3).tables
    cut = {n: t[t["week"] <= week] if "week" in t else t for n, t in tables.items()}
    pd.testing.assert_frame_equal(
        build_features(tables, week), build_features(cut, week), check_exact=True
    )


@pytest.mark.parametrize(
    ("source", "span"), sorted({(feature.table, feature.span) for feature in FEATURES})
)
def test_rows_behind_are_the_very_rows(source, span):
    """Changing all other rows leaves the features' bits alone; changing those can change each."""
    names = [f.name for f in FEATURES if (f.table, f.span) == (source, span)]
    changed = set()
    for seed in range(10):
        tables, rng = random_tables(seed, n_pupils=3, gaps=0.05), np.random.default_rng(seed)
        tables["pupils"]["left_week"] = np.nan
        behind = rows_behind(tables, names[0], "p1", 5)
        assert all(rows_behind(tables, name, "p1", 5).equals(behind) for name in names)
        others, own = {}, {}
        for name, table in tables.items():
            theirs = table.index.isin(behind.index) & (name == source)
            others[name] = shaken(table, ~theirs, rng)
            own[name] = shaken(table, theirs, rng)
        before, after = build_features(tables, 5)[names], build_features(own, 5)[names]
        unmoved = build_features(others, 5)[names]
        pd.testing.assert_series_equal(unmoved.loc["p1"], before.loc["p1"], check_exact=True)
        pd.testing.assert_frame_equal(after.drop("p1"), before.drop("p1"), check_exact=True)
        changed |= {n for n in names if str(after.loc["p1", n]) != str(before.loc["p1", n])}
    assert changed == set(names)


def shaken(table, rows, rng):
    """Return a table in which some rows have other values, or none."""
    table = table.copy()
    for column in table.columns.difference(["pupil", "week", "skill", "left_week"]):
        table.loc[rows, column] = rng.choice([np.nan, 0.0, 1.0, 3.0, 5.0], int(rows.sum()))
    return table


def test_rows_behind_say_what_they_do_not_know():
    tables = random_tables(0)
    with pytest.raises(DataError, match="No feature is called 'shoe_size'"):
        rows_behind(tables, "shoe_size", "p1", 3)
    with pytest.raises(DataError, match="No pupil is called 'nobody'"):
        rows_behind(tables, "quiz_mean", "nobody", 3)
    assert rows_behind(tables, "absent_recent", "p1", 6)["week"].between(4, 6).all()
    assert rows_behind(tables, "prior_score", "p1", 0)["pupil"].tolist() == ["p1"]


def test_each_feature_says_what_it_is():
    assert len(set(NAMES)) == len({f.label for f in FEATURES}) == len(FEATURES)
    tables = tables_of()
    for feature in FEATURES:
        assert feature.unit
        assert feature.table in tables
        said = ("before the first week", "all weeks so far", "the last 3 weeks")
        assert feature.span in said


def test_attendance_by_hand():
    days = [5, 0, 1, 2, np.nan]
    tables = tables_of(absent=[("a", week, d) for week, d in enumerate(days, 1)])
    row = build_features(tables, 4).loc["a"]
    assert row["absent_share"] == 40.0  # 8 of 20 days
    assert row["absent_beyond"] == 30.0
    assert row["absent_recent"] == 3.0
    assert row["absent_in_row"] == 2.0
    row = build_features(tables, 5).loc["a"]  # nothing recorded in week 5: no day at school either
    assert (row["absent_share"], row["absent_recent"], row["absent_in_row"]) == (40.0, 3.0, 2.0)
    seldom = tables_of(absent=[("a", 1, 0), ("a", 2, 0), ("a", 3, 1)])
    assert build_features(seldom, 3).loc["a", "absent_beyond"] == 0.0  # 1 of 15 days


def test_practice_by_hand():
    done, right = [10, 0, 9, 4, 4], [5, 0, 9, 1, 3]
    minutes = [10.0, 20.0, 30.0, np.nan, 9.0]
    tables = tables_of(
        practice=[
            ("a", week, "x", 10, done[week - 1], right[week - 1], minutes[week - 1])
            for week in range(1, 6)
        ]
    )
    row = build_features(tables, 5).loc["a"]
    assert row["completed_share"] == 54.0  # 27 of 50
    assert row["completed_change"] == pytest.approx(100 * 17 / 30 - 50)
    assert row["completed_swing"] == (100 + 90 + 50 + 0) / 4
    assert row["weeks_little"] == 3.0
    assert row["little_in_row"] == 2.0
    assert row["weeks_none"] == 1.0
    assert row["since_full"] == 2.0  # 9 of 10 is nearly all
    assert row["minutes_a_week"] == 69 / 4
    assert row["minutes_change"] == 39 / 2 - 15
    assert row["correct_share"] == pytest.approx(100 * 18 / 27)
    assert row["correct_change"] == pytest.approx(100 * 13 / 17 - 50)
    early = build_features(tables, 3).loc["a"]
    assert early[["completed_change", "correct_change", "minutes_change"]].isna().all()


def test_half_the_practice_is_not_little_and_a_little_is_not_none():
    tables = tables_of([("a", 1, "x", 20, 10, 5, 9.0), ("a", 2, "x", 20, 1, 0, 9.0)])
    row = build_features(tables, 2).loc["a"]
    assert (row["weeks_little"], row["little_in_row"], row["weeks_none"]) == (1.0, 1.0, 0.0)


def test_several_skills_in_a_week_are_summed():
    tables = tables_of(practice=[("a", 1, "x", 10, 2, 1, 5.0), ("a", 1, "y", 10, 10, 5, 15.0)])
    row = build_features(tables, 1).loc["a"]
    assert row["completed_share"] == 60.0
    assert row["weeks_little"] == 0.0  # the week's practice, not the row's
    assert row["minutes_a_week"] == 20.0


def test_skills_by_hand():
    ratios, rates, dividing = SIXTH[:3]  # rates need ratios
    practice = [
        ("a", 1, ratios, 10, 10, 9, 1.0),
        ("a", 2, ratios, 10, 10, 7, 1.0),  # the latest answers count: forgotten
        ("a", 2, rates, 10, 10, 8, 1.0),
        ("a", 3, dividing, 10, 9, 0, 1.0),  # too few answers to be called weak
        ("a", 3, "juggling", 10, 0, 0, 1.0),  # none at all: not practised
    ]
    tables = tables_of(practice)
    expected = {1: (100.0, 0.0, 0.0), 2: (50.0, 0.0, 1.0), 3: (100 / 3, None, 1.0)}
    for week, (mastered, weakest, gaps) in expected.items():
        row = build_features(tables, week).loc["a"]
        assert row["skills_mastered"] == pytest.approx(mastered)
        assert row["skill_gaps"] == gaps
        if weakest is not None:
            assert row["weakest_skill"] == pytest.approx(weakest)
    assert row["weakest_skill"] == pytest.approx(80 - 100 * 24 / 39)
    again = tables_of([*practice, ("a", 4, ratios, 10, 5, 4, 1.0), ("a", 4, dividing, 9, 1, 0, 1)])
    row = build_features(again, 4).loc["a"]
    assert (row["skills_mastered"], row["skill_gaps"]) == (pytest.approx(200 / 3), 0.0)
    assert row["weakest_skill"] == pytest.approx(0 - 100 * 28 / 45)


def test_quizzes_by_hand():
    scores = [70.0, np.nan, 40.0, 50.0, np.nan, np.nan]
    tables = tables_of(quizzes=[("a", 2 * i, "x", s) for i, s in enumerate(scores, 1)])
    row = build_features(tables, 12).loc["a"]
    assert row["quiz_mean"] == pytest.approx(160 / 3)
    assert row["quiz_last"] == 50.0
    assert row["quiz_swing"] == 20.0
    assert row["quiz_slope"] == pytest.approx(np.polyfit([2, 6, 8], [70, 40, 50], 1)[0])
    assert (row["quizzes_missed"], row["missed_in_row"]) == (3.0, 2.0)
    row = build_features(tables, 2).loc["a"]
    assert (row["quizzes_missed"], row["missed_in_row"]) == (0.0, 0.0)
    assert row[["quiz_slope", "quiz_swing"]].isna().all()


def test_the_prior_score_alone_is_known_at_the_start():
    row = build_features(random_tables(1, gaps=0.0), 0).iloc[0]
    assert row.notna().tolist() == [name == "prior_score" for name in NAMES]


def test_what_was_not_recorded_is_not_counted_as_nothing():
    weeks = [1, 2, 3, 4]
    done, right = [20, np.nan, 20, 20], [10, 5, np.nan, 10]
    nothing = [np.nan] * 4
    tables = tables_of(
        [("a", w, "x", 20.0, done[w - 1], right[w - 1], 5.0) for w in weeks]
        + [("b", w, "x", 20.0, np.nan, np.nan, np.nan) for w in weeks],
        [("a", w, d) for w, d in zip(weeks, [1, np.nan, 1, 1], strict=True)]
        + [("b", w, d) for w, d in zip(weeks, nothing, strict=True)],
        [("a", 2, "x", 70.0)],
        [("a", 50.0, np.nan), ("b", 60.0, np.nan), ("c", 60.0, np.nan)],
    )
    features = build_features(tables, 4)
    assert features.loc["a", ["absent_share", "completed_share", "correct_share"]].tolist() == [
        20.0, 100.0, 50.0,
    ]  # fmt: skip
    assert features.loc[["b", "c"]].drop(columns="prior_score").isna().all(axis=None)
    assert features.loc["a", "since_full"] == 0.0


def test_a_week_nobody_has_rows_of_breaks_no_run_and_is_no_recent_week():
    tables = tables_of([("a", w, "x", 10, 2, 1, 5.0) for w in (1, 2, 4)])
    row = build_features(tables, 8).loc["a"]
    assert row["little_in_row"] == 3.0
    assert np.isnan(row["completed_change"])  # none of weeks 6 to 8


def test_rows_of_nobody_and_of_no_week_are_left_out():
    tables = tables_of(absent=[("a", 1, 1), ("x", 1, 5), ("a", np.nan, 5), ("a", 2.5, 5)])
    assert build_features(tables, 3).loc["a", "absent_share"] == 20.0


def test_who_has_left_is_not_scored():
    pupils = [("a", 50.0, np.nan), ("b", 60.0, 4.0), ("c", 70.0, 9.0)]
    tables = tables_of(pupils=pupils)
    assert build_features(tables, 3).index.tolist() == ["a", "b", "c"]
    assert build_features(tables, 4).index.tolist() == ["a", "c"]
    assert register_of(tables).as_of(4).left.tolist() == [np.inf, 4.0, np.inf]
    del tables["pupils"]["left_week"]  # the column need not be there
    assert build_features(tables, 9).index.tolist() == ["a", "b", "c"]


def test_a_week_is_a_view_of_arrays_made_once(monkeypatch):
    register = register_of(random_tables(2))
    monkeypatch.setattr(module, "register_of", None)
    assert len(features_of(register.as_of(3)).columns) == len(FEATURES)
    assert np.shares_memory(register.as_of(3).completed, register.completed)
    assert np.shares_memory(register.as_of(3).answers.correct, register.answers.correct)


@pytest.fixture(scope="module")
def records():
    tables = simulate_school(200, 8, seed=1).tables
    tables["pupils"]["left_week"] = np.where(tables["pupils"].index % 50 == 0, 5.0, np.nan)
    gone = tables["pupils"]["pupil"][tables["pupils"]["left_week"].notna()]
    tables["outcomes"] = tables["outcomes"][~tables["outcomes"]["pupil"].isin(gone)]
    return Records(tables)


def test_the_table_of_every_week(records):
    register = register_of(records.tables)
    for week in range(9):
        table, again = (school_table(records, week, w) for w in (register, None))
        pd.testing.assert_frame_equal(table.features, again.features, check_exact=True)
        assert len(table.ids) == (600 if week < 5 else 588)
        assert [column.name for column in table.schema] == list(table.features)
        assert table.cohort.tolist() == [2000 + int(name[:2]) for name in table.ids]
        assert table.listed.tolist() == (table.cohort == 2026).tolist()
        assert table.at_risk[table.listed].isna().all()
        assert set(table.group) == set(records.tables["pupils"]["school"])
        assert table.prior == "prior_score"
        parts = (table.ids, table.at_risk, table.protected, table.listed, table.cohort, table.group)
        assert all(part.index.equals(table.features.index) for part in parts)
        known = table.features[table.at_risk.notna()]
        assert (known.nunique() > 1).all()
    assert table.rule == (
        Condition("absent_share", ">=", 10),
        Condition("completed_share", "<", 50),
        Condition("quiz_mean", "<", 60),
    )
    start = school_table(records, 0, register)
    assert (list(start.features), start.rule, start.trends) == (["prior_score"], (), [])


def test_trends_are_the_means_of_each_week(records):
    table = school_table(records, 6)
    assert [trend.weeks for trend in table.trends] == [[1, 2, 3, 4, 5, 6]] * 3
    practice = records.tables["practice"].merge(records.tables["outcomes"], on="pupil")
    share = 100 * practice["completed"] / practice["assigned"]
    expected = share.groupby([practice["at_risk"], practice["week"]]).mean()
    lines = table.trends[0].lines
    assert lines["ended at risk"] == pytest.approx(expected["yes"][:6].tolist())
    assert lines["did not"] == pytest.approx(expected["no"][:6].tolist())


def test_a_week_without_anything_to_learn_from_is_said(records):
    pupils = records.tables["pupils"].assign(prior_score=np.nan)
    with pytest.raises(DataError, match="Nothing recorded up to week 0 differs"):
        school_table(Records({**records.tables, "pupils": pupils}), 0)
    varied = records.tables["pupils"]["prior_score"].where(
        pupils["year"] == 2026
    )  # nothing to learn from
    with pytest.raises(DataError, match="Nothing recorded up to week 0 differs"):
        school_table(Records({**records.tables, "pupils": pupils.assign(prior_score=varied)}), 0)
    few = records.tables["outcomes"].iloc[:9]
    with pytest.raises(DataError, match="outcomes.csv"):
        school_table(Records({**records.tables, "outcomes": few}), 3)
    with pytest.raises(DataError, match="weeks 0 to 8"):
        school_table(records, 9)
