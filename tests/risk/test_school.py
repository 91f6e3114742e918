"""The simulated school and its files."""

import pandas as pd
import pytest

from risk.features import school_table
from risk.reading import DataError
from risk.records import read_records, write_records
from risk.school import FINAL_CUT, as_of, simulate_school

SCHOOL = simulate_school(300, 12, seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("school")
    write_records(as_of(SCHOOL, 6), path)
    return path


def test_same_seed_same_school_and_other_seed_another():
    again, other = simulate_school(300, 12, seed=3), simulate_school(300, 12, seed=4)
    for name, table in SCHOOL.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    assert not SCHOOL.truth.equals(other.truth)


def test_the_school_looks_like_one():
    base, gaps, missing = [], [], []
    for seed in range(5):
        tables = simulate_school(1000, 18, seed).tables
        pupils = tables["pupils"].merge(tables["outcomes"], on="pupil")
        spread = pupils["final_score"].std()
        by = pupils.groupby("lunch_status")["final_score"].mean()
        base.append((pupils["at_risk"] == "yes").mean())
        gaps.append((by["full"] - by["reduced"]) / spread)
        missing.append(tables["quizzes"]["score"].isna().mean())
        gender = pupils.groupby("gender")["final_score"].mean()
        assert abs(gender["female"] - gender["male"]) / spread < 0.2
        assert 0.6 < pupils["prior_score"].corr(pupils["final_score"]) < 0.8
    assert min(base) > 0.15 and max(base) < 0.30
    assert min(gaps) > 0.45 and max(gaps) < 0.80
    assert min(missing) > 0.05 and max(missing) < 0.12


def test_outcomes_are_of_last_year_only_and_follow_the_cut():
    outcomes = SCHOOL.tables["outcomes"]
    assert outcomes["pupil"].str.startswith("25-").all()
    assert len(outcomes) == 300
    assert ((outcomes["final_score"] < FINAL_CUT) == (outcomes["at_risk"] == "yes")).all()


def test_records_hold_nothing_of_this_years_later_weeks():
    for name, table in as_of(SCHOOL, 6).items():
        if "week" in table:
            this_year = table[table["pupil"].str.startswith("26-")]
            assert this_year["week"].max() == 6, name
            assert table["week"].max() == 12


def test_the_files_are_read_back_and_impossible_values_are_said(folder):
    records = read_records(folder)
    assert any("impossible value" in note and "999" in note for note in records.notes)
    assert records.tables["quizzes"]["score"].max() <= 100
    table = school_table(records, 6)
    assert table.listed.sum() == 300
    assert table.at_risk[table.listed].isna().all()
    assert table.at_risk[~table.listed].notna().all()
    assert not {"gender", "ethnicity_group", "lunch_status"} & set(table.features)
    assert [len(t.weeks) for t in table.trends] == [6, 6, 6]


def test_doubled_and_stray_rows_are_left_out_and_said(folder, tmp_path):
    for file in folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    lines = (tmp_path / "attendance.csv").read_text("utf-8").splitlines()
    lines += [lines[1], "nobody,3,1"]
    (tmp_path / "attendance.csv").write_text("\n".join(lines), "utf-8")
    records = read_records(tmp_path)
    assert len(records.tables["attendance"]) == len(lines) - 3
    assert any("recorded twice" in note for note in records.notes)
    assert any("unknown pupils" in note for note in records.notes)


def test_a_missing_table_column_or_week_is_said(folder, tmp_path):
    with pytest.raises(DataError, match=r"pupils\.csv does not exist"):
        read_records(tmp_path)
    for file in folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "quizzes.csv").write_text("pupil,week,skill\na,1,x\n", "utf-8")
    with pytest.raises(DataError, match=r"quizzes\.csv has no column 'score'"):
        read_records(tmp_path)
    with pytest.raises(DataError, match="weeks 0 to 12"):
        school_table(read_records(folder), 13)
