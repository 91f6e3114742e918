"""Logistic regression against frozen references, compared as ``benchmarks references`` does it."""

import copy
import dataclasses
import json
import shutil

import pytest

from benchmarks.__main__ import main
from benchmarks.numbers.checks import agrees, check, describe
from benchmarks.numbers.comparisons import compare
from benchmarks.numbers.entries import FROZEN, load

ENTRIES = load()
SPECTOR = next(entry for entry in ENTRIES if entry.name == "unpenalised spector")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_number_agrees(entry):
    found = check(entry)
    assert agrees(found), describe(entry, found)


@pytest.mark.parametrize(
    ("kind", "factor"),
    [("coef", 1 + 1e-6), ("se", 1 + 1e-5), ("aic", 1 + 1e-9), ("vcov", 1.001), ("df_resid", 2)],
)
def test_a_changed_figure_disagrees(kind, factor):
    expected = copy.deepcopy(SPECTOR.expected)
    change(expected, kind, factor)
    entry = dataclasses.replace(SPECTOR, expected=expected)
    found = check(entry)
    assert not agrees(found)
    names = {"vcov": "correlation"}
    assert f"spector: {names.get(kind, kind)} differs by" in describe(entry, found)


def change(expected, kind, factor):
    """Multiply the last number of a kind."""
    holder, key = expected, kind
    while isinstance(holder[key], list):
        holder, key = holder[key], -1
    holder[key] *= factor


def test_a_coefficient_that_is_not_exactly_zero_disagrees():
    entry = next(e for e in ENTRIES if e.topic == "penalised" and e.expected["n_zero"] == 3)
    figures = copy.deepcopy(entry.expected)
    figures["coef"][figures["coef"].index(0.0)] = 1e-12
    assert [c.what for c in compare(entry, figures) if not c.agrees] == ["zeros"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_missing_figures_disagree(entry):
    nothing = [{}] if entry.topic == "numerics" else {}
    assert compare(entry, nothing)
    assert not any(comparison.agrees for comparison in compare(entry, nothing))


def test_the_command_says_what_agrees_and_what_does_not(tmp_path, capsys):
    document = json.loads((FROZEN / "logistic.json").read_text("utf-8"))
    document["topics"] = [t for t in document["topics"] if t["topic"] in ("separable", "numerics")]
    document["topics"][1]["entries"][0]["expected"][3]["sigmoid"] *= 1.1
    (tmp_path / "logistic.json").write_text(json.dumps(document))
    out = tmp_path / "out.json"
    assert main(["references", "--folder", str(tmp_path), "--json", str(out)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "4 of 5 agree"
    (bad,) = [line for line in lines if line.endswith("NO")]
    assert bad.split()[:4] == ["sigmoid_logsigmoid", "sigmoid", "0.091", "1e-14"]
    (row,) = [row for row in json.loads(out.read_text()) if not row["agrees"]]
    assert (row["id"], row["what"], row["n"]) == ("sigmoid_logsigmoid", "sigmoid", 17)


def test_other_data_and_empty_folders_are_refused(tmp_path, capsys):
    assert main(["references", "--folder", str(tmp_path)]) == 2
    assert "neither logistic.json nor" in capsys.readouterr().err
    (tmp_path / "data").mkdir()
    shutil.copy(FROZEN / "data" / "iris.csv", tmp_path / "data" / "spector.csv")
    (found,) = check(dataclasses.replace(SPECTOR, folder=tmp_path))
    assert not found.agrees
    assert "54bf8eef… was expected" in found.what
