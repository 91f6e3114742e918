"""The simulated school: the same by its seed, plausible by its figures, and silent of the future."""

import numpy as np
import pandas as pd
import pytest

from risk.school import FINAL_CUT, as_of, school_pieces, simulate_school, year
from risk.school import simulate as simulation
from risk.school.marginals import MARGINALS, chronic_absence, intraclass, marginals_table, measured
from risk.school.pupils import build_district, draw_mastery
from risk.skills.graph import taught_in

SCHOOL = simulate_school(300, 12, seed=3)


def test_same_seed_same_school_and_other_seed_another():
    again, other = simulate_school(300, 12, seed=3), simulate_school(300, 12, seed=4)
    for part in ("tables", "truth"):
        for name, table in getattr(SCHOOL, part).items():
            pd.testing.assert_frame_equal(table, getattr(again, part)[name], check_exact=True)
    assert not SCHOOL.truth["weeks"].equals(other.truth["weeks"])


def test_the_true_risk_changes_nothing_that_happens():
    without = simulate_school(300, 12, seed=3, n_futures=0)
    for name, table in SCHOOL.tables.items():
        pd.testing.assert_frame_equal(table, without.tables[name], check_exact=True)
    assert without.truth["weeks"]["true_risk"].isna().all()


def test_the_future_is_looked_into_after_every_week_and_less_as_the_year_ends(monkeypatch):
    asked = []

    def noted(plan, state, week, n_futures, rng):
        asked.append((week, n_futures))
        return np.zeros(len(plan.ability))

    monkeypatch.setattr(year, "true_risk", noted)
    simulate_school(60, 4, n_years=1, n_futures=64)
    assert asked == [(0, 64), (1, 48), (2, 32), (3, 16), (4, 8)] * 3  # of each grade


def test_pieces_are_the_school_and_ids_are_those_of_no_one_else(monkeypatch):
    monkeypatch.setattr(simulation, "PUPILS_A_PIECE", 250)
    pieces = list(school_pieces(600, 4, seed=1, n_years=2, n_futures=0))
    whole = simulate_school(600, 4, seed=1, n_years=2, n_futures=0)
    assert len(pieces) > 4
    for name, table in whole.tables.items():
        parts = pd.concat([p.tables[name] for p in pieces], ignore_index=True)
        pd.testing.assert_frame_equal(table, parts)
    assert whole.tables["pupils"]["pupil"].is_unique
    schools = [set(p.tables["pupils"]["school"]) for p in pieces[: len(pieces) // 2]]
    assert sum(map(len, schools)) == len(set.union(*schools))  # no school is cut in two


def test_a_school_is_within_its_bands_for_five_seeds():
    values = measured(4000, 18, range(5))
    table = marginals_table(values, range(5))
    # Small schools vary more than bands allow for: these are the means, and the spread is bounded.
    for marginal, row in zip(MARGINALS, values, strict=True):
        assert marginal.low <= row.mean() <= marginal.high, table
        assert row.std() < 0.04, table


def test_intraclass_correlation_by_hand_and_of_noise():
    values, group = pd.Series([1.0, 2.0, 5.0, 6.0]), pd.Series(["a", "a", "b", "b"])
    # MSB = 2 * (2² + 2²) / 1 = 16, MSW = (4 * 0.25) / 2 = 0.5, n0 = 2
    assert intraclass(values, group) == pytest.approx(15.5 / 16.5)
    rng = np.random.default_rng(0)
    noise = pd.Series(rng.normal(size=5000))
    assert abs(intraclass(noise, pd.Series(rng.integers(0, 200, 5000)))) < 0.02


def test_a_tenth_of_the_days_is_chronic_absence():
    days = {"a": [1, 0], "b": [0, 0], "c": [5, 5], "d": [0, 0, 1]}  # 10, 0, 100 and 6.7 %
    rows = [(p, k, d) for p, all_days in days.items() for k, d in enumerate(all_days, 1)]
    table = pd.DataFrame(rows, columns=["pupil", "week", "days_absent"])
    assert chronic_absence({"attendance": table}) == 0.5


def test_a_schools_effect_is_what_its_status_does_not_tell():
    district = build_district(4000, np.random.default_rng(0))
    rest = district.effect - 0.19 / 0.45 * district.status
    assert district.status @ rest == pytest.approx(0, abs=1e-9)
    assert (district.status.std(), rest.std()) == pytest.approx((0.45, 0.3))


def test_needs_of_earlier_grades_alone_are_needed_from_before():
    for grade in (6, 7, 8):
        own = taught_in(grade)
        names = {skill.name for skill in own}
        _, needed = draw_mastery(np.full(5, 1000.0), grade, np.random.default_rng(0))
        earlier = [len(set(skill.needs) - names) for skill in own]
        np.testing.assert_allclose(needed, 1000.0 * np.tile(earlier, (5, 1)).T, atol=9)


def test_last_years_outcomes_are_known_this_years_are_not():
    outcomes, pupils = SCHOOL.tables["outcomes"], SCHOOL.tables["pupils"]
    assert set(outcomes["pupil"].str[:2]) == {"24", "25"}
    stayed = pupils[(pupils["year"] < 2026) & pupils["left_week"].isna()]
    assert set(outcomes["pupil"]) == set(stayed["pupil"])
    assert ((outcomes["final_score"] < FINAL_CUT) == (outcomes["at_risk"] == "yes")).all()
    assert len(SCHOOL.truth["pupils"]) == 900


def test_pupils_who_left_leave_no_rows_behind():
    pupils = SCHOOL.tables["pupils"].set_index("pupil")
    left = pupils["left_week"].dropna()
    assert 10 < len(left) < 50
    for name in ("attendance", "practice", "quizzes"):
        last = SCHOOL.tables[name].groupby("pupil")["week"].max()
        assert (last.reindex(left.index).fillna(0) <= left).all(), name
        if name != "quizzes":  # the last week there is recorded
            assert (last.reindex(left.index) == left).all(), name


def test_records_hold_nothing_of_this_years_later_weeks():
    for name, table in as_of(SCHOOL, 6).items():
        if "week" in table:
            this_year = table[table["pupil"].str.startswith("26-")]
            assert this_year["week"].max() == 6, name
            assert table["week"].max() == 12
    known = as_of(SCHOOL, 6)["pupils"]
    assert not (known.loc[known["year"] == 2026, "left_week"] > 6).any()
    assert (known.loc[known["year"] == 2025, "left_week"] > 6).any()
    pupils = SCHOOL.tables["pupils"]
    week = int(pupils.loc[pupils["year"] == 2026, "left_week"].min())
    told = as_of(SCHOOL, week)["pupils"]["left_week"]  # whose last week is over has left
    assert (told[pupils["year"] == 2026].dropna() == week).any()


def test_every_missing_cell_has_a_kind_and_no_other():
    quizzes = SCHOOL.tables["quizzes"].merge(SCHOOL.truth["weeks"], on=["pupil", "week"])
    assert (quizzes["score"].isna() == (quizzes["score_missing"] != "")).all()
    kinds = quizzes["score_missing"].value_counts()
    assert set(kinds.index) == {"", "at random", "absent", "weak"}
    practice = SCHOOL.tables["practice"].merge(SCHOOL.truth["weeks"], on=["pupil", "week"])
    assert (practice["minutes"].isna() == (practice["minutes_missing"] != "")).all()
    pupils = SCHOOL.tables["pupils"].merge(SCHOOL.truth["pupils"], on="pupil")
    assert (pupils["prior_score"].isna() == (pupils["prior_missing"] != "")).all()


def test_kinds_of_missing_are_what_they_are_called():
    school = simulate_school(3000, 8, seed=1, n_years=1, n_futures=0)
    weeks = school.truth["weeks"].merge(school.tables["attendance"], on=["pupil", "week"])
    weeks = weeks[weeks["week"] % 2 == 0]
    by = weeks.groupby("score_missing")[["days_absent", "knowledge"]].mean()
    assert by.loc["absent", "days_absent"] > by.loc["", "days_absent"] + 1
    assert by.loc["weak", "knowledge"] < by.loc["", "knowledge"] - 0.5
    chance = weeks["score_missing"] == "at random"
    assert abs(by.loc["at random", "knowledge"] - weeks["knowledge"].mean()) < 4 * (
        weeks["knowledge"].std() / np.sqrt(chance.sum())
    )


def test_each_grade_learns_its_own_skills_in_order():
    practice = SCHOOL.tables["practice"].merge(SCHOOL.tables["pupils"][["pupil", "grade"]])
    for grade in (6, 7, 8):
        taught = practice[practice["grade"] == grade].sort_values("week")["skill"].unique()
        assert list(taught) == [skill.name for skill in taught_in(grade)]


def test_groups_differ_by_status_alone():
    pupils = simulate_school(20000, 2, seed=2, n_years=1, n_futures=0)
    joined = pupils.tables["pupils"].merge(pupils.truth["pupils"], on="pupil")
    design = np.column_stack(
        [np.ones(len(joined)), joined["status"], pd.get_dummies(joined["school"]).to_numpy(float)[:, 1:]]
    )  # fmt: skip
    rest = joined["ability"] - design @ np.linalg.lstsq(design, joined["ability"], rcond=None)[0]
    for column in ("gender", "ethnicity_group"):
        by = rest.groupby(joined[column]).agg(["mean", "std", "count"])
        assert (by["mean"].abs() < 4 * by["std"] / np.sqrt(by["count"])).all(), column
    raw = joined.groupby("ethnicity_group")["ability"].mean()
    assert raw["A"] - raw["B"] > 0.1  # through status they do differ
