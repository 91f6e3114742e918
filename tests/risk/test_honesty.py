"""Nothing on the road knows what only the simulation knows, or what is not known yet."""

import ast
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import risk
from risk import commands, pipeline
from risk.cli import main
from risk.data.records import Records
from risk.features.known import school_table
from risk.pipeline import Settings, travel
from risk.report import charts
from risk.school import as_of, simulate_school

ROOT = Path(risk.__file__).parent
# Who may know of the simulated school: the commands, which ask for one.
OFF_THE_ROAD = {"risk.cli", "risk.commands", "risk.options", "risk.__main__"}


def module_of(file):
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(file):
    """Return the modules of risk that a file imports anywhere in it, also inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides where it leads"
            found |= {str(node.module)} | {f"{node.module}.{name.name}" for name in node.names}
    return {name for name in found if name.split(".")[0] == "risk"}


def test_nothing_on_the_road_imports_the_simulated_school():
    files = {module_of(file): file for file in ROOT.rglob("*.py")}
    road = {
        module
        for module in files
        if module not in OFF_THE_ROAD and not module.startswith("risk.school")
    }
    assert len(road) > 40 and {"risk.pipeline", "risk.scoring", "risk.mistakes"} <= road
    imports = {module: imported_by(file) for module, file in files.items()}
    for module in road:
        astray = {n for n in imports[module] if n in OFF_THE_ROAD or n.startswith("risk.school")}
        assert not astray, f"{module} imports {astray}"
    assert imports["risk.commands"] >= {"risk.school", "risk.school.simulate_school"}


def files_of(folder):
    """Return the contents of the files of a folder, by path."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def without_the_oracle(metrics):
    """Return what metrics.json says of all but the oracle."""
    told = json.loads(metrics)
    del told["oracle"], told["files"], told["source"]
    told["weeks"]["weeks"] = [row for row in told["weeks"]["weeks"] if row["kind"] != "oracle"]
    return told


def garbled(table, rng):
    """Return a table with every column but the pupils and weeks in another order."""
    return table.assign(
        **{
            name: rng.permutation(table[name].to_numpy())
            for name in table.columns.difference(["pupil", "week"])
        }
    )


def test_the_truth_changes_the_oracle_alone(tmp_path, monkeypatch):
    school, rng = simulate_school(150, 4, 3, n_futures=8), np.random.default_rng(0)
    other = replace(school, truth={name: garbled(t, rng) for name, t in school.truth.items()})
    quick = ["--week", "3", "--trees", "5"]
    monkeypatch.setattr(charts, "to_svg", lambda *figure: "<svg></svg>")
    for module in (commands, pipeline):
        monkeypatch.setattr(module, "weeks_to_compare", lambda records, week: [0, 3])
    for name, given in (("a", school), ("b", other)):
        monkeypatch.setattr(commands, "simulate_school", lambda *sizes, given=given: given)
        assert main(["demo", *quick, "--out", str(tmp_path / name)]) == 0
    a, b = files_of(tmp_path / "a"), files_of(tmp_path / "b")
    truth = {"truth/pupils.csv", "truth/weeks.csv"}
    shown = {"metrics.json", "report.html", "by_week.svg", "found.svg"}  # the oracle is in these
    assert a.keys() == b.keys() and truth <= {name for name in a if a[name] != b[name]}
    assert {name for name in a if a[name] != b[name]} <= truth | shown
    told = [without_the_oracle(files["metrics.json"]) for files in (a, b)]
    assert told[0] == told[1]

    # Nor does it matter where the truth cannot be read.
    folder = tmp_path / "a" / "school"
    (folder / "truth").mkdir()
    (folder / "truth" / "weeks.csv").write_bytes(b"\xff\x00")
    assert main(["train", str(folder), *quick, "--out", str(tmp_path / "c")]) == 0
    c = files_of(tmp_path / "c")
    assert all(c[name] == a[name] for name in c if name not in shown)
    assert without_the_oracle(c["metrics.json"]) == told[0]


def bits_of(found):
    """Return all that the road found, as text and bytes."""
    everything = {**found.evaluations, **found.baselines}
    return {
        "risks": {name: e.risk.tobytes() for name, e in everything.items()},
        "figures": str([e.figures() for e in everything.values()]),
        "settings": str([model.settings for model in found.models.values()]),
        "list": found.predictions.to_csv(),
        "said": str([found.why_chosen, found.tier_meanings, found.groups, found.table.trends]),
        "compared": str(found.differences) + str(found.mistakes),
        "threshold": found.threshold,
    }


def test_later_rows_and_later_leaving_change_nothing_on_the_road():
    week, rng = 3, np.random.default_rng(0)
    tables = as_of(simulate_school(150, 5, 4, n_futures=0), 5)
    other = {name: table.copy() for name, table in tables.items()}
    for name in ("attendance", "practice", "quizzes"):
        later = other[name]["week"] > week
        other[name] = pd.concat([other[name][~later], garbled(other[name][later], rng)])
    there = ~(other["pupils"]["left_week"] <= week)
    other["pupils"].loc[there, "left_week"] = rng.choice([np.nan, 4.0, 5.0], there.sum())
    other["outcomes"]["final_score"] = 0.0  # the road goes by at_risk
    a, b = (travel(school_table(Records(t), week), Settings(trees=5)) for t in (tables, other))
    assert bits_of(a) == bits_of(b)


def test_tested_outcomes_change_no_risk_and_no_reason():
    table = school_table(Records(simulate_school(150, 4, 5, n_futures=0).tables), 3)
    last = np.flatnonzero((table.cohort == 2025) & table.at_risk.notna())
    y = table.at_risk.copy()
    y.iloc[last] = np.random.default_rng(0).permutation(y.iloc[last].to_numpy())
    table = replace(table, listed=table.cohort == 2025)  # with risks and reasons out of fold
    settings = Settings(trees=5, model="random_forest")
    a, b = (travel(replace(table, at_risk=at_risk), settings) for at_risk in (table.at_risk, y))
    assert a.best.auc != b.best.auc
    assert a.predictions.drop(columns="tier").equals(b.predictions.drop(columns="tier"))
    assert a.threshold == b.threshold and a.typical == b.typical
    for mine, theirs in ((a.evaluations, b.evaluations), (a.baselines, b.baselines)):
        for name in mine:
            assert np.array_equal(mine[name].risk, theirs[name].risk, equal_nan=True)
            assert mine[name].threshold == theirs[name].threshold
