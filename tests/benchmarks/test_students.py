"""The students benchmark: right file or none, and a table that can say NO."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import students
from benchmarks.__main__ import main
from risk.console import ProgressBar


@pytest.fixture
def lookalike(tmp_path):
    """A file of the same columns that matter; the real one is not ours to ship."""
    rng = np.random.default_rng(0)
    g1 = rng.integers(3, 19, 120)
    frame = pd.DataFrame(
        {
            "school": rng.choice(["GP", "MS"], 120),
            "G1": g1,
            "G2": g1 + rng.integers(-2, 3, 120),
            "G3": np.clip(g1 + rng.integers(-4, 5, 120), 0, 20),
        }
    )
    frame.to_csv(tmp_path / "mat.csv", sep=";", index=False)
    return tmp_path / "mat.csv"


def test_another_file_is_refused_with_the_address(lookalike, capsys):
    assert main(["students", "--data", str(lookalike)]) == 2
    err = capsys.readouterr().err
    assert "e47f9ee2" in err
    assert "archive.ics.uci.edu" in err
    assert main(["students", "--data", "none.csv"]) == 2


def test_the_table_and_its_verdict(lookalike, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(students, "check_file", lambda path: None)
    arguments = ["students", "--data", str(lookalike), "--repeats", "2", "--trees", "5"]
    assert main([*arguments, "--json", str(tmp_path / "o.json")]) == 1  # not those pupils
    out = capsys.readouterr().out
    assert "NO" in out
    assert len(out.splitlines()) == 2 + 3 * 4
    assert (tmp_path / "o.json").exists()


def test_set_ups_leave_out_what_the_paper_left_out(lookalike):
    columns = {s: {c.name for c in students.read_students(lookalike, s).schema} for s in "ABC"}
    assert columns == {"A": {"school", "G1", "G2"}, "B": {"school", "G1"}, "C": {"school"}}
    table = students.read_students(lookalike, "A")
    assert table.at_risk.tolist() == (pd.read_csv(lookalike, sep=";")["G3"] < 10).tolist()


def right_in(share, n=10_000):
    """Return outcomes and a risk that is right for a share of the pupils."""
    y = np.tile([0.0, 1.0], n // 2)
    wrong = np.arange(n) >= share * n
    return y, np.where(wrong, 1 - y, y)


def test_a_line_agrees_within_one_point():
    y, risk = right_in(0.922)
    bar = students.line_of("A", "forest", y, [risk, risk])
    assert bar.agrees and bar.ours == pytest.approx(92.2)
    half = 196 * np.sqrt(0.922 * 0.078 / len(y))  # repeats of the same pupils are no more pupils
    assert bar.interval == pytest.approx((92.2 - half, 92.2 + half), abs=1e-3)
    assert bar.auc == pytest.approx(0.922) and bar.auc_interval[0] < 0.922 < bar.auc_interval[1]
    assert not students.line_of("A", "forest", *right_in(0.9231)[:1], [right_in(0.9231)[1]]).agrees


def test_naive_predictors(lookalike):
    table = students.read_students(lookalike, "A")
    pupils = pd.read_csv(lookalike, sep=";")
    assert students.naive_risk(table, "A").tolist() == (pupils["G2"] < 10).tolist()
    assert not students.naive_risk(students.read_students(lookalike, "C"), "C").any()


def test_progress_is_silent_when_nobody_watches(capsys):
    ProgressBar(3).step("x")
    assert capsys.readouterr().err == ""
