"""The scaling benchmark: exponents of known curves, a table, figures and a picture."""

import json

import numpy as np
import pytest

from benchmarks import scaling
from benchmarks.__main__ import main


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_the_exponent_of_a_power_is_found(exponent):
    x = [10, 100, 1000]
    curve = scaling.Curve("rows", "tree", "ours", x, [3.0 * v**exponent for v in x])
    assert curve.exponent == pytest.approx(exponent)


def test_the_slope_is_that_of_least_squares():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 9))
    assert scaling.slope(x, y) == pytest.approx(np.polyfit(x, y, 1)[0])


@pytest.fixture
def small(monkeypatch):
    """Axes of a few rows, and no contestant but ours."""
    axes = [
        axis._replace(quick=(4, 8), n=30, d=6)
        if axis.name != "rows"
        else axis._replace(quick=(20, 40))
        for axis in scaling.AXES
    ]
    monkeypatch.setattr(scaling, "AXES", tuple(axes))
    monkeypatch.setattr(scaling, "find_spec", lambda name: None)


def test_every_axis_is_printed_written_and_drawn(small, tmp_path, capsys):
    figures, picture = tmp_path / "o.json", tmp_path / "o.png"
    options = ["--quick", "--repeats", "1", "--json", str(figures), "--plot", str(picture)]
    assert main(["scaling", *options]) == 0
    out = capsys.readouterr().out
    assert out.count("exponent") == 4
    assert "theirs" not in out
    curves = json.loads(figures.read_text("utf-8"))
    assert [c["axis"] for c in curves if c["model"] == "forest"] == [a.name for a in scaling.AXES]
    assert all(len(c["ms"]) == 2 and min(c["ms"]) > 0 for c in curves)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_written_is_named(small, tmp_path, capsys):
    assert main(["scaling", "--quick", "--repeats", "1", "--plot", str(tmp_path / "o.xyz")]) == 2
    assert "xyz" in capsys.readouterr().err


def test_an_axis_changes_what_it_says(monkeypatch):
    seen = []

    class Model:
        def fit(self, X, y):
            seen.append(X.shape)

    def make(who, cell):
        seen.append((cell.trees, dict(cell.params)))
        return Model()

    monkeypatch.setattr(scaling, "make", make)
    for axis in scaling.AXES:
        scaling.best_at(axis, 16, 10, ["ours"], 1)
        assert seen[-1] == (
            16 if axis.name == "rows" else axis.n,
            16 if axis.name == "features" else axis.d,
        )
        assert seen[-2] == (
            16 if axis.name == "trees" else 10,
            {"max_depth": 16} if axis.name == "max_depth" else {},
        )
