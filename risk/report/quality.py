"""How good are the predictions? Baselines first, then the models, then the oracle where it is known."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from risk.evaluation.figures import Evaluation
from risk.pipeline import Result
from risk.report import charts
from risk.report.differences import differences
from risk.report.markup import between, head, in_percent, rows, within
from risk.report.words import base_rate, everything, outcomes, rule_in_words
from risk.text import in_a_sentence

ORDER = ["", "Marked", "Precision", "Recall", "AUC", "Average precision"]
TRUST = ["", "Brier", "Log loss", "Calibration slope", "Calibration error", "Accuracy"]


def how_good(result: Result) -> str:
    """The models beside what is known without them, and beside the best that could be."""
    base, n = base_rate(result), len(outcomes(result))
    majority = in_percent(max(base, 1 - base))
    oracle = (
        " The oracle knows each pupil's true risk, as only a simulation can: what is left is chance."
        if result.oracle
        else ""
    )
    matrices = "".join(confusion(e) for e in result.evaluations.values())
    return f"""<h2>How good are the predictions?</h2>
<p>{in_percent(base)} of the {n} pupils tested were at risk (the base rate). The list uses the model in bold:
{escape(in_a_sentence(result.best.title))}, because {escape(result.why_chosen)}. What can be had without a
model comes first in each table, for a model must do better than that.{oracle}</p>
<h3>Whom the list finds</h3>
<div class="wide"><table>{head(ORDER, "tnnnnn")}
<tbody>{body(result, [random_line(result)], order_line, "tnnnnn")}</tbody></table></div>
<p class="note">Marked: {escape(rule_in_words(result))}; pupils whose risk is equal are marked together, so
some may mark more or fewer, and what gives all the same risk can mark nobody before the others. Precision:
of those marked, the share truly at risk. Recall: of those at risk, the share marked. AUC: how often a pupil
at risk is ranked above one who is not. Average precision: the mean precision down the list.</p>
<h3>How far to trust the stated risks</h3>
<div class="wide"><table>{head(TRUST, "tnnnnn")}
<tbody>{body(result, [], trust_line, "tnnnnn")}</tbody></table></div>
<p class="note">Brier and log loss: how far the stated risks lie from what happened, less is better; saying
{in_percent(base)} of everyone has a Brier of {result.best.brier_of_base_rate:.3f}. Calibration slope: 1 is
right; below 1 the stated risks are too extreme, above 1 too timid. Calibration error: how far, on average, a
stated risk lies from the share that came true. Accuracy is at a risk of one half, and must be read beside
{majority}, which saying the same of everyone gives.</p>
{calibration_in_words(result.best)}
{differences(result)}
{charts.quality(result)}
<h3>What was marked, and what was true</h3><div class="matrices">{matrices}</div>"""


def body(
    result: Result, lines: list[list[str]], line_of: Callable[[Evaluation], list[str]], kinds: str
) -> str:
    """Return a table's rows: those given, then one for everything evaluated, the list's in bold."""
    told = everything(result)
    ready = [rows([line], kinds) for line in lines]
    for e in told:
        row = rows([line_of(e)], kinds)
        ready.append(row.replace("<tr>", '<tr class="chosen">', 1) if e is result.best else row)
    return "\n".join(ready)


def random_line(result: Result) -> list[str]:
    """Return what a list drawn at random would reach."""
    best, base = result.best, base_rate(result)
    share = best.flagged / len(outcomes(result))
    return [
        "A random list",
        str(best.flagged),
        in_percent(base),
        in_percent(share),
        "0.50",
        f"{base:.2f}",
    ]


def order_line(e: Evaluation) -> list[str]:
    """Return the cells of whom it finds; dashes where all have the same risk."""
    if e.flagged == int(e.tested.sum()):
        return [escape(e.title), "–", "–", "–", f"{e.auc:.2f}", f"{e.average_precision:.2f}"]
    return [
        escape(e.title),
        str(e.flagged),
        within(e.precision, e.precision_interval),
        within(e.recall, e.recall_interval),
        between(e.auc, e.auc_interval),
        between(e.average_precision, e.average_precision_interval),
    ]


def trust_line(e: Evaluation) -> list[str]:
    """Return the cells of how far the risks can be trusted."""
    return [
        escape(e.title),
        between(e.brier, e.brier_interval, 3),
        f"{e.log_loss:.3f}",
        between(e.calibration_slope, e.calibration_slope_interval),
        between(e.calibration_error, (float("nan"), float("nan")), 3),
        in_percent(e.accuracy),
    ]


def calibration_in_words(e: Evaluation) -> str:
    """Say whether the stated risks of the list can be taken as they are."""
    low, high = e.calibration_slope_interval
    if low != low:
        return ""
    slope = f"the calibration slope is {e.calibration_slope:.2f} ({low:.2f} to {high:.2f})"
    if high < 1:
        told = f"The stated risks are too extreme: {slope}. Read a high risk as less, a low one as more."
    elif low > 1:
        told = (
            f"The stated risks are too timid: {slope}. Read a high risk as more, a low one as less."
        )
    else:
        told = (
            f"The stated risks of the list are neither clearly too extreme nor too timid: {slope}."
        )
    return f"<p>{escape(told)}</p>"


def confusion(e: Evaluation) -> str:
    """Return one model's confusion matrix."""
    cells = rows(
        [
            ["Truly at risk", str(e.true_positives), str(e.false_negatives)],
            ["Not at risk", str(e.false_positives), str(e.true_negatives)],
        ],
        "tnn",
    )
    return f"""<table><caption>{escape(e.title)}</caption>{head(["", "Marked", "Not marked"], "tnn")}
<tbody>{cells}</tbody></table>"""
