"""What the page is, in a few sentences and one picture, and what must be known before using it."""

from __future__ import annotations

from html import escape

from risk.lists import FIRST
from risk.pipeline import Result
from risk.report import charts
from risk.report.markup import in_percent, within
from risk.report.words import base_rate, is_simulated, no_better


def opening(result: Result) -> str:
    """What this page is, in three sentences and one picture."""
    best, flagged = result.best, int((result.predictions["tier"] == FIRST).sum())
    simulated = " These pupils are simulated." if is_simulated(result) else ""
    return f"""<h1>Who needs help first</h1>
<p class="note">From {escape(result.table.source)}. At risk means:
{escape(result.table.meaning)}.{simulated}</p>
{cautions(result)}<p class="lead">Of {len(result.predictions)} pupils on the list, <b>{flagged}</b> are
marked to be seen first. Tested on {int(best.tested.sum())} pupils whose outcome is known, each scored by a
model that had not seen that pupil: of those marked, {within(best.precision, best.precision_interval)} were
truly at risk, where a random list would have {in_percent(base_rate(result))}; and of all at risk,
{within(best.recall, best.recall_interval)} were marked. In brackets: 95 % intervals.</p>
<p>How it was tested: {escape(result.split.sentence)}.</p>
{charts.overview(result)}"""


def cautions(result: Result) -> str:
    """What must be known before the list is used, if anything must."""
    told = []
    if result.best.caution:
        told.append(result.best.caution)
    weak = no_better(result)
    if weak:
        told.append(weak)
    if result.split.optimistic:
        told.append(
            "Expect less in use than the figures on this page. The pupils were tested by models that "
            "had learnt from others of the same year and classes, but a list is for pupils who come "
            "later. A test on a later year would show how much less."
        )
    if (result.predictions["basis"] == "out of fold").all():
        told.append(
            "The outcome of every pupil on this list is already known: it shows what would have "
            "been said of them. To score this year's pupils, use risk predict."
        )
    return "".join(f'<p class="caution">{escape(text)}</p>' for text in told)
