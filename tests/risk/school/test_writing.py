"""A school's folder: the files of the whole school, written piece by piece, and said in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.data.reading import write_csv
from risk.data.records import read_records, write_records
from risk.features.known import school_table
from risk.folders import new_folder
from risk.school import Biases, as_of, simulate_school, writing
from risk.school import simulate as simulation
from risk.school.readme import FILES
from risk.school.writing import count_pieces, header_of, rows_of, write_school

TABLES = [name for name in FILES if "/" not in name]


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def small_pieces(monkeypatch):
    for module in (simulation, writing):
        monkeypatch.setattr(module, "PUPILS_A_PIECE", 250)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("week", [None, 3])
def test_the_files_are_those_of_the_whole_school(tmp_path, week):
    pieces, whole = tmp_path / "pieces", tmp_path / "whole"
    (whole / "truth").mkdir(parents=True)
    pieces.mkdir()
    biases, steps = Biases(absence=True, group="C"), []
    counts = write_school(
        pieces, 600, 6, 5, n_years=2, as_of_week=week, n_futures=8, biases=biases,
        progress=steps.append,
    )  # fmt: skip
    school = simulate_school(600, 6, 5, n_years=2, n_futures=8, biases=biases)
    write_records(school.tables if week is None else as_of(school, week), whole)
    write_records(school.truth, whole / "truth")
    written = contents(pieces)
    said = written.pop("README.txt").decode()
    assert written == contents(whole)
    assert set(written) == set(FILES) == set(counts)
    for name, text in written.items():
        assert len(text.splitlines()) == counts[name] + 1
        assert f"{name} ({counts[name]:,} rows)" in said
    assert "absence; group C" in said and f"week {week or 6}" in said
    assert len(steps) == count_pieces(600, 2) == 6
    assert steps[-1] == "writing: 1,200 pupils"


@pytest.mark.usefixtures("small_pieces")
def test_every_column_is_explained(tmp_path):
    write_school(tmp_path, 120, 4, 0, n_futures=0)
    for name, (_, columns) in FILES.items():
        assert list(pd.read_csv(tmp_path / name)) == list(columns), name
    lines = (tmp_path / "README.txt").read_text("utf-8").splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.split() == ["seed", "0"] for line in lines)


def test_the_road_travels_on_the_folder(tmp_path):
    write_school(tmp_path, 300, 8, 2, n_years=2, as_of_week=5, n_futures=0)
    records = read_records(tmp_path)
    school = simulate_school(300, 8, 2, n_years=2, n_futures=0)
    read, meant = records.tables["attendance"], as_of(school, 5)["attendance"]
    np.testing.assert_array_equal(read["days_absent"], meant["days_absent"])
    assert read["week"][read["pupil"].str.startswith("26-")].max() == 5
    table = school_table(records, 5)
    assert 250 < table.at_risk.notna().sum() <= 300 and table.listed.sum() > 250


@pytest.mark.usefixtures("small_pieces")
def test_stopped_halfway_leaves_nothing(tmp_path):
    def stop(step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "school") as folder:
        write_school(folder, 600, 4, 0, n_futures=0, progress=stop)
    assert not list(tmp_path.iterdir())


def test_no_file_is_written_over(tmp_path):
    mine = tmp_path / "pupils.csv"
    mine.write_text("mine")
    with pytest.raises(FileExistsError):
        write_school(tmp_path, 120, 4, 0, n_futures=0)
    assert mine.read_text() == "mine"


ODD_TEXT = st.one_of(
    st.none(), st.text(max_size=6), st.sampled_from(["=1", '"', "a,b", "-5", "\r"])
)
ODD_ROWS = st.lists(st.tuples(st.floats(), ODD_TEXT, st.integers(-(2**40), 2**40)), max_size=6)


@given(rows=ODD_ROWS)
def test_cells_are_written_as_write_csv_does(rows, tmp_path_factory):
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    number, text, whole = map(list, columns)
    table = pd.DataFrame(
        {
            "a": np.array(number, dtype=float),
            "=b": np.array(text, dtype=object),
            "c": np.array(whole, dtype=np.int64),
        }
    )
    path = tmp_path_factory.getbasetemp() / "table.csv"
    write_csv(table, path)
    assert (header_of(table) + rows_of(table)).encode() == path.read_bytes()


def test_negative_zero_and_the_last_digit_survive():
    values = [0.0, -0.0, 0.1 + 0.2, 1e-300, 5e-324]
    text = rows_of(pd.DataFrame({"x": values}))
    assert text.splitlines() == [repr(x) for x in values]
    assert [float(line) for line in text.splitlines()] == values
