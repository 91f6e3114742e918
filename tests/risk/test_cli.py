"""The commands as a user gives them: exit status, messages, files, and nothing half-written."""

import csv
import html.parser
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.cli import main
from risk.models.risk_model import load_model
from risk.report import charts, week_charts

FAST = ["--folds", "3", "--trees", "10"]


def own_table(n=90, seed=0):
    rng = np.random.default_rng(seed)
    score = rng.normal(10, 3, n).round(1)
    return pd.DataFrame(
        {
            "name": [f"Pupil {i}" for i in range(n)],
            "mark": (score + rng.normal(0, 2, n)).round(1),
            "city": rng.choice(["Bonn", "Lyon", "Porto"], n),
            "club": rng.choice(["yes", "no"], n),
            "sex": rng.choice(["F", "M"], n),
            "score": score,
        }
    )


# Tests that look at the pictures; for the others they would be most of the time.
DRAWN = {
    "test_demo_takes_the_whole_road",
    "test_train_then_predict",
    "test_hostile_names_are_escaped_and_formulas_disarmed",
    "test_wide_tables_are_quick_enough",
}


@pytest.fixture(autouse=True)
def blank_pictures(request, monkeypatch):
    if request.function.__name__ not in DRAWN:
        blank = '<svg role="img" aria-label="a picture that is not drawn here"></svg>'
        for module in (charts, week_charts):
            monkeypatch.setattr(module, "to_svg", lambda *figure: blank)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own_table().to_csv("pupils.csv", index=False)
    return tmp_path


def train(*more, file="pupils.csv", target="score"):
    given = ["train", file, "--target", target, *FAST, *more]
    if not any(m in ("--positive", "--at-risk-below") for m in more):
        given += ["--at-risk-below", "9"]
    return main(given)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Page(html.parser.HTMLParser):
    """Counts what must not be in a report, and what must."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.fetched, self.handlers, self.charts, self.ids = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        names = dict(attributes)
        self.handlers += [n for n in names if n.startswith("on")]
        self.ids += [names["id"]] if "id" in names else []
        for name in ("src", "href", "xlink:href"):
            if name in names and not names[name].startswith("#"):
                self.fetched.append(names[name])
        if tag == "svg":
            self.charts.append(names)


def check_page(path):
    text = path.read_text("utf-8")
    page = Page(text)
    assert "script" not in page.tags
    assert not page.fetched
    assert not page.handlers
    assert "@import" not in text
    assert len(page.ids) == len(set(page.ids))
    assert all(c["role"] == "img" and len(c["aria-label"]) > 20 for c in page.charts)
    assert page.tags.count("title") == 1 + len(page.charts)
    return text, page


def test_demo_takes_the_whole_road(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--pupils", "200", "--weeks", "6", "--week", "4", *FAST]) == 0
    out, err = capsys.readouterr()
    assert err == ""  # no bar where nobody watches
    summary = [line for line in out.splitlines() if not line.startswith(("Note", "CAUTION"))]
    lines = [line[:12].strip() for line in summary[: summary.index("")]]
    assert lines == ["Pupils", "At risk", "Tested", "Model", "Ranking", "Baselines", "Marked",
                     "Precision", "Recall", "First", "Groups", "Report"]  # fmt: skip
    assert [line.split()[0] for line in summary[-8:]] == ["Week", *"0123456"]
    folder = tmp_path / "risk-results"
    assert {p.name for p in folder.iterdir()} == {
        "report.html", "overview.svg", "by_week.svg", "found.svg", "predictions.csv", "metrics.json",
        "models", "school", "truth",
    }  # fmt: skip
    text, page = check_page(folder / "report.html")
    assert len(page.charts) == 8
    for words in ("base rate", "Precision", "Calibration", "Missing values", "does not tell"):
        assert words in text

    predictions = rows_of(folder / "predictions.csv")
    left = pd.read_csv(folder / "school" / "pupils.csv").query("year == 2026")["left_week"].notna()
    assert len(predictions) == 200 - left.sum() < 200
    risks = [float(r["risk"]) for r in predictions]
    assert risks == sorted(risks, reverse=True)
    assert sum(r["tier"] == "see first" for r in predictions) == round(len(predictions) / 10)
    assert all(r["pupil"].startswith("26-") and r["basis"] == "forecast" for r in predictions)
    assert all(r["reason_1"] for r in predictions[:20])

    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert metrics["models"].keys() == {"logistic_regression", "decision_tree", "random_forest"}
    best = metrics["models"][metrics["chosen_model"]]
    assert best["auc"] > 0.7
    cells = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    assert sum(best[c] for c in cells) == best["tested"] < 200  # those of 2025 who stayed
    assert metrics["tested"]["kind"] == "cohort" and not metrics["tested"]["optimistic"]
    assert set(metrics["baselines"]) == {"majority", "prior_score", "school", "districts_rule"}
    assert metrics["oracle"]["auc"] > best["auc"] - 0.05


def test_the_same_seed_gives_the_same_bits_with_any_number_of_workers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for more in ([], ["--jobs", "3"]):  # the second into a folder beside the first
        assert main(["demo", "--pupils", "100", "--weeks", "2", "--week", "2", *FAST, *more]) == 0
    first, again = tmp_path / "risk-results", tmp_path / "risk-results-2"
    kept = [f"models/{name}.zip" for name in ("logistic_regression", "decision_tree")]
    for name in ("predictions.csv", "report.html", *kept):
        assert (again / name).read_bytes() == (first / name).read_bytes(), name
    alone, shared = (json.loads((f / "metrics.json").read_text("utf-8")) for f in (first, again))
    assert (alone["settings"].pop("jobs"), shared["settings"].pop("jobs")) == (1, 3)
    forests = [load_model(f / "models" / "random_forest.zip").model for f in (first, again)]
    frame = pd.DataFrame({c.name: np.linspace(0, 90, 50) for c in forests[0].schema})
    assert np.array_equal(*(forest.risk(frame) for forest in forests))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    for told in (alone, shared):
        del told["files"]  # their sizes and sums: the forest's file names its workers
    assert alone == shared


def test_train_then_predict(data, capsys):
    assert train("--id", "name", "--protected", "sex", "--out", "r") == 0
    out = capsys.readouterr().out
    assert "Columns     1 number: mark" in out
    assert "Columns     1 category: city" in out
    predictions = rows_of("r/predictions.csv")
    assert {r["pupil"] for r in predictions} == {f"Pupil {i}" for i in range(90)}
    assert {r["basis"] for r in predictions} == {"out of fold"}
    text, _ = check_page(data / "r" / "report.html")
    assert "sex" in text  # audited
    metrics = json.loads((data / "r" / "metrics.json").read_text("utf-8"))
    assert [c["name"] for c in metrics["columns"]] == ["mark", "city", "club"]

    new = own_table(40, seed=9).drop(columns=["score", "sex"])
    new.loc[0, "city"] = "Atlantis"
    new.loc[1, ["mark", "city"]] = None
    new["extra"] = "ignored"
    new.to_csv("new.csv", index=False, sep=";", decimal=",")
    assert main(["predict", "r", "new.csv", "--out", "scored.csv"]) == 0
    out = capsys.readouterr().out
    assert "city: 1 row with a value not seen in training (such as 'Atlantis')" in out
    assert "Atlantis" not in (data / "scored.csv").read_text("utf-8")
    scored = rows_of("scored.csv")
    assert len(scored) == 40
    by_mark = {r["pupil"]: float(r["risk"]) for r in scored}
    low, high = new["mark"].idxmin(), new["mark"].idxmax()
    assert by_mark[f"Pupil {low}"] > by_mark[f"Pupil {high}"]

    assert main(["predict", "r/models/decision_tree.zip", "new.csv", "--out", "tree.csv"]) == 0
    assert main(["predict", "r", "new.csv", "--out", "five.csv", "--capacity", "5"]) == 0
    assert sum(r["tier"] == "see first" for r in rows_of("five.csv")) == 5


def test_scoring_the_training_file_again_gives_the_models_own_risks(data):
    assert train("--id", "name", "--out", "r", "--model", "random_forest") == 0
    assert main(["predict", "r", "pupils.csv", "--out", "p.csv"]) == 0
    again, held_out = (
        {r["pupil"]: r["risk"] for r in rows_of(f)} for f in ("p.csv", "r/predictions.csv")
    )
    assert again.keys() == held_out.keys()
    assert again != held_out  # in sample against out of fold


def test_hostile_names_are_escaped_and_formulas_disarmed(data):
    table = own_table()
    evil = "<script>alert(1)</script>"
    table.loc[0, "name"] = evil
    table.loc[1, "name"] = '=HYPERLINK("http://x","y")'
    table.loc[[0, 1], ["mark", "score"]] = 0.0  # so that both are on the list
    table["city"] = table["city"].replace({"Bonn": "<img src=x onerror=alert(1)>"})
    table = table.rename(columns={"club": "$\\frac{</svg><script>$"})
    table.to_csv("evil.csv", index=False)
    assert train("--id", "name", "--protected", "city", "--out", "r", file="evil.csv") == 0
    text, _ = check_page(data / "r" / "report.html")
    assert evil not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    ids = {r["pupil"] for r in rows_of("r/predictions.csv")}
    assert '\'=HYPERLINK("http://x","y")' in ids
    assert evil in ids  # harmless in a table of text


def change(**columns):
    return own_table().assign(**columns)


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (None, [], "gone.csv does not exist"),
        ("", [], "bad.csv is empty"),
        (own_table(), ["--target", "final"], "no column 'final'"),
        (change(score=5), [], "every pupil"),
        (change(score=None), [], "no values"),
        (change(name=["same"] * 90), ["--id", "name"], "'same'.*lines 2 and 3"),
        (change(mark=None), [], "column 'mark' has no values"),
        (own_table(3), [], "3 rows|is at risk"),
        (own_table(), ["--capacity", "many"], "--capacity is 'many'"),
        (own_table(), ["--out", "no/such/folder"], "folder no.such for --out does not exist"),
    ],
)
def test_what_the_user_must_mend_is_one_sentence_and_status_2(
    data, capsys, table, options, message
):
    file = "gone.csv" if table is None else "bad.csv"
    if isinstance(table, str):
        (data / file).write_text(table)
    elif table is not None:
        table.to_csv(file, index=False)
    before = sorted(p.name for p in data.iterdir())
    target = options[1] if options[:1] == ["--target"] else "score"
    more = [] if options[:1] == ["--target"] else options
    assert train(*more, file=file, target=target) == 2
    out, err = capsys.readouterr()
    assert err.startswith("risk: ")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err + out
    assert re.search(message, err), err
    assert sorted(p.name for p in data.iterdir()) == before


def test_results_are_never_mixed_with_others(data, capsys):
    (data / "mine").mkdir()
    (data / "mine" / "thesis.txt").write_text("years of work")
    assert train("--out", "mine") == 2
    assert "mine exists" in capsys.readouterr().err
    assert train("--out", "mine", "--overwrite") == 2
    assert "not written by risk" in capsys.readouterr().err
    assert [p.name for p in (data / "mine").iterdir()] == ["thesis.txt"]

    assert train("--out", "r") == 0
    before = (data / "r" / "metrics.json").read_bytes()
    assert train("--out", "r") == 2
    assert train("--out", "r", "--overwrite", "--seed", "5") == 0
    assert (data / "r" / "metrics.json").read_bytes() != before
    (data / "r" / "notes.txt").write_text("mine")
    capsys.readouterr()
    assert train("--out", "r", "--overwrite") == 2
    assert "notes.txt is not as risk wrote it" in capsys.readouterr().err
    (data / "r" / "notes.txt").unlink()
    (data / "r" / ".DS_Store").write_text("")  # what a file manager leaves is in nobody's way
    assert train("--out", "r", "--overwrite") == 0
    for name in ("models/mine.zip", "predictions.csv"):
        kept = (data / "r" / name).read_bytes() if (data / "r" / name).exists() else None
        (data / "r" / name).write_text("mine")
        assert train("--out", "r", "--overwrite") == 2
        assert (data / "r" / name).read_text() == "mine"
        (data / "r" / name).unlink() if kept is None else (data / "r" / name).write_bytes(kept)
    assert train("--out", "r", "--overwrite") == 0
    assert [p.name for p in data.iterdir() if p.name.startswith(".")] == []


def test_results_may_go_where_we_stand_and_through_links(data, monkeypatch):
    (data / "here").mkdir()
    monkeypatch.chdir(data / "here")
    assert train("--out", ".", file="../pupils.csv") == 0
    assert (data / "here" / "report.html").exists()
    (data / "link").symlink_to(data / "here")
    monkeypatch.chdir(data)
    assert train("--out", "link", "--overwrite", "--seed", "9") == 0
    assert (data / "link").is_symlink()
    assert json.loads((data / "here" / "metrics.json").read_text())["settings"]["seed"] == 9


def test_old_results_survive_when_the_new_ones_cannot_take_their_place(data, monkeypatch, capsys):
    assert train("--out", "r") == 0
    before = (data / "r" / "metrics.json").read_bytes()
    rename = Path.rename

    def stuck(self, target):
        if self.name.endswith(".part"):
            raise PermissionError(13, "Permission denied", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stuck)
    assert train("--out", "r", "--overwrite", "--seed", "5") == 2
    assert "Permission denied" in capsys.readouterr().err
    assert (data / "r" / "metrics.json").read_bytes() == before
    assert {p.name for p in data.iterdir()} == {"pupils.csv", "r"}


def test_nothing_is_left_when_writing_fails(data, monkeypatch, capsys):
    def fail(*_):
        raise OSError(28, "No space left on device", "report.html")

    monkeypatch.setattr("risk.commands.write_report", fail)
    assert train("--out", "r") == 2
    assert "No space left" in capsys.readouterr().err
    assert [p.name for p in data.iterdir()] == ["pupils.csv"]


def test_new_rows_of_another_kind_are_refused(data, capsys):
    assert train("--id", "name", "--out", "r") == 0
    for columns, message in (
        ({"mark": "high"}, "line 2: column 'mark' holds 'high'.*numbers"),
        ({"city": 7}, "column 'city' holds numbers"),
        ({"club": "perhaps"}, "line 2: column 'club' holds 'perhaps'.*yes or no"),
        ({"name": "same"}, "id 'same'"),
        (["mark", "city"], "no column 'mark', 'city'"),
    ):
        new = own_table(20)
        new = new.drop(columns=columns) if isinstance(columns, list) else new.assign(**columns)
        new.to_csv("new.csv", index=False)
        capsys.readouterr()
        assert main(["predict", "r", "new.csv", "--out", "p.csv"]) == 2
        err = capsys.readouterr().err
        assert re.search(message, err), err
        assert not (data / "p.csv").exists()


def test_predict_refuses_what_is_no_model_and_never_overwrites_unasked(data, capsys):
    assert main(["predict", "pupils.csv", "pupils.csv", "--out", "p.csv"]) == 2
    assert "not a model file" in capsys.readouterr().err
    assert main(["predict", ".", "pupils.csv", "--out", "p.csv"]) == 2
    assert "not a results folder" in capsys.readouterr().err
    assert main(["predict", "none.zip", "pupils.csv", "--out", "pupils.csv"]) == 2
    assert "pupils.csv is what was given to read" in capsys.readouterr().err
    (data / "p.csv").write_text("mine")
    assert main(["predict", "none.zip", "pupils.csv", "--out", "p.csv"]) == 2
    assert "p.csv exists" in capsys.readouterr().err
    assert main(["predict", "none.zip", "pupils.csv", "--out", "."]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert train("--out", "r") == 0
    for inside in ("r/metrics.json", "r/predictions.csv", "r/models/new.csv"):
        assert main(["predict", "r", "pupils.csv", "--out", inside, "--overwrite"]) == 2
        assert "lies in a results folder" in capsys.readouterr().err


def test_predict_copes_with_what_new_files_lack(data, capsys):
    table = own_table()
    table["flag"] = [1.0, 0.0, None] * 30
    table["form"] = (["K", "1", "2"] * 30)[:90]
    table.to_csv("pupils.csv", index=False)
    assert train("--id", "name", "--out", "r", "--model", "decision_tree") == 0
    new = table.drop(columns=["name", "score"])
    new["form"] = "1"
    new["mark"] = None
    new.to_csv("new.csv", index=False)
    capsys.readouterr()
    assert main(["predict", "r", "new.csv", "--out", "p.csv"]) == 0
    out = capsys.readouterr().out
    assert "mark has no values here" in out
    assert "lines do here" in out
    assert {r["pupil"] for r in rows_of("p.csv")} == {f"line {i}" for i in range(2, 92)}
    assert main(["predict", "r", "pupils.csv", "--out", "again.csv"]) == 0
    assert any(r["tier"] == "see first" for r in rows_of("again.csv"))


def test_rows_without_outcome_are_forecast(data):
    table = own_table()
    table.loc[:9, "score"] = None
    table.to_csv("pupils.csv", index=False)
    assert train("--id", "name", "--out", "r") == 0
    basis = {r["pupil"]: r["basis"] for r in rows_of("r/predictions.csv")}
    assert [basis[f"Pupil {i}"] for i in (0, 9, 10)] == ["forecast", "forecast", "out of fold"]


def test_nothing_the_user_gave_is_changed(data):
    before = (data / "pupils.csv").read_bytes()
    assert train("--out", "r") == 0
    assert main(["predict", "r", "pupils.csv", "--out", "p.csv"]) == 0
    assert (data / "pupils.csv").read_bytes() == before


def test_columns_with_commas_can_be_named(data):
    own_table().rename(columns={"club": "club, chess"}).to_csv("pupils.csv", index=False)
    assert train("--drop", '"club, chess",city', "--out", "r") == 0
    metrics = json.loads((data / "r" / "metrics.json").read_text("utf-8"))
    assert "club, chess" not in {c["name"] for c in metrics["columns"]}


def test_ids_long_numbers_and_folds(data, capsys):
    own_table().assign(code=[10**16 + 2 * i for i in range(90)]).to_csv("pupils.csv", index=False)
    assert train("--out", "r") == 0
    assert train("--out", "r2", "--folds", "80") == 2
    assert "--folds is 80" in capsys.readouterr().err


def test_wide_tables_are_quick_enough(data):
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.normal(size=(80, 150)), columns=[f"q{j}" for j in range(150)])
    wide.assign(score=rng.normal(10, 2, 80)).to_csv("pupils.csv", index=False)
    assert train("--out", "r", "--folds", "2", "--trees", "5") == 0


def test_whoever_stops_listening_loses_nothing(data):
    undrawn = (
        "import runpy; from risk.report import charts; charts.to_svg = lambda *figure: '<svg></svg>'; "
        "runpy.run_module('risk', run_name='__main__')"
    )
    command = [sys.executable, "-c", undrawn, "train", "pupils.csv", "--target", "score",
               "--at-risk-below", "9", "--out", "r", *FAST]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert b"Traceback" not in err
    assert (data / "r" / "report.html").exists()


def test_the_module_is_the_command_and_usage_errors_have_status_2(capsys):
    command = [sys.executable, "-m", "risk", "demo", "--pupils", "3"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "3 is too few" in run.stderr
    for arguments, status in ((["--help"], 0), ([], 2)):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == status
    assert "demo" in capsys.readouterr().out


def test_pupils_who_left_are_neither_learnt_from_nor_listed(data, capsys):
    table = own_table()
    table["withdrawn"] = ["3.4.2026", "no", "", "0", "yes"] + [""] * (len(table) - 5)
    table.loc[[0, 4], "score"] = 0.0  # as some schools record them
    table.to_csv("pupils.csv", index=False)
    assert train("--id", "name", "--left", "withdrawn", "--out", "r") == 0
    assert "2 rows of pupils who left (withdrawn)" in capsys.readouterr().out
    listed = {row["pupil"] for row in rows_of("r/predictions.csv")}
    assert listed == set(table["name"]) - {"Pupil 0", "Pupil 4"}
    metrics = json.loads(Path("r/metrics.json").read_text("utf-8"))
    assert metrics["pupils_with_known_outcome"] == len(table) - 2
    assert "withdrawn" not in [column["name"] for column in metrics["columns"]]


def test_a_cost_and_a_capacity_are_not_both_taken_and_a_folder_is_not_predicted(data, capsys):
    with pytest.raises(SystemExit):
        train("--cost", "5", "--capacity", "20%")
    assert "not allowed with" in capsys.readouterr().err
    assert train("--out", "r", "--id", "name") == 0
    (data / "school").mkdir()
    assert main(["predict", "r", "school", "--out", "p.csv"]) == 2
    assert "risk train FOLDER" in capsys.readouterr().err


def test_a_school_is_not_asked_for_weeks_that_its_last_year_has_not_had(data, capsys):
    assert main(["simulate", "--out", "s", "--pupils", "150", "--weeks", "6", "--week", "3",
                 "--futures", "0"]) == 0  # fmt: skip
    for week in ("4", "99"):
        assert main(["train", "s", "--week", week, "--out", "r"]) == 2
        assert "end with week 3" in capsys.readouterr().err
    assert not Path("r").exists()
