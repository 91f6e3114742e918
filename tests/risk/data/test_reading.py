"""CSV files as people have them, and cells that must not become formulas."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.data.numerals import evidence, plain_number, to_numbers
from risk.data.reading import DataError, read_csv, safe_cell, write_csv


def write(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "pupils.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_separators_encodings_and_line_ends(tmp_path, separator, encoding, newline):
    lines = [["id", "näme", "score"], ["1", "José", "7"], ["2", "Zoë", "8"]]
    text = newline.join(separator.join(line) for line in lines) + newline
    raw = read_csv(write(tmp_path, text, encoding))
    assert raw.frame.columns.tolist() == lines[0]
    assert raw.frame.to_numpy().tolist() == lines[1:]
    assert raw.lines == [2, 3]


def test_quoted_cells_may_hold_separators_quotes_and_line_breaks(tmp_path):
    raw = read_csv(write(tmp_path, 'a,b\n"x, y","say ""hi"""\n"two\nlines",2\n'))
    assert raw.frame.to_numpy().tolist() == [["x, y", 'say "hi"'], ["two\nlines", "2"]]


def test_blank_lines_before_the_header_do_not_hide_the_separator(tmp_path):
    raw = read_csv(write(tmp_path, "\n\na;b\n1,5;2\n"))
    assert raw.frame.columns.tolist() == ["a", "b"]


def test_a_declared_separator_is_believed(tmp_path):
    assert read_csv(write(tmp_path, "sep=;\na;b\n1,5;2\n")).frame["a"].tolist() == ["1,5"]


def test_missing_cells_blank_lines_and_trailing_separators(tmp_path):
    raw = read_csv(write(tmp_path, "a;b;\n1;NA;\n\n ;n/a\n"))
    assert raw.cells("a").tolist() == ["1", None]
    assert raw.cells("b").tolist() == [None, None]
    assert raw.lines == [2, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "pupils.csv is empty"),
        ("  \n\n", "pupils.csv is empty"),
        ("a,b\n", "header but no rows"),
        ("a,b\n1,2,3\n", "line 2: 3 values, but the header names 2 columns"),
        ("a,b\n1,2\n3\n", "line 3: 1 value, but"),
        ("a,a\n1,2\n", "2 columns are named 'a'"),
        ("a,,c\n1,2,3\n", "column 2 has values but no name"),
        ('a,b\n"1,2\n', "line .*quotes"),
        (b"PK\x03\x04rest", "workbook or archive"),
        (b"a,b\n1\x00,2\n", "binary"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_csv(write(tmp_path, content))


def test_no_file_and_a_folder_are_said(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(DataError, match="folder|cannot be read"):
        read_csv(tmp_path)


@pytest.mark.parametrize(
    ("text", "decimal_comma", "number"),
    [
        ("3", False, 3.0),
        ("-3.5e2", False, -350.0),
        (".5", False, 0.5),
        ("3,5", False, 3.5),  # cannot be thousands
        ("1,234", False, 1234.0),
        ("1,234", True, 1.234),
        ("1,234.5", False, 1234.5),
        ("1.234,5", True, 1234.5),
        ("1 234,5", True, 1234.5),
        ("12345678901234567", False, None),
        ("\u22127", False, -7.0),
        ("85 %", False, 85.0),
        ("abc", False, None),
        ("1,2,3", False, None),
        ("1e999", False, None),
        ("inf", False, None),
        ("nan", False, None),
        ("", False, None),
        ("٣", False, None),
    ],
)
def test_numbers(text, decimal_comma, number):
    assert plain_number(text, decimal_comma) == number


def column(*texts):
    return pd.Series(texts, dtype=object)


NOTHING = evidence([])


def test_one_sure_decimal_settles_the_column():
    values, _, note = to_numbers(column("1,234", "3,5", None), ",", NOTHING)
    np.testing.assert_array_equal(values, [1.234, 3.5, np.nan])
    assert note is None
    german, _, note = to_numbers(column("988", "1.320,98", "2.562"), ";", NOTHING)
    assert german.tolist() == [988.0, 1320.98, 2562.0]
    assert note is None
    assert to_numbers(column("1.234.567", "2.040"), ";", NOTHING)[0].tolist() == [1234567.0, 2040.0]
    assert to_numbers(column("1,234,567", "2,040"), ";", NOTHING)[0].tolist() == [1234567.0, 2040.0]


def test_what_the_column_leaves_open_the_file_decides(tmp_path):
    path = write(tmp_path, "a;b\n2.040;1,5\n1.078;2,25\n")
    values, _, note = read_csv(path).numbers("a")
    assert values.tolist() == [2040.0, 1078.0]
    assert "'2.040' was read as thousands, as elsewhere in the file" in note


@pytest.mark.parametrize(
    ("separator", "text", "value"),
    [(",", "1,234", 1234.0), (";", "1,234", 1.234), (";", "1.078", 1.078)],
)
def test_doubtful_numbers_are_said(separator, text, value):
    values, _, note = to_numbers(column(text), separator, NOTHING)
    assert values[0] == value
    assert repr(text) in note


def test_whole_numbers_beside_groups_of_three_are_thousands():
    values, _, note = to_numbers(column("933", "5.518", "1.624"), ";", NOTHING)
    assert values.tolist() == [933.0, 5518.0, 1624.0]
    assert "933 stands beside" in note


def test_new_rows_are_read_as_training_was():
    assert to_numbers(column("1.234", "2.500"), ";", NOTHING, before=True)[0].tolist() == [
        1234,
        2500,
    ]
    assert to_numbers(column("1.5", "2.500"), ";", NOTHING, before=True)[0].tolist() == [1.5, 2.5]


def test_an_english_file_is_not_doubted(tmp_path):
    raw = read_csv(write(tmp_path, "g;gpa\n43.1;3.679\n41.2;2.875\n"))
    assert raw.numbers("gpa")[0].tolist() == [3.679, 2.875]
    assert raw.numbers("gpa")[2] is None


def test_plain_decimals_are_not_doubted():
    for texts in (["3.125", "2.875"], ["0.125"], ["12.5", "1.078"]):
        values, _, note = to_numbers(column(*texts), ",", NOTHING)
        assert values.tolist() == [float(t) for t in texts]
        assert note is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.decimals(-99999, 99999, places=2), min_size=1), st.booleans(), st.booleans())
def test_numbers_written_either_way_are_read_back(numbers, german, grouped):
    texts = [f"{n:,.2f}" if grouped else f"{n:.2f}" for n in numbers]
    if german:
        texts = [t.translate(str.maketrans(",.", ".,")) for t in texts]
    values, _, note = to_numbers(column(*texts), ";" if german else ",", NOTHING)
    assert values.tolist() == [float(n) for n in numbers]
    assert note is None


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+1 234", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1"]
)
def test_no_cell_starts_a_formula(tmp_path, cell):
    write_csv(pd.DataFrame({"=evil()": [cell, "fine"], "n": [-1.5, 2.0]}), tmp_path / "o.csv")
    with open(tmp_path / "o.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["'=evil()", "n"]
    assert rows[1] == ["'" + cell.replace("\r", "\n"), "-1.5"]
    assert rows[2][0] == "fine"
    assert safe_cell("-7") == "-7"  # a plain number stays one


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back_or_refused_in_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("odd") / "odd.csv"
    width = data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1))
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=data.draw(st.sampled_from([",", ";", "\t"]))).writerows(rows)
    try:
        raw = read_csv(path)
    except DataError as error:
        assert "odd.csv" in str(error)
        assert str(error).endswith(".")
        return
    assert len(raw.frame) == len(raw.lines) > 0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "bytes.csv"
    path.write_bytes(content)
    try:
        read_csv(path)
    except DataError as error:
        assert "bytes.csv" in str(error)


def test_a_program_that_divides_at_semicolons_finds_no_formula_either(tmp_path):
    write_csv(pd.DataFrame({"pupil": ["Ann;=1+58"], "risk": [0.5]}), tmp_path / "o.csv")
    with open(tmp_path / "o.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("title", ["Export of 12.09.2026", "Lake School, maths"])
def test_a_title_above_the_header_is_named(tmp_path, title):
    path = tmp_path / "export.csv"
    path.write_text(f'{title}\npupil;score\n"Lee; A";1,5\nb;2,5\nc;3,5\n', "utf-8")
    with pytest.raises(DataError, match=f"first line, '{title}', names no columns, .* have 2 each"):
        read_csv(path)
    path.write_text("sep=;\npupil;score\na;1,5\nb;2,5\n", "utf-8")
    assert read_csv(path).frame.columns.tolist() == ["pupil", "score"]
