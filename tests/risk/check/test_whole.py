"""What a check of a table finds, and what it must not call wrong."""

import datetime
import itertools

import numpy as np
import pandas as pd
import pytest

from risk.check.findings import Finding, quoted
from risk.check.gaps import gaps_that_depend, scores_of
from risk.check.impossible import _read_date
from risk.check.variables import variables_of
from risk.check.whole import check, report
from risk.data.reading import DataError, read_csv

TODAY = datetime.date(2026, 5, 1)
N = 120


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def clean(rng, n=N):
    """A table of ordinary columns with nothing wrong in it."""
    return pd.DataFrame(
        {
            "pupil": [f"p{i:04d}" for i in rng.permutation(n)],
            "score": rng.normal(60, 12, n).round(1),
            "absences": rng.poisson(4, n),
            "minutes": np.exp(rng.normal(3, 0.7, n)).round(1),
            "likes": rng.integers(1, 6, n),
            "club": rng.choice(["yes", "no"], n),
            "class": rng.choice(["7a", "7b", "8a"], n),
        }
    ).astype(object)


def look(tmp_path, frame, **options):
    path = tmp_path / "pupils.csv"
    frame.to_csv(path, index=False)
    return check(path, today=TODAY, **options)


def of_kind(findings, kind):
    return [f for f in findings if f.kind == kind]


def only(findings, kind):
    found = of_kind(findings, kind)
    assert len(found) == 1, [f.kind for f in findings]
    return found[0]


def bad(findings):
    return [(f.kind, f.column) for f in findings if f.severity != "note"]


def test_an_ordinary_table_has_nothing_to_mend(tmp_path, rng):
    assert bad(look(tmp_path, clean(rng), id_column="pupil")) == []


def spoil(column, row, value):
    def change(frame):
        frame.loc[row, column] = value

    return change


def put(column, values):
    def change(frame):
        frame[column] = values(frame)

    return change


def repeat_a_row(frame):
    frame.loc[7, frame.columns[1:]] = frame.loc[3, frame.columns[1:]]


# What is done to the ordinary table, and the finding: severity, kind, column, line.
DEFECTS = [
    (spoil("pupil", 7, ""), "wrong", "missing id", "pupil", 9),
    (repeat_a_row, "look", "double row", None, 5),
    (spoil("absences", 7, -2), "wrong", "impossible value", "absences", 9),
    (spoil("score", [7, 9], 999), "wrong", "off the scale", "score", 9),
    (spoil("likes", [7, 9], 9), "look", "off the scale", "likes", 9),
    (spoil("minutes", 7, 90000.5), "look", "off the scale", "minutes", 9),
    (spoil("score", 7, "2026-03-05"), "wrong", "not a number", "score", 9),
    (spoil("score", 7, "5-Mar"), "wrong", "not a number", "score", 9),
    (spoil("class", 7, "7 A"), "look", "several spellings", "class", 9),
    (spoil("class", 7, "unknown"), "look", "stands for missing", "class", 9),
    (put("age", lambda f: [0, *([12, 13] * N)][:N]), "wrong", "impossible value", "age", 2),
    (put("grade", lambda f: [0, *([6, 7, 8] * N)][:N]), "look", "impossible value", "grade", 2),
    (put("done (%)", lambda f: [140, *range(N - 21), *[99] * 20]), "wrong", "impossible value",
     "done (%)", 2),
    (put("year", lambda f: [1925, *([2025, 2024] * N)][:N]), "look", "odd year", "year", 2),
    (put("day", lambda f: ["2036-01-01", *["2026-01-02", "2025-09-30"] * N][:N]), "look",
     "date in the future", "day", 2),
    (put("day", lambda f: ["2026-02-30", *["2026-01-02", "2025-09-30"] * N][:N]), "wrong",
     "impossible value", "day", 2),
    (put("same", lambda f: f["class"]), "look", "copy", "same", None),
    (put("other", lambda f: f["class"].map({"7a": "x", "7b": "y", "8a": "z"})), "look", "copy",
     "other", None),
    (put("points", lambda f: f["score"] * 2 + 1), "look", "copy", "points", None),
    (put("test", lambda f: np.where(np.arange(N) < 9, 0, f["score"])), "look", "zeros apart", "test",
     2),
    (put("empty", lambda f: [None] * N), "note", "empty", "empty", None),
    (put("one", lambda f: 1), "note", "constant", "one", None),
    (put("nearly", lambda f: [2, *[1] * (N - 1)]), "note", "nearly constant", "nearly", 2),
    (put("card", lambda f: np.arange(5000, 5000 + 7 * N, 7)), "look", "nearly an id", "card", None),
    (put("email", lambda f: f["pupil"] + "@x.org"), "note", "nearly an id", "email", None),
    (put("card_id", lambda f: ["a1", *[f"a{i}" for i in range(1, N)]]), "look", "repeated id",
     "card_id", 2),
    (put("final", lambda f: f["likes"].sample(N, random_state=0).tolist()), "note", "known after",
     "final", None),
]  # fmt: skip


@pytest.mark.parametrize(("defect", "severity", "kind", "column", "line"), DEFECTS)
def test_a_defect_is_found(tmp_path, rng, defect, severity, kind, column, line):
    frame = clean(rng)
    defect(frame)
    findings = look(tmp_path, frame, id_column="pupil")
    found = only(findings, kind)
    assert (found.severity, found.column, found.line) == (severity, column, line)
    assert found.sentence.endswith(".") and found.mend.endswith(".")
    others = [f for f in findings if f is not found and f.severity == "wrong"]
    assert others == []  # nothing else is called wrong for it


def test_double_ids_are_named_with_their_lines(tmp_path, rng):
    frame = clean(rng)
    frame.loc[5, "pupil"] = frame.loc[2, "pupil"]
    found = only(look(tmp_path, frame, id_column="pupil"), "double id")
    assert found.severity == "wrong" and "lines 4, 7" in found.sentence
    assert only(look(tmp_path, frame), "repeated id").severity == "look"  # not said to be the id


def test_more_correct_than_completed(tmp_path, rng):
    frame = clean(rng)
    frame["quiz_assigned"] = 20
    frame["quiz_completed"] = rng.integers(5, 21, N)
    frame["quiz_correct"] = frame["quiz_completed"] - rng.integers(0, 5, N)
    assert of_kind(look(tmp_path, frame), "out of order") == []
    frame.loc[4, "quiz_correct"] = 20.0
    frame.loc[4, "quiz_completed"] = 11
    found = only(look(tmp_path, frame), "out of order")
    assert (found.column, found.line, found.severity) == ("quiz_correct", 6, "wrong")
    assert "'quiz_completed'" in found.sentence and "such as 20 of 11" in found.sentence


def test_rows_alike_in_a_few_coarse_columns_are_no_finding(tmp_path, rng):
    coarse = pd.DataFrame({"a": rng.integers(0, 3, N), "b": rng.choice(["x", "y"], N)})
    assert of_kind(look(tmp_path, coarse), "double row") == []


def test_gaps_are_counted_and_explained(tmp_path, rng):
    frame = clean(rng)
    frame["quiz"], frame["homework"] = rng.normal(size=(2, N)).round(3)
    frame["quiz"] = frame["quiz"].where(frame["absences"] <= 4)
    frame.loc[frame.index[:20], ["minutes", "homework"]] = None
    findings = look(tmp_path, frame, id_column="pupil")
    assert "'minutes' and 'homework' are empty together, in the same 20 rows" in (
        only(findings, "missing together").sentence
    )
    depends = only(findings, "missing depends")
    away = int((frame["absences"] > 4).sum())
    assert depends.column == "quiz" and depends.severity == "note"
    assert f"{away} of {away} are empty (100 %) where 'absences' is above 4" in depends.sentence
    assert f"but 0 of {N - away} (0 %)" in depends.sentence


def test_the_variance_of_gaps_at_random_is_exact(tmp_path):
    # All ways to empty 3 of 7 cells: the mean answer's variance is that of gaps_that_depend.
    raw_path = tmp_path / "a.csv"
    pd.DataFrame({"x": [5, 1, 1, 8, 2, 9, 4] * 2}).to_csv(raw_path, index=False)
    asked, R = scores_of(variables_of(read_csv(raw_path)))
    assert [v.name for v, _ in asked] == ["x"]
    pd.DataFrame({"c": ["a"] * 30 + ["b"] * 50 + [None] * 20}).to_csv(raw_path, index=False)
    np.testing.assert_allclose(
        scores_of(variables_of(read_csv(raw_path)))[1].mean(axis=0), 0, atol=1e-12
    )
    r, n, k = R[:7, 0] - R[:7, 0].mean(), 7, 3
    sums = [r[list(rows)].sum() for rows in itertools.combinations(range(n), k)]
    assert np.var(sums) == pytest.approx((r**2).mean() * k * (n - k) / (n - 1))


def test_gaps_at_random_are_called_dependent_seldom(tmp_path):
    hits = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        frame = clean(rng, 80).drop(columns="pupil")
        frame = frame.mask(rng.random(frame.shape) < 0.2)
        path = tmp_path / "a.csv"
        frame.to_csv(path, index=False)
        hits += any(gaps_that_depend(variables_of(read_csv(path))))
    assert hits <= 2  # expected at most 0.3


def test_small_groups_are_told(tmp_path, rng):
    frame = clean(rng)
    frame["group"] = ["A"] * 60 + ["B"] * 55 + ["C"] * 5
    told = only(look(tmp_path, frame), "small groups").sentence
    assert "'group' 'C' (5 pupils)" in told and "'B'" not in told
    frame["group"] = ["A"] * 60 + ["B"] * 60
    frame["fate"] = ["yes"] * 3 + ["no"] * 57 + ["yes"] * 30 + ["no"] * 30
    told = only(look(tmp_path, frame, target="fate"), "small groups").sentence
    assert "'group' 'A' (3 at risk, 57 not)" in told and "'B'" not in told


def test_options_that_cannot_be_met(tmp_path, rng):
    with pytest.raises(DataError, match="no column 'nothing'"):
        look(tmp_path, clean(rng), target="nothing")
    with pytest.raises(DataError, match="no --target"):
        look(tmp_path, clean(rng), at_risk_below=3.0)
    with pytest.raises(DataError, match="folder of a school's tables"):
        check(tmp_path, target="score")
    with pytest.raises(DataError, match="does not exist"):
        check(tmp_path / "none.csv")


def test_what_is_at_risk_may_be_left_unsaid(tmp_path, rng):
    assert "below 60" in only(look(tmp_path, clean(rng), target="score"), "cut").sentence.replace(
        f"{clean(np.random.default_rng(0))['score'].median():g}", "60"
    )
    assert "--positive" in only(look(tmp_path, clean(rng), target="class"), "target").sentence


def test_a_target_without_a_cut_that_hardly_varies(tmp_path, rng):
    frame = clean(rng).assign(fails=rng.poisson(0.3, N), same=4)
    cut = only(look(tmp_path, frame, target="fails"), "cut").sentence
    assert f"below {frame['fails'].mean():g}, the mean" in cut
    assert only(look(tmp_path, frame, target="same"), "target").severity == "look"


def test_text_of_the_data_cannot_harm_the_terminal(tmp_path, rng):
    frame = clean(rng)
    evil = "\x1b[2J\u202eevil\x07"
    frame[evil + "unknown"] = np.where(np.arange(N) % 9 == 0, "Unknown", evil)
    frame.loc[3, "score"] = evil
    frame.loc[4, evil + "unknown"] = evil.upper()
    shown = report(look(tmp_path, frame, id_column="pupil"))
    assert all(c == "\n" or c.isprintable() for c in shown)
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 79
    assert quoted("x" * 100).endswith("...'")


def test_the_report_puts_what_is_wrong_first():
    findings = [
        Finding("note", "a", "A note.", "Do."),
        Finding("look", "b", "Little.", "Do.", weight=1),
        Finding("look", "c", "Much.", "Do.", weight=2),
        Finding("wrong", "d", "Wrong.", "Do.", "x", 3),
    ]
    shown = report(findings)
    assert [shown.index(w) for w in ("'x', line 3: Wrong", "Much", "Little", "A note")] == sorted(
        shown.index(w) for w in ("'x', line 3: Wrong", "Much", "Little", "A note")
    )
    assert "5 more" in report([findings[0]] * 20)
    assert "Nothing odd" in report([])


def test_dates_are_late_only_in_every_reading():
    assert _read_date("03.12.2026") == datetime.date(2026, 3, 12)
    assert _read_date("31/12/2026") == datetime.date(2026, 12, 31)
    assert _read_date("2026-13-01") is None


def test_a_file_keeps_its_name_at_the_start_of_a_sentence():
    told = report([Finding("note", "reading", "schule.csv is not UTF-8.", "Look.")])
    assert "1. schule.csv is not UTF-8." in told
    assert "1. It is." in report([Finding("note", "reading", "it is.", "Look.")])
