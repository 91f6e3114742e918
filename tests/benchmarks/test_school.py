"""The school benchmark: every section is printed and written, and what misses its aim says so."""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks import school, school_alarms, school_audit, school_cost, school_tutoring
from benchmarks.__main__ import main
from risk.evaluation.figures import evaluate
from risk.school import School


@pytest.fixture
def small(monkeypatch):
    """A school of few pupils and weeks, and no other process."""
    monkeypatch.setattr(school, "QUICK", school.Size(400, 1, 2, 2, (1,)))
    monkeypatch.setattr(school, "ALARM_PUPILS", 300)
    monkeypatch.setattr(school_alarms, "LEARNT_FROM", 600)
    lines = tuple(line for line in school_audit.EXPECTED if line[0] == "labels")
    monkeypatch.setattr(school_audit, "EXPECTED", lines)
    monkeypatch.setattr(school_audit, "SWITCHES", ("labels",))
    monkeypatch.setattr(school_cost, "costs", lambda years: [school_cost.Cost(1, 2.0, 300.0)])


def test_every_section_is_printed_and_written(small, tmp_path, capsys):
    assert main(["school", "--quick", "--json", str(tmp_path / "o.json")]) == 0
    out = capsys.readouterr().out
    figures = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert list(figures) == [
        "marginals", "oracle", "switches", "small group", "false alarms", "tutoring", "cost",
    ]  # fmt: skip
    assert [line["week"] for line in figures["oracle"]] == [0, 4, 8, 12, 18]
    assert len(figures["switches"]) == len(school_audit.EXPECTED) == 8
    for line in figures["switches"]:
        assert line["change"] == pytest.approx(
            (line["group"][1] - line["others"][1]) - (line["group"][0] - line["others"][0])
        )
    for text in ("at risk", "The oracle", "calibration", "hidden in", "False alarms", "by lot"):
        assert text in out
    nobody, lot, _, model = figures["tutoring"]
    assert nobody["tutored"] == nobody["avoided"] == nobody["effect"] == 0
    assert lot["tutored"] == model["tutored"] > 30
    assert lot["effect"] == pytest.approx(5 * lot["tutored"] / lot["pupils"], rel=0.05)
    assert model["at_risk"] == pytest.approx(nobody["at_risk"] - model["avoided"] / 400)


def test_what_cannot_be_written_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(school, "sections", lambda size: iter([school.Section("a", "A table", [])]))
    assert main(["school", "--json", str(tmp_path / "no" / "o.json")]) == 2
    assert "benchmarks:" in capsys.readouterr().err


def signature(expected, change, error):
    return school_audit.Signature(
        "labels", "truth", "found", (1.0, 2.0), (1.0, 1.0), change, error, 5, expected, (0, 1), 2
    )


def test_a_signature_must_be_clear_of_chance_and_of_the_right_sign():
    assert signature(1, 3.0, 1.0).reached  # Student's t of 4 degrees of freedom: 2.78 errors
    assert not signature(1, 2.7, 1.0).reached
    assert not signature(-1, 3.0, 1.0).reached
    assert signature(0, 0.9, 0.1).reached and not signature(0, -1.1, 5.0).reached
    text = school_audit.show_signatures([signature(-1, 3.0, 1.0), signature(1, 3.0, 1.0)], 5000)
    assert [line.endswith("not so") for line in text.splitlines()[-2:]] == [True, False]


def test_false_alarms_must_be_few_but_not_none():
    def line(alarms, schools):
        return school_alarms.Alarms(schools, alarms, dict.fromkeys(school_alarms.FIGURES, 0))

    assert line(6, 200).reached and line(13, 200).reached
    assert not line(25, 200).reached and not line(0, 1000).reached
    assert "not so" in school_alarms.show(line(25, 200), 1000)


def test_alarms_are_raised_by_a_column_that_does_make_a_difference():
    n = 400
    y = np.tile([1.0, 0.0], n // 2)
    female = np.arange(n) < n // 2
    pupils = school_audit.Audited(
        pd.DataFrame({"gender": np.where(female, "female", "male")}),
        {school_audit.TRUTH: y},
        np.where(female, 0.9, 0.1),
        female,
        female & (y == 1),
    )
    assert school_alarms.alarms_of(pupils, np.random.default_rng(0)) == set(school_alarms.FIGURES)


def test_help_is_counted_from_both_outcomes():
    truth = pd.DataFrame(
        {
            "tutored": [True, True, False, False, None],
            "final_without_tutoring": [40.0, 60.0, 41.0, 70.0, np.nan],
            "final_with_tutoring": [45.0, 65.0, 46.0, 75.0, np.nan],
            "final_score": [45.0, 65.0, 41.0, 70.0, 10.0],
        }
    )
    found = school_tutoring.helped("x", School({}, {"pupils": truth}))
    assert found == school_tutoring.Help("x", 4, 2, 2.5, 0.25, 1, 1)
    assert found.share == 0.5 and found.error == pytest.approx(np.sqrt(0.125))
    assert found._replace(tutored=0).share == 0.0


def test_a_policy_must_do_better_than_chance():
    lot = school_tutoring.Help("by lot", 100, 10, 0.5, 0.2, 3, 2)
    same, more = lot._replace(policy="a"), lot._replace(policy="b", avoided=3)
    assert school_tutoring.worthwhile([lot, same, more]) == [True, False, True]
    told = school_tutoring.show([lot, same, more]).splitlines()[-3:]
    assert [line.endswith("not more than by lot") for line in told] == [False, True, False]


def test_an_oracles_line_has_standard_errors():
    rng = np.random.default_rng(0)
    risk = rng.uniform(0.05, 0.95, 3000)
    y = (rng.random(3000) < risk).astype(float)
    line = school.oracle_line(4, evaluate("Oracle", y, risk, 0.1))
    assert line.brier_error == pytest.approx(np.std((risk - y) ** 2) / np.sqrt(3000), rel=0.01)
    assert line.reached
    assert not line._replace(slope=1 + 3 * line.slope_error).reached
    assert "not 1" in school.show_oracle([line._replace(slope=2.0)], 3000)


def test_cost_is_held_against_what_is_aimed_at():
    assert school_cost.Cost(1, 5.04, 1000.4).reached
    assert not school_cost.Cost(1, 5.1, 500.0).reached
    assert school_cost.Cost(3, 14.0, 900.0).reached
    assert not school_cost.Cost(3, 14.0, 1001.0).reached
    text = school_cost.show([school_cost.Cost(1, 9.0, 500.0)])
    assert text.endswith("above")
    seconds, megabytes = school_cost.measure(1, pupils=50, weeks=2)
    assert 0 < seconds < 10 and megabytes > 20
