"""The report: one page that opens in any browser, for a teacher to read and to print.

Everything that comes from data passes through html.escape. No script, nothing fetched: a content
security policy in the page says so to the browser as well.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd

from mlcore.checks import plural
from mlcore.files import write_whole
from mlcore.tree import export_text
from risk import charts
from risk.columns import describe_schema
from risk.evaluation import Evaluation
from risk.fairness import LEAST_PUPILS, Share
from risk.markup import STYLE, head, meter, percent, printable, rows, within
from risk.pipeline import FIRST, Result


def write_report(result: Result, folder: Path) -> None:
    """Write report.html, and its first picture by itself as overview.svg, into a folder."""
    with write_whole(folder / "report.html") as file:
        file.write(printable(page(result)).encode("utf-8"))
    with write_whole(folder / "overview.svg") as file:
        file.write(charts.overview(result).encode("utf-8"))


def page(result: Result) -> str:
    """Return the whole page."""
    sections = [
        opening(result),
        who_first(result),
        how_good(result),
        what_it_looks_at(result),
        groups(result),
        the_data(result),
        what_it_does_not_tell(result),
        how_made(result),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Who needs help first: {escape(result.table.source)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n" + "\n".join(sections) + "\n</body>\n</html>\n"
    )


def opening(result: Result) -> str:
    """What this page is, in three sentences and one picture."""
    best, flagged = result.best, int((result.predictions["tier"] == FIRST).sum())
    return f"""<h1>Who needs help first</h1>
<p class="note">From {escape(result.table.source)}. At risk means: {escape(result.table.meaning)}.</p>
{caution(result)}<p class="lead">Of {len(result.predictions)} pupils on the list, <b>{flagged}</b> are
marked to be seen first. Tested on {len(best.risk)} pupils whose outcome is known, each scored by a model that
had not seen that pupil: of those marked, {within(best.precision, best.precision_interval)} were truly
at risk, where a random list would have {percent(result.base_rate)}; and of all at risk,
{within(best.recall, best.recall_interval)} were marked. In brackets: 95 % intervals.</p>
{charts.overview(result)}"""


def caution(result: Result) -> str:
    """What must be known before the list is used, if anything must."""
    told = []
    if result.best.caution:
        told.append(result.best.caution)
    if (result.predictions["basis"] == "out of fold").all():
        told.append(
            "The outcome of every pupil on this list is already known: it shows what would have "
            "been said of them. To score this year's pupils, use risk predict."
        )
    return "".join(f'<p class="caution">{escape(text)}</p>' for text in told)


def who_first(result: Result, most: int = 40) -> str:
    """The list itself, with reasons in words."""
    first = result.predictions[result.predictions["tier"] == FIRST]
    lines = (
        [
            str(i + 1),
            escape(str(pupil)),
            escape(percent(risk)) + meter(risk),
            escape("; ".join(reason for reason in why if reason)) or "no single reason stands out",
        ]
        for i, (pupil, risk, *why) in enumerate(
            first.head(most)[["pupil", "risk", "reason_1", "reason_2", "reason_3"]].itertuples(
                index=False
            )
        )
    )
    more = len(first) - most
    rest = f'<p class="note">And {more} more in predictions.csv.</p>' if more > 0 else ""
    counts = result.predictions["tier"].value_counts()
    return f"""<h2>Who needs help first, and why</h2>
<p>“See first” is the top of the list, as many as can be seen ({escape(result.settings.capacity)}):
risk of {percent(result.threshold)} or more. “Watch” is a risk of at least {percent(result.base_rate)},
the share of all pupils who are at risk ({counts.get("watch", 0)} pupils); the other
{counts.get("on track", 0)} are “on track”. A reason names what raises this pupil's risk most, against
what is typical. All pupils are in predictions.csv.</p>
<table class="long">{head(["", "Pupil", "Risk", "Strongest reasons"], "ntnt")}
<tbody>{rows(lines, "nint")}</tbody></table>{rest}"""


def how_good(result: Result) -> str:
    """The three models side by side, beside what knowing nothing would give."""
    base, n = result.base_rate, len(result.at_risk)
    kinds = "tnnnnnnnn"
    names = ["", "Marked", "Precision", "Recall", "AUC", "Average precision", "Brier", "Log loss",
             "Accuracy"]  # fmt: skip
    share = result.best.flagged / n
    lines = [
        ["A random list", str(result.best.flagged), percent(base), percent(share), "0.50",
         f"{base:.2f}", f"{result.best.brier_of_base_rate:.3f}", "", ""],
        ["Saying “not at risk” of all" if base <= 0.5 else "Saying “at risk” of all", "", "", "",
         "0.50", f"{base:.2f}", "", "", percent(max(base, 1 - base))],
    ]  # fmt: skip
    lines += [model_line(e) for e in result.evaluations.values()]
    body = rows(lines, kinds)
    chosen = f"<td>{escape(result.best.title)}</td>"
    body = body.replace(f"<tr>{chosen}", f'<tr class="chosen">{chosen}')
    matrices = "".join(confusion(e) for e in result.evaluations.values())
    return f"""<h2>How good are the predictions?</h2>
<p>{percent(base)} of the {n} pupils with a known outcome were at risk (the base rate). The list uses
the model in bold: {escape(result.best.title.lower())}, because {escape(result.why_chosen)}.
Marked, precision and recall are at the capacity; accuracy is at a risk of one half, and must be read
beside {percent(max(base, 1 - base))}, which saying the same of everyone gives.</p>
<div class="wide"><table>{head(names, kinds)}<tbody>{body}</tbody></table></div>
<p class="note">Precision: of those marked, the share truly at risk. Recall: of those at risk, the share
marked. AUC: how often a pupil at risk is ranked above one who is not. Brier and log loss: how far the
stated risks lie from what happened, less is better. Pupils whose risk is equal are marked together, so
a tree may mark more or fewer than asked.</p>
{charts.quality(result)}
<h3>What was marked, and what was true</h3><div class="matrices">{matrices}</div>"""


def model_line(e: Evaluation) -> list[str]:
    """Return one model's cells of the comparison."""
    low, high = e.auc_interval
    return [
        escape(e.title),
        str(e.flagged),
        within(e.precision, e.precision_interval),
        within(e.recall, e.recall_interval),
        f"{e.auc:.2f} <small>({low:.2f}–{high:.2f})</small>",
        f"{e.average_precision:.2f}",
        f"{e.brier:.3f}",
        f"{e.log_loss:.3f}",
        percent(e.accuracy),
    ]


def confusion(e: Evaluation) -> str:
    """Return one model's confusion matrix at the capacity."""
    body = rows(
        [
            ["Truly at risk", str(e.true_positives), str(e.false_negatives)],
            ["Not at risk", str(e.false_positives), str(e.true_negatives)],
        ],
        "tnn",
    )
    return f"""<table><caption>{escape(e.title)}</caption>{head(["", "Marked", "Not marked"], "tnn")}
<tbody>{body}</tbody></table>"""


def what_it_looks_at(result: Result) -> str:
    """What moves the risks, and the tree in full, since a person can read it."""
    tree = result.models["decision_tree"]
    rules = export_text(tree.classifier_, tree.encoder_.names())
    rules = rules.replace("class: 0", "not at risk").replace("class: 1", "at risk")
    for question in tree.encoder_.questions():
        rules = rules.replace(f"--- {question} <= 0.50", f"--- {question} no")
        rules = rules.replace(f"--- {question} > 0.50", f"--- {question} yes")
    return f"""<h2>What the model looks at</h2>
{charts.weights(result)}
<h3>The decision tree in full</h3>
<p class="note">At each leaf: what most of its pupils were, their share, and how many pupils it is of.</p>
<pre>{escape(rules)}</pre>"""


def groups(result: Result) -> str:
    """Whether groups of pupils are treated alike."""
    if not result.groups:
        return """<h2>Does it treat groups of pupils alike?</h2>
<p>Not checked: no column was named with <code>--protected</code>.</p>"""
    shown = [g for g in result.groups if g.shares]
    lines = (
        [
            escape(g.column),
            escape(g.group),
            str(g.pupils),
            *(share_cell(s) for s in (g.shares or {}).values()),
        ]
        for g in shown
    )
    hidden = len(result.groups) - len(shown)
    small = f" {plural(hidden, 'group')} of {len(result.groups)} not shown." if hidden else ""
    any_differs = any(s.differs for g in shown for s in (g.shares or {}).values())
    verdict = (
        "The underlined shares differ from those of all other pupils by more than chance."
        if any_differs
        else "No share differs from that of all other pupils by more than chance would."
    )
    return f"""<h2>Does it treat groups of pupils alike?</h2>
<p>Counted on pupils with a known outcome, out of fold. {verdict} (Tested at 5 % over the whole table,
by Holm's method. No share of fewer than {LEAST_PUPILS} pupils is shown, nor what would give one
away.{small}) A difference in what
is marked may reflect a difference in need; one in what is found, or in false alarms, does not.</p>
<table>{head(["", "Group", "Pupils", "Marked", "Found of those at risk", "False alarms"], "ttnnnn")}
<tbody>{rows(lines, "ttnnnn")}</tbody></table>"""


def share_cell(share: Share) -> str:
    """Return a share with counts and interval, underlined where it differs."""
    text = f"{within(share.value, share.interval)} <small>{share.part} of {share.whole}</small>"
    return f'<span class="differs">{text}</span>' if share.differs else text


def the_data(result: Result) -> str:
    """What was read and how it looks."""
    table = result.table
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.notes)
    found = f"<p>What was found while reading:</p><ul>{notes}</ul>" if notes else ""
    lines = (column_line(table.features[c.name], c.title, c.kind) for c in table.schema)
    none_missing = '<p class="note">No value is missing.</p>'
    trend = charts.trends(result)
    trends = f"<h3>How the weeks went</h3>{trend}" if trend else ""
    return f"""<h2>What the data looks like</h2>
<p>{len(table.features)} pupils, {len(table.schema)} columns to learn from:
{escape("; ".join(describe_schema(table.schema)))}.</p>{found}
<h3>Missing values</h3>{charts.missing(table.features, table.schema) or none_missing}
<h3>Distributions of what matters most</h3>{charts.distributions(result)}{trends}
<h3>Every column</h3>
<div class="wide"><table>{head(["Column", "Kind", "Missing", "Lowest", "Middle", "Highest"], "ttnnnn")}
<tbody>{rows(lines, "ttnnnn")}</tbody></table></div>"""


def column_line(values: pd.Series, label: str, kind: str) -> list[str]:
    """Return one column's cells: what it is and how it is spread."""
    first = [escape(label), escape(kind), percent(float(values.isna().mean()))]
    if kind == "category":
        return [*first, "", f"{escape(str(values.mode().iloc[0]))} (most common)", ""]
    if kind == "yes/no":
        return [*first, "", f"{escape(percent(float(values.mean())))} yes", ""]
    return [*first, *(f"{v:.4g}" for v in values.quantile([0, 0.5, 1]))]


def what_it_does_not_tell(result: Result) -> str:
    """The limits, said plainly."""
    synthetic = (
        "<li>These pupils are simulated. The page shows that the program works, not how well it "
        "would work in a classroom.</li>"
        if result.table.trends
        else ""
    )
    return f"""<h2>What this does not tell</h2>
<ul>{synthetic}
<li>A risk is not a fate: of ten pupils with a risk of 70 %, about three will do well unaided.</li>
<li>A reason is not a cause. It says what the model saw, not what would change if it were different.</li>
<li>It knows only what was recorded. Those who know the pupil know more; the list is where to look
first, not what to decide.</li>
<li>It was tested on pupils like those it learnt from. Another year, school or test may differ.</li>
<li>Pupils who are not marked may need help too: {percent(1 - result.best.recall)} of those at risk were
not marked in the test.</li></ul>"""


def how_made(result: Result) -> str:
    """Settings, for whoever wants to make the page again."""
    s = result.settings
    return f"""<h2>How this page was made</h2>
<p class="note">Three models were compared by {s.folds}-fold cross-validation, each fold with its share
of pupils at risk; what fills missing values and scales columns was learnt inside the folds. The risk
and the reasons of a pupil with a known outcome come from a model that had not seen that pupil. Forest of
{s.trees} trees. Seed {s.seed}. The figures are in metrics.json, the fitted models in models/.</p>"""
