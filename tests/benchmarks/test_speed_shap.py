"""Shapley values and metrics timed: honest marks, and a table of ours alone where shap is missing."""

import json

import numpy as np
import pytest

from benchmarks import speed, speed_data, speed_metrics, speed_shap, speed_trees
from benchmarks.__main__ import main
from benchmarks.speed_trees import OURS, THEIRS


@pytest.fixture
def small(monkeypatch):
    """The command with small data, and with ours for both contestants."""
    make = speed_trees.make
    monkeypatch.setitem(speed_data.DATA, speed_shap.KIND, speed_data.school)
    monkeypatch.setattr(speed_shap, "make", lambda who, cell: make(OURS, cell))
    monkeypatch.setattr(speed_shap, "QUICK_SIZES", (20, 30))
    monkeypatch.setattr(speed_shap, "version", lambda name: "0")
    monkeypatch.setattr(speed_trees, "QUICK_GROWN_ON", 200)
    monkeypatch.setattr(speed_metrics, "QUICK_N", 1000)
    monkeypatch.setitem(speed_metrics.MODULES, THEIRS, "mlcore.metrics")
    monkeypatch.setattr(speed, "versions", lambda: {"scikit-learn": "0"})
    monkeypatch.setattr(speed, "find_spec", lambda name: object())
    for variable in speed.THREAD_VARIABLES:
        monkeypatch.setenv(variable, "1")


@pytest.mark.parametrize("installed", [True, False])
def test_both_tables_are_printed_and_written(small, installed, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(speed_shap, "find_spec", lambda name: object() if installed else None)
    monkeypatch.setattr(speed_shap, "theirs", speed_shap.ours)
    path = tmp_path / "o.json"
    only = ["--only", "shap", "--only", "metrics", "--json", str(path)]
    assert main(["speed", "--quick", "--repeats", "1", *only]) == 0
    out = capsys.readouterr().out
    assert ("shap is not installed" in out) != installed
    figures = json.loads(path.read_text("utf-8"))
    assert [(row["n"], row["trees"]) for row in figures["shap"]] == [(20, 10), (30, 10)]
    assert all((row["ratio"] is not None) == installed for row in figures["shap"])
    assert len(figures["metrics"]) == 4


def test_each_explains_its_own_model(monkeypatch):
    seen = []
    monkeypatch.setitem(speed_data.DATA, speed_shap.KIND, speed_data.school)
    monkeypatch.setattr(speed_shap, "make", lambda who, cell: Named(who))
    monkeypatch.setattr(speed_shap, "count_nodes", lambda model: len(model.who))

    def explains(model):
        return lambda rows: seen.append((model.who, rows))

    how = dict.fromkeys((THEIRS, OURS), explains)
    (line,) = speed_shap.shap_lines(3, [7], 100, 1, how)
    assert [who for who, _ in seen] == [THEIRS, OURS] * 2
    np.testing.assert_array_equal(seen[0][1], speed_data.school(107)[0][100:])
    assert (line.n, line.trees) == (7, 3)
    assert (line.nodes_theirs, line.nodes_ours) == (len(THEIRS), len(OURS))


class Named:
    """What stands for a fitted forest of ours or theirs."""

    def __init__(self, who):
        self.who = who

    def fit(self, X, y):
        assert len(X) == len(y) == 100
        return self


def test_a_missed_target_is_marked_and_nothing_beside_misses_none(monkeypatch):
    monkeypatch.setattr(speed_shap, "version", lambda name: "0")
    fast, slow, alone = (
        speed_shap.Line(1000, 100, theirs, 100.0, 7000, 7100) for theirs in (250.0, 90.0, None)
    )
    rows = speed_shap.show([fast, slow, alone]).splitlines()[2:]
    assert [row.endswith("below") for row in rows] == [False, True, False]
    assert rows[0].split() == ["1000", "250.00", "100.00", "2.50", "1", "7000", "7100"]
    assert rows[2].split()[1:4] == ["-", "100.00", "-"]
    assert (fast.record()["ratio"], alone.record()["ratio"]) == (2.5, None)


def test_a_slow_metric_is_marked():
    lines = [speed_metrics.Line("auc", 10, theirs, 2.0) for theirs in (2.0, 1.9)]
    rows = speed_metrics.show(lines).splitlines()[2:]
    assert [row.endswith("below") for row in rows] == [False, True]
    assert rows[1].split()[:5] == ["auc", "10", "1.90", "2.00", "0.95"]
    assert [line.record()["reached"] for line in lines] == [True, False]


def test_scores_tell_something_and_have_the_values_they_should():
    y, kinds = speed_metrics.scores(5000)
    assert 0.25 < y.mean() < 0.35
    assert len(np.unique(kinds["continuous"])) == 5000
    assert 80 <= len(np.unique(kinds["100 values"])) <= 100
    for score in kinds.values():
        assert score[y == 1].mean() > score[y == 0].mean() + 0.1
