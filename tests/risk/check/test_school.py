"""What a check of a school's folder finds, and what it must not call wrong."""

import datetime

import pandas as pd
import pytest

from risk.check.whole import check
from risk.data.records import write_records
from risk.school import simulate_school

TODAY = datetime.date(2026, 5, 1)


def of_kind(findings, kind):
    return [f for f in findings if f.kind == kind]


def only(findings, kind):
    found = of_kind(findings, kind)
    assert len(found) == 1, [f.kind for f in findings]
    return found[0]


@pytest.fixture(scope="module")
def school():
    return simulate_school(100, 8, seed=3).tables


def visit(tmp_path, tables):
    write_records(tables, tmp_path)
    return check(tmp_path, today=TODAY)


def test_only_what_the_simulator_put_in_is_wrong(tmp_path, school):
    wrong = [f for f in visit(tmp_path, school) if f.severity == "wrong"]
    assert [(f.kind, f.file, f.column) for f in wrong] in (
        [("impossible value", "quizzes.csv", "score")],
        [],
    )
    assert all("999" in f.sentence for f in wrong)


def altered(school, name, change):
    return {**school, name: change(school[name].copy().astype(object))}


def cell(row, column, value):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


def more(**values):
    return lambda frame: pd.concat([frame, pd.DataFrame([{**frame.iloc[0], **values}])])


SCHOOL_DEFECTS = [
    ("quizzes", cell(3, "score", 999), "impossible value", "score", 5),
    ("pupils", cell(3, "grade", 0), "impossible value", "grade", 5),
    ("pupils", cell(3, "pupil", "24-00001"), "double id", "pupil", 2),
    ("practice", cell(3, "correct", 30), "out of order", "correct", 5),
    ("attendance", cell(3, "pupil", "nobody"), "unknown pupil", "pupil", 5),
    ("attendance", more(), "double row", "pupil", None),
    ("outcomes", more(), "double id", "pupil", None),
    ("attendance", more(week=30), "after the end", "week", None),
    ("outcomes", cell(3, "at_risk", "maybe"), "at_risk", "at_risk", 5),
]


@pytest.mark.parametrize(("name", "change", "kind", "column", "line"), SCHOOL_DEFECTS)
def test_a_defect_of_a_school_is_found(tmp_path, school, name, change, kind, column, line):
    findings = visit(tmp_path, altered(school, name, change))
    found = [f for f in findings if f.kind == kind and f.file == f"{name}.csv"]
    assert len(found) >= 1 and found[0].severity == "wrong"
    assert found[0].column == column and line in (None, found[0].line)


def test_each_year_ends_with_its_own_last_week(tmp_path, school):
    weeks = school["attendance"]
    this_year = weeks["pupil"].str.startswith("26-")
    so_far = weeks[~(this_year & (weeks["week"] > 5))]
    assert not of_kind(visit(tmp_path, {**school, "attendance": so_far}), "after the end")
    late = weeks[this_year & (weeks["week"] == 8)].iloc[:1]
    tables = {**school, "attendance": pd.concat([so_far, late])}
    assert "1 row " in only(visit(tmp_path, tables), "after the end").sentence


def test_a_second_skill_is_no_double_row_and_hours_are_no_minutes(tmp_path, school):
    tables = altered(school, "practice", more(skill="Juggling"))
    assert not of_kind(visit(tmp_path, tables), "double row")
    tables = altered(school, "practice", cell(3, "minutes", 4999.5))
    found = only(visit(tmp_path, tables), "off the scale")
    assert (found.file, found.column, found.line) == ("practice.csv", "minutes", 5)


def test_outcomes_that_disagree_with_the_cut(tmp_path, school):
    known = school["outcomes"]["at_risk"]
    swapped = known.map({"yes": "no", "no": "yes"})
    one = altered(school, "outcomes", cell(3, "at_risk", swapped[3]))
    found = only(visit(tmp_path, one), "outcome against cut")
    assert found.line == 5 and found.severity == "wrong" and "1 row (line 5)" in found.sentence
    many = altered(school, "outcomes", cell(slice(0, 40), "at_risk", swapped[:41]))
    assert only(visit(tmp_path, many), "no cut").severity == "look"


def test_what_is_written_of_pupils_who_have_left(tmp_path, school):
    pupils = school["pupils"].assign(left_week="")
    pupils.loc[0, "left_week"] = "5"
    findings = visit(tmp_path, {**school, "pupils": pupils})
    for name, rows in (("attendance", 3), ("practice", 3), ("quizzes", 2)):
        found = [f for f in of_kind(findings, "after leaving") if f.file == f"{name}.csv"]
        assert len(found) == 1 and f"{rows} rows" in found[0].sentence
    assert only(findings, "outcome of a leaver").line == 2


def test_outcomes_of_the_running_year(tmp_path, school):
    late = school["pupils"]["pupil"].iloc[-1]
    tables = altered(school, "outcomes", more(pupil=late))
    assert only(visit(tmp_path, tables), "outcome of this year").severity == "look"


def test_a_table_or_column_that_is_missing_does_not_stop_the_check(tmp_path, school):
    write_records(altered(school, "pupils", lambda f: f.drop(columns="grade")), tmp_path)
    (tmp_path / "quizzes.csv").unlink()
    findings = check(tmp_path, today=TODAY)
    assert only(findings, "no table").file == "quizzes.csv"
    assert "'grade'" in only(findings, "no column").sentence


def test_being_recorded_less_tells_the_outcome(tmp_path, school):
    risky = set(school["outcomes"].query("at_risk == 'yes'")["pupil"])
    weeks = school["attendance"]
    shorter = weeks[~(weeks["pupil"].isin(risky) & (weeks["week"] > 4))]
    findings = visit(tmp_path, {**school, "attendance": shorter})
    rule = only(findings, "rule on target")
    assert rule.column == "weeks in attendance" and rule.severity == "wrong"
