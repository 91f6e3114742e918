"""The simulated school, its files, and features that cannot see the future."""

import numpy as np
import pandas as pd
import pytest

from risk.features import build_features, school_table
from risk.reading import DataError
from risk.records import read_records, write_records
from risk.school import as_of, simulate_school

SCHOOL = simulate_school(300, 12, seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("school")
    write_records(as_of(SCHOOL, 6), path)
    return path


@pytest.mark.parametrize("week", [0, 1, 5])
def test_scrambling_the_future_changes_no_bit_of_any_feature(week):
    rng = np.random.default_rng(week)
    scrambled = {}
    for name, table in SCHOOL.tables.items():
        table = table.copy()
        if "week" in table:
            later = np.flatnonzero(table["week"] > week)
            for column in table.columns.difference(["pupil", "week", "skill"]):
                values = table[column].to_numpy(copy=True).astype(float)
                values[later] = rng.permutation(values[later]) * rng.uniform(-9, 9)
                table[column] = values
            table = table.drop(table.index[rng.choice(later, len(later) // 3, replace=False)])
        if name == "outcomes":
            table["at_risk"] = rng.permutation(table["at_risk"])
        scrambled[name] = table
    pd.testing.assert_frame_equal(
        build_features(SCHOOL.tables, week), build_features(scrambled, week), check_exact=True
    )


def test_features_by_hand():
    tables = {
        "pupils": pd.DataFrame({"pupil": ["a", "b"], "prior_score": [50.0, np.nan]}),
        "attendance": pd.DataFrame(
            {"pupil": ["a"] * 4, "week": [1, 2, 3, 4], "days_absent": [5, 0, 1, 2]}
        ),
        "practice": pd.DataFrame(
            {
                "pupil": ["a"] * 4,
                "week": [1, 2, 3, 4],
                "skill": "x",
                "assigned": [10, 10, 10, 10],
                "completed": [8, 4, 6, 6],
                "correct": [4, 4, 3, 3],
                "minutes": [10.0, 20.0, 30.0, np.nan],
            }
        ),
        "quizzes": pd.DataFrame({"pupil": ["a"] * 2, "week": [2, 4], "score": [70.0, np.nan]}),
    }
    row = build_features(tables, 4).loc["a"]
    assert row["absent_share"] == 40.0
    assert row["absent_recent"] == 3.0
    assert row["completed_share"] == 60.0
    assert row["completed_change"] == pytest.approx(100 * 16 / 30 - 80)
    assert row["weeks_little"] == 1.0
    assert row["correct_share"] == pytest.approx(100 * 14 / 24)
    assert row["minutes_a_week"] == 20.0
    assert (row["quiz_mean"], row["quiz_last"], row["quizzes_missed"]) == (70.0, 70.0, 1.0)
    assert build_features(tables, 4).loc["b"].isna().all()
    assert np.isnan(build_features(tables, 2).loc["a"]["completed_change"])


def test_what_was_not_recorded_is_not_counted_as_nothing():
    weeks = [1, 2, 3, 4]
    tables = {
        "pupils": pd.DataFrame({"pupil": ["a", "b"], "prior_score": [50.0, 60.0]}),
        "attendance": pd.DataFrame(
            {"pupil": ["a"] * 4 + ["b"] * 4, "week": weeks * 2,
             "days_absent": [1, np.nan, 1, 1] + [np.nan] * 4}
        ),
        "practice": pd.DataFrame(
            {"pupil": ["a"] * 4 + ["b"] * 4, "week": weeks * 2, "assigned": 20.0,
             "completed": [20, np.nan, 20, 20] + [np.nan] * 4,
             "correct": [10, 5, np.nan, 10] + [np.nan] * 4, "minutes": 5.0}
        ),
        "quizzes": pd.DataFrame({"pupil": ["a"], "week": [2], "score": [70.0]}),
    }  # fmt: skip
    features = build_features(tables, 4)
    assert features.loc["a", ["absent_share", "completed_share", "correct_share"]].tolist() == [
        20.0, 100.0, 50.0,
    ]  # fmt: skip
    missing = ["absent_share", "absent_recent", "completed_share", "weeks_little", "correct_share"]
    assert features.loc["b", missing].isna().all()


def test_the_files_are_read_back_and_impossible_values_are_said(folder):
    records = read_records(folder)
    assert any("impossible value" in note and "999" in note for note in records.notes)
    assert records.tables["quizzes"]["score"].max() <= 100
    table = school_table(records, 6)
    assert table.listed.sum() == 300
    assert table.at_risk[table.listed].isna().all()
    assert table.at_risk[~table.listed].notna().mean() > 0.9  # but for those who left
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
