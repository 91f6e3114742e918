"""Trees timed and measured: data as described, honest marks, and contestants that do the same."""

import json

import numpy as np
import pytest

from benchmarks import speed, speed_cells, speed_data, speed_memory, speed_trees
from benchmarks.__main__ import main
from benchmarks.speed_trees import ONE, OURS, THEIRS, Cell
from mlcore import DecisionTreeClassifier, RandomForestClassifier


def line(theirs=30.0, ours=10.0, target=2.5):
    return speed_trees.Line("school", 1000, 100, theirs, ours, 391, 383, target)


@pytest.fixture
def two_of_ours(monkeypatch):
    """The command with small data, and with trees of ours for both contestants."""
    make = speed_trees.make

    def of_ours(who, cell):
        return make(OURS, cell._replace(params=(("max_depth", 1 if who == THEIRS else 2),)))

    for kind in speed_data.DATA:
        monkeypatch.setitem(speed_data.DATA, kind, lambda n: speed_data.school(min(n, 300)))
    monkeypatch.setattr(speed_trees, "make", of_ours)
    monkeypatch.setattr(speed_trees, "QUICK_GROWN_ON", 100)
    monkeypatch.setattr(speed, "find_spec", lambda name: object())
    monkeypatch.setattr(speed, "versions", lambda: {"scikit-learn": "0"})
    for variable in speed.THREAD_VARIABLES:
        monkeypatch.setenv(variable, "1")


def test_school_data_have_few_values_and_a_label_that_can_be_learnt():
    X, y = speed_data.school(4000)
    values = [len(np.unique(column)) for column in X.T]
    assert X.shape == (4000, 20)
    assert values[0] == 2
    assert values == sorted(values)
    assert 80 <= values[-1] <= 101
    accuracy = DecisionTreeClassifier(max_depth=5).fit(X[:3000], y[:3000]).score(X[3000:], y[3000:])
    assert max(y.mean(), 1 - y.mean()) + 0.05 < accuracy < 0.9


@pytest.mark.parametrize(
    ("ours", "target", "reached"),
    [(10.0, 2.5, True), (12.0, 2.5, True), (12.1, 2.5, False), (90.0, None, True)],
)
def test_a_missed_target_is_marked(ours, target, reached):
    found = line(ours=ours, target=target)
    assert found.reached == reached
    row = speed_trees.show("T", [found]).splitlines()[2]
    assert row.endswith("below") != reached
    assert found.record()["ratio"] == pytest.approx(30 / ours)


def test_the_table_says_who_took_how_long():
    title, head, row = speed_trees.show("Title", [line()]).splitlines()
    assert title == "Title"
    assert head.split()[:6] == ["n", "trees", "sklearn", "ours", "times", "faster"]
    assert row.split() == ["school", "1000", "100", "30.00", "10.00", "3.00", "2.5", "391", "383"]


def test_nodes_of_all_trees_are_counted():
    X, y = speed_data.school(200)
    tree = DecisionTreeClassifier(max_depth=1).fit(X, y)
    forest = RandomForestClassifier(5, max_depth=1, random_state=0).fit(X, y)
    assert (speed_trees.count_nodes(tree), speed_trees.count_nodes(forest)) == (3, 15)


def test_a_cell_becomes_the_model_it_describes():
    tree = speed_trees.make(OURS, Cell("regression", 100))
    forest = speed_trees.make(OURS, Cell("school", 100, 7, speed_cells.THIRD))
    assert type(tree).__name__ == "DecisionTreeRegressor"
    assert (type(forest).__name__, forest.n_estimators) == ("RandomForestClassifier", 7)
    assert forest.max_features == 1 / 3
    assert speed_trees.describe(Cell("school", 9, 7, speed_cells.THIRD)) == (
        "school, max_features=0.33"
    )


def test_quick_cells_are_some_of_the_cells_and_small():
    for cells in (speed_cells.tree_cells, speed_cells.forest_cells, speed_cells.job_cells):
        assert set(cells(True)) < set(cells(False))
        assert max(cell.n for cell in cells(True)) <= 10_000


def test_every_table_is_printed_and_written(two_of_ours, tmp_path, capsys):
    names = ["trees", "forests", "others", "prediction", "jobs"]
    only = [word for name in names for word in ("--only", name)]
    path = tmp_path / "o.json"
    assert main(["speed", "--quick", "--repeats", "1", *only, "--json", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("times faster") == len(names)
    figures = json.loads(path.read_text("utf-8"))
    (first, *_) = figures["trees"]
    assert (first["n"], first["nodes_theirs"], first["nodes_ours"]) == (1000, 3, 7)
    assert len(figures["prediction"]) == 8


def test_memory_is_measured_in_a_process_of_its_own():
    cell = speed_memory.MemoryCell("school", 3000, ONE)

    def both(who, cell, path):
        return grown(OURS, cell, path)  # scikit-learn need not be installed

    with pytest.MonkeyPatch.context() as patch:
        grown = speed_memory.growth_in_fresh_process
        patch.setattr(speed_memory, "growth_in_fresh_process", both)
        (found,) = speed_memory.memory_lines([cell])
    held = bytearray(300_000_000)  # what this process holds is none of the other's
    assert len(held) and 0 < found.ours < 100
    assert 0.3 < found.ratio < 3


def test_peak_memory_knows_what_was_held():
    before = speed_memory.peak()
    held = np.ones(30_000_000)
    assert speed_memory.peak() >= before
    assert speed_memory.peak() >= held.nbytes / 1e6


def test_memory_above_the_limit_is_marked():
    lines = [speed_memory.MemoryLine("school", 10, 1, 10.0, ours) for ours in (15.0, 15.1)]
    rows = speed_memory.show(lines).splitlines()[2:]
    assert [row.endswith("above") for row in rows] == [False, True]
