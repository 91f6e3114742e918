"""From a user's table to pupils: kinds, targets, ids, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from risk.data.columns import Column, Condition, parse_rule, recognise
from risk.data.reading import DataError, read_csv
from risk.data.roles import Roles
from risk.data.table import pupil_table


def table(tmp_path, columns):
    path = tmp_path / "pupils.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return read_csv(path)


def columns(n=60):
    rng = np.random.default_rng(0)
    return {
        "id": [f"p{i}" for i in range(n)],
        "grade": rng.integers(0, 20, n),
        "city": rng.choice(["Bonn", "Lyon", "Porto"], n),
        "club": rng.choice(["yes", "no"], n),
        "score": rng.normal(10, 3, n).round(2),
    }


def test_kinds_are_recognised(tmp_path):
    raw = table(tmp_path, columns())
    kinds = {name: recognise(raw, name)[0] for name in raw.frame}
    assert kinds["id"] is None  # free text
    assert [kinds[n].kind for n in ("grade", "city", "club", "score")] == [
        "number",
        "category",
        "yes/no",
        "number",
    ]
    assert kinds["club"].words == ("yes", "no")


def test_the_table_of_pupils(tmp_path):
    raw = table(tmp_path, columns())
    pupils = pupil_table(raw, Roles("score", below=10, id_column="id", protected=("city",)))
    assert pupils.ids.tolist()[:2] == ["p0", "p1"]
    assert [c.name for c in pupils.schema] == ["grade", "club"]
    assert pupils.protected.columns.tolist() == ["city"]
    expected = (raw.frame["score"].astype(float) < 10).astype(float)
    assert pupils.at_risk.tolist() == expected.tolist()
    roles = Roles("score", below=10, protected=("city",), use_protected=True, drop=("id",))
    both = pupil_table(raw, roles)
    assert [c.name for c in both.schema] == ["grade", "city", "club"]


def test_rows_without_an_outcome_are_kept_to_be_scored(tmp_path):
    data = columns()
    data["score"] = [None, *data["score"][1:]]
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10))
    assert np.isnan(pupils.at_risk[0])
    assert any("1 row without score" in note for note in pupils.notes)


@pytest.mark.parametrize(
    ("positive", "labels"), [("fail", ["fail", "pass"]), ("2", ["2", "7"]), (None, ["yes", "no"])]
)
def test_positive_values(tmp_path, positive, labels):
    data = columns() | {"end": [labels[i % 2] for i in range(60)]}
    pupils = pupil_table(table(tmp_path, data), Roles("end", positive=positive))
    assert pupils.at_risk.tolist() == [1.0, 0.0] * 30


def test_what_only_counts_rows_or_never_varies_is_left_out_and_said(tmp_path):
    data = columns() | {"nr": range(60), "same": ["x"] * 60}
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10))
    assert {"nr", "same", "id"} & {c.name for c in pupils.schema} == set()
    assert len([n for n in pupils.notes if "left out" in n]) == 3


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"target": "mark"}, "no column 'mark'.*--target"),
        ({}, {"target": "Score"}, "Did you mean 'score'"),
        ({}, {"drop": ("nope",)}, "no column 'nope'.*--drop"),
        ({}, {"protected": ("nope",)}, "no column 'nope'.*--protected"),
        ({}, {"id_column": "nope"}, "no column 'nope'.*--id"),
        ({"score": [5] * 60}, {}, "every pupil with a known 'score' is at risk"),
        ({"score": [15] * 60}, {}, "no pupil with a known 'score' is at risk"),
        ({"score": [None] * 60}, {}, "target column 'score' has no values"),
        ({"score": ["a", *range(1, 60)]}, {}, "line 2.*'a'.*--at-risk-below needs numbers"),
        ({"score": ["same"] * 60}, {"below": None}, "'same' in every row"),
        ({}, {"below": None}, "--at-risk-below NUMBER .*--positive VALUE"),
        ({}, {"below": None, "positive": "fail"}, "no row has 'fail'"),
        ({"id": ["p1"] * 2 + [f"p{i}" for i in range(2, 60)]}, {"id_column": "id"},
         "id 'p1' in column 'id' stands in lines 2 and 3"),
        ({"id": [None] + [f"p{i}" for i in range(59)]}, {"id_column": "id"}, "line 2: the id"),
        ({"grade": [None] * 60}, {}, "column 'grade' has no values.*--drop"),
        ({"grade": ["absent", *range(59)]}, {}, "line 2: column 'grade' holds 'absent', but 59"),
        ({}, {"protected": ("score",)}, "'score' is both --protected and --target"),
        ({}, {"protected": ("city",), "drop": ("city",)}, "'city' is both --protected and --drop"),
        ({}, {"drop": ("score",)}, "the target 'score' is also --drop"),
        ({}, {"protected": ("id",)}, "60 different values, but at most 20 groups"),
        ({}, {"drop": ("grade", "city", "club")}, "no column to learn from.*id was left out"),
    ],
)  # fmt: skip
def test_what_must_be_mended_is_said(tmp_path, change, options, message):
    roles = Roles(**({"target": "score", "below": 10.0} | options))
    with pytest.raises(DataError, match=message) as caught:
        pupil_table(table(tmp_path, columns() | change), roles)
    assert "pupils.csv" in str(caught.value)


def test_three_rows_are_too_few(tmp_path):
    few = {name: list(values)[:3] for name, values in columns().items()} | {"score": [1, 2, 19]}
    with pytest.raises(DataError, match="3 rows with a known outcome, 2 at risk and 1 not"):
        pupil_table(table(tmp_path, few), Roles("score", below=10))


def test_values_in_words():
    assert Column("a", "number", unit="%").show(41.25) == "41.2 %"
    assert [Column("a", "number").show(v) for v in (0.94, 2562.3, 65.0)] == ["0.94", "2562", "65"]
    assert Column("a", "yes/no", words=("ja", "nein")).show(0.0) == "nein"
    assert Column("a", "category").show(None) == "not recorded"


def test_yes_and_no_in_any_case_lose_nothing(tmp_path):
    data = columns() | {"club": ["Yes", "yes", "NO", "no"] * 15}
    column, values, _ = recognise(table(tmp_path, data), "club")
    assert column.kind == "yes/no"
    assert values.tolist() == [1.0, 1.0, 0.0, 0.0] * 15


def test_a_column_known_only_where_the_outcome_is_not_is_left_out(tmp_path):
    data = columns()
    data["score"] = [None] * 10 + list(data["score"][10:])
    data["late"] = ["yes", "no"] * 5 + [None] * 50
    data["place"] = ["a", "b"] * 5 + [None] * 50
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10))
    assert {"late", "place"} & {c.name for c in pupils.schema} == set()


def test_numbers_can_be_taken_as_categories(tmp_path):
    data = columns() | {"form": ["K", *([1, 2, 3, 1, 2] * 12)[1:]]}
    with pytest.raises(DataError, match="--categories"):
        pupil_table(table(tmp_path, data), Roles("score", below=10))
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10, categories=("form",)))
    assert next(c for c in pupils.schema if c.name == "form").kind == "category"


def test_what_looks_like_an_id_is_said(tmp_path):
    data = columns() | {"number": np.arange(60) * 37 + 10_000}
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10))
    assert any("number differs in every row" in note for note in pupils.notes)


def test_a_pupil_may_be_called_null(tmp_path):
    data = columns() | {"id": ["Null", "NA", *[f"p{i}" for i in range(58)]]}
    ids = pupil_table(table(tmp_path, data), Roles("score", below=10, id_column="id")).ids
    assert ids[:2].tolist() == ["Null", "NA"]


def test_what_was_taken_for_at_risk_is_said(tmp_path):
    data = columns() | {"passed": ["yes", "no"] * 30}
    pupils = pupil_table(table(tmp_path, data), Roles("passed"))
    assert any("passed is yes" in note and "--positive" in note for note in pupils.notes)
    data["passed"] = ["1.0", "0.0"] * 30
    assert pupil_table(table(tmp_path, data), Roles("passed")).at_risk.tolist() == [1, 0] * 30


def test_ticks_and_blanks_are_yes_and_no(tmp_path):
    data = columns() | {"meals": ["x", None] * 30}
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10))
    assert pupils.features["meals"].tolist() == [1.0, 0.0] * 30
    assert any("a blank as no" in note for note in pupils.notes)
    assert next(c for c in pupils.schema if c.name == "meals").show(0.0) == "blank"


def years(n=60):
    return columns(n) | {
        "year": [2024, 2025] * (n // 2),
        "room": [f"{6 + i % 3}a" for i in range(n)],
    }


def test_cohort_and_group_are_not_learnt_from_and_prior_and_rule_are(tmp_path):
    roles = Roles(
        "score", below=10, id_column="id", cohort="year", group="room", prior="grade",
        rule=parse_rule("grade < 5, club >= 1"),
    )  # fmt: skip
    pupils = pupil_table(table(tmp_path, years()), roles)
    assert [c.name for c in pupils.schema] == ["grade", "city", "club"]
    assert pupils.cohort.tolist() == [2024, 2025] * 30
    assert pupils.group.tolist()[:4] == ["6a", "7a", "8a", "6a"]
    assert (pupils.cohort.name, pupils.group.name, pupils.prior) == ("year", "room", "grade")
    assert pupils.rule == (Condition("grade", "<", 5.0), Condition("club", ">=", 1.0))
    assert pupils.listed.tolist() == [False, True] * 30  # the list is about the latest year
    assert any("latest year, 2025" in note for note in pupils.notes)


def test_a_column_like_a_year_or_a_school_is_suggested_never_taken(tmp_path):
    def hints(data, **options):
        pupils = pupil_table(table(tmp_path, data), Roles("score", below=10, **options))
        assert pupils.cohort is None or options["cohort"]
        return [note for note in pupils.notes if "--cohort" in note or "--group" in note]

    assert hints(columns()) == []
    (hint,) = hints(years())
    assert "year looks like the school year" in hint and "--cohort year" in hint
    (hint,) = hints(columns() | {"School_ID": ["GP", "MS"] * 30})
    assert "--group School_ID" in hint
    assert hints(columns() | {"year": [2024] * 60}) == []  # does not vary
    assert hints(years(), cohort="year") == hints(years(), group="room") == []


def test_an_id_may_repeat_in_another_year_or_when_it_is_said(tmp_path):
    data = years() | {"id": [f"p{i // 2}" for i in range(60)]}
    raw = table(tmp_path, data)
    with pytest.raises(DataError, match="lines 2 and 3, but one row a pupil .*--cohort"):
        pupil_table(raw, Roles("score", below=10, id_column="id"))
    for roles in ({"cohort": "year"}, {"may_repeat": True}):
        pupils = pupil_table(raw, Roles("score", below=10, id_column="id", **roles))
        assert pupils.ids.tolist() == data["id"]
    data["year"][:2] = [2025, 2025]
    with pytest.raises(DataError, match="lines 2 and 3, but one row a pupil and year .*--split"):
        pupil_table(table(tmp_path, data), Roles("score", below=10, id_column="id", cohort="year"))


def test_of_earlier_years_nobody_without_an_outcome_is_said_to_be_scored(tmp_path):
    data = years()
    for row in (0, 1, 59):
        data["score"][row] = None
    data["year"] = [2024] * 40 + [2025] * 20
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10, cohort="year"))
    told = [note for note in pupils.notes if "without score" in note]
    assert told[0].startswith("1 row without score: not learnt from, but scored")
    assert told[1:] == ["2 rows of earlier years without score left out."]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([2024, 2025], [2024, 2025]),
        (["2023/24", "2024/25"], ["2023/24", "2024/25"]),
        ([1.5, 2.5], [1.5, 2.5]),
    ],
)
def test_school_years_as_they_are_written(tmp_path, written, read):
    data = years() | {"year": written * 30}
    pupils = pupil_table(table(tmp_path, data), Roles("score", below=10, cohort="year"))
    assert pupils.cohort.tolist() == read * 30


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"cohort": "jahr"}, "no column 'jahr'.*--cohort"),
        ({}, {"group": "Room"}, "--group.*Did you mean 'room'"),
        ({}, {"prior": "G1"}, "no column 'G1'.*--prior"),
        ({}, {"rule": "grade < 5, G1 < 10"}, "no column 'G1'.*--rule"),
        ({"year": [None, *[2024] * 59]}, {"cohort": "year"}, "line 2: the school year .*missing"),
        ({"year": ["2024", "spring 2025"] * 30}, {"cohort": "year"}, "line 3: .*'spring 2025'"),
        ({"year": ["2024/25", "2024/2025"] * 30}, {"cohort": "year"}, "two ways, .*lines? 2 .*line 3"),
        ({"year": ["2024 autumn", "2024 spring"] * 30}, {"cohort": "year"}, "two ways"),
        ({"year": ["2024-9", "2024-10"] * 30}, {"cohort": "year"}, "two ways"),
        ({}, {"cohort": "score"}, "'score' is both --cohort and --target"),
        ({}, {"group": "id", "id_column": "id"}, "'id' is both --group and --id"),
        ({}, {"cohort": "year", "group": "year"}, "'year' is both --group and --cohort"),
        ({}, {"prior": "score"}, "'score' is both --prior and --target"),
        ({}, {"prior": "grade", "drop": ("grade",)}, "'grade' is both --prior and --drop"),
        ({}, {"rule": "grade < 5", "drop": ("grade",)}, "'grade' is both --rule and --drop"),
        ({}, {"rule": "grade < 5", "protected": ("grade",)}, "both --rule and --protected"),
        ({}, {"prior": "city"}, "'city' holds categories, but --prior needs numbers"),
        ({}, {"rule": "city > 3"}, "'city' holds categories, but --rule needs numbers"),
        ({"grade": [3] * 60}, {"prior": "grade"}, "'grade' holds nothing to learn from"),
    ],
)  # fmt: skip
def test_roles_that_cannot_be_are_said(tmp_path, change, options, message):
    if "rule" in options:
        options = options | {"rule": parse_rule(options["rule"])}
    with pytest.raises(DataError, match=message) as caught:
        pupil_table(table(tmp_path, years() | change), Roles("score", below=10, **options))
    assert "pupils.csv" in str(caught.value)


def test_a_protected_column_may_be_of_the_rule_when_it_is_learnt_from(tmp_path):
    roles = Roles(
        "score", below=10, protected=("grade", "room"), use_protected=True, prior="grade",
        group="room", rule=parse_rule("grade < 5"),
    )  # fmt: skip
    pupils = pupil_table(table(tmp_path, years()), roles)
    assert pupils.prior in pupils.features
    assert "room" not in pupils.features and "room" in pupils.protected


def test_rules_are_read():
    assert parse_rule(" absences>20 ,G1 <= 9.5,") == (
        Condition("absences", ">", 20.0),
        Condition("G1", "<=", 9.5),
    )
    assert parse_rule('"days away, in all >= 1,000", x<y < -2') == (
        Condition("days away, in all", ">=", 1000.0),
        Condition("x<y", "<", -2.0),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--rule is empty"),
        (" , ", "--rule is empty"),
        ("absences", "'absences', but a column, one of < <= > >="),
        ("G1 = 10", "'G1 = 10', but a column"),
        ("< 10", "'< 10', but a column"),
        ("G1 < 9,5", "'5', but a column.*with a point"),
        ("absences > many", "compares 'absences' with 'many', but a number"),
        ("absences >", "compares 'absences' with '', but a number"),
        ("G1 < nan", "compares 'G1' with 'nan'"),
    ],
)
def test_what_is_no_rule_is_said(text, message):
    with pytest.raises(DataError, match=message):
        parse_rule(text)
