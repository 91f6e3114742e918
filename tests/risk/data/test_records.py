"""The school's files: written, read back, and what is odd in them said."""

import pandas as pd
import pytest

from risk.data.reading import DataError
from risk.data.records import read_records, write_records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

SCHOOL = simulate_school(300, 12, seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("school")
    write_records(as_of(SCHOOL, 6), path)
    return path


def test_the_files_are_read_back_and_impossible_values_are_said(folder):
    records = read_records(folder)
    assert any("impossible value" in note and "999" in note for note in records.notes)
    assert records.tables["quizzes"]["score"].max() <= 100
    table = school_table(records, 6)
    assert 285 < table.listed.sum() < 300  # but for those who left by then
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


def changed(folder, to, name, change):
    """Copy the folder with one table changed."""
    for file in folder.glob("*.csv"):
        (to / file.name).write_bytes(file.read_bytes())
    table = pd.read_csv(to / f"{name}.csv", dtype=str, keep_default_na=False)
    change(table)
    table.to_csv(to / f"{name}.csv", index=False)
    return to


def test_who_left_on_a_date_stops_the_road_for_a_leaver_must_not_be_listed(folder, tmp_path):
    def dated(pupils):
        pupils.loc[3, "left_week"] = "12.03.2026"

    with pytest.raises(DataError, match=r"pupils\.csv, line 5: left_week holds '12\.03\.2026'"):
        read_records(changed(folder, tmp_path, "pupils", dated))


def test_ids_that_fit_nowhere_are_said_with_both_ways_of_writing(folder, tmp_path):
    def stripped(attendance):
        attendance["pupil"] = attendance["pupil"].str[3:]

    with pytest.raises(
        DataError, match=r"attendance\.csv: none of its pupils .* is in pupils\.csv"
    ):
        read_records(changed(folder, tmp_path, "attendance", stripped))


def test_yes_and_no_are_read_in_any_case_and_what_is_neither_is_said(folder, tmp_path):
    def shouted(outcomes):
        outcomes["at_risk"] = outcomes["at_risk"].str.upper()
        outcomes.loc[4, "at_risk"] = "maybe"

    plain = read_records(folder).tables["outcomes"]["at_risk"]
    records = read_records(changed(folder, tmp_path, "outcomes", shouted))
    read = records.tables["outcomes"]["at_risk"]
    assert read.drop(4).equals(plain.drop(4))
    assert read.isna().sum() == 1
    assert any("'maybe' in line 6) neither yes nor no" in note for note in records.notes)
