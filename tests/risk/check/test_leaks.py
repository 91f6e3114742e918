"""What knows the outcome too well, and why; and that noise does not."""

import datetime
import os
import re

import numpy as np
import pandas as pd
import pytest

from mlcore.metrics import roc_auc_score
from risk.check.gaps import gaps_and_outcome
from risk.check.leaks import LEAST_OF_EACH, LIMIT, alone, best_cut, out_of_fold_rates
from risk.check.rules import pure_sets, shared_values
from risk.check.variables import variables_of
from risk.check.whole import check
from risk.data.reading import read_csv

TODAY = datetime.date(2026, 5, 1)


def look(tmp_path, columns, **options):
    path = tmp_path / "pupils.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return check(path, today=TODAY, **options)


def variables(tmp_path, **columns):
    path = tmp_path / "pupils.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return variables_of(read_csv(path))


def of_kind(findings, kind, column=None):
    return [f for f in findings if f.kind == kind and column in (None, f.column)]


def students(n=300, leavers=30, seed=0):
    """Grades 0..20 in which those who left have grade 0 and no absences; g1 is an earlier grade."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, n)
    absences = rng.poisson(np.exp(1.2 - 0.5 * ability))
    g1 = np.clip(np.round(11 + 2.5 * ability + rng.normal(0, 1.0, n)), 3, 20)
    final = np.clip(np.round(11 + 2.5 * ability + rng.normal(0, 1.0, n)), 4, 20)
    left = rng.permutation(n) < leavers
    final[left], absences[left] = 0, 0
    return {
        "sex": rng.choice(["F", "M"], n),
        "study": rng.integers(1, 5, n),
        "absences": absences,
        "g1": g1,
        "g3": final.astype(int),
    }


def test_everybody_with_grade_0_was_never_absent(tmp_path):
    findings = look(tmp_path, students(), target="g3", at_risk_below=10)
    (found,) = of_kind(findings, "shared value")
    assert findings[0] is found and found.column == "absences" and found.severity == "look"
    data = pd.DataFrame(students())
    r, stayed = data.corr(numeric_only=True), data[data["g3"] > 0].corr(numeric_only=True)
    assert "every one of the 30 pupils whose 'g3' is 0 has 0 in it" in found.sentence
    assert "Pupils who left were probably recorded so" in found.sentence
    assert (
        f"from {stayed.loc['absences', 'g3']:+.2f} to {r.loc['absences', 'g3']:+.2f}"
        in found.sentence
    )
    assert of_kind(findings, "zeros apart", "g3")


@pytest.mark.parametrize("seed", range(3))
def test_the_same_grades_without_leavers_are_not_suspected(tmp_path, seed):
    findings = look(tmp_path, students(leavers=0, seed=seed), target="g3", at_risk_below=10)
    assert not of_kind(findings, "shared value") and not of_kind(findings, "zeros apart", "g3")
    assert not [f for f in findings if f.severity == "wrong"]


def test_an_earlier_grade_is_strong_and_no_leak(tmp_path):
    findings = look(tmp_path, students(leavers=0), target="g3", at_risk_below=10)
    assert "the best, 'g1', has AUC" in of_kind(findings, "probe")[0].sentence
    (found,) = of_kind(findings, "strong", "g1")
    assert found.severity in ("look", "note")
    assert "It is no rule on the target" in found.sentence
    assert "nor the target rescaled" in found.sentence
    assert found.sentence.endswith("Is it known when you predict?")
    assert not of_kind(findings, "rule on target")


def noise(n=200, seed=1):
    rng = np.random.default_rng(seed)
    return rng, {
        "a": rng.normal(size=n).round(3),
        "b": rng.integers(0, 9, n),
        "c": rng.choice(["x", "y", "z"], n),
        "fate": rng.choice(["yes", "no"], n, p=[0.3, 0.7]),
    }


LEAKS = [
    ("rule on target", "wrong", lambda rng, y: np.where(y, 30, 60) + rng.integers(0, 20, len(y))),
    ("rule on target", "wrong", lambda rng, y: np.where(y, "U", rng.choice(["P", "M"], len(y)))),
    ("rule on target", "wrong", lambda rng, y: np.where(y, "true", "false")),
    ("strong", "look", lambda rng, y: (3.5 * y + rng.normal(size=len(y))).round(3)),
    ("pure value", "look", lambda rng, y: np.where(y & (rng.random(len(y)) < 0.4), "gone",
                                                   rng.choice(["P", "M"], len(y)))),
    ("missing tells outcome", "wrong", lambda rng, y: [None if v else 3.5 + i % 7
                                                       for i, v in enumerate(y)]),
    ("missing tells outcome", "look", lambda rng, y: [None if v and i % 2 else 3.5 + i % 7
                                                      for i, v in enumerate(y)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "severity", "leak"), LEAKS)
def test_a_leak_is_found_with_its_reason(tmp_path, kind, severity, leak):
    rng, columns = noise()
    columns["sign"] = leak(rng, columns["fate"] == "yes")
    findings = look(tmp_path, columns, target="fate")
    assert [f.severity for f in of_kind(findings, kind, "sign")] == [severity]
    assert not [f for f in findings if f.severity == "wrong" and f.column != "sign"]


def test_two_strong_columns_are_both_to_be_looked_at(tmp_path):
    rng, columns = noise()
    y = columns["fate"] == "yes"
    columns["one"], columns["two"] = (3 * y + rng.normal(size=(2, 200))).round(3)
    findings = look(tmp_path, columns, target="fate")
    told = {f.column: f.severity for f in of_kind(findings, "strong")}
    assert told == {"one": "look", "two": "look"}


def test_a_gap_counts_among_all_the_columns_that_have_gaps(tmp_path):
    # 8 of 50 at risk and nobody else: p = 0.006, enough by itself, not as one of five.
    y = np.repeat([1.0, 0.0], 50)
    columns = {f"c{j}": np.arange(100.0) for j in range(5)}
    columns["c0"][:8] = np.nan
    alone = variables(tmp_path, **columns)
    assert [f.column for f in gaps_and_outcome(alone, y, "fate")] == ["c0"]
    for j in range(1, 5):
        columns[f"c{j}"][4 * j :: 10] = np.nan
    assert not list(gaps_and_outcome(variables(tmp_path, **columns), y, "fate"))


def test_the_cut_of_a_rule_is_named(tmp_path):
    rng, columns = noise()
    score = rng.integers(0, 100, 200)
    columns["final"] = score
    columns["fate"] = np.where(score < 43, "yes", "no")
    findings = look(tmp_path, columns, target="fate")
    (found,) = of_kind(findings, "rule on target")
    assert not of_kind(findings, "strong", "final")  # said once
    assert "3 columns alone" in of_kind(findings, "probe")[0].sentence
    cut = (score[score < 43].max() + score[score >= 43].min()) / 2
    assert f"'final' is below {cut:g} ({(score < 43).sum()} of 200" in found.sentence


def test_the_target_rescaled(tmp_path):
    rng, columns = noise()
    columns["score"] = rng.integers(0, 101, 200)
    columns["share"] = 1 - columns["score"] / 100
    columns["passed"] = columns["score"] // 10
    findings = look(tmp_path, columns, target="score", at_risk_below=50)
    assert of_kind(findings, "target rescaled", "share")[0].severity == "wrong"
    assert of_kind(findings, "rule on target", "passed")[0].severity == "wrong"
    assert not of_kind(findings, "target rescaled", "passed")


def test_what_is_made_from_the_target_is_said_once(tmp_path):
    rng = np.random.default_rng(0)
    grade = rng.integers(1, 7, 200)
    word = np.array(list("ABBCCC"))[grade - 1]
    aim, made = variables(tmp_path, grade=grade, word=word)
    (found,) = shared_values([made], aim)
    assert found.kind == "made from target" and "6 of 6 values" in found.sentence


def test_three_questions_that_no_column_answers_alone(tmp_path):
    rng, columns = noise(400)
    first, second = columns["a"] > 0, rng.normal(size=400).round(3)
    columns["d"] = second
    columns["fate"] = np.where(first == (second > 0), "yes", "no")
    first_cut = rng.random(400) < 0.03
    columns["fate"] = np.where(first_cut, rng.choice(["yes", "no"], 400), columns["fate"])
    columns["a"] = np.where(columns["fate"] == "yes", columns["a"] + 0.3, columns["a"])  # a hint
    (found,) = of_kind(look(tmp_path, columns, target="fate"), "tree too good")
    assert found.severity == "look" and "'a'" in found.sentence and "'d'" in found.sentence


def test_noise_is_not_suspected(tmp_path):
    # Nominal rate: three corrected tests at 0.01 a table, so at most 0.6 of 20 tables.
    suspected, areas = 0, []
    for seed in range(20):
        findings = look(tmp_path, noise(120, seed)[1], target="fate")
        told = of_kind(findings, "probe")[0].sentence
        areas.append(float(re.search(r"on all of them have (0\.\d\d)", told)[1]))
        assert not [f for f in findings if f.severity == "wrong"]
        suspected += any(f.severity == "look" for f in findings)
    assert suspected <= 3  # four have a chance of one in 300 at that rate
    assert np.mean(areas) < 0.55  # of rows the tree had not seen


def test_a_number_alone_is_ranked_in_its_better_direction(tmp_path):
    rng, columns = noise()
    y = (columns["fate"] == "yes").astype(float)
    columns["falls"] = (-y + rng.normal(size=200)).round(3)
    falls = variables(tmp_path, **columns)[-1]
    a = alone(falls, y, np.ones(200, dtype=bool))
    assert a.falling and a.auc == pytest.approx(1 - roc_auc_score(y, falls.values))
    assert a.low < a.auc < a.high < LIMIT
    cut, errors = best_cut(a, y)
    below = falls.values < cut
    tried = [np.sum((falls.values < c) != (y == 1)) for c in [*falls.values, np.inf]]
    assert errors == min(tried) == np.sum(below != (y == 1))
    y[np.flatnonzero(y)[LEAST_OF_EACH - 1 :]] = 0
    assert alone(falls, y, np.ones(200, dtype=bool)) is None  # too few at risk


def test_rates_of_a_category_do_not_see_their_own_row():
    rng = np.random.default_rng(0)
    y = (rng.random(300) < 0.4).astype(float)
    names = np.arange(300)  # every row a category of its own: nothing can be learnt
    rates = out_of_fold_rates(names, y)
    assert np.ptp(rates) < 0.02
    assert rates == pytest.approx(y.mean(), abs=0.02)  # as an average row
    group = rng.integers(0, 3, 300)
    rates = out_of_fold_rates(group, y)
    for g in range(3):
        assert rates[group == g] == pytest.approx(y[group == g].mean(), abs=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_pure_sets_by_brute_force(tmp_path, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 8, 60)
    y = (x + rng.normal(0, 1.5, 60) > 4).astype(float)
    y[:4] = np.nan
    (v,) = variables(tmp_path, x=x)
    sets, _ = pure_sets(v, y, ~np.isnan(y))
    told = {tuple(np.flatnonzero(s.rows)) for s in sets if s.end}
    known = ~np.isnan(y)
    expected = set()
    for side in ([np.less_equal, range(8)], [np.greater_equal, range(7, -1, -1)]):
        longest = None
        for cut in side[1]:
            rows = known & side[0](x, cut)
            if len(set(y[rows])) == 1:
                longest = rows
        if longest is not None and longest.sum() >= 5:
            expected.add(tuple(np.flatnonzero(longest)))
    assert told == expected
    for s in sets:
        end = x[s.rows].max() if "at most" in s.said else x[s.rows].min()
        assert s.said.endswith(f" {end}")
        assert set(y[s.rows]) == {float(s.at_risk)}
        base = y[known].mean() if s.at_risk else 1 - y[known].mean()
        assert s.chance == pytest.approx(base ** s.rows.sum())


REAL = os.environ.get("STUDENTS_CSV")
if REAL:  # the UCI mathematics file, which is nobody's to copy

    def test_the_leavers_of_the_real_file():
        findings = check(REAL, target="G3", at_risk_below=10)
        found = of_kind(findings, "shared value", "absences")[0]
        assert "every one of the 38 pupils whose 'G3' is 0 has 0 in it" in found.sentence
        assert "from -0.21 to +0.03" in found.sentence
        assert not [f for f in findings if f.severity == "wrong"]
        assert {f.column for f in of_kind(findings, "strong")} == {"G1", "G2"}
