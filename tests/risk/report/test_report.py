"""The report says what the results say, in words a teacher reads, and escapes all that is data."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from risk.data.columns import Column, describe_schema
from risk.data.reading import read_csv
from risk.data.roles import Roles
from risk.data.table import pupil_table
from risk.evaluation.comparison import Difference
from risk.evaluation.weeks import Weekly, WeekRow
from risk.fairness import Share
from risk.features.known import FEATURES
from risk.mistakes import Mistakes, WrongGroup
from risk.pipeline import Settings, travel
from risk.report import charts, page, week_charts
from risk.report.differences import ranks, signed
from risk.report.limits import what_it_does_not_tell
from risk.report.quality import calibration_in_words, order_line
from risk.report.words import advantage, not_beaten

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """What a table of one's own gives: no baselines, no weeks, no oracle."""
    rng = np.random.default_rng(0)
    n = 240
    done, prior = rng.uniform(20, 100, n).round(), rng.normal(60, 12, n).round()
    score = 0.5 * prior + 0.3 * done + rng.normal(0, 6, n)
    town = rng.choice(["Bonn", "Lyon"], n)
    frame = pd.DataFrame({"done": done, "prior": prior, "town": town, "score": score})
    path = tmp_path_factory.mktemp("data") / "pupils.csv"
    frame.to_csv(path, index=False)
    table = pupil_table(read_csv(str(path)), Roles("score", 42.0, protected=("town",)))
    return replace(
        travel(table, Settings(folds=3, trees=10)),
        baselines={}, oracle=None, differences=[], weekly=None, tier_meanings=[],
    )  # fmt: skip


def other(result, title, kind, auc, noise):
    """Another evaluation of the same pupils, as if it ranked them by the outcome and noise."""
    rng = np.random.default_rng(1)
    best = result.best
    risk = (
        best.risk
        if noise is None
        else np.clip(0.3 * result.at_risk + noise * rng.random(len(best.risk)), 0, 1)
    )
    return replace(
        best, title=title, kind=kind, risk=risk, auc=auc, auc_interval=(auc - 0.05, auc + 0.05)
    )


@pytest.fixture(scope="module")
def full(bare):
    """What a school's records give: everything."""
    n = len(bare.at_risk)
    same = other(bare, "The same risk for all", "baseline", 0.5, None)
    same = replace(same, risk=np.full(n, 0.25), true_positives=60, false_positives=n - 60,
                   false_negatives=0, true_negatives=0, calibration_slope=np.nan,
                   calibration_slope_interval=(np.nan, np.nan))  # fmt: skip
    prior = other(bare, "Last year's score alone", "baseline", 0.72, 0.6)
    oracle = other(bare, "Oracle", "oracle", 0.97, 0.4)
    best = replace(bare.best, calibration_slope=0.7, calibration_slope_interval=(0.55, 0.85),
                   calibration_error=0.031, brier_interval=(0.1, 0.14),
                   average_precision_interval=(0.6, 0.8))  # fmt: skip
    names = dict.fromkeys(("majority", "prior_score", *bare.evaluations, "oracle"))
    del names[bare.chosen]
    values = {"majority": (-0.35, 1e-6), "prior_score": (-0.06, 0.2), "oracle": (0.08, 1e-4)}
    differences = [
        Difference(name, bare.chosen, figure, sign * value, (sign * value - 0.03, sign * value + 0.03), p, p)
        for name in names
        for value, p in [values.get(name, (-0.01, 0.8))]
        for figure, sign in (("auc", 1.0), ("brier", -0.1))
    ]  # fmt: skip
    evaluations = bare.evaluations | {bare.chosen: best}
    told = {"oracle": oracle} | evaluations | {"prior_score": prior}
    rows = [WeekRow(week, name, e) for week in (0, 4, 8) for name, e in told.items()]
    group = WrongGroup(
        "missed", f"town: {EVIL}", Share(12, 30), Share(80, 110), (0.1, 0.4), np.ones(n, bool)
    )
    return replace(
        bare,
        evaluations=evaluations,
        baselines={"majority": same, "prior_score": prior},
        oracle=oracle,
        differences=differences,
        weekly=Weekly(bare.split, 0.1, pd.Index(range(n)), bare.at_risk, None, rows),
        mistakes=Mistakes([group], ["marked needlessly more often"]),
        tier_meanings=["see first: of 30 such pupils 21 ended at risk.", f"watch: {EVIL}"],
    )


@pytest.fixture
def undrawn(monkeypatch):
    for module in (charts, week_charts):
        monkeypatch.setattr(module, "to_svg", lambda *figure: "<svg></svg>")


class Text(HTMLParser):
    """The page as tables of cells, headings and running text."""

    def __init__(self, source):
        super().__init__()
        self.headings, self.tables, self.text, self.open = [], [], "", []
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text += data.replace("\n", " ")
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data
        elif "h2" in self.open:
            self.headings[-1] += data

    def table(self, column):
        return next(table for table in self.tables if column in table[0])


def test_sections_come_in_the_order_a_teacher_asks(full, undrawn):
    assert Text(page(full)).headings == [
        "Who needs help first, and why",
        "How good are the predictions?",
        "How early is it good enough?",
        "Which pupils does it get wrong?",
        "What the model looks at",
        "Does it treat groups of pupils alike?",
        "What the data looks like",
        "What this does not tell",
        "How this page was made",
    ]


def test_what_was_not_done_is_left_out(bare, undrawn):
    text = Text(page(replace(bare, mistakes=None)))
    assert "How early is it good enough?" not in text.headings
    assert "Which pupils does it get wrong?" not in text.headings
    assert "better than the others" not in text.text
    assert "oracle" not in text.text
    assert "simulated" not in text.text


def test_baselines_first_then_models_then_the_oracle(full, undrawn):
    text = Text(page(full))
    titles = ["The same risk for all", "Last year's score alone",
              *(e.title for e in full.evaluations.values()), "Oracle"]  # fmt: skip
    assert [line[0] for line in text.table("Recall")] == ["", "A random list", *titles]
    assert [line[0] for line in text.table("Calibration slope")] == ["", *titles]
    same = next(line for line in text.table("Recall") if line[0] == titles[0])
    assert same[1:4] == ["–", "–", "–"]
    best = next(line for line in text.table("Brier") if line[0] == full.best.title)
    assert best[3:5] == ["0.70 (0.55–0.85)", "0.031"]
    chosen = re.findall(r'<tr class="chosen"><td>([^<]*)<', page(full))
    assert chosen == [full.best.title] * 2
    assert "too extreme: the calibration slope is 0.70 (0.55 to 0.85)" in text.text


def test_differences_in_words(full, undrawn):
    text = Text(page(full)).text
    title = f"The {full.best.title.lower()}"
    assert f"{title} ranks pupils better than the same risk for all by 0.35 (0.32 to 0.38)." in text
    assert f"{title} ranks pupils worse than the oracle by 0.08 (0.05 to 0.11)." in text
    assert ("better or worse than last year's score alone is not clear: the difference is +0.06 "
            "(+0.03 to +0.09), which is within chance" in text)  # fmt: skip
    brier = Difference("prior_score", full.chosen, "brier", 0.02, (0.01, 0.04), 0.0, 0.0)
    assert advantage(brier) == (0.02, 0.01, 0.04)  # the other's error is larger
    assert advantage(replace(brier, figure="auc")) == (-0.02, -0.04, -0.01)
    assert "worse" in ranks(replace(brier, figure="auc"), full)
    assert signed(-0.031, 2) == "−0.03"


def test_who_was_not_tested_is_said(full, undrawn):
    assert "of earlier years is not known" not in what_it_does_not_tell(full)
    table = full.table
    at_risk, listed = table.at_risk.copy(), table.listed.copy()
    at_risk[:7] = np.nan  # seven of whom five are of this year
    listed[:2] = False
    told = what_it_does_not_tell(
        replace(full, table=replace(table, at_risk=at_risk, listed=listed))
    )
    assert "The outcome of 2 pupils of earlier years is not known, such as of those who" in told
    assert "who were there in all of these" in page(full)


def test_baselines_that_are_not_beaten_are_a_caution(full, undrawn):
    assert not_beaten(full) == ["last year's score alone"]
    assert (
        "not rank pupils clearly better than last year's score alone would" in Text(page(full)).text
    )
    won = [replace(d, p=0.0, p_holm=0.0) for d in full.differences]
    assert not_beaten(replace(full, differences=won)) == []
    lost = [replace(d, value=-d.value) for d in won]
    assert len(not_beaten(replace(full, differences=lost))) == 2


def test_how_it_was_tested_is_said_and_a_split_by_chance_cautioned(full, undrawn):
    text = Text(page(full)).text
    assert full.split.sentence in text
    assert "Expect less in use" in text
    split = replace(
        full.split, kind="cohort", sentence="learnt from 2024, tested on 2025", optimistic=False
    )
    text = Text(page(replace(full, split=split))).text
    assert "How it was tested: learnt from 2024, tested on 2025." in text
    assert "Expect less in use" not in text
    assert "tested on a later year" in text


def test_pupils_in_no_test_do_not_count(bare):
    n = len(bare.at_risk)
    tested = np.arange(n) < n // 2
    halved = {
        name: replace(e, risk=np.where(tested, e.risk, np.nan))
        for name, e in bare.evaluations.items()
    }
    text = Text(page(replace(bare, evaluations=halved))).text  # the pictures too
    base = bare.at_risk[tested].mean()
    assert f"Tested on {n // 2} pupils" in text
    assert f"{100 * base:.0f}\u00a0% of the {n // 2} pupils tested were at risk" in text


@pytest.mark.parametrize(
    ("interval", "words"),
    [((0.5, 0.9), "too extreme"), ((1.1, 1.5), "too timid"), ((0.9, 1.1), "neither"),
     ((np.nan, np.nan), "")],
)  # fmt: skip
def test_calibration_in_words(bare, interval, words):
    slope = float(np.mean(interval))
    told = calibration_in_words(
        replace(bare.best, calibration_slope=slope, calibration_slope_interval=interval)
    )
    assert words in told
    assert bool(words) == bool(told)


def test_figures_that_do_not_exist_are_dashes(bare):
    nowhere = (np.nan, np.nan)
    e = replace(bare.best, average_precision=0.5, average_precision_interval=nowhere)
    assert order_line(e)[-1] == "0.50"
    assert order_line(replace(e, average_precision=np.nan))[-1] == "–"


def test_mistakes_and_tiers_are_told_and_escaped(full, undrawn):
    source = page(full)
    assert EVIL not in source
    text = Text(source).text
    assert (
        f"Missed more often: pupils with town: {EVIL}. Of those of them who were at risk, " in text
    )
    assert "12 of 30 (40 %; 25 to 58 %) were found; elsewhere 80 of 110" in text
    assert "Whether a group is marked needlessly more often cannot be told" in text
    assert "No group of pupils stands out as given a risk that is off" in text
    assert "of 30 such pupils 21 ended at risk" in text


def test_simulated_pupils_are_said_to_be(full, undrawn):
    text = Text(page(full)).text
    assert "These pupils are simulated." in text
    assert "not how well it would work in a classroom" in text


def test_a_cost_is_told_instead_of_a_capacity(full, undrawn):
    costly = replace(full, settings=replace(full.settings, cost="5"))
    text = Text(page(costly)).text
    assert "a missed pupil counts as much as 5 talks in vain" in text
    assert "as many as can be seen" not in text


def test_a_baseline_may_be_named_by_any_column(full, undrawn):
    named = replace(full.baselines["prior_score"], title=f"G2\n{EVIL} alone")
    source = page(replace(full, baselines=full.baselines | {"prior_score": named}))
    assert EVIL not in source
    assert "clearly better than G2 <script>" in Text(source).text
    assert re.findall(r'<tr class="chosen"><td>([^<]*)<', source) == [full.best.title] * 2


def test_the_week_table_and_pictures(full, request):
    source = page(full)
    text = Text(source)
    weeks = text.table("Week")
    assert [line[0] for line in weeks] == ["Week", "0", "4", "8"]
    assert weeks[0][1:] == [
        "Last year's score alone", *(e.title for e in full.evaluations.values()), "Oracle"
    ]  # fmt: skip
    assert weeks[1][1] == "0.72"
    assert page(full) == source  # drawn again, the same bytes
    request.getfixturevalue("undrawn")
    without = page(replace(full, weekly=None))
    assert source.count("<svg") == without.count("<svg") + 2


def test_a_share_below_one_percent_is_escaped(full, undrawn):
    rare = replace(full.best, accuracy=0.001)
    source = page(replace(full, evaluations=full.evaluations | {full.chosen: rare}))
    assert "&lt; 1\u00a0%" in source
    assert not re.search(r"<[^a-zA-Z/!]", source)


def test_no_words_of_cause(full, undrawn):
    text = Text(page(full)).text.lower()
    for word in ("because of", "leads to", "due to", "effect of", "impact"):
        assert word not in text


def test_the_data_is_told_in_a_teachers_words():
    assert all(feature.unit != "points of %" for feature in FEATURES)
    schema = [Column(f.name, "number", f.label, f.unit) for f in FEATURES]
    told = " ".join(describe_schema(schema))
    assert "practice completed" in told and "_" not in told
